//! `/m/{token}`: what a link opens. A submission's own link shows that submission, to withdraw and to object; the person's
//! link, mailed and short-lived, opens everything; a renewal's link the choices of the renewal. `/m` asks for an address.
//! The link of a letter's `List-Unsubscribe` ends what that letter was about.
//! Refuses to let one kind of link do what another is for, and to tell a known address from an unknown one.
//! Read next: `manage/own.rs`, `manage/person.rs`, `manage/renew.rs`, `manage/unsubscribe.rs`,
//! `manage/erase.rs`, `manage/data.rs`, `manage/ask.rs`.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    download::{gone, living},
    error::ApiError,
    extract::read_members,
};
use crate::{
    app::App,
    follow_up::Dossier,
    links::LinkKind,
    person::Person,
    store::{Letter, StoredLink},
};

pub mod ask;
pub mod data;
pub mod erase;
mod own;
mod person;
mod renew;
mod unsubscribe;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a token opens.
enum Opened {
    Own(Box<Dossier>),
    Person(Box<Person>, StoredLink),
    Renewal(Box<Person>, StoredLink),
    Letter(Box<Person>, Letter),
}

pub async fn get(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let query = request.uri().query();
    match open(&app, &token).await? {
        Some(Opened::Own(dossier)) => Ok(own::show(&app, &token, &dossier, query == Some("done"))),
        Some(Opened::Person(person, link)) => Ok(person::show(&app, &token, &person, &link, query == Some("done"))),
        Some(Opened::Renewal(person, _)) => Ok(renew::show(&app, &token, &person, query)),
        Some(Opened::Letter(person, letter)) => Ok(unsubscribe::show(&app, &token, &person, &letter, query)),
        None => Ok(nothing(&app, &headers)),
    }
}

pub async fn post(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let Some(opened) = open(&app, &token).await? else {
        return Ok(nothing(&app, &headers));
    };
    let members = Members(read_members(&app, request).await?);
    match opened {
        Opened::Own(dossier) => own::post(&app, &token, &dossier, &members).await,
        Opened::Person(person, link) => person::post(&app, &token, &person, &link, &members, gpc(&headers)).await,
        Opened::Renewal(person, link) => renew::post(&app, &token, &person, &link, &members).await,
        Opened::Letter(person, letter) => unsubscribe::post(&app, &token, &person, &letter, &members).await,
    }
}

async fn open(app: &App, token: &str) -> Result<Option<Opened>, ApiError> {
    if let Some(link) = living(app, LinkKind::Manage, token).await? {
        let dossier = Dossier::open(app, link.target.subject).await?;
        return Ok(dossier.map(|dossier| Opened::Own(Box::new(dossier))));
    }
    if let Some((person, link)) = open_person(app, token).await? {
        return Ok(Some(Opened::Person(Box::new(person), link)));
    }
    if let Some(link) = living(app, LinkKind::Renew, token).await? {
        let person = Person::open(app, link.target.subject).await?;
        return Ok(person.map(|person| Opened::Renewal(Box::new(person), link)));
    }
    let Some(target) = app.keys.current().links.read(LinkKind::Unsubscribe, token) else {
        return Ok(None);
    };
    let letters = app.store.letters_of(target.subject).await?;
    let letter = letters
        .into_iter()
        .find(|letter| letter.id == i64::from(target.counter));
    let person = Person::open(app, target.subject).await?;
    Ok(person
        .zip(letter)
        .map(|(person, letter)| Opened::Letter(Box::new(person), letter)))
}

/// The person behind a link that opens everything; any other link opens nothing here.
async fn open_person(app: &App, token: &str) -> Result<Option<(Person, StoredLink)>, ApiError> {
    match living(app, LinkKind::Person, token).await? {
        Some(link) => {
            let person = Person::open(app, link.target.subject).await?;
            Ok(person.map(|person| (person, link)))
        }
        None => Ok(None),
    }
}

fn nothing(app: &App, headers: &HeaderMap) -> Response {
    gone(headers, &format!("{}/m", app.public_url))
}

fn gpc(headers: &HeaderMap) -> bool {
    headers.get("sec-gpc").is_some_and(|value| value == "1")
}

/// To a page that says that it was done, by a GET that can be repeated.
fn see(path: &str) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(path).map_err(|_| ApiError::NotFound)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The members of a form that came in.
struct Members(Vec<(String, String)>);

impl Members {
    fn find(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().find(|(member, _)| member == name);
        named.map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(member, _)| member == name);
        named.map(|(_, value)| value.as_str())
    }
}
