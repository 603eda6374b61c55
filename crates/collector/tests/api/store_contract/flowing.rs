//! Targets, messages and what was told: one waits at a time, a plan for somebody who changed is refused, and what was taken is known.

use candor_collector::{
    flow::adapter::{EndReason, Event},
    store::{
        PersonChange, Restrict, Store,
        flows::{
            AttemptResult, Attempted, Delivery, DeliveryState, FlowPlan, LastTold, NewDelivery, Restriction,
            SealedKind, TargetRow,
        },
    },
    values::Sealed,
};
use candor_record::digest::Sha256Digest;
use jiff::{SignedDuration, Timestamp, civil::date};
use uuid::Uuid;

use super::{later, now};

const TARGET: Uuid = Uuid::from_u128(0x7a);
const OTHER: Uuid = Uuid::from_u128(0x7b);

fn target(id: Uuid) -> TargetRow {
    TargetRow {
        id,
        kind: "webhook".into(),
        name: "a test".into(),
        purpose: "newsletter".into(),
        party: "mailer".into(),
        party_names: vec!["Courrier".into()],
        contract: date(2026, 3, 1),
        audited: None,
        settings: sealed(1),
        created: now(),
        disabled: None,
        closed: None,
        removed: None,
    }
}

fn sealed(byte: u8) -> Sealed {
    Sealed {
        key: 1,
        bytes: vec![byte; 40],
    }
}

fn delivery(person: Uuid, id: &str, event: Event) -> NewDelivery {
    NewDelivery {
        delivery: Delivery {
            id: id.into(),
            target: TARGET,
            person,
            event,
            reason: (event == Event::Ended).then_some(EndReason::Erased),
            facts: Sha256Digest::of(id.as_bytes()),
            digest: Sha256Digest::of(b"whole"),
            record: None,
            contract: date(2026, 3, 1),
            created: now(),
        },
        subject: Uuid::from_u128(person.as_u128() ^ 9),
        proof: "P5Y".into(),
    }
}

async fn turn(store: &dyn Store, person: Uuid) -> i64 {
    let due = store.flows_due(later(), 9).await.expect("answered");
    due.iter().find(|due| due.person == person).expect("due").turn
}

async fn plan(store: &dyn Store, person: Uuid, turn: i64, supersede: &[&str], tell: Vec<NewDelivery>) -> bool {
    let plan = FlowPlan {
        person,
        turn,
        next: Some(now() + SignedDuration::from_hours(1)),
        supersede: supersede.iter().map(|id| (*id).to_owned()).collect(),
        tell,
        forget: Vec::new(),
        at: now(),
    };
    store.plan_flows(&plan).await.expect("answered")
}

async fn attempted(store: &dyn Store, id: &str, result: AttemptResult, pause: Option<Timestamp>) {
    let attempted = Attempted {
        id: id.into(),
        at: now(),
        status: Some(200),
        result,
        pause,
    };
    store.delivery_attempted(&attempted).await.expect("stored");
}

async fn due(store: &dyn Store) -> Vec<String> {
    let due = store.deliveries_due(later(), 9, &[]).await.expect("answered");
    due.into_iter().map(|row| row.id.clone()).collect()
}

/// `person` is on record.
pub(super) async fn check(store: &dyn Store, person: Uuid) {
    assert!(
        store.flows_due(later(), 9).await.expect("answered").is_empty(),
        "without a target nobody is due"
    );
    store.add_target(&target(TARGET)).await.expect("stored");
    let first = turn(store, person).await;
    let change = PersonChange {
        restrict: Some(Restrict::Begin),
        ..PersonChange::of(person, now())
    };
    for _ in 0..2 {
        store.commit(&change).await.expect("written");
    }
    let begun = Restriction {
        since: now(),
        lifted: None,
    };
    assert_eq!(store.restrictions_of(person).await.expect("answered"), [begun], "once");
    assert!(
        !plan(store, person, first, &[], vec![]).await,
        "the person has changed since"
    );
    let current = turn(store, person).await;
    assert!(
        plan(
            store,
            person,
            current,
            &[],
            vec![delivery(person, "msg_1", Event::Allowed)]
        )
        .await
    );
    assert!(
        store.flows_due(later(), 9).await.expect("answered").is_empty(),
        "looked at again when it ends"
    );

    assert_eq!(due(store).await, ["msg_1"]);
    let crowded = store.deliveries_due(later(), 9, &[TARGET]).await.expect("answered");
    assert!(crowded.is_empty(), "that one was not asked for");
    store.commit(&change).await.expect("written");
    assert!(due(store).await.is_empty(), "nothing of whoever has changed");
    assert!(
        !store.delivery_sending("msg_1", now()).await.expect("answered"),
        "who has changed is planned for first"
    );
    let current = turn(store, person).await;
    assert!(plan(store, person, current, &[], vec![]).await);
    assert!(store.delivery_sending("msg_1", now()).await.expect("stored"));
    let shared = async || store.shared(TARGET, person).await.expect("answered").expect("a row");
    assert!(shared().await.holds && !shared().await.certain && shared().await.told.is_none());
    let why = "failed".into();
    attempted(
        store,
        "msg_1",
        AttemptResult::Failed { why, due: Some(now()) },
        Some(later()),
    )
    .await;
    // Another answer of the same target says nothing of its patience.
    attempted(
        store,
        "msg_1",
        AttemptResult::Failed {
            why: "refused".into(),
            due: Some(now()),
        },
        None,
    )
    .await;
    let before = later() - SignedDuration::from_millis(1);
    assert!(
        store.deliveries_due(before, 9, &[]).await.expect("answered").is_empty(),
        "the target rests"
    );
    let delivered = |told, remote| AttemptResult::Delivered { told, remote };
    attempted(store, "msg_1", delivered(LastTold::Lead, Some(sealed(2))), None).await;
    let taken = shared().await;
    assert_eq!((taken.told, taken.certain), (Some(LastTold::Lead), true));
    assert_eq!(taken.digest, Some(Sha256Digest::of(b"msg_1")));
    assert!(
        !store.delivery_sending("msg_1", now()).await.expect("answered"),
        "it was taken"
    );

    // Two at once are refused whole.
    store.commit(&change).await.expect("written");
    let current = turn(store, person).await;
    let two = FlowPlan {
        person,
        turn: current,
        next: None,
        supersede: Vec::new(),
        tell: vec![
            delivery(person, "msg_2", Event::Changed),
            delivery(person, "msg_3", Event::Changed),
        ],
        forget: Vec::new(),
        at: now(),
    };
    assert!(store.plan_flows(&two).await.is_err());
    assert_eq!(turn(store, person).await, current, "and nothing of it is there");
    let mut earlier = delivery(person, "msg_2", Event::Changed);
    earlier.delivery.created = now() - SignedDuration::from_hours(1);
    assert!(plan(store, person, current, &[], vec![earlier]).await);
    let newest = store.newest_deliveries(person).await.expect("answered");
    assert_eq!(newest.len(), 1);
    assert_eq!(newest[0].id, "msg_2", "also where the clock was set back");
    store.commit(&change).await.expect("written");
    let current = turn(store, person).await;
    assert!(
        plan(
            store,
            person,
            current,
            &["msg_2"],
            vec![delivery(person, "msg_3", Event::Ended)]
        )
        .await
    );
    assert_eq!(due(store).await, ["msg_3"]);
    let superseded = store.delivery("msg_2").await.expect("answered").expect("a row");
    assert_eq!(superseded.state, DeliveryState::Superseded);

    gone_and_replayed(store, person).await;
    let under = |rows: Vec<candor_collector::store::flows::SealedFlow>| {
        rows.iter().map(|row| (row.kind, row.sealed.key)).collect::<Vec<_>>()
    };
    let rows = store.flows_not_under(2, 9).await.expect("answered");
    assert_eq!(
        under(rows),
        [(SealedKind::Settings, 1)],
        "what the receiver called the person is gone"
    );
    close(store, person).await;
}

async fn gone_and_replayed(store: &dyn Store, person: Uuid) {
    attempted(store, "msg_3", AttemptResult::Gone, None).await;
    let row = store.target(TARGET).await.expect("answered").expect("a row");
    assert!(row.disabled.is_some() && due(store).await.is_empty());
    assert_eq!(
        store.replay(TARGET, Some("msg_1"), now()).await.expect("stored"),
        0,
        "that one was taken"
    );
    assert_eq!(store.replay(TARGET, None, now()).await.expect("stored"), 1);
    let current = turn(store, person).await;
    assert!(
        plan(store, person, current, &[], vec![]).await,
        "it was disabled: everybody is looked at"
    );
    assert_eq!(due(store).await, ["msg_3"]);
    assert!(store.delivery_sending("msg_3", now()).await.expect("stored"));
    let shared = store.shared(TARGET, person).await.expect("answered").expect("a row");
    assert_eq!(shared.digest, None, "an end may have arrived");
    assert_eq!(store.replay(TARGET, None, now()).await.expect("stored"), 0);
    let due = store.flows_due(now(), 9).await.expect("answered");
    assert!(due.is_empty(), "it was not disabled: nobody is looked at again");
    // While it was under way, another message of the target was answered like this.
    attempted(store, "msg_3", AttemptResult::Gone, None).await;
    let told = LastTold::Erase;
    attempted(store, "msg_3", AttemptResult::Delivered { told, remote: None }, None).await;
    let shared = store.shared(TARGET, person).await.expect("answered").expect("a row");
    assert!(!shared.holds && shared.remote.is_none() && shared.told == Some(LastTold::Erase));
    let of_person = store.deliveries_of_person(person).await.expect("answered");
    assert_eq!(
        of_person.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
        ["msg_1", "msg_2", "msg_3"]
    );
}

async fn close(store: &dyn Store, person: Uuid) {
    assert!(
        !store
            .set_settings(TARGET, &sealed(7), &sealed(8))
            .await
            .expect("answered"),
        "others stand there"
    );
    assert!(
        store
            .set_settings(TARGET, &sealed(1), &sealed(8))
            .await
            .expect("answered")
    );
    store.close_target(TARGET, now(), false).await.expect("stored");
    store.remove_closed(now()).await.expect("stored");
    assert!(store.targets().await.expect("answered").is_empty(), "it holds nothing");
    assert_eq!(
        store.targets_counted().await.expect("answered")[0].delivered,
        2,
        "the proof stays"
    );
    let five_years: Timestamp = "2031-11-21T10:00:00Z".parse().expect("a time");
    assert_eq!(
        store
            .purge_shared(five_years - SignedDuration::from_secs(1))
            .await
            .expect("stored"),
        0
    );
    assert_eq!(store.purge_shared(five_years).await.expect("stored"), 1);
    assert!(store.deliveries_of_person(person).await.expect("answered").is_empty());
    let lift = PersonChange {
        restrict: Some(Restrict::Lift),
        ..PersonChange::of(person, later())
    };
    // Another one, so that somebody who changes is planned for.
    store.add_target(&target(OTHER)).await.expect("stored");
    store.commit(&lift).await.expect("written");
    let current = turn(store, person).await;
    let late = vec![delivery(person, "msg_4", Event::Allowed)];
    assert!(plan(store, person, current, &[], late).await);
    assert!(
        store.shared_of(person).await.expect("answered").is_empty() && due(store).await.is_empty(),
        "a plan from before its target was removed tells it nothing"
    );
    store.close_target(OTHER, now(), true).await.expect("stored");
    let over = store.restrictions_of(person).await.expect("answered");
    assert_eq!(over[0].lifted, Some(later()));
}
