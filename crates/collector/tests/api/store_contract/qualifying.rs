//! Results stand for people as they were read, one for a person and a purpose, and are decided all or none.

use candor_collector::{
    store::{
        Seen, Store,
        qualifications::{NewQualification, RulesRow, Settled, Standing, Verdict},
    },
    values::Sealed,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{later, now};

const FIRST: Uuid = Uuid::from_u128(0x00C0_0001);
const SECOND: Uuid = Uuid::from_u128(0x00C0_0002);

pub(super) async fn check(store: &dyn Store, id: Uuid, person: Uuid) {
    let people = store.several(&[person, Uuid::from_u128(1), person]).await;
    let people = people.expect("answered");
    let [whole] = &people[..] else {
        panic!("one person: {people:?}")
    };
    let submissions = store.submissions_of(person).await.expect("answered");
    let records = store.records_of(person).await.expect("answered");
    let ids = |ids: Vec<Uuid>| ids;
    assert_eq!(
        ids(whole.submissions.iter().map(|it| it.record.id).collect()),
        ids(submissions.iter().map(|it| it.record.id).collect())
    );
    assert_eq!(
        ids(whole.records.iter().map(|it| it.id).collect()),
        ids(records.iter().map(|it| it.id).collect())
    );
    assert_eq!(Some(&whole.row), store.person(person).await.expect("answered").as_ref());

    let rules = RulesRow {
        digest: "sha256-rules".into(),
        name: "b2b".into(),
        json: "{}".into(),
    };
    let seen = Seen {
        sequence: records.last().expect("a record").sequence,
        contact: whole.row.contact,
        due: whole.row.due,
    };
    let new = |result: Uuid, seen: Seen| NewQualification {
        id: result,
        person,
        record: id,
        purpose: "newsletter".into(),
        until: Some(later()),
        sealed: Sealed {
            key: 1,
            bytes: vec![3; 40],
        },
        seen,
    };
    let qualify = async |new: NewQualification| store.qualify(&rules, &[new], now()).await.expect("answered");
    let changed = Seen {
        sequence: seen.sequence - 1,
        ..seen
    };
    assert_eq!(qualify(new(FIRST, changed)).await, 0, "they changed since");
    assert_eq!(qualify(new(FIRST, seen)).await, 1);
    assert_eq!(
        store.rules("sha256-rules").await.expect("answered").as_deref(),
        Some("{}")
    );
    assert_eq!(qualify(new(SECOND, seen)).await, 1, "in place of the one before");
    assert!(store.qualification(FIRST).await.expect("answered").is_none());
    let found = store.qualifications_among(&[person], "newsletter").await;
    let found = found.expect("answered").remove(0);
    assert_eq!(
        (found.id, found.standing, found.sealed.bytes.len()),
        (SECOND, Standing::Waiting, 40)
    );
    let other = store.qualifications_among(&[person], "call").await;
    assert!(other.expect("answered").is_empty());

    let in_doubt = async |at| {
        let rows = store.qualifications_in_doubt(at, Uuid::nil(), 9).await;
        rows.expect("answered").len()
    };
    assert_eq!(in_doubt(later() - SignedDuration::from_secs(1)).await, 0);
    assert_eq!(in_doubt(later()).await, 1, "its time is over");
    let settled = |sequence: i64| Settled {
        id: SECOND,
        sequence,
        until: None,
    };
    let settle = async |settled: Settled| store.settle_qualifications(&[settled]).await.expect("stored");
    settle(settled(seen.sequence)).await;
    assert_eq!(in_doubt(later()).await, 0, "it was looked at");
    settle(settled(seen.sequence - 1)).await;
    assert_eq!(in_doubt(later()).await, 1, "something was written since it was read");

    let decide = async |ids: &[Uuid]| {
        let verdict = Verdict {
            ids: ids.to_vec(),
            standing: Standing::Validated,
            by: "command".into(),
            at: now(),
        };
        store.decide_qualifications(&verdict).await.expect("answered")
    };
    let standing = async || {
        store
            .qualification(SECOND)
            .await
            .expect("answered")
            .expect("there")
            .standing
    };
    assert_eq!(decide(&[SECOND, FIRST]).await, Some(FIRST), "one is gone");
    assert_eq!(standing().await, Standing::Waiting, "so nothing was decided");
    assert_eq!(decide(&[SECOND]).await, None);
    assert_eq!(standing().await, Standing::Validated);
    assert_eq!(decide(&[SECOND]).await, Some(SECOND), "once");
    assert_eq!(qualify(new(FIRST, seen)).await, 1);
    let anew = store.qualification(FIRST).await.expect("answered").expect("there");
    assert_eq!(
        (anew.standing, anew.decided),
        (Standing::Waiting, None),
        "another content waits again"
    );
    assert_eq!(store.remove_qualifications(&[FIRST]).await.expect("answered"), 1);
    assert!(
        store.rules("sha256-rules").await.expect("answered").is_none(),
        "nothing names them any more"
    );
}
