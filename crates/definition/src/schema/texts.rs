//! Strings that mean more than their characters: texts in each language, periods, addresses.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::patterns;
use crate::catalog::Catalog;

/// Declares a string under a name, with its description, its patterns and examples.
macro_rules! strings {
    ($($(#[doc = $doc:literal])+ $name:ident => $schema:tt;)*) => {
        $(
            $(#[doc = $doc])+
            pub(super) struct $name;

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    let mut schema = json_schema!($schema);
                    schema.insert("type".to_owned(), json!("string"));
                    schema.insert("description".to_owned(), json!(super::sentence(&[$($doc),+])));
                    schema
                }
            }
        )*
    };
}

strings! {
    /// Not empty.
    Plain => {"pattern": patterns::NOT_BLANK};
    /// Plain words: no markup, no control characters. White space is collapsed. An `&` stands for itself, and a `<`
    /// that is meant as such is followed by a space.
    Words => {
        "pattern": patterns::NOT_BLANK,
        "allOf": [{"not": {"pattern": patterns::MARKUP}}, {"not": {"pattern": patterns::CONTROL}}]
    };
    /// A BCP 47 tag of a language for which Candor has the words of the notice, or of a variant of it.
    Language => {"pattern": language(), "examples": Catalog::TAGS};
    /// A period: an ISO 8601 duration greater than zero. `P30D` is thirty days, `P18M` eighteen months, `P3Y` three
    /// years, `PT48H` forty-eight hours. Months and years are counted by the calendar.
    Period => {"pattern": patterns::PERIOD, "examples": ["P30D", "P1M", "P18M", "P3Y"]};
    /// A day: year, month and day (RFC 3339 full-date).
    Date => {"pattern": patterns::DATE, "format": "date", "examples": ["2026-03-01"]};
    /// The SHA-256 digest of a document: `sha256-` and 43 characters of base64url.
    Digest => {"pattern": patterns::DIGEST};
    /// A complete e-mail address (RFC 5321 §4.1.2).
    Email => {"pattern": patterns::email(), "examples": ["contact@example.com"]};
    /// A telephone number as people write it: 3 to 15 digits, best with the country's prefix.
    Phone => {"pattern": patterns::PHONE, "examples": ["+33 1 99 00 12 34"]};
    /// A whole web address (`https://…` or `http://…`), or a path of the same site.
    Link => {"pattern": patterns::link(), "maxLength": 2048, "examples": ["https://www.example.com"]};
    /// An https address, or a path of the same site.
    Notice => {"pattern": patterns::notice(), "maxLength": 2048, "examples": ["https://www.example.com/privacy", "/privacy"]};
    /// The id of a party: 1 to 64 letters, digits, hyphens and underscores.
    PartyId => {"pattern": patterns::NAME, "examples": ["acme"]};
    /// The id of a purpose: 1 to 64 letters, digits, hyphens and underscores.
    PurposeId => {"pattern": patterns::NAME, "examples": ["newsletter"]};
}

/// Words in every language of the form.
pub(super) struct Text;

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let words = generator.subschema_for::<Words>();
        let examples = json!(["Get the guide", {"fr": "Recevez le guide", "en": "Get the guide"}]);
        in_each_language("A text in plain words", &words, &examples)
    }
}

/// The address of the privacy notice, in every language of the form.
pub(super) struct NoticeInEachLanguage;

impl JsonSchema for NoticeInEachLanguage {
    fn schema_name() -> Cow<'static, str> {
        "NoticeInEachLanguage".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let notice = generator.subschema_for::<Notice>();
        let examples =
            json!(["/privacy", {"fr": "https://www.example.com/fr/donnees", "en": "https://www.example.com/privacy"}]);
        in_each_language("The address of a privacy notice", &notice, &examples)
    }
}

/// A string that counts for all languages, or an object with one string for each declared language.
fn in_each_language(what: &str, string: &Schema, examples: &Value) -> Schema {
    let entry = |tag: &&str| {
        let mut schema = string.clone();
        schema.insert("description".to_owned(), json!(format!("{what}, in `{tag}`.")));
        ((*tag).to_owned(), schema.to_value())
    };
    let properties: Map<String, Value> = Catalog::TAGS.iter().map(entry).collect();
    let mut patterns = Map::new();
    patterns.insert(language(), string.clone().to_value());
    json_schema!({
        "description": format!("{what}: a string that counts for all languages, or one string for each of the `languages`."),
        "anyOf": [
            string,
            {
                "type": "object",
                "properties": properties,
                "patternProperties": patterns,
                "additionalProperties": false,
                "minProperties": 1
            }
        ],
        "examples": examples
    })
}

/// Tags whose primary language has a catalog, in any case of letters, with what may follow it.
fn language() -> String {
    let any_case = |letter: char| format!("[{letter}{}]", letter.to_ascii_uppercase());
    let primary: Vec<String> = Catalog::TAGS
        .iter()
        .map(|tag| tag.chars().map(any_case).collect())
        .collect();
    format!("^(?:{}){}$", primary.join("|"), patterns::SUBTAGS)
}
