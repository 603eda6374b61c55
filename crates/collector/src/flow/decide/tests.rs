//! Rows for each decision, and a receiver in a model: whatever is lost, cut off or repeated, in the end it knows what is true.

use std::collections::BTreeMap;

use super::*;

fn digest(number: u64) -> Sha256Digest {
    Sha256Digest::of(&number.to_be_bytes())
}

const CERTAIN: Known = Known {
    told: None,
    digest: None,
    certain: true,
    holds: false,
};

fn told(what: LastTold, facts: u64) -> Known {
    Known {
        told: Some(what),
        digest: (what == LastTold::Lead).then(|| digest(facts)),
        certain: true,
        holds: what != LastTold::Erase,
    }
}

#[test]
fn each_difference_has_its_message() {
    use EndReason::{Erased, Expired, Objected, Withdrawn};
    use Event::{Allowed, Changed, Ended};
    let check = |now: True, known: Known, expected: Step| {
        assert_eq!(decide(false, now, &known, None), expected, "{now:?} {known:?}");
    };
    let tell = |event: Event| Step::Tell(event, None);
    let end = |reason: EndReason| Step::Tell(Ended, Some(reason));
    let unsure = |known: Known| Known {
        certain: false,
        holds: true,
        ..known
    };
    check(True::Nothing, CERTAIN, Step::Nothing);
    check(True::Ended(Withdrawn), CERTAIN, Step::Nothing);
    check(True::Ended(Erased), CERTAIN, Step::Nothing);
    check(True::Lead(digest(1)), CERTAIN, tell(Allowed));
    check(True::Lead(digest(1)), told(LastTold::Lead, 1), Step::Nothing);
    check(True::Lead(digest(2)), told(LastTold::Lead, 1), tell(Changed));
    check(True::Lead(digest(1)), told(LastTold::Stop, 1), tell(Allowed));
    check(True::Lead(digest(1)), told(LastTold::Erase, 1), tell(Allowed));
    check(True::Ended(Withdrawn), told(LastTold::Lead, 1), end(Withdrawn));
    check(True::Nothing, told(LastTold::Lead, 1), end(Expired));
    check(True::Ended(Objected), told(LastTold::Stop, 1), Step::Nothing);
    check(True::Ended(Erased), told(LastTold::Stop, 1), end(Erased));
    check(True::Ended(Erased), told(LastTold::Erase, 1), Step::Nothing);
    check(True::Ended(Withdrawn), told(LastTold::Erase, 1), Step::Nothing);
    // What may have arrived is told of, or taken back, as if it had.
    check(True::Ended(Withdrawn), unsure(CERTAIN), end(Withdrawn));
    check(True::Lead(digest(1)), unsure(told(LastTold::Lead, 1)), tell(Changed));
    let after_an_end = Known {
        digest: None,
        ..unsure(told(LastTold::Lead, 1))
    };
    check(True::Lead(digest(1)), after_an_end, tell(Allowed));
    check(True::Ended(Withdrawn), unsure(told(LastTold::Stop, 1)), end(Withdrawn));
    check(True::Ended(Erased), unsure(told(LastTold::Erase, 1)), end(Erased));
}

#[test]
fn a_message_on_its_way_is_kept_while_it_is_true() {
    let lead = Pending {
        event: Event::Allowed,
        facts: digest(1),
        reason: None,
    };
    let end = |reason: EndReason| Pending {
        event: Event::Ended,
        facts: digest(9),
        reason: Some(reason),
    };
    let holds = told(LastTold::Lead, 1);
    let check = |closed: bool, now: True, known: Known, pending: Pending, expected: Step| {
        assert_eq!(
            decide(closed, now, &known, Some(&pending)),
            expected,
            "{now:?} {pending:?}"
        );
    };
    check(false, True::Lead(digest(1)), CERTAIN, lead, Step::Keep);
    check(
        false,
        True::Lead(digest(2)),
        CERTAIN,
        lead,
        Step::Tell(Event::Allowed, None),
    );
    check(true, True::Lead(digest(1)), CERTAIN, lead, Step::Drop);
    check(false, True::Ended(EndReason::Withdrawn), CERTAIN, lead, Step::Drop);
    check(false, True::Nothing, CERTAIN, lead, Step::Drop);
    // An end says more than a lesser one, and never less than what is true.
    let (withdrawn, objected, erased) = (EndReason::Withdrawn, EndReason::Objected, EndReason::Erased);
    check(false, True::Ended(objected), holds, end(withdrawn), Step::Keep);
    check(true, True::Ended(objected), holds, end(withdrawn), Step::Keep);
    check(false, True::Ended(withdrawn), holds, end(erased), Step::Keep);
    check(
        false,
        True::Ended(erased),
        holds,
        end(withdrawn),
        Step::Tell(Event::Ended, Some(erased)),
    );
    check(false, True::Lead(digest(1)), holds, end(withdrawn), Step::Drop);
    check(
        false,
        True::Lead(digest(2)),
        holds,
        end(withdrawn),
        Step::Tell(Event::Changed, None),
    );
}

/// A generator without a dependency: SplitMix64 (Steele, Lea, Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What the other side has.
#[derive(Debug, Default, PartialEq, Eq)]
enum Receiver {
    #[default]
    Never,
    Lead(Sha256Digest),
    Stopped,
    Erased,
}

#[derive(Default)]
struct World {
    known: Known,
    /// With its id and whether it was given up.
    pending: Option<(u64, Pending, bool)>,
    receiver: Receiver,
    ids: u64,
    /// Content by id, as the receiver saw it.
    seen: BTreeMap<u64, (Event, Sha256Digest, Option<EndReason>)>,
}

impl World {
    fn plan(&mut self, now: True) {
        let pending = self.pending.map(|(_, pending, _)| pending);
        match decide(false, now, &self.known, pending.as_ref()) {
            Step::Nothing | Step::Keep => {}
            Step::Drop => self.pending = None,
            Step::Tell(event, reason) => {
                self.ids += 1;
                let facts = match now {
                    True::Lead(facts) => facts,
                    _ => digest(u64::MAX - self.ids),
                };
                self.pending = Some((self.ids, Pending { event, facts, reason }, false));
            }
        }
    }

    /// One attempt: 0 arrives and is known to, 1 arrives and the answer is lost, 2 is lost, 3 is given up.
    fn attempt(&mut self, now: True, fate: u64) {
        let Some((id, pending, false)) = self.pending else {
            return;
        };
        if decide(false, now, &self.known, Some(&pending)) != Step::Keep {
            return self.plan(now);
        }
        self.known.certain = false;
        self.known.holds |= pending.event != Event::Ended;
        if pending.event == Event::Ended {
            self.known.digest = None;
        }
        if fate <= 1 {
            let content = (pending.event, pending.facts, pending.reason);
            assert_eq!(
                *self.seen.entry(id).or_insert(content),
                content,
                "an id has one content"
            );
            match (now, pending.event) {
                (True::Lead(facts), Event::Allowed | Event::Changed) => {
                    assert_eq!(facts, pending.facts, "only what is true")
                }
                (True::Lead(_), Event::Ended) => panic!("an end of what is allowed"),
                (_, event) => assert_eq!(event, Event::Ended, "a lead that is not allowed"),
            }
            if pending.event == Event::Changed {
                assert!(
                    matches!(self.receiver, Receiver::Lead(_)),
                    "a change of what it does not hold"
                );
            }
            self.receiver = match pending.reason.map(EndReason::act) {
                None => Receiver::Lead(pending.facts),
                Some(Act::Stop) => Receiver::Stopped,
                Some(Act::Erase) => Receiver::Erased,
            };
        }
        if fate == 0 {
            let last = match pending.reason.map(EndReason::act) {
                None => LastTold::Lead,
                Some(Act::Stop) => LastTold::Stop,
                Some(Act::Erase) => LastTold::Erase,
            };
            self.known = Known {
                told: Some(last),
                digest: (last == LastTold::Lead).then_some(pending.facts),
                certain: true,
                holds: self.known.holds && last != LastTold::Erase,
            };
            self.pending = None;
        } else if fate == 3 {
            self.pending = Some((id, pending, true));
        }
    }
}

#[test]
fn in_the_end_the_receiver_knows_what_is_true() {
    for seed in 0..4_000 {
        let mut numbers = Numbers(seed);
        let mut world = World {
            known: CERTAIN,
            ..World::default()
        };
        let mut now = True::Nothing;
        for _ in 0..40 {
            match numbers.below(4) {
                0 => {
                    now = match numbers.below(6) {
                        0 => True::Nothing,
                        1 => True::Ended(EndReason::Withdrawn),
                        2 => True::Ended(EndReason::Restricted),
                        3 => True::Ended(EndReason::Erased),
                        number => True::Lead(digest(number)),
                    };
                    // A crash between the change and the plan: the person stays due, and the plan comes later.
                    if numbers.below(3) > 0 {
                        world.plan(now);
                    }
                }
                1 => world.plan(now),
                _ => {
                    let fate = numbers.below(4);
                    world.attempt(now, fate);
                }
            }
        }
        // It settles: whoever is due is planned, dead letters are replayed, and receivers answer.
        for _ in 0..4 {
            world.plan(now);
            if let Some((_, _, dead)) = &mut world.pending {
                *dead = false;
            }
            world.attempt(now, 0);
        }
        assert!(world.pending.is_none(), "seed {seed}: {:?}", world.pending);
        match (now, &world.receiver) {
            (True::Lead(facts), Receiver::Lead(has)) => assert_eq!(*has, facts, "seed {seed}"),
            (True::Ended(reason), receiver) if reason.act() == Act::Erase => {
                assert!(
                    matches!(receiver, Receiver::Never | Receiver::Erased),
                    "seed {seed}: {receiver:?}"
                );
            }
            (True::Ended(_) | True::Nothing, receiver) => {
                assert!(!matches!(receiver, Receiver::Lead(_)), "seed {seed}: {receiver:?}");
            }
            (True::Lead(_), receiver) => panic!("seed {seed}: allowed, and the receiver has {receiver:?}"),
        }
    }
}
