//! What follows a submission and is no confirmation: refusing, lifting, renewing, and what the controller lets end.
//! Refuses to give anything in a chain that has not taken effect, or whose submission is not here.

use super::{Bar, Ledger, Meaning, Phase, Slot, Stamp};
use crate::{id::PurposeId, record::FollowUp, state::State, term::Status};

impl<'a> Ledger<'a> {
    /// An objection or a withdrawal: for the mailbox where its chain has taken effect, else for the chain's own wish.
    pub(super) fn refusal(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        let found = self.find(&event.chain);
        for change in &event.processes {
            let meaning = match found {
                // The submission is not here. A no is heard all the same.
                None => self.known.get(&change.purpose).map(|meaning| Meaning {
                    chain: &event.chain,
                    submission: stamp,
                    ..*meaning
                }),
                Some(at) => self.refused_in(at, &change.purpose, stamp),
            };
            if let Some(meaning) = meaning
                && let Some(refused) = meaning.refused()
            {
                self.refuse(&meaning, refused, stamp);
            }
        }
    }

    /// What that chain brought into effect. Where nothing is, the chain takes back what it asked for, and that is all.
    fn refused_in(&mut self, at: usize, purpose: &PurposeId, stamp: Stamp<'a>) -> Option<Meaning<'a>> {
        let entry = self.entry(at, purpose)?;
        let meaning = entry.meaning;
        meaning.refused()?;
        match entry.phase {
            Phase::InEffect => return Some(meaning),
            Phase::Waiting | Phase::Spent => entry.phase = Phase::Cancelled(stamp),
            Phase::Cancelled(_) | Phase::Erased(_) => {}
        }
        None
    }

    fn refuse(&mut self, meaning: &Meaning<'a>, refused: State, stamp: Stamp<'a>) {
        match self.on_record(meaning.purpose()).map(|slot| slot.standing.state) {
            None => self.put(meaning.purpose(), meaning.standing(refused, stamp)),
            Some(state) if state == refused => self.make_own(meaning.purpose()),
            Some(_) => self.finish(meaning.purpose(), refused, stamp),
        }
        let bar = Bar {
            stamp,
            chain: meaning.chain,
            proved: true,
        };
        self.raise_bar(meaning.class(), bar);
    }

    /// The bar of the class falls, and the purposes named are as they were told on that page. Others of the class stay
    /// ended until the person lifts them too, or proves a submission in which they read of them anew.
    pub(super) fn lifting(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        let Some(at) = self.find(&event.chain) else { return };
        let confirmed = self.chains[at].1.confirmed;
        for change in &event.processes {
            let Some(entry) = self.entry(at, &change.purpose) else {
                continue;
            };
            let meaning = entry.meaning;
            let may_lift = match entry.phase {
                Phase::InEffect => true,
                Phase::Waiting | Phase::Spent | Phase::Cancelled(_) => confirmed,
                Phase::Erased(_) => false,
            };
            if !may_lift {
                continue;
            }
            if meaning.has_objection() {
                entry.phase = Phase::InEffect;
            }
            self.bars.remove(&meaning.class());
            let state = self.on_record(meaning.purpose()).map(|slot| slot.standing.state);
            if meaning.has_objection() && state != Some(State::Informed) {
                self.put(meaning.purpose(), meaning.standing(State::Informed, stamp));
            }
        }
    }

    /// Validity counts anew. The person read the words and pressed the button, so it also holds after a withdrawal;
    /// what was never given cannot be renewed.
    pub(super) fn renewal(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        let Some(at) = self.find(&event.chain) else { return };
        for change in &event.processes {
            let Some(entry) = self.entry(at, &change.purpose) else {
                continue;
            };
            let meaning = entry.meaning;
            let was_given = entry.status == Status::Given && matches!(entry.phase, Phase::InEffect);
            let state = self.on_record(meaning.purpose()).map(|slot| slot.standing.state);
            let renewable = matches!(
                state,
                Some(State::Given | State::Renewed | State::Expired | State::Withdrawn)
            );
            if was_given && renewable {
                self.put(meaning.purpose(), meaning.standing(State::Renewed, stamp));
            }
        }
    }

    pub(super) fn expiry(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        for change in &event.processes {
            let holds = self
                .of_chain(event, &change.purpose)
                .is_some_and(|slot| matches!(slot.standing.state, State::Given | State::Renewed));
            if holds {
                self.finish(&change.purpose, State::Expired, stamp);
            }
        }
    }

    /// What the chain brought is gone, and so is what it still asked for; what another chain brought is not.
    pub(super) fn erasure(&mut self, stamp: Stamp<'a>, event: &'a FollowUp) {
        for change in &event.processes {
            if self.of_chain(event, &change.purpose).is_some() {
                self.finish(&change.purpose, State::Erased, stamp);
            }
        }
        let Some(at) = self.find(&event.chain) else { return };
        for entry in &mut self.chains[at].1.entries {
            let named = event
                .processes
                .iter()
                .any(|change| change.purpose == *entry.meaning.purpose());
            if named || matches!(entry.phase, Phase::Waiting) {
                entry.phase = Phase::Erased(stamp);
            }
        }
    }

    /// What is on record for that purpose, where it is of the event's chain, or that chain's submission is not here.
    fn of_chain(&self, event: &FollowUp, purpose: &PurposeId) -> Option<&Slot> {
        let slot = self.on_record(purpose)?;
        let is_known = self.find(&event.chain).is_some();
        (!is_known || slot.standing.chain == event.chain).then_some(slot)
    }
}
