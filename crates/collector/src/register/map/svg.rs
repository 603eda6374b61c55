//! The map as a picture: SVG with a title, a description and a style sheet of its own, no script, no style in an attribute,
//! nothing from elsewhere.
//! Refuses what is no text: every word is escaped by the template.

use askama::Template;
use candor_record::digest::Sha256Digest;

use super::{
    boxes::{Drawing, NOTE, Panel},
    measure::{plain, width},
    narrow::narrow,
    types::{FormMap, Map, Nature},
    wide::{MARGIN, wide},
};
use crate::dates::moment;

pub(super) const STYLES: &str = include_str!("../../../templates/map.css");

#[derive(Debug, Template)]
#[template(path = "map.svg", escape = "html")]
struct Picture {
    /// Distinguishes the ids of several pictures in one page.
    id: String,
    class: &'static str,
    language: String,
    title: String,
    description: String,
    /// For a file that stands alone.
    styles: Option<&'static str>,
    width: f64,
    height: f64,
    panels: Vec<Panel>,
    legend: Vec<Key>,
    legend_y: f64,
}

#[derive(Debug)]
struct Key {
    class: &'static str,
    x: f64,
    text: String,
}

/// The file: all forms, one under the other.
///
/// # Errors
/// A template that cannot be rendered, which a test forbids.
pub fn map(map: &Map) -> askama::Result<String> {
    let forms: Vec<&FormMap> = map.forms.iter().collect();
    let title = map.words.get("map_title").to_owned();
    let about = map.words.get("map_intro").replace("{date}", &moment(map.words, map.at));
    let sentences = map
        .forms
        .iter()
        .flat_map(|form| sentences(map, form))
        .collect::<Vec<_>>();
    picture(
        map,
        "map",
        wide(map, &forms, true),
        (title, format!("{about} {}", sentences.join(" "))),
        Some(STYLES),
    )
}

/// A source expression for the style sheet of the file, as a content policy wants it.
pub fn style_source() -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!(
        "'sha256-{}'",
        STANDARD.encode(Sha256Digest::of(STYLES.as_bytes()).as_bytes())
    )
}

/// The pictures of one form in a page: for a screen, and for a telephone.
pub(super) fn of_form(map: &Map, form: &FormMap) -> askama::Result<(String, String)> {
    let said = |form: &FormMap| {
        let title = map.words.fill("map_of_form", "form", &form.title);
        (title, map.words.get("map_description").to_owned())
    };
    let id = |kind: &str| format!("map-{kind}-{}", form.id);
    let on_screen = picture(map, &id("wide"), wide(map, &[form], false), said(form), None)?;
    let on_telephone = picture(map, &id("narrow"), narrow(map, form), said(form), None)?;
    Ok((on_screen, on_telephone))
}

fn picture(
    map: &Map,
    id: &str,
    drawing: Drawing,
    (title, description): (String, String),
    styles: Option<&'static str>,
) -> askama::Result<String> {
    // A telephone has the legend in the page.
    let with_legend = drawing.width > 400.0 && !drawing.panels.is_empty();
    let legend = if with_legend { legend(map) } else { Vec::new() };
    let legend_y = drawing.height + 34.0;
    Picture {
        id: id.to_owned(),
        class: if drawing.width > 400.0 {
            "map wide"
        } else {
            "map narrow"
        },
        language: map.language.to_owned(),
        title: plain(&title),
        description: plain(&description),
        styles,
        width: drawing.width,
        height: if with_legend {
            drawing.height + 52.0
        } else {
            drawing.height
        },
        panels: drawing.panels,
        legend,
        legend_y,
    }
    .render()
}

/// What the kinds of boxes mean.
pub(super) fn kinds(map: &Map) -> Vec<(&'static str, String)> {
    let mut kinds: Vec<(&'static str, String)> = Nature::ALL
        .iter()
        .map(|nature| {
            let key = match nature {
                Nature::Consent => "map_consent",
                Nature::Objection => "map_objection",
                Nature::Service => "map_service",
            };
            (nature.as_str(), map.words.get(key).to_owned())
        })
        .collect();
    kinds.push(("stored", map.words.get("map_kept").to_owned()));
    kinds.push(("transfer", map.words.get("map_outside_short").to_owned()));
    kinds
}

fn legend(map: &Map) -> Vec<Key> {
    let kinds = kinds(map);
    let texts: Vec<String> = kinds.iter().map(|(_, text)| text.clone()).collect();
    let places = places(&texts);
    let keys = kinds.into_iter().zip(places);
    keys.map(|((class, text), x)| Key { class, x, text }).collect()
}

/// The picture in words, for who cannot see it: one sentence for each purpose.
fn sentences(map: &Map, form: &FormMap) -> Vec<String> {
    let of = |purpose: &str| {
        let fields = form.edges.iter().filter_map(|edge| match edge {
            super::Edge::Serves { field, purpose: known } if known == purpose => form
                .fields
                .iter()
                .find(|it| it.id == *field)
                .map(|it| it.label.as_str()),
            _ => None,
        });
        let parties = form.edges.iter().filter_map(|edge| match edge {
            super::Edge::Receives { purpose: known, party } if known == purpose => {
                let party = form.parties.iter().find(|it| it.id == *party)?;
                Some(format!("{} ({})", party.name, form.country_name(&party.country)))
            }
            _ => None,
        });
        (
            fields.collect::<Vec<_>>().join(", "),
            parties.collect::<Vec<_>>().join(", "),
        )
    };
    let purposes = form.purposes.iter().map(|purpose| {
        let (fields, parties) = of(&purpose.id);
        map.words
            .get("map_sentence")
            .replace("{form}", &form.title)
            .replace("{purpose}", &purpose.name)
            .replace("{fields}", &fields)
            .replace("{parties}", &parties)
    });
    purposes.collect()
}

/// Where the words of the legend stand, one after the other.
fn places(texts: &[String]) -> Vec<f64> {
    let mut x = MARGIN;
    let mut places = Vec::new();
    for text in texts {
        places.push(x);
        x += 34.0 + width(text, NOTE, false) + 22.0;
    }
    places
}
