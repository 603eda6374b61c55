//! Where everything stands: wide, four columns from fields to countries, one panel for each form; narrow, for a telephone,
//! one panel for each purpose, with its fields on the left and whom it reaches on the right.
//! Refuses to drop a node or an edge for want of room: the picture grows.

use super::{
    boxes::{Block, Curve, Drawing, Label, Panel, Said, curve, stack},
    measure,
    types::{Edge, FormMap, Map, Nature},
};
use crate::typography::spaced;

const MARGIN: f64 = 24.0;
const GAP: f64 = 14.0;
/// Left side and width of the four columns.
const COLUMNS: [(f64, f64); 4] = [(24.0, 200.0), (292.0, 256.0), (630.0, 262.0), (966.0, 130.0)];
const WIDE: f64 = 1120.0;
const NARROW: f64 = 288.0;

/// What stands in the third column: who receives, where it is kept, on which ground it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way<'a> {
    Party(&'a str),
    Stored(&'a str),
    Transfer(&'a str, &'a str),
}

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

/// The same for a telephone.
pub(super) fn narrow(map: &Map, form: &FormMap) -> Drawing {
    let mut panels = Vec::new();
    let mut y = 0.0;
    for at in 0..form.purposes.len() {
        let panel = purpose_panel(map, form, at, y);
        y += panel.height + 2.0 * GAP;
        panels.push(panel);
    }
    Drawing {
        width: NARROW,
        height: (y - 2.0 * GAP).max(0.0),
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
    y += 18.0;
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

fn column_height(blocks: &[Block]) -> f64 {
    let gaps = u32::try_from(blocks.len().saturating_sub(1)).map_or(0.0, f64::from) * GAP;
    blocks.iter().map(|block| block.height).sum::<f64>() + gaps
}

/// Everything in the third column, each where the purposes that lead to it stand.
fn ways(form: &FormMap) -> Vec<Way<'_>> {
    let mut ways: Vec<(Way<'_>, Vec<usize>)> = Vec::new();
    for edge in &form.edges {
        let Some((purpose, way)) = way_of(edge) else { continue };
        let Some(at) = form.purposes.iter().position(|known| known.id == purpose) else {
            continue;
        };
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, purposes)) => purposes.push(at),
            None => ways.push((way, vec![at])),
        }
    }
    let kind = |way: &Way<'_>| match way {
        Way::Party(_) => 0,
        Way::Stored(_) => 1,
        Way::Transfer(..) => 2,
    };
    ways.sort_by_key(|(way, purposes)| (kind(way), mean(purposes)));
    ways.into_iter().map(|(way, _)| way).collect()
}

fn way_of(edge: &Edge) -> Option<(&str, Way<'_>)> {
    match edge {
        Edge::Receives { purpose, party } => Some((purpose, Way::Party(party))),
        Edge::Stored { purpose, country } => Some((purpose, Way::Stored(country))),
        Edge::Transferred {
            purpose,
            country,
            words,
            ..
        } => Some((purpose, Way::Transfer(country, words))),
        Edge::Serves { .. } | Edge::Established { .. } => None,
    }
}

/// A hundredfold mean: whole numbers sort without doubt.
fn mean(places: &[usize]) -> usize {
    100 * places.iter().sum::<usize>() / places.len().max(1)
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

fn field_label(map: &Map, form: &FormMap, at: usize) -> Label {
    let field = &form.fields[at];
    let required = field.required.then(|| map.words.get("map_required").to_owned());
    let notes: Vec<String> = required.into_iter().collect();
    Label {
        class: "field",
        name: spaced(&field.label),
        title: [vec![spaced(&field.label)], notes.clone()].concat().join(", "),
        notes,
    }
}

fn purpose_label(form: &FormMap, at: usize) -> Label {
    let purpose = &form.purposes[at];
    Label {
        class: purpose.nature.as_str(),
        name: purpose.name.clone(),
        notes: vec![
            format!("{}, {}", purpose.id, purpose.channel_words),
            purpose.basis_words.clone(),
        ],
        title: format!("{}: {}", purpose.id, spaced(&purpose.statement)),
    }
}

fn way_label(map: &Map, form: &FormMap, way: &Way<'_>, with_country: bool) -> Label {
    let words = map.words;
    match way {
        Way::Party(id) => {
            let Some(party) = form.parties.iter().find(|known| known.id == *id) else {
                return Label::default();
            };
            let mut notes = vec![party.words.clone()];
            if with_country {
                notes.push(form.country_name(&party.country).to_owned());
            }
            let mut kinds: Vec<&str> = party.targets.iter().map(|target| target.kind.as_str()).collect();
            kinds.dedup();
            if !kinds.is_empty() {
                notes.push(words.fill("map_told", "kinds", &kinds.join(", ")));
            }
            Label {
                class: "party",
                name: spaced(&party.name),
                title: [vec![spaced(&party.name)], notes.clone()].concat().join(", "),
                notes,
            }
        }
        Way::Stored(code) => {
            let name = words.fill("map_stored", "country", form.country_name(code));
            Label {
                class: "stored",
                title: name.clone(),
                name,
                notes: Vec::new(),
            }
        }
        Way::Transfer(code, ground) => {
            let name = words.fill("map_transfer", "country", form.country_name(code));
            Label {
                class: "transfer",
                title: format!("{name}, {ground}"),
                name,
                notes: vec![(*ground).to_owned()],
            }
        }
    }
}

/// What an edge is called in the picture: the same as in the definition.
fn called(form: &FormMap, purpose: usize, way: &Way<'_>) -> String {
    let purpose = &form.purposes[purpose].id;
    match way {
        Way::Party(party) => format!("receives {purpose} {party}"),
        Way::Stored(country) => format!("stored {purpose} {country}"),
        Way::Transfer(country, _) => format!("transferred {purpose} {country}"),
    }
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

/// One purpose for a telephone.
fn purpose_panel(map: &Map, form: &FormMap, at: usize, top: f64) -> Panel {
    const SIDE: f64 = 112.0;
    const SPINE: (f64, f64) = (139.0, 6.0);
    let id = &form.purposes[at].id;
    let mut head = Block::new(&purpose_label(form, at), NARROW, 0);
    head.move_to(0.0, top);
    let fields = form.edges.iter().filter_map(|edge| match edge {
        Edge::Serves { field, purpose } if purpose == id => form.fields.iter().position(|known| known.id == *field),
        _ => None,
    });
    let fields: Vec<usize> = fields.collect();
    let mut left: Vec<Block> = fields
        .iter()
        .map(|field| Block::new(&field_label(map, form, *field), SIDE, 1))
        .collect();
    let all = ways(form);
    let goes = form
        .edges
        .iter()
        .filter_map(way_of)
        .filter(|(purpose, _)| purpose == id);
    let mine: Vec<Way<'_>> = goes.map(|(_, way)| way).collect();
    let mine: Vec<&Way<'_>> = all.iter().filter(|way| mine.contains(way)).collect();
    let mut right: Vec<Block> = mine
        .iter()
        .map(|way| Block::new(&way_label(map, form, way, true), SIDE, 1))
        .collect();
    let start = head.y + head.height + GAP;
    let height = column_height(&left).max(column_height(&right));
    for (blocks, x) in [(&mut left, 0.0), (&mut right, NARROW - SIDE)] {
        let top = start + (height - column_height(blocks)) / 2.0;
        stack(blocks, x, top, GAP);
    }
    let nature = form.purposes[at].nature;
    let ends: Vec<f64> = left.iter().chain(&right).map(Block::middle).collect();
    let bottom = ends.iter().copied().fold(start, f64::max) + 4.0;
    let spine = Block {
        class: match nature {
            Nature::Consent => "spine consent",
            Nature::Objection => "spine objection",
            Nature::Service => "spine service",
        },
        x: SPINE.0,
        y: head.y + head.height,
        width: SPINE.1,
        height: bottom - head.y - head.height,
        title: String::new(),
        lines: Vec::new(),
    };
    let curves = side_curves(form, at, (&fields, &left), (&mine, &right), &spine);
    let mut blocks = vec![spine, head];
    blocks.extend(left);
    blocks.extend(right);
    Panel {
        x: 0.0,
        y: top,
        width: NARROW,
        height: start + height - top,
        heads: Vec::new(),
        blocks,
        curves,
    }
}

fn side_curves(
    form: &FormMap,
    at: usize,
    (fields, left): (&[usize], &[Block]),
    (ways, right): (&[&Way<'_>], &[Block]),
    spine: &Block,
) -> Vec<Curve> {
    let purpose = &form.purposes[at];
    let class = purpose.nature.as_str().to_owned();
    let from_fields = fields.iter().zip(left).map(|(field, block)| Curve {
        class: class.clone(),
        path: curve((block.right(), block.middle()), (spine.x, block.middle())),
        edge: format!("serves {} {}", form.fields[*field].id, purpose.id),
    });
    let to_ways = ways.iter().zip(right).map(|(way, block)| Curve {
        class: class.clone(),
        path: curve((spine.right(), block.middle()), (block.x, block.middle())),
        edge: called(form, at, way),
    });
    from_fields.chain(to_ways).collect()
}

/// Where the words of the legend stand, one after the other.
pub(super) fn legend_places(texts: &[String]) -> Vec<f64> {
    let mut x = MARGIN;
    let mut places = Vec::new();
    for text in texts {
        places.push(x);
        x += 36.0 + measure::width(text, super::boxes::NOTE, false) + 22.0;
    }
    places
}
