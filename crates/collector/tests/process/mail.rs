//! One submission, one mail, by a real mail server that first says "later"; and a log that knows nobody.

use std::path::Path;
use std::time::{Duration, Instant};

use mail_parser::MessageParser;

use crate::client::Connection;
use crate::database;
use crate::fixture::{Fixture, MAILBOX, compiled, wait_until};
use crate::made::{self, Draft};
use crate::server::Server;
use crate::sink::{Delivered, Sink};

const NAME: &str = "Hiddengivenname";

/// The first pause is 30 s, and the outbox is looked through every 15 s.
const RETRY: Duration = Duration::from_secs(75);

#[test]
fn a_mail_arrives_once_and_nothing_personal_is_logged() {
    let sink = Sink::refusing(1);
    let fixture = Fixture::start_with(&["--smtp", sink.url()]);
    let draft = fixture.draft().disclosing(vec![
        made::disclosure("email", MAILBOX),
        made::disclosure("given_name", NAME),
    ]);
    let answer = fixture.submit(&draft.signed());
    assert_eq!(answer.status, 201, "{}", answer.json());
    wait_until("the first attempt is refused", || sink.refused() == 1);
    assert_eq!(database::count(&fixture.database(), "outbox WHERE sent_ms IS NULL"), 1);
    let began = Instant::now();
    while sink.delivered().is_empty() {
        assert!(began.elapsed() < RETRY, "no second attempt");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    wait_until("the letter is marked", || {
        database::count(
            &fixture.database(),
            "outbox WHERE sent_ms IS NOT NULL AND due_ms IS NULL",
        ) == 1
    });

    let delivered = sink.delivered();
    let [mail] = &delivered[..] else {
        panic!("{} mails", delivered.len())
    };
    let links = check_mail(mail);
    let manage = answer.json()["manage"].as_str().unwrap().to_owned();
    let mut tokens: Vec<String> = [&links[..], &[path(&fixture, &manage)]].concat();
    tokens.push(follow(&fixture, &tokens));
    assert_eq!(sink.delivered().len(), 1, "what followed sends no mail");

    let log = fixture.log();
    assert!(log.contains("letter not sent") && log.contains("letter sent"), "{log}");
    assert!(!log.contains(NAME) && !log.contains("hidden-person"), "{log}");
    for path in tokens {
        let token = path.rsplit(['/', '=']).next().unwrap();
        assert!(token.len() > 16 && !log.contains(token), "{path} in {log}");
    }
}

/// A server with one letter, killed when the mail server has it and has not said so.
fn killed_before_the_answer(sink: &Sink, folder: &Path) {
    let server = Server::start(folder, &options(sink));
    let draft = Draft::new(&compiled(&server), MAILBOX);
    let answer = Connection::open(server.address())
        .post("/v1/submissions", &draft.signed())
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    wait_until("the letter is out", || sink.delivered().len() == 1);
    server.kill();
}

fn options(sink: &Sink) -> [&str; 4] {
    ["--smtp", sink.url(), "--origin", made::ORIGIN]
}

/// Another letter shows that the outbox has been looked through.
fn another_letter_leaves(sink: &Sink, folder: &Path, letters: usize) {
    let server = Server::start(folder, &options(sink));
    let draft = Draft::new(&compiled(&server), "another@example.org");
    let answer = Connection::open(server.address()).post("/v1/submissions", &draft.signed());
    assert_eq!(answer.unwrap().status, 201);
    let database = folder.join("data/candor.sqlite");
    wait_until("nothing is left to send", || {
        database::count(&database, "outbox WHERE due_ms IS NOT NULL") == 0
    });
    assert_eq!(sink.delivered().len(), letters);
}

/// `kill -9` when the mail server has the letter and the collector does not know: it had left, and does not come again.
#[test]
fn a_letter_that_had_left_before_kill_9_does_not_come_again() {
    let sink = Sink::silent_about(1);
    let folder = tempfile::tempdir().unwrap();
    killed_before_the_answer(&sink, folder.path());
    another_letter_leaves(&sink, folder.path(), 2);
    let database = folder.path().join("data/candor.sqlite");
    let sent = "outbox WHERE sent_ms IS NOT NULL AND sending_ms IS NOT NULL AND asked = 1";
    assert_eq!(database::count(&database, sent), 2, "both count as what they asked");
    let recipients: Vec<_> = sink.delivered().into_iter().flat_map(|mail| mail.recipients).collect();
    assert_eq!(
        recipients,
        [format!("RCPT TO:<{MAILBOX}>"), "RCPT TO:<another@example.org>".into()]
    );
}

/// A power failure, which takes the note with it: the letter comes again as the same message, which mail programs show
/// once; and after a second one in the same moment not a third time.
#[test]
fn a_letter_whose_note_is_lost_comes_again_once_as_the_same_message() {
    let sink = Sink::silent_about(2);
    let folder = tempfile::tempdir().unwrap();
    let lose_the_note = || std::fs::write(folder.path().join("data/outbox.lock"), []).unwrap();
    killed_before_the_answer(&sink, folder.path());
    lose_the_note();
    let server = Server::start(folder.path(), &options(&sink));
    wait_until("the letter is out again", || sink.delivered().len() == 2);
    server.kill();
    lose_the_note();
    another_letter_leaves(&sink, folder.path(), 3);
    let delivered = sink.delivered();
    let messages = delivered
        .iter()
        .map(|mail| MessageParser::default().parse(&mail.message).unwrap());
    let ids: Vec<_> = messages
        .map(|message| message.message_id().unwrap().to_owned())
        .collect();
    assert!(ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
    let database = folder.path().join("data/candor.sqlite");
    let unknown = "outbox WHERE due_ms IS NULL AND sending_ms IS NOT NULL AND sent_ms IS NULL";
    assert_eq!(database::count(&database, unknown), 1);
}

/// Both parts, both links, each once in the text: first the file, apart from it the confirmation.
fn check_mail(mail: &Delivered) -> [String; 2] {
    assert_eq!(mail.recipients, [format!("RCPT TO:<{MAILBOX}>")]);
    let message = MessageParser::default().parse(&mail.message).unwrap();
    assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    let link = |kind: &str| {
        let links: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("http://") && line.contains(&format!("/{kind}/")))
            .collect();
        assert_eq!(links.len(), 1, "/{kind}/ in {text}");
        assert!(html.contains(&format!("href=\"{}\"", links[0])), "/{kind}/ in {html}");
        links[0]
    };
    let (download, confirm) = (link("d"), link("c"));
    let between = &text[text.find(download).unwrap()..text.find(confirm).unwrap()];
    assert!(between.contains("-----") && between.contains("À part"), "{text}");
    [download, confirm].map(|link| link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap())
}

/// Opens the file, confirms, withdraws and reads the receipt, whose address it returns.
fn follow(fixture: &Fixture, paths: &[String]) -> String {
    let [download, confirm, manage] = paths else {
        panic!("three links")
    };
    let mut connection = fixture.connect();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let mut check = |method: &str, path: &str, body: &str| {
        let answer = connection.request(method, path, &form, body.as_bytes()).unwrap();
        assert!(matches!(answer.status, 200 | 303), "{method} {}", answer.status);
        String::from_utf8_lossy(&answer.body).into_owned()
    };
    check("GET", download, "");
    check("POST", confirm, "");
    let page = check("GET", manage, "");
    check("POST", manage, "withdraw=newsletter");
    let receipt = page.split("href=\"").find(|rest| rest.contains("/r/")).unwrap();
    let receipt = receipt.split('"').next().unwrap().to_owned();
    check("GET", &path(fixture, &receipt), "");
    for path in [download, confirm, manage] {
        let forged = format!("{}A", &path[..path.len() - 1]);
        let _ = Connection::open(fixture.server.address()).request("GET", &forged, &[], &[]);
    }
    receipt
}

fn path(fixture: &Fixture, address: &str) -> String {
    let origin = format!("http://{}", fixture.server.address());
    address.strip_prefix(&origin).unwrap_or(address).to_owned()
}
