//! The JSON Schema of `candor-form/1` (draft 2020-12), from which an editor completes and explains a definition.
//!
//! The types below are read by nobody: they say in JSON Schema what the readers of this crate say in code, and
//! `tests/schema.rs` holds the two together. The schema never refuses what a reader accepts. What it cannot say (a text
//! for each declared language, ids that must be known, the rules between parts) is left to `candor check`.
//! Closed lists come from the readers' own. Refuses nothing itself.
#![expect(dead_code, reason = "these types only describe; nobody makes a value of them")]

mod after;
mod explain;
mod fields;
mod parties;
mod patterns;
mod purposes;
mod terms;
mod texts;
mod theme;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Value, json};

use self::after::{Confirmation, Gate, Proof, Renewal, Submit, Withdrawal};
use self::fields::Field;
use self::parties::{Party, Policy};
use self::purposes::Purpose;
use self::terms::{Audience, Country};
use self::texts::{Language, Text};
use self::theme::Theme;

/// Where the schema is published: `$schema` of a definition may name this address, or any copy of the file.
pub const ID: &str = "https://candor.example/schema/candor-form-1.json";

/// The whole schema, as it is published.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON");
    text.push('\n');
    text
}

/// The whole schema.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null));
    let mut schema = settings.into_generator().into_root_schema_for::<Definition>();
    schema.insert("$id".to_owned(), json!(ID));
    schema.insert("title".to_owned(), json!("Candor form definition"));
    let mut schema = schema.to_value();
    explain::explain(&mut schema);
    schema
}

/// One lead form, as Candor reads it: who asks, for what, on which ground, and what happens afterwards.
///
/// Every text is a string, or one string for each of the `languages`. Every box starts empty, and there is no member
/// to change that.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
struct Definition {
    /// The address of this schema, for editors. It is no part of the form: the canonical digest leaves it out.
    #[schemars(rename = "$schema", extend("examples" = [ID]))]
    schema: Option<texts::Plain>,
    /// The format of this file.
    #[schemars(extend("const" = crate::FORMAT))]
    format: String,
    /// Names the form in addresses (`/v1/forms/{id}`, `/f/{id}`) and in every record: 1 to 64 small letters, digits
    /// and hyphens.
    #[schemars(regex(pattern = patterns::FORM_ID), extend("examples" = ["ebook-rgpd", "newsletter"]))]
    id: String,
    /// The languages in which the form is shown (BCP 47). The first is the default; every text exists in each of
    /// them.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["fr", "en"]]))]
    languages: Vec<Language>,
    /// The country whose people are addressed. With `audience` it selects the rules of `candor check`.
    jurisdiction: Country,
    /// Whom the form addresses.
    audience: Audience,
    /// The heading above the form.
    title: Text,
    /// A sentence under the heading.
    intro: Option<Text>,
    /// What the visitor asks for, in a few words: the guide, the webinar, the monthly letter.
    service: Text,
    /// Everybody who decides about the data, works with it or receives it; at least one `controller` (GDPR
    /// Art. 13(1)).
    #[schemars(length(min = 1), extend("contains" = {
        "type": "object", "properties": {"role": {"const": "controller"}}, "required": ["role"]
    }))]
    parties: Vec<Party>,
    /// The privacy notice that the form links to.
    policy: Policy,
    /// What the visitor types. Each field says which purposes need it; nothing else is collected.
    #[schemars(length(min = 1))]
    fields: Vec<Field>,
    /// What data is used for, each use for itself. The control follows from the `basis`; no box ever starts ticked.
    #[schemars(length(min = 1))]
    purposes: Vec<Purpose>,
    /// The button, and what comes after it.
    submit: Submit,
    /// A file that the form opens. It comes with every box left unticked.
    gate: Option<Gate>,
    /// Whether a consent waits until the mailbox was proved. Without it a consent takes effect when it is given.
    confirmation: Option<Confirmation>,
    /// What happens when a consent ran out and nobody answered.
    renewal: Option<Renewal>,
    /// How long sealed evidence is kept after the last purpose ended; without it five years.
    proof: Option<Proof>,
    /// Where a consent is taken back when no collector does it. Without a collector, this or the controller's `email`
    /// is needed (GDPR Art. 7(3)).
    withdrawal: Option<Withdrawal>,
    /// Decisions taken by machines alone (GDPR Art. 13(2)(f), 22): `none`, or a text that explains them.
    automated_decisions: AutomatedDecisions,
    /// The looks: tokens that become custom properties `--candor-…`.
    theme: Option<Theme>,
}

/// The word `none`, or a text: the words that a visitor reads.
struct AutomatedDecisions;

impl JsonSchema for AutomatedDecisions {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AutomatedDecisions".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                {"const": "none", "description": "No decision is taken by machines alone."},
                generator.subschema_for::<Text>(),
            ]
        })
    }
}

/// An optional member is left out, never `null`: the reader refuses `null`, so the schema does.
fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(choices)) = object.get_mut("anyOf") else {
        return;
    };
    choices.retain(|choice| *choice != json!({"type": "null"}));
    if let [Value::Object(only)] = choices.as_slice() {
        let only = only.clone();
        object.remove("anyOf");
        object.extend(only);
    }
}

/// The lines of a doc comment as one description.
fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}
