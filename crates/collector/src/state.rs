//! The state of each purpose of one submission, derived from its chain; stored nowhere (record.md §6).
//! Refuses to look at other submissions of the mailbox: whoever holds this link has shown that it is theirs, not who they are.

use candor_record::{
    record::Record,
    term::{Basis, Status},
};

use crate::published::PublishedForm;

/// Where a purpose stands, for this submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurposeState {
    Given,
    /// Given, and waits for the confirmation.
    Pending,
    /// Given to altered words or by a script: waits for the confirmation in the published words.
    Held,
    NotGiven,
    Informed,
    Objected,
    Withdrawn,
    NotShown,
    Ended,
}

impl PurposeState {
    /// The key of its words in the catalog.
    pub fn key(self) -> &'static str {
        match self {
            Self::Given => "state_given",
            Self::Pending => "state_pending",
            Self::Held => "state_held",
            Self::NotGiven => "state_not_given",
            Self::Informed => "state_informed",
            Self::Objected => "state_objected",
            Self::Withdrawn => "state_withdrawn",
            Self::NotShown => "state_not_shown",
            Self::Ended => "state_ended",
        }
    }

    pub fn waits(self) -> bool {
        matches!(self, Self::Pending | Self::Held)
    }

    /// Whether a consent is there to be taken back.
    pub fn can_withdraw(self) -> bool {
        matches!(self, Self::Given | Self::Pending | Self::Held)
    }
}

/// A purpose and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeStanding {
    pub purpose: String,
    pub basis: Basis,
    pub state: PurposeState,
}

impl PurposeStanding {
    /// Whether there is something to object to.
    pub fn can_object(&self) -> bool {
        self.basis.has_objection() && self.state == PurposeState::Informed
    }

    pub fn can_withdraw(&self) -> bool {
        self.basis.is_consent() && self.state.can_withdraw()
    }
}

/// Derives the standing of every purpose from the records of a chain, in the order of their receipt.
pub fn standings(form: &PublishedForm, held: &[String], chain: &[Record]) -> Vec<PurposeStanding> {
    let Some((Record::Submission(submission), later)) = chain.split_first() else {
        return Vec::new();
    };
    let mut standings: Vec<PurposeStanding> = submission
        .processes
        .iter()
        .map(|process| {
            let purpose = process.purpose.as_str().to_owned();
            let is_held = held.contains(&purpose);
            let state = first_state(process.status, is_held, form.double_opt_in());
            PurposeStanding {
                purpose,
                basis: process.basis,
                state,
            }
        })
        .collect();
    for (purpose, status) in later.iter().flat_map(Record::statuses) {
        if let Some(standing) = standings
            .iter_mut()
            .find(|standing| standing.purpose == purpose.as_str())
        {
            standing.state = later_state(status);
        }
    }
    standings
}

fn first_state(status: Status, held: bool, double_opt_in: bool) -> PurposeState {
    match status {
        Status::Given if held => PurposeState::Held,
        Status::Given if double_opt_in => PurposeState::Pending,
        Status::Given => PurposeState::Given,
        Status::Informed => PurposeState::Informed,
        Status::Objected => PurposeState::Objected,
        Status::NotShown => PurposeState::NotShown,
        _ => PurposeState::NotGiven,
    }
}

fn later_state(status: Status) -> PurposeState {
    match status {
        Status::Given | Status::Renewed => PurposeState::Given,
        Status::Withdrawn => PurposeState::Withdrawn,
        Status::Objected => PurposeState::Objected,
        Status::Informed => PurposeState::Informed,
        _ => PurposeState::Ended,
    }
}
