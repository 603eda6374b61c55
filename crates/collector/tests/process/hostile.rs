//! Bodies that nobody's widget sends: each is refused with a problem document, stores nothing and harms nobody.

mod bytes;
mod envelope;
mod json;
mod payload;

use crate::fixture::{Fixture, check_problem};
use crate::made::Draft;

/// A body, and what is wrong with it.
struct Case {
    name: String,
    content_type: &'static str,
    body: Vec<u8>,
}

impl Case {
    fn new(name: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            content_type: "application/json",
            body: body.into(),
        }
    }
}

/// Sends every case between two good submissions.
fn check(cases: impl Fn(&Draft) -> Vec<Case>) {
    let fixture = Fixture::start();
    let control = fixture.draft();
    let answer = fixture.submit(&control.signed());
    assert_eq!(answer.status, 201, "the unaltered body is good");
    let rows = fixture.rows();
    assert_eq!(rows[0], 1, "and is stored");

    let draft = fixture.draft();
    for case in cases(&draft) {
        let headers = [("Content-Type", case.content_type)];
        let headers = if case.content_type.is_empty() {
            &[][..]
        } else {
            &headers[..]
        };
        let answer = fixture
            .connect()
            .request("POST", "/v1/submissions", headers, &case.body)
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert!(
            matches!(answer.status, 400 | 409 | 413 | 415 | 422),
            "{}: {} {}",
            case.name,
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        check_problem(&case.name, &answer, answer.status);
        assert_eq!(fixture.rows(), rows, "{}: something was stored", case.name);
    }

    let answer = fixture.submit(&draft.signed());
    assert_eq!(answer.status, 201, "afterwards the same draft, unaltered, is taken");
    assert_eq!(fixture.rows()[0], 2);
    let log = fixture.log();
    assert!(!log.contains("panicked") && !log.contains("hidden-person"), "{log}");
}

#[test]
fn bytes_that_are_no_json() {
    check(bytes::cases);
}

#[test]
fn json_that_is_no_submission() {
    check(json::cases);
}

#[test]
fn envelopes_that_are_none() {
    check(envelope::cases);
}

#[test]
fn payloads_with_a_member_of_another_type() {
    check(payload::other_types);
}

#[test]
fn payloads_with_a_member_missing_or_too_many() {
    check(payload::missing_and_unknown);
}

#[test]
fn other_methods_and_addresses_are_problems_too() {
    let fixture = Fixture::start();
    let check = |method: &str, path: &str, status: u16| {
        let answer = fixture.connect().request(method, path, &[], &[]).unwrap();
        check_problem(&format!("{method} {path}"), &answer, status);
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}");
    };
    check("GET", "/v1/submissions", 405);
    check("PUT", "/v1/submissions", 405);
    check("DELETE", "/v1/forms/ebook-rgpd", 405);
    check("PUT", "/candor.js", 405);
    check("GET", "/v1/forms/unknown", 404);
    check("GET", "/v1/forms/..%2f..%2fCargo.toml", 404);
    check("GET", "/v1/forms/%ff", 400);
    check("GET", "/v1/nothing", 404);
    check("GET", "/v1/forms/ebook-rgpd/compiled/unknown.json", 404);
}
