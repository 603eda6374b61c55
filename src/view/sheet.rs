//! The form itself, from title to button.

use candor_record::term::Control;
use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::form::state::{FormState, Phase, Progress};
use crate::view::field::field;
use crate::view::id::Ids;
use crate::view::markup::{Markup, paragraph, tag};
use crate::view::notice::notice;
use crate::view::purpose::{choices, service, statement_above_the_button};
use crate::view::said;
use crate::view::summary::summary;

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
}

impl Sheet<'_> {
    pub fn is_printed(&self) -> bool {
        self.acts.is_none()
    }
}

pub fn sheet(sheet: &Sheet<'_>) -> Html {
    let Sheet { form, ids, acts, .. } = sheet;
    let fields = form.fields.iter().enumerate().filter(|(_, field)| field.when.is_none());
    let services = form.purposes.iter().filter(|purpose| purpose.control == Control::None);
    let words = [
        summary(sheet).map(Markup::html).unwrap_or_default(),
        title(sheet.heading_level, sheet.form)
            .set("id", &ids.of("title", ""))
            .html(),
        said(form, "intro", "p", "candor-intro")
            .map(Markup::html)
            .unwrap_or_default(),
    ];
    html! {
        <form class="candor" part="form" method="post" action={sheet.action.clone()} novalidate={!sheet.is_printed()}
            lang={form.language.clone()} aria-labelledby={ids.of("title", "")}
            onsubmit={acts.map(|acts| acts.on_submit.clone())} oninput={acts.map(|acts| acts.on_input.clone())}
            onclick={acts.map(|acts| acts.on_click.clone())}>
            { for words }
            { for versions(sheet) }
            { for fields.map(|(at, _)| field(sheet, at).html()) }
            { for services.map(|purpose| service(sheet, purpose).html()) }
            { for choices(sheet).map(Markup::html) }
            { notice(form).html() }
            { for statement_above_the_button(sheet).map(Markup::html) }
            { submit(sheet).html() }
            { for progress(sheet) }
        </form>
    }
}

/// The heading of the form and of what comes after it.
pub fn title(heading_level: u8, form: &CompiledForm) -> Markup {
    let words = form.text("title").unwrap_or_default();
    heading(heading_level).says("title").text(words)
}

pub fn heading(level: u8) -> Markup {
    let names = ["h1", "h2", "h3", "h4", "h5", "h6"];
    tag(
        names.get(usize::from(level).wrapping_sub(1)).unwrap_or(&"h2"),
        "candor-title",
    )
}

/// Without script, the collector must know which words were served.
fn versions(sheet: &Sheet<'_>) -> Vec<Html> {
    if !sheet.is_printed() {
        return Vec::new();
    }
    let form = sheet.form;
    let versions = [
        ("candor-version", &form.version),
        ("candor-texts", &form.texts_digest),
        ("candor-language", &form.language),
    ];
    let hidden = |(name, value): (&'static str, &String)| {
        tag("input", "")
            .word("type", "hidden")
            .word("name", name)
            .value(value)
            .html()
    };
    versions.into_iter().map(hidden).collect()
}

fn submit(sheet: &Sheet<'_>) -> Markup {
    tag("button", "candor-submit")
        .part("submit")
        .word("type", "submit")
        .says("submit")
        .maybe("aria-disabled", sheet.state.is_sending().then_some("true"))
        .text(sheet.form.text("submit").unwrap_or_default())
}

/// Says what the sending does. The region is there from the start, so that a screen reader hears it change.
fn progress(sheet: &Sheet<'_>) -> Vec<Html> {
    if sheet.is_printed() {
        return Vec::new();
    }
    let messages = &sheet.form.messages;
    let progress = match sheet.state.phase {
        Phase::Sending(progress) => Some(progress),
        _ => None,
    };
    let words = progress.map_or("", |progress| messages.say(progress.key()));
    let again = progress.filter(|progress| progress.offers_retry());
    let again = again.map(|_: Progress| {
        tag("button", "candor-again")
            .word("type", "button")
            .text(messages.say("try_again"))
            .html()
    });
    vec![
        paragraph("candor-status", words).word("role", "status").html(),
        again.unwrap_or_default(),
    ]
}
