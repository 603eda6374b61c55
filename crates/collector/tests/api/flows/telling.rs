//! What a lead that is allowed looks like to its receiver, and when there is none.

use candor_record::verify::{Evidence, RingVerifier, verify};
use jiff::SignedDuration;
use ring::hmac;
use serde_json::json;

use super::{NAME, PHONE, ada, add, correct, one_who_has_ada, row, start, start_with, tell, told, values};
use crate::{
    person::Somebody,
    receiver::Receiver,
    support::{ADA, TestApp, ebook},
};

#[tokio::test]
async fn a_lead_reaches_its_receiver_once_it_is_allowed_and_not_before() {
    let app = start().await;
    let receiver = Receiver::start();
    let target = add(&app, &receiver, "newsletter", "mailer").await;
    let all = [("newsletter", "given"), ("call", "given"), ("partners", "given")];
    let draft = ebook(&app, &all, &values(&all)).await;
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, http::StatusCode::CREATED, "{}", answer.text());
    tell(&app).await;
    assert_eq!(
        receiver.connections(),
        0,
        "nobody has proved that the mailbox is theirs"
    );

    let somebody = Somebody {
        id: app.ada().await.row.id,
        chain: draft.id().parse().expect("an id"),
        link: String::new(),
        manage: String::new(),
    };
    let confirm = app.app.link(crate::person::target(
        candor_collector::links::LinkKind::Confirm,
        somebody.chain,
    ));
    assert_eq!(app.post_form(&confirm, &[]).await.status, http::StatusCode::OK);
    tell(&app).await;
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(told(&received), [row("lead.allowed", "", "")], "once");
    let request = &received[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(
        request.header("user-agent"),
        concat!("candor/", env!("CARGO_PKG_VERSION"))
    );
    let body = request.json();
    let data = &body["data"];
    assert_eq!(
        data["values"],
        json!({"email": ADA.1, "given_name": NAME.1}),
        "of this purpose alone"
    );
    for (member, expected) in [
        ("purpose", json!("newsletter")),
        ("party", json!("mailer")),
        ("state", json!("given")),
        ("basis", json!("consent")),
        ("channel", json!("email")),
        ("language", json!("fr")),
        ("since", json!("2026-11-21T10:00:00.000Z")),
        ("until", json!("2028-05-21T10:00:00.000Z")),
        ("record", json!(draft.id())),
    ] {
        assert_eq!(data[member], expected, "{member}");
    }
    assert!(
        data["statement"]
            .as_str()
            .is_some_and(|text| text.contains("chaque mois")),
        "{data}"
    );
    let text = String::from_utf8_lossy(&request.body);
    for hidden in [PHONE.1, "+33199007788", &somebody.id.to_string()] {
        assert!(!text.contains(hidden), "{hidden} is none of its business");
    }

    // The receipts verify by the published keys, and show submission and confirmation.
    let keys = app.app.keys.current();
    let receipts = data["receipts"].as_array().expect("receipts");
    let events: Vec<_> = receipts
        .iter()
        .map(|receipt| {
            let evidence = Evidence {
                keys: Some(&keys.published),
                expected: None,
                disclosures: None,
                received: None,
            };
            let verdict = verify(receipt.to_string().as_bytes(), &evidence, &RingVerifier);
            verdict.record.expect("verified").record().to_json()["event"].clone()
        })
        .collect();
    assert_eq!(events, [json!("submission"), json!("confirmation")]);

    check_signature(request, target["made"]["secret"].as_str().expect("a secret"));
}

/// By the words of the specification, not by our code.
fn check_signature(request: &crate::receiver::Received, secret: &str) {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").expect("its prefix"))
        .expect("base64");
    let signed = [
        request.header("webhook-id").as_bytes(),
        b".",
        request.header("webhook-timestamp").as_bytes(),
        b".",
        &request.body,
    ]
    .concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed);
    assert_eq!(
        request.header("webhook-signature"),
        format!("v1,{}", STANDARD.encode(tag))
    );
    assert!(request.header("webhook-id").starts_with("msg_"));
}

#[tokio::test]
async fn what_is_not_allowed_or_not_named_never_leaves() {
    let app = start().await;
    let (mailer, partner) = (Receiver::start(), Receiver::start());
    add(&app, &mailer, "newsletter", "mailer").await;
    add(&app, &partner, "partners", "partner").await;
    ada(&app, &[("call", "given")]).await;
    let draft = ebook(&app, &[("newsletter", "given")], &[("email", "bob@example.org"), NAME]).await;
    Somebody::proved(&app, &draft).await;
    tell(&app).await;
    assert_eq!(partner.connections(), 0, "nobody allowed the partner");
    let bodies: Vec<_> = mailer
        .received()
        .iter()
        .map(|request| request.json()["data"]["values"].clone())
        .collect();
    assert_eq!(bodies, [json!({"email": "bob@example.org", "given_name": NAME.1})]);
}

#[tokio::test]
async fn a_party_that_the_person_did_not_read_of_gets_nothing() {
    // Published first: the newsletter goes to the mailer. Then another company takes the id.
    let app = start().await;
    let receiver = Receiver::start();
    ada(&app, &[("newsletter", "given")]).await;
    add(&app, &receiver, "newsletter", "mailer").await;
    let path = app.folder.path().join("data/candor.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    sqlx::query("UPDATE targets SET party_names = '[\"Autre Courrier SA\"]'")
        .execute(&pool)
        .await
        .expect("written");
    tell(&app).await;
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn whoever_is_on_record_is_told_of_to_a_target_that_comes_later() {
    let app = start().await;
    ada(&app, &[("newsletter", "given"), ("partners", "given")]).await;
    tell(&app).await;
    let (mailer, partner) = (Receiver::start(), Receiver::start());
    add(&app, &mailer, "newsletter", "mailer").await;
    add(&app, &partner, "partners", "partner").await;
    tell(&app).await;
    let one = |receiver: &Receiver| {
        let received = receiver.received();
        assert_eq!(told(&received), [row("lead.allowed", "", "")]);
        received[0].json()["data"]["subject"].clone()
    };
    assert_ne!(
        one(&mailer),
        one(&partner),
        "two receivers cannot compare whom they know"
    );
}

#[tokio::test]
async fn a_correction_and_a_renewal_reach_whoever_has_the_lead() {
    let app = start().await;
    let (receiver, _, somebody) = one_who_has_ada(&app).await;
    correct(&app, &somebody).await;
    tell(&app).await;
    app.clock.advance(SignedDuration::from_hours(24));
    let link = crate::person::link(&app, candor_collector::links::LinkKind::Person, somebody.id).await;
    let again = Somebody { link, ..somebody };
    again
        .press(&app, &[("renewal", "newsletter"), ("renew", "ticked")])
        .await;
    tell(&app).await;
    let received = receiver.received();
    let expected = [
        row("lead.allowed", "", ""),
        row("lead.changed", "", ""),
        row("lead.changed", "", ""),
    ];
    assert_eq!(told(&received), expected);
    let data: Vec<_> = received.iter().map(|request| request.json()["data"].clone()).collect();
    assert_eq!(data[1]["values"]["given_name"], "Ada-Lovelace");
    assert_eq!(data[2]["state"], "renewed");
    assert!(data[2]["until"].as_str() > data[1]["until"].as_str());
    for later in &data[1..] {
        assert_eq!(later["subject"], data[0]["subject"], "the same person");
    }
    let mut ids: Vec<_> = received.iter().map(crate::receiver::Received::id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3, "another content is another message");
}

/// A legitimate interest, which nobody ticks and an objection ends.
pub(super) async fn with_offers() -> TestApp {
    start_with(|form, definition| {
        if form != "webinar-b2b" {
            return;
        }
        let party = json!({"id": "mailer", "role": "processor", "name": "Courrier Exemple SA", "country": "FR", "agreement": "2026-03-01"});
        definition["parties"].as_array_mut().expect("parties").push(party);
        let purposes = definition["purposes"].as_array_mut().expect("purposes");
        let offers = purposes.iter_mut().find(|purpose| purpose["id"] == "offers");
        offers.expect("offers")["recipients"] = json!(["acme", "mailer"]);
    })
    .await
}
