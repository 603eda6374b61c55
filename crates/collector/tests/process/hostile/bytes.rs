//! Broken on the level of bytes: cut off, not UTF-8, not JSON, too large, of another media type.

use super::Case;
use crate::made::Draft;

/// Public posts end here: `spec/http.md`.
const LIMIT: usize = 64 * 1024;

pub(super) fn cases(draft: &Draft) -> Vec<Case> {
    let good = draft.signed();
    let mut cases = truncated(&good);
    cases.extend(not_utf_8(&good));
    cases.extend(not_json(&good));
    cases.extend(too_large(&good));
    for content_type in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/problem+json",
        "application/candor-record+json",
        "*/*",
        "json",
    ] {
        cases.push(Case {
            content_type,
            ..Case::new(format!("content type {content_type:?}"), good.clone())
        });
    }
    cases
}

fn truncated(good: &[u8]) -> Vec<Case> {
    let step = good.len() / 60;
    let ends = (0..good.len()).step_by(step).chain(good.len() - 3..good.len());
    ends.map(|end| Case::new(format!("the first {end} bytes"), &good[..end]))
        .collect()
}

fn not_utf_8(good: &[u8]) -> Vec<Case> {
    let mut cases = Vec::new();
    let middle = good.len() / 2;
    for bad in [
        &b"\xff"[..],
        b"\x80",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80",
        b"\xe2\x82",
        b"\0",
        b"\x1f",
        b"\x7f",
    ] {
        for at in [0, 5, middle, good.len()] {
            let mut body = good.to_vec();
            body.splice(at..at, bad.iter().copied());
            cases.push(Case::new(format!("{bad:02x?} at {at}"), body));
        }
    }
    let text = std::str::from_utf8(good).unwrap();
    let wide = |encode: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(encode).collect::<Vec<u8>>();
    cases.push(Case::new("UTF-16, little end first", wide(u16::to_le_bytes)));
    cases.push(Case::new("UTF-16, big end first", wide(u16::to_be_bytes)));
    cases.push(Case::new("byte order mark", [b"\xef\xbb\xbf", good].concat()));
    cases
}

fn not_json(good: &[u8]) -> Vec<Case> {
    let mut cases: Vec<Case> = [
        "",
        " ",
        "\n\n",
        "nul",
        "True",
        "undefined",
        "NaN",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "\"",
        "'x'",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "[1,]",
        "//",
        "<form/>",
        "record=1&disclosures=2",
        "--x\r\n",
        "\u{feff}",
        "\\u007b}",
    ]
    .into_iter()
    .map(|body| Case::new(format!("{body:?}"), body))
    .collect();
    let text = std::str::from_utf8(good).unwrap();
    let last = text.len() - 1;
    for (name, body) in [
        ("trailing comma", format!("{},}}", &text[..last])),
        ("a brace too many", format!("{text}}}")),
        ("twice", format!("{text}{text}")),
        ("a comment", format!("/* */{text}")),
        ("a line comment", format!("{text}//")),
        ("a NUL behind", format!("{text}\0")),
        ("single quotes", text.replace('"', "'")),
        ("no-break space", text.replacen(':', ":\u{a0}", 1)),
        ("JSON within a string", serde_json::to_string(text).unwrap()),
        ("within a list", format!("[{text}]")),
    ] {
        cases.push(Case::new(name, body));
    }
    cases
}

fn too_large(good: &[u8]) -> Vec<Case> {
    let padded = |length: usize| [&vec![b' '; length - good.len()][..], good].concat();
    let text = std::str::from_utf8(good).unwrap();
    let honeypot = |length: usize| format!("{{\"honeypot\":\"{}\",{}", "x".repeat(length), &text[1..]);
    vec![
        Case::new("one byte too long", padded(LIMIT + 1)),
        Case::new("a mebibyte", padded(1 << 20)),
        Case::new("a long honeypot", honeypot(LIMIT)),
        Case::new("three mebibytes", honeypot(3 << 20)),
        Case::new("60,000 brackets", vec![b'['; 60_000]),
        Case::new("60,000 braces", "{\"a\":".repeat(12_000)),
        Case::new("70,000 brackets", vec![b'['; 70_000]),
    ]
}
