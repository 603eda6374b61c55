//! One field: its label, its hint, what is wrong with it, its control.
//!
//! Marks such as "(optional)" stand outside the element that carries the reference: they are not part of the text.

use yew::AttrValue;

use crate::compiled::{Field, FieldKind};
use crate::text::digits;
use crate::view::markup::{Markup, paragraph, tag};
use crate::view::sheet::Sheet;

/// What the parts of one field share.
struct Place<'a> {
    field: &'a Field,
    id: AttrValue,
    reference: String,
    value: &'a str,
    hint: Option<&'a str>,
    error: Option<&'a str>,
    /// Ids of hint and error, for `aria-describedby`.
    described_by: Option<String>,
    required: bool,
}

pub fn field(sheet: &Sheet<'_>, at: usize) -> Markup {
    let field = &sheet.form.fields[at];
    let reference = ["field.", &field.id].concat();
    let hint = sheet.form.text(&[&reference, ".hint"].concat());
    let error = sheet.state.error(at);
    let (hint_id, error_id) = (sheet.ids.of(&field.id, "-hint"), sheet.ids.of(&field.id, "-error"));
    let described_by = match (hint, error) {
        (None, None) => None,
        (Some(_), None) => Some(hint_id.as_str().to_owned()),
        (None, Some(_)) => Some(error_id.as_str().to_owned()),
        (Some(_), Some(_)) => Some([&hint_id, " ", &error_id].concat()),
    };
    let place = Place {
        id: sheet.ids.of(&field.id, ""),
        value: &sheet.state.values[at],
        reference,
        hint,
        error,
        described_by,
        // A printed form shows a conditional field by CSS: `required` there would block the submit silently.
        required: field.required && !(sheet.is_printed && field.when.is_some()),
        field,
    };
    match field.kind {
        FieldKind::Hidden => tag("input", "")
            .word("type", "hidden")
            .set("name", &field.id)
            .value(place.value),
        FieldKind::Radio => group(sheet, &place),
        _ => {
            let label = tag("label", "candor-label").part("label").set("for", &place.id);
            let whole = tag("div", "candor-field")
                .part("field")
                .child(words(sheet, &place, label));
            notes(sheet, &place, whole).child(control(sheet, &place))
        }
    }
}

/// Radio buttons share one question: a group with a legend.
fn group(sheet: &Sheet<'_>, place: &Place<'_>) -> Markup {
    let options = place.field.options.iter().enumerate().map(|(at, option)| {
        let suffix = if at == 0 {
            String::new()
        } else {
            ["-", &digits(at as u32)].concat()
        };
        let id = sheet.ids.of(&place.field.id, &suffix);
        let button = tag("input", "")
            .word("type", "radio")
            .set("id", &id)
            .set("name", &place.field.id)
            .value(&option.value)
            .checked(place.value == option.value)
            .flag("required", place.required);
        tag("div", "candor-option")
            .child(button)
            .child(tag("label", "").set("for", &id).text(&option.label))
    });
    let legend = tag("legend", "candor-label").part("label");
    // A plain group cannot be invalid.
    let whole = tag("fieldset", "candor-field")
        .part("field")
        .word("role", "radiogroup")
        .maybe("aria-invalid", place.error.map(|_| "true"))
        .maybe("aria-describedby", place.described_by.as_deref())
        .child(words(sheet, place, legend));
    notes(sheet, place, whole).children(options)
}

fn words(sheet: &Sheet<'_>, place: &Place<'_>, label: Markup) -> Markup {
    let text = tag("span", "")
        .says(&place.reference)
        .text(sheet.form.label(place.field));
    let mark = [" ", sheet.form.messages.say("optional")].concat();
    let mark = (!place.field.required).then(|| tag("span", "candor-mark").text(&mark));
    label.child(text).option(mark)
}

fn notes(sheet: &Sheet<'_>, place: &Place<'_>, whole: Markup) -> Markup {
    let id = |suffix| sheet.ids.of(&place.field.id, suffix);
    let hint = place.hint.map(|hint| {
        paragraph("candor-hint", hint)
            .set("id", &id("-hint"))
            .says(&[&place.reference, ".hint"].concat())
    });
    let error = place
        .error
        .map(|error| paragraph("candor-error", error).part("error").set("id", &id("-error")));
    whole.option(hint).option(error)
}

fn control(sheet: &Sheet<'_>, place: &Place<'_>) -> Markup {
    let field = place.field;
    let is_list = !field.options.is_empty();
    let name = match field.kind {
        FieldKind::LongText => "textarea",
        _ if is_list => "select",
        _ => "input",
    };
    let traits = field.kind.traits();
    let control = tag(name, "candor-input")
        .part("input")
        .set("id", &place.id)
        .set("name", &field.id)
        .flag("required", place.required)
        .maybe("aria-invalid", place.error.map(|_| "true"))
        .maybe("aria-describedby", place.described_by.as_deref())
        .word("autocomplete", traits.autocomplete);
    if is_list {
        return control.children(options(sheet, place));
    }
    let control = control
        .value(place.value)
        // While it is being sent, the form holds still.
        .flag("readonly", sheet.state.is_sending())
        .set("maxlength", &digits(field.longest()));
    if field.kind == FieldKind::LongText {
        return control.word("rows", "4");
    }
    let control = control
        .word("type", traits.input_type)
        .word("inputmode", traits.input_type)
        .word("enterkeyhint", "next");
    if traits.prose {
        control
    } else {
        control.word("autocapitalize", "none").word("spellcheck", "false")
    }
}

fn options<'a>(sheet: &'a Sheet<'_>, place: &'a Place<'_>) -> impl Iterator<Item = Markup> {
    let option = |value: &str, label: &str| {
        tag("option", "")
            .set("value", value)
            .flag("selected", place.value == value)
            .text(label)
    };
    let first = option("", sheet.form.messages.say("choose"));
    std::iter::once(first).chain(place.field.options.iter().map(move |it| option(&it.value, &it.label)))
}
