//! What is on record already: the same act, a withdrawal, an erasure, an address that must not be taken up again.

use super::*;

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "checklist").await;
    let mut file = HEAD.to_owned();
    for number in 0..150 {
        file += &format!(
            "person-{}@example.org,2026-03-{:02},yes\n",
            number % 140,
            number % 27 + 1
        );
    }
    // The same act twice in one file, too.
    file += "person-3@example.org,2026-03-04,yes\n";
    let given = Given::list("checklist", &mapping, &file);
    let lines = given.run(&app).await;
    let numbers: Vec<u64> = lines.iter().map(|line| line.line).collect();
    assert_eq!(numbers, (2..=152).collect::<Vec<_>>(), "in the order of the file");
    assert_eq!(told(&lines[150]), "unchanged before");
    assert_eq!(lines[150].record, lines[3].record);
    // Ten mailboxes act twice: the second time there is something on record.
    let held = lines.iter().filter(|line| line.outcome == Outcome::Held).count();
    assert_eq!(held, 10, "{:?}", all_told(&lines));
    let mut before = Vec::new();
    for table in ["records", "leads", "links", "people", "imports", "imported", "outbox"] {
        before.push((table, app.count(table).await));
    }
    app.clock.advance(SignedDuration::from_hours(30));
    let again = given.run(&app).await;
    assert!(
        again.iter().all(|line| told(line) == "unchanged before"),
        "{:?}",
        all_told(&again)
    );
    for (table, count) in before {
        assert_eq!(app.count(table).await, count, "{table}");
    }
}

#[tokio::test]
async fn what_people_said_here_holds() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "checklist").await;
    let taken = app.submit_form("checklist", "en", &[("letter", "given")]).await;
    let manage = taken["manage"].as_str().expect("a link");
    app.clock.advance(SignedDuration::from_secs(5));
    let answer = app.post_form(manage, &[("withdraw", "letter")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        permission(&app, "ada@example.org", "letter").await["reason"],
        "withdrawn"
    );
    let file = format!("{HEAD}ada@example.org,2026-11-20,yes\n");
    let lines = Given::list("checklist", &mapping, &file).run(&app).await;
    assert_eq!(all_told(&lines), ["held on-record"]);
    assert_eq!(
        permission(&app, "ada@example.org", "letter").await["reason"],
        "withdrawn"
    );
}

#[tokio::test]
async fn a_suppressed_address_is_refused_by_channel() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "ebook-rgpd").await;
    let head = "email,when,newsletter,call,partners,phone\n";
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let ada = app.ada().await;
    assert!(
        erase_person(&app.app, ada.row.id, Actor::Subject, "erasure")
            .await
            .expect("erased")
    );
    assert!(app.count("suppressions").await > 0);
    let people = app.count("people").await;
    let only_mail = format!("{head}Ada@example.org,2026-11-01,yes,,,\n");
    let lines = Given::list("ebook-rgpd", &mapping, &only_mail).run(&app).await;
    assert_eq!(all_told(&lines), ["refused no-purpose,suppressed,suppressed"]);
    assert_eq!(app.count("people").await, people, "nothing of the address is kept");
    // The number was never refused.
    let by_phone = format!("{head}ada@example.org,2026-11-01,yes,yes,,01 99 00 12 34\n");
    let lines = Given::list("ebook-rgpd", &mapping, &by_phone).run(&app).await;
    assert_eq!(all_told(&lines), ["held suppressed,suppressed,confirmation"]);
    let record = first(&app, "ada@example.org").await;
    let statuses: Vec<&str> = record.processes.iter().map(|process| process.status.as_str()).collect();
    assert_eq!(statuses, ["not-shown", "not-shown", "given", "not-given"]);
    // Whoever was taken over and had it erased is not taken over again.
    let bob = format!("{head}bob@example.org,2026-11-01,yes,,,\n");
    Given::list("ebook-rgpd", &mapping, &bob).run(&app).await;
    let bob_now = person(&app, "bob@example.org").await;
    erase_person(&app.app, bob_now.row.id, Actor::Subject, "erasure")
        .await
        .expect("erased");
    let lines = Given::list("ebook-rgpd", &mapping, &bob).run(&app).await;
    assert_eq!(all_told(&lines), ["refused erased"]);
    // The same address in another act is suppressed.
    let later = format!("{head}bob@example.org,2026-11-02,yes,,,\n");
    let lines = Given::list("ebook-rgpd", &mapping, &later).run(&app).await;
    assert_eq!(all_told(&lines), ["refused no-purpose,suppressed,suppressed"]);
}

#[tokio::test]
async fn what_was_erased_is_not_taken_up_by_another_mapping() {
    let app = crate::qualification::start().await;
    let full = mapping(&app, "qualify").await;
    let mut bare = full.clone();
    bare["shown"][0]["texts"]["purpose.offers"] = json!("other words");
    let file = "email,when,qualify,offers\nada@example.org,2026-11-01,no,no\n";
    // Without any consent nothing stays of the chain, and a purpose without a channel is on no suppression list.
    let lines = Given::list("qualify", &bare, file).run(&app).await;
    assert_eq!(all_told(&lines), ["taken no-words"]);
    let ada = person(&app, "ada@example.org").await;
    erase_person(&app.app, ada.row.id, Actor::Controller, "retention")
        .await
        .expect("erased");
    assert_eq!(app.count("records").await, 0);
    for mapping in [&bare, &full] {
        let again = Given::list("qualify", mapping, file);
        assert_eq!(all_told(&again.run(&app).await), ["refused erased"]);
    }
    // Another act is another matter.
    let anew = "email,when,qualify,offers\nada@example.org,2026-11-05,no,no\n";
    assert_eq!(
        all_told(&Given::list("qualify", &full, anew).run(&app).await),
        ["taken"]
    );
}

#[tokio::test]
async fn a_rehearsal_says_what_would_wait() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "checklist").await;
    let act = |day: u8| format!("{HEAD}ada@example.org,2026-11-{day},yes\n");
    Given::list("checklist", &mapping, &act(10)).run(&app).await;
    let records = app.count("records").await;
    let file = act(11);
    let mut again = Given {
        dry_run: true,
        ..Given::list("checklist", &mapping, &file)
    };
    let rehearsed = all_told(&again.run(&app).await);
    assert_eq!(app.count("records").await, records);
    again.dry_run = false;
    assert_eq!(rehearsed, all_told(&again.run(&app).await));
    assert_eq!(rehearsed, ["held on-record"]);
}
