//! After sending: what happens next, what was chosen, the sealed receipt, the way to change one's mind.
//!
//! Every choice has the same weight, and "not asked for" is as good an answer as any.

use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::direction;
use crate::form::state::{Next, Outcome, Seal, Verification};
use crate::view::markup::{Markup, paragraph, tag};
use crate::view::sheet::heading;

/// The receipt's view.
#[derive(Debug)]
pub struct Receipt<'a> {
    pub form: &'a CompiledForm,
    pub outcome: &'a Outcome,
    pub heading_level: u8,
    /// Takes the focus, so that a screen reader starts where the form was.
    pub heading: NodeRef,
}

pub fn receipt(receipt: &Receipt<'_>) -> Html {
    let Receipt { form, outcome, .. } = receipt;
    let messages = &form.messages;
    let next = match outcome.next {
        Next::Confirm => "receipt_intro_pending",
        Next::Email => "receipt_intro_email",
        Next::Screen => "receipt_intro_screen",
        Next::Recorded => "receipt_intro_recorded",
    };
    let title = heading(receipt.heading_level, "candor-title")
        .word("tabindex", "-1")
        .known_as(&receipt.heading)
        .text(&form.submit.success);
    let download = outcome.download.as_ref().map(|url| {
        tag("a", "candor-button")
            .set("href", url)
            .word("rel", "noreferrer")
            .text(messages.say("download_now"))
    });
    let choices = outcome.choices.iter().map(|choice| {
        let status = tag("em", "").text(messages.say(choice.status));
        tag("li", "")
            .child(tag("span", "").text(&choice.statement))
            .child(status)
    });
    tag("section", "candor candor-after")
        .part("receipt")
        .set("lang", &form.language)
        .word("dir", direction::of(&form.language))
        .child(title)
        .child(paragraph("candor-intro", messages.say(next)))
        .option(download)
        .child(tag("ul", "candor-choices").children(choices))
        .option(outcome.seal.as_ref().map(|seal| sealed(form, seal)))
        .option(outcome.manage.as_ref().map(|url| closing(form, url)))
        .html()
}

fn sealed(form: &CompiledForm, seal: &Seal) -> Markup {
    let messages = &form.messages;
    let print = tag("p", "candor-print")
        .child(tag("span", "").text(&seal.time))
        .child(tag("br", ""))
        .child(tag("span", "").text(&seal.digest));
    let file = tag("a", "")
        .set("href", &seal.file)
        .set("download", &["receipt-", &seal.record, ".json"].concat())
        .text(messages.say("receipt_download"));
    tag("div", "candor-seal")
        .child(paragraph(
            "candor-sealer",
            &messages.fill("receipt_sealed_by", &[("name", &form.controller)]),
        ))
        .child(
            tag("button", "candor-link")
                .word("type", "button")
                .text(messages.say("receipt_verify")),
        )
        .child(print)
        .child(file)
        .child(
            tag("div", "candor-verdict")
                .word("role", "status")
                .option(verdict(form, &seal.checks)),
        )
}

fn verdict(form: &CompiledForm, checks: &Verification) -> Option<Markup> {
    match checks {
        Verification::NotAsked => None,
        Verification::Running => Some(paragraph("", "…")),
        Verification::Done(lines) => Some(tag("ul", "").children(lines.iter().map(|(key, good)| {
            tag("li", if *good { "candor-good" } else { "candor-bad" }).text(form.messages.say(key))
        }))),
    }
}

fn closing(form: &CompiledForm, manage: &str) -> Markup {
    let words = |key| form.messages.say(key);
    let lead = [words("receipt_note"), " ", words("manage_lead"), " "].concat();
    let link = tag("a", "")
        .set("href", manage)
        .word("rel", "noreferrer")
        .text(words("manage_link"));
    paragraph("candor-closing", &lead)
        .child(link)
        .text(words("manage_tail"))
}
