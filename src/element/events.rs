//! The events that the page hears: prefixed, bubbling, composed (element.md). Their details carry no more than they say.

use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, HtmlElement};

use crate::compiled::CompiledForm;
use crate::form::field::FieldError;
use crate::js::object;

/// The form is there.
pub fn ready(host: &HtmlElement) {
    fire(host, "candor-ready", &object(&[]));
}

/// Says that a field changed, without its value.
pub fn field_changed(host: &HtmlElement, field: &str) {
    fire(host, "candor-change", &object(&[("field", field.into())]));
}

pub fn purpose_changed(host: &HtmlElement, purpose: &str) {
    fire(host, "candor-change", &object(&[("purpose", purpose.into())]));
}

pub fn invalid(host: &HtmlElement, form: &CompiledForm, errors: &[FieldError]) {
    let errors = errors.iter().map(|error| {
        object(&[
            ("field", form.fields[error.field].id.as_str().into()),
            ("message", error.message.as_str().into()),
        ])
    });
    fire(
        host,
        "candor-invalid",
        &object(&[("errors", errors.collect::<js_sys::Array>().into())]),
    );
}

/// The record before it is sent. False when the page cancelled it.
pub fn submit(host: &HtmlElement, detail: &str) -> Result<bool, JsValue> {
    Ok(dispatch(host, "candor-submit", &JSON::parse(detail)?, true))
}

/// The collector's answer: `{receipt, state, held, manage, download?}`.
pub fn receipt(host: &HtmlElement, answer: &JsValue) {
    fire(host, "candor-receipt", answer);
}

pub fn error(host: &HtmlElement, code: &str, message: &str, retryable: bool) {
    let detail = [
        ("code", code.into()),
        ("message", message.into()),
        ("retryable", retryable.into()),
    ];
    fire(host, "candor-error", &object(&detail));
}

fn fire(host: &HtmlElement, name: &str, detail: &JsValue) {
    dispatch(host, name, detail, false);
}

fn dispatch(host: &HtmlElement, name: &str, detail: &JsValue, cancelable: bool) -> bool {
    let init = object(&[
        ("bubbles", true.into()),
        ("composed", true.into()),
        ("cancelable", cancelable.into()),
        ("detail", detail.clone()),
    ]);
    let event = CustomEvent::new_with_event_init_dict(name, init.unchecked_ref());
    event.and_then(|event| host.dispatch_event(&event)).unwrap_or(true)
}
