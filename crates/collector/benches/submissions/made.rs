//! Submissions as the widget makes them: one tick, one disclosure, a key of their own.
//! The process tests bend them before they are signed, or afterwards.

use candor_record::base64url;
use candor_record::canonical::canonical_json;
use candor_record::digest::Sha256Digest;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// The site on which the form stands.
pub(crate) const ORIGIN: &str = "https://www.acme.example";

pub(crate) struct Submission {
    /// What is posted.
    pub(crate) body: Vec<u8>,
    /// `protected.payload`, the device's signature over it and the device's public point: what the bare run verifies.
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) point: Vec<u8>,
}

pub(crate) fn submission(compiled: &Value, number: usize) -> Submission {
    let draft = Draft::new(compiled, &format!("bench-{number}@example.org"));
    let device = Device::new();
    let payload = canonical_json(&draft.record);
    let (signed, signature) = device.sign(&canonical_json(&device.header()), &payload);
    Submission {
        body: draft.signed_by(&device),
        signed,
        signature,
        point: device.point,
    }
}

/// A submission before its signature.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) record: Value,
    pub(crate) disclosures: Vec<String>,
}

impl Draft {
    /// The newsletter ticked, everything else left out.
    pub(crate) fn new(compiled: &Value, email: &str) -> Self {
        let mut record = compiled["record"].clone();
        let id = new_id();
        let now = jiff::Timestamp::now();
        let shown_at = now - jiff::SignedDuration::from_secs(9);
        let members = record.as_object_mut().unwrap();
        for (name, value) in [
            ("id", json!(id)),
            ("chain", json!(id)),
            ("created", json!(format!("{now:.3}"))),
            ("shownAt", json!(format!("{shown_at:.3}"))),
            ("subject", json!({ "id": new_id(), "_sd": [] })),
            ("signals", json!({ "gpc": false })),
            (
                "capture",
                json!({ "method": "widget", "observed": true, "origin": ORIGIN, "widget": "1.0.0" }),
            ),
            ("shown", shown(compiled)),
        ] {
            members.insert(name.to_owned(), value);
        }
        for (process, control) in members["processes"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .zip(compiled["controls"].as_array().unwrap())
        {
            let status = match process["purpose"].as_str().unwrap() {
                "ebook" => "informed",
                "newsletter" => "given",
                _ => "not-given",
            };
            process["status"] = json!(status);
            process["indication"] = json!({ "control": control["control"], "initial": false, "trusted": true });
        }
        let draft = Self {
            record,
            disclosures: Vec::new(),
        };
        draft.disclosing(vec![disclosure("email", email)])
    }

    /// The same with these disclosures, and their digests in the record.
    pub(crate) fn disclosing(mut self, disclosures: Vec<String>) -> Self {
        let mut digests: Vec<String> = disclosures.iter().map(|text| digest(text)).collect();
        digests.sort();
        self.record["subject"]["_sd"] = json!(digests);
        self.disclosures = disclosures;
        self
    }

    pub(crate) fn id(&self) -> String {
        self.record["id"].as_str().unwrap().to_owned()
    }

    /// The body of the post, signed with a key made for it.
    pub(crate) fn signed(&self) -> Vec<u8> {
        self.signed_by(&Device::new())
    }

    fn signed_by(&self, device: &Device) -> Vec<u8> {
        let envelope = device.envelope(&canonical_json(&device.header()), &canonical_json(&self.record));
        body(&envelope, &self.disclosures)
    }
}

/// What is posted: `spec/http.md`, `POST /v1/submissions`.
pub(crate) fn body(envelope: &Value, disclosures: &[String]) -> Vec<u8> {
    serde_json::to_vec(&json!({ "record": envelope, "disclosures": disclosures })).unwrap()
}

pub(crate) fn disclosure(field: &str, value: &str) -> String {
    let salt = base64url::encode(&random_bytes());
    base64url::encode(json!([salt, field, value]).to_string().as_bytes())
}

/// A UUID of version 4.
pub(crate) fn new_id() -> String {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string()
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).unwrap();
    bytes
}

fn digest(disclosure: &str) -> String {
    Sha256Digest::of(disclosure.as_bytes()).to_b64u()
}

fn shown(compiled: &Value) -> Value {
    let visible = |text: &&Value| text["when"].is_null() || text["when"]["purpose"] == "newsletter";
    let texts = compiled["texts"].as_array().unwrap().iter().filter(visible);
    texts
        .map(|text| json!({ "ref": text["ref"], "text": text["text"] }))
        .collect()
}

/// A browser's key, made for one record.
pub(crate) struct Device {
    key: EcdsaKeyPair,
    random: SystemRandom,
    point: Vec<u8>,
}

impl Device {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let point = key.public_key().as_ref().to_vec();
        Self { key, random, point }
    }

    /// The protected header that goes with this key.
    pub(crate) fn header(&self) -> Value {
        let (x, y) = (&self.point[1..33], &self.point[33..65]);
        let jwk = json!({ "crv": "P-256", "kty": "EC", "x": base64url::encode(x), "y": base64url::encode(y) });
        let kid = Sha256Digest::of_json(&jwk).to_b64u();
        json!({ "alg": "ES256", "jwk": jwk, "kid": kid, "typ": "candor-record+jws" })
    }

    /// An envelope with one signature over these bytes, whatever they are.
    pub(crate) fn envelope(&self, header: &[u8], payload: &[u8]) -> Value {
        let (_, signature) = self.sign(header, payload);
        json!({
            "payload": base64url::encode(payload),
            "signatures": [{ "protected": base64url::encode(header), "signature": base64url::encode(&signature) }],
        })
    }

    /// `protected.payload`, and the signature over it.
    fn sign(&self, header: &[u8], payload: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let signed = format!("{}.{}", base64url::encode(header), base64url::encode(payload)).into_bytes();
        let signature = self.key.sign(&self.random, &signed).unwrap().as_ref().to_vec();
        (signed, signature)
    }
}
