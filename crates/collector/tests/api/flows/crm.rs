//! The collector itself tells CRMs: a socket for each vendor, behind it the double that judges by the documented shapes.

use std::{
    io::{BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use candor_collector::{
    flow::adapter::{Method, Request},
    operator::Role,
};
use http::StatusCode;
use serde_json::{Value, json};

use super::{NAME, ada, start, sweep_at, tell};
use crate::{
    double::{Double, Reply},
    person::Somebody,
    receiver,
    staff::Staff,
    support::{ADA, TestApp, ebook},
    vendors::{brevo, hubspot, mailchimp, mautic, salesforce},
};

/// A vendor on this machine.
struct Vendor {
    address: String,
    double: Arc<Mutex<Double>>,
}

impl Vendor {
    fn start(double: Double) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let double = Arc::new(Mutex::new(double));
        let own = Arc::clone(&double);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let double = Arc::clone(&own);
                std::thread::spawn(move || serve(stream, &double));
            }
        });
        Self { address, double }
    }

    fn first(&self, reply: Reply) {
        self.double.lock().expect("no panic").first.push_back(reply);
    }

    /// What it was asked to do, and that nothing of it was beside the pages.
    fn asked(&self) -> Vec<String> {
        let double = self.double.lock().expect("no panic");
        assert!(double.refused.is_empty(), "{:?}", double.refused);
        double.log.iter().map(|(operation, _)| operation.clone()).collect()
    }
}

fn serve(stream: TcpStream, double: &Mutex<Double>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let received = receiver::read(&mut reader)?;
    let methods = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let request = Request {
        method: methods.into_iter().find(|known| known.as_str() == received.method)?,
        path: received.path,
        headers: received.headers,
        body: received.body,
    };
    let answer = double.lock().ok()?.answer(&request);
    let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if answer.status != 204 {
        head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    let stream = reader.get_mut();
    stream.write_all((head + "\r\n").as_bytes()).ok()?;
    stream.write_all(&answer.body).ok()
}

/// Adds the target by the operator's interface, tests it, and returns its id.
async fn target(app: &TestApp, kind: &str, vendor: &Vendor, path: &str, options: Value, secrets: Value) -> String {
    let admin = Staff::hire(app, Role::Admin).await;
    let body = json!({
        "kind": kind, "url": format!("{}{path}", vendor.address), "purpose": "newsletter", "party": "mailer",
        "contract": "2026-01-15", "options": options, "secrets": secrets,
    });
    let answer = admin.post("/v1/webhooks", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    for secret in secrets.as_object().expect("secrets").values() {
        assert!(
            !answer.text().contains(secret.as_str().expect("a text")),
            "{}",
            answer.text()
        );
    }
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    let tested = admin.post(&format!("/v1/webhooks/{id}/test"), &json!({})).await.json();
    assert_eq!(
        (&tested["ok"], &tested["why"]),
        (&json!(true), &Value::Null),
        "{tested}"
    );
    id
}

async fn deliveries(app: &TestApp, id: &str) -> Vec<Value> {
    let admin = Staff::hire(app, Role::Admin).await;
    let answer = admin.get(&format!("/v1/webhooks/{id}/deliveries")).await.json();
    answer["deliveries"].as_array().expect("deliveries").clone()
}

/// Ada subscribes, withdraws, subscribes again and has herself erased, with a target of this kind; its messages.
async fn life(
    vendor: &Vendor,
    (kind, path): (&str, &str),
    options: Value,
    secrets: Value,
    check: impl Fn(&str),
) -> Vec<Value> {
    let app = start().await;
    let id = target(&app, kind, vendor, path, options, secrets).await;
    let somebody = ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    check("allowed");
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    sweep_at(&app, "2026-11-21T10:05:00Z").await;
    check("withdrawn");
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    check("again");
    erase(&app, &somebody).await;
    sweep_at(&app, "2026-11-21T10:10:00Z").await;
    check("erased");
    vendor.asked();
    deliveries(&app, &id).await
}

async fn erase(app: &TestApp, somebody: &Somebody) {
    let dpo = Staff::hire(app, Role::Dpo).await;
    let answer = dpo
        .post(
            &format!("/v1/people/{}/erase", somebody.id),
            &json!({"reason": "she asked"}),
        )
        .await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

#[tokio::test]
async fn hubspot_hears_the_life_of_a_consent() {
    let shared = hubspot::Shared::default();
    let vendor = Vendor::start(hubspot::double(&shared));
    let options = json!({
        "portal": 4711, "form": hubspot::FORM, "subscription": 7, "forms_url": vendor.address,
        "fields": {"given_name": "firstname"}, "reference": "candor_id", "state": "candor_state",
    });
    let secrets = json!({"token": hubspot::TOKEN});
    let told = life(&vendor, ("hubspot", ""), options, secrets, |moment| {
        let account = shared.look();
        let contact = account.contacts.values().next();
        match moment {
            "erased" => assert!(contact.is_none() && account.blocked.is_empty()),
            _ => assert_eq!(contact.expect("a contact")["firstname"], NAME.1, "{moment}"),
        }
        let subscription = account.subscriptions.get(ADA.1).map(|(status, _)| status.as_str());
        let expected = if moment == "withdrawn" {
            "UNSUBSCRIBED"
        } else {
            "SUBSCRIBED"
        };
        assert_eq!(subscription, Some(expected), "{moment}");
        let text = account.submissions[0]["legalConsentOptions"]["consent"]["text"]
            .as_str()
            .expect("a text");
        assert!(text.contains("chaque mois"), "the sentence that she read: {text}");
    })
    .await;
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|delivery| delivery["state"] == "delivered"), "{told:?}");
    assert!(!json!(told).to_string().contains(ADA.1));
}

#[tokio::test]
async fn brevo_hears_the_life_of_a_consent() {
    let shared = brevo::Shared::default();
    let vendor = Vendor::start(brevo::double(&shared));
    let options = json!({"list": 12, "reference": "CANDOR_ID", "fields": {"given_name": "FIRSTNAME"}});
    let secrets = json!({"key": brevo::KEY});
    life(&vendor, ("brevo", "/v3"), options, secrets, |moment| {
        let account = shared.look();
        let Some(contact) = account.contacts.values().next() else {
            return assert_eq!(moment, "erased");
        };
        let allowed = moment != "withdrawn";
        assert_eq!(
            (contact.lists.contains(&12), !contact.email_blocked),
            (allowed, allowed),
            "{moment}"
        );
        assert_eq!(contact.attributes["FIRSTNAME"], NAME.1);
    })
    .await;
}

#[tokio::test]
async fn mailchimp_hears_the_life_of_a_consent() {
    let shared = mailchimp::Shared::default();
    let vendor = Vendor::start(mailchimp::double(&shared));
    let options = json!({
        "list": mailchimp::LIST, "permission": mailchimp::PERMISSION, "fields": {"given_name": "FNAME"},
    });
    let secrets = json!({"key": mailchimp::KEY});
    life(&vendor, ("mailchimp", "/3.0"), options, secrets, |moment| {
        let account = shared.look();
        let Some(member) = account.members.values().next() else {
            return assert_eq!(moment, "erased");
        };
        let (status, permission) = if moment == "withdrawn" {
            ("unsubscribed", false)
        } else {
            ("subscribed", true)
        };
        assert_eq!(
            (member.status.as_str(), member.permission),
            (status, permission),
            "{moment}"
        );
    })
    .await;
    assert_eq!(shared.look().forgotten, [ADA.1], "deleted for good");
}

#[tokio::test]
async fn salesforce_hears_the_life_of_a_consent() {
    let shared = salesforce::Shared::default();
    let vendor = Vendor::start(salesforce::double(&shared));
    let (id, secret) = salesforce::CLIENT;
    let options = json!({"external": "Candor__c", "fields": {"given_name": "FirstName"}});
    let secrets = json!({"client_id": id, "client_secret": secret});
    life(&vendor, ("salesforce", ""), options, secrets, |moment| {
        let account = shared.look();
        let of = |name: &str| {
            account
                .objects
                .iter()
                .find(|((object, _), _)| object == name)
                .map(|(_, held)| held)
        };
        let (Some(lead), Some(consent)) = (of("Lead"), of("ContactPointTypeConsent")) else {
            assert_eq!(moment, "erased");
            return assert!(!json!(account.bin).to_string().contains(ADA.1));
        };
        let ended = moment == "withdrawn";
        assert_eq!(lead["HasOptedOutOfEmail"], ended, "{moment}");
        assert_eq!(
            consent["PrivacyConsentStatus"],
            if ended { "OptOut" } else { "OptIn" },
            "{moment}"
        );
    })
    .await;
}

#[tokio::test]
async fn mautic_hears_the_life_of_a_consent() {
    let shared = mautic::Shared::default();
    let vendor = Vendor::start(mautic::double(&shared));
    let (id, secret) = mautic::CLIENT;
    let options = json!({"reference": "candor_id", "segment": 3, "fields": {"given_name": "firstname"}});
    let secrets = json!({"client_id": id, "client_secret": secret});
    life(&vendor, ("mautic", ""), options, secrets, |moment| {
        let account = shared.look();
        let Some(contact) = account.contacts.values().next() else {
            return assert_eq!(moment, "erased");
        };
        let ended = moment == "withdrawn";
        assert_eq!(contact.refusals.contains_key("email"), ended, "{moment}");
        assert_eq!(contact.segments.contains("3"), !ended, "{moment}");
    })
    .await;
}

/// A target whose account lacks a field that the settings name; what it holds, and the target's id.
async fn brevo_without_the_field(app: &TestApp) -> (brevo::Shared, Vendor, String) {
    let shared = brevo::Shared::default();
    let vendor = Vendor::start(brevo::double(&shared));
    let options = json!({"list": 12, "reference": "CANDOR_ID", "fields": {"given_name": "SHOE_SIZE"}});
    let id = target(app, "brevo", &vendor, "/v3", options, json!({"key": brevo::KEY})).await;
    (shared, vendor, id)
}

#[tokio::test]
async fn a_limit_passes_and_a_refusal_waits_with_the_name_of_the_field() {
    let app = start().await;
    let (shared, vendor, id) = brevo_without_the_field(&app).await;
    vendor.first(Reply::new(429, json!({})).with("x-sib-ratelimit-reset", "120"));
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    let waiting = &deliveries(&app, &id).await[0];
    assert_eq!(
        (&waiting["state"], &waiting["status"]),
        (&json!("waiting"), &json!(429)),
        "{waiting}"
    );
    sweep_at(&app, "2026-11-21T10:01:59Z").await;
    assert_eq!(
        deliveries(&app, &id).await[0]["attempts"],
        1,
        "two minutes, as it was told"
    );
    sweep_at(&app, "2026-11-21T12:00:00Z").await;
    let dead = &deliveries(&app, &id).await[0];
    assert_eq!(dead["state"], "dead", "{dead}");
    assert_eq!(dead["why"], "brevo refused SHOE_SIZE (400 invalid_parameter)");
    assert!(shared.look().contacts.is_empty());
}

#[tokio::test]
async fn a_message_that_is_refused_does_not_hold_up_the_next() {
    let app = start().await;
    let (_, _vendor, id) = brevo_without_the_field(&app).await;
    for number in 0..6 {
        let address = format!("p{number}@example.org");
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
        Somebody::proved(&app, &draft).await;
    }
    tell(&app).await;
    let dead = deliveries(&app, &id).await;
    assert!(dead.iter().all(|delivery| delivery["state"] == "dead"), "{dead:?}");
    assert_eq!(
        dead.len(),
        6,
        "each was tried once: it is the message that is refused, not the receiver that is away"
    );
}

#[tokio::test]
async fn settings_are_refused_with_their_places() {
    let app = start().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let body = json!({
        "kind": "hubspot", "url": "https://api.hubapi.com.evil.example", "purpose": "newsletter", "party": "mailer",
        "contract": "2026-01-15", "options": {"portal": "x", "forms_url": "https://evil.example"}, "secrets": {},
    });
    let answer = admin.post("/v1/webhooks", &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let problem = answer.json();
    let pointers: Vec<&str> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    for expected in [
        "/url",
        "/options/portal",
        "/options/form",
        "/options/subscription",
        "/options/forms_url",
        "/secrets/token",
    ] {
        assert!(pointers.contains(&expected), "{expected} in {pointers:?}");
    }
}
