//! `candor import`: what a list may bring in, and what nobody believes it.

use std::fs;

use candor_collector::{
    access::access,
    erase::erase_person,
    import::{
        self, Order,
        mapping::Mapping,
        meta,
        report::{Line, Outcome},
        rows::{Format, digest},
    },
    mailbox::Mailbox,
    operator::Role,
    pages,
    person::Person,
};
use candor_record::{record::Submission, term::Actor};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    staff::Staff,
    support::{TestApp, link_in},
};

mod boxes;
mod judged;
mod on_meta;
mod people;
mod reading;

/// Every published text of a form, as a mapping tells them.
async fn texts(app: &TestApp, form: &str) -> Value {
    let compiled = app.compiled(form, "en").await;
    let texts = compiled["texts"].as_array().expect("texts").iter();
    let text = |text: &Value| (text["ref"].as_str().expect("a ref").to_owned(), text["text"].clone());
    texts.map(text).collect::<serde_json::Map<_, _>>().into()
}

/// A mapping that proves every word of the form, for consents by empty boxes.
async fn mapping(app: &TestApp, form: &str) -> Value {
    let compiled = app.compiled(form, "en").await;
    let mut purposes = serde_json::Map::new();
    for control in compiled["controls"].as_array().expect("controls") {
        let id = control["purpose"].as_str().expect("an id");
        let claim = match control["control"].as_str() {
            Some("checkbox") => json!({"column": id, "control": "unticked-box"}),
            Some("objection-checkbox") => json!({"column": id}),
            _ => json!({}),
        };
        purposes.insert(id.to_owned(), claim);
    }
    json!({
        "format": "candor-import/1",
        "language": "en",
        "origin": "https://old.acme.example",
        "source": "the page of last year",
        "acted": {"column": "when"},
        "purposes": purposes,
        "shown": [{
            "source": "archive, 1 March 2026",
            "from": "2026-01-01", "until": "2026-12-31",
            "policyUrl": compiled["record"]["policy"]["url"],
            "texts": texts(app, form).await,
        }],
    })
}

/// What is taken over, and how.
struct Given<'a> {
    form: &'a str,
    format: Format,
    mapping: &'a Value,
    meta_form: Option<Value>,
    file: &'a str,
    encoding: Encoding,
    ask: bool,
    dry_run: bool,
}

enum Encoding {
    Utf8,
    /// With tabs, as Meta's own downloads are.
    Utf16,
}

impl<'a> Given<'a> {
    fn list(form: &'a str, mapping: &'a Value, file: &'a str) -> Self {
        Self {
            form,
            format: Format::Csv,
            mapping,
            meta_form: None,
            file,
            encoding: Encoding::Utf8,
            ask: false,
            dry_run: false,
        }
    }

    async fn run(&self, app: &TestApp) -> Vec<Line> {
        self.try_run(app).await.expect("imported")
    }

    async fn try_run(&self, app: &TestApp) -> Result<Vec<Line>, String> {
        let path = app.folder.path().join("leads");
        let bytes = match self.encoding {
            Encoding::Utf8 => self.file.as_bytes().to_vec(),
            Encoding::Utf16 => "\u{feff}"
                .encode_utf16()
                .chain(self.file.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
        };
        fs::write(&path, bytes).expect("written");
        let live = app.app.forms.iter().find(|(id, _)| *id == self.form).expect("a form").1;
        let mapping_text = self.mapping.to_string();
        let mapping = Mapping::parse(&mapping_text).map_err(|error| error.to_string())?;
        let order = Order {
            digest: digest(&path).expect("a digest"),
            file: path,
            format: self.format,
            form: live.in_language(Some("en")).clone(),
            mapping,
            mapping_text,
            meta: self
                .meta_form
                .as_ref()
                .map(|form| meta::Form::parse(&form.to_string()).expect("a form")),
            dry_run: self.dry_run,
            ask: self.ask,
        };
        let mut lines = Vec::new();
        let outcome = import::run(&app.app, &order, |line| {
            lines.push(line);
            Ok(())
        })
        .await;
        outcome.map(|()| lines).map_err(|error| error.to_string())
    }
}

/// `taken`, or `refused no-purpose,no-words`: what came of a line, in a word for each reason.
fn told(line: &Line) -> String {
    let codes: Vec<&str> = line.notes.iter().map(|note| note.code.as_str()).collect();
    format!("{} {}", line.outcome.as_str(), codes.join(","))
        .trim_end()
        .to_owned()
}

fn all_told(lines: &[Line]) -> Vec<String> {
    lines.iter().map(told).collect()
}

async fn person(app: &TestApp, email: &str) -> Person {
    let mailbox = Mailbox::parse(email).expect("an address");
    Person::by_mailbox(&app.app, &mailbox)
        .await
        .expect("read")
        .expect("known")
}

async fn first(app: &TestApp, email: &str) -> Submission {
    let person = person(app, email).await;
    person.first(person.chains()[0]).expect("a submission").clone()
}

async fn permission(app: &TestApp, email: &str, purpose: &str) -> Value {
    let viewer = Staff::hire(app, Role::Viewer).await;
    let asked = json!({"email": email, "purpose": purpose, "channel": "email"});
    viewer.post("/v1/permissions", &asked).await.json()
}

const HEAD: &str = "email,when,letter\n";

#[tokio::test]
async fn without_proof_of_the_words_nothing_is_given_and_nothing_kept() {
    let app = TestApp::start().await;
    let bare = json!({"format": "candor-import/1", "acted": {"column": "when"}});
    let mut claimed = bare.clone();
    claimed["purposes"] = json!({"checklist": {}, "letter": {"column": "letter", "control": "unticked-box"}});
    let file = format!("{HEAD}ada@example.org,2026-03-01,yes\nbob@example.org,2026-03-01,no\n");
    for (mapping, expected) in [
        (&bare, ["refused no-purpose,box-unknown", "refused no-purpose"]),
        (
            &claimed,
            ["refused no-purpose,no-words,no-words", "refused no-purpose,no-words"],
        ),
    ] {
        let lines = Given::list("checklist", mapping, &file).run(&app).await;
        assert_eq!(all_told(&lines), expected, "{mapping}");
    }
    for table in ["records", "leads", "people", "outbox"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn proved_words_make_a_record_that_says_what_it_is() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "checklist").await;
    let file = format!("{HEAD}ada@example.org,2026-11-10T08:00:00Z,yes\nbob@example.org,2026-11-10,no\n");
    let lines = Given::list("checklist", &mapping, &file).run(&app).await;
    assert_eq!(all_told(&lines), ["taken", "refused no-purpose"]);
    assert_eq!(app.letters().await, [""; 0], "nobody is written to");

    let record = first(&app, "ada@example.org").await;
    assert_eq!(record.capture.method.as_str(), "import");
    assert!(!record.capture.observed && record.shown_at.is_none());
    assert_eq!(record.capture.origin, "https://old.acme.example");
    assert_eq!(
        record.created.to_string(),
        "2026-11-21T10:00:00.000Z",
        "the import's own time"
    );
    let shown: Vec<&str> = record.shown.iter().map(|text| text.reference.as_str()).collect();
    for reference in ["purpose.letter", "controller", "policy", "withdrawal"] {
        assert!(shown.contains(&reference), "{reference} in {shown:?}");
    }
    let letter = &record.processes[1];
    assert_eq!((letter.purpose.as_str(), letter.status.as_str()), ("letter", "given"));
    assert_eq!(letter.indication.trusted, None);

    let answer = permission(&app, "ada@example.org", "letter").await;
    assert_eq!(answer["allowed"], true, "{answer}");
    assert_eq!(
        answer["until"], "2028-05-10T08:00:00.000Z",
        "eighteen months from the act, not from the import"
    );
    // Whoever did not want the letter left nothing behind by which to find them.
    assert_eq!(permission(&app, "bob@example.org", "letter").await["reason"], "unknown");

    let ada = person(&app, "ada@example.org").await;
    assert_eq!(ada.row.contact.to_string(), "2026-11-10T08:00:00Z");
    let dpo = Staff::hire(&app, Role::Dpo).await;
    let exported = dpo
        .post(
            &format!("/v1/people/{}/export", ada.row.id),
            &json!({"reason": "a letter"}),
        )
        .await
        .json();
    assert_eq!(exported["submissions"][0]["acted"], "2026-11-10T08:00:00.000Z");
    assert_eq!(exported["submissions"][0]["source"], "the page of last year");
    let page = pages::person::DataPage::new(&app.app, &ada, None, &access(&app.app, &ada).await.expect("read"));
    let said = page.submissions[0].source.as_deref();
    assert_eq!(said, Some("the page of last year (10 November 2026 at 08:00 UTC)"));
}

#[tokio::test]
async fn a_form_with_double_opt_in_holds_what_was_given_and_asks_only_when_told_to() {
    let app = TestApp::start().await;
    let mapping = mapping(&app, "ebook-rgpd").await;
    let file =
        "email,when,newsletter,call,partners\nada@example.org,2026-11-01,yes,,\nbob@example.org,2026-11-01,no,,\n";
    let mut given = Given::list("ebook-rgpd", &mapping, file);
    assert_eq!(all_told(&given.run(&app).await), ["held confirmation", "taken"]);
    assert_eq!(
        permission(&app, "ada@example.org", "newsletter").await["reason"],
        "pending"
    );
    assert_eq!(
        app.letters().await,
        [""; 0],
        "nobody is written to, and no guide leaves"
    );
    given.ask = true;
    assert_eq!(
        all_told(&given.run(&app).await),
        ["unchanged before", "unchanged before"]
    );
    let mails = app.mails().await;
    assert_eq!(
        mails.len(),
        1,
        "who gave a consent is asked, and nobody else: {mails:?}"
    );
    given.run(&app).await;
    assert_eq!(app.mails().await.len(), 1, "once");
    let link = link_in(&mails[0], "c");
    assert_eq!(app.post_form(&link, &[]).await.status, StatusCode::OK);
    let answer = permission(&app, "ada@example.org", "newsletter").await;
    assert_eq!(
        (&answer["reason"], &answer["until"]),
        (&json!("given"), &json!("2028-05-21T10:00:00.000Z"))
    );
}
