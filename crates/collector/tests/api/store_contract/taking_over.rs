//! What was taken over is a submission with the time of its act, is known again after it has gone, and came by no campaign.

use candor_collector::store::{
    Inserted, Store,
    imports::{Import, Imported, NewImported},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{later, now, submission};

pub(super) async fn check(store: &dyn Store, record: &Value) {
    let version = record["form"]["version"].as_str().expect("a version").to_owned();
    let import = Import {
        id: Uuid::from_u128(0x00C1),
        form: "ebook-rgpd".into(),
        version,
        format: "csv".into(),
        file: vec![1; 32],
        mapping: "{}".into(),
        source: "a list".into(),
        begun: now(),
    };
    store.begin_import(&import).await.expect("noted");
    let again = Import {
        begun: later(),
        ..import.clone()
    };
    store.begin_import(&again).await.expect("noted");
    assert_eq!(
        store.import(import.id).await.expect("answered"),
        Some(import.clone()),
        "the first"
    );

    let counted = async || {
        let times = (Timestamp::MIN, Timestamp::MAX);
        let page = store.submissions_between("ebook-rgpd", times, 0, 99).await;
        page.expect("answered").len()
    };
    let before = counted().await;
    assert!(before > 0);
    let mut other = record.clone();
    other["id"] = json!("6f1dbb1a-3a0e-4b36-8f4c-0a3f7f0f9a12");
    other["chain"] = other["id"].clone();
    let mut new = submission(&other);
    new.lead.mailbox_key = None;
    new.mail = None;
    let act = Uuid::from_u128(0x00C2);
    let taken = NewImported {
        imported: Imported {
            import: import.id,
            acted: now() - SignedDuration::from_hours(99),
        },
        act,
    };
    assert_eq!(store.imported_act(act).await.expect("answered"), None);
    assert!(matches!(store.insert_imported(&new, taken).await, Ok(Inserted::New)));
    assert!(matches!(
        store.insert_imported(&new, taken).await,
        Ok(Inserted::Same(_))
    ));
    assert_eq!(store.imported_act(act).await.expect("answered"), Some(new.record.id));
    let stored = store.submission(new.record.id).await.expect("answered").expect("there");
    assert_eq!(stored.lead.imported, Some(taken.imported));
    let person = store
        .person(stored.lead.person)
        .await
        .expect("answered")
        .expect("known");
    assert_eq!(person.contact, taken.imported.acted, "their last contact is the act");
    assert_eq!(counted().await, before);
}
