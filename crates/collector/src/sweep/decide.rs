//! One person: reads what is on record, plans, and goes on in memory until nothing more is due, so that everything that
//! time asks for becomes one change. Refuses to write: a rehearsal decides by the same code.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use candor_record::{
    id::PurposeId,
    term::{Actor, EventKind, Status},
};
use jiff::{Span, Timestamp};
use uuid::Uuid;

use super::{Report, change_of};
use crate::{
    app::App,
    erase,
    event::{EventDraft, make},
    http::error::ApiError,
    lifecycle::{Action, Notice, Reason, plan},
    links::LinkKind,
    person::{Person, PersonEvent},
    published::{OnSilence, PublishedForm, after},
    store::{
        Appended, DuePerson, Later, MailKind, NewLetter, NewRecord, PastLetter, Resealed, Seen, StoredRecord,
        SuppressionKey,
    },
    values::ValueError,
};

mod fields;
mod open;

use self::open::Open;

/// What is to be done about a person.
#[derive(Debug)]
pub struct Decision {
    pub person: Uuid,
    pub seen: Seen,
    /// When to look next.
    pub due: Timestamp,
    pub events: Vec<NewRecord>,
    pub letters: Vec<NewLetter>,
    /// Until when a link to the choices lives, where one is mailed.
    pub link_until: Option<Timestamp>,
    pub erase: Vec<(Uuid, Reason)>,
    /// Without the fields whose purposes are over.
    pub values: Vec<Resealed>,
    /// Numbers among them that the person refused.
    pub suppress: Vec<SuppressionKey>,
    pub report: Report,
}

/// Why nothing was decided.
#[derive(Debug)]
pub enum Undecided {
    /// Something was written while the person was read; they are due again.
    Moved,
    Unreadable(Later),
}

/// Longer than any person's leads can take: an end to what would be a mistake here.
const MOST_STEPS: usize = 100;

/// Who says nothing to a paused consent can still renew it for so long.
const PAUSED_LINK_DAYS: i32 = 30;

type Forms = HashMap<String, Arc<PublishedForm>>;

/// Decides.
pub fn decide(app: &App, forms: &Forms, person: DuePerson, now: Timestamp) -> Result<Decision, Undecided> {
    let later = Later {
        person: person.id,
        seen: person.seen,
        due: now,
    };
    let mut open = Open::read(forms, person).ok_or(Undecided::Unreadable(later))?;
    let firsts = open.firsts();
    if open.leads.iter().any(|lead| !firsts.contains_key(&lead.chain)) {
        return Err(Undecided::Moved);
    }
    let mut decision = Decision {
        person: later.person,
        seen: later.seen,
        due: Timestamp::MAX,
        events: Vec::new(),
        letters: Vec::new(),
        link_until: None,
        erase: Vec::new(),
        values: Vec::new(),
        suppress: Vec::new(),
        report: Report::at(now),
    };
    for _ in 0..MOST_STEPS {
        let plan = plan(&open.life(), now);
        decision.due = plan.next.unwrap_or(Timestamp::MAX);
        if plan.actions.is_empty() {
            let state = OnceCell::new();
            for (chain, fields) in &plan.idle {
                let dropped = decision.drop_fields(app, (&open, &state), *chain, fields);
                dropped.map_err(|error| match error {
                    // Sealed anew since they were read: they are still due.
                    ValueError::KeyMissing(_) => Undecided::Moved,
                    ValueError::Unreadable => Undecided::Unreadable(later),
                })?;
            }
            return Ok(decision);
        }
        let mut gone = HashSet::new();
        for action in plan.actions {
            if let Action::Erase { chain, .. } = &action {
                gone.insert(*chain);
            }
            let taken = decision.take(app, &mut open, action, now);
            taken.map_err(|_| Undecided::Unreadable(later))?;
        }
        open.forget(&gone);
    }
    Err(Undecided::Unreadable(later))
}

impl Decision {
    /// Nothing but the next date.
    pub fn is_quiet(&self) -> bool {
        self.events.is_empty() && self.letters.is_empty() && self.erase.is_empty() && self.values.is_empty()
    }

    pub fn later(&self) -> Later {
        Later {
            person: self.person,
            seen: self.seen,
            due: self.due,
        }
    }

    fn take(&mut self, app: &App, open: &mut Open, action: Action, now: Timestamp) -> Result<(), ApiError> {
        match action {
            Action::Remind(notices) => self.remind(open, &notices, now),
            Action::Ask {
                chain,
                purposes,
                deletion,
            } => {
                let cause = format!("retention:{}:{}", self.person, deletion.as_millisecond());
                let purposes = purposes.iter().map(ToString::to_string).collect();
                self.report.asked(open.form(chain)?);
                self.write(open, MailKind::Retention, purposes, cause, deletion, now);
            }
            Action::Expire { chain, purposes } => self.expire(app, open, chain, purposes)?,
            Action::Erase { chain, reason } => {
                self.report.erased(open.form(chain)?, reason);
                self.erase.push((chain, reason));
            }
        }
        Ok(())
    }

    fn remind(&mut self, open: &mut Open, notices: &[Notice], now: Timestamp) {
        let Some(first) = notices.first() else { return };
        let cause = format!(
            "renewal:{}:{}:{}:{}",
            self.person,
            first.purpose,
            first.until.as_millisecond(),
            first.days
        );
        let link_until = |notice: &Notice| match notice.on_silence {
            OnSilence::Expire => notice.until,
            OnSilence::Pause | OnSilence::Keep => after(notice.until, Span::new().days(PAUSED_LINK_DAYS)),
        };
        let until = notices.iter().map(link_until).max().unwrap_or(now);
        for notice in notices {
            if let Ok(form) = open.form(notice.chain) {
                self.report.noticed(form, &notice.purpose, notice.days);
            }
        }
        let purposes = notices.iter().map(|notice| notice.purpose.to_string()).collect();
        self.write(open, MailKind::Renewal, purposes, cause, until, now);
    }

    fn write(
        &mut self,
        open: &mut Open,
        kind: MailKind,
        purposes: Vec<String>,
        cause: String,
        link_until: Timestamp,
        now: Timestamp,
    ) {
        open.letters.push(PastLetter {
            kind,
            purposes: purposes.clone(),
            at: now,
        });
        self.link_until = self.link_until.max(Some(link_until));
        self.report.letters_queued += 1;
        self.letters.push(NewLetter {
            kind,
            person: self.person,
            record: None,
            purposes,
            dedupe: Some(cause),
        });
    }

    fn expire(&mut self, app: &App, open: &mut Open, chain: Uuid, purposes: Vec<PurposeId>) -> Result<(), ApiError> {
        let form = open.form(chain)?;
        for purpose in &purposes {
            self.report.expired(form, purpose);
        }
        let last = open.events.iter().rev().find(|event| event.stored.chain == chain);
        let new = make(
            app,
            &EventDraft {
                first: open.first(chain).ok_or(ApiError::Internal)?,
                form,
                replaces: last.ok_or(ApiError::Internal)?.stored.id,
                kind: EventKind::Expiry,
                actor: Actor::Controller,
                changes: purposes.into_iter().map(|purpose| (purpose, Status::Expired)).collect(),
                digests: None,
            },
        )?;
        let event = as_stored(&new, open.next_sequence()).ok_or(ApiError::Internal)?;
        open.events.push(event);
        self.events.push(new);
        Ok(())
    }

    /// Writes the change.
    pub(super) async fn change(self, app: &App) -> Result<Appended, ApiError> {
        let now = self.report.at;
        let mut change = change_of(&self, now);
        if let Some(until) = self.link_until {
            change.links.push((LinkKind::Renew, self.person, Some(until)));
        }
        change.values = self.values;
        change.suppress = self.suppress;
        if self.erase.is_empty() {
            change.events = self.events;
            change.letters = self.letters;
            return Ok(app.commit(&change).await?);
        }
        // Only now are values opened: what must not be taken up again is told from them.
        let Some(person) = Person::open(app, self.person).await? else {
            return Ok(Appended::Moved);
        };
        let newest = person.events.last().map_or(0, |event| event.stored.sequence);
        let made = self
            .events
            .iter()
            .zip(newest + 1..)
            .map(|(new, sequence)| as_stored(new, sequence));
        let made: Option<Vec<PersonEvent>> = made.collect();
        let person = person.followed_by(made.ok_or(ApiError::Internal)?);
        let chains: Vec<Uuid> = self.erase.iter().map(|(chain, _)| *chain).collect();
        let erasure = erase::erasure(app, &person, &chains, Actor::Controller, Reason::Retention.as_str())?;
        change.events = self.events;
        change.events.extend(erasure.events);
        change.letters = self.letters;
        change.suppress.extend(erasure.suppress);
        change.erase = erasure.erase;
        let reasons: HashMap<Uuid, Reason> = self.erase.into_iter().collect();
        for erasure in &mut change.erase {
            if let Some(reason) = reasons.get(&erasure.chain) {
                erasure.reason = reason.as_str().to_owned();
            }
        }
        erase::carry_out(app, &person, &change).await
    }
}

/// A record made here, as it will be read once it is stored.
fn as_stored(new: &NewRecord, sequence: i64) -> Option<PersonEvent> {
    PersonEvent::read(StoredRecord {
        sequence,
        id: new.id,
        chain: new.chain,
        event: new.event.clone(),
        payload_digest: new.payload_digest.clone(),
        receipt: new.receipt.clone(),
        received: new.received,
    })
}
