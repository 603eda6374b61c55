//! The one request of the widget: the submission to the collector, and what its answer means.
//!
//! No cookie, no referrer, no redirect. Refuses to guess: whatever is not an answer of a collector counts as a failure
//! of the server, and the submission is tried again under the same id.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::js::{call, get, global, object, promised};
use crate::json::Json;

const DEADLINE_MS: u32 = 30_000;

/// What the collector made of it.
#[derive(Debug)]
pub enum Answer {
    /// Recorded: the body of the answer.
    Accepted(JsValue),
    /// Nothing arrived, or nothing came back.
    Lost,
    /// Not now: to be sent again after so many seconds, if it said.
    Later { busy: bool, after_secs: Option<u32> },
    /// The visitor's clock is wrong; this is the collector's.
    Clock(f64),
    /// Not at all, and sending the same again will not help. With the pointers to what is wrong.
    Refused {
        status: u16,
        code: String,
        pointers: Vec<String>,
    },
}

#[wasm_bindgen]
extern "C" {
    /// `fetch`, and what a collector asks of robots before it takes anything: www/post.js.
    #[wasm_bindgen(js_name = candorPost)]
    fn candor_post(container: &JsValue, endpoint: &JsValue, request: &JsValue) -> JsValue;
}

/// Sends a submission of the form in `container`. With `keepalive` it survives the tab; browsers allow that about 64 KiB in flight.
pub async fn post(container: &JsValue, endpoint: &str, body: &str, keepalive: bool) -> Answer {
    match send(container, endpoint, body, keepalive).await {
        Ok(response) => understand(response).await,
        Err(_) => Answer::Lost,
    }
}

async fn send(container: &JsValue, endpoint: &str, body: &str, keepalive: bool) -> Result<JsValue, JsValue> {
    let deadline = call(&global("AbortSignal"), "timeout", &[DEADLINE_MS.into()]);
    let request = object(&[
        ("method", "POST".into()),
        ("headers", object(&[("content-type", "application/json".into())])),
        ("body", body.into()),
        ("credentials", "omit".into()),
        ("referrerPolicy", "no-referrer".into()),
        ("redirect", "error".into()),
        ("signal", deadline?),
        ("keepalive", keepalive.into()),
    ]);
    JsFuture::from(Promise::resolve(&candor_post(container, &endpoint.into(), &request))).await
}

async fn understand(response: JsValue) -> Answer {
    let status = get(&response, "status").as_f64().map_or(0, |status| status as u16);
    let after = call(&get(&response, "headers"), "get", &["retry-after".into()]);
    let after_secs = after.ok().and_then(|seconds| seconds.as_string()?.trim().parse().ok());
    if status == 429 || status >= 500 {
        return Answer::Later {
            busy: status == 429,
            after_secs,
        };
    }
    let body = promised(&response, "json", &[]).await.unwrap_or_default();
    if get(&response, "ok").is_truthy() {
        // A proxy's page with status 200 is no receipt.
        return if get(&body, "receipt").is_object() {
            Answer::Accepted(body)
        } else {
            Answer::Lost
        };
    }
    let kind = body.text_member("type").unwrap_or_default();
    let code = kind
        .rsplit('/')
        .next()
        .filter(|code| !code.is_empty())
        .unwrap_or("refused")
        .to_owned();
    if let (422, "clock", Some(now)) = (status, code.as_str(), body.text_member("now")) {
        return Answer::Clock(js_sys::Date::parse(&now));
    }
    let errors = body.element_members("errors");
    Answer::Refused {
        status,
        code,
        pointers: errors.iter().filter_map(|error| error.text_member("pointer")).collect(),
    }
}
