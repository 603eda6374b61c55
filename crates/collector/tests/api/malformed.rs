//! Bad input: whatever comes, the answer is a 4xx problem document, and nothing is stored.

use crate::support::{ADA, TestApp, ebook};

fn corpus(good: &str) -> Vec<(String, Vec<u8>)> {
    let mut corpus: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: String, body: Vec<u8>| corpus.push((name, body));
    for at in (0..good.len()).step_by(good.len() / 60) {
        add(format!("truncated at {at}"), good.as_bytes()[..at].to_vec());
    }
    for (number, value) in [
        "null", "true", "0", "-1", "1.5", "1e999", "\"\"", "\"x\"", "[]", "{}", "[[]]",
    ]
    .into_iter()
    .enumerate()
    {
        add(format!("root {number}"), value.as_bytes().to_vec());
        add(
            format!("record {number}"),
            format!("{{\"record\":{value},\"disclosures\":[]}}").into_bytes(),
        );
        let disclosures = good.find("\"disclosures\":[").expect("a member");
        let end = good[disclosures..].find(']').expect("an end") + disclosures + 1;
        if value != "[]" {
            add(
                format!("disclosures {number}"),
                format!("{}\"disclosures\":{value}{}", &good[..disclosures], &good[end..]).into_bytes(),
            );
        }
        for member in ["payload", "signatures", "protected", "signature"] {
            let start = good.find(&format!("\"{member}\":")).expect("a member") + member.len() + 3;
            let open = good.as_bytes()[start];
            let length = if open == b'[' {
                good[start..].find("]}").expect("an end") + 1
            } else {
                good[start + 1..].find('"').expect("an end") + 2
            };
            add(
                format!("{member} {number}"),
                format!("{}{value}{}", &good[..start], &good[start + length..]).into_bytes(),
            );
        }
    }
    for depth in [33, 100, 1000, 30_000] {
        add(
            format!("{depth} deep lists"),
            [vec![b'['; depth], vec![b']'; depth]].concat(),
        );
        add(
            format!("{depth} deep objects"),
            "{\"a\":".repeat(depth.min(12_000)).into_bytes(),
        );
        add(
            format!("{depth} deep in the record"),
            format!(
                "{{\"record\":{}{},\"disclosures\":[]}}",
                "[".repeat(depth),
                "]".repeat(depth)
            )
            .into_bytes(),
        );
    }
    for byte in [0x00, 0x80, 0xbf, 0xc0, 0xc1, 0xe2, 0xed, 0xf5, 0xfe, 0xff] {
        let mut body = good.as_bytes().to_vec();
        body[good.len() / 2] = byte;
        add(format!("byte {byte:#x} inside"), body);
        add(format!("byte {byte:#x} in front"), [&[byte], good.as_bytes()].concat());
        add(format!("byte {byte:#x} behind"), [good.as_bytes(), &[byte]].concat());
    }
    for text in ["\\ud800", "\\udc00", "\\u0000x\\", "\\x", "\u{7f}\n"] {
        add(
            format!("text {}", text.escape_default()),
            format!("{{\"record\":{{}},\"disclosures\":[\"{text}\"]}}").into_bytes(),
        );
    }
    for member in [
        "record",
        "disclosures",
        "payload",
        "signatures",
        "protected",
        "signature",
    ] {
        add(
            format!("{member} twice"),
            good.replacen(&format!("\"{member}\":"), &format!("\"{member}\":1,\"{member}\":"), 1)
                .into_bytes(),
        );
        add(
            format!("{member} missing"),
            good.replacen(&format!("\"{member}\":"), "\"other\":", 1).into_bytes(),
        );
    }
    for size in [64 * 1024 + 1, 100_000, 1_000_000, 5_000_000] {
        add(format!("{size} blanks"), vec![b' '; size]);
        add(
            format!("{size} letters"),
            format!("{{\"record\":\"{}\"}}", "a".repeat(size)).into_bytes(),
        );
    }
    for extra in ["x", "{}", "]", ",", "\u{feff}", "//", "NaN"] {
        add(format!("{extra:?} behind"), format!("{good}{extra}").into_bytes());
        add(format!("{extra:?} in front"), format!("{extra}{good}").into_bytes());
    }
    corpus
}

#[tokio::test]
async fn malformed_bodies_get_problem_documents() {
    let app = TestApp::start().await;
    let good = ebook(&app, &[], &[ADA]).await.sign().to_string();
    let corpus = corpus(&good);
    assert!(corpus.len() >= 200, "{} bodies", corpus.len());
    for (name, body) in corpus {
        let answer = app.submit_bytes(body).await;
        assert!(
            answer.status.is_client_error(),
            "{name}: {} {}",
            answer.status,
            answer.text()
        );
        let slug = answer.problem();
        assert!(
            ["malformed", "too-large", "forged", "unknown-definition", "unacceptable"].contains(&slug.as_str()),
            "{name}: {slug}"
        );
    }
    for table in ["records", "leads", "links", "outbox"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(
        app.submit_bytes(good.into_bytes()).await.status.as_u16(),
        201,
        "the good one is good"
    );
}
