//! Submissions that are well formed and signed, and claim what the form does not: refused. And those that are only held.

use serde_json::{Value, json};

use crate::fixture::{Fixture, check_problem, slug};
use crate::made;

#[test]
fn what_the_form_does_not_say_is_refused() {
    let fixture = Fixture::start();
    let check = |name: &str, bend: fn(&mut Value)| {
        let mut draft = fixture.draft();
        bend(&mut draft.record);
        let answer = fixture.submit(&draft.signed());
        check_problem(name, &answer, 422);
        assert_eq!(fixture.rows(), [0; 4], "{name}: something was stored");
    };
    check("another category", |record| {
        record["processes"][1]["category"] = json!("ServicePersonalisation")
    });
    check("another basis", |record| {
        record["processes"][0]["basis"] = json!("legal-obligation")
    });
    check("another kind", |record| {
        record["processes"][1]["kind"] = json!("informational")
    });
    check("another channel", |record| {
        record["processes"][1]["channel"] = json!("phone")
    });
    check("another purpose id", |record| {
        record["processes"][1]["purpose"] = json!("profiling")
    });
    check("a purpose twice", |record| {
        let first = record["processes"][1].clone();
        record["processes"].as_array_mut().unwrap().push(first);
    });
    check("a purpose less", |record| {
        drop(record["processes"].as_array_mut().unwrap().remove(2))
    });
    check("another order of purposes", |record| {
        record["processes"].as_array_mut().unwrap().reverse()
    });
    check("other operations", |record| {
        record["processes"][1]["operations"] = json!(["Collect", "Store", "Use", "Share"])
    });
    check("other recipients", |record| {
        record["processes"][1]["recipients"] = json!(["acme", "mailer", "partner"])
    });
    check("other data", |record| record["processes"][0]["data"] = json!([]));
    check("a transfer", |record| {
        record["processes"][1]["transfers"] = json!([{ "country": "US", "mechanism": "A45-3" }]);
    });
    check("longer retention", |record| {
        record["processes"][1]["storage"]["retention"] = json!("P30Y")
    });
    check("longer validity", |record| {
        record["processes"][1]["validity"] = json!("P10Y")
    });
    check("another controller", |record| {
        record["parties"][0]["name"] = json!("Other SAS")
    });
    check("a party more", |record| {
        let party = json!({ "id": "other", "role": "recipient", "name": "Other", "country": "FR" });
        record["parties"].as_array_mut().unwrap().push(party);
    });
    check("a party less", |record| {
        drop(record["parties"].as_array_mut().unwrap().pop())
    });
    check("another notice", |record| {
        record["policy"]["url"] = json!("https://attacker.example/policy")
    });
    check("another version of the notice", |record| {
        record["policy"]["version"] = json!("1999-01-01")
    });
    check("another way back", |record| {
        record["withdrawal"] = json!({ "email": "nobody@attacker.example" })
    });
    check("fewer rights", |record| {
        drop(record["rights"].as_array_mut().unwrap().pop())
    });
    check("automated decisions", |record| {
        record["automatedDecisions"] = json!("scored")
    });
    check("another audience", |record| record["audience"] = json!("b2b"));
    check("another country", |record| {
        record["jurisdiction"]["country"] = json!("DE")
    });
    check("another service", |record| {
        record["form"]["service"] = json!("Something else")
    });
    check("no statement", |record| not_shown(record, "purpose.newsletter"));
    check("no controller", |record| not_shown(record, "controller"));
    check("no notice", |record| not_shown(record, "policy"));
    check("no way back shown", |record| not_shown(record, "withdrawal"));
    check("nothing shown", |record| record["shown"] = json!([]));
    check("a text of white space", |record| {
        record["shown"][0]["text"] = json!(" ")
    });
    check("a text that is not trimmed", |record| {
        record["shown"][0]["text"] = json!(" x ")
    });
    check("ticked from the start", |record| {
        record["processes"][1]["indication"]["initial"] = json!(true)
    });
    check("consent to a contract", |record| {
        record["processes"][0]["status"] = json!("given")
    });
    check("a derived status", |record| {
        record["processes"][1]["status"] = json!("pending")
    });
    check("observed without time", |record| {
        drop(record.as_object_mut().unwrap().remove("shownAt"))
    });
    check("not observed, yet trusted", |record| {
        record["capture"]["observed"] = json!(false)
    });
    check("no origin", |record| {
        record["capture"]["origin"] = json!("https://www.acme.example/landing?utm=1")
    });
    check("a chain of its own", |record| record["chain"] = json!(made::new_id()));
    check("no version 4", |record| {
        record["id"] = json!("00000000-0000-1000-8000-000000000000");
        record["chain"] = record["id"].clone();
    });
    check("a follow-up", |record| record["event"] = json!("confirmation"));
    check("replaces", |record| record["replaces"] = json!(made::new_id()));
    for method in ["html", "manage", "import"] {
        let mut draft = fixture.draft();
        draft.record["capture"]["method"] = json!(method);
        check_problem(method, &fixture.submit(&draft.signed()), 422);
    }
    let answer = fixture.submit(&fixture.draft().signed());
    assert_eq!(answer.status, 201, "a good one is still taken");
}

fn not_shown(record: &mut Value, reference: &str) {
    record["shown"]
        .as_array_mut()
        .unwrap()
        .retain(|text| text["ref"] != reference);
}

#[test]
fn altered_words_and_scripted_ticks_are_held() {
    let fixture = Fixture::start();
    let check = |name: &str, held: &[&str], bend: fn(&mut Value)| {
        let mut draft = fixture.draft();
        bend(&mut draft.record);
        let answer = fixture.submit(&draft.signed());
        assert_eq!(answer.status, 201, "{name}: {}", answer.json());
        assert_eq!(answer.json()["held"], json!(held), "{name}");
        assert_eq!(answer.json()["state"], "pending", "{name}");
    };
    check("as published", &[], |_| {});
    check("title", &[], |record| reworded(record, "title"));
    check("another language", &["newsletter"], |record| {
        reworded(record, "purpose.newsletter")
    });
    check("the controller's sentence", &["newsletter"], |record| {
        reworded(record, "controller")
    });
    check("the notice's link", &["newsletter"], |record| {
        reworded(record, "policy")
    });
    check("the way back", &["newsletter"], |record| reworded(record, "withdrawal"));
    check("a purpose not chosen", &[], |record| reworded(record, "purpose.call"));
    check("a script ticked", &["newsletter"], |record| {
        record["processes"][1]["indication"]["trusted"] = json!(false);
    });
}

/// As a browser translates a page.
fn reworded(record: &mut Value, reference: &str) {
    for text in record["shown"].as_array_mut().unwrap() {
        if text["ref"] == reference {
            text["text"] = json!(format!("~ {}", text["text"].as_str().unwrap()));
        }
    }
}

#[test]
fn a_wrong_clock_is_told_the_time() {
    let fixture = Fixture::start();
    let check = |name: &str, seconds: i64, status: u16| {
        let mut draft = fixture.draft();
        let created = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        draft.record["created"] = json!(format!("{created:.3}"));
        draft.record["shownAt"] = draft.record["created"].clone();
        let answer = fixture.submit(&draft.signed());
        assert_eq!(answer.status, status, "{name}: {}", answer.json());
        if status == 422 {
            check_problem(name, &answer, 422);
            assert_eq!(slug(&answer), "clock", "{name}");
            let now: jiff::Timestamp = answer.json()["now"].as_str().unwrap().parse().unwrap();
            assert!(
                now.duration_since(created).abs() > jiff::SignedDuration::from_secs(299),
                "{name}"
            );
        }
    };
    check("an hour slow", -3_600, 201);
    check("a day slow", -23 * 3_600, 201);
    check("more than a day slow", -25 * 3_600, 422);
    check("a minute fast", 60, 201);
    check("an hour fast", 3_600, 422);
    check("a century fast", 100 * 365 * 86_400, 422);

    let mut draft = fixture.draft();
    draft.record["shownAt"] = json!(format!(
        "{:.3}",
        jiff::Timestamp::now() + jiff::SignedDuration::from_secs(60)
    ));
    check_problem("shown after it was sent", &fixture.submit(&draft.signed()), 422);
}

#[test]
fn a_form_that_was_never_published_is_unknown() {
    let fixture = Fixture::start();
    let digest = format!("sha256-{}", candor_record::base64url::encode(&[1; 32]));
    let check = |pointer: &str, value: &str| {
        let mut draft = fixture.draft();
        *draft.record.pointer_mut(pointer).unwrap() = json!(value);
        let answer = fixture.submit(&draft.signed());
        check_problem(pointer, &answer, 422);
        assert_eq!(slug(&answer), "unknown-definition", "{pointer}: {}", answer.json());
    };
    check("/form/id", "unknown");
    check("/form/version", &digest);
    check("/form/texts", &digest);
    check("/language", "de");
    assert_eq!(fixture.rows(), [0; 4]);
}
