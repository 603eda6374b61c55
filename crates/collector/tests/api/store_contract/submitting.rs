//! A submission stands whole or not at all, once, and is found by its person.

use candor_collector::{
    index::AddressKey,
    links::LinkKind,
    robots::Spent,
    store::{Inserted, NewLink, Store},
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ada, now, submission};

pub(super) async fn check(store: &dyn Store, record: &Value) -> Uuid {
    let mut new = submission(record);
    new.spent = Some(Spent {
        digest: vec![8; 32],
        expires: now() + SignedDuration::from_mins(1),
    });
    let id = new.record.id;
    let mut broken = new.clone();
    broken.links.push(NewLink {
        kind: LinkKind::Manage,
        expires: None,
    });
    assert!(
        store.insert_submission(&broken).await.is_err(),
        "two links of a kind break the transaction"
    );
    assert!(
        store.submission(id).await.expect("answered").is_none(),
        "and nothing of it stays"
    );
    assert!(store.letters_due(now(), 9).await.expect("answered").is_empty());

    assert!(matches!(store.insert_submission(&new).await, Ok(Inserted::New)));
    assert!(
        matches!(store.insert_submission(&new).await, Ok(Inserted::Same(same)) if same.lead.held == ["newsletter"])
    );
    let mut other = new.clone();
    other.lead.fingerprint = vec![9];
    assert!(
        matches!(store.insert_submission(&other).await, Ok(Inserted::Other)),
        "other disclosures"
    );
    let mut other = record.clone();
    other["signals"]["gpc"] = json!(true);
    assert!(
        matches!(store.insert_submission(&submission(&other)).await, Ok(Inserted::Other)),
        "another payload"
    );
    let mut another = record.clone();
    another["id"] = json!("6f1dbb1a-3a0e-4b36-8f4c-0a3f7f0f9a11");
    another["chain"] = another["id"].clone();
    let mut another = submission(&another);
    another.spent = new.spent.clone();
    assert!(
        matches!(store.insert_submission(&another).await, Ok(Inserted::Spent)),
        "what one submission used up, no other uses"
    );
    assert!(store.submission(another.record.id).await.expect("answered").is_none());
    let person = store.person_by_mailbox(&ada()).await.expect("answered").expect("known");
    let of_person = store.submissions_of(person.id).await.expect("answered");
    assert_eq!(
        of_person.iter().map(|stored| stored.record.id).collect::<Vec<_>>(),
        [id]
    );
    let phone = AddressKey(vec![7; 32]);
    assert_eq!(
        store.people_by_phone(&phone).await.expect("answered"),
        [(person.id, id)]
    );
    assert_eq!(store.person_by_mailbox(&phone).await.expect("answered"), None);
    id
}
