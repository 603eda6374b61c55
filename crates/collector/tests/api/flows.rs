//! What receivers are told: only for a purpose that allows it, only to the party that the form named, and that it has ended.
//! Every receiver here is a socket.

use std::{fs, time::Duration};

use candor_collector::{
    flow,
    operator::Role,
    sweep::{Mode, sweep},
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    person::Somebody,
    receiver::{Received, Receiver},
    staff::Staff,
    support::{ADA, TestApp, ebook},
};

mod crm;
mod ending;
mod failing;
mod operators;
mod reaching;
mod secrets;
mod telling;
mod waking;

const NAME: (&str, &str) = ("given_name", "Augusta-Ada");
const PHONE: (&str, &str) = ("phone", "01 99 00 77 88");

/// A collector whose receivers are on this machine, and whose patience is short.
async fn start() -> TestApp {
    start_with(|_, _| {}).await
}

/// The same, with definitions changed by their form's id before they are published.
async fn start_with(change: impl Fn(&str, &mut Value)) -> TestApp {
    started(Duration::from_millis(700), change).await
}

/// Receivers may take as long as that.
async fn start_with_patience(patience: Duration) -> TestApp {
    started(patience, |_, _| {}).await
}

async fn started(patience: Duration, change: impl Fn(&str, &mut Value)) -> TestApp {
    TestApp::start_with(|config| {
        config.target_networks = vec!["127.0.0.0/8".parse().expect("a network")];
        config.deadlines.receiver = patience;
        let folder = config.forms.clone().expect("forms");
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("a file").path();
            let text = fs::read_to_string(&path).expect("read");
            let mut definition: Value = serde_json::from_str(&text).expect("a definition");
            let id = definition["id"].as_str().expect("an id").to_owned();
            change(&id, &mut definition);
            fs::write(&path, definition.to_string()).expect("written");
        }
    })
    .await
}

/// Adds a webhook and returns the answer.
async fn add(app: &TestApp, receiver: &Receiver, purpose: &str, party: &str) -> Value {
    let admin = Staff::hire(app, Role::Admin).await;
    let body = json!({"url": receiver.url(), "purpose": purpose, "party": party, "contract": "2026-01-15"});
    let answer = admin.post("/v1/webhooks", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

/// Ada, who subscribed to these and proved her mailbox.
async fn ada(app: &TestApp, statuses: &[(&str, &str)]) -> Somebody {
    let draft = ebook(app, statuses, &values(statuses)).await;
    Somebody::proved(app, &draft).await
}

/// A receiver that has Ada's lead, as it was added, and Ada.
async fn one_who_has_ada(app: &TestApp) -> (Receiver, Value, Somebody) {
    let receiver = Receiver::start();
    let added = add(app, &receiver, "newsletter", "mailer").await;
    let somebody = ada(app, &[("newsletter", "given")]).await;
    tell(app).await;
    (receiver, added, somebody)
}

fn values<'a>(statuses: &[(&str, &str)]) -> Vec<(&'a str, &'a str)> {
    let mut values = vec![ADA];
    for (purpose, value) in [("newsletter", NAME), ("call", PHONE)] {
        if statuses.contains(&(purpose, "given")) {
            values.push(value);
        }
    }
    values
}

/// She corrects her given name to Ada-Lovelace.
async fn correct(app: &TestApp, somebody: &Somebody) {
    let chain = somebody.chain.to_string();
    let typed = [("correct", chain.as_str()), ("value.given_name", "Ada-Lovelace")];
    somebody.press(app, &typed).await;
}

/// One round of the worker.
async fn tell(app: &TestApp) {
    flow::drain(&app.app).await;
}

/// What `candor sweep` does: what is due, then the receivers.
async fn sweep_at(app: &TestApp, at: &str) {
    app.clock.set(at.parse::<Timestamp>().expect("a time"));
    sweep(&app.app, Mode::Act).await.expect("swept");
    tell(app).await;
}

/// Event, reason and act of each request.
fn told(received: &[Received]) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let said = received.iter().map(|request| {
        let body = request.json();
        (
            text(&body["type"]),
            text(&body["data"]["reason"]),
            text(&body["data"]["act"]),
        )
    });
    said.collect()
}

fn row(event: &str, reason: &str, act: &str) -> (String, String, String) {
    (event.to_owned(), reason.to_owned(), act.to_owned())
}

/// The addresses that an export of the purpose holds.
async fn exported(app: &TestApp, purpose: &str) -> Vec<String> {
    let admin = Staff::hire(app, Role::Admin).await;
    let answer = admin.get(&format!("/v1/leads?purpose={purpose}")).await.json();
    let leads = answer["leads"].as_array().expect("leads").iter();
    leads
        .map(|lead| lead["values"]["email"].as_str().unwrap_or("").to_owned())
        .collect()
}
