//! What a submission is made of, and what is heard of it on its way.
//!
//! Decided here: what the record says, which values go, and what the visitor is told. The browser's part, from the digests to
//! the answer, is `www/send.js`: it sends what it was given, and tells what came of it. Nothing is written to the
//! device: if the page goes, a submission that never arrived goes with it.

use std::rc::Rc;

use candor_record::term::Status;
use wasm_bindgen::JsValue;

use crate::compiled::{CompiledForm, Delivery};
use crate::consent::{self, Answer, Shown, Value, permits};
use crate::element::events;
use crate::form::action::Action;
use crate::form::effects::Session;
use crate::form::field::{FieldError, Flaw, words};
use crate::form::state::{Next, Outcome, Progress, Seal, Verification};
use crate::js::{get, global, list, object};
use crate::json::Json;
use crate::payload::{self, Draft, member, string};
use crate::text::last;

/// What the visitor saw and did, as `www/send.js` takes it: texts of JSON, in their one spelling.
pub fn draft(session: &Session, shown: &[Shown], answers: &[Answer], values: &[Value]) -> JsValue {
    let options = session.options();
    let form = &options.form;
    // Not the location's: a frame with `srcdoc` has none, and posts with that of the page around.
    let origin = global("origin").text().unwrap_or_default();
    let draft = Draft {
        shown: payload::shown(shown),
        processes: payload::processes(answers),
        capture: payload::capture(&origin),
        signals: payload::signals(get(&global("navigator"), "globalPrivacyControl").is_true()),
    };
    // A salt before each of them, and it is a disclosure.
    let disclosed = values
        .iter()
        .map(|value| [&string(&form.fields[value.field].id), ",", &string(&value.value)].concat());
    object(&[
        ("pieces", texts(draft.payload(&options.constant).into_iter())),
        ("values", texts(disclosed)),
        ("fields", fields(form, answers, values).into()),
    ])
}

fn texts(texts: impl Iterator<Item = String>) -> JsValue {
    list(&texts.map(JsValue::from).collect::<Vec<_>>()).into()
}

/// `{"all": {…}, "byPurpose": {purpose: {…}}}`: for each purpose only what the visitor's choice lets it have.
fn fields(form: &CompiledForm, answers: &[Answer], values: &[Value]) -> String {
    let pick = |name: &str, wanted: &dyn Fn(&[String]) -> bool| {
        let mut picked = Vec::new();
        for value in values {
            let field = &form.fields[value.field];
            if wanted(&field.purposes) {
                picked.push(member(&field.id, &string(&value.value)));
            }
        }
        member(name, &payload::object(&picked))
    };
    let mut by_purpose = Vec::new();
    for purpose in &form.purposes {
        let id = &purpose.id;
        if permits(form, answers, id) {
            by_purpose.push(pick(id, &|purposes| purposes.contains(id)));
        }
    }
    let by_purpose = member("byPurpose", &payload::object(&by_purpose));
    payload::object(&[pick("all", &|_| true), by_purpose])
}

/// Takes what `www/send.js` tells: how far it is, what came of it, or that it is over.
pub fn hear(session: &Session, news: &JsValue) {
    if let Some(progress) = news.text_member("progress").as_deref().and_then(Progress::from_key) {
        session.dispatch(Action::Send(progress));
        if let Some(code) = news.text_member("code") {
            events::error(&session.host, &code, say(session, progress.key()), true);
        }
    } else if let Some(key) = news.text_member("failed") {
        fail(session, news, &key);
    } else if let Some(body) = news.member("body") {
        session.dispatch(Action::Succeed(Rc::new(outcome(session, news, &body))));
    } else if news.member("lines").is_some() {
        let lines = news.element_members("lines");
        let line = |line: &JsValue| (get_at(line, 0).text().unwrap_or_default(), get_at(line, 1).is_true());
        let lines = lines.iter().map(line).collect();
        session.dispatch(Action::Verify(Verification::Done(lines)));
    } else {
        session.settle(news.member("idle").is_some());
    }
}

fn get_at(array: &JsValue, at: u32) -> JsValue {
    js_sys::Reflect::get_u32(array, at).unwrap_or_default()
}

/// Back to editing, with everything as it was; the next submit is a new record.
fn fail(session: &Session, news: &JsValue, key: &str) {
    let message = say(session, key).to_owned();
    let retryable = get(news, "retryable").is_true();
    events::error(
        &session.host,
        &news.text_member("code").unwrap_or_default(),
        &message,
        retryable,
    );
    let errors = pointed_at(session, &news.text_elements("pointers"));
    session.dispatch(Action::Fail { message, errors });
}

fn say<'a>(session: &'a Session, key: &'a str) -> &'a str {
    session.options().form.messages.say(key)
}

/// A pointer whose last part is a field's id is that field's problem.
fn pointed_at(session: &Session, pointers: &[String]) -> Vec<FieldError> {
    let form = &session.options().form;
    let fields = form.fields.iter().enumerate();
    let meant = |id: &str| pointers.iter().any(|pointer| last(pointer, b'/') == id);
    fields
        .filter(|(_, field)| meant(&field.id))
        .map(|(at, field)| FieldError {
            field: at,
            message: words(form, field, Flaw::Malformed),
        })
        .collect()
}

fn outcome(session: &Session, news: &JsValue, body: &JsValue) -> Outcome {
    let form = &session.options().form;
    let answers = session.answers.borrow();
    let pending = body.text_member("state").as_deref() == Some("pending");
    let held = body.text_elements("held");
    let consented = answers.iter().any(|answer| answer.status == Status::Given);
    let next = match form.submit.delivery {
        _ if pending && consented => Next::Confirm,
        Some(Delivery::Email) => Next::Email,
        Some(Delivery::Screen) => Next::Screen,
        None => Next::Recorded,
    };
    let text = |name| news.text_member(name).unwrap_or_default();
    Outcome {
        choices: consent::choices(form, &answers, pending, &held),
        next,
        pending,
        seal: news.text_member("record").map(|record| Seal {
            record,
            time: text("time"),
            digest: text("digest"),
            file: text("file"),
            checks: Verification::NotAsked,
        }),
        manage: body.text_member("manage"),
        download: body.member("download").and_then(|download| download.text_member("url")),
    }
}
