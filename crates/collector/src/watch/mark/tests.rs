//! Marks by the calendar: what holds on a day and did not on the day of the publication.

use super::*;
use crate::register::tests::target;

fn published(definition: &str, at: &str) -> PublishedDefinition {
    PublishedDefinition {
        form: "ebook-rgpd".into(),
        version: "sha256-x".into(),
        definition: definition.into(),
        published: at.parse().expect("a time"),
        exceptions: Vec::new(),
    }
}

const EBOOK: &str = include_str!("../../../../../www/forms/ebook-rgpd.json");

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Calls on a legitimate interest: what the law of France admitted until 10 August 2026.
fn calls_on_interest() -> String {
    let mut form: serde_json::Value = serde_json::from_str(EBOOK).expect("JSON");
    let call = form["purposes"][2].as_object_mut().expect("the calls");
    call.remove("validity");
    call.insert("basis".into(), "legitimate-interest".into());
    call.insert("interest".into(), "notre intérêt à faire connaître nos services".into());
    call.insert("assessment".into(), "LIA-2026-07".into());
    call.insert("objection".into(), "Ne m’appelez pas.".into());
    form["fields"][2]["required"] = false.into();
    form["fields"][2].as_object_mut().expect("the number").remove("when");
    form.to_string()
}

#[test]
fn a_rule_marks_a_form_from_the_day_on_which_it_holds() {
    let form = published(&calls_on_interest(), "2026-07-01T08:00:00Z");
    let rules = |day: &str| {
        let marks = of_rules(&form, date(day), Tongue::English);
        marks.iter().map(|mark| mark.subject.clone()).collect::<Vec<_>>()
    };
    assert_eq!(rules("2026-08-10"), Vec::<String>::new());
    assert!(rules("2026-08-11").contains(&"C-FR-PHONE-01".to_owned()));
    let marks = of_rules(&form, date("2027-01-01"), Tongue::French);
    let phone = marks
        .iter()
        .find(|mark| mark.subject == "C-FR-PHONE-01")
        .expect("marked");
    assert_eq!((phone.since, phone.severity), (date("2026-08-11"), "error"));
    assert!(phone.pointer.starts_with("/purposes/2"), "{}", phone.pointer);
    // Published after that day, by decision of whoever runs the server: known, and recorded with it.
    let later = published(&calls_on_interest(), "2026-09-01T08:00:00Z");
    assert_eq!(of_rules(&later, date("2027-01-01"), Tongue::English), []);
}

#[test]
fn a_contract_grows_old_by_the_calendar() {
    let form = published(EBOOK, "2026-11-01T08:00:00Z");
    let parties = |day: &str| {
        let marks = of_agreements(&form, date(day), Tongue::English);
        marks
            .into_iter()
            .map(|mark| (mark.subject, mark.pointer))
            .collect::<Vec<_>>()
    };
    assert_eq!(parties("2029-02-28"), []);
    assert_eq!(
        parties("2029-03-01"),
        [("mailer".into(), "/parties/2/agreement".into())]
    );
}

#[test]
fn a_page_is_dead_after_two_visits_or_when_it_says_so() {
    let form = published(EBOOK, "2026-11-01T08:00:00Z");
    let at: Timestamp = "2026-11-10T00:00:00Z".parse().expect("a time");
    let page = |outcome: &str, failing: Option<&str>, changed: Option<&str>| WatchedPage {
        form: form.form.clone(),
        version: form.version.clone(),
        url: "https://acme.example/confidentialite".into(),
        visited: at,
        outcome: outcome.into(),
        failing: failing.map(|text| text.parse().expect("a time")),
        first_digest: None,
        digest: None,
        changed: changed.map(|text| text.parse().expect("a time")),
    };
    let check = |page: WatchedPage, expected: &[Kind]| {
        let marks = of_pages(&form, std::slice::from_ref(&page), at, Tongue::French);
        assert_eq!(
            marks.iter().map(|mark| mark.kind).collect::<Vec<_>>(),
            expected,
            "{page:?}"
        );
    };
    check(page("200", None, None), &[]);
    check(page("404", Some("2026-11-10T00:00:00Z"), None), &[Kind::PageDead]);
    check(page("timeout", Some("2026-11-10T00:00:00Z"), None), &[]);
    check(page("timeout", Some("2026-11-09T00:00:00Z"), None), &[Kind::PageDead]);
    check(page("200", None, Some("2026-11-09T00:00:00Z")), &[Kind::PageChanged]);
    check(page("200", None, Some("2026-11-11T00:00:00Z")), &[]);
    let other = WatchedPage {
        version: "sha256-y".into(),
        ..page("404", Some("2026-11-09T00:00:00Z"), None)
    };
    check(other, &[]);
}

#[test]
fn a_receiver_is_called_by_its_party_and_its_name() {
    let form = published(EBOOK, "2026-11-01T08:00:00Z");
    let check = |name: &str, expected: &str| {
        let called = TargetRow {
            name: name.into(),
            ..target(("mailer", "Courrier Exemple SA"), "newsletter", "webhook", "2026-03-01")
        };
        let marks = of_targets(&form, &[called], date("2027-03-01"), Tongue::English);
        let found: Vec<_> = marks.iter().map(|mark| (mark.kind, mark.message.as_str())).collect();
        assert_eq!(found, [(Kind::Audit, expected)]);
    };
    check("", "Courrier Exemple SA was last audited on 2026-03-01");
    check(
        "Letters",
        "Courrier Exemple SA (Letters) was last audited on 2026-03-01",
    );
}
