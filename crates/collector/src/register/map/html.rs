//! The map as a page that stands alone and prints on a sheet of A4: each form's picture, and the same in a table.
//! Refuses to say anything by the picture alone.

use askama::Template;

use super::{
    svg,
    types::{Edge, FormMap, Map, Purpose},
};
use crate::{
    catalog::Words,
    dates::{day, moment},
    flow::age::Old,
    register::html::portable_style,
    typography::spaced,
};

#[derive(Debug, Template)]
#[template(path = "map.html")]
struct Page<'a> {
    words: Words,
    stylesheet: String,
    owner: String,
    intro: String,
    kinds: Vec<(&'static str, String)>,
    sections: Vec<Section<'a>>,
}

#[derive(Debug)]
struct Section<'a> {
    form: &'a FormMap,
    title: String,
    /// The language of the form's words, where it is not the page's.
    language: Option<&'a str>,
    published: String,
    on_screen: String,
    on_telephone: String,
    rows: Vec<Row<'a>>,
}

/// One purpose and everything that it leads to.
#[derive(Debug)]
struct Row<'a> {
    purpose: &'a Purpose,
    statement: String,
    /// Fields, recipients, places: in the order of the columns.
    cells: [Cell<'a>; 3],
}

#[derive(Debug)]
struct Cell<'a> {
    label: &'a str,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    name: String,
    note: String,
}

/// The page, with its style sheet inside.
///
/// # Errors
/// A template that cannot be rendered, which a test forbids.
pub fn map(map: &Map) -> askama::Result<String> {
    let sections = map.forms.iter().map(|form| section(map, form));
    let mut owners: Vec<String> = Vec::new();
    for party in map
        .forms
        .iter()
        .flat_map(|form| &form.parties)
        .filter(|party| party.is_controller)
    {
        let name = spaced(&party.name);
        if !owners.contains(&name) {
            owners.push(name);
        }
    }
    Page {
        words: map.words,
        stylesheet: portable_style(&[include_str!("../../../templates/page.css"), svg::STYLES, PAGE_STYLES]),
        owner: owners.join(", "),
        intro: map.words.get("map_intro").replace("{date}", &moment(map.words, map.at)),
        kinds: svg::kinds(map),
        sections: sections.collect::<askama::Result<_>>()?,
    }
    .render()
}

const PAGE_STYLES: &str = include_str!("../../../templates/map-page.css");

fn section<'a>(map: &'a Map, form: &'a FormMap) -> askama::Result<Section<'a>> {
    let (on_screen, on_telephone) = svg::of_form(map, form)?;
    let language = Some(form.language.as_str());
    Ok(Section {
        form,
        title: spaced(&form.title),
        language: language.filter(|tag| tag.split('-').next() != Some(map.language)),
        published: map
            .words
            .fill("register_published", "date", &moment(map.words, form.published)),
        on_screen,
        on_telephone,
        rows: form.purposes.iter().map(|purpose| row(map, form, purpose)).collect(),
    })
}

fn row<'a>(map: &'a Map, form: &'a FormMap, purpose: &'a Purpose) -> Row<'a> {
    let (mut fields, mut parties, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for edge in &form.edges {
        match edge {
            Edge::Serves { field, purpose: known } if *known == purpose.id => {
                let field = form.fields.iter().find(|it| it.id == *field);
                fields.extend(field.map(|it| Line {
                    name: spaced(&it.label),
                    note: if it.required {
                        map.words.get("map_required").to_owned()
                    } else {
                        String::new()
                    },
                }));
            }
            Edge::Receives { purpose: known, party } if *known == purpose.id => {
                parties.extend(party_line(map, form, purpose, party));
            }
            Edge::Stored {
                purpose: known,
                country,
            } if *known == purpose.id => places.push(Line {
                name: map.words.fill("map_stored", "country", form.country_name(country)),
                note: String::new(),
            }),
            Edge::Transferred {
                purpose: known,
                country,
                words,
                ..
            } if *known == purpose.id => places.push(Line {
                name: map.words.fill("map_transfer", "country", form.country_name(country)),
                note: words.clone(),
            }),
            _ => {}
        }
    }
    let cell = |key: &'static str, lines: Vec<Line>| Cell {
        label: map.words.get(key),
        lines,
    };
    Row {
        purpose,
        statement: spaced(&purpose.statement),
        cells: [
            cell("map_fields", fields),
            cell("register_member_recipients", parties),
            cell("map_places", places),
        ],
    }
}

/// Role, contract and country, and what is sent automatically with its dates.
fn party_line(map: &Map, form: &FormMap, purpose: &Purpose, party: &str) -> Option<Line> {
    let party = form.parties.iter().find(|it| it.id == party)?;
    let mut notes = vec![party.words.clone(), form.country_name(&party.country).to_owned()];
    for target in form.targets(&purpose.id, &party.id) {
        notes.push(map.words.fill("map_told", "kinds", &target.kind));
        let said = |key: &str, value: &str| map.words.fill(key, "value", value);
        notes.push(said("map_contract", &day(map.words, target.contract)));
        let audited = target.audited.map(|date| day(map.words, date));
        notes.push(said(
            "map_audited",
            audited.as_deref().unwrap_or(map.words.get("map_never")),
        ));
        notes.extend(target.old.iter().map(|old| {
            map.words
                .get(match old {
                    Old::Contract => "map_old_contract",
                    Old::Audit => "map_old_audit",
                })
                .to_owned()
        }));
    }
    Some(Line {
        name: spaced(&party.name),
        note: notes.join(", "),
    })
}
