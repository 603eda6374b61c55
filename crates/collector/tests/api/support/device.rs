//! A device that fills a form and signs as the widget does.

use std::collections::BTreeMap;

use candor_collector::clock::{Clock, Random, SystemRandomness};
use candor_record::{
    base64url,
    canonical::canonical_json,
    disclosure::Disclosure,
    header::DeviceHeader,
    sign::{RecordSigner, RingSigner},
};
use jiff::{SignedDuration, Timestamp};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde_json::{Value, json};

use super::{ORIGIN, TestApp};

/// What a visitor does with a form, and a device that signs it.
pub(crate) struct Draft {
    pub(crate) record: Value,
    pub(crate) disclosures: Vec<String>,
}

impl Draft {
    /// Fills a compiled form: statuses by purpose, values by field; everything was shown and trusted.
    pub(crate) fn new(
        compiled: &Value,
        created: Timestamp,
        statuses: &[(&str, &str)],
        values: &[(&str, &str)],
    ) -> Self {
        let statuses: BTreeMap<&str, &str> = statuses.iter().copied().collect();
        let mut record = compiled["record"].clone();
        let id = SystemRandomness.uuid();
        let disclose = |(field, value): &(&str, &str)| {
            Disclosure::new(
                *SystemRandomness.uuid().as_bytes(),
                field.parse().expect("a field id"),
                value,
            )
            .as_str()
            .to_owned()
        };
        let disclosures: Vec<String> = values.iter().map(disclose).collect();
        let mut digests: Vec<String> = disclosures
            .iter()
            .map(|text| Disclosure::parse(text).expect("made here").digest())
            .collect();
        digests.sort();
        let chosen = |text: &&Value| {
            text["when"]["purpose"]
                .as_str()
                .is_none_or(|purpose| statuses.get(purpose) == Some(&"given"))
        };
        let shown: Vec<Value> = compiled["texts"]
            .as_array()
            .expect("texts")
            .iter()
            .filter(chosen)
            .map(|text| json!({"ref": text["ref"], "text": text["text"]}))
            .collect();
        record["id"] = json!(id.to_string());
        record["chain"] = json!(id.to_string());
        record["created"] = json!(format!("{created:.3}"));
        record["shownAt"] = json!(format!("{:.3}", created - SignedDuration::from_secs(30)));
        record["shown"] = json!(shown);
        record["subject"] = json!({"id": SystemRandomness.uuid().to_string(), "_sd": digests});
        record["signals"] = json!({"gpc": false});
        record["capture"] = json!({"method": "widget", "observed": true, "origin": ORIGIN, "widget": "0.1.0"});
        for (process, control) in record["processes"]
            .as_array_mut()
            .expect("processes")
            .iter_mut()
            .zip(compiled["controls"].as_array().expect("controls"))
        {
            let purpose = process["purpose"].as_str().expect("an id").to_owned();
            let default = if control["control"] == "checkbox" {
                "not-given"
            } else {
                "informed"
            };
            process["status"] = json!(statuses.get(purpose.as_str()).copied().unwrap_or(default));
            process["indication"] = json!({"control": control["control"], "initial": false, "trusted": true});
        }
        Self { record, disclosures }
    }

    pub(crate) fn id(&self) -> String {
        self.record["id"].as_str().expect("an id").to_owned()
    }

    /// Changes the record before it is signed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Value)) -> Self {
        change(&mut self.record);
        self
    }

    /// The body of `POST /v1/submissions`.
    pub(crate) fn sign(&self) -> Value {
        json!({"record": sign(&self.record), "disclosures": self.disclosures})
    }
}

/// Signs as a browser does: with a key that is made for this and forgotten.
pub(crate) fn sign(record: &Value) -> Value {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let signer = RingSigner::from_pkcs8(pkcs8.as_ref(), random).expect("a key");
    let payload = base64url::encode(&canonical_json(record));
    let protected = base64url::encode(
        &DeviceHeader {
            jwk: signer.jwk().clone(),
        }
        .to_canonical(),
    );
    let signature = signer
        .sign(format!("{protected}.{payload}").as_bytes())
        .expect("signed");
    json!({"payload": payload, "signatures": [{"protected": protected, "signature": base64url::encode(&signature)}]})
}

/// The ebook's form with these statuses, for this address.
pub(crate) async fn ebook(app: &TestApp, statuses: &[(&str, &str)], values: &[(&str, &str)]) -> Draft {
    Draft::new(
        &app.compiled("ebook-rgpd", "fr").await,
        app.clock.now(),
        statuses,
        values,
    )
}
