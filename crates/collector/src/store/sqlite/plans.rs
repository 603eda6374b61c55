//! Query plans: no statement behind a person's page, a mail or a permission reads a whole table, however large it grows.
//! The statements are taken from the source files themselves, so a new one is tested as soon as it is written.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::{SqliteStore, flows::NEWEST};

const SOURCES: [(&str, &str); 16] = [
    ("people.rs", include_str!("people.rs")),
    ("change.rs", include_str!("change.rs")),
    ("submissions.rs", include_str!("submissions.rs")),
    ("events.rs", include_str!("events.rs")),
    ("links.rs", include_str!("links.rs")),
    ("outbox.rs", include_str!("outbox.rs")),
    ("contacts.rs", include_str!("contacts.rs")),
    ("records.rs", include_str!("records.rs")),
    ("flows.rs", include_str!("flows.rs")),
    ("flows/attempt.rs", include_str!("flows/attempt.rs")),
    ("flows/targets.rs", include_str!("flows/targets.rs")),
    ("flows/write.rs", include_str!("flows/write.rs")),
    ("several.rs", include_str!("several.rs")),
    ("imports.rs", include_str!("imports.rs")),
    ("conversions.rs", include_str!("conversions.rs")),
    ("qualifications.rs", include_str!("qualifications.rs")),
];

/// Every statement in a source: texts between quotes that begin like one.
fn statements(source: &str) -> Vec<String> {
    let texts = source.split('"').skip(1).step_by(2);
    let begins = |text: &&str| {
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE "]
            .iter()
            .any(|verb| text.trim_start().starts_with(verb))
    };
    texts
        .filter(begins)
        .flat_map(|text| text.split(';'))
        .map(|statement| statement.trim().to_owned())
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// An empty database, for as long as its folder is there.
async fn database() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("candor.sqlite");
    SqliteStore::open(&path).await.expect("opens");
    let connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await;
    (folder, connection.expect("connects"))
}

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let (_folder, mut connection) = database().await;
    // A row for each purpose, and for each file of rules.
    let small = ["SCAN barred", "SCAN qualification_rules"];
    let mut explained = 0;
    for (file, source) in SOURCES {
        for statement in statements(source) {
            let explain = format!("EXPLAIN QUERY PLAN {statement}");
            let plan = sqlx::query(AssertSqlSafe(explain)).fetch_all(&mut connection).await;
            let plan = plan.unwrap_or_else(|error| panic!("{file}: {error}: {statement}"));
            for row in plan {
                let step: String = row.get("detail");
                let walks = step.starts_with("SCAN")
                    && !step.contains("json_each")
                    && step != "SCAN CONSTANT ROW"
                    && !small.contains(&step.as_str());
                assert!(!walks, "{file}: {step}: {statement}");
            }
            explained += 1;
        }
    }
    assert!(explained > 70, "{explained} statements were found");
}

#[tokio::test]
async fn the_newest_messages_are_found_in_one_walk() {
    let (_folder, mut connection) = database().await;
    let explain = format!("EXPLAIN QUERY PLAN {NEWEST}");
    let plan = sqlx::query(AssertSqlSafe(explain)).fetch_all(&mut connection).await;
    let steps: Vec<String> = plan.expect("a plan").iter().map(|row| row.get("detail")).collect();
    // Of somebody who filled a mailbox there are thousands: not one walk for each of them.
    assert!(!steps.iter().any(|step| step.contains("CORRELATED")), "{steps:?}");
}
