//! What holds for every life: delivery does not matter, an unproved chain changes nothing, a no stays a no.

use std::fmt::Write as _;

use candor_record::{
    state::{PersonState, Standing, State},
    term::{Basis, Status},
    time::Timestamp,
};
use proptest::{collection::vec, prelude::*, sample::subsequence};

use super::{DAY_MS, PURPOSES, START, Stored, chain, life, purpose, state_of};
use crate::support::time;

const VERBS: [&str; 8] = [
    "confirms",
    "withdraws",
    "objects",
    "renews",
    "corrects",
    "expires",
    "erases",
    "lifts",
];
const WITHOUT_LIFTING: &[&str] = VERBS.split_at(7).0;
const WITHOUT_CONFIRMING: &[&str] = VERBS.split_at(1).1;

/// One turn of a chain: its submission where it is the first, a follow-up otherwise.
#[derive(Debug, Clone)]
struct Turn {
    name: char,
    double_opt_in: bool,
    verb: &'static str,
    /// Places in `PURPOSES`.
    purposes: Vec<usize>,
    statuses: Vec<usize>,
}

fn turns(names: &'static str, verbs: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<Turn>> {
    let name = proptest::sample::select(names.chars().collect::<Vec<_>>());
    let purposes = subsequence((0..PURPOSES.len()).collect::<Vec<_>>(), 1..=PURPOSES.len());
    let turn = (
        name,
        any::<bool>(),
        proptest::sample::select(verbs),
        purposes,
        vec(0_usize..12, PURPOSES.len()),
    );
    let turn = turn.prop_map(|(name, double_opt_in, verb, purposes, statuses)| Turn {
        name,
        double_opt_in,
        verb,
        purposes,
        statuses,
    });
    vec(turn, 0..most)
}

fn any_life() -> impl Strategy<Value = String> {
    turns("abcde", &VERBS, 16).prop_map(|turns| told(&turns))
}

/// The turns as `life` reads them. A chain `z` has no submission.
fn told(turns: &[Turn]) -> String {
    let mut begun = Vec::new();
    let mut text = String::new();
    for turn in turns {
        let is_first = turn.name != 'z' && !begun.contains(&turn.name);
        begun.push(turn.name);
        text.push(turn.name);
        match (is_first, turn.double_opt_in) {
            (true, false) => text.push('1'),
            (true, true) => text.push('2'),
            (false, _) => text += &format!(" {}", turn.verb),
        }
        for place in &turn.purposes {
            let (id, basis, ..) = PURPOSES[*place];
            let _ = write!(text, " {id}");
            if is_first {
                let statuses = statuses(basis);
                let _ = write!(text, "={}", statuses[turn.statuses[*place] % statuses.len()]);
            }
        }
        text.push(';');
    }
    text
}

fn statuses(basis: Basis) -> &'static [&'static str] {
    if basis.is_consent() {
        &["given", "given", "not-given", "not-shown", "held"]
    } else if basis.has_objection() {
        &["informed", "informed", "objected", "not-shown"]
    } else {
        &["informed", "not-shown"]
    }
}

/// The purposes that have a state on record, spelled as `life` reads them.
fn on_record(state: &PersonState) -> Vec<String> {
    let effective = state
        .purposes()
        .filter(|(id, standing)| state.in_effect(&standing.chain, id));
    effective.map(|(id, _)| id.to_string()).collect()
}

fn changes_nothing_on_record(before: &PersonState, after: &PersonState) -> Result<(), TestCaseError> {
    for id in on_record(before) {
        prop_assert_eq!(before.of(&purpose(&id)), after.of(&purpose(&id)));
    }
    Ok(())
}

fn without_held(text: &str) -> String {
    text.replace("=held", "=given")
}

proptest! {
    #[test]
    fn order_and_repetition_of_delivery_do_not_matter(
        (events, delivered) in turns("abcdz", &VERBS, 16)
            .prop_flat_map(|turns| {
                let events = life(&told(&turns));
                let places = events.len();
                let order = Just((0..places).collect::<Vec<_>>()).prop_shuffle();
                let repeated = vec(0..places.max(1), 0..8);
                (Just(events), order, repeated)
            })
            .prop_map(|(events, mut order, repeated)| {
                order.extend(repeated.into_iter().filter(|place| *place < events.len()));
                (events, order)
            })
            .prop_flat_map(|(events, order)| (Just(events), Just(order).prop_shuffle())),
        events_a_day in 1_i64..6,
    ) {
        // Several events in one millisecond: the log index orders them.
        let received = |place: u64| time(START).as_millisecond() + DAY_MS * (place as i64 / events_a_day);
        let events: Vec<Stored> = events
            .into_iter()
            .map(|mut stored| {
                let received = received(stored.index);
                stored.received = Timestamp::from_millisecond(received).expect("a time");
                stored
            })
            .collect();
        let shuffled: Vec<Stored> = delivered.into_iter().map(|place| events[place].clone()).collect();
        prop_assert_eq!(state_of(&events), state_of(&shuffled));
    }

    /// Invariant 9: whatever happens in a chain that was never confirmed, wherever in the life it happens.
    #[test]
    fn a_chain_that_waits_changes_nothing_on_record(
        turns in turns("abcde", &VERBS, 14),
        foreign in turns("x", WITHOUT_CONFIRMING, 6),
        places in vec(any::<prop::sample::Index>(), 6),
    ) {
        let mut all: Vec<Turn> = turns;
        let foreign = foreign.into_iter().map(|turn| Turn { double_opt_in: true, ..turn });
        for (turn, place) in foreign.zip(places) {
            all.insert(place.index(all.len() + 1), turn);
        }
        let all = life(&told(&all));
        let is_foreign = |stored: &Stored| *stored.record.chain() == chain('x');
        let own: Vec<Stored> = all.iter().filter(|stored| !is_foreign(stored)).cloned().collect();
        changes_nothing_on_record(&state_of(&own), &state_of(&all))?;
    }

    /// Invariant 9 for forms without double opt-in: a submission decides where there is no state, and only there.
    #[test]
    fn a_submission_by_itself_changes_nothing_on_record(text in any_life(), foreign in turns("x", &VERBS, 2)) {
        let foreign: Vec<Turn> = foreign.into_iter().take(1).collect();
        let before = state_of(&life(&text));
        let after = state_of(&life(&format!("{text}{}", without_held(&told(&foreign)))));
        for id in on_record(&before).iter().map(|id| purpose(id)) {
            // An objection of its own may bar what comes later: what ended already can say so.
            let without_bar = |state: &PersonState| state.of(&id).map(|standing| Standing { barred_by: None, ..standing.clone() });
            prop_assert_eq!(without_bar(&before), without_bar(&after));
        }
    }

    /// The same for all that follows in that chain, as long as it names what has a state already.
    #[test]
    fn an_unproved_chain_changes_nothing_on_record(text in any_life(), foreign in turns("x", WITHOUT_CONFIRMING, 6)) {
        let before = state_of(&life(&text));
        let known = on_record(&before);
        let foreign: Vec<Turn> = foreign
            .into_iter()
            .filter_map(|mut turn| {
                turn.purposes.retain(|place| known.iter().any(|id| id == PURPOSES[*place].0));
                (!turn.purposes.is_empty()).then_some(turn)
            })
            .collect();
        let after = state_of(&life(&format!("{text}{}", without_held(&told(&foreign)))));
        changes_nothing_on_record(&before, &after)?;
        prop_assert!(before.bars().eq(after.bars()));
    }

    /// No later legitimate interest or soft opt-in stands in for a consent that was withdrawn.
    #[test]
    fn after_a_no_nobody_is_informed_unless_the_person_lifts_it(
        text in any_life(),
        no in proptest::sample::select(vec![
            "q2 newsletter=given;q confirms newsletter;q withdraws newsletter;",
            "q2 partners=given;q confirms partners;q withdraws partners;",
            "q2 offers=informed;q confirms offers=objected;",
            "z withdraws newsletter;z objects tips offers;",
        ]),
        later in turns("fghij", WITHOUT_LIFTING, 16),
    ) {
        let known = "y1 newsletter=not-shown tips=not-shown offers=not-shown;";
        let state = state_of(&life(&format!("{known}{text}{no}{}", told(&later))));
        for id in ["tips", "offers"] {
            let standing = state.of(&purpose(id)).expect("it is named");
            prop_assert!(!matches!(standing.state, State::Informed | State::Pending), "{id} is {}", standing.state);
            prop_assert!(standing.barred_by.is_some(), "{id}");
        }
        prop_assert!(state.waiting().all(|waiting| !["tips", "offers"].contains(&waiting.purpose.as_str())
            || waiting.status.as_str() != "informed"));
    }

    #[test]
    fn what_waits_in_a_chain_is_found_by_the_chain(text in any_life()) {
        let state = state_of(&life(&text));
        for name in "abcdez".chars() {
            let waiting = state.waiting().filter(|waiting| waiting.chain == chain(name));
            prop_assert_eq!(state.waiting_in(&chain(name)).iter().collect::<Vec<_>>(), waiting.collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_standing_makes_sense(text in any_life()) {
        let state = state_of(&life(&text));
        for (id, standing) in state.purposes() {
            let permits = match standing.state {
                State::Given | State::Renewed => true,
                State::Informed => standing.basis.has_objection(),
                _ => false,
            };
            prop_assert!(!permits || state.in_effect(&standing.chain, id), "{id} is {}", standing.state);
            prop_assert_eq!(standing.ended.is_some(), standing.state.is_ended());
            let holds = matches!(standing.state, State::Given | State::Renewed);
            prop_assert_eq!(standing.valid_until.is_some(), holds);
            let status = Status::parse(standing.state.as_str());
            prop_assert!(status.is_none_or(|status| standing.basis.allows(status)), "{id} is {}", standing.state);
            prop_assert!(standing.collected <= standing.since);
            prop_assert!(standing.ended.is_none_or(|ended| standing.since <= ended));
            prop_assert!(standing.barred_by.is_none() || standing.basis.has_objection());
        }
    }
}
