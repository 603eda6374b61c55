//! Lists as programs write them: separators, quotation marks, line ends, and what is no list.

use super::*;

#[tokio::test]
async fn lists_are_read_as_spreadsheets_write_them() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "webinar-b2b").await;
    let check = async |file: &str, expected: &[&str]| {
        let given = Given {
            dry_run: true,
            ..Given::list("webinar-b2b", &mapping, file)
        };
        assert_eq!(all_told(&given.run(&app).await), expected, "{file:?}");
    };
    let taken = &["taken"];
    check("name,email,when,offers\nAda,ada@example.org,2026-11-01,no\n", taken).await;
    check(
        "\u{feff}name;email;when;offers\r\nAda;ada@example.org;2026-11-01;no\r\n",
        taken,
    )
    .await;
    check("name\temail\twhen\toffers\nAda\tada@example.org\t2026-11-01\tno", taken).await;
    check(
        "name,email,when,offers\n\"Ada, \"\"Lady\"\"\",ada@example.org,2026-11-01,no\n",
        taken,
    )
    .await;
    check("Name , EMAIL,when,offers\nAda,ada@example.org,2026-11-01,no\n", taken).await;
    // A line break within a cell is no new line, and no name either.
    check(
        "name,email,when,offers\n\"Ada\nB\",ada@example.org,2026-11-01,no\nCy,cy@example.org,2026-11-01,no\n",
        &["refused field", "taken"],
    )
    .await;
    let lines = Given::list(
        "webinar-b2b",
        &mapping,
        "name,email,when,offers\n\"A\nB\",a@b.example,2026-11-01,no\nx\n",
    )
    .run(&app)
    .await;
    assert_eq!(
        lines.iter().map(|line| line.line).collect::<Vec<_>>(),
        [2, 4],
        "numbers are the file's own"
    );
    let file = "name,email,when,offers\r\n\"A\r\nB\",a@b.example,2026-11-01,no\r\nx\r\ny\r\n";
    let lines = Given::list("webinar-b2b", &mapping, file).run(&app).await;
    assert_eq!(lines.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 4, 5]);

    // As Meta and some spreadsheets save it.
    let text = "name\temail\twhen\toffers\r\nAda Œuvre 😀\tada@example.org\t2026-11-01\tno\r\n";
    let mut given = Given::list("webinar-b2b", &mapping, text);
    given.encoding = Encoding::Utf16;
    assert_eq!(all_told(&given.run(&app).await), taken);
    let ada = person(&app, "ada@example.org").await;
    let typed = candor_collector::ingest::values::disclosed(&ada.submissions[0].values.disclosures);
    assert!(
        typed.contains(&("name".to_owned(), "Ada Œuvre 😀".to_owned())),
        "{typed:?}"
    );

    let refused = async |file: &str, expected: &str| {
        let error = Given::list("webinar-b2b", &mapping, file)
            .try_run(&app)
            .await
            .expect_err(expected);
        assert!(error.contains(expected), "{error}");
    };
    refused("", "column names").await;
    refused("name,email,email\n", "the columns 2 and 3 have the same name").await;
    // A list without names of columns begins with a person, whom no error repeats.
    let error = Given::list("webinar-b2b", &mapping, "Ada,ada@example.org,Ada\n");
    let error = error.try_run(&app).await.expect_err("refused");
    assert!(!error.contains("Ada") && error.contains("columns 1 and 3"), "{error}");
    refused("name,email,offers\n", "no column `when`").await;
    refused(
        &format!("name,email,when,offers\n\"{}", "x".repeat(3_000_000)),
        "more than 1 MiB",
    )
    .await;
}
