//! The error summary after the GOV.UK pattern: what is wrong, in one place before the title, with a link to each field.
//!
//! It takes the focus when it comes. The alert stands inside what has the focus: one element that is both would be read
//! twice.

use crate::form::state::Phase;
use crate::view::markup::{Markup, paragraph, tag};
use crate::view::sheet::{Sheet, heading};

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
    let lines = (!state.errors.is_empty()).then(|| tag("ul", "").children(lines));
    let words = sheet.form.messages.say("error_summary_title");
    let title = match sheet.heading_level {
        // A page whose first heading is the form's own does not begin with another.
        1 => paragraph(TITLE, words),
        level => heading(level, TITLE).text(words),
    };
    let alert = tag("div", "").word("role", "alert").child(title).option(failure);
    let summary = tag("div", "candor-summary")
        .part("error")
        .word("tabindex", "-1")
        // Without script the browser itself brings the focus here.
        .flag("autofocus", sheet.is_printed)
        .known_as(&sheet.summary)
        .child(alert.option(lines));
    Some(summary)
}

const TITLE: &str = "candor-summary-title";
