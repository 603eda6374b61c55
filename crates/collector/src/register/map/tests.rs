//! Every edge of the definitions is in the map, in each of its forms, and no other.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use super::*;
use crate::register::tests::{FORMS, at, published, target};

fn made_of(texts: &[&str], language: &str, targets: &[TargetRow]) -> Map {
    let definitions: Vec<_> = texts.iter().map(|text| published(text)).collect();
    from_definitions(&definitions, at("2026-11-22T00:00:00Z"), language, targets).expect("readable")
}

fn told() -> Vec<TargetRow> {
    vec![target(("stage", "Stage Inc."), "webinar", "hubspot", "2025-11-01")]
}

/// Edges as a definition has them, read from its text by another way than the map's own.
fn expected(text: &str) -> BTreeSet<String> {
    let form: Value = serde_json::from_str(text).expect("JSON");
    let words = |value: &Value| -> Vec<String> {
        let items = value.as_array().into_iter().flatten();
        items.map(|item| item.as_str().expect("a word").to_owned()).collect()
    };
    let items = |name: &str| form[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().expect("a word").to_owned();
    let mut edges = BTreeSet::new();
    let mut receiving = BTreeSet::new();
    for field in items("fields") {
        edges.extend(
            words(&field["purposes"])
                .iter()
                .map(|purpose| format!("serves {} {purpose}", text(&field["id"]))),
        );
    }
    for purpose in items("purposes") {
        let id = text(&purpose["id"]);
        for party in words(&purpose["recipients"]) {
            edges.insert(format!("receives {id} {party}"));
            receiving.insert(party);
        }
        edges.extend(
            words(&purpose["storage"]["locations"])
                .iter()
                .map(|country| format!("stored {id} {country}")),
        );
        let transfers = purpose["transfers"].as_array().into_iter().flatten();
        edges.extend(transfers.map(|transfer| format!("transferred {id} {}", text(&transfer["country"]))));
    }
    for party in items("parties")
        .iter()
        .filter(|party| receiving.contains(&text(&party["id"])))
    {
        edges.insert(format!(
            "established {} {}",
            text(&party["id"]),
            text(&party["country"])
        ));
    }
    edges
}

fn spelled(edge: &Edge) -> String {
    match edge {
        Edge::Serves { field, purpose } => format!("serves {field} {purpose}"),
        Edge::Receives { purpose, party } => format!("receives {purpose} {party}"),
        Edge::Established { party, country } => format!("established {party} {country}"),
        Edge::Stored { purpose, country } => format!("stored {purpose} {country}"),
        Edge::Transferred { purpose, country, .. } => format!("transferred {purpose} {country}"),
    }
}

/// What the curves of a picture say that they are, but for the ways from a place of storage to its country.
fn drawn(picture: &str) -> BTreeSet<String> {
    let named = picture.split("data-edge=\"").skip(1);
    let named = named.map(|rest| rest.split('"').next().expect("closed").to_owned());
    named
        .filter(|edge| !edge.starts_with("keeps ") && !edge.starts_with("leaves "))
        .collect()
}

#[test]
fn every_edge_of_the_definitions_is_there_and_no_other() {
    for text in FORMS {
        let expected = expected(text);
        assert!(expected.len() > 5, "{expected:?}");
        for language in ["fr", "en"] {
            let map = made_of(&[text], language, &told());
            let found: BTreeSet<String> = map.forms[0].edges.iter().map(spelled).collect();
            assert_eq!(found, expected);
            assert_eq!(map.forms[0].edges.len(), expected.len(), "none twice");
            assert_eq!(drawn(&svg::map(&map).expect("a picture")), expected);
            let json = serde_json::to_value(&map).expect("JSON");
            assert_eq!(json["forms"][0]["edges"].as_array().map(Vec::len), Some(expected.len()));
            let csv = csv::map(&map);
            let told = usize::from(map.forms[0].id == "webinar-b2b");
            assert_eq!(csv.lines().count(), 1 + expected.len() + told);
        }
    }
}

/// The narrow picture and the table leave out only who has their seat where, which stands beside the name.
#[test]
fn telephones_and_tables_have_them_too() {
    for text in FORMS {
        let map = made_of(&[text], "en", &[]);
        let (_, narrow) = svg::of_form(&map, &map.forms[0]).expect("pictures");
        let expected: BTreeSet<String> = expected(text)
            .into_iter()
            .filter(|edge| !edge.starts_with("established"))
            .collect();
        assert_eq!(drawn(&narrow), expected);
        let page = html::map(&map).expect("a page");
        for purpose in &map.forms[0].purposes {
            let row = page
                .split(&format!("data-purpose=\"{}\"", purpose.id))
                .nth(1)
                .expect("a row");
            let row = row.split("</tr>").next().expect("its end");
            let plain = |text: &str| {
                askama::filters::escape(text, askama::filters::Html)
                    .expect("escaped")
                    .to_string()
            };
            for edge in map.forms[0].edges.iter() {
                let (known, words) = match edge {
                    Edge::Serves { field, purpose } => {
                        let field = map.forms[0].fields.iter().find(|it| it.id == *field).expect("a field");
                        (purpose, field.label.clone())
                    }
                    Edge::Receives { purpose, party } => {
                        let party = map.forms[0].parties.iter().find(|it| it.id == *party).expect("a party");
                        (purpose, party.name.clone())
                    }
                    Edge::Stored { purpose, country } => {
                        (purpose, format!("Kept in {}", map.forms[0].country_name(country)))
                    }
                    Edge::Transferred { purpose, words, .. } => (purpose, words.clone()),
                    Edge::Established { .. } => continue,
                };
                if *known == purpose.id {
                    assert!(row.contains(&plain(&words)), "{}: {words} in {row}", purpose.id);
                }
            }
        }
    }
}

#[test]
fn targets_are_shown_with_their_dates() {
    let map = made_of(&FORMS, "en", &told());
    let picture = svg::map(&map).expect("a picture");
    assert!(picture.contains("class=\"service told\"") && picture.contains("told automatically:"));
    let page = html::map(&map).expect("a page");
    assert!(
        page.contains(
            "told automatically: hubspot, contract: 1 November 2025, last audit: not stated, the audit is old"
        ),
        "{page}"
    );
    assert!(csv::map(&map).contains("told,webinar,"));
    // Another controller's form may call another party so.
    let other = [target(("stage", "Stage GmbH"), "webinar", "hubspot", "2025-11-01")];
    for targets in [&[][..], &other] {
        let untold = svg::map(&made_of(&FORMS, "en", targets)).expect("a picture");
        assert!(!untold.contains("told automatically") && !untold.contains("service told"));
    }
}

#[test]
fn a_picture_runs_nothing_and_fetches_nothing() {
    let hostile = FORMS[1]
        .replace("Work e‑mail", "</text><script>alert(1)</script>")
        .replace("Stage Inc.", "\\\"><img src=x onerror=alert(1)>&amp;\\u0007");
    let map = made_of(&[&hostile], "en", &[]);
    for text in [svg::map(&map).expect("a picture"), html::map(&map).expect("a page")] {
        for forbidden in [
            "<script",
            "<img",
            "style=\"",
            "<a ",
            "href=\"http",
            "url(",
            "@import",
            "<foreignObject",
        ] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
    }
    let picture = svg::map(&map).expect("a picture");
    assert!(!picture.contains('\u{7}'), "no XML");
    assert!(picture.contains("role=\"img\"") && picture.contains("<title id=\"map-title\">"));
    assert!(picture.contains("<desc id=\"map-desc\">") && picture.contains("aria-labelledby=\"map-title map-desc\""));
}

#[test]
fn nothing_published_is_an_empty_map() {
    let map = made_of(&[], "fr", &[]);
    assert!(svg::map(&map).expect("a picture").contains("</svg>"));
    assert!(html::map(&map).expect("a page").contains("Aucun formulaire"));
    assert_eq!(csv::map(&map).lines().count(), 1);
}

/// What docs/map.md shows is what this release draws.
#[test]
fn the_picture_of_the_documentation_is_current() {
    let newsletter = target(("mailer", "Courrier Exemple SA"), "newsletter", "brevo", "2026-03-01");
    let drawn = svg::map(&made_of(&FORMS[..2], "en", &[newsletter])).expect("a picture");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/map.svg");
    if fs::read_to_string(kept).ok().as_deref() != Some(&drawn) {
        let fresh = std::env::temp_dir().join("map.svg");
        fs::write(&fresh, drawn).expect("written");
        panic!("docs/images/map.svg is another one; copy {} there", fresh.display());
    }
}
