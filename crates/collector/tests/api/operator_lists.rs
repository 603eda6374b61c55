//! What operators list: the requests of people with their month, and the access log, which nobody rewrites.

use candor_collector::{
    clock::{Random, SystemRandomness},
    operator::{Operator, OperatorId, Role},
    requests::RequestKind,
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    operators::{answer, read},
    staff::token,
    support::TestApp,
};

#[tokio::test]
async fn requests_have_a_month_and_one_answer() {
    let app = TestApp::start().await;
    let (_, dpo) = token(&app, Role::Dpo).await;
    let person = SystemRandomness.uuid();
    let opened = app.app.open_request(person, RequestKind::Access, None).await;
    let late = opened.expect("opened").id.to_string();
    app.clock.advance(SignedDuration::from_hours(24));
    for kind in [RequestKind::Erasure, RequestKind::Objection] {
        let open = app.app.open_request(person, kind, None).await;
        open.expect("opened");
    }
    let at_once = app
        .app
        .open_request(person, RequestKind::Portability, Some("exported by the person"));
    at_once.await.expect("opened");
    app.clock
        .advance(SignedDuration::from_hours(24 * 29) + SignedDuration::from_secs(1));

    let list = read(&app, "/v1/requests", &dpo).await.json();
    let list = list["requests"].as_array().expect("a list");
    assert_eq!(list.len(), 4);
    assert_eq!(list[0]["id"], late);
    assert_eq!(list[0]["received"], "2026-11-21T10:00:00.000Z");
    assert_eq!(list[0]["due"], "2026-12-21T10:00:00.000Z");
    let overdue: Vec<_> = list.iter().map(|request| request["overdue"] == true).collect();
    assert_eq!(overdue, [true, false, false, false]);
    assert_eq!(list[3]["kind"], "portability", "answered ones last");
    let overdue = app.app.store.requests_overdue(app.app.clock.now()).await.expect("read");
    assert_eq!(overdue.len(), 1);

    // Page by page it is the same list.
    let mut paged = Vec::new();
    let mut path = "/v1/requests?limit=1".to_owned();
    loop {
        let page = read(&app, &path, &dpo).await.json();
        paged.extend(page["requests"].as_array().expect("a list").clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/requests?limit=1&cursor={next}");
    }
    assert_eq!(&paged, list);

    let check = async |body: Value, status: u16, slug: &str| {
        let found = answer(&app, &late, &dpo, &body).await;
        assert_eq!(
            (found.status.as_u16(), found.problem().as_str()),
            (status, slug),
            "{body}"
        );
    };
    check(json!({}), 400, "malformed").await;
    check(json!({"answer": 1}), 400, "malformed").await;
    check(json!({"answer": "x", "more": 1}), 400, "malformed").await;
    check(json!({"answer": "  "}), 422, "unacceptable").await;
    check(json!({"answer": "x".repeat(2_001)}), 422, "unacceptable").await;
    check(json!({"answer": "sent to ada@example.org"}), 422, "unacceptable").await;
    for _ in 0..2 {
        let done = answer(&app, &late, &dpo, &json!({"answer": "a copy was mailed"})).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let done = done.json();
        assert_eq!(
            (&done["overdue"], &done["answer"]),
            (&json!(false), &json!("a copy was mailed"))
        );
    }
    check(json!({"answer": "something else"}), 409, "conflict").await;
    let of_person = app.app.store.requests_of(person).await.expect("read");
    assert_eq!(of_person.len(), 4);
    assert_eq!(of_person[0].answer.as_deref(), Some("a copy was mailed"));
    for bad in ["limit=0", "limit=501", "limit=x", "cursor=%21", "cursor=YQ", "other=1"] {
        let found = read(&app, &format!("/v1/requests?{bad}"), &dpo).await;
        assert_eq!(found.problem(), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn what_is_read_is_logged_and_the_log_stays() {
    let app = TestApp::start().await;
    let (id, dpo) = token(&app, Role::Dpo).await;
    let (ada, bob) = (SystemRandomness.uuid(), SystemRandomness.uuid());
    let operator = Operator {
        id: OperatorId::Token(id),
        role: Role::Dpo,
    };
    for (person, reason) in [(ada, "a question by phone"), (bob, "another"), (ada, "once more")] {
        let logged = app.app.log_access(&operator, "see", Some(person), reason).await;
        logged.expect("logged");
        app.clock.advance(SignedDuration::from_hours(1));
    }
    let logged = app
        .app
        .log_access(&Operator::COMMAND, "export", Some(ada), "candor export person");
    logged.await.expect("logged");

    let log = read(&app, &format!("/v1/access-log?person={ada}"), &dpo).await.json();
    let reasons: Vec<_> = log["accesses"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| &line["reason"])
        .collect();
    assert_eq!(
        reasons,
        [
            "GET /v1/access-log",
            "candor export person",
            "once more",
            "a question by phone"
        ]
    );
    let line = |number: usize| &log["accesses"][number];
    assert_eq!(
        (&line(1)["actor"], &line(1)["role"]),
        (&json!("command"), &json!("admin"))
    );
    assert_eq!(
        *line(3),
        json!({"at": "2026-11-21T10:00:00.000Z", "actor": id.to_string(), "role": "dpo", "action": "see",
            "person": ada.to_string(), "reason": "a question by phone"})
    );
    let first = read(&app, "/v1/access-log?limit=2", &dpo).await.json();
    let next = first["next"].as_str().expect("a cursor");
    let second = read(&app, &format!("/v1/access-log?limit=500&cursor={next}"), &dpo)
        .await
        .json();
    assert_eq!(second["accesses"].as_array().map(Vec::len), Some(4));
    assert_eq!(second["accesses"][3]["reason"], "a question by phone");

    // No hand changes a line; only the purge removes one, and only what is older than it says.
    let path = app.folder.path().join("data/candor.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    let before = app.count("access_log").await;
    for statement in [
        "DELETE FROM access_log",
        "UPDATE access_log SET person = NULL",
        "DELETE FROM tokens",
    ] {
        assert!(sqlx::query(statement).execute(&pool).await.is_err(), "{statement}");
    }
    let cut = "2026-11-21T11:00:00Z".parse().expect("a time");
    assert_eq!(app.app.store.purge_accesses(cut).await.expect("purged"), 1);
    assert!(sqlx::query("DELETE FROM access_log").execute(&pool).await.is_err());
    assert_eq!(app.count("access_log").await, before - 1);
}

#[tokio::test]
async fn answers_are_logged_with_their_person() {
    let app = TestApp::start().await;
    let (id, admin) = token(&app, Role::Admin).await;
    let person = SystemRandomness.uuid();
    let opened = app
        .app
        .open_request(person, RequestKind::Erasure, None)
        .await
        .expect("opened");
    let done = answer(&app, &opened.id.to_string(), &admin, &json!({"answer": "erased"})).await;
    assert_eq!(done.status, StatusCode::OK);
    let log = app.app.store.accesses(Some(person), None, 10).await.expect("read");
    let [line] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!(
        (line.access.actor.as_str(), line.access.action.as_str()),
        (&*id.to_string(), "answer-request")
    );
}

#[tokio::test]
async fn lists_are_served_by_an_index() {
    let app = TestApp::start().await;
    let path = app.folder.path().join("data/candor.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    for (query, index) in [
        ("SELECT id FROM tokens WHERE hash = x'00'", "sqlite_autoindex_tokens_2"),
        (
            "SELECT * FROM access_log WHERE person = 'a' AND id < 9 ORDER BY id DESC LIMIT 5",
            "access_log_by_person",
        ),
        (
            "SELECT * FROM requests WHERE (answered_ms IS NOT NULL, due_ms, id) > (-1, 0, '')
            ORDER BY answered_ms IS NOT NULL, due_ms, id LIMIT 5",
            "requests_in_order",
        ),
        (
            "SELECT * FROM requests WHERE (answered_ms IS NOT NULL) = 0 AND due_ms < 5 ORDER BY due_ms, id",
            "requests_in_order",
        ),
        (
            "SELECT * FROM requests WHERE person = 'a' ORDER BY received_ms, id",
            "requests_by_person",
        ),
        ("DELETE FROM access_log WHERE at_ms < 5", "access_log_by_time"),
    ] {
        let explained =
            sqlx::query_as::<_, (i64, i64, i64, String)>(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}")));
        let plan: Vec<_> = explained
            .fetch_all(&pool)
            .await
            .expect("explained")
            .into_iter()
            .map(|row| row.3)
            .collect();
        assert!(plan.iter().any(|line| line.contains(index)), "{query}: {plan:?}");
        assert!(
            !plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY")),
            "{query}: {plan:?}"
        );
    }
}
