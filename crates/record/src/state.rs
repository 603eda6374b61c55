//! The state of each purpose for one person, derived from the events of their mailbox (`spec/record.md` §6).
//!
//! [`derive()`] is a pure function of a set: the order and the number of deliveries do not matter, and whether a
//! validity has ended by now is asked of [`Standing::valid_until`], because no clock is read here. What an event may
//! change stands in `state/ledger.rs`, what a chain still waits for in `state/chain.rs`; `docs/state.md` draws both. It
//! refuses to believe a chain that never took effect: such a chain can cancel what it asked for itself, and nothing
//! else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
};

use crate::{
    id::{ChainId, PurposeId, RecordId},
    record::{Record, Storage},
    term::{Basis, Channel, Kind, Status},
    time::{Period, Timestamp},
};

mod chain;
mod ledger;

use ledger::Ledger;

/// One stored event, with what does not stand in its payload.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    /// The event.
    pub record: &'a Record,
    /// `rcv`: when the controller signed for it.
    pub received: Timestamp,
    /// Its place in the log, which orders what was received in the same millisecond.
    pub index: u64,
    /// Does its form ask for a confirmation by mail? Submissions only.
    pub double_opt_in: bool,
    /// The purposes that are held until confirmed in the published words (§5). Submissions only.
    pub held: &'a [PurposeId],
    /// When the person acted, where that was elsewhere and earlier: of what was taken over, validity and retention count
    /// from the act. The order of events does not. Submissions only.
    pub acted: Option<Timestamp>,
}

/// Where a purpose stands for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The person never saw it.
    NotShown,
    /// The person did not say yes, which is not a no.
    NotGiven,
    /// Said by somebody who did not prove yet that the mailbox is theirs.
    Pending,
    /// Given to other words than the published ones, or by a script: waits to be given on the confirmation page.
    Held,
    /// The person was told, and did not object.
    Informed,
    /// The person said yes.
    Given,
    /// The person said yes anew.
    Renewed,
    /// The person said no, to this purpose or to its class.
    Objected,
    /// The person took the consent back.
    Withdrawn,
    /// The validity ended in silence.
    Expired,
    /// Lead and disclosures are gone.
    Erased,
}

impl State {
    /// Every state, in the order of declaration.
    pub const ALL: &'static [State] = &[
        State::NotShown,
        State::NotGiven,
        State::Pending,
        State::Held,
        State::Informed,
        State::Given,
        State::Renewed,
        State::Objected,
        State::Withdrawn,
        State::Expired,
        State::Erased,
    ];

    /// The word for it: that of a status, `pending` or `held`.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::NotShown => Status::NotShown.as_str(),
            State::NotGiven => Status::NotGiven.as_str(),
            State::Pending => "pending",
            State::Held => "held",
            State::Informed => Status::Informed.as_str(),
            State::Given => Status::Given.as_str(),
            State::Renewed => Status::Renewed.as_str(),
            State::Objected => Status::Objected.as_str(),
            State::Withdrawn => Status::Withdrawn.as_str(),
            State::Expired => Status::Expired.as_str(),
            State::Erased => Status::Erased.as_str(),
        }
    }

    /// Is it over, or was it never begun, so that [`Standing::ended`] says since when?
    pub const fn is_ended(self) -> bool {
        match self {
            State::NotShown | State::NotGiven | State::Objected | State::Withdrawn | State::Expired | State::Erased => {
                true
            }
            State::Pending | State::Held | State::Informed | State::Given | State::Renewed => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What an objection or a withdrawal bars: legitimate interest and soft opt-in of one controller, kind and channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class {
    /// The name of the (first) controller.
    pub controller: String,
    /// What the purposes are to the person.
    pub kind: Kind,
    /// How the person is reached.
    pub channel: Channel,
}

/// Where one purpose stands, in the meaning of the chain that is in effect for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Why it is lawful.
    pub basis: Basis,
    /// What it is to the person.
    pub kind: Kind,
    /// How the person is reached.
    pub channel: Channel,
    /// The name of the (first) controller.
    pub controller: String,
    /// When it took effect: `rcv` of the submission, confirmation, renewal or lifting; the act's time of what was taken
    /// over. What ended keeps it.
    pub since: Timestamp,
    /// The event that made the state; for the barred the objection or withdrawal of the class.
    pub record: RecordId,
    /// The chain in effect; where none is, the chain that asks.
    pub chain: ChainId,
    /// How long a consent holds.
    pub validity: Option<Period>,
    /// `since` and the validity by the calendar in UTC; `given` and `renewed` only.
    pub valid_until: Option<Timestamp>,
    /// `rcv` of the chain's submission; the act's time of what was taken over.
    pub collected: Timestamp,
    /// Where and how long data are kept.
    pub storage: Storage,
    /// When it ended, or was not begun: exactly where [`State::is_ended`].
    pub ended: Option<Timestamp>,
    /// The objection or withdrawal that bars this purpose's class: legitimate interest and soft opt-in only, and not
    /// where the person is [`State::Informed`] all the same.
    pub barred_by: Option<RecordId>,
}

impl Standing {
    /// The class to which an objection to this purpose extends.
    pub fn class(&self) -> Class {
        Class {
            controller: self.controller.clone(),
            kind: self.kind,
            channel: self.channel,
        }
    }
}

/// What takes effect only when the person confirms it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The chain that asks.
    pub chain: ChainId,
    /// For which purpose.
    pub purpose: PurposeId,
    /// What its submission says: `given`, `informed` or `objected`.
    pub status: Status,
    /// Must the person choose it on the confirmation page, in the published words?
    pub held: bool,
}

/// The state of every purpose for one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonState {
    standings: BTreeMap<PurposeId, Standing>,
    waiting: Vec<Waiting>,
    /// Where those of each chain stand among them.
    waiting_in: BTreeMap<ChainId, Range<usize>>,
    in_effect: BTreeSet<(ChainId, PurposeId)>,
    bars: BTreeMap<Class, RecordId>,
}

impl PersonState {
    /// Every purpose that a submission of this person names, by id.
    pub fn purposes(&self) -> impl Iterator<Item = (&PurposeId, &Standing)> {
        self.standings.iter()
    }

    /// Where that purpose stands; `None` where no submission names it.
    pub fn of(&self, purpose: &PurposeId) -> Option<&Standing> {
        self.standings.get(purpose)
    }

    /// What a confirmation would change, in the order of the submissions and of their purposes.
    ///
    /// What permits nothing (`not-given`, `not-shown`, being told of a contract) is never asked for, and neither is
    /// what the person has already, or what a bar would stop all the same.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter()
    }

    /// What a confirmation of that chain would change, in the order of its purposes: found at once, however many chains
    /// wait.
    pub fn waiting_in(&self, chain: &ChainId) -> &[Waiting] {
        let place = self.waiting_in.get(chain).cloned();
        place.map_or(&[], |place| &self.waiting[place])
    }

    /// Has what that chain says of that purpose taken effect, now or earlier, and was it not erased since?
    ///
    /// Only then does a withdrawal or an objection in that chain count for the mailbox.
    pub fn in_effect(&self, chain: &ChainId, purpose: &PurposeId) -> bool {
        self.in_effect.contains(&(chain.clone(), purpose.clone()))
    }

    /// The classes that are barred, each with the objection or withdrawal that bars it.
    pub fn bars(&self) -> impl Iterator<Item = (&Class, &RecordId)> {
        self.bars.iter()
    }
}

/// Derives the state of one person from the events of their mailbox, in whatever order and however often delivered.
pub fn derive<'a>(events: impl IntoIterator<Item = Event<'a>>) -> PersonState {
    let mut events: Vec<Event<'a>> = events.into_iter().collect();
    events.sort_by_key(|event| (event.received, event.index, event.record.id()));
    let mut seen = BTreeSet::new();
    events.retain(|event| seen.insert(event.record.id()));

    let mut ledger = Ledger::new(&events);
    for event in &events {
        ledger.apply(event);
    }
    ledger.into_state()
}
