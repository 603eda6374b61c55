//! Every language of the forms is one of the pages and mails too: whatever a person meets is in the language of their
//! form, whole, and says so. Which languages there are: `candor_definition::LANGUAGES`.

use std::fs;

use candor_collector::{
    catalog::Words,
    mailbox::Mailbox,
    operator::Operator,
    person::Person,
    store::{MailKind, NewLetter},
};
use candor_definition::LANGUAGES;
use http::StatusCode;
use jiff::SignedDuration;
use mail_parser::MessageParser;

use crate::support::{Draft, PUBLIC_URL, TestApp, link_in, text_of};

const FORM: &str = "languages";

async fn start() -> TestApp {
    TestApp::start_with(|config| {
        let form = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/e2e/forms/languages.json");
        let folder = config.forms.as_ref().expect("forms");
        fs::copy(form, folder.join("languages.json")).expect("copied");
    })
    .await
}

fn address(language: &str) -> String {
    format!("ada-{language}@example.org")
}

/// Submits in that language and returns the person.
async fn submit(app: &TestApp, language: &str) -> Person {
    let (compiled, address) = (app.compiled(FORM, language).await, address(language));
    assert_eq!(compiled["record"]["language"], language);
    let values = [("email", address.as_str()), ("company", "Analytical Engines")];
    let draft = Draft::new(&compiled, app.app.clock.now(), &[("letter", "given")], &values);
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{language}: {}", answer.text());
    let mailbox = Mailbox::parse(&address).expect("an address");
    let person = Person::by_mailbox(&app.app, &mailbox).await.expect("read");
    person.expect("known")
}

/// The letter to the person of that language that was not there before; a link is looked up after its answer.
async fn newest(app: &TestApp, language: &str, seen: &mut Vec<String>) -> String {
    let to = address(language);
    for _ in 0..10_000 {
        let all = app.letters().await.into_iter();
        let mut new = all.filter(|letter| letter.contains(&to) && !seen.contains(letter));
        if let Some(letter) = new.next() {
            assert!(new.next().is_none(), "{language}: one letter");
            seen.push(letter.clone());
            return letter;
        }
        tokio::task::yield_now().await;
    }
    panic!("{language}: no letter came");
}

/// A page or letter is whole: its language is named, no word is missing and none is left to fill in.
fn check_whole(what: &str, language: &str, html: &str) {
    let head = format!("<html lang=\"{language}\" dir=\"ltr\">");
    assert!(html.contains(&head), "{language} {what}: {html}");
    let (english, words) = (Words::of("en"), Words::of(language));
    for key in english.keys().filter(|key| key.contains('_')) {
        let is_said = html.contains(&format!(">{key}<")) || html.contains(&format!(" {key} "));
        assert!(!is_said, "{language} {what}: {key}");
        // A long sentence that is the same in two languages was not translated.
        let (own, foreign) = (words.get(key), english.get(key));
        if language != "en" && foreign.len() > 30 && foreign != own {
            assert!(!html.contains(foreign), "{language} {what}: {foreign}");
        }
    }
    let body = html.split_once("<body").expect("a body").1;
    assert!(!body.contains(['{', '}']), "{language} {what}: {body}");
}

fn html_of(letter: &str) -> String {
    let mail = MessageParser::default().parse(letter.as_bytes()).expect("a mail");
    mail.body_html(0).expect("a mail has an HTML part").into_owned()
}

/// What whoever runs it can have done with a person, by the names in the access log.
const READINGS: [&str; 17] = [
    "find",
    "see",
    "export",
    "export-leads",
    "export-reconsent",
    "list-breach",
    "qualify",
    "list-qualifications",
    "validate-qualification",
    "reject-qualification",
    "rectify",
    "erase",
    "restrict",
    "unrestrict",
    "answer-request",
    "read-access-log",
    "something-new",
];

const REASON: &str = "courrier du 20 novembre";

/// Each reading is said in words, with the reason of whoever read.
fn check_readings(language: &str, page: &str) {
    let words = Words::of(language);
    let said = format!("<dt>{}{} {REASON}</dt>", words.get("access_export"), words.get("colon"));
    assert!(page.contains(&said), "{language}: {said} in {page}");
    for name in READINGS {
        assert!(!page.contains(&format!("<dt>{name}")), "{language}: {name} in {page}");
    }
}

#[tokio::test]
async fn whatever_a_person_meets_is_in_their_language() {
    let app = start().await;
    for language in LANGUAGES {
        let person = submit(&app, language).await;
        let mut seen = Vec::new();
        let first = newest(&app, language, &mut seen).await;
        check_whole("letter", language, &html_of(&first));
        let text = text_of(&first);
        assert!(!text.contains(['{', '}']), "{language}: {text}");

        let asked = app.post_form("/m", &[("email", &address(language))]).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.text());
        let second = newest(&app, language, &mut seen).await;
        check_whole("link", language, &html_of(&second));
        let own = link_in(&text_of(&second), "m");

        for action in READINGS {
            let logged = app
                .app
                .log_access(&Operator::COMMAND, action, Some(person.row.id), REASON);
            logged.await.expect("logged");
        }
        let renewal = NewLetter {
            kind: MailKind::Renewal,
            person: person.row.id,
            record: None,
            purposes: vec!["letter".to_owned()],
            dedupe: None,
        };
        let hosted = format!("{PUBLIC_URL}/f/{FORM}?lang={language}");
        let pages = [
            ("confirmation", link_in(&text, "c")),
            ("submission", link_in(&text, "m")),
            ("person", own.clone()),
            ("data", format!("{own}/data")),
            ("erasure", format!("{own}/erase")),
            ("hosted", hosted),
        ];
        for (what, address) in pages {
            let page = app.get_with(&address, &[("accept", "text/html")]).await;
            assert_eq!(page.status, StatusCode::OK, "{language} {what}: {}", page.text());
            check_whole(what, language, &page.text());
            if what == "data" {
                check_readings(language, &page.text());
            }
        }
        let confirmed = app.post_form(&link_in(&text, "c"), &[]).await;
        check_whole("confirmed", language, &confirmed.text());
        app.app
            .store
            .queue(&renewal, app.app.clock.now(), None)
            .await
            .expect("queued");
        let third = newest(&app, language, &mut seen).await;
        check_whole("renewal", language, &html_of(&third));
        app.clock.advance(SignedDuration::from_secs(60));
    }
}

/// What belongs to no form is in the reader's language.
#[tokio::test]
async fn what_belongs_to_no_form_goes_by_the_browser() {
    let app = start().await;
    for language in LANGUAGES {
        let accepted = format!("sr, {language};q=0.8, fr;q=0.3");
        for path in ["/m", "/d/nowhere", "/nowhere"] {
            let page = app
                .get_with(path, &[("accept", "text/html"), ("accept-language", &accepted)])
                .await;
            check_whole(path, language, &page.text());
        }
    }
}
