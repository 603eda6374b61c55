//! What changed between two versions of the example: one mutation each, with the class, the reason and whom it concerns.

use candor_definition::change::{Change, Class, Reason, changes, class};
use serde_json::{Value, json};

const EBOOK: &str = include_str!("examples/ebook-rgpd.json");

fn example() -> Value {
    serde_json::from_str(EBOOK).expect("the example is JSON")
}

fn changed(mutate: impl FnOnce(&mut Value)) -> Vec<Change> {
    let (old, mut new) = (example(), example());
    mutate(&mut new);
    changes(&old, &new)
}

/// One mutation makes one change.
fn check(pointer: &str, value: Value, place: &str, reason: Reason, purposes: &[&str]) {
    let found = changed(|new| {
        *new.pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{pointer} leads nowhere")) = value
    });
    let told: Vec<_> = found.iter().map(|it| (it.place.as_str(), it.reason)).collect();
    assert_eq!(told, [(place, reason)], "{pointer}");
    let concerned: Vec<&str> = found[0].purposes.iter().map(String::as_str).collect();
    assert_eq!(concerned, purposes, "{pointer}");
    assert_eq!(
        (found[0].class, class(&found)),
        (reason.class(), reason.class()),
        "{pointer}"
    );
}

#[test]
fn each_mutation_has_its_class_and_names_whom_it_concerns() {
    assert_eq!(changed(|_| ()), []);
    assert_eq!(class(&[]), Class::Editorial);
    let title = json!("Another title");
    check(
        "/languages",
        json!(["fr", "en", "de"]),
        "/languages",
        Reason::Language,
        &[],
    );
    check("/title", title, "/title", Reason::Presentation, &[]);
    check(
        "/purposes/1/statement/fr",
        json!("J’accepte tout autre chose."),
        "/purposes/newsletter/statement",
        Reason::Wording,
        &["newsletter"],
    );
    check(
        "/purposes/1/storage/retention",
        json!("P4Y"),
        "/purposes/newsletter/storage/retention",
        Reason::Longer,
        &["newsletter"],
    );
    check(
        "/purposes/1/storage/retention",
        json!("P2Y"),
        "/purposes/newsletter/storage/retention",
        Reason::Less,
        &[],
    );
    check(
        "/purposes/1/storage/retention",
        json!("P36M"),
        "/purposes/newsletter/storage/retention",
        Reason::Spelling,
        &[],
    );
    check(
        "/purposes/1/validity",
        json!("P24M"),
        "/purposes/newsletter/validity",
        Reason::Longer,
        &["newsletter"],
    );
    check(
        "/purposes/1/validity",
        json!("P12M"),
        "/purposes/newsletter/validity",
        Reason::Less,
        &[],
    );
    check(
        "/purposes/1/operations",
        json!(["Collect", "Store", "Use", "Profiling"]),
        "/purposes/newsletter/operations",
        Reason::More,
        &["newsletter"],
    );
    check(
        "/purposes/1/operations",
        json!(["Collect", "Store"]),
        "/purposes/newsletter/operations",
        Reason::Less,
        &[],
    );
    check(
        "/purposes/1/recipients",
        json!(["acme", "mailer", "partner"]),
        "/purposes/newsletter/recipients/partner",
        Reason::Recipient,
        &["newsletter"],
    );
    check(
        "/purposes/2/recipients",
        json!(["acme", "mailer"]),
        "/purposes/call/recipients/mailer",
        Reason::Processor,
        &[],
    );
    check(
        "/purposes/3/recipients",
        json!(["acme"]),
        "/purposes/partners/recipients/partner",
        Reason::Less,
        &[],
    );
    check(
        "/parties/0/name",
        json!("Acme Deux SAS"),
        "/parties/acme/name",
        Reason::Controller,
        &["call", "ebook", "newsletter", "partners"],
    );
    check(
        "/parties/0/email",
        json!("hello@acme.example"),
        "/parties/acme/email",
        Reason::Contact,
        &[],
    );
    check(
        "/parties/3/name",
        json!("Un tout autre"),
        "/parties/partner/name",
        Reason::Recipient,
        &["partners"],
    );
    check(
        "/automatedDecisions",
        json!("A machine sorts."),
        "/automatedDecisions",
        Reason::Automated,
        &["call", "ebook", "newsletter", "partners"],
    );
    check(
        "/policy/version",
        json!("2027-01-01"),
        "/policy",
        Reason::Policy,
        &["call", "ebook", "newsletter", "partners"],
    );
}

#[test]
fn what_is_added_or_taken_away() {
    let found = changed(|new| {
        let mut purpose = new["purposes"][1].clone();
        purpose["id"] = json!("events");
        new["purposes"].as_array_mut().expect("a list").push(purpose);
    });
    assert_eq!((found[0].reason, found[0].purposes.len()), (Reason::NewPurpose, 0));
    let found = changed(|new| new["purposes"].as_array_mut().expect("a list").truncate(3));
    assert!(found.iter().all(|it| it.class == Class::Editorial), "{found:?}");
    let found = changed(|new| new["purposes"][1]["transfers"] = json!([{"country": "US", "mechanism": "A46-2-c"}]));
    assert_eq!((found.len(), found[0].reason), (1, Reason::Transfer));
    let found = changed(|new| {
        let purposes = json!(["ebook", "newsletter", "call", "partners"]);
        let fields = new["fields"].as_array_mut().expect("a list");
        let field = fields
            .iter_mut()
            .find(|field| field["id"] == "given_name")
            .expect("the field is there");
        field["purposes"] = purposes;
    });
    assert_eq!(found[0].reason, Reason::More);
    assert!(
        found[0].purposes.contains("ebook") && !found[0].purposes.contains("newsletter"),
        "{found:?}"
    );
}

#[test]
fn other_words_concern_those_who_read_them() {
    let statement = |language: &str, words: &str| {
        let found = changed(|new| new["purposes"][1]["statement"][language] = json!(words));
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].reason, found[0].languages.iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(
        statement("en", "I agree to something else."),
        (Reason::Wording, vec!["en".to_owned()])
    );
    let same = example()["purposes"][1]["statement"]["fr"]
        .as_str()
        .expect("words")
        .to_uppercase();
    assert_eq!(statement("fr", &same), (Reason::Spelling, vec!["fr".to_owned()]));
}

#[test]
fn the_same_notice_elsewhere_is_editorial() {
    let digest = |version: &str, digest: Option<&str>| {
        let mut policy = json!({"url": "https://acme.example/elsewhere", "version": version});
        if let Some(digest) = digest {
            policy["digest"] = json!(digest);
        }
        policy
    };
    let check = |old: Value, new: Value, expected: Reason| {
        let (mut before, mut after) = (example(), example());
        (before["policy"], after["policy"]) = (old, new);
        before["policy"]["url"] = json!("https://acme.example/privacy");
        let found = changes(&before, &after);
        assert_eq!(found.iter().map(|it| it.reason).collect::<Vec<_>>(), [expected]);
    };
    check(digest("1", None), digest("1", None), Reason::Moved);
    check(digest("1", None), digest("2", None), Reason::Policy);
    check(
        digest("1", Some("sha256-a")),
        digest("2", Some("sha256-a")),
        Reason::Moved,
    );
    check(
        digest("1", Some("sha256-a")),
        digest("1", Some("sha256-b")),
        Reason::Policy,
    );
}

#[test]
fn reasons_have_words_in_both_languages() {
    for reason in Reason::ALL {
        assert_ne!(reason.sentence("fr"), reason.sentence("en"), "{}", reason.as_str());
    }
}
