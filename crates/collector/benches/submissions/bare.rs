//! The work that no collector can leave out: one verification, one signature, one durable transaction.

use std::time::Instant;

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, UnparsedPublicKey};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

use crate::Measured;
use crate::made::Submission;

pub(crate) fn run(submissions: &[Submission]) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(all(submissions))
}

async fn all(submissions: &[Submission]) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    // The same number of rows and bytes as the collector keeps: lead, record, receipt and an outbox row.
    for table in ["lead", "record", "receipt", "outbox"] {
        let create = format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT");
        sqlx::query(sqlx::AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();

    let mut each = Vec::with_capacity(submissions.len());
    let began = Instant::now();
    for submission in submissions {
        let start = Instant::now();
        let device = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &submission.point);
        device.verify(&submission.signed, &submission.signature).unwrap();
        let receipt = key.sign(&random, &submission.signed).unwrap();
        let mut transaction = connection.begin().await.unwrap();
        for (statement, value) in [
            ("INSERT INTO lead (value) VALUES (?)", &submission.point[..]),
            ("INSERT INTO record (value) VALUES (?)", &submission.body[..]),
            ("INSERT INTO receipt (value) VALUES (?)", receipt.as_ref()),
            ("INSERT INTO outbox (value) VALUES (?)", &submission.point[..]),
        ] {
            sqlx::query(statement)
                .bind(value)
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
        each.push(start.elapsed());
    }
    Measured {
        total: began.elapsed(),
        each,
    }
}
