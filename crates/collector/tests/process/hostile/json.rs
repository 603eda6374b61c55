//! JSON, but not the object that `POST /v1/submissions` takes.

use serde_json::{Value, json};

use super::Case;
use crate::made::{self, Draft};

pub(super) fn cases(draft: &Draft) -> Vec<Case> {
    let good = draft.signed();
    let text = std::str::from_utf8(&good).unwrap();
    let mut cases = other_types(&serde_json::from_slice(&good).unwrap());
    // Behind the first brace: members that the strict reader, or the route, does not take.
    for member in [
        r#""record":null"#,
        r#""disclosures":[]"#,
        r#""\u0072ecord":{}"#,
        r#""unknown":1"#,
        r#""Record":{}"#,
        r#""__proto__":{}"#,
        r#""":0"#,
        r#""proofOfWork":1e400"#,
        r#""proofOfWork":1.5"#,
        r#""proofOfWork":1e2"#,
        r#""proofOfWork":9007199254740992"#,
        r#""proofOfWork":-9007199254740992"#,
        r#""proofOfWork":123456789012345678901234567890"#,
        r#""proofOfWork":01"#,
        r#""proofOfWork":+1"#,
        r#""proofOfWork":-"#,
        r#""proofOfWork":.5"#,
        r#""proofOfWork":1."#,
        r#""proofOfWork":0x10"#,
        r#""proofOfWork":Infinity"#,
        r#""proofOfWork":NaN"#,
        r#""proofOfWork":{"a":1,"a":1}"#,
        r#""proofOfWork":[{"a":{"b":1,"c":2,"b":3}}]"#,
        r#""proofOfWork":1,"proofOfWork":1"#,
        r#""honeypot":"\ud800""#,
        r#""honeypot":"\udc00\ud800""#,
        r#""honeypot":"\ud800\u0041""#,
        r#""honeypot":"\x41""#,
        r#""honeypot":"\u12""#,
        r#""honeypot":"\U0041""#,
        "\"honeypot\":\"\t\"",
        "\"honeypot\":\"\n\"",
        "\"honeypot\":\"\u{1}\"",
        r#""\ud800":1"#,
    ] {
        cases.push(Case::new(member, format!("{{{member},{}", &text[1..])));
    }
    for depth in [32, 64, 1_000, 20_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        cases.push(Case::new(
            format!("{depth} lists in a member"),
            format!("{{\"proofOfWork\":{nested},{}", &text[1..]),
        ));
        let nested = format!(
            "{}1{}",
            "{\"a\":".repeat(depth.min(5_000)),
            "}".repeat(depth.min(5_000))
        );
        cases.push(Case::new(
            format!("{depth} objects in a member"),
            format!("{{\"honeypot\":{nested},{}", &text[1..]),
        ));
    }
    cases.extend(other_disclosures(draft));
    cases
}

/// Every member that a body has, replaced by every other type, and left out.
fn other_types(good: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    let replacements = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(""),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({}),
        json!({ "length": 1 }),
    ];
    for pointer in [
        "",
        "/record",
        "/record/payload",
        "/record/signatures",
        "/record/signatures/0",
        "/record/signatures/0/protected",
        "/record/signatures/0/signature",
        "/disclosures",
        "/disclosures/0",
    ] {
        for replacement in &replacements {
            let mut body = good.clone();
            *body.pointer_mut(pointer).unwrap() = replacement.clone();
            cases.push(Case::new(format!("{pointer} is {replacement}"), body.to_string()));
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut body = good.clone();
        if let Some(Value::Object(members)) = body.pointer_mut(parent).filter(|_| !name.is_empty()) {
            members.remove(name);
            cases.push(Case::new(format!("{pointer} is missing"), body.to_string()));
        }
    }
    cases
}

/// Disclosures that are not what the record says, or none at all.
fn other_disclosures(draft: &Draft) -> Vec<Case> {
    let envelope: Value = serde_json::from_slice::<Value>(&draft.signed()).unwrap()["record"].take();
    let good = draft.disclosures[0].clone();
    let encode = |triple: &Value| candor_record::base64url::encode(triple.to_string().as_bytes());
    let salt = candor_record::base64url::encode(&[7; 16]);
    let many: Vec<String> = (0..500).map(|_| made::disclosure("email", "a@example.org")).collect();
    let foreign = vec![
        ("another value", vec![made::disclosure("email", "b@example.org")]),
        ("none", Vec::new()),
        ("twice the same", vec![good.clone(), good.clone()]),
        ("one more", vec![good.clone(), made::disclosure("given_name", "Ada")]),
        ("five hundred", many),
        ("padded", vec![format!("{good}=")]),
        ("with white space", vec![format!(" {good}")]),
        ("with a tilde", vec![format!("{good}~")]),
        ("cut off", vec![good[..good.len() - 1].to_owned()]),
    ];
    let mut cases: Vec<Case> = foreign
        .into_iter()
        .map(|(name, list)| Case::new(format!("disclosures: {name}"), made::body(&envelope, &list)))
        .collect();
    // These the record vouches for, and they are no disclosures all the same.
    for disclosure in [
        encode(&json!([])),
        encode(&json!([salt, "email"])),
        encode(&json!([salt, "email", "a@example.org", "more"])),
        encode(&json!([salt, "email", 1])),
        encode(&json!([salt, "email", null])),
        encode(&json!([salt, "email", ["a@example.org"]])),
        encode(&json!([salt, "", "a@example.org"])),
        encode(&json!([salt, "E-Mail", "a@example.org"])),
        encode(&json!(["short", "email", "a@example.org"])),
        encode(&json!([1, "email", "a@example.org"])),
        encode(&json!({ "email": "a@example.org" })),
        encode(&json!("email")),
        candor_record::base64url::encode(b"not json"),
        candor_record::base64url::encode(b"[\"\xff\",\"email\",\"x\"]"),
        String::new(),
        "%%%".to_owned(),
        "é".to_owned(),
    ] {
        let name = format!("disclosure {disclosure}");
        cases.push(Case::new(name, draft.clone().disclosing(vec![disclosure]).signed()));
    }
    cases
}
