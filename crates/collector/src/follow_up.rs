//! A submission's own link: the submission alone, as if nothing else were on record of its mailbox, and what can be done
//! about it: withdrawal, objection, one-click. Refuses to look at other submissions: whoever holds this link has shown
//! that it is theirs, not who they are. What needs the mailbox: `confirm.rs`, `act.rs`.

use candor_record::{
    id::PurposeId,
    record::Submission,
    state::Standing,
    term::{Channel, EventKind, Status},
};
use uuid::Uuid;

use crate::{
    act::{append, offer, record},
    app::App,
    http::error::ApiError,
    person::{Person, PersonSubmission},
    store::{ATTEMPTS, Appended, PersonChange},
};

/// A submission with all that followed, as it stands now.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// With exactly one submission, the first record of which is there.
    alone: Person,
}

impl Dossier {
    pub async fn open(app: &App, id: Uuid) -> Result<Option<Self>, ApiError> {
        let Some(alone) = Person::of_submission(app, id).await? else {
            return Ok(None);
        };
        if alone.first(id).is_none() {
            return Err(ApiError::Internal);
        }
        Ok(Some(Self { alone }))
    }

    /// The state, the events and the one submission.
    pub fn person(&self) -> &Person {
        &self.alone
    }

    pub fn lead(&self) -> &PersonSubmission {
        &self.alone.submissions[0]
    }

    pub fn id(&self) -> Uuid {
        self.lead().stored.record.id
    }

    /// The first record of the chain.
    pub fn first(&self) -> &Submission {
        self.alone.first(self.id()).expect("looked for when it was opened")
    }

    /// Where each purpose stands, in the order of the form.
    pub fn standings(&self) -> impl Iterator<Item = (&PurposeId, &Standing)> {
        let processes = self.first().processes.iter();
        processes.filter_map(|process| Some((&process.purpose, self.alone.state.of(&process.purpose)?)))
    }
}

/// What was done on a submission's own page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    Withdraw {
        purpose: String,
    },
    Object {
        purpose: String,
    },
    /// RFC 8058: out of everything that this form mails.
    UnsubscribeAll,
}

/// Records the act; `false` where it changes nothing.
pub async fn act(app: &App, id: Uuid, act: &Act) -> Result<bool, ApiError> {
    for _ in 0..ATTEMPTS {
        let dossier = Dossier::open(app, id).await?.ok_or(ApiError::NotFound)?;
        let person = dossier.person();
        let mut change = PersonChange::of(person.row.id, app.clock.now());
        for (kind, changes) in changes(&dossier, act) {
            append(app, person, Some(id), kind, changes, &mut change)?;
        }
        if change.events.is_empty() {
            return Ok(false);
        }
        change.contact = is_proved(app, &dossier).await?;
        if record(app, change).await? == Appended::New {
            return Ok(true);
        }
    }
    Err(ApiError::Unavailable)
}

/// Whether the chain has taken effect for some purpose. Until then whoever typed the address may be somebody else, and
/// what they press is no contact of the person.
async fn is_proved(app: &App, dossier: &Dossier) -> Result<bool, ApiError> {
    let Some(person) = Person::open(app, dossier.person().row.id).await? else {
        return Ok(false);
    };
    let first = dossier.first();
    let mut purposes = first.processes.iter().map(|process| &process.purpose);
    Ok(purposes.any(|purpose| person.state.in_effect(&first.chain, purpose)))
}

/// The events that an act makes of the present standing, with what each changes.
fn changes(dossier: &Dossier, act: &Act) -> [(EventKind, Vec<(PurposeId, Status)>); 2] {
    let (mut withdrawn, mut objected) = (Vec::new(), Vec::new());
    for (purpose, standing) in dossier.standings() {
        let is = |named: &str| purpose.as_str() == named;
        let (withdraws, objects) = match act {
            Act::Withdraw { purpose } => (is(purpose), false),
            Act::Object { purpose } => (false, is(purpose)),
            Act::UnsubscribeAll => {
                let mailed = standing.channel == Channel::Email;
                (mailed, mailed)
            }
        };
        if withdraws && offer::can_withdraw_alone(standing) {
            withdrawn.push((purpose.clone(), Status::Withdrawn));
        }
        if objects && offer::can_object_alone(standing) {
            objected.push((purpose.clone(), Status::Objected));
        }
    }
    [(EventKind::Withdrawal, withdrawn), (EventKind::Objection, objected)]
}
