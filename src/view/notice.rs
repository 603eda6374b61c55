//! The first layer of the notice, above the button: who, with whom, how long, which rights, and the way back.

use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::view::{attr, said};

const SENTENCES: [&str; 6] = [
    "controller",
    "recipients",
    "retention",
    "rights",
    "complaint",
    "withdrawal",
];

pub fn notice(form: &CompiledForm) -> Html {
    html! {
        <p class="candor-notice" part="notice">
            { for SENTENCES.iter().map(|reference| sentence(form, reference)) }
            if let Some(words) = said(form, "policy") {
                <a href={attr(&form.policy_url)} target="_blank" rel="noopener noreferrer" data-candor-ref="policy">
                    { words }
                </a>
            }
        </p>
    }
}

/// The full stop stands outside: the text is what the definition says.
fn sentence(form: &CompiledForm, reference: &'static str) -> Html {
    let Some(text) = said(form, reference) else {
        return Html::default();
    };
    let stop = if text.ends_with('.') { " " } else { ". " };
    html! { <><span data-candor-ref={reference}>{ text }</span><span>{ stop }</span></> }
}
