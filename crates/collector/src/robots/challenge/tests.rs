//! A challenge is good once solved, for its form and its time, and for nothing else.

use altcha::{Solution, SolveChallengeOptions, solve_challenge};
use jiff::SignedDuration;

use super::*;
use crate::clock::SystemRandomness;

/// Small: what is tested here is no strength.
const COST: u32 = 2;

fn links() -> LinkKey {
    LinkKey::new(&[1; 32])
}

fn now() -> Timestamp {
    // Long past for the system's clock, on which nothing here may depend.
    Timestamp::from_second(1_500_000_000).expect("in range")
}

fn challenge() -> Challenge {
    make(&links(), &SystemRandomness, "ebook", COST, now()).expect("a challenge")
}

/// By the library's own solver.
fn solved(challenge: &Challenge) -> Solution {
    let options = SolveChallengeOptions::new(challenge);
    solve_challenge(options).expect("readable").expect("in time")
}

/// As a browser's `btoa` writes it.
fn payload(challenge: &Challenge, solution: &Solution) -> String {
    let payload = Payload {
        challenge: challenge.clone(),
        solution: solution.clone(),
    };
    let text = base64url::encode(&serde_json::to_vec(&payload).expect("JSON"));
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text.replace('-', "+").replace('_', "/") + &padding
}

fn check(form: &str, text: &str, at: Timestamp, expected: Result<(), NoProof>) {
    let outcome = verify(&links(), form, text, at).map(|_| ());
    assert_eq!(outcome, expected, "{form} {text}");
}

#[test]
fn a_solution_counts_for_its_form_and_its_time() {
    let challenge = challenge();
    let text = payload(&challenge, &solved(&challenge));
    let last = now() + CHALLENGE_LIVES - SignedDuration::from_secs(1);
    check("ebook", &text, now(), Ok(()));
    check("ebook", &text, last, Ok(()));
    check("ebook", &text, now() + CHALLENGE_LIVES, Err(NoProof::Expired));
    check("webinar", &text, now(), Err(NoProof::OtherForm));
    let elsewhere = verify(&LinkKey::new(&[2; 32]), "ebook", &text, now());
    assert_eq!(elsewhere, Err(NoProof::Forged), "another collector's key");
}

#[test]
fn the_same_challenge_is_known_again_and_another_is_another() {
    let (one, other) = (challenge(), challenge());
    let spent = |challenge: &Challenge| {
        let mut solution = solved(challenge);
        solution.time = Some(1.0);
        verify(&links(), "ebook", &payload(challenge, &solution), now()).expect("good")
    };
    assert_eq!(spent(&one), spent(&one));
    assert_ne!(spent(&one).digest, spent(&other).digest);
    assert_eq!(spent(&one).expires, now() + CHALLENGE_LIVES);
}

#[test]
fn the_effort_is_within_a_factor_of_two() {
    for _ in 0..20 {
        let counter = solved(&challenge()).counter;
        assert!(TRIES.contains(&counter), "{counter}");
    }
}

#[test]
fn what_was_altered_is_refused() {
    let good = challenge();
    let solution = solved(&good);
    let altered = |change: &dyn Fn(&mut Challenge)| {
        let mut altered = good.clone();
        change(&mut altered);
        check("ebook", &payload(&altered, &solution), now(), Err(NoProof::Forged));
    };
    altered(&|challenge| challenge.signature = None);
    altered(&|challenge| challenge.signature = Some("00".repeat(32)));
    altered(&|challenge| challenge.parameters.cost = 1);
    altered(&|challenge| challenge.parameters.key_prefix = "00".to_owned());
    altered(&|challenge| challenge.parameters.key_signature = None);
    altered(&|challenge| challenge.parameters.expires_at = None);
    altered(&|challenge| challenge.parameters.data = None);
    altered(&|challenge| challenge.parameters.expires_at = challenge.parameters.expires_at.map(|at| at + 60));
}

#[test]
fn what_is_not_solved_is_refused() {
    let good = challenge();
    let solution = solved(&good);
    let check_solution = |change: &dyn Fn(&mut Solution)| {
        let mut wrong = solution.clone();
        change(&mut wrong);
        check("ebook", &payload(&good, &wrong), now(), Err(NoProof::Unsolved));
    };
    check_solution(&|wrong| wrong.derived_key = "00".repeat(32));
    check_solution(&|wrong| wrong.derived_key = String::new());
    check_solution(&|wrong| wrong.derived_key = "no hexadecimal".to_owned());
    // What the challenge shows of the key is half of it.
    check_solution(&|wrong| wrong.derived_key = good.parameters.key_prefix.clone() + &"00".repeat(16));
    for text in ["", "=", "e30=", "bm8ganNvbg==", "!!!", &"A".repeat(5_000)] {
        check("ebook", text, now(), Err(NoProof::Unreadable));
    }
}
