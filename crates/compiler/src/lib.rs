//! Compiles a definition that a page carries inline.
//!
//! The widget reads compiled forms only, so that no visitor of an ordinary page loads the grammar. The loader fetches
//! this second module where a page brings a raw definition, and hands the result to the widget. It decides nothing: every
//! rule is candor-definition's.

use candor_definition::{Context, negotiate, parse_in};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Compiles a definition in the language that fits `language` best (RFC 4647 lookup; empty: the default).
///
/// `public_url` is the address of the collector, where the page knows one.
///
/// # Errors
/// An `Error` whose message is a JSON array of diagnostics, as `candor check --format json` prints them.
#[wasm_bindgen]
pub fn compile(text: &str, language: &str, public_url: Option<String>) -> Result<String, JsError> {
    compile_text(text, language, public_url.as_deref()).map_err(|problems| JsError::new(&problems))
}

/// The same without JavaScript: the compiled form, or the diagnostics, as JSON.
fn compile_text(text: &str, language: &str, public_url: Option<&str>) -> Result<String, String> {
    let context = Context {
        has_collector: public_url.is_some(),
    };
    let definition = parse_in(context, text.as_bytes())
        .map_err(|problems| serde_json::to_string(&problems).expect("diagnostics are strings and numbers"))?;
    let language = negotiate(&definition, Some(language));
    Ok(candor_definition::compile(&definition, &language, public_url)
        .json()
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::compile_text;

    const EXAMPLE: &str = include_str!("../../definition/tests/examples/ebook-rgpd.json");

    #[test]
    fn a_definition_becomes_a_compiled_form() {
        let compiled = compile_text(EXAMPLE, "en-GB", Some("https://forms.example")).expect("it is lawful");
        let json: serde_json::Value = serde_json::from_str(&compiled).expect("a compiled form is JSON");
        assert_eq!(json["record"]["language"], "en");
        assert_eq!(json["record"]["withdrawal"]["url"], "https://forms.example/m");
    }

    #[test]
    fn a_refused_definition_becomes_its_diagnostics() {
        let problems = compile_text("{", "", None).expect_err("it is no JSON");
        let json: serde_json::Value = serde_json::from_str(&problems).expect("diagnostics are JSON");
        assert_eq!((&json[0]["rule"], &json[0]["line"]), (&"C-DEF-JSON".into(), &1.into()));
    }
}
