//! What is asked of a post beside its record: an id of its own, a site that may, the fields that were asked for. And the plain post.

use serde_json::{Value, json};

use crate::fixture::{Fixture, MAILBOX, check_problem, slug};
use crate::made::{self, Draft, ORIGIN};

#[test]
fn an_id_stands_for_one_submission() {
    let fixture = Fixture::start();
    let draft = fixture.draft();
    let body = draft.signed();
    let first = fixture.submit(&body);
    assert_eq!(first.status, 201, "{}", first.json());
    let rows = fixture.rows();

    let check_same = |name: &str, body: &[u8]| {
        let again = fixture.submit(body);
        assert_eq!(again.status, 200, "{name}: {}", again.json());
        assert_eq!(again.body, first.body, "{name}");
    };
    check_same("the same bytes", &body);
    check_same("signed by another key", &draft.signed());
    check_same("with white space", &[b" \n", &body[..], b"\t"].concat());

    let mut other = draft.clone();
    other.record["signals"]["gpc"] = json!(true);
    let answer = fixture.submit(&other.signed());
    check_problem("another payload", &answer, 409);
    assert_eq!(slug(&answer), "conflict");

    let envelope = serde_json::from_slice::<Value>(&body).unwrap()["record"].take();
    for disclosures in [vec![], vec![made::disclosure("email", MAILBOX)]] {
        let answer = fixture.submit(&made::body(&envelope, &disclosures));
        assert!(matches!(answer.status, 409 | 422), "only a receipt: {}", answer.status);
        check_problem("only a receipt", &answer, answer.status);
    }
    assert_eq!(fixture.rows(), rows, "nothing was added");
}

#[test]
fn other_sites_may_not_submit() {
    let fixture = Fixture::start();
    let check = |origin: Option<&str>, status: u16| {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(origin.map(|origin| ("Origin", origin)));
        let body = fixture.draft().signed();
        let answer = fixture
            .connect()
            .request("POST", "/v1/submissions", &headers, &body)
            .unwrap();
        assert_eq!(answer.status, status, "{origin:?}: {}", answer.json());
        if status == 403 {
            check_problem("origin", &answer, 403);
        } else {
            assert_eq!(answer.header("access-control-allow-origin"), origin);
        }
    };
    check(None, 201);
    check(Some(ORIGIN), 201);
    check(Some("https://attacker.example"), 403);
    check(Some("https://www.acme.example.attacker.example"), 403);
    check(Some("http://www.acme.example"), 403);
    check(Some("https://www.acme.example:8443"), 403);
    check(Some("null"), 403);
    check(Some(""), 403);
    // Admitted, but not where the record says that it was made.
    check(Some(&format!("http://{}", fixture.server.address())), 403);
}

#[test]
fn fields_are_those_that_were_asked_for() {
    let fixture = Fixture::start();
    let check = |name: &str, fields: &[(&str, &str)], status: u16| {
        let disclosures = fields
            .iter()
            .map(|(field, value)| made::disclosure(field, value))
            .collect();
        let answer = fixture.submit(&fixture.draft().disclosing(disclosures).signed());
        assert_eq!(answer.status, status, "{name}: {}", answer.json());
        if status != 201 {
            check_problem(name, &answer, status);
        }
    };
    check("the address alone", &[("email", MAILBOX)], 201);
    check(
        "with the optional name",
        &[("email", MAILBOX), ("given_name", "Ada")],
        201,
    );
    check("no address", &[], 422);
    check("no address, but a name", &[("given_name", "Ada")], 422);
    check("an empty address", &[("email", "")], 422);
    check("an address of white space", &[("email", "  ")], 422);
    check("no mailbox", &[("email", "hidden-person")], 422);
    check(
        "a header in the address",
        &[("email", "hidden-person@example.org\r\nBcc: a@example.org")],
        422,
    );
    check("two addresses", &[("email", "a@example.org, b@example.org")], 422);
    check(
        "undeclared",
        &[("email", MAILBOX), ("iban", "FR7630006000011234567890189")],
        422,
    );
    check(
        "the phone of a purpose not chosen",
        &[("email", MAILBOX), ("phone", "+33199001234")],
        422,
    );
    check("a field twice", &[("email", MAILBOX), ("email", "b@example.org")], 422);
    check(
        "a name without end",
        &[("email", MAILBOX), ("given_name", &"n".repeat(5_001))],
        422,
    );
}

#[test]
fn plain_posts_are_read_as_strictly() {
    let fixture = Fixture::start();
    let record = &fixture.compiled["record"]["form"];
    let hidden = format!(
        "candor-version={}&candor-texts={}&candor-language=fr",
        record["version"].as_str().unwrap(),
        record["texts"].as_str().unwrap()
    );
    let form = "application/x-www-form-urlencoded";
    let check = |name: &str, content_type: &str, body: &[u8], statuses: &[u16]| {
        let headers = [("Content-Type", content_type)];
        let rows = fixture.rows();
        let answer = fixture
            .connect()
            .request("POST", "/f/ebook-rgpd", &headers, body)
            .unwrap();
        let text = String::from_utf8_lossy(&answer.body);
        assert!(statuses.contains(&answer.status), "{name}: {} {text}", answer.status);
        assert_eq!(fixture.rows() == rows, answer.status != 303, "{name}");
    };
    let good = format!("{hidden}&email=ada%40example.org");
    check("the control", form, good.as_bytes(), &[303]);
    check("nothing", form, b"", &[400, 422]);
    check("no hidden members", form, b"email=ada%40example.org", &[400, 422]);
    check("no address", form, hidden.as_bytes(), &[422]);
    check("no mailbox", form, format!("{hidden}&email=ada").as_bytes(), &[422]);
    check(
        "a header",
        form,
        format!("{hidden}&email=ada%40example.org%0d%0aBcc:x").as_bytes(),
        &[422],
    );
    check(
        "no UTF-8",
        form,
        &[hidden.as_bytes(), b"&email=\xff"].concat(),
        &[400, 422],
    );
    check(
        "no UTF-8, escaped",
        form,
        format!("{hidden}&email=%ff%fe").as_bytes(),
        &[400, 422],
    );
    check("half an escape", form, format!("{hidden}&email=%4").as_bytes(), &[422]);
    check(
        "another version",
        form,
        b"candor-version=x&candor-texts=y&email=ada%40example.org",
        &[400, 422],
    );
    check(
        "a call without a phone",
        form,
        format!("{good}&purpose.call=yes").as_bytes(),
        &[422],
    );
    check(
        "too large",
        form,
        &[good.as_bytes(), b"&x=", &vec![b'x'; 65_536]].concat(),
        &[413],
    );
    check("60,000 members", form, "a&".repeat(30_000).as_bytes(), &[400, 422]);
    check("JSON", "application/json", &fixture.draft().signed(), &[415]);
    check("another type", "text/plain", good.as_bytes(), &[415]);
    let answer = fixture
        .connect()
        .request("POST", "/f/unknown", &[("Content-Type", form)], good.as_bytes())
        .unwrap();
    check_problem("an unknown form", &answer, 404);
    let draft = Draft::new(&fixture.compiled, MAILBOX);
    assert_eq!(fixture.submit(&draft.signed()).status, 201);
}
