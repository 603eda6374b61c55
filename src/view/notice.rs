//! The first layer of the notice, above the button: who, with whom, how long, which rights, the way back, and the link
//! to the second layer.

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
    let notice = notice.option(
        form.text("policy")
            .map(|words| outside_link(&form.policy_url, words).says("policy")),
    );
    // The second layer opens apart: what was typed stays. Its words are no part of what bears on the decision here.
    let Some(address) = &form.notice_url else { return notice };
    notice
        .child(tag("span", "").text(". "))
        .child(outside_link(address, form.messages.say("notice_link")))
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
