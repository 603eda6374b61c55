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
        }
    }
}

/// Prints the form: one `<form class="candor" method="post">`, no inline style, no script.
///
/// # Errors
/// When the compiled form cannot be read.
pub async fn render(form: StaticForm<'_>) -> Result<String, ReadError> {
    let compiled = CompiledForm::read(form.compiled)?;
    let action = form.action.to_owned();
    let (values, errors) = (form.values.to_vec(), form.errors.to_vec());
    let level = form.heading_level;
    let renderer =
        ServerRenderer::<Printed>::with_props(move || PrintedProps::new(compiled, action, values, errors, level));
    Ok(renderer.hydratable(false).render().await)
}
