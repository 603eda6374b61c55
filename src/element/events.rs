//! The events that the page hears: prefixed, bubbling, composed (element.md). Their details carry no more than they say.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::compiled::CompiledForm;
use crate::form::field::FieldError;
use crate::js::object;

#[wasm_bindgen]
extern "C" {
    /// `www/send.js`, which also fires `candor-submit`, that the page may cancel, and `candor-receipt`.
    #[wasm_bindgen(js_name = candorFire)]
    fn fire(host: &HtmlElement, name: &str, detail: &JsValue);
}

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

pub fn error(host: &HtmlElement, code: &str, message: &str, retryable: bool) {
    let detail = [
        ("code", code.into()),
        ("message", message.into()),
        ("retryable", retryable.into()),
    ];
    fire(host, "candor-error", &object(&detail));
}
