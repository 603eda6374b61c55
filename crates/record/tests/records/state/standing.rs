//! What a standing says beside its state, what waits, what is in effect.

use candor_record::{record::Record, state::State, time::Timestamp};

use super::{DAY_MS, START, chain, life, purpose, record, spelled, state_of};
use crate::support::time;

#[test]
fn what_a_standing_says() {
    let rows = [
        // (life, purpose, chain, day of `since`, place of `record` if a follow-up, valid until, day of `ended`, barred by)
        (
            "a1 newsletter=given",
            "newsletter",
            'a',
            0,
            None,
            Some("2027-02-28T12:00:00.000Z"),
            None,
            None,
        ),
        (
            "a2 newsletter=given; a confirms newsletter",
            "newsletter",
            'a',
            1,
            Some(1),
            Some("2027-03-01T12:00:00.000Z"),
            None,
            None,
        ),
        (
            "a1 newsletter=given; a renews newsletter",
            "newsletter",
            'a',
            1,
            Some(1),
            Some("2027-03-01T12:00:00.000Z"),
            None,
            None,
        ),
        (
            "a1 newsletter=given; b2 newsletter=given; b confirms",
            "newsletter",
            'b',
            2,
            Some(2),
            Some("2027-03-02T12:00:00.000Z"),
            None,
            None,
        ),
        ("a2 newsletter=given", "newsletter", 'a', 0, None, None, None, None),
        (
            "a1 newsletter=not-given",
            "newsletter",
            'a',
            0,
            None,
            None,
            Some(0),
            None,
        ),
        (
            "a1 newsletter=given; a withdraws newsletter",
            "newsletter",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            None,
        ),
        (
            "a1 newsletter=given; a expires newsletter",
            "newsletter",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            None,
        ),
        (
            "a1 newsletter=given; a erases newsletter",
            "newsletter",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            None,
        ),
        ("a1 tips=informed", "tips", 'a', 0, None, None, None, None),
        (
            "a1 tips=informed; a objects tips",
            "tips",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            Some(1),
        ),
        (
            "a1 tips=informed offers=informed; a objects tips",
            "offers",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            Some(1),
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; b1 tips=informed",
            "tips",
            'b',
            2,
            Some(1),
            None,
            Some(2),
            Some(1),
        ),
        (
            "a1 tips=informed; b1 offers=objected; b confirms",
            "tips",
            'a',
            0,
            Some(2),
            None,
            Some(2),
            Some(2),
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; a withdraws newsletter",
            "newsletter",
            'a',
            0,
            Some(1),
            None,
            Some(1),
            None,
        ),
        (
            "a2 newsletter=given; b1 call=given; a withdraws newsletter",
            "newsletter",
            'a',
            0,
            Some(2),
            None,
            Some(2),
            None,
        ),
    ];
    let day = |day: i64| time(START).as_millisecond() + DAY_MS * day;
    for (text, id, of, since, made_by, until, ended, barred) in rows {
        let state = state_of(&life(text));
        let standing = state.of(&purpose(id)).expect("a standing");
        assert_eq!(standing.chain, chain(of), "chain: {text}");
        assert_eq!(standing.since.as_millisecond(), day(since), "since: {text}");
        let expected = made_by.map_or_else(|| chain(of).as_str().to_owned(), |place| record(place).to_string());
        assert_eq!(standing.record.as_str(), expected, "record: {text}");
        assert_eq!(standing.valid_until, until.map(time), "valid until: {text}");
        assert_eq!(
            standing.ended.map(|ended| ended.as_millisecond()),
            ended.map(day),
            "ended: {text}"
        );
        assert_eq!(standing.ended.is_some(), standing.state.is_ended(), "ended: {text}");
        assert_eq!(standing.barred_by, barred.map(record), "barred by: {text}");
        assert_eq!(standing.controller, "Acme Conseil SAS", "controller: {text}");
    }
}

#[test]
fn months_end_correctly() {
    for (given, validity, until) in [
        ("2026-08-31T12:00:00.000Z", "P6M", "2027-02-28T12:00:00.000Z"),
        ("2027-08-31T23:59:59.999Z", "P6M", "2028-02-29T23:59:59.999Z"),
        ("2028-02-29T00:00:00.000Z", "P1Y", "2029-02-28T00:00:00.000Z"),
        ("2026-01-31T12:00:00.000Z", "P18M", "2027-07-31T12:00:00.000Z"),
        ("2026-03-28T23:30:00.000Z", "P1D", "2026-03-29T23:30:00.000Z"),
        ("2026-12-31T12:00:00.000Z", "PT48H", "2027-01-02T12:00:00.000Z"),
        // Beyond the calendar: the last day that a record can spell.
        ("2026-12-31T12:00:00.000Z", "P9000Y", "9999-12-30T22:00:00.999Z"),
    ] {
        let mut life = life("a1 newsletter=given");
        life[0].received = time(given);
        if let Record::Submission(submission) = &mut life[0].record {
            submission.processes[0].validity = Some(validity.parse().expect("a period"));
        }
        let state = state_of(&life);
        let standing = state.of(&purpose("newsletter")).expect("a standing");
        assert_eq!(standing.valid_until, Some(time(until)), "{given} + {validity}");
    }
}

#[test]
fn what_waits_for_a_confirmation() {
    for (text, expected) in [
        ("a1 newsletter=given", ""),
        (
            "a2 newsletter=given call=not-given tips=informed ebook=informed",
            "a newsletter given, a tips informed",
        ),
        ("a1 newsletter=held call=given", "a newsletter given held, a call given"),
        (
            "a1 newsletter=held call=given; a confirms call",
            "a newsletter given held",
        ),
        (
            "a1 newsletter=given; b1 newsletter=given ebook=informed",
            "b newsletter given",
        ),
        ("a1 tips=informed; b1 tips=objected", "b tips objected"),
        ("a1 tips=informed; b1 tips=informed", ""),
        ("a1 ebook=informed; b1 ebook=informed", ""),
        ("a1 newsletter=given; b1 newsletter=not-given", ""),
        ("a2 newsletter=given; a withdraws newsletter", ""),
        ("a2 newsletter=given; a confirms newsletter", ""),
        ("a2 newsletter=given; a erases newsletter", ""),
        ("a1 tips=objected; b2 offers=informed", ""),
        // An objection that would also end what another form began.
        ("a1 tips=informed; b1 offers=objected", "b offers objected"),
        ("a1 tips=informed; b1 offers=objected; b confirms", ""),
        (
            "a2 newsletter=given; b2 newsletter=given",
            "a newsletter given, b newsletter given",
        ),
    ] {
        let state = state_of(&life(text));
        let waiting = state.waiting().map(|waiting| {
            let name = ('a'..='z').find(|name| chain(*name) == waiting.chain).expect("a chain");
            let held = if waiting.held { " held" } else { "" };
            format!("{name} {} {}{held}", waiting.purpose, waiting.status)
        });
        assert_eq!(waiting.collect::<Vec<_>>().join(", "), expected, "{text}");
    }
}

#[test]
fn what_is_in_effect() {
    for (text, name, id, expected) in [
        ("a1 newsletter=given", 'a', "newsletter", true),
        ("a2 newsletter=given", 'a', "newsletter", false),
        ("a2 newsletter=given; a confirms newsletter", 'a', "newsletter", true),
        ("a1 newsletter=given; b1 newsletter=given", 'b', "newsletter", false),
        (
            "a1 newsletter=given; b1 newsletter=not-given; b confirms",
            'b',
            "newsletter",
            false,
        ),
        (
            "a1 newsletter=given; b2 newsletter=given; b confirms",
            'a',
            "newsletter",
            true,
        ),
        ("a1 newsletter=given; a withdraws newsletter", 'a', "newsletter", true),
        ("a1 newsletter=given; a erases newsletter", 'a', "newsletter", false),
        ("a1 newsletter=held; a confirms", 'a', "newsletter", false),
        ("a1 newsletter=not-shown", 'a', "newsletter", false),
    ] {
        let state = state_of(&life(text));
        assert_eq!(state.in_effect(&chain(name), &purpose(id)), expected, "{text}");
    }
}

#[test]
fn the_log_orders_what_came_in_one_millisecond() {
    for (first, second, expected) in [(1, 2, "newsletter=renewed"), (2, 1, "newsletter=withdrawn")] {
        let mut life = life("a1 newsletter=given; a withdraws newsletter; a renews newsletter");
        for stored in &mut life {
            stored.received = time(START);
        }
        (life[0].index, life[1].index, life[2].index) = (0, first, second);
        assert_eq!(spelled(&state_of(&life)), expected, "{first} {second}");
    }
}

#[test]
fn every_state_has_its_word() {
    let words: Vec<_> = State::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(
        words.join(" "),
        "not-shown not-given pending held informed given renewed objected withdrawn expired erased"
    );
}

#[test]
fn what_was_taken_over_counts_from_the_act() {
    let imported = |days: i64| {
        let mut life = life("a1 newsletter=given call=not-given");
        let received = life[0].received.as_millisecond();
        life[0].acted = Timestamp::from_millisecond(received + days * DAY_MS);
        state_of(&life)
    };
    let check = |days: i64, since: &str, until: &str| {
        let state = imported(days);
        let standing = state.of(&purpose("newsletter")).expect("known");
        assert_eq!(standing.since.to_string(), since, "{days}");
        assert_eq!(standing.collected, standing.since, "{days}");
        let valid_until = standing.valid_until.expect("a consent").to_string();
        assert_eq!(valid_until, until, "{days}: six months from the act");
    };
    let plain = state_of(&life("a1 newsletter=given"));
    let plain = plain.of(&purpose("newsletter")).expect("known");
    let (since, until) = (
        plain.since.to_string(),
        plain.valid_until.expect("a consent").to_string(),
    );
    check(0, &since, &until);
    // A time to come prolongs nothing.
    check(10, &since, &until);
    let earlier = imported(-90);
    let earlier = earlier.of(&purpose("newsletter")).expect("known");
    assert_eq!(
        plain.since.as_millisecond() - earlier.since.as_millisecond(),
        90 * DAY_MS
    );
    assert!(earlier.valid_until < plain.valid_until);
    // A confirmation is an act of its own.
    let mut confirmed = life("a2 newsletter=given; a confirms newsletter");
    confirmed[0].acted = Timestamp::from_millisecond(confirmed[0].received.as_millisecond() - 90 * DAY_MS);
    let state = state_of(&confirmed);
    let standing = state.of(&purpose("newsletter")).expect("known");
    assert_eq!(standing.since, confirmed[1].received);
}
