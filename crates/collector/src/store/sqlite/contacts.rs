//! Contacts in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::store::{
    StoreError,
    contacts::{Contact, ContactKind, Contacts},
};

#[async_trait]
impl Contacts for SqliteStore {
    async fn report(&self, contacts: &[Contact]) -> Result<(), StoreError> {
        self.writer.run(contacts.to_vec()).await
    }

    async fn contacts_of(&self, person: Uuid, since: Timestamp) -> Result<Vec<Contact>, StoreError> {
        let rows = sqlx::query("SELECT * FROM contacts WHERE person = ?1 AND at_ms >= ?2 ORDER BY at_ms")
            .bind(person.to_string())
            .bind(milliseconds(since))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(contact).collect()
    }
}

#[async_trait]
impl Write for Vec<Contact> {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for contact in self {
            // The person may have been erased since they were looked up.
            let insert = "
                INSERT INTO contacts (person, purpose, kind, at_ms)
                SELECT id, ?2, ?3, ?4 FROM people WHERE id = ?1";
            sqlx::query(insert)
                .bind(contact.person.to_string())
                .bind(&contact.purpose)
                .bind(contact.kind.as_str())
                .bind(milliseconds(contact.at))
                .execute(&mut *connection)
                .await?;
            if contact.kind.is_by_person() {
                sqlx::query("UPDATE people SET contact_ms = max(contact_ms, ?2), due_ms = 0 WHERE id = ?1")
                    .bind(contact.person.to_string())
                    .bind(milliseconds(contact.at))
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Ok(())
    }
}

fn contact(row: &SqliteRow) -> Result<Contact, StoreError> {
    let kind = ContactKind::parse(row.try_get("kind")?);
    Ok(Contact {
        person: uuid(row.try_get("person")?)?,
        purpose: row.try_get("purpose")?,
        kind: kind.ok_or_else(|| StoreError("an unknown kind of contact".into()))?,
        at: timestamp(row.try_get("at_ms")?)?,
    })
}
