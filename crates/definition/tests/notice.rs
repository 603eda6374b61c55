//! The second layer of the notice: all twelve items of GDPR Art. 13 in each language, and nothing left out of the definition.

use candor_definition::change::Reason;
use candor_definition::notice::{Block, ITEMS, Notice, notice};
use candor_definition::{Definition, LANGUAGES, ages_of_consent, parse};

const EBOOK: &str = include_str!("examples/ebook-rgpd.json");
const WEBINAR: &str = include_str!("examples/webinar-b2b.json");
const COLLECTOR: Option<&str> = Some("https://forms.acme.example/");

fn definition(text: &str) -> Definition {
    parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn made(text: &str, language: &str, collector: Option<&str>) -> Notice {
    let definition = definition(text);
    let language = definition.language(language).expect("the language is declared").clone();
    notice(&definition, &language, collector)
}

/// The example in another language: its own words stay French, ours do not.
fn translated(language: &str) -> Notice {
    let mut json: serde_json::Value = serde_json::from_str(EBOOK).expect("the example is JSON");
    json["languages"] = serde_json::json!([language]);
    fn only_one(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) if members.contains_key("fr") => *value = members["fr"].clone(),
            serde_json::Value::Object(members) => members.values_mut().for_each(only_one),
            serde_json::Value::Array(elements) => elements.iter_mut().for_each(only_one),
            _ => {}
        }
    }
    only_one(&mut json);
    made(&json.to_string(), language, COLLECTOR)
}

fn words(block: &Block) -> Vec<String> {
    match block {
        Block::Paragraph(words) | Block::Prominent(words) => vec![words.text.clone()],
        Block::List(list) => list.iter().map(|words| words.text.clone()).collect(),
        Block::Entry { title, rows } => {
            let rows = rows.iter().flat_map(|(label, words)| {
                std::iter::once(label.clone()).chain(words.iter().map(|words| words.text.clone()))
            });
            std::iter::once(title.clone()).chain(rows).collect()
        }
        other => panic!("a block of an unknown kind: {other:?}"),
    }
}

fn section(notice: &Notice, id: &str) -> String {
    let section = notice.sections.iter().find(|section| section.id == id);
    let section = section.unwrap_or_else(|| panic!("no section {id}"));
    section.blocks.iter().flat_map(words).collect::<Vec<_>>().join("\n")
}

#[test]
fn all_twelve_items_stand_in_every_language() {
    for language in LANGUAGES {
        let notice = translated(language);
        for (article, id) in ITEMS {
            let found = notice.sections.iter().find(|section| section.id == id);
            let found = found.unwrap_or_else(|| panic!("{language}: no section {id}"));
            assert_eq!(found.article, article);
            assert!(!found.title.is_empty() && !found.blocks.is_empty(), "{language} {id}");
        }
        for section in &notice.sections {
            for text in section.blocks.iter().flat_map(words) {
                let open = text.contains(['{', '}']);
                assert!(!text.is_empty() && !open, "{language} {}: {text:?}", section.id);
            }
        }
    }
}

#[test]
fn every_item_says_what_the_definition_says() {
    let notice = made(EBOOK, "fr", COLLECTOR);
    for (id, expected) in [
        (
            "who",
            &[
                "Acme Conseil SAS",
                "1 rue de l’Exemple, 75001 Paris, France",
                "contact@acme.example",
            ][..],
        ),
        ("dpo", &["dpo@acme.example"]),
        (
            "purposes",
            &["Contrat avec vous (6(1)(b))", "Votre accord (6(1)(a))", "18 mois"],
        ),
        (
            "recipients",
            &[
                "Courrier Exemple SA",
                "Prestataire, sur instruction, France",
                "Partenaire Exemple SA",
                "https://partenaire.example/confidentialite",
            ],
        ),
        (
            "retention",
            &["30 jours après la collecte", "3 ans après votre dernier contact"],
        ),
        ("rights", &["dpo@acme.example", "(art. 15)", "après votre mort"]),
        ("withdrawal", &["Accord retirable en un clic", "licite"]),
        ("complaint", &["CNIL", "https://www.cnil.fr"]),
        (
            "required",
            &[
                "Obligatoire\nAdresse e‑mail",
                "Facultatif",
                "Guide « Qualifier ses leads »",
            ],
        ),
        (
            "own",
            &[
                "Preuve de vos choix",
                "5 ans",
                "Refus",
                "Journal des accès",
                "1 an",
                "Demandes",
                "E‑mail de confirmation",
            ],
        ),
        (
            "version",
            &["sha256-nXnQT4Tnju4WDQFI6LXt_5SNYFzRAHPh2SEdRanKcKk", "2026-11-01"],
        ),
    ] {
        let text = section(&notice, id);
        for part in expected {
            assert!(text.contains(part), "{id}: {part:?} is not in\n{text}");
        }
    }
    let definition = definition(EBOOK);
    for purpose in definition.purposes() {
        let statement = purpose
            .statement
            .in_language(definition.language("fr").expect("declared"));
        for id in ["purposes", "retention"] {
            assert!(section(&notice, id).contains(statement), "{id}: {statement}");
        }
    }
}

#[test]
fn interests_transfers_and_objections_stand_apart() {
    let notice = made(WEBINAR, "en", COLLECTOR);
    let definition = definition(WEBINAR);
    let english = definition.language("en").expect("declared");
    for purpose in definition.purposes() {
        if let Some(interest) = purpose.interest() {
            assert!(section(&notice, "interests").contains(interest.in_language(english)));
        }
        for transfer in &purpose.transfers {
            let transfers = section(&notice, "transfers");
            assert!(transfers.contains(transfer.country.name_in("en")), "{transfers}");
        }
    }
    let objection = notice
        .sections
        .iter()
        .find(|section| section.id == "objection")
        .expect("Art. 21(4)");
    assert!(
        objection
            .blocks
            .iter()
            .all(|block| matches!(block, Block::Prominent(_)))
    );
}

#[test]
fn what_the_form_records_is_told_where_a_collector_does_it() {
    let mut json: serde_json::Value = serde_json::from_str(EBOOK).expect("the example is JSON");
    json["submit"].as_object_mut().expect("an object").remove("endpoint");
    let text = json.to_string();
    let own = |notice: &Notice| notice.sections.iter().any(|section| section.id == "own");
    assert!(own(&made(&text, "fr", COLLECTOR)));
    let alone = made(&text, "fr", None);
    assert!(!own(&alone));
    for (_, id) in ITEMS {
        assert!(!section(&alone, id).is_empty(), "{id}");
    }
}

/// The page for owners has every age and every reason, as the code has them.
#[test]
fn the_documentation_has_the_tables_of_the_code() {
    let page = include_str!("../../../docs/notice.md");
    for (country, age) in ages_of_consent() {
        let row = format!("| {country} | {} | {} | no |", age.years, age.source);
        assert!(page.contains(&row), "{row}");
    }
    for reason in Reason::ALL {
        let row = format!("| `{}` | {} |", reason.as_str(), reason.class().as_str());
        assert!(page.contains(&row), "{row}");
    }
}
