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
    pub text: String,
}

/// The answers, one per purpose, in the order of the form.
pub fn answers(state: &FormState, shown: &[Shown]) -> Vec<Answer> {
    let saw = |reference: &str| shown.iter().any(|text| text.reference == reference);
    let layer = saw("controller") && saw("policy") && saw("withdrawal");
    let purposes = state.form.purposes.iter().zip(&state.boxes);
    purposes
        .map(|(purpose, tick)| {
            let statement = ["purpose.", &purpose.id].concat();
            let read = Read {
                statement: saw(&statement),
                objection: saw(&[&statement, ".objection"].concat()),
                first_layer: layer,
            };
            let trusted = purpose.control == Control::None || tick.trusted;
            Answer {
                status: status(purpose.basis, purpose.control, *tick, read),
                control: purpose.control,
                trusted,
            }
        })
        .collect()
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
    let fields = form.fields.iter().enumerate();
    fields
        .filter(|(_, field)| state.is_asked(field) && wanted(&field.purposes))
        .map(|(at, _)| Value {
            field: at,
            value: state.values[at].trim().to_owned(),
        })
        .filter(|value| !value.value.is_empty())
        .collect()
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
