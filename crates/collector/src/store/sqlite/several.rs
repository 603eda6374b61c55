//! Several people at once, whole: one statement for each table, however many people there are.
//! Refuses to read a whole table: each statement starts from the people who are asked for (`plans.rs`).

use std::collections::{BTreeSet, HashMap};

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{json_list, uuid},
    events::stored_record,
    people::stored_person,
    submissions::stored_submission,
};
use crate::store::{StoreError, WholePerson};

const PEOPLE: &str = "
    SELECT people.* FROM json_each(?1) CROSS JOIN people ON people.id = json_each.value";
/// `CROSS JOIN` keeps the order of the loops: from the people outwards.
const LEADS: &str = "
    SELECT records.*, leads.*, imported.import, imported.acted_ms FROM json_each(?1)
    CROSS JOIN leads ON leads.person = json_each.value CROSS JOIN records ON records.id = leads.record
    LEFT JOIN imported ON imported.record = leads.record";
const RECORDS: &str = "
    SELECT leads.person, records.* FROM json_each(?1)
    CROSS JOIN leads ON leads.person = json_each.value CROSS JOIN records ON records.chain = leads.record";

/// What is written between these reads is noticed by `Seen`.
pub(super) async fn read(store: &SqliteStore, ids: &[Uuid]) -> Result<Vec<WholePerson>, StoreError> {
    let wanted: BTreeSet<String> = ids.iter().map(Uuid::to_string).collect();
    let ids = json_list(&wanted.into_iter().collect::<Vec<_>>());
    let rows = async |query: &'static str| sqlx::query(query).bind(&ids).fetch_all(&store.readers).await;
    let mut found = HashMap::new();
    for row in rows(PEOPLE).await? {
        let row = stored_person(&row)?;
        let whole = WholePerson {
            submissions: Vec::new(),
            records: Vec::new(),
            row,
        };
        found.insert(whole.row.id, whole);
    }
    let person = |row: &SqliteRow| uuid(row.try_get("person")?);
    for row in rows(LEADS).await? {
        if let Some(whole) = found.get_mut(&person(&row)?) {
            whole.submissions.push(stored_submission(&row)?);
        }
    }
    for row in rows(RECORDS).await? {
        if let Some(whole) = found.get_mut(&person(&row)?) {
            whole.records.push(stored_record(&row)?);
        }
    }
    let mut people: Vec<WholePerson> = found.into_values().collect();
    people.sort_by_key(|whole| whole.row.id);
    for whole in &mut people {
        whole.submissions.sort_by_key(|submission| submission.record.sequence);
        whole.records.sort_by_key(|record| record.sequence);
    }
    Ok(people)
}
