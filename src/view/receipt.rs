//! After sending: what happens next, what was chosen, the sealed receipt, the way to change one's mind.
//!
//! Every choice has the same weight, and "not asked for" is as good an answer as any.

use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::form::state::{Next, Outcome, Seal, Verification};
use crate::view::attr;

/// The receipt's view.
#[derive(Debug)]
pub struct Receipt<'a> {
    pub form: &'a CompiledForm,
    pub outcome: &'a Outcome,
    pub heading_level: u8,
    /// Takes the focus, so that a screen reader starts where the form was.
    pub heading: NodeRef,
    pub on_verify: Callback<MouseEvent>,
}

pub fn receipt(receipt: &Receipt<'_>) -> Html {
    let Receipt { form, outcome, .. } = receipt;
    let messages = &form.messages;
    let level = usize::from(receipt.heading_level.clamp(1, 6));
    let tag = ["h1", "h2", "h3", "h4", "h5", "h6"][level - 1];
    let next = match outcome.next {
        Next::Confirm => "receipt_intro_pending",
        Next::Email => "receipt_intro_email",
        Next::Screen => "receipt_intro_screen",
        Next::Recorded => "receipt_intro_recorded",
    };
    html! {
        <section class="candor candor-after" part="receipt" lang={attr(&form.language)}>
            <@{tag} class="candor-title" tabindex="-1" ref={receipt.heading.clone()}>{ attr(&form.submit.success) }</@>
            <p class="candor-intro">{ attr(messages.say(next)) }</p>
            if let Some(url) = &outcome.download {
                <a class="candor-button" href={attr(url)} rel="noreferrer">{ attr(messages.say("download_now")) }</a>
            }
            <ul class="candor-choices">
                { for outcome.choices.iter().map(|choice| html! {
                    <li><span>{ attr(&choice.statement) }</span><em>{ attr(messages.say(choice.status)) }</em></li>
                }) }
            </ul>
            if let Some(seal) = &outcome.seal { { sealed(receipt, seal) } }
            if let Some(url) = &outcome.manage {
                <p class="candor-closing">
                    { attr(messages.say("receipt_note")) }{ " " }{ attr(messages.say("manage_lead")) }{ " " }
                    <a href={attr(url)} rel="noreferrer">{ attr(messages.say("manage_link")) }</a>
                    { attr(messages.say("manage_tail")) }
                </p>
            }
        </section>
    }
}

fn sealed(receipt: &Receipt<'_>, seal: &Seal) -> Html {
    let messages = &receipt.form.messages;
    let file_name = ["receipt-", &seal.record, ".json"].concat();
    html! {
        <div class="candor-seal">
            <p class="candor-sealer">{ messages.fill("receipt_sealed_by", &[("name", &receipt.form.controller)]) }</p>
            <button class="candor-link" type="button" onclick={receipt.on_verify.clone()}>
                { attr(messages.say("receipt_verify")) }
            </button>
            <p class="candor-print"><span>{ attr(&seal.time) }</span><br /><span>{ attr(&seal.digest) }</span></p>
            <a href={attr(&seal.file)} download={file_name}>{ attr(messages.say("receipt_download")) }</a>
            <div class="candor-verdict" role="status">{ verdict(receipt.form, &seal.checks) }</div>
        </div>
    }
}

fn verdict(form: &CompiledForm, checks: &Verification) -> Html {
    match checks {
        Verification::NotAsked => Html::default(),
        Verification::Running => html! { <p>{ "…" }</p> },
        Verification::Done(lines) => html! {
            <ul>{ for lines.iter().map(|(key, good)| html! {
                <li class={if *good { "candor-good" } else { "candor-bad" }}>{ attr(form.messages.say(key)) }</li>
            }) }</ul>
        },
    }
}
