//! Standard Webhooks (https://www.standardwebhooks.com, specification 1.0): one POST, signed with HMAC-SHA256 over id, time
//! and body, headers `webhook-id`, `webhook-timestamp`, `webhook-signature`. Refuses a secret shorter than 24 bytes or
//! longer than 64, as the specification does. While a rotation overlaps, there are two signatures, the new one first.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use serde_json::json;

use super::{Adapter, Answer, Job, Method, Request, SettingFault, Settings, Step, Test};

/// The name of its secret: `whsec_` and base64 of 24 to 64 bytes.
pub const SECRET: &str = "secret";

/// How long a replaced secret signs beside the new one: time to change the receiver.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

const PREFIX: &str = "whsec_";
const SECRET_LEN: std::ops::RangeInclusive<usize> = 24..=64;

#[derive(Debug)]
pub(super) struct Webhook;

impl Adapter for Webhook {
    fn kind(&self) -> &'static str {
        "webhook"
    }

    fn makes_secret(&self) -> Option<&'static str> {
        Some(SECRET)
    }

    fn check(&self, settings: &Settings) -> Result<(), Vec<SettingFault>> {
        let mut faults = Vec::new();
        for name in settings.options.keys() {
            faults.push(SettingFault::new(
                format!("/options/{name}"),
                "a webhook has no options",
            ));
        }
        for name in settings.secrets.names().filter(|name| *name != SECRET) {
            faults.push(SettingFault::new(
                format!("/secrets/{name}"),
                "a webhook has one secret, `secret`",
            ));
        }
        if settings.secrets.current(SECRET).and_then(key).is_none() {
            let detail = "`whsec_` and the base64 of 24 to 64 random bytes; leave it out, and one is made";
            faults.push(SettingFault::new("/secrets/secret", detail));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn step(&self, job: &Job<'_>, answers: &[Answer]) -> Step {
        let Some(answer) = answers.last() else {
            let body = candor_record::canonical::canonical_json(&job.message.document());
            return Step::Send(signed(job.settings, &job.message.id, job.now, body));
        };
        Step::End(answer.outcome(job.now))
    }

    fn test(&self, test: &Test<'_>, answers: &[Answer]) -> Step {
        let Some(answer) = answers.last() else {
            let document = json!({"type": "target.test", "timestamp": format!("{:.3}", test.now), "data": {}});
            let body = candor_record::canonical::canonical_json(&document);
            return Step::Send(signed(test.settings, test.id, test.now, body));
        };
        Step::End(answer.outcome(test.now))
    }
}

fn signed(settings: &Settings, id: &str, now: Timestamp, body: Vec<u8>) -> Request {
    let seconds = now.as_second().to_string();
    let keys = settings.secrets.all(SECRET, now).into_iter().filter_map(key);
    let signatures: Vec<String> = keys.map(|key| signature(&key, id, &seconds, &body)).collect();
    Request {
        method: Method::Post,
        path: String::new(),
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("webhook-id".into(), id.into()),
            ("webhook-timestamp".into(), seconds),
            ("webhook-signature".into(), signatures.join(" ")),
        ],
        body,
    }
}

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
fn signature(key: &[u8], id: &str, seconds: &str, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
        context.update(part);
    }
    format!("v1,{}", STANDARD.encode(context.sign()))
}

/// The bytes of a secret.
fn key(secret: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    SECRET_LEN.contains(&bytes.len()).then_some(bytes)
}

/// A secret as the specification spells it.
pub fn spell(bytes: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::adapter::{Secret, Secrets};

    #[test]
    fn the_signature_is_the_one_of_the_reference_libraries() {
        // https://github.com/standard-webhooks/standard-webhooks: the same vector stands in the tests of every library.
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signed = signature(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_read_strictly() {
        let check = |text: &str, good: bool| assert_eq!(key(text).is_some(), good, "{text}");
        check(&spell(&[7; 24]), true);
        check(&spell(&[7; 64]), true);
        check(&spell(&[7; 23]), false);
        check(&spell(&[7; 65]), false);
        check(&spell(&[7; 32])[PREFIX.len()..], false);
        check("whsec_", false);
        check("whsec_not base64 at all, is it?????", false);
    }

    #[test]
    fn an_overlap_has_two_signatures_the_new_one_first() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let secret = |byte: u8, until: Option<Timestamp>| Secret {
            name: SECRET.into(),
            value: spell(&[byte; 32]),
            until,
        };
        let settings = Settings {
            url: "https://crm.example/hook".into(),
            options: serde_json::Map::new(),
            secrets: Secrets(vec![
                secret(1, Some(now)),
                secret(2, Some(now + OVERLAP)),
                secret(3, None),
            ]),
        };
        let request = signed(&settings, "msg_1", now, b"{}".to_vec());
        let header = request.headers.iter().find(|(name, _)| name == "webhook-signature");
        let expected = [3, 2].map(|byte| signature(&[byte; 32], "msg_1", &now.as_second().to_string(), b"{}"));
        assert_eq!(
            header.map(|(_, value)| value.as_str()),
            Some(expected.join(" ").as_str())
        );
    }
}
