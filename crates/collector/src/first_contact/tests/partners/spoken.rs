//! A partner speaks every language of forms, in a message, in a line, and in a call.

use serde_json::json;

use super::*;

#[test]
fn a_partner_speaks_every_language() {
    for tag in crate::catalog::LANGUAGES {
        for (channel, elsewhere) in [("email", None), ("sms", None), ("phone", Some("Salon Exemple"))] {
            let definition = shared(|json| {
                translate(json, tag);
                json["purposes"][3]["channel"] = channel.into();
                json["fields"] = json!([
                    {"id": "email", "type": "email", "label": "E‑mail", "required": true, "purposes": ["ebook", "newsletter"]},
                    {"id": "phone", "type": "phone", "label": "Téléphone", "purposes": ["call", "partners"]},
                ]);
                if channel == "email" {
                    json["fields"][0]["purposes"] = json!(["ebook", "newsletter", "partners"]);
                    json["fields"][1]["purposes"] = json!(["call"]);
                }
                json["parties"][3]["email"] = "rgpd@partenaire.example".into();
            });
            let contact = said(&definition, tag, &circumstances(elsewhere, true));
            let (place, words) = (format!("{tag} {channel}"), Words::of(tag));
            let text = &contact.footer.text;
            let form = "Recevez le guide RGPD".to_owned();
            let mut needed = vec![
                "Partenaire Exemple SA",
                "rgpd@partenaire.example",
                "Acme Conseil SAS, 1 rue de l’Exemple, 75001 Paris, contact@acme.example",
                "https://partenaire.example/confidentialite",
                "https://forms.acme.example/m",
                "{date}",
            ];
            needed.push(elsewhere.unwrap_or(&form));
            for needed in needed {
                assert!(text.contains(needed), "{place}: {needed} in {text}");
            }
            for key in [
                "first_consent",
                "first_consent_date",
                "first_object",
                "first_withdraw",
                "first_more",
            ] {
                let (before, _) = words.get(key).split_once('{').expect("a placeholder");
                assert!(text.contains(before.trim_end()), "{place}: {key} in {text}");
            }
            match (channel, &contact.footer.short, &contact.script) {
                ("email", None, None) => {}
                ("sms", Some(short), None) => {
                    for needed in [
                        "Partenaire Exemple SA",
                        "Acme Conseil SAS",
                        "rgpd@partenaire.example",
                        "https://partenaire.example",
                    ] {
                        assert!(short.contains(needed), "{place}: {short}");
                    }
                }
                ("phone", None, Some(script)) => spoken(&place, script, elsewhere),
                other => panic!("{place}: {other:?}"),
            }
        }
    }
}

fn spoken(place: &str, script: &[Line], elsewhere: Option<&str>) {
    let steps: Vec<Step> = script.iter().map(|line| line.step).collect();
    let expected = [
        Step::AtOnce,
        Step::Source,
        Step::Consent,
        Step::Objection,
        Step::AtSource,
        Step::Recording,
        Step::Reach,
        Step::Where,
        Step::IfNo,
    ];
    assert_eq!(steps, expected, "{place}");
    let needed = [
        "Partenaire Exemple SA",
        elsewhere.unwrap_or_default(),
        "{date}",
        "",
        "https://forms.acme.example/m",
        "",
        "rgpd@partenaire.example",
        "https://partenaire.example/confidentialite",
        "",
    ];
    for (line, needed) in script.iter().zip(needed) {
        assert!(
            line.say.contains(needed) && !line.say.contains(".."),
            "{place}: {}",
            line.say
        );
    }
    assert!(script[1].say.contains("Acme Conseil SAS"), "{place}: {}", script[1].say);
}

#[test]
fn a_call_names_the_source_and_the_day_of_the_consent() {
    let definition = shared(|json| {
        json["purposes"][3]["channel"] = "phone".into();
        let phone = json["fields"]
            .as_array_mut()
            .expect("fields")
            .iter_mut()
            .find(|it| it["id"] == "phone");
        let phone = phone.expect("a phone").as_object_mut().expect("a field");
        phone.remove("when");
        phone.remove("required");
        phone.insert("purposes".into(), json!(["call", "partners"]));
    });
    let contact = said(&definition, "en", &circumstances(None, false));
    let script: Vec<&str> = contact
        .script
        .as_ref()
        .expect("a script")
        .iter()
        .map(|line| line.say.as_str())
        .collect();
    assert_eq!(
        script[..3],
        [
            "Hello, my name is {caller}. This is a commercial call on behalf of: Partenaire Exemple SA",
            "Source of your number: Acme Conseil SAS. You gave your number in the form “Get the GDPR guide”.",
            "Date of your consent: {date}. You agreed to calls of this kind. Is that still so? If not, I end it now.",
        ]
    );
}
