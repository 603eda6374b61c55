//! One field: its label, its hint, what is wrong with it, its control.
//!
//! Marks such as "(optional)" stand outside the element that carries the reference: they are not part of the text.

use yew::prelude::*;

use crate::compiled::{Field, FieldKind};
use crate::view::sheet::Sheet;
use crate::view::{attr, said};

/// What the parts of one field share.
struct Place<'a> {
    field: &'a Field,
    id: AttrValue,
    reference: AttrValue,
    label: AttrValue,
    value: AttrValue,
    hint: Option<AttrValue>,
    error: Option<AttrValue>,
    /// Ids of hint and error, for `aria-describedby`.
    described_by: Option<AttrValue>,
    required: bool,
    /// While it is being sent, the form holds still.
    still: bool,
}

pub fn field(sheet: &Sheet<'_>, at: usize) -> Html {
    let field = &sheet.form.fields[at];
    let reference = ["field.", &field.id].concat();
    let hint = said(sheet.form, &[&reference, ".hint"].concat());
    let error = sheet.state.error(at).map(attr);
    let described = [hint.as_ref().map(|_| "-hint"), error.as_ref().map(|_| "-error")];
    let described: Vec<_> = described
        .iter()
        .flatten()
        .map(|suffix| sheet.ids.of(&field.id, suffix).to_string())
        .collect();
    let place = Place {
        id: sheet.ids.of(&field.id, ""),
        label: attr(sheet.form.label(field)),
        value: attr(&sheet.state.values[at]),
        reference: reference.into(),
        hint,
        error,
        described_by: (!described.is_empty()).then(|| described.join(" ").into()),
        // A printed form shows a conditional field by CSS: `required` there would block the submit silently.
        required: field.required && !(sheet.is_printed() && field.when.is_some()),
        still: sheet.state.is_sending(),
        field,
    };
    match field.kind {
        FieldKind::Hidden => html! { <input type="hidden" name={attr(&field.id)} value={place.value} /> },
        FieldKind::Radio => group(sheet, &place),
        _ => labelled(sheet, &place),
    }
}

fn labelled(sheet: &Sheet<'_>, place: &Place<'_>) -> Html {
    html! {
        <div class="candor-field" part="field">
            <label class="candor-label" part="label" for={place.id.clone()}>{ words(sheet, place) }</label>
            { notes(sheet, place) }
            { control(sheet, place) }
        </div>
    }
}

/// Radio buttons share one question: a group with a legend.
fn group(sheet: &Sheet<'_>, place: &Place<'_>) -> Html {
    let option = |(at, option): (usize, &crate::compiled::FieldOption)| {
        let suffix = if at == 0 {
            String::new()
        } else {
            ["-", &at.to_string()].concat()
        };
        let id = sheet.ids.of(&place.field.id, &suffix);
        html! {
            <div class="candor-option">
                <input type="radio" id={id.clone()} name={attr(&place.field.id)} value={attr(&option.value)}
                    checked={place.value == option.value.as_str()} required={place.required}
                    aria-describedby={place.described_by.clone()} />
                <label for={id}>{ attr(&option.label) }</label>
            </div>
        }
    };
    html! {
        <fieldset class="candor-field candor-radios" part="field">
            <legend class="candor-label" part="label">{ words(sheet, place) }</legend>
            { notes(sheet, place) }
            { for place.field.options.iter().enumerate().map(option) }
        </fieldset>
    }
}

fn words(sheet: &Sheet<'_>, place: &Place<'_>) -> Html {
    html! {
        <>
            <span data-candor-ref={place.reference.clone()}>{ place.label.clone() }</span>
            if !place.field.required {
                <span class="candor-mark">{ attr(&[" ", sheet.form.messages.say("optional")].concat()) }</span>
            }
        </>
    }
}

fn notes(sheet: &Sheet<'_>, place: &Place<'_>) -> Html {
    let id = &place.field.id;
    html! {
        <>
            if let Some(hint) = &place.hint {
                <p class="candor-hint" id={sheet.ids.of(id, "-hint")}
                    data-candor-ref={[place.reference.as_str(), ".hint"].concat()}>{ hint.clone() }</p>
            }
            if let Some(error) = &place.error {
                <p class="candor-error" part="error" id={sheet.ids.of(id, "-error")}>{ error.clone() }</p>
            }
        </>
    }
}

fn control(sheet: &Sheet<'_>, place: &Place<'_>) -> Html {
    let field = place.field;
    let traits = field.kind.traits();
    let name = attr(&field.id);
    let longest: AttrValue = field.longest().to_string().into();
    let invalid = place.error.is_some().then_some("true");
    let (id, value, described_by) = (place.id.clone(), place.value.clone(), place.described_by.clone());
    match field.kind {
        FieldKind::LongText => html! {
            <textarea class="candor-input" part="input" rows="4" {id} {name} {value} required={place.required}
                readonly={place.still} maxlength={longest} autocomplete="off" aria-invalid={invalid}
                aria-describedby={described_by} />
        },
        FieldKind::Select => html! {
            <select class="candor-input" part="input" {id} {name} required={place.required} aria-invalid={invalid}
                aria-describedby={described_by}>
                <option value="" selected={value.is_empty()}>{ attr(sheet.form.messages.say("choose")) }</option>
                { for field.options.iter().map(|option| html! {
                    <option value={attr(&option.value)} selected={value == option.value.as_str()}>
                        { attr(&option.label) }
                    </option>
                }) }
            </select>
        },
        _ => html! {
            <input class="candor-input" part="input" type={traits.input_type} {id} {name} {value}
                required={place.required} readonly={place.still} maxlength={longest}
                autocomplete={traits.autocomplete} inputmode={traits.input_mode} enterkeyhint="next"
                autocapitalize={(!traits.prose).then_some("none")} spellcheck={(!traits.prose).then_some("false")}
                aria-invalid={invalid} aria-describedby={described_by} />
        },
    }
}
