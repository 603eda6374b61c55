//! Rows of the register: what each says, from the demo's forms and from forms made here.

use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) use super::receivers::tests::target;
use super::*;
use crate::store::registry::PublishedDefinition;

const PUBLISHED: &str = "2026-11-21T10:00:00Z";
pub(super) const FORMS: [&str; 3] = [
    include_str!("../../../../www/forms/ebook-rgpd.json"),
    include_str!("../../../../www/forms/webinar-b2b.json"),
    include_str!("../../tests/forms/screen.json"),
];

pub(super) fn published(definition: &str) -> PublishedDefinition {
    let json: Value = serde_json::from_str(definition).expect("JSON");
    PublishedDefinition {
        form: json["id"].as_str().expect("an id").to_owned(),
        version: "sha256-x".to_owned(),
        definition: definition.to_owned(),
        published: PUBLISHED.parse().expect("a time"),
        exceptions: Vec::new(),
    }
}

fn made_of(definitions: &[&str], language: &str) -> Register {
    let definitions: Vec<_> = definitions.iter().map(|text| published(text)).collect();
    from_definitions(&definitions, &[], &[], at("2026-11-22T00:00:00Z"), language).expect("readable")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(super) fn example(language: &str) -> Register {
    made_of(&FORMS, language)
}

fn row<'a>(register: &'a Register, id: &str) -> &'a Activity {
    let found = register.activities.iter().find(|row| row.id == id);
    found.unwrap_or_else(|| panic!("no row {id}"))
}

/// What the column of that name says of the row.
fn said(register: &Register, id: &str, member: &str) -> String {
    let member = member::MEMBERS
        .iter()
        .find(|known| known.name == member)
        .expect("a member");
    (member.say)(register, row(register, id)).join(" | ")
}

#[test]
fn every_purpose_has_a_row_and_candor_has_its_own() {
    let register = example("en");
    let ids: Vec<&str> = register.activities.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "ebook-rgpd/ebook",
            "ebook-rgpd/newsletter",
            "ebook-rgpd/call",
            "ebook-rgpd/partners",
            "webinar-b2b/webinar",
            "webinar-b2b/offers",
            "checklist/checklist",
            "checklist/letter",
            "candor/proof/acme-conseil-sas",
            "candor/suppression/acme-conseil-sas",
            "candor/access-log/acme-conseil-sas",
            "candor/requests/acme-conseil-sas",
            "candor/confirmation-mail/acme-conseil-sas",
        ]
    );
}

#[test]
fn rows_say_what_article_30_asks_for() {
    let (french, english) = (example("fr"), example("en"));
    let check = |id: &str, member: &str, fr: &str, en: &str| {
        assert_eq!(said(&french, id, member), fr, "fr {id} {member}");
        assert_eq!(said(&english, id, member), en, "en {id} {member}");
    };
    check(
        "ebook-rgpd/newsletter",
        "basis",
        "Consentement (art. 6(1)(a) du RGPD)",
        "Consent (Art. 6(1)(a) GDPR)",
    );
    check(
        "ebook-rgpd/ebook",
        "basis",
        "Exécution d’un contrat (art. 6(1)(b) du RGPD)",
        "Performance of a contract (Art. 6(1)(b) GDPR)",
    );
    check(
        "webinar-b2b/offers",
        "basis",
        "Intérêt légitime (art. 6(1)(f) du RGPD) | Notre intérêt légitime\u{a0}: développer notre activité. | Mise en balance\u{a0}: LIA-2026-04",
        "Legitimate interest (Art. 6(1)(f) GDPR) | Our legitimate interest: developing our business. | Balancing test: LIA-2026-04",
    );
    check(
        "webinar-b2b/webinar",
        "transfers",
        "États-Unis\u{a0}: clauses contractuelles types (art. 46(2)(c) du RGPD)\u{a0}; copie des garanties\u{a0}: https://acme.example/en/scc",
        "United States: standard contractual clauses (Art. 46(2)(c) GDPR); copy of the safeguards: https://acme.example/en/scc",
    );
    check(
        "webinar-b2b/webinar",
        "recipients",
        "Stage Inc. (sous-traitant), États-Unis, contrat du 1er février 2026",
        "Stage Inc. (processor), United States, contract of 1 February 2026",
    );
    check(
        "ebook-rgpd/partners",
        "recipients",
        "Partenaire Exemple SA (destinataire, logiciels de gestion), France, politique de confidentialité\u{a0}: https://partenaire.example/confidentialite",
        "Partenaire Exemple SA (recipient, business software), France, privacy notice: https://partenaire.example/confidentialite",
    );
    check("ebook-rgpd/call", "recipients", "", "");
    check(
        "ebook-rgpd/call",
        "data",
        "Adresse e‑mail (EmailAddress), obligatoire | Téléphone (TelephoneNumber), obligatoire",
        "E‑mail address (EmailAddress), required | Phone (TelephoneNumber), required",
    );
    check(
        "ebook-rgpd/call",
        "retention",
        "3 ans après le dernier contact venant de la personne",
        "3 years after the last contact made by the person",
    );
    check(
        "ebook-rgpd/call",
        "validity",
        "Le consentement vaut 18 mois, puis il est redemandé",
        "The consent holds for 18 months, then it is asked for again",
    );
    check(
        "webinar-b2b/offers",
        "people",
        "Visiteurs du formulaire «\u{a0}Webinaire : des leads prêts pour l’audit\u{a0}» | Professionnels, dans leur activité",
        "Visitors of the form “Webinar: audit-ready leads” | People in their work",
    );
    check(
        "ebook-rgpd/ebook",
        "controllers",
        "Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris, France, contact@acme.example, +33 1 99 00 12 34, https://acme.example",
        "Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris, France, contact@acme.example, +33 1 99 00 12 34, https://acme.example",
    );
    check(
        "checklist/letter",
        "statement",
        "I agree that Acme Conseil e-mails me its letter.",
        "I agree that Acme Conseil e-mails me its letter.",
    );
    check(
        "candor/proof/acme-conseil-sas",
        "retention",
        "5 ans après la fin de la dernière finalité, scellé (formulaires\u{a0}: ebook-rgpd, webinar-b2b, checklist)",
        "5 years after the last purpose ended, sealed (forms: ebook-rgpd, webinar-b2b, checklist)",
    );
    check(
        "candor/confirmation-mail/acme-conseil-sas",
        "retention",
        "Lien de confirmation\u{a0}: 3 jours après l’envoi (formulaires\u{a0}: ebook-rgpd) | Lien de confirmation\u{a0}: 7 jours après l’envoi (formulaires\u{a0}: checklist) | Adresse\u{a0}: pas plus longtemps que l’envoi auquel elle appartient",
        "Confirmation link: 3 days after it was mailed (forms: ebook-rgpd) | Confirmation link: 7 days after it was mailed (forms: checklist) | Address: no longer than the submission that it belongs to",
    );
    check(
        "candor/access-log/acme-conseil-sas",
        "retention",
        "1 an après l’inscription",
        "1 year after the entry",
    );
}

/// Every word of the records' vocabularies that can reach a register is said in both languages.
#[test]
fn every_term_has_words() {
    use candor_record::term::{Audience, Basis, Channel, Kind, PartyRole, RetentionStart};
    fn texts<T: Copy>(all: &[T], text: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|term| text(*term)).collect()
    }
    let members: Vec<&str> = member::MEMBERS.iter().map(|member| member.name).collect();
    for (vocabulary, terms) in [
        ("basis", texts(Basis::ALL, Basis::as_str)),
        ("channel", texts(Channel::ALL, Channel::as_str)),
        ("kind", texts(Kind::ALL, Kind::as_str)),
        ("role", texts(PartyRole::ALL, PartyRole::as_str)),
        ("from", texts(RetentionStart::ALL, RetentionStart::as_str)),
        ("audience", texts(Audience::ALL, Audience::as_str)),
        ("operation", vec!["Collect", "Store", "Use", "Share", "Profiling"]),
        ("member", members),
    ] {
        for (term, language) in terms.into_iter().flat_map(|term| [(term, "fr"), (term, "en")]) {
            let key = format!("register_{vocabulary}_{term}");
            assert!(Words::of_register(language).find(&key).is_some(), "{language} {key}");
        }
    }
    for language in ["fr", "en"] {
        let register = example(language);
        for text in [
            csv::register(&register),
            html::register(&register, "/page.css").expect("rendered"),
        ] {
            assert!(!text.contains("register_"), "a key without words in {language}: {text}");
        }
    }
}

#[test]
fn every_term_is_one_of_dpv() {
    use candor_record::term::dpv;
    for row in &example("en").activities {
        assert!(dpv::is_purpose(&row.category), "{} {}", row.id, row.category);
        for term in &row.operations {
            assert!(dpv::is_operation(term), "{} {term}", row.id);
        }
        for datum in &row.data {
            assert!(dpv::is_personal_data(&datum.term), "{} {}", row.id, datum.term);
        }
    }
}

#[test]
fn periods_are_said_by_the_calendar() {
    let check = |period: &str, fr: &str, en: &str| {
        for (language, expected) in [("fr", fr), ("en", en)] {
            let words = Words::of_register(language);
            assert_eq!(say::period(words, period), expected, "{language} {period}");
        }
    };
    check("P1Y", "1 an", "1 year");
    check("P18M", "18 mois", "18 months");
    check("P1Y6M", "1 an et 6 mois", "1 year and 6 months");
    check("P1Y2M3D", "1 an, 2 mois et 3 jours", "1 year, 2 months and 3 days");
    check("P2W", "2 semaines", "2 weeks");
    check("PT48H", "48 heures", "48 hours");
    check("for ever", "for ever", "for ever");
}

#[test]
fn frequencies_of_one_unit_are_said_as_people_do() {
    let check = |language: &str, text: &str, expected: &str| {
        assert_eq!(
            say::frequency(Words::of_register(language), text).words,
            expected,
            "{text}"
        );
    };
    check("en", "P1M", "At most once a month");
    check("fr", "P1M", "Pas plus d’une fois par mois");
    check("en", "P1W", "At most once a week");
    check("en", "P2M", "At most once in 2 months");
}

/// Joint controllers, a representative, the soft opt-in, two groups of controllers, an own retention of the proof.
#[test]
fn other_forms_say_more() {
    let mut form: Value = serde_json::from_str(FORMS[0]).expect("JSON");
    form["id"] = json!("joint");
    let parties = form["parties"].as_array_mut().expect("parties");
    parties.push(json!({ "id": "beta", "role": "joint-controller", "name": "Beta & Fils", "country": "US" }));
    parties.push(json!({ "id": "rep", "role": "representative", "name": "Rep SA", "country": "FR" }));
    form["purposes"][0]["recipients"] = json!(["acme", "beta"]);
    form["purposes"][1]["basis"] = json!("soft-opt-in");
    form["proof"] = json!({ "retention": "P2Y", "from": "end" });
    let register = made_of(&[FORMS[0], &form.to_string()], "en");
    let names = |id: &str| {
        row(&register, id)
            .controllers
            .iter()
            .map(|it| it.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("joint/ebook"), ["Acme Conseil SAS", "Beta & Fils"]);
    assert_eq!(names("joint/newsletter"), ["Acme Conseil SAS"]);
    assert_eq!(
        names("candor/proof/acme-conseil-sas+beta-fils"),
        ["Acme Conseil SAS", "Beta & Fils"]
    );
    assert_eq!(row(&register, "candor/proof/acme-conseil-sas").sources.len(), 1);
    assert_eq!(said(&register, "joint/call", "representatives"), "Rep SA, France");
    assert_eq!(
        said(&register, "joint/newsletter", "basis"),
        "Legitimate interest, towards an existing customer (Art. 6(1)(f) GDPR; Art. 13(2) of Directive 2002/58/EC)"
    );
    assert!(said(&register, "candor/proof/acme-conseil-sas+beta-fils", "retention").starts_with("2 years"));
    let page = html::register(&register, "/page.css").expect("rendered");
    assert!(
        page.contains("Beta &#38; Fils") || page.contains("Beta &amp; Fils"),
        "escaped"
    );
    assert!(
        !page.contains("style=") && !page.contains("<style") && !page.contains("<script"),
        "no inline style"
    );
}

#[test]
fn a_definition_that_cannot_be_read_is_named() {
    let broken = PublishedDefinition {
        definition: "{}".to_owned(),
        ..published(FORMS[0])
    };
    let refused = from_definitions(&[broken], &[], &[], at(PUBLISHED), "fr")
        .expect_err("refused")
        .to_string();
    assert!(
        refused.contains("ebook-rgpd") && refused.contains("sha256-x"),
        "{refused}"
    );
    assert!(
        from_definitions(&[], &[], &[], at(PUBLISHED), "fr")
            .expect("empty")
            .activities
            .is_empty()
    );
}

#[test]
fn differences_name_the_members_that_changed() {
    let mut form: Value = serde_json::from_str(FORMS[0]).expect("JSON");
    form["purposes"].as_array_mut().expect("purposes").remove(2);
    form["purposes"][1]["storage"]["retention"] = json!("P2Y");
    form["title"]["fr"] = json!("Recevez le guide");
    let mut added = form["purposes"][1].clone();
    added["id"] = json!("letter");
    form["purposes"].as_array_mut().expect("purposes").push(added);
    let earlier = made_of(&[FORMS[0]], "fr");
    let later = made_of(&[&form.to_string()], "fr");

    let found = Difference::between(&earlier, &later);
    let ids = |rows: &[Activity]| rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&found.added), ["ebook-rgpd/letter"]);
    assert_eq!(ids(&found.removed), ["ebook-rgpd/call"]);
    let newsletter = found
        .changed
        .iter()
        .find(|row| row.id == "ebook-rgpd/newsletter")
        .expect("changed");
    let members: Vec<&str> = newsletter.members.iter().map(|change| change.member).collect();
    assert_eq!(members, ["people", "retention"]);
    let retention = &newsletter.members[1];
    assert_eq!(
        (&retention.before[0]["period"], &retention.after[0]["period"]),
        (&json!("P3Y"), &json!("P2Y"))
    );

    let page = html::difference(&earlier, &later, "/page.css").expect("rendered");
    for part in [
        "Avant\u{a0}: 3 ans après",
        "Après\u{a0}: 2 ans après",
        "1.1 letter",
        "2.1 call",
        "3.2 newsletter",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let nothing = Difference::between(&earlier, &earlier);
    assert!(nothing.added.is_empty() && nothing.removed.is_empty() && nothing.changed.is_empty());
}
