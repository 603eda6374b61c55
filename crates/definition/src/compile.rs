//! From a definition to the compiled form of one language: a pure function.
//!
//! The record's constant part, the full list of texts and the words of the interface all come from here, so widget,
//! static rendering and collector cannot disagree. The order of the texts is that of spec/record.md §5.

use candor_record::digest::Sha256Digest;
use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::definition::Definition;
use crate::field::Field;
use crate::language::Language;

mod recipients;
mod record;
mod retention;
mod sentences;
mod texts;

/// The format id of a compiled form.
pub const FORMAT: &str = "candor-compiled/1";

/// A definition in one language, ready to be shown and to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    language: Language,
    json: Value,
}

impl Compiled {
    /// The compiled form, `candor-compiled/1`.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The digest of its canonical bytes: the name under which it is published for ever.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of_json(&self.json)
    }

    /// The language of its texts.
    pub fn language(&self) -> &Language {
        &self.language
    }
}

/// Compiles a definition in one of its languages.
///
/// `public_url` is the address of the collector, whose page `/m` takes consents back.
pub fn compile(definition: &Definition, language: &Language, public_url: Option<&str>) -> Compiled {
    // A language of another definition would mix languages; the whole form is shown in the default one instead.
    let language = definition
        .language(language.as_str())
        .unwrap_or_else(|| definition.lookup(None));
    let catalog = Catalog::of(language.as_str()).expect("a definition declares languages that have a catalog");
    let form = Form {
        definition,
        language,
        catalog,
        public_url,
    };
    let texts = texts::list(&form);
    let mut compiled = json!({
        "format": FORMAT,
        "record": record::constant(&form, &texts),
        "texts": texts.iter().map(texts::Entry::to_json).collect::<Vec<_>>(),
        "fields": definition.fields().iter().map(|field| field_json(&form, field)).collect::<Vec<_>>(),
        "controls": definition.purposes().iter().map(|purpose| {
            json!({ "purpose": purpose.id.as_str(), "control": definition.control(purpose).as_str() })
        }).collect::<Vec<_>>(),
        "messages": catalog.messages(is_mailed(definition)).collect::<std::collections::BTreeMap<_, _>>(),
        "submit": submit_json(&form),
    });
    if let Some(theme) = definition.theme() {
        let tokens: Map<String, Value> = theme
            .tokens()
            .map(|(token, value)| (token.to_owned(), value.into()))
            .collect();
        compiled["theme"] = tokens.into();
    }
    Compiled {
        language: language.clone(),
        json: compiled,
    }
}

/// Whether the answer to a submission is a mail with what was asked for.
fn is_mailed(definition: &Definition) -> bool {
    definition
        .gate()
        .is_some_and(|gate| gate.delivery == crate::Delivery::Email)
}

/// A definition seen in one language, for one collector.
#[derive(Debug, Clone, Copy)]
struct Form<'d> {
    definition: &'d Definition,
    language: &'d Language,
    catalog: &'static Catalog,
    public_url: Option<&'d str>,
}

impl Form<'_> {
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.catalog.legal(key, values)
    }

    /// The sentence about one, or about several: no number stands in it.
    fn say_count(&self, key: &str, count: usize, values: &[(&str, &str)]) -> String {
        self.say(
            &format!("{key}.{}", if count == 1 { "single" } else { "several" }),
            values,
        )
    }

    /// Whether a collector takes consents back, as far as the definition and its place of use say.
    fn has_collector(&self) -> bool {
        self.definition.withdrawal().is_none()
            && (self.public_url.is_some() || self.definition.submit().endpoint.is_some())
    }
}

/// Puts a member where it has a value.
fn put(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

fn field_json(form: &Form<'_>, field: &Field) -> Value {
    let mut json = json!({
        "id": field.id.as_str(),
        "type": field.field_type().as_str(),
        "required": field.required,
        "purposes": field.purposes.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>(),
    });
    put(
        &mut json,
        "when",
        field
            .when
            .as_ref()
            .map(|purpose| json!({ "purpose": purpose.as_str() })),
    );
    let options = field.options().map(|options| {
        let option = |option: &crate::FieldOption| {
            json!({ "value": option.value, "label": option.label.in_language(form.language) })
        };
        options.iter().map(option).collect::<Vec<_>>()
    });
    put(&mut json, "options", options);
    put(&mut json, "maxLength", field.max_length);
    json
}

fn submit_json(form: &Form<'_>) -> Value {
    let submit = form.definition.submit();
    let mut json = json!({ "success": submit.success.in_language(form.language) });
    put(&mut json, "endpoint", submit.endpoint.as_deref());
    put(&mut json, "redirect", submit.redirect.as_deref());
    put(
        &mut json,
        "delivery",
        form.definition.gate().map(|gate| gate.delivery.as_str()),
    );
    json
}
