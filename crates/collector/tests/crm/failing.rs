//! Vendors that are busy, that refuse, and that talk nonsense.

use std::time::Duration;

use candor_collector::flow::adapter::{Desired, EndReason, Outcome};
use serde_json::{Value, json};

use crate::{
    double::{Double, Reply},
    talk::{EMAIL, Talk, ada, ended, lead, usual},
    vendors::{brevo, hubspot, mailchimp, mautic, salesforce},
};

const KINDS: [&str; 5] = ["hubspot", "brevo", "mailchimp", "salesforce", "mautic"];

fn double(kind: &str) -> Double {
    match kind {
        "hubspot" => hubspot::double(&hubspot::Shared::default()),
        "brevo" => brevo::double(&brevo::Shared::default()),
        "mailchimp" => mailchimp::double(&mailchimp::Shared::default()),
        "salesforce" => salesforce::double(&salesforce::Shared::default()),
        _ => mautic::double(&mautic::Shared::default()),
    }
}

fn talk(kind: &str) -> Talk {
    Talk::new(kind, usual(kind), double(kind))
}

fn first(kind: &str, reply: Reply) -> Outcome {
    let mut talk = talk(kind);
    talk.double.first.push_back(reply);
    let message = talk.message(Desired::Lead(Box::new(ada())));
    talk.attempt(&message)
}

#[test]
fn limits_pass() {
    let check = |kind: &str, reply: Reply, seconds: Option<u64>| {
        let after = seconds.map(Duration::from_secs);
        assert_eq!(
            first(kind, reply.clone()),
            Outcome::Retry { after },
            "{kind} {}",
            reply.status
        );
    };
    for kind in KINDS {
        check(kind, Reply::new(429, json!({})).with("retry-after", "30"), Some(30));
        check(kind, Reply::new(429, json!({})), None);
        check(kind, Reply::new(503, Value::Null), None);
        check(kind, Reply::new(502, json!("<html>bad gateway</html>")), None);
        // Somebody may mend credentials while the schedule lasts.
        check(kind, Reply::new(401, json!({})), None);
        check(kind, Reply::new(403, json!({})), None);
    }
    check(
        "brevo",
        Reply::new(429, json!({})).with("x-sib-ratelimit-reset", "17"),
        Some(17),
    );

    // The org's own limit comes as 403, behind the token.
    let mut talk = talk("salesforce");
    talk.double
        .first
        .push_back(Reply::new(200, json!({"access_token": "x"})));
    let limit = json!([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]);
    talk.double.first.push_back(Reply::new(403, limit));
    let message = talk.message(Desired::Lead(Box::new(ada())));
    assert_eq!(talk.attempt(&message), Outcome::Retry { after: None });
}

#[test]
fn wrong_credentials_are_tried_again() {
    for (kind, name) in [
        ("hubspot", "token"),
        ("brevo", "key"),
        ("mailchimp", "key"),
        ("salesforce", "client_secret"),
        ("mautic", "client_secret"),
    ] {
        let mut talk = talk(kind);
        for secret in talk.settings.secrets.0.iter_mut().filter(|secret| secret.name == name) {
            secret.value = match kind {
                "mailchimp" => "ffffffffffffffffffffffffffffffff-us21".to_owned(),
                "brevo" => "xkeysib-other".to_owned(),
                _ => "another".to_owned(),
            };
        }
        let message = talk.message(Desired::Lead(Box::new(ada())));
        assert_eq!(talk.attempt(&message), Outcome::Retry { after: None }, "{kind}");
    }
}

fn why(outcome: Outcome) -> String {
    match outcome {
        Outcome::Dead { why } => why.into_owned(),
        other => panic!("{other:?}"),
    }
}

/// What no vendor's field is called here: each says so in its own way, and the dead letter names the field.
#[test]
fn a_dead_letter_names_the_field_and_no_value() {
    for (kind, wrong, expected) in [
        (
            "hubspot",
            "shoe_size",
            "hubspot refused shoe_size (400 VALIDATION_ERROR)",
        ),
        ("brevo", "SHOE_SIZE", "brevo refused SHOE_SIZE (400 invalid_parameter)"),
        (
            "mailchimp",
            "SHOESIZE",
            "mailchimp refused SHOESIZE (400 Invalid Resource)",
        ),
        (
            "salesforce",
            "Shoe_Size__c",
            "salesforce refused Shoe_Size__c (400 INVALID_FIELD)",
        ),
        ("mautic", "shoe_size", "mautic refused shoe_size (400)"),
    ] {
        let mut settings = usual(kind);
        settings.options["fields"]["role"] = wrong.into();
        let mut talk = Talk::new(kind, settings, double(kind));
        let message = talk.message(Desired::Lead(Box::new(ada())));
        assert_eq!(why(talk.attempt(&message)), expected);
    }
}

#[test]
fn what_vendors_say_of_a_person_stays_with_them() {
    // Each of these quotes the address in its sentence.
    let shared = mailchimp::Shared::default();
    let unsubscribed = mailchimp::Member {
        email: EMAIL.into(),
        status: "unsubscribed".into(),
        by_themselves: true,
        ..mailchimp::Member::default()
    };
    shared.look().members.insert(mailchimp::hash(EMAIL), unsubscribed);
    let mut talk = Talk::new("mailchimp", usual("mailchimp"), mailchimp::double(&shared));
    let message = talk.message(Desired::Lead(Box::new(ada())));
    assert_eq!(
        why(talk.attempt(&message)),
        "mailchimp refused the request (400 Member In Compliance State)"
    );
    shared.look().members.clear();
    shared.look().forgotten.push(EMAIL.into());
    assert_eq!(
        why(talk.attempt(&message)),
        "mailchimp refused the request (400 Forgotten Email Not Subscribed)"
    );

    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    let odd = lead(&[("email", "email", "ada@somewhere.invalid")]);
    let message = talk.message(Desired::Lead(Box::new(odd)));
    assert_eq!(why(talk.attempt(&message)), "hubspot refused email (400 INVALID_EMAIL)");

    // A vendor that answers with the person's own words where a code or a field is expected.
    let named = json!({
        "category": EMAIL, "code": EMAIL, "title": "Countess", "message": EMAIL,
        "errors": [{"in": EMAIL, "field": "Ada", "errorType": EMAIL, "message": format!("Error in 'fields.{EMAIL}'"),
            "details": {EMAIL: ["is taken"]}, "context": {"propertyName": ["Countess"]}}],
    });
    for kind in KINDS {
        for body in [named.clone(), json!([named.clone()])] {
            let said = why(first(kind, Reply::new(422, body)));
            assert_eq!(said, format!("{kind} refused the request (422)"));
        }
    }
}

#[test]
fn a_converted_lead_and_a_taken_address_wait_for_a_person() {
    let shared = salesforce::Shared::default();
    let mut talk = Talk::new("salesforce", usual("salesforce"), salesforce::double(&shared));
    shared.look().converted = true;
    let message = talk.message(Desired::Lead(Box::new(ada())));
    assert_eq!(
        why(talk.attempt(&message)),
        "salesforce refused the request (400 CANNOT_UPDATE_CONVERTED_LEAD)"
    );
    let taken = json!({"category": "CONFLICT", "message": format!("{EMAIL} is taken")});
    assert_eq!(
        why(first("hubspot", Reply::new(409, taken))),
        "hubspot refused the request (409 CONFLICT)"
    );
}

#[test]
fn a_batch_that_failed_within_is_no_success() {
    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    let message = talk.message(Desired::Lead(Box::new(ada())));
    let outcome = talk.attempt(&message);
    talk.take(&message, &outcome);
    talk.settings.options["subscription"] = 8.into();
    let message = talk.message(ended(EndReason::Withdrawn));
    let said = why(talk.attempt(&message));
    assert_eq!(said, "hubspot refused subscriptionId (200 VALIDATION_ERROR)");
}

#[test]
fn an_end_without_any_id_is_said_so() {
    let mut settings = usual("hubspot");
    settings.options.remove("reference");
    for (kind, settings) in [("hubspot", settings), ("mailchimp", usual("mailchimp"))] {
        let mut talk = Talk::new(kind, settings, double(kind));
        let message = talk.message(ended(EndReason::Erased));
        let said = why(talk.attempt(&message));
        assert!(
            said.starts_with(&format!("{kind} never told the id of this person")),
            "{said}"
        );
    }
}

#[test]
fn a_purpose_without_address_and_a_channel_without_switch_say_what_to_do() {
    for kind in ["hubspot", "brevo", "mailchimp", "mautic"] {
        let mut talk = talk(kind);
        let message = talk.message(Desired::Lead(Box::new(lead(&[("first", "given-name", "Ada")]))));
        let said = why(talk.attempt(&message));
        assert_eq!(
            said,
            format!("{kind} needs an e-mail address, and this purpose has none")
        );
    }
    for kind in ["hubspot", "brevo", "mailchimp", "mautic"] {
        let mut settings = usual(kind);
        settings.options.remove("state");
        settings.options.remove("permission");
        let mut talk = Talk::new(kind, settings, double(kind));
        let by_post = candor_collector::flow::adapter::Lead {
            channel: candor_record::term::Channel::Post,
            ..ada()
        };
        let message = talk.message(Desired::Lead(Box::new(by_post)));
        let said = why(talk.attempt(&message));
        assert!(
            said.starts_with(&format!("{kind} has no switch for the channel post: set the option ")),
            "{said}"
        );
    }
}

#[test]
fn nonsense_ends_without_panic() {
    let bodies = [
        Value::Null,
        json!([]),
        json!({}),
        json!("x"),
        json!({"results": "x", "contacts": 3, "id": {}, "contact": [], "compositeResponse": 7, "access_token": 1}),
        json!({"results": [{"id": "../../lists/1"}], "id": "a b", "contact": {"id": "1/2"}, "access_token": "t"}),
        json!({"id": -1, "contacts": [{"id": 1.5}], "compositeResponse": [{"httpStatusCode": 70000}]}),
    ];
    for kind in KINDS {
        for status in [200, 201, 204, 207, 300, 302, 400, 404, 409, 410, 418, 422] {
            for body in &bodies {
                for desired in [
                    Desired::Lead(Box::new(ada())),
                    ended(EndReason::Withdrawn),
                    ended(EndReason::Erased),
                ] {
                    let mut talk = talk(kind);
                    talk.told.remote = Some("17 email".to_owned());
                    talk.double
                        .first
                        .extend(std::iter::repeat_n(Reply::new(status, body.clone()), 12));
                    let message = talk.message(desired);
                    let outcome = talk.attempt(&message);
                    assert!(
                        !matches!(outcome, Outcome::Gone),
                        "{kind} {status}: one answer disables no account"
                    );
                }
            }
        }
    }
}
