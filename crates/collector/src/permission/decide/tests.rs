//! The table of the decision: each state at each time, then what only defers.

use candor_record::{
    record::Storage,
    term::{Basis, Kind, RetentionStart},
    time::Timestamp as RecordTime,
};

use super::*;
use crate::ingest::record_time;

const START: &str = "2026-01-31T11:00:00.000Z";

fn time(text: &str) -> Timestamp {
    let text = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T11:00:00Z")
    };
    text.parse().expect("a time")
}

fn record(text: &str) -> RecordTime {
    record_time(time(text))
}

/// A consent for e-mail of 18 months, its data kept three years after the last contact.
fn standing(state: State) -> Standing {
    let given = matches!(state, State::Given | State::Renewed);
    Standing {
        state,
        basis: Basis::Consent,
        kind: Kind::Promotional,
        channel: Channel::Email,
        controller: "acme".into(),
        since: record(START),
        record: "11111111-1111-4111-8111-111111111111".parse().expect("an id"),
        chain: "22222222-2222-4222-8222-222222222222".parse().expect("an id"),
        validity: None,
        valid_until: given.then(|| record("2027-07-31")),
        collected: record(START),
        storage: storage("P3Y", RetentionStart::LastContact),
        ended: state.is_ended().then(|| record(START)),
        barred_by: None,
    }
}

fn storage(retention: &str, from: RetentionStart) -> Storage {
    Storage {
        locations: vec!["FR".into()],
        retention: retention.parse().expect("a period"),
        from,
    }
}

fn interest(state: State) -> Standing {
    Standing {
        basis: Basis::LegitimateInterest,
        valid_until: None,
        ..standing(state)
    }
}

fn service() -> Standing {
    Standing {
        basis: Basis::Contract,
        kind: Kind::Mandatory,
        storage: storage("P30D", RetentionStart::Collection),
        ..interest(State::Informed)
    }
}

fn case<'a>(standing: &'a Standing, purpose: &'a PurposeId, at: &str) -> Case<'a> {
    Case {
        standing,
        purpose,
        channel: Channel::Email,
        at: time(at),
        contact: time(START),
        on_silence: OnSilence::Expire,
        suppressed: false,
        restricted: false,
        holds_number: true,
        frequency: None,
        calls: None,
        sent: None,
        attempts: Vec::new(),
        refused: None,
    }
}

fn purpose() -> PurposeId {
    "newsletter".parse().expect("a purpose id")
}

/// `yes given until 2027-07-31` or `no frequency (given) not before 2026-03-01T…`.
fn spelled(answer: &Answer) -> String {
    let time = |at: Option<Timestamp>, word: &str| {
        at.map_or_else(String::new, |at| {
            format!(" {word} {}", at.to_string().trim_end_matches("T11:00:00Z"))
        })
    };
    let (allowed, reason, status) = (
        if answer.allowed { "yes" } else { "no" },
        answer.reason.as_str(),
        answer.status,
    );
    let (until, not_before) = (time(answer.until, "until"), time(answer.not_before, "not before"));
    format!("{allowed} {reason} ({status}){until}{not_before}")
}

#[test]
fn each_state_at_each_time() {
    let check = |standing: Standing, at: &str, expected: &str| {
        let purpose = purpose();
        let answer = decide(&case(&standing, &purpose, at));
        assert_eq!(spelled(&answer), expected, "{} at {at}", standing.state);
        assert_eq!(answer.record.is_some(), answer.status != "unknown", "{expected}");
    };
    for (state, word) in [(State::Given, "given"), (State::Renewed, "renewed")] {
        let until = format!("yes {word} ({word}) until 2027-07-31");
        check(standing(state), "2026-01-31", &until);
        check(standing(state), "2027-07-31T10:59:59.999Z", &until);
        check(standing(state), "2027-07-31", "no expired (expired)");
        check(standing(state), "2040-01-01", "no expired (expired)");
    }
    for state in [
        State::NotShown,
        State::NotGiven,
        State::Pending,
        State::Held,
        State::Objected,
        State::Withdrawn,
        State::Expired,
        State::Erased,
    ] {
        for at in ["2026-01-31", "2026-06-01", "2040-01-01"] {
            check(standing(state), at, &format!("no {state} ({state})"));
        }
    }
    check(
        interest(State::Informed),
        "2026-02-01",
        "yes informed (informed) until 2029-01-31",
    );
    check(interest(State::Informed), "2029-01-31", "no retention (informed)");
    check(interest(State::Objected), "2026-02-01", "no objected (objected)");
    check(service(), "2026-02-01", "no service (informed)");
    let mut short = standing(State::Given);
    short.storage = storage("P1M", RetentionStart::Collection);
    check(short.clone(), "2026-02-27", "yes given (given) until 2026-02-28");
    check(short, "2026-02-28", "no retention (given)");
    let mut until_withdrawn = standing(State::Given);
    until_withdrawn.storage = storage("P1M", RetentionStart::Withdrawal);
    check(until_withdrawn, "2027-01-01", "yes given (given) until 2027-07-31");
}

#[test]
fn silence_ends_as_the_definition_says() {
    let (standing, purpose) = (standing(State::Given), purpose());
    for (on_silence, expected) in [
        (OnSilence::Expire, "no expired (expired)"),
        (OnSilence::Pause, "no paused (paused)"),
        (OnSilence::Keep, "no lapsed (given)"),
    ] {
        let case = Case {
            on_silence,
            ..case(&standing, &purpose, "2027-08-01")
        };
        assert_eq!(spelled(&decide(&case)), expected);
    }
}

#[test]
fn what_stands_before_the_state() {
    let (standing, purpose) = (standing(State::Given), purpose());
    let given = || case(&standing, &purpose, "2026-02-01");
    let check = |case: Case<'_>, expected: &str| assert_eq!(spelled(&decide(&case)), expected);
    let suppressed = true;
    check(Case { suppressed, ..given() }, "no suppressed (suppressed)");
    let restricted = true;
    check(Case { restricted, ..given() }, "no restricted (restricted)");
    let channel = Channel::Phone;
    check(Case { channel, ..given() }, "no channel (given)");
    let holds_number = false;
    check(
        Case {
            holds_number,
            ..given()
        },
        "no number (given)",
    );
    // A later contact of the person lengthens what ends with the last one.
    let kept = interest(State::Informed);
    let contact = time("2026-06-30");
    let later = Case {
        contact,
        ..case(&kept, &purpose, "2029-02-01")
    };
    check(later, "yes informed (informed) until 2029-06-30");
}

#[test]
fn the_promised_frequency_is_kept() {
    let (standing, purpose) = (standing(State::Given), purpose());
    let check = |sent: &str, at: &str, expected: &str| {
        let case = Case {
            frequency: Some("P1M".parse().expect("a span")),
            sent: Some(time(sent)),
            ..case(&standing, &purpose, at)
        };
        let answer = decide(&case);
        assert_eq!(spelled(&answer), expected, "sent {sent}, asked {at}");
        assert!(answer.limits.is_some_and(|limits| limits.frequency.is_some()));
    };
    let yes = "yes given (given) until 2027-07-31";
    check("2026-02-10", "2026-02-10", "no frequency (given) not before 2026-03-10");
    check(
        "2026-02-10",
        "2026-03-10T10:59:59Z",
        "no frequency (given) not before 2026-03-10",
    );
    check("2026-02-10", "2026-03-10", yes);
    check("2026-01-31", "2026-02-27", "no frequency (given) not before 2026-02-28");
    check("2026-01-31", "2026-02-28", yes);
    // Not before a time at which the consent has ended: then simply no.
    check("2027-07-15", "2027-07-20", "no frequency (given)");
}

#[test]
fn calls_have_hours_attempts_and_pauses() {
    let call = Standing {
        channel: Channel::Phone,
        ..standing(State::Given)
    };
    let purpose = purpose();
    let check = |at: &str, attempts: &[&str], refused: Option<&str>, expected: &str| {
        let case = Case {
            channel: Channel::Phone,
            calls: Profile::find("fr-b2c"),
            attempts: attempts.iter().map(|at| time(at)).collect(),
            refused: refused.map(time),
            ..case(&call, &purpose, at)
        };
        let answer = decide(&case);
        assert_eq!(
            spelled(&answer),
            expected,
            "{at} after {attempts:?}, refused {refused:?}"
        );
        assert!(answer.limits.is_some_and(|limits| limits.calls.is_some()));
    };
    let yes = "yes given (given) until 2027-07-31";
    // 11:00 UTC is noon in Paris; Thursday 5 February 2026.
    check("2026-02-05", &[], None, yes);
    check(
        "2026-02-05T20:00:00Z",
        &[],
        None,
        "no hours (given) not before 2026-02-06T09:00:00Z",
    );
    check(
        "2026-02-07",
        &[],
        None,
        "no hours (given) not before 2026-02-09T09:00:00Z",
    );
    let four = ["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05"];
    check(
        "2026-02-05T12:30:00Z",
        &four[..3],
        None,
        "no hours (given) not before 2026-02-05T13:00:00Z",
    );
    check("2026-02-05T14:00:00Z", &four[..3], None, yes);
    // The fifth within thirty days: 4 March is a Wednesday.
    check("2026-02-06", &four, None, "no attempts (given) not before 2026-03-04");
    check("2026-03-04", &four, None, yes);
    let five = ["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05", "2026-02-06"];
    check("2026-02-09", &five, None, "no attempts (given) not before 2026-03-05");
    // Sixty days after a refusal: 4 April 2026 is a Saturday, the Monday is Easter Monday.
    check(
        "2026-02-09",
        &[],
        Some("2026-02-03"),
        "no refusal (given) not before 2026-04-07T08:00:00Z",
    );
    check(
        "2026-02-09",
        &four,
        Some("2026-02-03"),
        "no refusal (given) not before 2026-04-07T08:00:00Z",
    );
    check("2026-04-07T09:00:00Z", &[], Some("2026-02-03"), yes);
}
