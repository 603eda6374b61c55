//! Envelopes and headers that `spec/record.md` §1 does not know, and signatures that do not hold.

use candor_record::base64url;
use candor_record::canonical::canonical_json;
use serde_json::{Value, json};

use super::Case;
use crate::made::{self, Device, Draft};

pub(super) fn cases(draft: &Draft) -> Vec<Case> {
    let device = Device::new();
    let payload = canonical_json(&draft.record);
    let good = device.envelope(&canonical_json(&device.header()), &payload);
    let mut cases = spellings(draft, &good);
    cases.extend(signature_lists(draft, &device, &good));
    cases.extend(signatures(draft, &good));
    cases.extend(headers(draft, &device, &payload));
    cases.extend(texts(draft, &device, &payload));
    cases
}

fn case(draft: &Draft, name: impl Into<String>, envelope: &Value) -> Case {
    Case::new(name, made::body(envelope, &draft.disclosures))
}

/// A base64url text in every spelling but the strict one.
fn spellings(draft: &Draft, good: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    for pointer in ["/payload", "/signatures/0/protected", "/signatures/0/signature"] {
        let text = good.pointer(pointer).unwrap().as_str().unwrap();
        for (name, spelled) in [
            ("padded", format!("{text}=")),
            ("padded twice", format!("{text}==")),
            ("a space before", format!(" {text}")),
            ("a line break behind", format!("{text}\n")),
            ("a line break within", format!("{}\r\n{}", &text[..9], &text[9..])),
            ("a plus", format!("+{}", &text[1..])),
            ("a slash", format!("{}/", &text[..text.len() - 1])),
            ("a dot", format!("{text}.")),
            ("a letter too few", text[..text.len() - 1].to_owned()),
            ("a letter too many", format!("{text}A")),
            ("no ASCII", format!("{text}é")),
            ("doubled", format!("{text}{text}")),
        ] {
            let mut envelope = good.clone();
            *envelope.pointer_mut(pointer).unwrap() = json!(spelled);
            cases.push(case(draft, format!("{pointer}: {name}"), &envelope));
        }
    }
    // 64 bytes leave four unused bits in the last letter.
    let mut envelope = good.clone();
    let signature = good["signatures"][0]["signature"].as_str().unwrap();
    let (head, last) = signature.split_at(signature.len() - 1);
    let next = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        _ => "x",
    };
    envelope["signatures"][0]["signature"] = json!(format!("{head}{next}"));
    cases.push(case(draft, "trailing bits", &envelope));
    cases
}

/// Too few signatures, too many, of the wrong role, or with members of their own.
fn signature_lists(draft: &Draft, device: &Device, good: &Value) -> Vec<Case> {
    let first = good["signatures"][0].clone();
    let payload = canonical_json(&draft.record);
    let second = Device::new();
    let other = second.envelope(&canonical_json(&second.header()), &payload)["signatures"][0].clone();
    let seal = json!({ "alg": "ES256", "kid": device.header()["kid"], "rcv": draft.record["created"], "typ": "candor-receipt+jws" });
    let sealed = device.envelope(&canonical_json(&seal), &payload)["signatures"][0].clone();
    let mut cases = Vec::new();
    for (name, list) in [
        ("none", json!([])),
        ("the same twice", json!([first, first])),
        ("a second device", json!([first, other])),
        ("three", json!([first, other, first])),
        ("a thousand", Value::Array(vec![json!({}); 1_000])),
        ("only a controller's", json!([sealed])),
        ("a controller's as well", json!([first, sealed])),
        ("a controller's first", json!([sealed, first])),
        ("a null behind", json!([first, null])),
    ] {
        let mut envelope = good.clone();
        envelope["signatures"] = list;
        cases.push(case(draft, format!("signatures: {name}"), &envelope));
    }
    for (pointer, name, value) in [
        ("", "header", json!({ "alg": "none" })),
        ("", "protected", first["protected"].clone()),
        ("", "signature", first["signature"].clone()),
        ("", "extra", json!(null)),
        ("/signatures/0", "header", json!({ "kid": "x" })),
        ("/signatures/0", "payload", good["payload"].clone()),
        ("/signatures/0", "extra", json!("")),
    ] {
        let mut envelope = good.clone();
        envelope.pointer_mut(pointer).unwrap()[name] = value;
        cases.push(case(draft, format!("{pointer}/{name} added"), &envelope));
    }
    cases
}

/// A signature of other bytes, of another size, of another record.
fn signatures(draft: &Draft, good: &Value) -> Vec<Case> {
    let signature = base64url::decode(good["signatures"][0]["signature"].as_str().unwrap()).unwrap();
    let (r, s) = signature.split_at(32);
    let flipped = |at: usize| {
        let mut bytes = signature.clone();
        bytes[at] ^= 1;
        bytes
    };
    let der = [&[0x30, 68, 2, 32][..], r, &[2, 32], s].concat();
    [
        ("of no bytes", Vec::new()),
        ("all zero", vec![0; 64]),
        ("all ones", vec![0xff; 64]),
        ("r alone", r.to_vec()),
        ("63 bytes", signature[..63].to_vec()),
        ("65 bytes", [&signature[..], &[0]].concat()),
        ("s and r exchanged", [s, r].concat()),
        ("r is zero", [&[0; 32], s].concat()),
        ("s is zero", [r, &[0; 32]].concat()),
        ("in DER", der),
        ("first bit flipped", flipped(0)),
        ("last bit flipped", flipped(63)),
    ]
    .into_iter()
    .map(|(name, bytes)| {
        let mut envelope = good.clone();
        envelope["signatures"][0]["signature"] = json!(base64url::encode(&bytes));
        case(draft, format!("signature {name}"), &envelope)
    })
    .collect()
}

/// Headers signed as they stand: another algorithm, another key, a member too many or too few.
fn headers(draft: &Draft, device: &Device, payload: &[u8]) -> Vec<Case> {
    let good = device.header();
    let foreign = Device::new().header();
    let jwk = |name: &str, value: Value| {
        let mut jwk = good["jwk"].clone();
        jwk[name] = value;
        jwk
    };
    let mut changes: Vec<(&str, Value)> = Vec::new();
    for algorithm in [
        "none", "None", "", "es256", "ES384", "ES512", "ES256K", "HS256", "RS256", "PS256", "EdDSA",
    ] {
        changes.push(("alg", json!(algorithm)));
    }
    for typ in [
        "",
        "JWT",
        "candor-receipt+jws",
        "candor-record",
        "CANDOR-RECORD+JWS",
        "application/candor-record+jws",
    ] {
        changes.push(("typ", json!(typ)));
    }
    changes.extend([
        ("kid", foreign["kid"].clone()),
        ("kid", json!("")),
        ("jwk", foreign["jwk"].clone()),
        ("jwk", json!(null)),
        ("jwk", json!("x")),
        ("jwk", jwk("d", json!(base64url::encode(&[1; 32])))),
        ("jwk", jwk("kty", json!("RSA"))),
        ("jwk", jwk("kty", json!("oct"))),
        ("jwk", jwk("crv", json!("P-384"))),
        ("jwk", jwk("crv", json!("secp256k1"))),
        ("jwk", jwk("x", good["jwk"]["y"].clone())),
        ("jwk", jwk("x", json!(base64url::encode(&[0; 32])))),
        ("jwk", jwk("y", json!(base64url::encode(&[0xff; 32])))),
        ("jwk", jwk("y", json!(base64url::encode(&[1; 31])))),
        ("jwk", jwk("y", json!(base64url::encode(&[0; 33])))),
        ("jwk", jwk("use", json!("sig"))),
        ("jwk", jwk("kid", good["kid"].clone())),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("jku", json!("https://attacker.example/jwks.json")),
        ("x5u", json!("https://attacker.example/chain.pem")),
        ("x5c", json!([])),
        ("cty", json!("json")),
        ("rcv", draft.record["created"].clone()),
        ("dsig", json!(base64url::encode(&[0; 32]))),
    ]);
    let mut cases = Vec::new();
    for (name, value) in changes {
        let mut header = good.clone();
        header[name] = value;
        let envelope = device.envelope(&canonical_json(&header), payload);
        cases.push(case(draft, format!("header {name}: {}", header[name]), &envelope));
    }
    for name in ["alg", "jwk", "kid", "typ"] {
        let mut header = good.clone();
        header.as_object_mut().unwrap().remove(name);
        let envelope = device.envelope(&canonical_json(&header), payload);
        cases.push(case(draft, format!("header without {name}"), &envelope));
    }
    cases
}

/// Header and payload texts that mean the same, or something, and are not the canonical ones.
fn texts(draft: &Draft, device: &Device, payload: &[u8]) -> Vec<Case> {
    let header = canonical_json(&device.header());
    let bend = |text: &[u8]| {
        let text = std::str::from_utf8(text).unwrap();
        vec![
            ("a space", text.replacen(':', ": ", 1).into_bytes()),
            ("a line break behind", format!("{text}\n").into_bytes()),
            (
                "a member twice",
                text.replacen('{', "{\"alg\":\"ES256\",\"alg\":\"ES256\",", 1)
                    .into_bytes(),
            ),
            ("another order", format!("{{\"~\":0,{}", &text[1..]).into_bytes()),
            (
                "an escape",
                text.replacen("\"kid\"", "\"\\u006bid\"", 1)
                    .replacen("\"id\"", "\"\\u0069d\"", 1)
                    .into_bytes(),
            ),
            ("a fraction", text.replacen('{', "{\"\":1.5,", 1).into_bytes()),
            ("a byte order mark", format!("\u{feff}{text}").into_bytes()),
            ("no UTF-8", [text.as_bytes(), b"\xff"].concat()),
            ("half of it", text.as_bytes()[..text.len() / 2].to_vec()),
            ("nothing", Vec::new()),
            ("null", b"null".to_vec()),
            ("a list", b"[]".to_vec()),
            ("an empty object", b"{}".to_vec()),
            ("a text", b"\"x\"".to_vec()),
            ("40 lists", [vec![b'['; 40], vec![b']'; 40]].concat()),
            ("lone surrogate", text.replacen('{', "{\"\\ud800\":0,", 1).into_bytes()),
        ]
    };
    let mut cases = Vec::new();
    for (name, bytes) in bend(&header) {
        cases.push(case(
            draft,
            format!("header text: {name}"),
            &device.envelope(&bytes, payload),
        ));
    }
    for (name, bytes) in bend(payload) {
        cases.push(case(
            draft,
            format!("payload text: {name}"),
            &device.envelope(&header, &bytes),
        ));
    }
    cases
}
