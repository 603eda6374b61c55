//! The purposes: what the service needs, and what the visitor may choose besides.
//!
//! One purpose, one box, never ticked by us. A link beside a box stands outside its label: reading a partner's policy
//! must not give a consent.

use candor_record::term::Control;
use yew::prelude::*;

use crate::compiled::{Partner, Purpose};
use crate::form::state::FormState;
use crate::view::field::field;
use crate::view::sheet::Sheet;
use crate::view::{attr, said};

/// A purpose without a choice: the statement alone.
pub fn service(sheet: &Sheet<'_>, purpose: &Purpose) -> Html {
    let statement = ["purpose.", &purpose.id].concat();
    html! {
        <div class="candor-service">
            <p data-candor-ref={statement.clone()}>{ said(sheet.form, &statement).unwrap_or_default() }</p>
            { small(sheet, purpose, ".details") }
            { partners(sheet, purpose) }
        </div>
    }
}

/// All purposes with a box, as one group.
pub fn choices(sheet: &Sheet<'_>) -> Html {
    let form = sheet.form;
    if !form.purposes.iter().any(|purpose| FormState::has_box(purpose.control)) {
        return Html::default();
    }
    html! {
        <fieldset class="candor-consents" part="consents">
            if let Some(legend) = said(form, "choices") { <legend data-candor-ref="choices">{ legend }</legend> }
            if let Some(note) = said(form, "choices.note") {
                <p class="candor-note" data-candor-ref="choices.note">{ note }</p>
            }
            { for form.purposes.iter().enumerate().map(|(at, purpose)| match purpose.control {
                Control::Checkbox => consent(sheet, at, purpose),
                Control::ObjectionCheckbox => objection(sheet, at, purpose),
                Control::None | Control::Submit => Html::default(),
            }) }
        </fieldset>
    }
}

/// The form whose only purpose is one consent: submitting is the act, so its statement is the last thing read.
pub fn statement_above_the_button(sheet: &Sheet<'_>) -> Html {
    let single = sheet
        .form
        .purposes
        .iter()
        .find(|purpose| purpose.control == Control::Submit);
    single.map(|purpose| service(sheet, purpose)).unwrap_or_default()
}

fn consent(sheet: &Sheet<'_>, at: usize, purpose: &Purpose) -> Html {
    let statement = ["purpose.", &purpose.id].concat();
    html! {
        <div class="candor-purpose" part="purpose">
            { tick_box(sheet, at, "purpose.") }
            <div class="candor-words">
                <label for={sheet.ids.of(&statement, "")} data-candor-ref={statement.clone()}>
                    { said(sheet.form, &statement).unwrap_or_default() }
                </label>
                { small(sheet, purpose, ".details") }
                { partners(sheet, purpose) }
                { dependents(sheet, purpose) }
            </div>
        </div>
    }
}

fn objection(sheet: &Sheet<'_>, at: usize, purpose: &Purpose) -> Html {
    let statement = ["purpose.", &purpose.id].concat();
    let objection = [&statement, ".objection"].concat();
    html! {
        <div class="candor-purpose candor-objection" part="purpose">
            <div class="candor-words">
                <p data-candor-ref={statement.clone()}>{ said(sheet.form, &statement).unwrap_or_default() }</p>
                { small(sheet, purpose, ".details") }
                { small(sheet, purpose, ".interest") }
                { partners(sheet, purpose) }
            </div>
            { tick_box(sheet, at, "objection.") }
            <div class="candor-words">
                <label for={sheet.ids.of(&["objection.", &purpose.id].concat(), "")}
                    data-candor-ref={objection.clone()}>{ said(sheet.form, &objection).unwrap_or_default() }</label>
                { dependents(sheet, purpose) }
            </div>
        </div>
    }
}

/// `autocomplete="off"`: in light DOM a browser would otherwise restore a tick without telling anybody.
fn tick_box(sheet: &Sheet<'_>, at: usize, prefix: &str) -> Html {
    let purpose = &sheet.form.purposes[at];
    let name = [prefix, &purpose.id].concat();
    let details = ["purpose.", &purpose.id, ".details"].concat();
    let described_by = sheet.form.text(&details).map(|_| sheet.ids.of(&details, ""));
    html! {
        <input class="candor-box" part="input" type="checkbox" id={sheet.ids.of(&name, "")} {name} value="yes"
            autocomplete="off" checked={sheet.state.boxes[at].ticked} aria-describedby={described_by} />
    }
}

fn small(sheet: &Sheet<'_>, purpose: &Purpose, suffix: &str) -> Html {
    let reference = ["purpose.", &purpose.id, suffix].concat();
    let Some(text) = said(sheet.form, &reference) else {
        return Html::default();
    };
    html! { <p class="candor-details" id={sheet.ids.of(&reference, "")} data-candor-ref={reference}>{ text }</p> }
}

fn partners(sheet: &Sheet<'_>, purpose: &Purpose) -> Html {
    let link = |partner: &Partner| {
        let words = sheet.form.messages.fill("partner_policy", &[("name", &partner.name)]);
        html! {
            <p class="candor-details">
                <a href={attr(&partner.policy)} target="_blank" rel="noopener noreferrer">{ words }</a>
            </p>
        }
    };
    purpose.partners.iter().map(link).collect()
}

/// The fields that this box brings. A printed form holds them all, and shows them by `:has()`.
fn dependents(sheet: &Sheet<'_>, purpose: &Purpose) -> Html {
    let form = sheet.form;
    let ticked = sheet.is_printed() || sheet.state.is_ticked(&purpose.id);
    let depends = |field: &crate::compiled::Field| field.when.as_deref() == Some(purpose.id.as_str());
    if !ticked || !form.fields.iter().any(depends) {
        return Html::default();
    }
    let fields = form.fields.iter().enumerate().filter(|(_, field)| depends(field));
    html! { <div class="candor-dependents">{ for fields.map(|(at, _)| field(sheet, at)) }</div> }
}
