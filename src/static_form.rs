//! The form as plain HTML, by the same views: the hosted page, the prerendered snippet, the page without JavaScript.
//!
//! A consent is never printed ticked, not even when the form comes back with errors: whoever ticks, ticks again.

use serde_json::Value;
use yew::ServerRenderer;

use crate::compiled::{CompiledForm, ReadError};
use crate::view::printed::{Printed, PrintedProps};

/// What to print.
#[derive(Debug, Clone)]
pub struct StaticForm<'a> {
    /// The compiled form.
    pub compiled: &'a Value,
    /// Where the form posts to.
    pub action: &'a str,
    /// What was typed, by field id: a form that comes back with errors loses nothing.
    pub values: &'a [(String, String)],
    /// Messages by field id.
    pub errors: &'a [(String, String)],
    /// Level of the form's title, 1 to 6.
    pub heading_level: u8,
    /// When a collector served it, in its own words: it comes back with the post.
    pub issued: Option<&'a str>,
    /// `Sec-GPC: 1`: what shares data is not offered.
    pub gpc: bool,
}

impl<'a> StaticForm<'a> {
    /// An empty form that posts to `action`, with a title of level 2.
    pub fn new(compiled: &'a Value, action: &'a str) -> Self {
        Self {
            compiled,
            action,
            values: &[],
            errors: &[],
            heading_level: 2,
            issued: None,
            gpc: false,
        }
    }
}

/// Prints the form: one `<form class="candor" method="post">`, no inline style, no script.
///
/// # Errors
/// When the compiled form cannot be read.
pub async fn render(form: StaticForm<'_>) -> Result<String, ReadError> {
    let mut compiled = CompiledForm::read(form.compiled)?;
    compiled.gpc = form.gpc;
    let action = form.action.to_owned();
    let (values, errors) = (form.values.to_vec(), form.errors.to_vec());
    let level = form.heading_level;
    let issued = form.issued.map(str::to_owned);
    let renderer = ServerRenderer::<Printed>::with_props(move || {
        PrintedProps::new(compiled, action, values, errors, level).issued(issued)
    });
    Ok(renderer.hydratable(false).render().await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::source;

    async fn print(values: &[(String, String)], errors: &[(String, String)]) -> String {
        let source = source();
        let form = StaticForm {
            values,
            errors,
            ..StaticForm::new(&source, "/f/guide?lang=en")
        };
        render(form).await.expect("the form of the tests is readable")
    }

    #[tokio::test]
    async fn an_empty_form() {
        let html = print(&[], &[]).await;
        for part in [
            r#"<form "#,
            r#"method="post""#,
            r#"action="/f/guide?lang=en""#,
            r#"Get the &lt;guide&gt;</h2>"#,
            r#"name="candor-version""#,
            r#"value="sha256-t""#,
            r#"name="purpose.newsletter""#,
            r#"name="objection.offers""#,
            r#"name="phone""#,
            r#"data-candor-ref="field.phone""#,
            "Policy of Partner",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        for part in ["checked", "style=", "<script", "novalidate", " on"] {
            let tags: String = html
                .split('>')
                .filter_map(|piece| piece.split_once('<'))
                .map(|(_, tag)| tag)
                .collect();
            assert!(!tags.contains(part), "{part} in {tags}");
        }
        let required = html.matches("required").count();
        assert_eq!(
            required, 2,
            "one attribute with its value: a conditional field is never required in print"
        );
    }

    #[tokio::test]
    async fn the_field_for_robots_is_out_of_reach() {
        let html = print(&[], &[]).await;
        let (before, after) = html.split_once(r#"name="candor-website""#).expect("it is there");
        let input = before.rsplit('<').next().expect("a tag").to_owned() + after.split('>').next().expect("its end");
        let around = before.rsplit("<div").next().expect("around it");
        for part in [r#"autocomplete="off""#, r#"tabindex="-1""#] {
            assert!(input.contains(part), "{part} in {input}");
        }
        assert!(around.contains(r#"aria-hidden="true""#), "{around}");
        assert!(
            !input.contains("required") && !input.contains("data-candor-ref"),
            "{input}"
        );
    }

    #[tokio::test]
    async fn the_time_of_the_page_is_printed_only_where_there_is_one() {
        assert!(!print(&[], &[]).await.contains("candor-issued"));
        let source = source();
        let form = StaticForm {
            issued: Some("a-signed-time"),
            ..StaticForm::new(&source, "/f/guide")
        };
        let html = render(form).await.expect("readable");
        let input = html
            .split('<')
            .find(|tag| tag.contains("candor-issued"))
            .expect("printed");
        assert!(
            input.contains(r#"type="hidden""#) && input.contains("a-signed-time"),
            "{input}"
        );
    }

    #[tokio::test]
    async fn texts_stand_in_reading_order_and_whole() {
        let html = print(&[], &[]).await;
        let references: Vec<_> = html
            .split("data-candor-ref=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let source = source();
        let expected: Vec<_> = CompiledForm::read(&source).expect("readable").texts;
        let expected: Vec<_> = expected.iter().map(|text| text.reference.as_str()).collect();
        assert_eq!(references, expected);
    }

    #[tokio::test]
    async fn a_form_that_comes_back_keeps_what_was_typed_and_unticks_every_box() {
        let pair = |id: &str, text: &str| (id.to_owned(), text.to_owned());
        let html = print(
            &[
                pair("email", "ada@\"<"),
                pair("purpose.newsletter", "yes"),
                pair("unknown", "x"),
            ],
            &[pair("email", "Bad e-mail")],
        )
        .await;
        assert!(html.contains("ada@&quot;&lt;"), "{html}");
        assert!(html.contains(r##"href="#candor-guide-email""##), "{html}");
        assert!(html.contains(r#"aria-invalid="true""#), "{html}");
        assert!(!html.contains("checked"), "{html}");
    }
}
