//! The purposes: what the service needs, and what the visitor may choose besides.
//!
//! One purpose, one box, never ticked by us. A link beside a box stands outside its label: reading a partner's policy
//! must not give a consent.

use candor_record::term::Control;

use crate::compiled::Purpose;
use crate::form::state::FormState;
use crate::view::field::field;
use crate::view::markup::{Markup, outside_link, paragraph, tag};
use crate::view::said;
use crate::view::sheet::Sheet;

/// A purpose without a choice: the statement alone.
pub fn service(sheet: &Sheet<'_>, purpose: &Purpose) -> Markup {
    let block = tag("div", "candor-service").option(said(sheet.form, &reference(purpose), "p", ""));
    partners(sheet, purpose, block.option(small(sheet, purpose, ".details")))
}

/// All purposes with a box, as one group.
pub fn choices(sheet: &Sheet<'_>) -> Option<Markup> {
    let form = sheet.form;
    let boxes = form.purposes.iter().enumerate();
    let mut boxes = boxes
        .filter(|(_, purpose)| FormState::has_box(purpose.control))
        .peekable();
    boxes.peek()?;
    let mut group = tag("fieldset", "candor-consents")
        .part("consents")
        .option(said(form, "choices", "legend", ""))
        .option(said(form, "choices.note", "p", "candor-note"));
    let mut withheld = None;
    for (at, purpose) in boxes {
        if form.withholds(purpose) {
            withheld = Some(paragraph("candor-note", form.messages.say("gpc_note")));
            continue;
        }
        group = group.child(match purpose.control {
            Control::ObjectionCheckbox => objection(sheet, at, purpose),
            _ => consent(sheet, at, purpose),
        });
    }
    Some(group.option(withheld))
}

/// The form whose only purpose is one consent: submitting is the act, so its statement is the last thing read.
pub fn statement_above_the_button(sheet: &Sheet<'_>) -> Option<Markup> {
    let single = sheet
        .form
        .purposes
        .iter()
        .find(|purpose| purpose.control == Control::Submit);
    single.map(|purpose| service(sheet, purpose))
}

fn consent(sheet: &Sheet<'_>, at: usize, purpose: &Purpose) -> Markup {
    let label = label(sheet, &reference(purpose), &reference(purpose));
    let words = tag("div", "candor-words")
        .option(label)
        .option(small(sheet, purpose, ".details"));
    let words = partners(sheet, purpose, words).option(dependents(sheet, purpose));
    tag("div", "candor-purpose")
        .part("purpose")
        .child(tick_box(sheet, at, "purpose."))
        .child(words)
}

fn objection(sheet: &Sheet<'_>, at: usize, purpose: &Purpose) -> Markup {
    let statement = tag("div", "candor-words")
        .option(described(sheet, purpose, "", ""))
        .option(small(sheet, purpose, ".details"))
        .option(small(sheet, purpose, ".interest"));
    let target = ["objection.", &purpose.id].concat();
    let words = tag("div", "candor-words")
        .option(label(sheet, &[&reference(purpose), ".objection"].concat(), &target))
        .option(dependents(sheet, purpose));
    tag("div", "candor-purpose candor-objection")
        .part("purpose")
        .child(partners(sheet, purpose, statement))
        .child(tick_box(sheet, at, "objection."))
        .child(words)
}

fn reference(purpose: &Purpose) -> String {
    ["purpose.", &purpose.id].concat()
}

fn label(sheet: &Sheet<'_>, reference: &str, target: &str) -> Option<Markup> {
    Some(said(sheet.form, reference, "label", "")?.set("for", &sheet.ids.of(target, "")))
}

fn tick_box(sheet: &Sheet<'_>, at: usize, prefix: &str) -> Markup {
    let purpose = &sheet.form.purposes[at];
    let name = [prefix, &purpose.id].concat();
    tag("input", "candor-box")
        .part("input")
        .word("type", "checkbox")
        .set("id", &sheet.ids.of(&name, ""))
        .set("name", &name)
        .value("yes")
        .checked(sheet.state.boxes[at].ticked)
        .maybe("aria-describedby", description(sheet, purpose).as_deref())
}

/// Ids of what bears on a box and does not name it. An objection is named by itself: what it is about describes it.
fn description(sheet: &Sheet<'_>, purpose: &Purpose) -> Option<String> {
    let mut ids = String::new();
    for suffix in ["", ".details", ".interest"] {
        let names_the_box = suffix.is_empty() && purpose.control == Control::Checkbox;
        let reference = [&reference(purpose), suffix].concat();
        if names_the_box || sheet.form.text(&reference).is_none() {
            continue;
        }
        if !ids.is_empty() {
            ids.push(' ');
        }
        ids.push_str(&sheet.ids.of(&reference, ""));
    }
    (!ids.is_empty()).then_some(ids)
}

fn small(sheet: &Sheet<'_>, purpose: &Purpose, suffix: &str) -> Option<Markup> {
    described(sheet, purpose, suffix, "candor-details")
}

fn described(sheet: &Sheet<'_>, purpose: &Purpose, suffix: &str, class: &'static str) -> Option<Markup> {
    let reference = [&reference(purpose), suffix].concat();
    Some(said(sheet.form, &reference, "p", class)?.set("id", &sheet.ids.of(&reference, "")))
}

/// The policies of those who would receive data for their own ends.
fn partners(sheet: &Sheet<'_>, purpose: &Purpose, block: Markup) -> Markup {
    block.children(purpose.partners.iter().map(|partner| {
        let words = sheet.form.messages.fill("partner_policy", &[("name", &partner.name)]);
        tag("p", "candor-details").child(outside_link(&partner.policy, &words))
    }))
}

/// The fields that this box brings. A printed form holds them all, and shows them by `:has()`.
fn dependents(sheet: &Sheet<'_>, purpose: &Purpose) -> Option<Markup> {
    let fields = sheet.form.fields.iter().enumerate();
    let mut fields = fields
        .filter(|(_, field)| field.when.as_ref() == Some(&purpose.id))
        .peekable();
    fields.peek()?;
    let is_there = sheet.is_printed || sheet.state.is_ticked(&purpose.id);
    is_there.then(|| tag("div", "candor-dependents").children(fields.map(|(at, _)| field(sheet, at))))
}
