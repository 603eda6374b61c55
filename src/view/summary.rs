//! The error summary: what is wrong, in one place, with a link to each field. It takes the focus when it comes.

use crate::form::state::Phase;
use crate::view::markup::{Markup, paragraph, tag};
use crate::view::sheet::Sheet;

pub fn summary(sheet: &Sheet<'_>) -> Option<Markup> {
    let state = sheet.state;
    let failure = match &state.phase {
        Phase::Failed(message) => Some(paragraph("", message)),
        _ => None,
    };
    if failure.is_none() && state.errors.is_empty() {
        return None;
    }
    let lines = state.errors.iter().map(|error| {
        let target = ["#", &sheet.ids.of(&sheet.form.fields[error.field].id, "")].concat();
        tag("li", "").child(tag("a", "").set("href", &target).text(&error.message))
    });
    let summary = tag("div", "candor-summary")
        .part("error")
        .word("role", "alert")
        .word("tabindex", "-1")
        .known_as(&sheet.summary)
        .child(paragraph(
            "candor-summary-title",
            sheet.form.messages.say("error_summary_title"),
        ))
        .option(failure)
        .child(tag("ul", "").children(lines));
    Some(summary)
}
