//! From a definition to the compiled form of one language: a pure function.
//!
//! The record's constant part, the full list of texts and the words of the interface all come from here, so widget,
//! static rendering and collector cannot disagree. The order of the texts is that of spec/record.md §5.

use std::collections::BTreeMap;

use candor_record::digest::Sha256Digest;
use serde_json::{Map, Value, json};

use crate::age::age_of_consent;
use crate::catalog::Catalog;
use crate::definition::Definition;
use crate::field::{Field, FieldKind, FieldType};
use crate::language::Language;
use crate::purpose::Purpose;
use crate::web;

mod partner;
mod recipients;
mod record;
pub(crate) mod retention;
pub(crate) mod sentences;
mod texts;

pub use partner::{PartnerWords, partner_words};

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
    let form = Form::new(definition, language, public_url);
    let texts = texts::list(&form);
    let mut compiled = json!({
        "format": FORMAT,
        "record": record::constant(&form, &texts),
        "texts": texts.iter().map(texts::Entry::to_json).collect::<Vec<_>>(),
        "fields": definition.fields().iter().map(|field| field_json(&form, field)).collect::<Vec<_>>(),
        "controls": definition.purposes().iter().map(|purpose| {
            json!({ "purpose": purpose.id.as_str(), "control": definition.control(purpose).as_str() })
        }).collect::<Vec<_>>(),
        "messages": messages(&form),
        "submit": submit_json(&form),
    });
    put(&mut compiled, "notice", notice_address(&form));
    if let Some(theme) = definition.theme() {
        let tokens: Map<String, Value> = theme
            .tokens()
            .map(|(token, value)| (token.to_owned(), value.into()))
            .collect();
        compiled["theme"] = tokens.into();
    }
    Compiled {
        language: form.language.clone(),
        json: compiled,
    }
}

/// The words of the interface that this form can need: every visitor downloads them.
fn messages<'d>(form: &Form<'d>) -> BTreeMap<&'static str, &'static str> {
    let words = form.catalog.messages(is_mailed(form.definition));
    words.filter(|(key, _)| is_needed(form.definition, key)).collect()
}

fn is_needed(definition: &Definition, key: &str) -> bool {
    use FieldType as Type;
    let asks = |types: &[Type]| (definition.fields().iter()).any(|field| types.contains(&field.field_type()));
    match key {
        "error_email" | "error_email_missing" => asks(&[Type::Email]),
        "error_phone" | "error_phone_missing" => asks(&[Type::Phone]),
        "error_url" => asks(&[Type::Url]),
        "error_country" => asks(&[Type::Country]),
        "error_postal_code" => asks(&[Type::PostalCode]),
        "error_option" => asks(&[Type::Select, Type::Radio, Type::Age]),
        // The plain form asks by a list where the widget has buttons.
        "choose" => asks(&[Type::Select, Type::Radio, Type::Age, Type::Country]),
        "gpc_note" => definition.purposes().iter().any(Purpose::shares),
        "download_now" | "receipt_intro_screen" => {
            (definition.gate()).is_some_and(|gate| gate.delivery == crate::Delivery::Screen)
        }
        _ => true,
    }
}

/// Where the second layer of the notice stands: the collector's page of exactly this definition, in this language.
fn notice_address(form: &Form<'_>) -> Option<String> {
    let endpoint = form.definition.submit().endpoint.as_deref();
    let collector = match (form.public_url, endpoint) {
        (Some(public_url), _) => public_url.trim_end_matches('/'),
        // A path of the page's own site, or nothing at all.
        (None, Some(endpoint)) => web::origin(endpoint).unwrap_or_default(),
        (None, None) => return None,
    };
    let (id, version) = (form.definition.id(), form.definition.digest().to_text());
    Some(format!("{collector}/f/{id}/notice/{version}?lang={}", form.language))
}

/// Whether the answer to a submission is a mail with what was asked for.
fn is_mailed(definition: &Definition) -> bool {
    definition
        .gate()
        .is_some_and(|gate| gate.delivery == crate::Delivery::Email)
}

/// A definition seen in one language, for one collector.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<'d> {
    pub(crate) definition: &'d Definition,
    pub(crate) language: &'d Language,
    pub(crate) catalog: &'static Catalog,
    public_url: Option<&'d str>,
}

impl<'d> Form<'d> {
    pub(crate) fn new(definition: &'d Definition, language: &Language, public_url: Option<&'d str>) -> Self {
        // A language of another definition would mix languages; the whole form is shown in the default one instead.
        let language = definition
            .language(language.as_str())
            .unwrap_or_else(|| definition.lookup(None));
        let catalog = Catalog::of(language.as_str()).expect("a definition declares languages that have a catalog");
        Form {
            definition,
            language,
            catalog,
            public_url,
        }
    }
}

impl Form<'_> {
    /// A sentence of the second layer of the notice.
    pub(crate) fn tell(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.catalog.notice(key, values)
    }

    /// Where a person sees and changes what is kept of them, where a collector does it.
    pub(crate) fn own_page(&self) -> Option<String> {
        let collector = self.public_url.map(|url| url.trim_end_matches('/'));
        collector.filter(|_| self.has_collector()).map(|url| format!("{url}/m"))
    }

    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
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
    pub(crate) fn has_collector(&self) -> bool {
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
        // The widget knows buttons; which of them refuses stands in the option.
        "type": match field.field_type() {
            FieldType::Age => FieldType::Radio,
            other => other,
        }
        .as_str(),
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
    let options = options.or_else(|| age_options(form, field));
    put(&mut json, "options", options.or_else(|| countries(form, field)));
    put(&mut json, "maxLength", field.max_length);
    json
}

/// Old enough or not; the second answer carries the words that a child is told, and nothing is sent.
fn age_options(form: &Form<'_>, field: &Field) -> Option<Vec<Value>> {
    let FieldKind::Age(own) = field.kind else { return None };
    let years = own.unwrap_or_else(|| age_of_consent(form.definition.jurisdiction()).years);
    let say = |key: &str| form.say(key, &[("age", &years.to_string())]);
    Some(vec![
        json!({ "value": "over", "label": say("age.over") }),
        json!({ "value": "under", "label": say("age.under"), "refusal": say("age.refusal") }),
    ])
}

/// Every country by its name in this language; what is recorded is its code.
fn countries(form: &Form<'_>, field: &Field) -> Option<Vec<Value>> {
    (field.field_type() == FieldType::Country).then(|| {
        let named = form.catalog.countries();
        named
            .map(|(code, name)| json!({ "value": code, "label": name }))
            .collect()
    })
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
