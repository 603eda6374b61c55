//! Who is due is read whole; a decision holds only for what was read.

use candor_collector::store::{Appended, Later, MailKind, NewLetter, PersonChange, Seen, Store};
use jiff::Timestamp;
use uuid::Uuid;

use super::{later, now};

pub(super) async fn check(store: &dyn Store, id: Uuid) {
    let due = async |at, after| store.due_people(at, after, 9).await.expect("answered");
    let found = due(now(), None).await.remove(0);
    assert_eq!((found.leads.len(), found.records.len(), found.reachable), (1, 2, true));
    assert_eq!(
        (found.leads[0].record, found.leads[0].held.as_slice()),
        (id, &["newsletter".to_owned()][..])
    );
    assert_eq!((found.leads[0].received, found.leads[0].confirm_until), (now(), None));
    assert!(found.letters.is_empty(), "of other causes than time");
    assert!(
        due(now(), Some(found.cursor())).await.is_empty(),
        "nobody comes after the last one"
    );

    let reminder = NewLetter {
        kind: MailKind::Renewal,
        person: found.id,
        record: None,
        purposes: vec!["newsletter".into()],
        dedupe: Some("renewal".into()),
    };
    let change = |seen| PersonChange {
        seen: Some(seen),
        due: Some(later()),
        letters: vec![reminder.clone()],
        ..PersonChange::of(found.id, now())
    };
    for seen in [
        Seen {
            sequence: 0,
            ..found.seen
        },
        Seen {
            contact: now(),
            ..found.seen
        },
        Seen {
            due: later(),
            ..found.seen
        },
    ] {
        let outcome = store.commit(&change(seen)).await.expect("answered");
        assert_eq!(outcome, Appended::Moved, "{seen:?}");
    }
    let before = store.letters_until(now()).await.expect("answered");
    assert_eq!(store.commit(&change(found.seen)).await.expect("stored"), Appended::New);
    assert_eq!(
        store.commit(&change(found.seen)).await.expect("answered"),
        Appended::Moved,
        "once"
    );
    assert_eq!(store.letters_until(now()).await.expect("answered"), before + 1);
    assert!(due(now(), None).await.is_empty());
    let again = due(later(), None).await.remove(0);
    assert_eq!((again.letters.len(), again.letters[0].kind), (1, MailKind::Renewal));

    let put_off = async |seen| {
        let later = Later {
            person: found.id,
            seen,
            due: Timestamp::MAX,
        };
        store.look_later(&[later]).await.expect("answered");
    };
    put_off(found.seen).await;
    assert_eq!(due(later(), None).await.len(), 1, "they changed since");
    put_off(again.seen).await;
    assert!(due(later(), None).await.is_empty());
    assert_eq!(store.sealed_until(Timestamp::MAX).await.expect("answered"), 0);
}
