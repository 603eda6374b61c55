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

    /// Whether the page holds just what the form knows: then there is nothing to observe, nor to show anew.
    pub fn agrees_with(&self, values: &[Option<String>], boxes: &[Option<bool>]) -> bool {
        let same_value = |(known, seen): (&String, &Option<String>)| seen.as_ref().is_none_or(|seen| seen == known);
        let same_look = |(known, seen): (&Tick, &Option<bool>)| seen.is_none_or(|seen| seen == known.ticked);
        self.values.iter().zip(values).all(same_value) && self.boxes.iter().zip(boxes).all(same_look)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::form;

    fn start() -> FormState {
        FormState::new(Rc::new(form()))
    }

    fn typed(state: FormState, field: usize, value: &str) -> FormState {
        state.reduce(Action::Type {
            field,
            value: value.to_owned(),
        })
    }

    fn clicked(state: FormState, purpose: usize, ticked: bool) -> FormState {
        state.reduce(Action::Click {
            purpose,
            ticked,
            trusted: true,
        })
    }

    fn everything_but_a_click() -> impl Strategy<Value = Action> {
        let text = proptest::option::of(".{0,12}");
        let seen = proptest::option::of(any::<bool>());
        prop_oneof![
            (0..6_usize, ".{0,12}").prop_map(|(field, value)| Action::Type { field, value }),
            (
                proptest::collection::vec(text, 0..6),
                proptest::collection::vec(seen, 0..6)
            )
                .prop_map(|(values, boxes)| Action::Observe { values, boxes }),
            Just(Action::Refuse(vec![FieldError {
                field: 0,
                message: "bad".to_owned()
            }])),
            Just(Action::Send(Progress::Retrying)),
            Just(Action::Fail {
                message: "no".to_owned(),
                errors: Vec::new()
            }),
            Just(Action::Succeed(Rc::new(Outcome::default()))),
            Just(Action::Verify(Verification::Running)),
            Just(Action::Reset),
        ]
    }

    proptest! {
        #[test]
        fn nothing_but_a_click_ticks_a_consent(actions in proptest::collection::vec(everything_but_a_click(), 0..24)) {
            let mut state = start();
            for action in actions {
                state = state.reduce(action);
                for (tick, purpose) in state.boxes.iter().zip(&state.form.purposes) {
                    prop_assert!(!tick.ticked || purpose.control == Control::ObjectionCheckbox);
                }
            }
        }

        #[test]
        fn distrust_stays(later in proptest::collection::vec((any::<bool>(), any::<bool>()), 0..12)) {
            let mut state = start().reduce(Action::Click { purpose: 1, ticked: true, trusted: false });
            for (ticked, trusted) in later {
                state = state.reduce(Action::Click { purpose: 1, ticked, trusted });
                prop_assert!(!state.boxes[1].trusted);
            }
        }
    }

    #[test]
    fn nothing_starts_ticked() {
        assert!(start().boxes.iter().all(|tick| !tick.ticked && tick.trusted));
    }

    #[test]
    fn a_box_that_looks_other_than_it_is_gives_nothing() {
        for (ticked, seen) in [(true, false), (false, true)] {
            let state = clicked(start(), 1, ticked);
            let state = state.reduce(Action::Observe {
                values: Vec::new(),
                boxes: vec![None, Some(seen)],
            });
            assert_eq!(
                state.boxes[1],
                Tick {
                    ticked: false,
                    trusted: false
                },
                "{ticked} {seen}"
            );
        }
    }

    #[test]
    fn a_doubtful_objection_stands() {
        for (ticked, seen) in [(true, false), (false, true)] {
            let state = clicked(start(), 3, ticked);
            let boxes = vec![None, None, None, Some(seen)];
            let state = state.reduce(Action::Observe {
                values: Vec::new(),
                boxes,
            });
            assert_eq!(
                state.boxes[3],
                Tick {
                    ticked: true,
                    trusted: false
                },
                "{ticked} {seen}"
            );
        }
    }

    #[test]
    fn a_field_comes_and_goes_with_its_box() {
        let state = typed(clicked(start(), 2, true), 2, "+33 1 99 00 12 34");
        assert_eq!(state.problems().len(), 1, "only the e-mail address is missing");
        let state = clicked(state, 2, false);
        assert_eq!(state.values[2], "");
        let state = clicked(state, 2, true);
        let missing: Vec<_> = state.problems().into_iter().map(|problem| problem.message).collect();
        assert_eq!(missing, ["No e-mail", "No phone"]);
    }

    #[test]
    fn a_message_goes_when_its_reason_goes() {
        let state = typed(start(), 0, "ada@");
        let problems = state.problems();
        let state = state.reduce(Action::Refuse(problems));
        assert_eq!(state.error(0), Some("Bad e-mail"));
        let state = typed(state, 0, "ada@example");
        assert_eq!(state.error(0), Some("Bad e-mail"));
        let state = typed(state, 0, "ada@example.org");
        assert_eq!(state.error(0), None);
    }

    #[test]
    fn a_refused_submission_loses_nothing() {
        let state = clicked(typed(start(), 0, "ada@example.org"), 1, true);
        let sent = state.clone().reduce(Action::Send(Progress::First));
        let failed = sent.reduce(Action::Fail {
            message: "no".to_owned(),
            errors: Vec::new(),
        });
        assert_eq!(
            (failed.values.clone(), failed.boxes.clone()),
            (state.values, state.boxes)
        );
        assert_eq!(failed.phase, Phase::Failed("no".to_owned()));
    }
}
