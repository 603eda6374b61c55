//! Imports, from the tables `imports` and `imported`.

use async_trait::async_trait;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    column::{milliseconds, timestamp, uuid},
    writer::Write,
};
use crate::store::{
    Inserted, NewSubmission, StoreError,
    imports::{Import, Imported, Imports, NewImported},
};

/// A person who was there before has contacts of their own; the row of one who is new has the id that the lead brought.
const ACTED: &str = "
    INSERT INTO imported (record, import, acted_ms) VALUES ($1, $2, $3);
    INSERT INTO imported_acts (act, record) VALUES ($5, $1) ON CONFLICT DO NOTHING;
    UPDATE people SET contact_ms = $3 WHERE id = $4;
";

#[async_trait]
impl Imports for SqliteStore {
    async fn begin_import(&self, import: &Import) -> Result<(), StoreError> {
        self.writer.run(Begin(import.clone())).await
    }

    async fn import(&self, id: Uuid) -> Result<Option<Import>, StoreError> {
        let row = sqlx::query("SELECT * FROM imports WHERE id = ?1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(read).transpose()
    }

    async fn insert_imported(&self, submission: &NewSubmission, imported: NewImported) -> Result<Inserted, StoreError> {
        let taken = TakenOver {
            submission: submission.clone(),
            imported,
        };
        self.writer.run(taken).await
    }

    async fn imported_act(&self, act: Uuid) -> Result<Option<Uuid>, StoreError> {
        let record: Option<String> = sqlx::query_scalar("SELECT record FROM imported_acts WHERE act = ?1")
            .bind(act.to_string())
            .fetch_optional(&self.readers)
            .await?;
        record.map(|record| uuid(&record)).transpose()
    }
}

/// What a lead's row says of its import, where the query joined `imported`.
pub(super) fn imported(row: &SqliteRow) -> Result<Option<Imported>, StoreError> {
    let import: Option<&str> = row.try_get("import")?;
    let Some(import) = import else { return Ok(None) };
    Ok(Some(Imported {
        import: uuid(import)?,
        acted: timestamp(row.try_get("acted_ms")?)?,
    }))
}

fn read(row: &SqliteRow) -> Result<Import, StoreError> {
    Ok(Import {
        id: uuid(row.try_get("id")?)?,
        form: row.try_get("form")?,
        version: row.try_get("version")?,
        format: row.try_get("format")?,
        file: row.try_get("file_digest")?,
        mapping: row.try_get("mapping")?,
        source: row.try_get("source")?,
        begun: timestamp(row.try_get("begun_ms")?)?,
    })
}

struct Begin(Import);

#[async_trait]
impl Write for Begin {
    type Answer = ();

    async fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let Self(import) = self;
        sqlx::query(
            "INSERT INTO imports (id, form, version, format, file_digest, mapping, source, begun_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        )
        .bind(import.id.to_string())
        .bind(&import.form)
        .bind(&import.version)
        .bind(&import.format)
        .bind(&import.file)
        .bind(&import.mapping)
        .bind(&import.source)
        .bind(milliseconds(import.begun))
        .execute(connection)
        .await?;
        Ok(())
    }
}

struct TakenOver {
    submission: NewSubmission,
    imported: NewImported,
}

#[async_trait]
impl Write for TakenOver {
    type Answer = Inserted;

    async fn write(&self, connection: &mut SqliteConnection) -> Result<Inserted, StoreError> {
        let outcome = self.submission.write(&mut *connection).await?;
        if matches!(outcome, Inserted::New) {
            let NewImported { imported, act } = self.imported;
            sqlx::query(ACTED)
                .bind(self.submission.record.id.to_string())
                .bind(imported.import.to_string())
                .bind(milliseconds(imported.acted))
                .bind(self.submission.lead.person.to_string())
                .bind(act.to_string())
                .execute(connection)
                .await?;
        }
        Ok(outcome)
    }
}
