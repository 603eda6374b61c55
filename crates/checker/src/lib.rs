//! Checks a definition that somebody is writing in a page: the playground asks it what `candor check` would say.
//!
//! It decides nothing: what is refused is candor-definition's, the rules of law are candor-lint's. No page with a form
//! loads it.

mod check;

use candor_lint::Tongue;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

/// Checks a definition by the law of a day (`YYYY-MM-DD`), and tells where an editor has to point. Reasons and remedies
/// of rules are French where `language` is, and English elsewhere; those of the grammar are English.
///
/// An object: `{"problems": […], "form": {"id", "languages", "version"} | null}`. A problem is a diagnostic of `candor check
/// --format json`, and `from` and `to`: the place in the text as JavaScript counts, in UTF-16 units from 0; `link`, where
/// the source of a rule can be read.
///
/// # Errors
/// A day that is none.
#[wasm_bindgen]
pub fn check(text: &str, day: &str, language: &str) -> Result<JsValue, JsError> {
    let tongue = if language.split('-').next() == Some("fr") {
        Tongue::French
    } else {
        Tongue::English
    };
    let told = check::check(text, day.parse()?, tongue);
    Ok(told.serialize(&Serializer::json_compatible())?)
}
