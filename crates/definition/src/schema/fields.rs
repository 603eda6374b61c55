//! What the visitor types; read by `crate::field`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::patterns;
use super::terms::FieldType;
use super::texts::{PurposeId, Text, Words};
use crate::field::MAX_LENGTH;

/// One field of the form. A field that serves consents only is not `required`, unless `when` shows it under the box of
/// one of them (GDPR Art. 7(4)).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", extend("allOf" = rules()))]
pub(super) struct Field {
    /// Names the value in what is submitted: 1 to 32 small letters, digits and underscores, a letter first, and not
    /// `id`.
    #[schemars(regex(pattern = patterns::FIELD_ID), extend("examples" = ["email", "given_name"]))]
    id: String,
    /// What the field asks for: it decides the keyboard, the autofill and the check.
    r#type: FieldType,
    /// The words above the field.
    label: Text,
    /// Words under the label.
    hint: Option<Text>,
    /// Whether it must be filled; with `when`, while it is shown.
    #[schemars(extend("default" = false))]
    required: Option<bool>,
    /// The ids of the purposes that need the value; at least one (GDPR Art. 5(1)(b) and (c)). The value is passed on
    /// for these alone.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    purposes: Vec<PurposeId>,
    /// Shows the field only while a box is ticked, right under it.
    when: Option<When>,
    /// The answers of a `select` or a `radio`.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    options: Option<Vec<FieldOption>>,
    /// The longest value, in characters.
    #[schemars(range(min = 1, max = MAX_LENGTH))]
    max_length: Option<i64>,
    /// The age in years of an `age` field; where it is absent, that of the `jurisdiction` (GDPR Art. 8(1)).
    #[schemars(range(min = 13, max = 18))]
    minimum_age: Option<i64>,
}

/// While which box a field is shown.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct When {
    /// The id of a purpose with the basis `consent` or `explicit-consent`.
    purpose: PurposeId,
}

/// One answer: words that are recorded as they are read, or a value with its label.
struct FieldOption;

/// An answer whose label differs from what is recorded.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LabelledOption {
    /// What is recorded.
    value: Words,
    /// What is read.
    label: Text,
}

impl JsonSchema for FieldOption {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldOption".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (words, labelled) = (
            generator.subschema_for::<Words>(),
            generator.subschema_for::<LabelledOption>(),
        );
        json_schema!({
            "description": "One answer: a string that is recorded as it is read, or a value with its label.",
            "anyOf": [words, labelled],
            "examples": ["1 to 9", {"value": "big", "label": {"fr": "grande", "en": "large"}}]
        })
    }
}

/// Lists have options, other fields have none; an age is declared by everybody.
fn rules() -> Value {
    json!([{
        "if": {"properties": {"type": {"enum": ["select", "radio"]}}, "required": ["type"]},
        "then": {"required": ["options"]},
        "else": {"properties": {"options": false}}
    }, {
        "if": {"properties": {"type": {"const": "age"}}, "required": ["type"]},
        "then": {"properties": {"required": {"const": true}, "when": false, "maxLength": false}},
        "else": {"properties": {"minimumAge": false}}
    }])
}
