//! The first layer of the notice, above the button: who, with whom, how long, which rights, and the way back.

use crate::compiled::CompiledForm;
use crate::view::markup::{Markup, outside_link, tag};
use crate::view::said;

const SENTENCES: [&str; 6] = [
    "controller",
    "recipients",
    "retention",
    "rights",
    "complaint",
    "withdrawal",
];

pub fn notice(form: &CompiledForm) -> Markup {
    let notice = tag("p", "candor-notice").part("notice");
    let notice = SENTENCES
        .iter()
        .fold(notice, |notice, reference| sentence(form, reference, notice));
    notice.option(
        form.text("policy")
            .map(|words| outside_link(&form.policy_url, words).says("policy")),
    )
}

/// The full stop stands outside: the text is what the definition says.
fn sentence(form: &CompiledForm, reference: &str, notice: Markup) -> Markup {
    let Some(words) = said(form, reference, "span", "") else {
        return notice;
    };
    let stopped = form.text(reference).is_some_and(|text| text.ends_with('.'));
    notice
        .child(words)
        .child(tag("span", "").text(if stopped { " " } else { ". " }))
}
