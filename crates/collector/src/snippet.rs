//! The prerendered form: `<candor-form>` with the widget's own views and style sheet inside, visible before any script.
//! Refuses script and inline style attributes; every text is escaped by the views, every attribute here.

use std::fmt::Write as _;

use candor_form::{
    compiled::ReadError,
    static_form::{self, StaticForm},
};
use serde_json::Value;

use crate::{bundle, http::bundle::form_stylesheet_path};

/// What to print, and how.
#[derive(Debug, Clone)]
pub struct Snippet<'a> {
    /// The collector's address without a slash at its end; empty for the page's own origin.
    pub base: &'a str,
    /// The id of the form.
    pub form: &'a str,
    pub compiled: &'a Value,
    pub root: Root,
    pub style: Style,
    /// Level of the form's title, 2 to 6.
    pub heading_level: u8,
}

/// Where the form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Root {
    /// In a declarative shadow root, apart from the page's styles.
    #[default]
    Shadow,
    /// In the page itself.
    Light,
}

/// How the style sheet comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Style {
    /// In a `<style>`, whose hash the page's policy names: nothing more is fetched before it shows.
    #[default]
    Inline,
    /// In a `<link>`: no hash, but the page waits for it.
    Link,
}

/// The snippet, and what a strict policy has to let in.
#[derive(Debug)]
pub struct PrintedSnippet {
    pub html: String,
    /// Hashes of its inline styles, for `style-src`.
    pub hashes: Vec<String>,
}

impl Snippet<'_> {
    /// Prints it.
    ///
    /// # Errors
    /// When the compiled form cannot be read.
    pub async fn print(&self) -> Result<PrintedSnippet, ReadError> {
        let (base, id) = (self.base, self.form);
        let language = self.compiled["record"]["language"].as_str().unwrap_or_default();
        let action = format!("{base}/f/{id}");
        let form = StaticForm {
            heading_level: self.heading_level,
            ..StaticForm::new(self.compiled, &action)
        };
        let form = static_form::render(form).await?;
        let (styles, hashes) = self.styles();
        let mut attributes = format!(
            "src=\"{}\" lang=\"{}\"",
            escaped(&format!("{base}/v1/forms/{id}")),
            escaped(language)
        );
        if self.heading_level != 2 {
            let _ = write!(attributes, " heading-level=\"{}\"", self.heading_level);
        }
        let html = match self.root {
            Root::Shadow => format!(
                "<candor-form {attributes}><template shadowrootmode=\"open\">{styles}{form}</template></candor-form>"
            ),
            Root::Light => format!("<candor-form {attributes} render=\"light\">{styles}{form}</candor-form>"),
        };
        Ok(PrintedSnippet { html, hashes })
    }

    fn styles(&self) -> (String, Vec<String>) {
        let theme = theme(self.form, self.compiled);
        match self.style {
            Style::Inline => {
                let sheet = bundle::printed_stylesheet();
                let mut styles = format!("<style>{sheet}</style>");
                let mut hashes = vec![bundle::content_hash(&sheet)];
                if let Some(theme) = theme {
                    let _ = write!(styles, "<style>{theme}</style>");
                    hashes.push(bundle::content_hash(&theme));
                }
                (styles, hashes)
            }
            Style::Link => {
                let link = |path: &str| {
                    let address = escaped(&format!("{}/{path}", self.base));
                    format!("<link rel=\"stylesheet\" href=\"{address}\">")
                };
                let whole = bundle::part("candor.css");
                let mut styles = link(
                    whole
                        .as_deref()
                        .unwrap_or(form_stylesheet_path().trim_start_matches('/')),
                );
                if theme.is_some() {
                    styles += &link(&format!("v1/forms/{}/theme.css", self.form));
                }
                (styles, Vec::new())
            }
        }
    }
}

/// The theme of the definition as a style sheet for the printed form; the widget sets the same by itself.
pub fn theme(id: &str, compiled: &Value) -> Option<String> {
    let tokens = compiled["theme"].as_object()?;
    let mut sheet = format!(".candor[aria-labelledby=\"candor-{id}-title\"]{{");
    for (token, value) in tokens {
        // The definition's grammar lets plain values in alone; a text from elsewhere ends nothing here either.
        let value = value
            .as_str()
            .filter(|value| !value.contains(['<', '{', '}', ';', '\\']))?;
        let _ = write!(sheet, "--candor-theme-{token}:{value};");
    }
    sheet.push('}');
    Some(sheet)
}

/// The elements of a page's head that let the parts of the widget set out before the loader asks for them.
pub fn hints(base: &str) -> String {
    let address = |name| Some(escaped(&format!("{base}/{}", bundle::part(name)?)));
    let (Some(glue), Some(module), Some(sheet)) = (
        address("candor_form.js"),
        address("candor_form_bg.wasm"),
        address("candor.css"),
    ) else {
        return String::new();
    };
    format!(
        "<link rel=\"modulepreload\" href=\"{glue}\" crossorigin>\n\
         <link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" href=\"{module}\" crossorigin>\n\
         <link rel=\"preload\" as=\"fetch\" href=\"{sheet}\" crossorigin>\n"
    )
}

/// A text for an attribute in double quotes, or between tags.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{escaped, theme};

    #[test]
    fn a_theme_ends_nothing_but_itself() {
        let check = |value: &str, expected: Option<&str>| {
            let compiled = json!({ "theme": { "accent": value } });
            assert_eq!(theme("guide", &compiled).as_deref(), expected, "{value}");
        };
        check(
            "#17593c",
            Some(".candor[aria-labelledby=\"candor-guide-title\"]{--candor-theme-accent:#17593c;}"),
        );
        for value in ["</style>", "red}", "red;color:blue", "{", "\\3c"] {
            check(value, None);
        }
        assert_eq!(theme("guide", &json!({})), None);
    }

    #[test]
    fn attributes_stay_attributes() {
        assert_eq!(escaped("a&b\"<c>"), "a&amp;b&quot;&lt;c>");
    }
}
