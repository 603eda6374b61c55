//! Everything that can happen to a form, and the pure reducer.
//!
//! One rule above all: only `Click` ticks a box. Whatever else the page, the browser or a script does to a box can at
//! most untick it, and then the box is not trusted any more.

use std::rc::Rc;

use candor_record::term::Control;

use crate::form::field::FieldError;
use crate::form::state::{FormState, Outcome, Phase, Progress, Tick, Verification};

/// What happened.
#[derive(Debug, Clone)]
pub enum Action {
    /// A field has a new value.
    Type {
        field: usize,
        value: String,
    },
    /// A click on a box, by the visitor (`trusted`) or by a script.
    Click {
        purpose: usize,
        ticked: bool,
        trusted: bool,
    },
    /// What the page holds at submit: values that no event told of, and boxes as they look.
    Observe {
        values: Vec<Option<String>>,
        boxes: Vec<Option<bool>>,
    },
    /// There are problems; nothing is sent.
    Refuse(Vec<FieldError>),
    Send(Progress),
    Succeed(Rc<Outcome>),
    Fail {
        message: String,
        errors: Vec<FieldError>,
    },
    /// The visitor asked whether the receipt is genuine, or the answer is there.
    Verify(Verification),
    /// Back to editing with everything as it is: the page cancelled the submission.
    Resume,
    Reset,
}

impl FormState {
    /// The state after something happened. Pure: it dispatches nothing and touches no page.
    #[must_use]
    pub fn reduce(self, action: Action) -> Self {
        let mut next = self;
        match action {
            Action::Type { field, value } => next.type_value(field, value),
            Action::Click {
                purpose,
                ticked,
                trusted,
            } => next.click(purpose, ticked, trusted),
            Action::Observe { values, boxes } => next.observe(values, &boxes),
            Action::Refuse(errors) => {
                next.errors = errors;
                next.refusals += 1;
                next.phase = Phase::Editing;
            }
            Action::Send(progress) => {
                next.errors.clear();
                next.phase = Phase::Sending(progress);
            }
            Action::Succeed(outcome) => {
                // The receipt is on the screen; what was typed has no use here any more.
                next = Self::new(next.form);
                next.phase = Phase::Sent(outcome);
            }
            Action::Fail { message, errors } => {
                next.errors = errors;
                next.refusals += 1;
                next.phase = Phase::Failed(message);
            }
            Action::Verify(verification) => next.verify(verification),
            Action::Resume => next.phase = Phase::Editing,
            Action::Reset => next = Self::new(next.form),
        }
        next
    }

    fn type_value(&mut self, field: usize, value: String) {
        let Some(slot) = self.values.get_mut(field) else { return };
        *slot = value;
        // A message that no longer holds goes at once; a new one waits for the next submit.
        if self.problems().iter().all(|problem| problem.field != field) {
            self.errors.retain(|error| error.field != field);
        }
    }

    fn click(&mut self, purpose: usize, ticked: bool, trusted: bool) {
        let Some(control) = self.form.purposes.get(purpose).map(|purpose| purpose.control) else {
            return;
        };
        if !Self::has_box(control) {
            // The button of a one-purpose form: submitting is the act, and only its trust is kept.
            self.boxes[purpose].trusted = trusted;
            return;
        }
        let before = self.boxes[purpose];
        self.boxes[purpose] = Tick {
            ticked,
            trusted: before.trusted && trusted,
        };
        self.forget_unasked();
    }

    fn observe(&mut self, values: Vec<Option<String>>, boxes: &[Option<bool>]) {
        for (slot, value) in self.values.iter_mut().zip(values) {
            if let Some(value) = value {
                *slot = value;
            }
        }
        for (at, seen) in boxes.iter().enumerate().take(self.boxes.len()) {
            let Some(seen) = *seen else { continue };
            if seen == self.boxes[at].ticked {
                continue;
            }
            // Whoever changed the page behind the form's back ticks nothing. A doubtful objection stands: it only
            // protects.
            let objected = self.form.purposes[at].control == Control::ObjectionCheckbox;
            self.boxes[at] = Tick {
                ticked: objected,
                trusted: false,
            };
        }
        self.forget_unasked();
    }

    /// A value goes when its field goes.
    fn forget_unasked(&mut self) {
        let form = Rc::clone(&self.form);
        for (at, field) in form.fields.iter().enumerate() {
            if !self.is_asked(field) {
                self.values[at].clear();
                self.errors.retain(|error| error.field != at);
            }
        }
    }

    fn verify(&mut self, verification: Verification) {
        let Phase::Sent(outcome) = &self.phase else { return };
        let mut outcome = Outcome::clone(outcome);
        if let Some(seal) = &mut outcome.seal {
            seal.checks = verification;
        }
        self.phase = Phase::Sent(outcome.into());
    }
}
