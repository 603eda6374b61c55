//! Values are sealed anew, and the end: everything of the person goes, the sealed records stay until their time.

use candor_collector::{
    index::{AddressKey, AddressKind},
    links::LinkKind,
    store::{Appended, Erasure, PersonChange, Resealed, Store, SuppressionKey},
    values::Sealed,
};
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use super::{ada, follow_up, later, now};

pub(super) async fn check(store: &dyn Store, record: &Value, id: Uuid) {
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let (row, before) = store.values_not_under(2, 9).await.expect("answered").remove(0);
    assert_eq!((row, before.key), (id, 1));
    let resealed = Resealed {
        record: id,
        before,
        after: Sealed {
            key: 2,
            bytes: vec![3; 40],
        },
        fingerprint: None,
        phone_keys: Some(Vec::new()),
        ended: false,
    };
    store.reseal(std::slice::from_ref(&resealed)).await.expect("stored");
    assert!(store.values_not_under(2, 9).await.expect("answered").is_empty());
    let mut stale = resealed;
    stale.after.bytes = vec![4; 40];
    store.reseal(&[stale]).await.expect("answered");
    let stored = store.submission(id).await.expect("answered").expect("there");
    assert!(
        stored.lead.values.bytes == [3; 40],
        "values that changed meanwhile are left alone"
    );
    assert!(
        store
            .people_by_phone(&AddressKey(vec![7; 32]))
            .await
            .expect("answered")
            .is_empty()
    );

    let entry = SuppressionKey {
        key: ada(),
        kind: AddressKind::Email,
        channel: "email".into(),
    };
    let stored = store.chain(id).await.expect("answered");
    let mut erased = follow_up(record, stored.last().expect("an event").id);
    erased.event = "erasure".into();
    let keep = later() + SignedDuration::from_hours(1);
    let change = PersonChange {
        events: vec![erased],
        suppress: vec![entry.clone()],
        erase: vec![Erasure {
            chain: id,
            keep_until: Some(keep),
            reason: "erasure".into(),
        }],
        ..PersonChange::of(person.id, later())
    };
    assert_eq!(store.commit(&change).await.expect("stored"), Appended::New);
    assert_eq!(store.person(person.id).await.expect("answered"), None);
    assert!(store.submission(id).await.expect("answered").is_none());
    assert!(store.letters_of(person.id).await.expect("answered").is_empty());
    assert!(
        store
            .newest_link(LinkKind::Manage, id)
            .await
            .expect("answered")
            .is_none()
    );
    let suppressed = store.suppressions(&ada(), AddressKind::Email).await.expect("answered");
    assert_eq!(
        suppressed.iter().map(|entry| entry.key.clone()).collect::<Vec<_>>(),
        [entry]
    );
    assert_eq!(store.chain(id).await.expect("answered").len(), 3, "sealed");
    assert_eq!(
        store.sealed_chains(Uuid::nil(), 9).await.expect("answered")[0].delete,
        keep
    );
    assert_eq!(
        store.purge_sealed(later(), 9).await.expect("answered"),
        0,
        "its time is not over"
    );
    assert_eq!(store.purge_sealed(keep, 9).await.expect("answered"), 3);
    assert!(store.chain(id).await.expect("answered").is_empty());
    assert!(store.sealed_chains(Uuid::nil(), 9).await.expect("answered").is_empty());
    let report = store
        .deletions(now(), keep + SignedDuration::from_secs(1))
        .await
        .expect("answered");
    assert_eq!(
        report
            .iter()
            .map(|line| (line.reason.as_str(), line.leads, line.records))
            .collect::<Vec<_>>(),
        [("erasure", 1, 0), ("proof", 0, 3)]
    );
}
