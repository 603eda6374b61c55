//! A chain grows by one event at a time and never forks; an event makes its person due.

use candor_collector::store::{Appended, NewRecord, PersonChange, Store};
use serde_json::Value;
use uuid::Uuid;

use super::{ada, follow_up, later, now};

pub(super) async fn check(store: &dyn Store, record: &Value, id: Uuid) {
    let first = follow_up(record, id);
    assert_eq!(append(store, &first).await, Appended::New);
    assert_eq!(append(store, &first).await, Appended::Moved, "the chain has grown");
    let fork = follow_up(record, Uuid::from_u128(0x4000_8000_0000_0000_0000));
    assert_eq!(append(store, &fork).await, Appended::Moved, "no fork");
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    assert_eq!((person.created, person.contact), (now(), later()));
    assert_eq!(store.records_of(person.id).await.expect("answered").len(), 2);
    assert_eq!(
        store.people_due(now(), 9).await.expect("answered"),
        [person.id],
        "an event makes due"
    );
    let chain = store.chain(id).await.expect("answered");
    assert_eq!(
        chain.iter().map(|stored| stored.event.as_str()).collect::<Vec<_>>(),
        ["submission", "withdrawal"]
    );
}

/// One event for Ada.
async fn append(store: &dyn Store, event: &NewRecord) -> Appended {
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let change = PersonChange {
        events: vec![event.clone()],
        contact: true,
        ..PersonChange::of(person.id, later())
    };
    store.commit(&change).await.expect("answered")
}
