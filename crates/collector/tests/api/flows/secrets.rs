//! Secrets of receivers: sealed, rotated with overlap, sealed anew with the values, and in a backup.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use candor_collector::{backup, clock::SystemRandomness, operator::Role, values};
use jiff::SignedDuration;
use ring::hmac;
use serde_json::json;

use super::{NAME, ada, add, start, tell};
use crate::{
    person::Somebody,
    receiver::{Received, Receiver},
    staff::Staff,
    support::{TestApp, ebook},
};

/// Which of these secrets signed, in the order of the signatures.
fn signers<'a>(request: &Received, secrets: &[&'a str]) -> Vec<&'a str> {
    let signed = [
        request.id().as_bytes(),
        b".",
        request.header("webhook-timestamp").as_bytes(),
        b".",
        &request.body,
    ]
    .concat();
    let signs = |signature: &str, secret: &str| {
        let key = STANDARD.decode(&secret["whsec_".len()..]).expect("base64");
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed);
        signature == format!("v1,{}", STANDARD.encode(tag))
    };
    let signatures = request.header("webhook-signature").to_owned();
    let found = signatures.split(' ').map(|signature| {
        let mut found = secrets.iter().filter(|secret| signs(signature, secret));
        *found.next().expect("a signature by a known secret")
    });
    found.collect()
}

async fn somebody(app: &TestApp, name: &str) {
    let address = format!("{name}@example.org");
    let draft = ebook(app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
    Somebody::proved(app, &draft).await;
    tell(app).await;
}

#[tokio::test]
async fn a_rotated_secret_overlaps_for_a_day() {
    let app = start().await;
    let receiver = Receiver::start();
    let target = add(&app, &receiver, "newsletter", "mailer").await;
    let first = target["made"]["secret"].as_str().expect("a secret").to_owned();
    let admin = Staff::hire(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}/rotate", target["id"].as_str().expect("an id"));
    somebody(&app, "ada").await;
    let answer = admin.post(&path, &json!({})).await.json();
    let second = answer["made"]["secret"].as_str().expect("a new secret").to_owned();
    assert_ne!(first, second);
    somebody(&app, "bob").await;
    app.clock.advance(SignedDuration::from_hours(24));
    somebody(&app, "cy").await;
    let received = receiver.received();
    let both = [first.as_str(), second.as_str()];
    assert_eq!(signers(&received[0], &both), [first.as_str()]);
    assert_eq!(
        signers(&received[1], &both),
        [second.as_str(), first.as_str()],
        "both, the new one first"
    );
    assert_eq!(
        signers(&received[2], &both),
        [second.as_str()],
        "the former one has ended"
    );
}

#[tokio::test]
async fn nothing_of_a_receiver_stands_in_the_file() {
    let app = start().await;
    let receiver = Receiver::start();
    let admin = Staff::hire(&app, Role::Admin).await;
    let body = json!({
        "url": format!("{}?key=very-secret-path", receiver.url()),
        "purpose": "newsletter",
        "party": "mailer",
        "contract": "2026-01-15",
        "secrets": {"secret": "whsec_VmVyeVNlY3JldFZlcnlTZWNyZXRWZXJ5U2VjcmV0"},
    });
    let answer = admin.post("/v1/webhooks", &body).await;
    assert_eq!(answer.status, http::StatusCode::CREATED, "{}", answer.text());
    assert!(answer.json()["made"].is_null(), "it was given, not made");
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    assert_eq!(receiver.received()[0].path, "/hook?key=very-secret-path");
    for entry in fs::read_dir(app.folder.path().join("data")).expect("a folder") {
        let path = entry.expect("a file").path();
        let Ok(bytes) = fs::read(&path) else { continue };
        for needle in [
            "very-secret-path",
            "VmVyeVNlY3JldF",
            "VerySecretVerySecret",
            NAME.1,
            "ada@example.org",
        ] {
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!found, "{needle} in {}", path.display());
        }
    }
    let list = admin.get("/v1/webhooks").await;
    assert!(!list.text().contains("VmVyeVNlY3JldF"), "nor is it shown again");
    assert_eq!(list.json()["webhooks"][0]["secrets"], json!(["secret"]));
}

#[tokio::test]
async fn a_new_key_for_the_values_seals_what_receivers_need_too() {
    let app = start().await;
    let receiver = Receiver::start();
    let target = add(&app, &receiver, "newsletter", "mailer").await;
    let secret = target["made"]["secret"].as_str().expect("a secret").to_owned();
    somebody(&app, "ada").await;
    let (number, leads) = values::renew(app.app.store.as_ref(), &app.app.values, &SystemRandomness)
        .await
        .expect("sealed anew");
    assert_eq!((number, leads), (2, 1));
    assert_eq!(app.count("targets WHERE settings_key <> 2").await, 0);
    somebody(&app, "bob").await;
    let received = receiver.received();
    assert_eq!(signers(&received[1], &[secret.as_str()]), [secret.as_str()]);
}

#[tokio::test]
async fn a_backup_brings_receivers_back() {
    let app = start().await;
    let receiver = Receiver::start();
    let target = add(&app, &receiver, "newsletter", "mailer").await;
    let secret = target["made"]["secret"].as_str().expect("a secret").to_owned();
    somebody(&app, "ada").await;
    let file = app.folder.path().join("backup.tar");
    let config = &app.app.config;
    backup::write(&config.data, &config.database, &file, app.app.clock.now())
        .await
        .expect("written");
    let restored = TestApp::start_with(|config| {
        config.target_networks = vec!["127.0.0.0/8".parse().expect("a network")];
        let file = file.clone();
        let data = config.data.clone();
        let done = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(backup::restore(&file, &data))
        });
        done.join().expect("no panic").expect("restored");
    })
    .await;
    tell(&restored).await;
    assert_eq!(receiver.received().len(), 1, "what was told is known");
    somebody(&restored, "bob").await;
    let received = receiver.received();
    assert_eq!(signers(&received[1], &[secret.as_str()]), [secret.as_str()]);
}
