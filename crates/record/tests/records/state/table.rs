//! Each row of the table of §6, and each decision about it.

use candor_record::state::State;

use super::{chain, life, purpose, record, spelled, state_of};
use crate::support::time;

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(spelled(&state_of(&life(text))), *expected, "{text}");
    }
}

#[test]
fn a_form_with_double_opt_in_waits() {
    check(&[
        ("a2 newsletter=given", "newsletter=pending"),
        ("a2 tips=informed offers=informed", "offers=pending tips=pending"),
        (
            "a2 newsletter=not-given tips=objected call=not-shown ebook=informed",
            "call=not-shown ebook=informed newsletter=not-given tips=objected",
        ),
        ("a1 newsletter=given; b2 newsletter=not-given", "newsletter=given"),
        ("a1 newsletter=not-given; b2 newsletter=given", "newsletter=not-given"),
        ("a1 tips=informed; b2 tips=objected", "tips=informed"),
        // Of several wishes the latest that asks for something shows.
        ("a2 newsletter=given; b2 newsletter=not-given", "newsletter=pending"),
        ("a2 newsletter=not-given; b2 newsletter=given", "newsletter=pending"),
        (
            "a2 newsletter=not-shown; b2 newsletter=not-given; c2 newsletter=not-shown",
            "newsletter=not-given",
        ),
    ]);
}

#[test]
fn a_held_consent_makes_its_submission_wait() {
    check(&[
        ("a1 newsletter=held", "newsletter=held"),
        (
            "a1 newsletter=held call=given tips=informed",
            "call=pending newsletter=held tips=pending",
        ),
        (
            "a1 newsletter=held call=given; a confirms call",
            "call=given newsletter=held",
        ),
        (
            "a1 newsletter=held call=given; a confirms newsletter call",
            "call=given newsletter=given",
        ),
        ("a2 newsletter=held; a confirms newsletter=not-given", "newsletter=held"),
        // Ticked on the page later on.
        (
            "a2 newsletter=held call=given; a confirms call; a confirms newsletter",
            "call=given newsletter=given",
        ),
        ("a1 newsletter=given; b1 newsletter=held", "newsletter=given"),
    ]);
}

#[test]
fn a_form_without_double_opt_in_takes_effect_where_there_is_no_state() {
    check(&[
        (
            "a1 newsletter=given call=not-given tips=informed offers=not-shown",
            "call=not-given newsletter=given offers=not-shown tips=informed",
        ),
        ("a1 newsletter=not-given; b1 newsletter=given", "newsletter=not-given"),
        (
            "a1 newsletter=not-given; b1 newsletter=given; b confirms newsletter",
            "newsletter=given",
        ),
        ("a1 tips=informed; b1 tips=objected", "tips=informed"),
        (
            "a1 tips=informed; b1 tips=objected; b confirms tips=objected",
            "tips=objected",
        ),
        // Per purpose: what is new takes effect, what has a state waits.
        (
            "a1 newsletter=given; b1 newsletter=not-given call=given",
            "call=given newsletter=given",
        ),
        // What is pending, or was never shown, is no state.
        ("a2 newsletter=given; b1 newsletter=given", "newsletter=given"),
        ("a2 newsletter=given; b1 newsletter=not-given", "newsletter=not-given"),
        ("a1 newsletter=not-shown; b1 newsletter=given", "newsletter=given"),
    ]);
}

#[test]
fn taking_effect() {
    check(&[
        ("a2 newsletter=given; a confirms newsletter", "newsletter=given"),
        // Downloading again does not end a subscription.
        (
            "a1 newsletter=given; b2 newsletter=not-given; b confirms newsletter=not-given",
            "newsletter=given",
        ),
        (
            "a2 newsletter=not-given call=given; a confirms call",
            "call=given newsletter=not-given",
        ),
        (
            "a2 tips=objected call=given; a confirms call",
            "call=given tips=objected",
        ),
        (
            "a1 tips=objected; b2 tips=informed; b confirms tips=informed",
            "tips=objected",
        ),
        // Objected in one breath with being told, in either order.
        ("a1 tips=objected offers=informed", "offers=objected tips=objected"),
        ("a1 offers=informed tips=objected", "offers=objected tips=objected"),
        (
            "a2 offers=informed tips=objected newsletter=given; a confirms newsletter",
            "newsletter=given offers=objected tips=objected",
        ),
    ]);
}

#[test]
fn confirmation() {
    check(&[
        (
            "a2 newsletter=given tips=informed; a confirms newsletter",
            "newsletter=given tips=informed",
        ),
        // A confirmation can say less than its submission, never more.
        (
            "a2 newsletter=given call=given; a confirms newsletter call=not-given",
            "call=not-given newsletter=given",
        ),
        (
            "a2 newsletter=not-given call=given; a confirms newsletter call",
            "call=given newsletter=not-given",
        ),
        // Once is once.
        (
            "a2 newsletter=given; a confirms newsletter; a withdraws newsletter; a confirms newsletter",
            "newsletter=withdrawn",
        ),
        // Given again.
        (
            "a1 newsletter=given; a withdraws newsletter; b1 newsletter=given",
            "newsletter=withdrawn",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; b1 newsletter=given; b confirms newsletter",
            "newsletter=given",
        ),
        (
            "a1 newsletter=given; a expires newsletter; b2 newsletter=given; b confirms newsletter",
            "newsletter=given",
        ),
        // Of a chain whose submission is not here.
        ("a2 newsletter=given; z confirms newsletter", "newsletter=pending"),
    ]);
}

#[test]
fn withdrawal() {
    check(&[
        ("a1 newsletter=given; a withdraws newsletter", "newsletter=withdrawn"),
        // It bars what needs no consent, of the same kind and channel; other consents stand.
        (
            "a1 newsletter=given partners=given tips=informed offers=informed survey=informed visit=informed ebook=informed; a withdraws newsletter",
            "ebook=informed newsletter=withdrawn offers=objected partners=given survey=informed tips=objected visit=informed",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; b1 tips=informed",
            "newsletter=withdrawn tips=objected",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; b2 tips=informed",
            "newsletter=withdrawn tips=objected",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; b2 tips=informed; b confirms tips=informed",
            "newsletter=withdrawn tips=objected",
        ),
        (
            "b2 tips=informed; a1 newsletter=given; a withdraws newsletter; b confirms tips=informed",
            "newsletter=withdrawn tips=objected",
        ),
        // A consent given later revives no legitimate interest.
        (
            "a1 newsletter=given tips=informed; a withdraws newsletter; b2 newsletter=given tips=informed; b confirms newsletter",
            "newsletter=given tips=objected",
        ),
        (
            "a1 newsletter=given tips=informed; a withdraws newsletter; b1 partners=given",
            "newsletter=withdrawn partners=given tips=objected",
        ),
        // In a chain that did not take effect it cancels that chain's own wish.
        ("a2 newsletter=given; a withdraws newsletter", "newsletter=withdrawn"),
        (
            "a2 newsletter=given; a withdraws newsletter; a confirms newsletter",
            "newsletter=withdrawn",
        ),
        (
            "a2 newsletter=given; a withdraws newsletter; b1 tips=informed",
            "newsletter=withdrawn tips=informed",
        ),
        (
            "a1 newsletter=given tips=informed; b2 newsletter=given; b withdraws newsletter",
            "newsletter=given tips=informed",
        ),
        (
            "a1 newsletter=given; b1 newsletter=given; b withdraws newsletter; b confirms",
            "newsletter=given",
        ),
        // A chain that was in effect once is one's own still.
        (
            "a1 newsletter=given; b2 newsletter=given; b confirms newsletter; a withdraws newsletter",
            "newsletter=withdrawn",
        ),
        // A no is heard although its submission is not here.
        (
            "a1 newsletter=given tips=informed; z withdraws newsletter",
            "newsletter=withdrawn tips=objected",
        ),
        ("z withdraws newsletter", ""),
        // Where there is nothing to take back.
        ("a2 ebook=informed; a withdraws ebook", "ebook=informed"),
        (
            "a1 ebook=informed tips=informed; a withdraws ebook",
            "ebook=informed tips=informed",
        ),
    ]);
}

#[test]
fn objection() {
    check(&[
        ("a1 tips=informed; a objects tips", "tips=objected"),
        (
            "a1 tips=informed offers=informed newsletter=given; a objects tips",
            "newsletter=given offers=objected tips=objected",
        ),
        ("a1 tips=objected; b1 offers=informed", "offers=objected tips=objected"),
        (
            "a1 tips=objected; b2 offers=informed; b confirms offers=informed",
            "offers=objected tips=objected",
        ),
        (
            "a1 tips=objected; b1 newsletter=given",
            "newsletter=given tips=objected",
        ),
        // A submission by itself ends nothing that another chain began, not even through the class.
        ("a1 tips=informed; b1 offers=objected", "offers=objected tips=informed"),
        (
            "a1 tips=informed; b1 offers=objected newsletter=given; b confirms",
            "newsletter=given offers=objected tips=objected",
        ),
        (
            "a1 tips=informed; b1 offers=objected; c1 survey=informed; c objects survey",
            "offers=objected survey=objected tips=informed",
        ),
        (
            "a1 tips=informed; b1 offers=objected; c1 offers=objected; b confirms",
            "offers=objected tips=objected",
        ),
        // In a chain that did not take effect.
        ("a2 tips=informed; a objects tips", "tips=objected"),
        (
            "a2 tips=informed; a objects tips; b1 offers=informed",
            "offers=informed tips=objected",
        ),
        ("a1 tips=informed; b2 tips=informed; b objects tips", "tips=informed"),
        ("a2 tips=objected; b1 offers=informed", "offers=informed tips=objected"),
        ("a1 tips=informed; z objects tips", "tips=objected"),
    ]);
}

#[test]
fn lifting() {
    check(&[
        ("a1 tips=informed; a objects tips; a lifts tips", "tips=informed"),
        // For the class; another purpose of it comes back when the person reads of it.
        (
            "a1 tips=informed offers=informed; a objects tips; a lifts tips",
            "offers=objected tips=informed",
        ),
        (
            "a1 tips=informed offers=informed; a objects tips; a lifts tips offers",
            "offers=informed tips=informed",
        ),
        (
            "a1 tips=informed offers=informed; a objects tips; a lifts tips; b2 offers=informed; b confirms",
            "offers=informed tips=informed",
        ),
        (
            "a1 tips=informed; a objects tips; a lifts tips; b1 offers=informed",
            "offers=informed tips=informed",
        ),
        // The purpose that the person objected to by name waits for its own.
        (
            "a1 tips=informed offers=informed; a objects tips; a objects offers; a lifts tips; b2 offers=informed; b confirms",
            "offers=objected tips=informed",
        ),
        (
            "a1 newsletter=given tips=informed; a withdraws newsletter; a lifts tips",
            "newsletter=withdrawn tips=informed",
        ),
        // For a purpose of the class that is a consent: the bar falls, the consent stays withdrawn.
        (
            "a1 newsletter=given; a withdraws newsletter; a lifts newsletter; b1 tips=informed",
            "newsletter=withdrawn tips=informed",
        ),
        // Not by a chain that proved nothing.
        (
            "a1 tips=informed; a objects tips; b2 tips=informed; b lifts tips",
            "tips=objected",
        ),
        (
            "a1 tips=informed; a objects tips; b2 tips=informed; b confirms; b lifts tips",
            "tips=informed",
        ),
        ("a1 tips=informed; a objects tips; z lifts tips", "tips=objected"),
    ]);
}

#[test]
fn renewal() {
    check(&[
        ("a1 newsletter=given; a renews newsletter", "newsletter=renewed"),
        (
            "a1 newsletter=given; a renews newsletter; a renews newsletter",
            "newsletter=renewed",
        ),
        (
            "a1 newsletter=given; a expires newsletter; a renews newsletter",
            "newsletter=renewed",
        ),
        (
            "a1 newsletter=given tips=informed; a withdraws newsletter; a renews newsletter",
            "newsletter=renewed tips=objected",
        ),
        ("a1 newsletter=not-given; a renews newsletter", "newsletter=not-given"),
        ("a2 newsletter=given; a renews newsletter", "newsletter=pending"),
        (
            "a1 newsletter=given; a withdraws newsletter; b2 newsletter=given; b renews newsletter",
            "newsletter=withdrawn",
        ),
        (
            "a1 newsletter=given; a erases newsletter; a renews newsletter",
            "newsletter=erased",
        ),
        ("a1 tips=informed; a renews tips", "tips=informed"),
        ("a1 newsletter=given; z renews newsletter", "newsletter=given"),
    ]);
}

#[test]
fn expiry() {
    check(&[
        ("a1 newsletter=given; a expires newsletter", "newsletter=expired"),
        (
            "a1 newsletter=given; a renews newsletter; a expires newsletter",
            "newsletter=expired",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; a expires newsletter",
            "newsletter=withdrawn",
        ),
        ("a1 newsletter=not-given; a expires newsletter", "newsletter=not-given"),
        ("a2 newsletter=given; a expires newsletter", "newsletter=pending"),
        ("a1 tips=informed; a expires tips", "tips=informed"),
        // Given anew meanwhile.
        (
            "a1 newsletter=given; b2 newsletter=given; b confirms; a expires newsletter",
            "newsletter=given",
        ),
        ("a1 newsletter=given; z expires newsletter", "newsletter=expired"),
        // Silence is no objection.
        (
            "a1 newsletter=given tips=informed; a expires newsletter",
            "newsletter=expired tips=informed",
        ),
        (
            "a1 newsletter=given; a expires newsletter; a withdraws newsletter; b1 tips=informed",
            "newsletter=withdrawn tips=objected",
        ),
    ]);
}

#[test]
fn erasure() {
    check(&[
        (
            "a1 newsletter=given tips=objected; a erases newsletter tips",
            "newsletter=erased tips=erased",
        ),
        ("a2 newsletter=given; a erases newsletter", "newsletter=erased"),
        (
            "a2 newsletter=given; a erases newsletter; a confirms newsletter",
            "newsletter=erased",
        ),
        // It clears whatever its chain was waiting for.
        (
            "a2 newsletter=given call=given; a erases newsletter; a confirms call",
            "call=erased newsletter=erased",
        ),
        // After it a submission counts as the first.
        (
            "a1 newsletter=given; a erases newsletter; b1 newsletter=not-given",
            "newsletter=not-given",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; a erases newsletter; b1 newsletter=given",
            "newsletter=given",
        ),
        (
            "a1 newsletter=given; a erases newsletter; b2 newsletter=given",
            "newsletter=pending",
        ),
        (
            "a1 newsletter=given; a erases newsletter; b1 newsletter=not-shown",
            "newsletter=erased",
        ),
        // What another chain brought is not gone.
        (
            "a1 newsletter=given; b2 newsletter=given; b erases newsletter",
            "newsletter=given",
        ),
        (
            "a1 newsletter=given; b2 newsletter=given; b confirms; a erases newsletter",
            "newsletter=given",
        ),
        ("a1 newsletter=given; z erases newsletter", "newsletter=erased"),
        // A no outlives it.
        (
            "a1 tips=informed; a objects tips; a erases tips; b1 tips=informed",
            "tips=objected",
        ),
        (
            "a1 newsletter=given; a withdraws newsletter; a erases newsletter; b1 offers=informed",
            "newsletter=erased offers=objected",
        ),
        (
            "a1 newsletter=given; a erases newsletter; a withdraws newsletter; b1 offers=informed",
            "newsletter=erased offers=informed",
        ),
    ]);
}

#[test]
fn rectification_changes_data_only() {
    check(&[
        ("a1 newsletter=given; a corrects", "newsletter=given"),
        ("a2 newsletter=given; a corrects newsletter", "newsletter=pending"),
    ]);
}

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
    let day = |day: i64| time("2026-08-31T12:00:00.000Z").as_millisecond() + super::DAY_MS * day;
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
        assert_eq!(standing.controller, "acme", "controller: {text}");
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
        if let candor_record::record::Record::Submission(submission) = &mut life[0].record {
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
            stored.received = time("2026-08-31T12:00:00.000Z");
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
