//! Robots against the binary: a solved challenge counts once among several processes and across a `kill -9`, the log
//! names nobody, and options that contradict sense are refused before anything is opened.

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use candor_record::base64url;
use serde_json::{Value, json};

use crate::client::{Answer, Connection};
use crate::command;
use crate::fixture::{Fixture, MAILBOX, check_problem, slug};
use crate::made::ORIGIN;
use crate::server::Server;

/// As every process of these tests runs.
const OPTIONS: [&str; 6] = [
    "--public-url",
    "http://127.0.0.1:9",
    "--proof-of-work",
    "always",
    "--proof-of-work-cost",
    "1",
];

fn solve(answer: &Answer) -> String {
    check_problem("work", answer, 422);
    assert_eq!(slug(answer), "proof-of-work");
    let challenge: Challenge = serde_json::from_value(answer.json()["challenge"].take()).unwrap();
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge))
        .unwrap()
        .unwrap();
    let payload = serde_json::to_vec(&Payload { challenge, solution }).unwrap();
    base64url::encode(&payload)
}

fn with_proof(body: &[u8], proof: &str) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(body).unwrap();
    body["proofOfWork"] = json!(proof);
    serde_json::to_vec(&body).unwrap()
}

fn submit(server: &Server, body: &[u8]) -> Answer {
    Connection::open(server.address())
        .post("/v1/submissions", body)
        .unwrap()
}

#[test]
fn a_solved_challenge_counts_once_among_processes_and_after_a_crash() {
    let fixture = Fixture::start_with(&OPTIONS);
    let start = || Server::start(fixture.folder.path(), &[&["--origin", ORIGIN], &OPTIONS[..]].concat());
    let beside = start();
    let body = fixture.draft().signed();
    // Asked by one process, answered to the other: nothing is kept where it was asked.
    let proof = solve(&fixture.submit(&body));
    assert_eq!(submit(&beside, &with_proof(&body, &proof)).status, 201);
    let other = fixture.draft().signed();
    let check_refused = |name: &str, answer: &Answer| {
        check_problem(name, answer, 422);
        assert_eq!(slug(answer), "proof-of-work", "{name}");
    };
    check_refused("the same process", &submit(&beside, &with_proof(&other, &proof)));
    check_refused("the other process", &fixture.submit(&with_proof(&other, &proof)));
    beside.kill();
    let after = start();
    check_refused("after a crash", &submit(&after, &with_proof(&other, &proof)));
    assert_eq!(
        submit(&after, &with_proof(&body, &proof)).status,
        200,
        "the same submission again"
    );
    let fresh = solve(&submit(&after, &other));
    assert_eq!(fixture.submit(&with_proof(&other, &fresh)).status, 201);
}

#[test]
fn one_challenge_sent_many_times_at_once_records_one() {
    let fixture = Fixture::start_with(&OPTIONS);
    let proof = solve(&fixture.submit(&fixture.draft().signed()));
    let bodies: Vec<_> = (0..12).map(|_| with_proof(&fixture.draft().signed(), &proof)).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = bodies
            .iter()
            .map(|body| scope.spawn(|| fixture.submit(body).status))
            .collect();
        tries.into_iter().map(|attempt| attempt.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 422).count(),
        11,
        "{statuses:?}"
    );
    assert_eq!(fixture.rows()[..2], [1, 1]);
}

#[test]
fn the_log_says_what_was_asked_and_of_nobody() {
    let fixture = Fixture::start_with(&OPTIONS);
    let mut body: Value = serde_json::from_slice(&fixture.draft().signed()).unwrap();
    body["honeypot"] = json!("https://casino.example");
    let body = serde_json::to_vec(&body).unwrap();
    let proof = solve(&fixture.submit(&body));
    assert_eq!(fixture.submit(&with_proof(&body, &proof)).status, 201);
    let log = fixture.log();
    for personal in [MAILBOX, "casino", "peer=", "client="] {
        assert!(!log.contains(personal), "{personal} in {log}");
    }
    let metrics = fixture.connect().request("GET", "/metrics", &[], &[]).unwrap();
    let text = String::from_utf8(metrics.body).unwrap();
    for line in [
        "candor_robot_signs_total{sign=\"trap\"} 1",
        "candor_work_total{step=\"done\"} 1",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("127.0.0.1") && !text.contains("ebook"), "{text}");
}

#[test]
fn options_are_explained_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let help = command::check(folder.path(), &["serve", "--help"], b"", 0);
    for option in [
        "--proof-of-work <WHEN>",
        "--proof-of-work-above <N>",
        "--proof-of-work-above-per-form <N>",
        "--proof-of-work-cost <N>",
        "--proof-of-work-wait <SECONDS>",
        "--limit-per-form <N>",
        "suspicious",
    ] {
        assert!(help.contains(option), "{option} in {help}");
    }
    let check_refused = |arguments: &[&str], expected: &str| {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], arguments].concat();
        let output = command::candor(folder.path(), &arguments, b"");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains(expected),
            "{arguments:?}: {told}"
        );
    };
    check_refused(&["--proof-of-work", "sometimes"], "always");
    check_refused(&["--proof-of-work-cost", "0"], "1 to 50000");
    check_refused(&["--proof-of-work-cost", "50001"], "1 to 50000");
    check_refused(&["--proof-of-work-wait", "121"], "1 to 120");
    assert!(!folder.path().join("data").exists(), "nothing was opened");
}
