//! Theme tokens: the looks of a form, as values of CSS custom properties.
//!
//! Names are closed and a value is one plain CSS value: nothing that could end the declaration, load a resource or
//! read another property. Contrast is a matter of `candor check`, not of the grammar.

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::read::{At, Object};
use crate::rule;

/// The tokens of a definition; a token `accent` sets the custom property `--candor-accent`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme(BTreeMap<&'static str, String>);

/// The closed list of tokens.
pub const TOKENS: [&str; 20] = [
    "accent",
    "accent-ink",
    "card",
    "density",
    "error",
    "error-tint",
    "field",
    "focus",
    "font",
    "font-heading",
    "font-size",
    "ground",
    "ink",
    "line",
    "muted",
    "paper",
    "radius",
    "space",
    "tint",
    "width",
];

/// Functions that compute a value from what stands in their brackets.
pub(crate) const FUNCTIONS: [&str; 17] = [
    "calc",
    "clamp",
    "color",
    "color-mix",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "light-dark",
    "max",
    "min",
    "oklab",
    "oklch",
    "rgb",
    "rgba",
    "round",
];

impl Theme {
    /// Token and value, sorted by token.
    pub fn tokens(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(token, value)| (*token, value.as_str()))
    }

    pub(crate) fn read(report: &mut Report<'_>, at: At<'_>) -> Option<Self> {
        let object = Object::open_any(report, at)?;
        let mut tokens = BTreeMap::new();
        for (name, place, value) in object.members() {
            let bare = name.strip_prefix("--candor-").unwrap_or(name);
            let Some(token) = TOKENS.into_iter().find(|token| *token == bare) else {
                let message = format!("`{name}` is not a theme token");
                report.refuse(
                    rule::THEME,
                    &place,
                    message,
                    format!("write one of {}", crate::read::list(&TOKENS)),
                );
                continue;
            };
            let Some(text) = value.string(report) else { continue };
            if !is_plain_value(text) {
                let message = format!("the value of `{name}` is not one plain CSS value");
                let help = "write a colour, a length, a number or font names, without `;`, `{`, `}`, `url(` or `var(`";
                report.refuse(rule::THEME, &value.place(), message, help);
            }
            if tokens.insert(token, text.trim().to_owned()).is_some() {
                report.refuse(
                    rule::TWICE,
                    &place,
                    format!("`{token}` is set twice"),
                    "keep one of the two",
                );
            }
        }
        Some(Theme(tokens))
    }
}

fn is_plain_value(value: &str) -> bool {
    value.len() <= 200
        && !value.contains("/*")
        && value.chars().all(is_allowed)
        && is_balanced(value)
        && functions_are_known(value)
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || " #%.,()+-*/_'\"".contains(character)
}

/// Brackets and quotes close, and nothing stands in quotes but a name.
fn is_balanced(value: &str) -> bool {
    let mut depth = 0i32;
    let mut quote = None;
    for character in value.chars() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), '(' | ')') => return false,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && quote.is_none()
}

fn functions_are_known(value: &str) -> bool {
    value.match_indices('(').all(|(index, _)| {
        let before = &value[..index];
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let name = before[start..].to_ascii_lowercase();
        name.is_empty() || FUNCTIONS.contains(&name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, TOKENS, is_plain_value};

    #[test]
    fn values_are_plain() {
        assert!(TOKENS.is_sorted() && FUNCTIONS.is_sorted());
        for value in [
            "#17593c",
            "rgb(23 89 60)",
            "rgb(23 89 60 / 50%)",
            "oklch(45% 0.08 160)",
            "12px",
            "0.75",
            "calc(1rem + (2px * 2))",
            "\"Iowan Old Style\", Georgia, serif",
            "light-dark(#fff, #000)",
            "compact",
        ] {
            assert!(is_plain_value(value), "{value}");
        }
        for value in [
            "red; background: url(x)",
            "url(https://x.example)",
            "URL(x)",
            "red}",
            "{",
            "var(--x)",
            "expression(1)",
            "red/**/",
            "\\75rl(x)",
            "\"",
            "rgb(1",
            "1)",
            ")(",
            "@import",
            "red!important",
            "env(x)",
            "image-set('x')",
            "<style>",
            "'url(x)'",
        ] {
            assert!(!is_plain_value(value), "{value}");
        }
    }
}
