//! What was shown and chosen → what the record says of each purpose, and which values may leave the page.
//!
//! Pure. It refuses to call anybody informed who was not: `given` needs the statement, the controller, the policy and
//! the withdrawal sentence on the screen (record.md §4). Next: `record`, which writes it down and signs it.

use candor_record::term::{Basis, Control, Status};

use crate::compiled::CompiledForm;
use crate::form::state::{Choice, FormState, Tick};

/// What the record says of one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    pub status: Status,
    pub control: Control,
    pub trusted: bool,
}

/// One text as the page displayed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub reference: String,
    /// The two as the record spells them.
    pub spelled: String,
}

/// The answers, one per purpose, in the order of the form.
pub fn answers(state: &FormState, shown: &[Shown]) -> Vec<Answer> {
    let saw = |reference: &str| shown.iter().any(|text| text.reference == reference);
    let layer = saw("controller") && saw("policy") && saw("withdrawal");
    let mut answers = Vec::new();
    for (purpose, tick) in state.form.purposes.iter().zip(&state.boxes) {
        let statement = ["purpose.", &purpose.id].concat();
        let read = Read {
            statement: saw(&statement),
            objection: saw(&[&statement, ".objection"].concat()),
            first_layer: layer,
        };
        answers.push(Answer {
            status: status(purpose.basis, purpose.control, *tick, read),
            control: purpose.control,
            trusted: purpose.control == Control::None || tick.trusted,
        });
    }
    answers
}

/// What was on the screen of one purpose.
#[derive(Clone, Copy)]
struct Read {
    statement: bool,
    objection: bool,
    first_layer: bool,
}

fn status(basis: Basis, control: Control, tick: Tick, read: Read) -> Status {
    if !read.statement {
        // An objection holds however little was on the screen: it only protects.
        return if basis.has_objection() && tick.ticked {
            Status::Objected
        } else {
            Status::NotShown
        };
    }
    if basis.is_consent() {
        let acted = tick.ticked || control == Control::Submit;
        return if acted && read.first_layer {
            Status::Given
        } else {
            Status::NotGiven
        };
    }
    match (basis.has_objection(), tick.ticked, read.objection) {
        (true, true, _) => Status::Objected,
        (true, false, false) => Status::NotShown,
        (true, false, true) | (false, _, _) => Status::Informed,
    }
}

/// One value that may leave the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Index in `CompiledForm::fields`.
    pub field: usize,
    pub value: String,
}

/// The values that may leave the page: asked for, filled in, and wanted by a purpose that was not left out.
pub fn values(state: &FormState, answers: &[Answer]) -> Vec<Value> {
    let form = &*state.form;
    let wanted = |purposes: &[String]| purposes.iter().any(|purpose| permits(form, answers, purpose));
    let mut values = Vec::new();
    for (at, field) in form.fields.iter().enumerate() {
        let value = field.bare(&state.values[at]);
        if !value.is_empty() && state.is_asked(field) && wanted(&field.purposes) {
            values.push(Value { field: at, value });
        }
    }
    values
}

/// Whether this purpose may use data, by the answers.
pub fn permits(form: &CompiledForm, answers: &[Answer], purpose: &str) -> bool {
    let at = form.purposes.iter().position(|candidate| candidate.id == purpose);
    at.and_then(|at| answers.get(at))
        .is_some_and(|answer| answer.status.permits_data())
}

/// The lines of the receipt: every purpose with a choice, each with its own words, none louder than another.
pub fn choices(form: &CompiledForm, answers: &[Answer], pending: bool, held: &[String]) -> Vec<Choice> {
    let purposes = form.purposes.iter().zip(answers);
    purposes
        .filter(|(purpose, _)| purpose.control != Control::None)
        .map(|(purpose, answer)| Choice {
            statement: form
                .text(&["purpose.", &purpose.id].concat())
                .unwrap_or_default()
                .to_owned(),
            status: match answer.status {
                Status::Given if held.contains(&purpose.id) => "status_held",
                Status::Given if pending => "status_pending",
                Status::Given => "status_given",
                Status::NotGiven => "status_not_given",
                Status::Informed => "status_informed",
                Status::Objected => "status_objected",
                // A form says nothing else: what was withdrawn or expired is said by later events.
                _ => "status_not_shown",
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::form::action::Action;
    use crate::testing::{form, one_purpose_form};

    const LAYER: [&str; 3] = ["controller", "policy", "withdrawal"];

    fn shown(references: &[&str]) -> Vec<Shown> {
        references
            .iter()
            .map(|reference| Shown {
                reference: (*reference).to_owned(),
                spelled: "{}".to_owned(),
            })
            .collect()
    }

    fn click(state: FormState, purpose: usize) -> FormState {
        state.reduce(Action::Click {
            purpose,
            ticked: true,
            trusted: true,
        })
    }

    #[test]
    fn nobody_consents_uninformed() {
        // Purpose 1 of the form is a consent, `newsletter`.
        for (ticked, references, expected) in [
            (
                true,
                &["purpose.newsletter", "controller", "policy", "withdrawal"][..],
                Status::Given,
            ),
            (true, &["purpose.newsletter", "controller", "policy"], Status::NotGiven),
            (
                true,
                &["purpose.newsletter", "controller", "withdrawal"],
                Status::NotGiven,
            ),
            (true, &["purpose.newsletter", "policy", "withdrawal"], Status::NotGiven),
            (true, &["controller", "policy", "withdrawal"], Status::NotShown),
            (
                false,
                &["purpose.newsletter", "controller", "policy", "withdrawal"],
                Status::NotGiven,
            ),
            (false, &[], Status::NotShown),
        ] {
            let mut state = FormState::new(Rc::new(form()));
            if ticked {
                state = click(state, 1);
            }
            assert_eq!(
                answers(&state, &shown(references))[1].status,
                expected,
                "{ticked} {references:?}"
            );
        }
    }

    #[test]
    fn an_objection_holds_and_silence_needs_the_box() {
        // Purpose 3 of the form is a legitimate interest, `offers`.
        for (ticked, references, expected) in [
            (
                false,
                &["purpose.offers", "purpose.offers.objection"][..],
                Status::Informed,
            ),
            (false, &["purpose.offers"], Status::NotShown),
            (false, &["purpose.offers.objection"], Status::NotShown),
            (true, &["purpose.offers", "purpose.offers.objection"], Status::Objected),
            (true, &[], Status::Objected),
        ] {
            let mut state = FormState::new(Rc::new(form()));
            if ticked {
                state = click(state, 3);
            }
            assert_eq!(
                answers(&state, &shown(references))[3].status,
                expected,
                "{ticked} {references:?}"
            );
        }
    }

    #[test]
    fn submitting_a_one_purpose_form_is_the_act() {
        let state = FormState::new(Rc::new(one_purpose_form()));
        let references: Vec<_> = LAYER.iter().copied().chain(["purpose.newsletter"]).collect();
        let scripted = state.clone().reduce(Action::Click {
            purpose: 0,
            ticked: false,
            trusted: false,
        });
        for (state, trusted) in [(state, true), (scripted, false)] {
            let answer = answers(&state, &shown(&references))[0];
            assert_eq!((answer.status, answer.trusted), (Status::Given, trusted));
            assert_eq!(answers(&state, &shown(&LAYER))[0].status, Status::NotShown);
        }
    }

    #[test]
    fn a_value_leaves_the_page_only_for_a_purpose_that_may_have_it() {
        let all: Vec<_> = form().texts.iter().map(|text| text.reference.clone()).collect();
        let all: Vec<_> = all.iter().map(String::as_str).collect();
        for (ticks, expected) in [
            // `role` serves `offers` only, which nobody objected to; `phone` stands under `call`.
            (&[][..], &["email", "role"][..]),
            (&[3], &["email"]),
            (&[2], &["email", "phone", "role"]),
            (&[2, 3], &["email", "phone"]),
        ] {
            let mut state = FormState::new(Rc::new(form()));
            for purpose in ticks {
                state = click(state, *purpose);
            }
            for (field, value) in ["ada@example.org", "Ada", "+33 1 99 00 12 34", " CTO "]
                .into_iter()
                .enumerate()
            {
                if state.is_asked(&state.form.fields[field]) && field != 1 {
                    state = state.reduce(Action::Type {
                        field,
                        value: value.to_owned(),
                    });
                }
            }
            let answers = answers(&state, &shown(&all));
            let sent = values(&state, &answers);
            let sent: Vec<_> = sent
                .iter()
                .map(|value| state.form.fields[value.field].id.as_str())
                .collect();
            assert_eq!(sent, expected, "{ticks:?}");
        }
    }
}
