//! Every way in which a lead ends, at the receiver within one sweep, and in no export afterwards (Art. 19 GDPR).

use candor_collector::{operator::Role, store::flows::LastTold};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    NAME, ada, add, exported, one_who_has_ada, row, start, start_with, sweep_at, tell, telling::with_offers, told,
};
use crate::{
    person::Somebody,
    receiver::Receiver,
    staff::Staff,
    support::{ADA, Draft, TestApp},
};

/// Ada's newsletter is at the receiver.
async fn subscribed() -> (TestApp, Receiver, Somebody) {
    let app = start().await;
    let (receiver, _, somebody) = one_who_has_ada(&app).await;
    assert_eq!(told(&receiver.received()), [row("lead.allowed", "", "")]);
    (app, receiver, somebody)
}

#[tokio::test]
async fn a_withdrawal_is_told_and_a_consent_anew_too() {
    let (app, receiver, somebody) = subscribed().await;
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    sweep_at(&app, "2026-11-21T10:05:00Z").await;
    assert_eq!(
        told(&receiver.received())[1..],
        [row("lead.ended", "withdrawn", "stop")]
    );
    assert_eq!(exported(&app, "newsletter").await, [""; 0]);
    let body = receiver.received()[1].json();
    assert_eq!(
        body["data"].as_object().expect("members").len(),
        5,
        "nothing but the end: {body}"
    );
    sweep_at(&app, "2026-11-21T10:10:00Z").await;
    assert_eq!(receiver.received().len(), 2, "told once");

    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    assert_eq!(told(&receiver.received())[2..], [row("lead.allowed", "", "")]);
    let subject = |at: usize| receiver.received()[at].json()["data"]["subject"].clone();
    assert_eq!(subject(0), subject(2));
}

#[tokio::test]
async fn an_end_is_told_although_the_clock_was_set_back() {
    let (app, receiver, somebody) = subscribed().await;
    app.clock.advance(SignedDuration::from_secs(20));
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    app.clock.set("2026-11-21T10:00:10Z".parse().expect("a time"));
    tell(&app).await;
    assert_eq!(
        told(&receiver.received())[1..],
        [row("lead.ended", "withdrawn", "stop")]
    );

    let (app, receiver, somebody) = subscribed().await;
    app.clock.advance(SignedDuration::from_secs(20));
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let path = format!("/v1/people/{}/restrict", somebody.id);
    dpo.post(&path, &json!({"reason": "letter"})).await;
    app.clock.set("2026-11-21T10:00:10Z".parse().expect("a time"));
    tell(&app).await;
    assert_eq!(
        told(&receiver.received())[1..],
        [row("lead.ended", "restricted", "stop")]
    );
}

#[tokio::test]
async fn an_objection_is_told() {
    let app = with_offers().await;
    let receiver = Receiver::start();
    add(&app, &receiver, "offers", "mailer").await;
    let compiled = app.compiled("webinar-b2b", "en").await;
    let draft = Draft::new(&compiled, app.app.clock.now(), &[], &[ADA, ("name", "Ada Lovelace")]);
    let somebody = Somebody::unproved(&app, &draft).await;
    tell(&app).await;
    app.post_form(&somebody.manage, &[("object", "offers")]).await;
    sweep_at(&app, "2026-11-21T10:05:00Z").await;
    let expected = [row("lead.allowed", "", ""), row("lead.ended", "objected", "stop")];
    assert_eq!(told(&receiver.received()), expected);
    assert_eq!(receiver.received()[0].json()["data"]["basis"], "legitimate-interest");
    assert_eq!(exported(&app, "offers").await, [""; 0]);
}

#[tokio::test]
async fn silence_is_told_whether_the_form_expires_pauses_or_keeps() {
    for (silence, reason) in [("expire", "expired"), ("pause", "paused"), ("keep", "expired")] {
        let app = start_with(|form, definition| {
            if form == "ebook-rgpd" {
                definition["renewal"] = json!({"onSilence": silence});
            }
        })
        .await;
        let (receiver, _, _) = one_who_has_ada(&app).await;
        sweep_at(&app, "2028-05-21T09:59:59Z").await;
        assert_eq!(receiver.received().len(), 1, "{silence}: it holds still");
        sweep_at(&app, "2028-05-21T10:00:00Z").await;
        let expected = [row("lead.ended", reason, "stop")];
        let after = told(&receiver.received())[1..].to_vec();
        // With `expire` the lead itself goes when no other purpose is left: then it is to be erased at once.
        let erased = [row("lead.ended", "retention", "erase")];
        assert!(
            after == expected || (silence == "expire" && after == erased),
            "{silence}: {after:?}"
        );
        assert_eq!(exported(&app, "newsletter").await, [""; 0], "{silence}");
    }
}

#[tokio::test]
async fn a_restriction_is_told_and_its_end_too() {
    let (app, receiver, somebody) = subscribed().await;
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let change = async |what: &str| {
        let path = format!("/v1/people/{}/{what}", somebody.id);
        let answer = dpo.post(&path, &json!({"reason": "letter of 20 November"})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    };
    let permission = async || {
        let asked = json!({"email": ADA.1, "purpose": "newsletter", "channel": "email"});
        dpo.post("/v1/permissions", &asked).await.json()["reason"].clone()
    };
    change("restrict").await;
    change("restrict").await;
    sweep_at(&app, "2026-11-21T10:05:00Z").await;
    assert_eq!(
        told(&receiver.received())[1..],
        [row("lead.ended", "restricted", "stop")]
    );
    assert_eq!(permission().await, "restricted");
    assert_eq!(exported(&app, "newsletter").await, [""; 0]);
    assert_eq!(exported(&app, "ebook").await, [""; 0], "the service too");
    // Nothing else happens to them: no letter, no expiry, no end of the data.
    sweep_at(&app, "2036-01-01T00:00:00Z").await;
    assert_eq!(app.count("leads").await, 1);
    assert_eq!(app.count("records WHERE event = 'expiry'").await, 0);
    assert_eq!(app.count("outbox WHERE kind = 'renewal'").await, 0);
    app.clock.set("2026-11-22T10:00:00Z".parse().expect("a time"));
    let page = app
        .get(&format!("{}/data", somebody_link(&app, &somebody).await))
        .await
        .text();
    assert!(page.contains("Traitement limité depuis"), "{page}");
    change("unrestrict").await;
    tell(&app).await;
    assert_eq!(told(&receiver.received())[2..], [row("lead.allowed", "", "")]);
    assert_eq!(permission().await, "given");
    assert_eq!(app.count("restrictions").await, 1);
}

async fn somebody_link(app: &TestApp, somebody: &Somebody) -> String {
    crate::person::link(app, candor_collector::links::LinkKind::Person, somebody.id).await
}

#[tokio::test]
async fn an_erasure_is_told_after_the_person_is_gone() {
    let (app, receiver, somebody) = subscribed().await;
    let admin = Staff::hire(&app, Role::Admin).await;
    let target = admin.get("/v1/webhooks").await.json()["webhooks"][0]["id"].clone();
    let path = format!("/v1/people/{}/erase", somebody.id);
    let answer = admin.post(&path, &json!({"reason": "letter"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(app.count("people").await, 0);
    sweep_at(&app, "2026-11-21T10:05:00Z").await;
    assert_eq!(told(&receiver.received())[1..], [row("lead.ended", "erased", "erase")]);
    let shared = app.app.store.shared_of(somebody.id).await.expect("read");
    assert_eq!(shared[0].told, Some(LastTold::Erase));
    assert!(!shared[0].holds && shared[0].remote.is_none());

    // The proof of delivery stays, without a value, for as long as the evidence does.
    let path = format!("/v1/webhooks/{}/deliveries", target.as_str().expect("an id"));
    let proof = admin.get(&path).await;
    let deliveries = proof.json()["deliveries"].clone();
    assert_eq!(deliveries.as_array().map(Vec::len), Some(2));
    for (at, member, expected) in [
        (0, "event", json!("lead.ended")),
        (0, "reason", json!("erased")),
        (0, "state", json!("delivered")),
        (0, "status", json!(200)),
        (0, "attempts", json!(1)),
        (0, "contract", json!("2026-01-15")),
        (1, "event", json!("lead.allowed")),
        (1, "record", json!(somebody.chain)),
    ] {
        assert_eq!(deliveries[at][member], expected, "{member}");
    }
    assert!(!proof.text().contains("ada@") && !proof.text().contains(NAME.1));
    sweep_at(&app, "2031-11-21T10:04:59Z").await;
    assert_eq!(app.count("deliveries").await, 2);
    sweep_at(&app, "2031-11-21T10:05:01Z").await;
    assert_eq!((app.count("deliveries").await, app.count("shared").await), (0, 0));
}

#[tokio::test]
async fn whoever_never_got_the_lead_hears_nothing_of_its_end() {
    let app = start().await;
    let receiver = Receiver::start();
    add(&app, &receiver, "newsletter", "mailer").await;
    let somebody = ada(&app, &[("newsletter", "given")]).await;
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    tell(&app).await;
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    let admin = Staff::hire(&app, Role::Admin).await;
    admin
        .post(
            &format!("/v1/people/{}/erase", somebody.id),
            &json!({"reason": "letter"}),
        )
        .await;
    tell(&app).await;
    assert_eq!(receiver.connections(), 0);
    assert_eq!(
        (app.count("shared").await, app.count("deliveries").await),
        (0, 0),
        "nor is anything kept"
    );
}

#[tokio::test]
async fn the_end_of_the_data_is_told() {
    let (app, receiver, _) = subscribed().await;
    sweep_at(&app, "2034-01-01T00:00:00Z").await;
    assert_eq!(app.count("people").await, 0, "nothing is kept for ever");
    assert_eq!(
        told(&receiver.received())[1..],
        [row("lead.ended", "retention", "erase")]
    );
}

#[tokio::test]
async fn the_person_reads_who_received_what() {
    let (app, receiver, somebody) = subscribed().await;
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    tell(&app).await;
    let link = somebody_link(&app, &somebody).await;
    let data = app.get(&format!("{link}/data.json")).await.json();
    let received = receiver.received();
    let rows = data["receivers"].as_array().expect("receivers");
    assert_eq!(rows.len(), 2, "{data}");
    for (row, request) in rows.iter().zip(&received) {
        assert_eq!(row["party"], "Courrier Exemple SA");
        assert_eq!(row["contract"], "2026-01-15");
        assert_eq!(row["message"], request.id());
        let digest = candor_record::digest::Sha256Digest::of(&request.body);
        assert_eq!(row["digest"], digest.to_text(), "of exactly what was sent");
        assert!(row["delivered"].is_string());
    }
    assert_eq!(rows[0]["fields"], json!(["email", "given_name"]));
    assert_eq!(rows[0]["record"], data["submissions"][0]["record"], "which lead");
    assert_eq!(rows[1]["record"], json!(null), "an end tells none");
    assert_eq!(rows[1]["act"], "stop");
    let page = app.get(&format!("{link}/data")).await.text();
    for words in [
        "Qui a reçu vos données",
        "Courrier Exemple SA",
        "a reçu vos données",
        "Contrat\u{a0}: 15 janvier 2026",
        "chaque mois",
        "prévenu de cesser",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
