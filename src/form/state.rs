//! The state of one form: what was typed, what was ticked and by whom, and how far the submission is.
//!
//! A box is ticked by `Action::Click` alone (see `action`): no constructor here takes a tick.

use std::rc::Rc;

use candor_record::term::Control;

use crate::compiled::{CompiledForm, Field};
use crate::form::field::{FieldError, problem};

/// Everything the views show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormState {
    pub form: Rc<CompiledForm>,
    /// What was typed, one value per field of the form.
    pub values: Vec<String>,
    /// One per purpose of the form; those without a box stay unticked.
    pub boxes: Vec<Tick>,
    pub errors: Vec<FieldError>,
    /// Counts the refusals, so that the summary takes the focus anew at each.
    pub refusals: u32,
    pub phase: Phase,
}

/// The state of one box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    pub ticked: bool,
    /// False for good once anything but a click of the visitor has changed the box.
    pub trusted: bool,
}

/// How far the submission is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    Editing,
    Sending(Progress),
    /// The submission was refused; the form can be changed and sent again.
    Failed(String),
    Sent(Rc<Outcome>),
}

/// How the sending goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    First,
    /// The network lost it; it is sent again by itself.
    Retrying,
    /// It was lost several times: a button sends at once.
    Waiting,
    /// The collector answered several times that it cannot: the connection is not to blame.
    Failing,
    /// The collector has too much to do just now.
    Limited,
}

impl Progress {
    /// The key of the words for it.
    pub fn key(self) -> &'static str {
        match self {
            Self::First => "sending",
            Self::Retrying => "retrying",
            Self::Waiting => "failed_network",
            Self::Failing => "failed_server",
            Self::Limited => "failed_limit",
        }
    }

    /// The one that has this key.
    pub fn from_key(key: &str) -> Option<Self> {
        let all = [Self::First, Self::Retrying, Self::Waiting, Self::Failing, Self::Limited];
        all.into_iter().find(|progress| progress.key() == key)
    }

    /// Whether a button offers to send at once.
    pub fn offers_retry(self) -> bool {
        matches!(self, Self::Waiting | Self::Failing | Self::Limited)
    }
}

/// What came of the submission.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// One line per purpose with a choice, in the form's order.
    pub choices: Vec<Choice>,
    pub next: Next,
    /// Nothing takes effect before it is confirmed.
    pub pending: bool,
    /// Absent where no collector sealed anything.
    pub seal: Option<Seal>,
    pub manage: Option<String>,
    pub download: Option<String>,
}

/// A purpose in its own words, with the key of the words for its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub statement: String,
    pub status: &'static str,
}

/// What happens now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Next {
    Confirm,
    Email,
    Screen,
    #[default]
    Recorded,
}

/// The sealed receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    pub record: String,
    /// Local date and time of the seal.
    pub time: String,
    /// The first twelve hexadecimal digits of the payload's SHA-256, to be read aloud.
    pub digest: String,
    /// A blob of this document: the receipt as a file.
    pub file: String,
    pub checks: Verification,
}

/// The state of the visitor's own verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verification {
    NotAsked,
    Running,
    /// Keys of messages, with whether each is good news.
    Done(Vec<(String, bool)>),
}

impl FormState {
    pub fn new(form: Rc<CompiledForm>) -> Self {
        Self {
            values: vec![String::new(); form.fields.len()],
            boxes: vec![
                Tick {
                    ticked: false,
                    trusted: true
                };
                form.purposes.len()
            ],
            form,
            errors: Vec::new(),
            refusals: 0,
            phase: Phase::Editing,
        }
    }

    /// Whether the box of this purpose is ticked.
    pub fn is_ticked(&self, purpose: &str) -> bool {
        let at = self.form.purposes.iter().position(|candidate| candidate.id == purpose);
        at.is_some_and(|at| self.boxes[at].ticked)
    }

    /// Whether the field is on the page: a dependent one is there while its box is ticked.
    pub fn is_asked(&self, field: &Field) -> bool {
        let wants = |id: &String| {
            self.form
                .purpose(id)
                .is_none_or(|purpose| !self.form.withholds(purpose))
        };
        field.purposes.iter().any(wants) && field.when.as_deref().is_none_or(|purpose| self.is_ticked(purpose))
    }

    /// The purposes that have a box.
    pub fn has_box(control: Control) -> bool {
        matches!(control, Control::Checkbox | Control::ObjectionCheckbox)
    }

    /// Everything that is wrong with what was typed, in the order of the page.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        for at in self.reading_order() {
            let field = &self.form.fields[at];
            if let Some(message) = problem(&self.form, field, &self.values[at]).filter(|_| self.is_asked(field)) {
                problems.push(FieldError { field: at, message });
            }
        }
        problems
    }

    /// Fields that depend on a box stand after those that do not, in the order of the boxes.
    fn reading_order(&self) -> Vec<usize> {
        let fields = &self.form.fields;
        let free = (0..fields.len()).filter(|at| fields[*at].when.is_none());
        let mut order: Vec<_> = free.collect();
        for purpose in &self.form.purposes {
            order.extend((0..fields.len()).filter(|at| fields[*at].when.as_ref() == Some(&purpose.id)));
        }
        order
    }

    pub fn error(&self, field: usize) -> Option<&str> {
        self.errors
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    pub fn is_sending(&self) -> bool {
        matches!(self.phase, Phase::Sending(_))
    }
}
