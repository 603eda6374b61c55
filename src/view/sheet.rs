//! The form itself, from title to button.

use candor_record::term::Control;
use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::direction;
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
    /// Without script, conditional fields show by CSS, and the browser checks what it can.
    pub is_printed: bool,
    /// When it was printed, in the collector's own words.
    pub issued: Option<&'a str>,
    pub summary: NodeRef,
    /// Takes the focus when what had it is gone.
    pub heading: NodeRef,
}

pub fn sheet(sheet: &Sheet<'_>) -> Html {
    let Sheet { form, ids, .. } = sheet;
    let fields = form.fields.iter().enumerate();
    let fields = fields.filter(|(_, field)| field.when.is_none() && sheet.state.is_asked(field));
    let services = form.purposes.iter().filter(|purpose| purpose.control == Control::None);
    let element = tag("form", "candor");
    // A page in another encoding would post in that one.
    #[cfg(feature = "ssr")]
    let element = element.word("accept-charset", "utf-8");
    element
        .part("form")
        .word("method", "post")
        .attribute("action", sheet.action.clone())
        .flag("novalidate", !sheet.is_printed)
        // A browser would otherwise restore a tick without telling anybody. Fields say their own.
        .word("autocomplete", "off")
        .set("lang", &form.language)
        .word("dir", direction::of(&form.language))
        .attribute("aria-labelledby", ids.of("title", ""))
        .option(summary(sheet))
        .child(title(sheet))
        .option(said(form, "intro", "p", "candor-intro"))
        .children(versions(sheet))
        .children(fields.map(|(at, _)| field(sheet, at)))
        .child(trap())
        .children(services.map(|purpose| service(sheet, purpose)))
        .option(choices(sheet))
        .child(notice(form))
        .option(statement_above_the_button(sheet))
        .child(submit(sheet))
        .option(status(sheet))
        .option(again(sheet))
        .html()
}

fn title(sheet: &Sheet<'_>) -> Markup {
    let words = sheet.form.text("title").unwrap_or_default();
    heading(sheet.heading_level, "candor-title")
        .attribute("id", sheet.ids.of("title", ""))
        .maybe("tabindex", (!sheet.is_printed).then_some("-1"))
        .known_as(&sheet.heading)
        .says("title")
        .text(words)
}

/// The heading of the form, and of what comes after it.
pub fn heading(level: u8, class: &'static str) -> Markup {
    let names = ["h1", "h2", "h3", "h4", "h5", "h6"];
    tag(names.get(usize::from(level).wrapping_sub(1)).unwrap_or(&"h2"), class)
}

/// Without script, the collector must know which words were served.
fn versions(sheet: &Sheet<'_>) -> impl Iterator<Item = Markup> {
    let form = sheet.form;
    let versions = [
        ("candor-version", form.version.as_str()),
        ("candor-texts", &form.texts_digest),
        ("candor-language", &form.language),
    ];
    let hidden =
        |(name, value): (&'static str, &str)| tag("input", "").word("type", "hidden").word("name", name).value(value);
    let versions = versions.into_iter().filter(|_| sheet.is_printed);
    versions
        .chain(sheet.issued.map(|issued| ("candor-issued", issued)))
        .map(hidden)
}

/// A field for robots. No person sees it, reaches it or hears of it; no definition can have a field of that name, and
/// what stands in it is no part of the record.
fn trap() -> Markup {
    let input = tag("input", "")
        .word("type", "text")
        .word("name", "candor-website")
        .word("autocomplete", "off")
        .word("tabindex", "-1");
    tag("div", "candor-more").word("aria-hidden", "true").child(input)
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
fn status(sheet: &Sheet<'_>) -> Option<Markup> {
    let words = progress(sheet).map_or("", |progress| sheet.form.messages.say(progress.key()));
    Some(paragraph("candor-status", words).word("role", "status")).filter(|_| !sheet.is_printed)
}

fn again(sheet: &Sheet<'_>) -> Option<Markup> {
    let words = sheet.form.messages.say("try_again");
    let button = || tag("button", "candor-again").word("type", "button").text(words);
    progress(sheet)
        .filter(|progress| progress.offers_retry())
        .map(|_| button())
}

fn progress(sheet: &Sheet<'_>) -> Option<Progress> {
    match sheet.state.phase {
        Phase::Sending(progress) => Some(progress),
        _ => None,
    }
}
