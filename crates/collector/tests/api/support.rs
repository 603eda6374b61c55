//! `TestApp`: an own data folder, a clock that stands still, no socket. Who submits to it is in `device`.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body};
use bytes::Bytes;
use candor_collector::{
    app::App,
    clock::{Clock, SystemRandomness},
    config::{Config, Options},
    mail::Post,
    mailbox::Mailbox,
    outbox,
    person::Person,
    router, start,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use mail_parser::MessageParser;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

mod device;

pub(crate) use device::{Draft, ebook, sign};

pub(crate) const ORIGIN: &str = "https://www.acme.example";
pub(crate) const PUBLIC_URL: &str = "https://forms.acme.example";
pub(crate) const ADA: (&str, &str) = ("email", "ada@example.org");
pub(crate) const GUIDE: &[u8] = b"%PDF-1.7 a guide of exactly these bytes";

#[derive(Debug)]
pub(crate) struct FakeClock(Mutex<Timestamp>);

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no panic")
    }
}

impl FakeClock {
    pub(crate) fn advance(&self, by: SignedDuration) {
        *self.0.lock().expect("no panic") += by;
    }

    pub(crate) fn set(&self, at: Timestamp) {
        *self.0.lock().expect("no panic") = at;
    }
}

pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) router: Router,
    post: Post,
    pub(crate) folder: TempDir,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// The slug of a problem document.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        for member in ["title", "detail"] {
            assert!(
                problem[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member} in {problem}"
            );
        }
        problem["type"]
            .as_str()
            .expect("a type")
            .rsplit('/')
            .next()
            .expect("a slug")
            .to_owned()
    }
}

/// Files that the server reads: the demo's forms and a form that delivers on the screen, and the gated file.
pub(crate) fn lay_out(folder: &Path) {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(folder.join("forms")).expect("made");
    fs::create_dir_all(folder.join("assets")).expect("made");
    for source in [
        "../../www/forms/ebook-rgpd.json",
        "../../www/forms/webinar-b2b.json",
        "tests/forms/screen.json",
    ] {
        let source = crate_folder.join(source);
        fs::copy(&source, folder.join("forms").join(source.file_name().expect("a name"))).expect("copied");
    }
    fs::write(folder.join("assets/guide-rgpd.pdf"), GUIDE).expect("written");
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        lay_out(folder.path());
        let options = Options {
            data: Some(folder.path().join("data")),
            forms: Some(folder.path().join("forms")),
            assets: Some(folder.path().join("assets")),
            public_url: Some(PUBLIC_URL.to_owned()),
            origin: Some(vec![ORIGIN.to_owned()]),
            limit: Some(0),
            ..Options::default()
        };
        let mut config = options.decide().expect("a configuration");
        change(&mut config);
        let clock = Arc::new(FakeClock(Mutex::new(
            "2026-11-21T10:00:00.000Z".parse().expect("a time"),
        )));
        let opened = start::open(
            config,
            PUBLIC_URL.to_owned(),
            Arc::<FakeClock>::clone(&clock),
            Arc::new(SystemRandomness),
        )
        .await;
        let (app, post) = opened.expect("started");
        Self {
            router: router::router(app.clone()),
            app,
            clock,
            post,
            folder,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let path = path.strip_prefix(PUBLIC_URL).unwrap_or(path);
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// A form as a browser posts it.
    pub(crate) async fn post_form(&self, path: &str, members: &[(&str, &str)]) -> Answer {
        let path = path.strip_prefix(PUBLIC_URL).unwrap_or(path);
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(members)
            .finish();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, PUBLIC_URL)
            .header(header::ACCEPT, "text/html");
        self.send(request.body(body.into()).expect("a request")).await
    }

    pub(crate) async fn submit(&self, body: &Value) -> Answer {
        self.submit_bytes(body.to_string().into_bytes()).await
    }

    pub(crate) async fn submit_bytes(&self, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(Method::POST).uri("/v1/submissions");
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ORIGIN, ORIGIN);
        self.send(request.body(body.into()).expect("a request")).await
    }

    pub(crate) async fn compiled(&self, form: &str, language: &str) -> Value {
        self.get(&format!("/v1/forms/{form}?lang={language}")).await.json()
    }

    /// Sends what the outbox holds; returns how many letters left.
    pub(crate) async fn drain(&self) -> u64 {
        outbox::drain(&self.app, &self.post).await.sent
    }

    /// Sends what the outbox holds, and returns all mails so far as they are on the wire.
    pub(crate) async fn letters(&self) -> Vec<String> {
        self.drain().await;
        let folder = fs::read_dir(self.folder.path().join("data/outbox")).expect("an outbox");
        let mut files: Vec<_> = folder.map(|entry| entry.expect("entry").path()).collect();
        files.sort();
        let text = |path: &std::path::PathBuf| fs::read_to_string(path).expect("a mail");
        files.iter().map(text).collect()
    }

    /// Sends what the outbox holds, and returns the texts of all mails so far.
    pub(crate) async fn mails(&self) -> Vec<String> {
        self.letters().await.iter().map(|letter| text_of(letter)).collect()
    }

    /// Ada, as the state derives her.
    pub(crate) async fn ada(&self) -> Person {
        let mailbox = Mailbox::parse(ADA.1).expect("an address");
        let ada = Person::by_mailbox(&self.app, &mailbox).await.expect("read");
        ada.expect("known")
    }

    /// Submits that form in that language for Ada, and returns the answer.
    pub(crate) async fn submit_form(&self, form: &str, language: &str, statuses: &[(&str, &str)]) -> Value {
        let name = ("name", "Ada");
        let values = if form == "webinar-b2b" {
            vec![ADA, name]
        } else {
            vec![ADA]
        };
        let compiled = self.compiled(form, language).await;
        let draft = Draft::new(&compiled, self.clock.now(), statuses, &values);
        let answer = self.submit(&draft.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.json()
    }

    /// Rows in a table, by a connection of its own.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let path = self.folder.path().join("data/candor.sqlite");
        count(&path, table).await
    }

    /// Changes the file behind the server's back.
    pub(crate) async fn alter(&self, statement: &'static str) {
        let path = self.folder.path().join("data/candor.sqlite");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
        sqlx::query(statement).execute(&pool).await.expect("altered");
    }
}

/// A mail as a person without HTML reads it, below its subject.
pub(crate) fn text_of(letter: &str) -> String {
    let mail = MessageParser::default().parse(letter.as_bytes()).expect("a mail");
    assert!(mail.body_html(0).is_some(), "a mail has an HTML part");
    format!(
        "Subject: {}\n{}",
        mail.subject().unwrap_or_default(),
        mail.body_text(0).unwrap_or_default().replace("\r\n", "\n")
    )
}

/// The value of a header of a mail, as it is on the wire.
pub(crate) fn header_of<'a>(letter: &'a str, name: &str) -> Option<&'a str> {
    let (head, _) = letter.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.split("\r\n");
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

pub(crate) async fn count(path: &Path, table: &str) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("opens");
    let query = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query_scalar(query).fetch_one(&pool).await.expect("counts")
}

/// The link of a kind in a mail or page.
pub(crate) fn link_in(text: &str, kind: &str) -> String {
    let start = text
        .find(&format!("{PUBLIC_URL}/{kind}/"))
        .unwrap_or_else(|| panic!("no /{kind}/ link in: {text}"));
    text[start..]
        .split(|character: char| character.is_whitespace() || character == '"')
        .next()
        .expect("a link")
        .to_owned()
}
