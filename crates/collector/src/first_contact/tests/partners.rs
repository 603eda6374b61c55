//! What a partner says in its own name: who it is, whence it has the data, how to end it; and what is told to the operator where the
//! definition does not know it.

use serde_json::json;

use super::*;

mod spoken;

/// The form of the demo, whose purpose `partners` passes the address on, changed.
fn shared(change: impl FnOnce(&mut Value)) -> Definition {
    let text = include_str!("../../../../../www/forms/ebook-rgpd.json");
    let mut json: Value = serde_json::from_str(text).expect("JSON");
    change(&mut json);
    read("shared", &json.to_string())
}

/// The party `partner`, with these members and no other way to reach it.
fn with_partner(members: Value) -> Definition {
    shared(|json| {
        let party = &mut json["parties"][3];
        assert_eq!(party["id"], "partner");
        for given in ["url", "email", "phone", "address", "policy"] {
            party.as_object_mut().expect("a party").remove(given);
        }
        for (name, value) in members.as_object().expect("members") {
            party[name] = value.clone();
        }
        if party.get("policy").is_none() {
            // Only what is shared needs a policy.
            json["purposes"][3]["operations"] = json!(["Collect", "Store"]);
        }
    })
}

/// What the partner says in a language.
fn said(definition: &Definition, language: &str, circumstances: &Circumstances<'_>) -> FirstContact {
    let made = contacts(definition, circumstances);
    let found = made
        .into_iter()
        .find(|contact| contact.purpose == "partners" && contact.language == language && contact.partner.is_some());
    found.expect("made")
}

fn lacks(contact: &FirstContact) -> Vec<&Note> {
    let missing = contact.notes.iter().filter(|note| note.kind == NoteKind::Missing);
    missing.collect()
}

#[test]
fn a_partner_says_who_it_is_whence_it_has_the_data_and_how_to_end_it() {
    let definition = with_partner(json!({
        "name": "Partenaire Exemple SA", "address": "5 rue du Modèle, 69002 Lyon", "email": "rgpd@partenaire.example",
        "phone": "+33 4 99 00 12 34", "policy": "https://partenaire.example/confidentialite",
    }));
    let contact = said(&definition, "en", &circumstances(None, false));
    let expected = "Advertising message. Sender: Partenaire Exemple SA
Controller: Partenaire Exemple SA, 5 rue du Modèle, 69002 Lyon, +33 4 99 00 12 34, rgpd@partenaire.example
Source of your contact details: Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris, contact@acme.example
Your contact details were given in the form “Get the GDPR guide”.
Data used: E‑mail address
Your consent: “I agree that Acme Conseil passes my e‑mail address to Partenaire Exemple SA (business software), which will e‑mail me its offers.”
Date of your consent: {date}

Your right to object
You can object to these messages at any time, free of charge and without giving a reason: rgpd@partenaire.example
They rest on your consent. You can withdraw it at any time: https://forms.acme.example/m

Access, rectification, erasure, restriction, portability, objection: rgpd@partenaire.example
Complaint: CNIL
Other recipients, storage period, privacy policy: https://partenaire.example/confidentialite
";
    assert_eq!(contact.footer.text, expected);
    assert_eq!(lacks(&contact), Vec::<&Note>::new());
    for target in ["mailto:rgpd@partenaire.example", "https://forms.acme.example/m"] {
        let link = format!("href=\"{target}\"");
        assert!(contact.footer.html.contains(&link), "{link} in {}", contact.footer.html);
    }
    let json = serde_json::to_value(&contact).expect("JSON");
    assert_eq!(
        json["partner"],
        json!({"id": "partner", "name": "Partenaire Exemple SA"})
    );
    assert_eq!(json["notes"][0]["kind"], "reminder");
}

#[test]
fn what_the_definition_does_not_know_of_a_partner_is_told() {
    let policy = "https://partenaire.example/p";
    let check = |members: Value, object: (&str, &str), rights: Option<&str>, more: Option<&str>, lacking: &[&str]| {
        let contact = said(&with_partner(members.clone()), "en", &circumstances(None, false));
        let (text, html) = (&contact.footer.text, &contact.footer.html);
        let (shown, target) = object;
        assert!(text.contains(&format!("reason: {shown}\n")), "{members}: {text}");
        let followed = html.contains(&format!("href=\"{target}\""));
        assert_eq!(followed, !target.is_empty(), "{members}: {html}");
        for (words, expected) in [("portability, objection: ", rights), ("privacy policy: ", more)] {
            let said = text
                .lines()
                .find_map(|line| line.split_once(words))
                .map(|(_, said)| said);
            assert_eq!(said, expected, "{members}: {text}");
        }
        assert!(
            !text.contains("contact@acme.example\n\n") && !text.contains("dpo@acme"),
            "{members}: {text}"
        );
        let notes = lacks(&contact);
        let sources: Vec<&str> = notes.iter().map(|note| note.source.as_str()).collect();
        assert_eq!(sources, lacking, "{members}");
        for note in notes {
            for words in [&note.en, &note.fr] {
                assert!(
                    words.contains("partner") && words.contains("Partenaire Exemple SA"),
                    "{words}"
                );
            }
            assert!(note.en.contains("publish the form again"), "the remedy: {}", note.en);
            assert!(note.fr.contains("publiez de nouveau"), "the remedy: {}", note.fr);
        }
    };
    let page = ("https://forms.acme.example/m", "https://forms.acme.example/m");
    let (no_way, no_policy) = ("GDPR Art. 14(1)(a)", "GDPR Art. 14(1); GDPR Art. 14(2)");
    let email = ("a@b.example", "mailto:a@b.example");
    check(
        json!({"email": "a@b.example", "policy": policy}),
        email,
        Some("a@b.example"),
        Some(policy),
        &[],
    );
    let site = ("https://b.example", "https://b.example");
    check(
        json!({"url": "https://b.example", "policy": policy}),
        site,
        Some("https://b.example"),
        Some(policy),
        &[],
    );
    let phone = ("+33 4 99 00 12 34", "tel:+33499001234");
    check(
        json!({"phone": "+33 4 99 00 12 34", "policy": policy}),
        phone,
        Some("+33 4 99 00 12 34"),
        Some(policy),
        &[],
    );
    let post = ("1 rue B, Lyon", "");
    check(
        json!({"address": "1 rue B, Lyon", "policy": policy}),
        post,
        Some("1 rue B, Lyon"),
        Some(policy),
        &[],
    );
    check(json!({"policy": policy}), page, None, Some(policy), &[no_way]);
    check(
        json!({"email": "a@b.example"}),
        email,
        Some("a@b.example"),
        None,
        &[no_policy],
    );
    check(json!({}), page, None, None, &[no_way, no_policy]);
    // A path needs a site.
    let at_site = json!({"url": "https://b.example/fr/?x", "policy": "/privacy"});
    let site = ("https://b.example/fr/?x", "https://b.example/fr/?x");
    check(
        at_site,
        site,
        Some("https://b.example/fr/?x"),
        Some("https://b.example/privacy"),
        &[],
    );
    let nowhere = json!({"email": "a@b.example", "policy": "/privacy"});
    check(nowhere, email, Some("a@b.example"), None, &[no_policy]);
}

#[test]
fn the_operator_reads_what_is_missing_before_all_else() {
    let contact = said(&with_partner(json!({})), "fr", &circumstances(None, false));
    let page = page::page("x", std::slice::from_ref(&contact)).expect("a page");
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} in {page}"));
    assert!(
        at("Il manque") < at("n’a ni e‑mail, ni téléphone") && at("n’a pas de «\u{a0}policy") < at("Pied du premier")
    );
    assert!(page.contains("RGPD, art. 14(1)(a)"), "{page}");
    let text = page::listing(&[contact]);
    assert!(text.contains("· email · Partenaire Exemple SA (partner)\n"), "{text}");
    assert_eq!(text.matches("! Missing: The party “partner”").count(), 2, "{text}");
    let complete = said(&shared(|_| ()), "fr", &circumstances(None, false));
    let page = page::page("x", &[complete]).expect("a page");
    assert!(!page.contains("Il manque"), "{page}");
}

#[test]
fn each_partner_speaks_for_itself() {
    let definition = shared(|json| {
        let second = json!({"id": "second", "role": "recipient", "name": "Second Exemple SARL", "country": "FR",
            "email": "rgpd@second.example", "policy": "https://second.example/p", "sector": {"fr": "formation", "en": "training"}});
        json["parties"].as_array_mut().expect("parties").push(second);
        json["purposes"][3]["recipients"] = json!(["acme", "partner", "second"]);
    });
    let made = contacts(&definition, &circumstances(None, false));
    let partners = made
        .iter()
        .filter(|contact| contact.purpose == "partners" && contact.language == "en");
    let said: Vec<(&str, bool, bool)> = partners
        .map(|contact| {
            let partner = contact.partner.as_ref().expect("a partner");
            let text = &contact.footer.text;
            (
                partner.id.as_str(),
                text.contains("second.example"),
                text.contains("partenaire.example"),
            )
        })
        .collect();
    assert_eq!(said, [("partner", false, true), ("second", true, false)]);
}

#[test]
fn an_interest_is_objected_to_with_the_partner_and_at_the_source() {
    let definition = shared(|json| {
        let purpose = json["purposes"][3].as_object_mut().expect("a purpose");
        purpose.remove("validity");
        purpose.insert("basis".into(), "legitimate-interest".into());
        purpose.insert(
            "interest".into(),
            json!({"fr": "faire connaître nos partenaires", "en": "making our partners known"}),
        );
        purpose.insert(
            "objection".into(),
            json!({"fr": "Je m’oppose à ce partage.", "en": "I object to this sharing."}),
        );
    });
    let text = said(&definition, "en", &circumstances(None, false)).footer.text;
    for needed in [
        "making our partners known\nDate of collection: {date}",
        "reason: https://partenaire.example\nYou can also object with the company that collected your details: https://forms.acme.example/m",
    ] {
        assert!(text.contains(needed), "{needed} in {text}");
    }
    assert!(
        !text.contains("onsent:") && !text.contains("rest on your consent"),
        "{text}"
    );
}

#[test]
fn data_that_leave_the_area_say_so() {
    let definition = shared(|json| {
        json["parties"][3]["country"] = "CA".into();
        json["purposes"][3]["transfers"] = json!([{"country": "CA", "mechanism": "A45-3"}]);
    });
    let text = said(&definition, "en", &circumstances(None, false)).footer.text;
    let expected = "Data handled outside the European Economic Area: Canada, adequacy decision";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_partner_that_no_operation_names_is_told_of_beside_the_controller() {
    let made = contacts(
        &with_partner(json!({"email": "a@b.example"})),
        &circumstances(None, false),
    );
    let senders: Vec<Option<&str>> = made
        .iter()
        .filter(|contact| contact.purpose == "partners" && contact.language == "en")
        .map(|contact| contact.partner.as_ref().map(|partner| partner.id.as_str()))
        .collect();
    assert_eq!(senders, [None, Some("partner")]);
}

#[test]
fn a_policy_of_ones_own_site_is_printed_with_the_site() {
    let check = |site: Option<&str>, expected: Option<&str>| {
        let definition = shared(|json| {
            json["policy"]["url"] = "/privacy".into();
            let party = json["parties"][0].as_object_mut().expect("a party");
            party.remove("url");
            party.extend(site.map(|site| ("url".to_owned(), site.into())));
        });
        let made = contacts(&definition, &circumstances(None, false));
        let call = made
            .iter()
            .find(|it| it.purpose == "call" && it.language == "en")
            .expect("made");
        let text = &call.footer.text;
        let said = text.lines().find_map(|line| line.strip_prefix("Privacy policy: "));
        assert_eq!(said, expected, "{text}");
        let steps = call.script.as_ref().expect("a script");
        let read_out = steps
            .iter()
            .find(|line| line.step == Step::Where)
            .map(|line| line.say.clone());
        let ends = read_out
            .as_deref()
            .map(|said| said.rsplit(' ').next().unwrap_or_default());
        assert_eq!(ends, expected, "{steps:?}");
    };
    check(Some("https://acme.example/home"), Some("https://acme.example/privacy"));
    check(None, None);
}

#[test]
fn a_text_that_says_nowhere_to_object_says_so_to_the_operator() {
    let check = |public_url: Option<&str>, email: bool, endpoint: Option<&str>, is_lacking: bool| {
        let definition = shared(|json| {
            if !email {
                json["parties"][0].as_object_mut().expect("a party").remove("email");
            }
            let submit = json["submit"].as_object_mut().expect("submit");
            submit.remove("endpoint");
            submit.extend(endpoint.map(|endpoint| ("endpoint".to_owned(), endpoint.into())));
        });
        let circumstances = Circumstances {
            public_url,
            ..circumstances(None, false)
        };
        for contact in contacts(&definition, &circumstances) {
            let place = format!("{} {public_url:?} {email} {endpoint:?}", contact.purpose);
            let said = lacks(&contact).iter().any(|note| note.en.contains("--public-url"));
            assert_eq!(said, is_lacking, "{place}: {}", contact.footer.text);
        }
    };
    check(Some(URL), false, None, false);
    check(None, true, None, false);
    check(None, false, Some("https://forms.acme.example/v1/submissions"), false);
    check(None, false, Some("/v1/submissions"), true);
    check(None, false, None, true);
}
