//! Receivers that fail: nothing is lost, and nothing is sent twice with another content.

use std::{collections::BTreeMap, time::Duration};

use candor_collector::{flow, operator::Role};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{NAME, ada, add, correct, one_who_has_ada, row, start, start_with_patience, tell, told};
use crate::{
    person::Somebody,
    receiver::{Manner, Received, Receiver},
    staff::Staff,
    support::{TestApp, ebook},
};

/// One id, one content.
fn check_ids(received: &[Received]) {
    let mut contents: BTreeMap<String, &[u8]> = BTreeMap::new();
    for request in received {
        let content = contents.entry(request.id()).or_insert(&request.body);
        assert_eq!(*content, request.body.as_slice(), "{}", request.id());
    }
}

async fn target(app: &TestApp) -> Value {
    let admin = Staff::hire(app, Role::Admin).await;
    admin.get("/v1/webhooks").await.json()["webhooks"][0].clone()
}

#[tokio::test]
async fn whatever_a_receiver_does_the_same_message_comes_again() {
    let elsewhere = Receiver::start();
    let redirect = vec![("Location", elsewhere.url())];
    for (manner, why) in [
        (Manner::status(500), "failed"),
        (Manner::status(503), "failed"),
        (Manner::status(404), "refused"),
        (Manner::status(401), "refused"),
        (Manner::Answer(301, redirect.clone()), "redirect"),
        (Manner::Answer(307, redirect.clone()), "redirect"),
        (Manner::Answer(308, redirect), "redirect"),
        (Manner::Hang, "timeout"),
        (Manner::BreakOff, "interrupted"),
        (Manner::HangUp, "interrupted"),
    ] {
        let case = format!("{manner:?}");
        let app = start().await;
        let receiver = Receiver::start();
        let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
        receiver.behave(manner);
        ada(&app, &[("newsletter", "given")]).await;
        tell(&app).await;
        tell(&app).await;
        assert_eq!(receiver.received().len(), 1, "{case}: not before its pause is over");
        let admin = Staff::hire(&app, Role::Admin).await;
        let path = format!("/v1/webhooks/{}/deliveries?state=waiting", id.as_str().expect("an id"));
        let waiting = admin.get(&path).await.json()["deliveries"][0].clone();
        assert_eq!(
            (&waiting["why"], &waiting["attempts"]),
            (&json!(why), &json!(1)),
            "{case}"
        );
        receiver.behave(Manner::status(204));
        app.clock.advance(SignedDuration::from_secs(6));
        tell(&app).await;
        let received = receiver.received();
        assert_eq!(received.len(), 2, "{case}");
        assert_eq!(received[0].id(), received[1].id(), "{case}: the same message");
        assert_eq!(received[0].body, received[1].body, "{case}: the same content");
        assert_eq!(target(&app).await["delivered"], 1, "{case}");
    }
    assert_eq!(elsewhere.connections(), 0, "no redirect is followed");
}

#[tokio::test]
async fn a_receiver_that_asks_for_patience_gets_it() {
    let app = start().await;
    let receiver = Receiver::start();
    add(&app, &receiver, "newsletter", "mailer").await;
    receiver.behave(Manner::Answer(429, vec![("Retry-After", "1800".to_owned())]));
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    receiver.behave(Manner::status(200));
    // Somebody else's message waits too: it is the receiver that asked.
    let draft = ebook(&app, &[("newsletter", "given")], &[("email", "bob@example.org"), NAME]).await;
    Somebody::proved(&app, &draft).await;
    app.clock.advance(SignedDuration::from_secs(1799));
    tell(&app).await;
    assert_eq!(receiver.received().len(), 1);
    app.clock.advance(SignedDuration::from_secs(200));
    tell(&app).await;
    assert_eq!(receiver.received().len(), 3);
    check_ids(&receiver.received());
}

#[tokio::test]
async fn what_changed_meanwhile_is_another_message() {
    let app = start().await;
    let receiver = Receiver::start();
    add(&app, &receiver, "newsletter", "mailer").await;
    receiver.behave(Manner::HangUp);
    let somebody = ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    correct(&app, &somebody).await;
    receiver.behave(Manner::status(200));
    app.clock.advance(SignedDuration::from_mins(10));
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].id(), received[1].id());
    assert_eq!(received[1].json()["data"]["values"]["given_name"], "Ada-Lovelace");
    check_ids(&received);
}

#[tokio::test]
async fn what_may_have_arrived_is_taken_back() {
    // The receiver took the lead, and no answer said so.
    for manner in [Manner::HangUp, Manner::Hang, Manner::BreakOff, Manner::status(500)] {
        let app = start().await;
        let receiver = Receiver::start();
        add(&app, &receiver, "newsletter", "mailer").await;
        receiver.behave(manner);
        let somebody = ada(&app, &[("newsletter", "given")]).await;
        tell(&app).await;
        somebody.press(&app, &[("withdraw", "newsletter")]).await;
        receiver.behave(Manner::status(200));
        app.clock.advance(SignedDuration::from_mins(10));
        tell(&app).await;
        let expected = [row("lead.allowed", "", ""), row("lead.ended", "withdrawn", "stop")];
        assert_eq!(told(&receiver.received()), expected, "and the lead is not sent again");
    }
}

#[tokio::test]
async fn whoever_comes_back_after_an_end_that_may_have_arrived_begins_anew() {
    let app = start().await;
    let (receiver, _, somebody) = one_who_has_ada(&app).await;
    // The receiver took the end, and no answer said so.
    receiver.behave(Manner::HangUp);
    somebody.press(&app, &[("withdraw", "newsletter")]).await;
    tell(&app).await;
    ada(&app, &[("newsletter", "given")]).await;
    receiver.behave(Manner::status(200));
    app.clock.advance(SignedDuration::from_mins(10));
    tell(&app).await;
    let expected = [
        row("lead.allowed", "", ""),
        row("lead.ended", "withdrawn", "stop"),
        row("lead.allowed", "", ""),
    ];
    assert_eq!(
        told(&receiver.received()),
        expected,
        "a refusal that it made of the end is lifted"
    );
}

#[tokio::test]
async fn what_is_given_up_is_a_dead_letter_and_can_be_replayed() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    let id = id.as_str().expect("an id");
    receiver.behave(Manner::status(500));
    ada(&app, &[("newsletter", "given")]).await;
    for _ in 0..12 {
        tell(&app).await;
        app.clock.advance(SignedDuration::from_hours(30));
    }
    let received = receiver.received();
    assert_eq!(received.len(), 10, "the schedule has an end");
    assert_eq!(target(&app).await["dead"], 1);
    tell(&app).await;
    assert_eq!(receiver.received().len(), 10, "and nothing begins it anew");

    let admin = Staff::hire(&app, Role::Admin).await;
    receiver.behave(Manner::status(200));
    let path = format!("/v1/webhooks/{id}/replay");
    let unknown = admin.post(&path, &json!({"delivery": "msg_unknown"})).await;
    assert_eq!(unknown.json(), json!({"replayed": 0}));
    let replayed = admin.post(&path, &json!({"delivery": received[0].id()})).await;
    assert_eq!(replayed.json(), json!({"replayed": 1}));
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(received.len(), 11);
    check_ids(&received);
    assert_eq!(
        received[10].id(),
        received[0].id(),
        "the same id, while the content is the same"
    );
    assert_eq!(
        admin.post(&path, &json!({})).await.json(),
        json!({"replayed": 0}),
        "what was taken is not sent again"
    );
}

#[tokio::test]
async fn a_dead_letter_that_is_not_true_any_more_is_not_replayed() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    receiver.behave(Manner::status(500));
    let somebody = ada(&app, &[("newsletter", "given")]).await;
    for _ in 0..10 {
        tell(&app).await;
        app.clock.advance(SignedDuration::from_hours(30));
    }
    assert_eq!(target(&app).await["dead"], 1);
    app.clock.set("2026-11-21T11:00:00Z".parse().expect("a time"));
    let link = crate::person::link(&app, candor_collector::links::LinkKind::Person, somebody.id).await;
    Somebody { link, ..somebody }
        .press(&app, &[("withdraw", "newsletter")])
        .await;
    receiver.behave(Manner::status(200));
    app.clock.set("2026-12-21T11:00:00Z".parse().expect("a time"));
    let admin = Staff::hire(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}/replay", id.as_str().expect("an id"));
    admin.post(&path, &json!({})).await;
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(told(&received)[10..], [row("lead.ended", "withdrawn", "stop")]);
    check_ids(&received);
}

#[tokio::test]
async fn gone_is_gone_until_somebody_says_otherwise() {
    let app = start().await;
    let receiver = Receiver::start();
    let id = add(&app, &receiver, "newsletter", "mailer").await["id"].clone();
    receiver.behave(Manner::status(410));
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    let draft = ebook(&app, &[("newsletter", "given")], &[("email", "bob@example.org"), NAME]).await;
    let bob = Somebody::proved(&app, &draft).await;
    app.clock.advance(SignedDuration::from_hours(48));
    tell(&app).await;
    assert_eq!(receiver.received().len(), 1, "410: nothing more is sent");
    assert!(target(&app).await["disabled"].is_string());

    receiver.behave(Manner::status(200));
    let admin = Staff::hire(&app, Role::Admin).await;
    let path = format!("/v1/webhooks/{}/replay", id.as_str().expect("an id"));
    let answer = admin.post(&path, &json!({})).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"replayed": 1})));
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(received.len(), 3, "the dead letter, and whoever came meanwhile");
    assert_eq!(
        received
            .iter()
            .filter(|request| request.id() == received[0].id())
            .count(),
        2
    );
    check_ids(&received);
    assert!(app.app.store.shared_of(bob.id).await.expect("read")[0].holds);
}

#[tokio::test]
async fn one_that_hangs_does_not_hold_up_the_others() {
    let app = start().await;
    let (slow, quick) = (Receiver::start(), Receiver::start());
    add(&app, &slow, "newsletter", "mailer").await;
    add(&app, &quick, "newsletter", "mailer").await;
    slow.behave(Manner::Hang);
    for number in 0..12 {
        let address = format!("p{number}@example.org");
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
        Somebody::proved(&app, &draft).await;
    }
    tell(&app).await;
    assert_eq!(quick.received().len(), 12, "everybody is told of there");
    assert!(
        slow.received().len() <= 2,
        "and the other one is left alone after its first failures"
    );
    check_ids(&quick.received());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_slow_does_not_hold_up_the_others() {
    let app = start_with_patience(Duration::from_secs(600)).await;
    let (slow, quick) = (Receiver::start(), Receiver::start());
    add(&app, &slow, "newsletter", "mailer").await;
    add(&app, &quick, "newsletter", "mailer").await;
    slow.behave(Manner::Hang);
    let mut people = Vec::new();
    for number in 0..4 {
        let address = format!("p{number}@example.org");
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
        people.push(Somebody::proved(&app, &draft).await);
    }
    let worker = tokio::spawn(flow::run(app.app.clone(), Duration::from_secs(3_600)));
    quick.wait_for(4);
    assert_eq!(slow.wait_for(2).len(), 2, "two at once");
    while app.count("deliveries WHERE state = 'delivered'").await < 4 {
        tokio::task::yield_now().await;
    }
    // While two messages wait for an answer, somebody of whom nothing is under way withdraws.
    let mut free = None;
    for somebody in &people {
        if !is_under_way(&app, somebody.id).await {
            free = Some(somebody);
        }
    }
    free.expect("two more").press(&app, &[("withdraw", "newsletter")]).await;
    let received = quick.wait_for(5);
    assert_eq!(told(&received)[4..], [row("lead.ended", "withdrawn", "stop")]);
    assert_eq!(slow.received().len(), 2, "which says nothing still");
    app.app.stop();
    slow.behave(Manner::status(200));
    worker.await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_again_does_not_wait_for_one_that_is_slow() {
    let app = start_with_patience(Duration::from_secs(600)).await;
    let (slow, quick) = (Receiver::start(), Receiver::start());
    add(&app, &slow, "newsletter", "mailer").await;
    add(&app, &quick, "newsletter", "mailer").await;
    slow.behave(Manner::Hang);
    quick.behave(Manner::status(500));
    for number in 0..4 {
        let address = format!("p{number}@example.org");
        let draft = ebook(&app, &[("newsletter", "given")], &[("email", address.as_str()), NAME]).await;
        Somebody::proved(&app, &draft).await;
    }
    let worker = tokio::spawn(flow::run(app.app.clone(), Duration::from_secs(3_600)));
    slow.wait_for(2);
    while app.count("deliveries WHERE why = 'failed'").await < 2 {
        tokio::task::yield_now().await;
    }
    let failed = quick.received().len();
    quick.behave(Manner::status(200));
    app.clock.advance(SignedDuration::from_secs(6));
    // However often it is woken: a round that is busy comes to what goes again.
    let told_again = async {
        while quick.received().len() == failed {
            app.app.flows.wake();
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    let outcome = tokio::time::timeout(patience, told_again).await;
    let told_slow = slow.received().len();
    app.app.stop();
    slow.behave(Manner::status(200));
    worker.await.expect("ends");
    outcome.expect("told again");
    assert_eq!(told_slow, 2, "which said nothing until then");
}

#[tokio::test]
async fn a_store_that_takes_nothing_ends_the_round() {
    let app = start().await;
    let receiver = Receiver::start();
    add(&app, &receiver, "newsletter", "mailer").await;
    receiver.behave(Manner::status(500));
    ada(&app, &[("newsletter", "given")]).await;
    tell(&app).await;
    receiver.behave(Manner::status(200));
    app.clock.advance(SignedDuration::from_secs(6));
    // As on a full disk: what is there can be read.
    app.alter("CREATE TRIGGER full BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'full'); END")
        .await;
    let round = tokio::time::timeout(Duration::from_secs(30), tell(&app));
    round.await.expect("it is tried once, and again with the next round");
    assert_eq!(receiver.received().len(), 1, "nothing leaves that could not be marked");
    app.alter("DROP TRIGGER full").await;
    tell(&app).await;
    let received = receiver.received();
    assert_eq!(received.len(), 2, "and nothing is lost");
    check_ids(&received);
}

/// Whether a message about this person is on its way.
async fn is_under_way(app: &TestApp, person: uuid::Uuid) -> bool {
    let deliveries = app.app.store.deliveries_of_person(person).await.expect("read");
    deliveries
        .iter()
        .any(|row| row.sending.is_some() && row.ended.is_none())
}
