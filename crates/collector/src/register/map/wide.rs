//! The picture for a screen or a sheet: four columns from fields to countries, one panel for each form.
//! Refuses to drop a node or an edge for want of room: the picture grows.

use super::{
    boxes::{Block, Curve, Drawing, GAP, Label, Panel, Said, column_height, curve, stack},
    label::{Way, called, field_label, purpose_label, way_label, way_of, ways},
    measure,
    types::{Edge, FormMap, Map},
};
use crate::typography::spaced;

pub(super) const MARGIN: f64 = 24.0;
/// Left side and width of the four columns.
const COLUMNS: [(f64, f64); 4] = [(24.0, 200.0), (292.0, 256.0), (630.0, 262.0), (966.0, 130.0)];
const WIDE: f64 = 1120.0;

/// The picture of one form, for a screen or a sheet.
pub(super) fn wide(map: &Map, forms: &[&FormMap], with_titles: bool) -> Drawing {
    let mut panels = Vec::new();
    let mut y = 0.0;
    for form in forms {
        let panel = panel(map, form, y, with_titles);
        y += panel.height + GAP;
        panels.push(panel);
    }
    Drawing {
        width: WIDE,
        height: (y - GAP).max(0.0),
        panels,
    }
}

/// The edges as places in their columns.
struct Links {
    /// Field, purpose.
    serves: Vec<(usize, usize)>,
    /// Purpose, way.
    goes: Vec<(usize, usize)>,
    /// Way, country.
    ends: Vec<(usize, usize)>,
}

fn panel(map: &Map, form: &FormMap, top: f64, with_title: bool) -> Panel {
    let words = map.words;
    let mut heads = Vec::new();
    let mut y = top + 20.0;
    if with_title {
        y += 18.0;
        heads.push(said("form", MARGIN, y, measure::plain(&spaced(&form.title))));
    }
    y += if with_title { 30.0 } else { 18.0 };
    for ((x, _), key) in COLUMNS
        .iter()
        .zip(["map_fields", "map_purposes", "map_ways", "map_countries"])
    {
        heads.push(said("head", *x, y, words.get(key).to_owned()));
    }
    let ways = ways(form);
    let links = links(form, &ways);
    let mut columns = columns(map, form, &ways, &links);
    let start = y + 18.0;
    let height = columns.iter().map(|blocks| column_height(blocks)).fold(0.0, f64::max);
    for (blocks, (x, _)) in columns.iter_mut().zip(COLUMNS) {
        let top = start + (height - column_height(blocks)) / 2.0;
        stack(blocks, x, top, GAP);
    }
    let curves = curves(form, &ways, &links, &columns);
    Panel {
        x: 0.0,
        y: top,
        width: WIDE,
        height: start + height + MARGIN - top,
        heads,
        blocks: columns.into_iter().flatten().collect(),
        curves,
    }
}

fn said(class: &'static str, x: f64, y: f64, text: String) -> Said {
    Said { class, x, y, text }
}

fn links(form: &FormMap, ways: &[Way<'_>]) -> Links {
    let mut links = Links {
        serves: Vec::new(),
        goes: Vec::new(),
        ends: Vec::new(),
    };
    let purpose_at = |id: &str| form.purposes.iter().position(|known| known.id == id);
    for edge in &form.edges {
        match edge {
            Edge::Serves { field, purpose } => {
                let field = form.fields.iter().position(|known| known.id == *field);
                links.serves.extend(field.zip(purpose_at(purpose)));
            }
            Edge::Established { .. } => {}
            Edge::Receives { .. } | Edge::Stored { .. } | Edge::Transferred { .. } => {
                let found = way_of(edge)
                    .and_then(|(purpose, way)| purpose_at(purpose).zip(ways.iter().position(|known| *known == way)));
                links.goes.extend(found);
            }
        }
    }
    for (at, way) in ways.iter().enumerate() {
        let country = match way {
            Way::Party(id) => form
                .parties
                .iter()
                .find(|known| known.id == *id)
                .map_or("", |it| &it.country),
            Way::Stored(code) | Way::Transfer(code, _) => code,
        };
        let country = form.countries.iter().position(|known| known.code == country);
        links.ends.extend(country.map(|country| (at, country)));
    }
    links
}

fn columns(map: &Map, form: &FormMap, ways: &[Way<'_>], links: &Links) -> [Vec<Block>; 4] {
    let block = |column: usize, label: &Label, ports: usize| Block::new(label, COLUMNS[column].1, ports);
    let count =
        |links: &[(usize, usize)], is: &dyn Fn(&(usize, usize)) -> bool| links.iter().filter(|it| is(it)).count();
    let fields = (0..form.fields.len()).map(|at| {
        let ports = count(&links.serves, &|link| link.0 == at);
        block(0, &field_label(map, form, at), ports)
    });
    let purposes = (0..form.purposes.len()).map(|at| {
        let ports = count(&links.serves, &|link| link.1 == at).max(count(&links.goes, &|link| link.0 == at));
        block(1, &purpose_label(form, at), ports)
    });
    let third = ways.iter().enumerate().map(|(at, way)| {
        let ports = count(&links.goes, &|link| link.1 == at);
        block(2, &way_label(map, form, way, false), ports)
    });
    let countries = form.countries.iter().enumerate().map(|(at, land)| {
        let ports = count(&links.ends, &|link| link.1 == at);
        let notes = if land.outside {
            vec![map.words.get("map_outside").to_owned()]
        } else {
            Vec::new()
        };
        let label = Label {
            class: if land.outside { "land outside" } else { "land" },
            name: land.name.clone(),
            title: [vec![land.name.clone()], notes.clone()].concat().join(", "),
            notes,
        };
        block(3, &label, ports)
    });
    [
        fields.collect(),
        purposes.collect(),
        third.collect(),
        countries.collect(),
    ]
}

fn curves(form: &FormMap, ways: &[Way<'_>], links: &Links, columns: &[Vec<Block>; 4]) -> Vec<Curve> {
    let [fields, purposes, third, countries] = columns;
    let nature = |purpose: usize| form.purposes[purpose].nature.as_str().to_owned();
    let mut curves = Vec::new();
    for (path, (field, purpose)) in joined(fields, purposes, &links.serves) {
        curves.push(Curve {
            class: nature(purpose),
            path,
            edge: format!("serves {} {}", form.fields[field].id, form.purposes[purpose].id),
        });
    }
    for (path, (purpose, way)) in joined(purposes, third, &links.goes) {
        let way = &ways[way];
        let told = match way {
            Way::Party(party) => form.targets(&form.purposes[purpose].id, party).next().is_some(),
            _ => false,
        };
        curves.push(Curve {
            class: format!("{}{}", nature(purpose), if told { " told" } else { "" }),
            path,
            edge: called(form, purpose, way),
        });
    }
    for (path, (way, country)) in joined(third, countries, &links.ends) {
        let land = &form.countries[country];
        let edge = match &ways[way] {
            Way::Party(party) => format!("established {party} {}", land.code),
            Way::Stored(_) => format!("keeps {}", land.code),
            Way::Transfer(..) => format!("leaves {}", land.code),
        };
        curves.push(Curve {
            class: if land.outside { "outside" } else { "plain" }.to_owned(),
            path,
            edge,
        });
    }
    curves
}

/// A curve for each link, its ends in the order in which the other sides stand: curves of one box do not cross there.
fn joined(left: &[Block], right: &[Block], links: &[(usize, usize)]) -> Vec<(String, (usize, usize))> {
    let place =
        |mine: &dyn Fn(&(usize, usize)) -> usize, other: &dyn Fn(&(usize, usize)) -> usize, link: (usize, usize)| {
            let mut same: Vec<usize> = links.iter().filter(|it| mine(it) == mine(&link)).map(other).collect();
            same.sort_unstable();
            (
                same.iter().position(|it| *it == other(&link)).unwrap_or_default(),
                same.len(),
            )
        };
    let made = links.iter().map(|&link| {
        let (from, to) = (&left[link.0], &right[link.1]);
        let (start, of) = place(&|it| it.0, &|it| it.1, link);
        let (end, among) = place(&|it| it.1, &|it| it.0, link);
        let path = curve((from.right(), from.port(start, of)), (to.x, to.port(end, among)));
        (path, link)
    });
    made.collect()
}
