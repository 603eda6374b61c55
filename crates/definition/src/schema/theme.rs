//! The looks; read by `crate::theme`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::patterns;
use crate::theme::TOKENS;

/// Tokens with one plain CSS value each.
pub(super) struct Theme;

impl JsonSchema for Theme {
    fn schema_name() -> Cow<'static, str> {
        "Theme".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<CssValue>();
        let token = |token: &&str| {
            let mut schema = value.clone();
            schema.insert("description".to_owned(), json!(meaning(token)));
            ((*token).to_owned(), schema.to_value())
        };
        let properties: Map<String, Value> = TOKENS.iter().map(token).collect();
        let mut prefixed = Map::new();
        prefixed.insert(format!("^--candor-(?:{})$", TOKENS.join("|")), value.to_value());
        json_schema!({
            "description": "Tokens of the looks. A page's own custom property `--candor-accent` goes before the token \
                            `accent`, which may be spelled `--candor-accent` too.",
            "type": "object",
            "properties": properties,
            "patternProperties": prefixed,
            "additionalProperties": false,
            "examples": [{"accent": "#17593c", "radius": "12px"}]
        })
    }
}

/// One plain CSS value: a colour, a length, a number or font names; nothing that loads or reads anything.
struct CssValue;

impl JsonSchema for CssValue {
    fn schema_name() -> Cow<'static, str> {
        "CssValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One plain CSS value: a colour, a length, a number or font names, without `;`, `url(` or `var(`.",
            "type": "string",
            "maxLength": 200,
            "pattern": patterns::CSS_VALUE,
            "allOf": [{"pattern": patterns::NOT_BLANK}, {"not": {"pattern": patterns::foreign_function()}}],
            "examples": ["#17593c", "12px", "light-dark(#17593c, #7fd1a6)"]
        })
    }
}

/// What a token paints. A token without a sentence of its own would leave its place in the schema unexplained, which
/// a test refuses.
fn meaning(token: &str) -> &'static str {
    match token {
        "accent" => "The button, ticked boxes and links: a colour.",
        "accent-ink" => "The words on the button: a colour that stands out from `accent`.",
        "card" => "The ground of the form: a colour.",
        "density" => "How close things stand: a number, 1 as drawn, less for closer.",
        "error" => "Errors: a colour that stands out from `card`.",
        "error-tint" => "The ground of the error summary: a colour.",
        "field" => "The border of fields and boxes: a colour.",
        "focus" => "The outline of what has the focus: a colour.",
        "font" => "The font of words: names of families.",
        "font-heading" => "The font of headings: names of families.",
        "font-size" => "The size of words: a length.",
        "ground" => "The ground that the form lies on, seen as an edge around it: a colour.",
        "ink" => "Words: a colour that stands out from `card`.",
        "line" => "Thin lines between parts: a colour.",
        "muted" => "Words of less weight: a colour that stands out from `card`.",
        "paper" => "The ground of fields and boxes: a colour that `ink` stands out from.",
        "radius" => "How round corners are: a length.",
        "space" => "The space between the border and what stands inside: a length.",
        "tint" => "The ground of what the visitor asked for: a colour.",
        "width" => "How wide the form becomes at most: a length.",
        _ => "",
    }
}
