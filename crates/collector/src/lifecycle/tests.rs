//! Lives written as sentences, and everything that time does to them until nothing more is due.
//!
//! `"2026-08-31T12:00 a1 newsletter=given; 2026-09-02 a withdraws newsletter"`: chain a is a submission of a form without
//! double opt-in, a2 of one with; `p` or `k` after the digit is a form that pauses or keeps what nobody renews.

use std::collections::BTreeSet;

use candor_record::{
    record::{Change, FollowUp, Process, Record},
    term::{Actor, Basis, Channel, EventKind, Kind},
    time::Timestamp as RecordTime,
};
use jiff::{SignedDuration, civil::DateTime};
use serde_json::Value;

use super::*;

mod life;
mod properties;

use life::{Story, Sweeps};

/// Purposes of these tests: basis, retention and from when on, validity.
const PURPOSES: [(&str, Basis, &str, &str, &str); 8] = [
    ("ebook", Basis::Contract, "P30D", "collection", ""),
    ("newsletter", Basis::Consent, "P3Y", "last-contact", "P6M"),
    ("call", Basis::Consent, "P3Y", "last-contact", "P6M"),
    ("partners", Basis::ExplicitConsent, "P3Y", "last-contact", "P18M"),
    ("archive", Basis::Consent, "P1Y", "withdrawal", "P6M"),
    ("brief", Basis::Consent, "P20D", "collection", "P10D"),
    ("club", Basis::Consent, "P2Y", "last-contact", "P24M"),
    ("offers", Basis::LegitimateInterest, "P3Y", "last-contact", ""),
];

/// The whole life, sweeping whenever the plan says so: each line of what is done.
#[track_caller]
fn check(story: &str, expected: &[&str]) {
    assert_eq!(
        Story::read(story).told(Sweeps::WhenDue, "2036-01-01"),
        expected,
        "{story}"
    );
}

#[test]
fn a_consent_is_asked_for_three_times_and_ends_in_silence() {
    check(
        "2026-08-31T12:00 a1 newsletter=given",
        &[
            "2027-01-29T00:00 remind newsletter 30",
            "2027-02-21T00:00 remind newsletter 7",
            "2027-02-27T00:00 remind newsletter 1",
            "2027-02-28T12:00 expire newsletter",
            "2027-02-28T12:00 erase a expired",
        ],
    );
}

#[test]
fn months_end_correctly() {
    for (given, until) in [
        ("2026-08-31T12:00 a1 newsletter=given", "2027-02-28T12:00"),
        ("2027-08-31T12:00 a1 newsletter=given", "2028-02-29T12:00"),
        ("2027-08-30T12:00 a1 newsletter=given", "2028-02-29T12:00"),
        ("2027-08-29T23:59 a1 newsletter=given", "2028-02-29T23:59"),
        ("2026-08-31T00:00 a1 partners=given", "2028-02-29T00:00"),
        ("2025-08-31T12:00 a1 partners=given", "2027-02-28T12:00"),
        ("2026-12-31T12:00 a1 partners=given", "2028-06-30T12:00"),
        ("2026-12-30T12:00 a1 partners=given", "2028-06-30T12:00"),
        // Clocks change in Europe on 29 March 2026: the hour in UTC stays.
        ("2026-03-28T23:30 a1 newsletter=given", "2026-09-28T23:30"),
        ("2026-03-31T00:00 a1 newsletter=given", "2026-09-30T00:00"),
        ("2028-02-29T12:00 a1 partners=given", "2029-08-29T12:00"),
    ] {
        let told = Story::read(given).told(Sweeps::WhenDue, "2036-01-01");
        let expiry = told.iter().find(|line| line.contains("expire"));
        assert!(expiry.is_some_and(|line| line.starts_with(until)), "{given}: {told:?}");
    }
}

#[test]
fn consents_of_one_day_share_a_letter() {
    check(
        "2026-08-30T23:59 a2 newsletter=given call=given ebook=informed; 2026-08-31T12:00 a confirms newsletter call",
        &[
            "2027-01-29T00:00 remind call newsletter 30",
            "2027-02-21T00:00 remind call newsletter 7",
            "2027-02-27T00:00 remind call newsletter 1",
            "2027-02-28T12:00 expire call newsletter",
            "2027-02-28T12:00 erase a expired",
        ],
    );
    // Of different hours of that day, and of different days.
    check(
        "2026-09-10T08:00 a1 newsletter=given; 2026-09-10T20:00 b1 call=given",
        &[
            "2027-02-08T00:00 remind call newsletter 30",
            "2027-03-03T00:00 remind call newsletter 7",
            "2027-03-09T00:00 remind call newsletter 1",
            "2027-03-10T08:00 expire newsletter",
            "2027-03-10T08:00 erase a expired",
            "2027-03-10T20:00 expire call",
            "2027-03-10T20:00 erase b expired",
        ],
    );
    check(
        "2026-09-10T08:00 a1 newsletter=given; 2026-09-13T08:00 b1 call=given; 2027-02-09 a withdraws newsletter",
        &[
            "2027-02-08T00:00 remind newsletter 30",
            "2027-02-09T00:00 erase a withdrawn",
            "2027-02-11T00:00 remind call 30",
            "2027-03-06T00:00 remind call 7",
            "2027-03-12T00:00 remind call 1",
            "2027-03-13T08:00 expire call",
            "2027-03-13T08:00 erase b expired",
        ],
    );
}

#[test]
fn renewing_arms_anew() {
    check(
        "2026-08-31T12:00 a1 newsletter=given; 2027-02-22T09:00 a renews newsletter",
        &[
            "2027-01-29T00:00 remind newsletter 30",
            "2027-02-21T00:00 remind newsletter 7",
            "2027-07-23T00:00 remind newsletter 30",
            "2027-08-15T00:00 remind newsletter 7",
            "2027-08-21T00:00 remind newsletter 1",
            "2027-08-22T09:00 expire newsletter",
            "2027-08-22T09:00 erase a expired",
        ],
    );
}

#[test]
fn what_silence_does_is_the_forms_word() {
    for letter in ["p", "k"] {
        check(
            &format!("2026-08-31T12:00 a1{letter} newsletter=given"),
            &[
                "2027-01-29T00:00 remind newsletter 30",
                "2027-02-21T00:00 remind newsletter 7",
                "2027-02-27T00:00 remind newsletter 1",
                // Not contacted any more: it goes without a further question.
                "2029-08-31T12:00 erase a retention",
            ],
        );
    }
}

#[test]
fn a_late_sweep_makes_nothing_up() {
    let late = |times: &[&str], expected: &[&str]| {
        let story = Story::read("2026-08-31T12:00 a1 newsletter=given");
        assert_eq!(story.told_at(times), expected, "{times:?}");
    };
    late(&["2027-02-23"], &["2027-02-23T00:00 remind newsletter 7"]);
    late(
        &["2027-02-20", "2027-02-27T13:00"],
        &[
            "2027-02-20T00:00 remind newsletter 30",
            "2027-02-27T13:00 remind newsletter 1",
        ],
    );
    late(
        &["2027-01-29", "2027-01-29", "2027-02-20T23:00"],
        &["2027-01-29T00:00 remind newsletter 30"],
    );
    late(
        &["2027-02-28T12:00"],
        &["2027-02-28T12:00 expire newsletter", "2027-02-28T12:00 erase a expired"],
    );
    late(
        &["2035-01-01"],
        &["2035-01-01T00:00 expire newsletter", "2035-01-01T00:00 erase a expired"],
    );
}

#[test]
fn a_short_consent_has_no_notice_from_before_it_was_given() {
    check(
        "2026-08-31T12:00 a1 brief=given",
        &[
            "2026-09-03T00:00 remind brief 7",
            "2026-09-09T00:00 remind brief 1",
            "2026-09-10T12:00 expire brief",
            "2026-09-10T12:00 erase a expired",
        ],
    );
}

#[test]
fn nobody_is_written_to_without_a_mailbox() {
    let mut story = Story::read("2026-08-31T12:00 a1 newsletter=given offers=informed");
    story.reachable = false;
    let told = story.told(Sweeps::WhenDue, "2036-01-01");
    assert_eq!(
        told,
        [
            "2027-02-28T12:00 expire newsletter",
            "2029-08-31T12:00 erase a retention"
        ]
    );
}

#[test]
fn data_end_with_their_reason() {
    check(
        "2026-08-31T12:00 a1 ebook=informed newsletter=not-given",
        &["2026-09-30T12:00 erase a retention"],
    );
    check(
        "2026-08-31T12:00 a1 newsletter=given; 2026-10-01 a withdraws newsletter",
        &["2026-10-01T00:00 erase a withdrawn"],
    );
    check(
        "2026-08-31T12:00 a1 newsletter=given ebook=informed; 2026-09-01 a withdraws newsletter",
        &["2026-09-30T12:00 erase a retention"],
    );
    check(
        "2026-08-31T12:00 a1 offers=informed; 2026-10-01 a objects offers",
        &["2026-10-01T00:00 erase a withdrawn"],
    );
    // From withdrawal on: not before it is withdrawn, and an end in silence is one too.
    check(
        "2026-08-31T12:00 a1 archive=given; 2026-10-01 a withdraws archive",
        &["2027-10-01T00:00 erase a withdrawn"],
    );
    check(
        "2026-08-31T12:00 a1k archive=given",
        &[
            "2027-01-29T00:00 remind archive 30",
            "2027-02-21T00:00 remind archive 7",
            "2027-02-27T00:00 remind archive 1",
        ],
    );
    // Nothing was ever said yes to.
    check(
        "2026-08-31T12:00 a1 newsletter=not-given",
        &["2026-08-31T12:00 erase a unconfirmed"],
    );
}

#[test]
fn what_was_never_confirmed_goes() {
    check(
        "2026-08-31T12:00 a2 newsletter=given",
        &["2026-09-03T12:00 erase a unconfirmed"],
    );
    // The service goes on for its own time.
    check(
        "2026-08-31T12:00 a2 newsletter=given ebook=informed",
        &["2026-09-30T12:00 erase a retention"],
    );
    // Confirmed once, sent again and not confirmed: the first stays, the second goes.
    check(
        "2026-08-31T12:00 a1 archive=given; 2026-09-01T12:00 b2 archive=given; 2026-12-01 a withdraws archive",
        &[
            "2026-09-04T12:00 erase b unconfirmed",
            "2027-12-01T00:00 erase a withdrawn",
        ],
    );
}

#[test]
fn what_a_later_submission_replaced_goes() {
    check(
        "2026-08-31T12:00 a1k club=given; 2026-09-10T12:00 b2k club=given; 2026-09-11T12:00 b confirms club",
        &[
            "2026-09-11T12:00 erase a superseded",
            "2028-08-12T00:00 remind club 30",
            "2028-08-12T00:00 ask club",
            "2028-09-04T00:00 remind club 7",
            "2028-09-10T00:00 remind club 1",
            "2028-09-11T12:00 erase b retention",
        ],
    );
}

#[test]
fn a_refusal_stays_as_long_as_what_it_holds_down() {
    // Without b's withdrawal, a's consent would seem to live.
    check(
        "2026-08-31T12:00 a1 newsletter=given ebook=informed; 2026-09-02 b1 newsletter=given; 2026-09-03 b confirms newsletter; 2026-09-04 b withdraws newsletter",
        &[
            "2026-09-30T12:00 erase a retention",
            "2026-09-30T12:00 erase b withdrawn",
        ],
    );
    check(
        "2026-08-31T12:00 a1 offers=informed ebook=informed; 2026-09-02 b1 newsletter=given; 2026-09-04 b withdraws newsletter",
        &[
            "2026-09-30T12:00 erase a retention",
            "2026-09-30T12:00 erase b withdrawn",
        ],
    );
}

#[test]
fn before_data_go_the_person_is_asked() {
    check(
        "2026-08-31T12:00 a1 offers=informed",
        &["2029-08-01T00:00 ask offers", "2029-08-31T12:00 erase a retention"],
    );
    // A contact of the person counts from then on, also the answer to the question.
    check(
        "2026-08-31T12:00 a1 offers=informed; 2027-01-01 contact; 2029-12-15 contact",
        &[
            "2029-12-02T00:00 ask offers",
            "2032-11-15T00:00 ask offers",
            "2032-12-15T00:00 erase a retention",
        ],
    );
}
