//! The form itself, from title to button.

use candor_record::term::Control;
use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::form::state::{FormState, Phase, Progress};
use crate::view::field::field;
use crate::view::id::Ids;
use crate::view::notice::notice;
use crate::view::purpose::{choices, service, statement_above_the_button};
use crate::view::summary::summary;
use crate::view::{attr, said};

/// Everything that the views of the form need; no view has more.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub form: &'a CompiledForm,
    pub state: &'a FormState,
    pub ids: &'a Ids,
    pub heading_level: u8,
    /// Where the form goes without script.
    pub action: AttrValue,
    /// Absent in a printed form: then nothing listens, and conditional fields show by CSS.
    pub acts: Option<&'a Acts>,
    pub summary: NodeRef,
}

/// What the visitor can do. The form listens for all of its controls.
#[derive(Debug, Clone, PartialEq)]
pub struct Acts {
    pub on_submit: Callback<SubmitEvent>,
    pub on_input: Callback<InputEvent>,
    pub on_click: Callback<MouseEvent>,
    pub on_retry: Callback<MouseEvent>,
}

impl Sheet<'_> {
    pub fn is_printed(&self) -> bool {
        self.acts.is_none()
    }
}

pub fn sheet(sheet: &Sheet<'_>) -> Html {
    let Sheet {
        form, state, ids, acts, ..
    } = sheet;
    let fields = form.fields.iter().enumerate().filter(|(_, field)| field.when.is_none());
    let services = form.purposes.iter().filter(|purpose| purpose.control == Control::None);
    html! {
        <form class="candor" part="form" method="post" action={sheet.action.clone()} novalidate={!sheet.is_printed()}
            lang={attr(&form.language)} aria-labelledby={ids.of("title", "")}
            onsubmit={acts.map(|acts| acts.on_submit.clone())} oninput={acts.map(|acts| acts.on_input.clone())}
            onclick={acts.map(|acts| acts.on_click.clone())}>
            { summary(sheet) }
            { title(sheet) }
            if let Some(intro) = said(form, "intro") {
                <p class="candor-intro" data-candor-ref="intro">{ intro }</p>
            }
            if sheet.is_printed() { { versions(form) } }
            { for fields.map(|(at, _)| field(sheet, at)) }
            { for services.map(|purpose| service(sheet, purpose)) }
            { choices(sheet) }
            { notice(form) }
            { statement_above_the_button(sheet) }
            { submit(sheet) }
            { progress(state, acts.map(|acts| acts.on_retry.clone())) }
        </form>
    }
}

fn title(sheet: &Sheet<'_>) -> Html {
    let level = sheet.heading_level.clamp(1, 6);
    let tag = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level) - 1];
    html! {
        <@{tag} class="candor-title" id={sheet.ids.of("title", "")} data-candor-ref="title">
            { said(sheet.form, "title").unwrap_or_default() }
        </@>
    }
}

/// Without script, the collector must know which words were served.
fn versions(form: &CompiledForm) -> Html {
    html! {
        <>
            <input type="hidden" name="candor-version" value={attr(&form.version)} />
            <input type="hidden" name="candor-texts" value={attr(&form.texts_digest)} />
            <input type="hidden" name="candor-language" value={attr(&form.language)} />
        </>
    }
}

fn submit(sheet: &Sheet<'_>) -> Html {
    html! {
        <button class="candor-submit" part="submit" type="submit" data-candor-ref="submit"
            aria-disabled={sheet.state.is_sending().then_some("true")}>
            { said(sheet.form, "submit").unwrap_or_default() }
        </button>
    }
}

/// Says what the sending does. The region is there from the start, so that a screen reader hears it change.
fn progress(state: &FormState, on_retry: Option<Callback<MouseEvent>>) -> Html {
    let messages = &state.form.messages;
    let progress = match state.phase {
        Phase::Sending(progress) => Some(progress),
        _ => None,
    };
    if on_retry.is_none() {
        return Html::default();
    }
    html! {
        <>
            <p class="candor-status" role="status">{ attr(progress.map_or("", |progress| messages.say(progress.key()))) }</p>
            if progress.is_some_and(Progress::offers_retry) {
                <button class="candor-again" type="button" onclick={on_retry}>{ attr(messages.say("try_again")) }</button>
            }
        </>
    }
}
