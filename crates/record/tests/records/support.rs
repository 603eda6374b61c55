//! Records made for a test: the payload of a shared vector, altered and signed again.

use std::sync::LazyLock;

use candor_record::{
    base64url,
    canonical::canonical_json,
    envelope::{Envelope, Signature},
    header::{ControllerHeader, DeviceHeader, Role, device_signature_digest},
    key::{KeySet, PublishedKey},
    sign::{RecordSigner, RingSigner},
    time::Timestamp,
    verify::{Evidence, RingVerifier, Verdict, verify},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde_json::Value;

pub(crate) const RECEIVED: &str = "2026-11-21T10:00:09.900Z";

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../vectors/record/records.json")).expect("the vectors"));

fn vector(name: &str) -> &'static Value {
    let mut vectors = VECTORS["vectors"].as_array().expect("a list").iter();
    vectors
        .find(|vector| vector["name"].as_str().is_some_and(|text| text.starts_with(name)))
        .expect(name)
}

/// The payload of a shared vector, by the beginning of its name.
pub(crate) fn payload(name: &str) -> Value {
    let text = vector(name)["envelope"]["payload"].as_str().expect("a payload");
    serde_json::from_slice(&base64url::decode(text).expect("base64url")).expect("JSON")
}

pub(crate) fn disclosures(name: &str) -> Vec<String> {
    serde_json::from_value(vector(name)["disclosures"].clone()).expect("a list of texts")
}

pub(crate) fn signer() -> RingSigner {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    RingSigner::from_pkcs8(pkcs8.as_ref(), random).expect("a key")
}

/// A device and a controller, each with its key.
pub(crate) struct Signers {
    pub(crate) device: RingSigner,
    pub(crate) controller: RingSigner,
}

impl Signers {
    pub(crate) fn new() -> Signers {
        Signers {
            device: signer(),
            controller: signer(),
        }
    }

    pub(crate) fn keys(&self) -> KeySet {
        KeySet {
            keys: vec![self.published()],
        }
    }

    pub(crate) fn published(&self) -> PublishedKey {
        PublishedKey {
            jwk: self.controller.jwk().clone(),
            nbf: 1_700_000_000,
            exp: None,
            revoked: None,
        }
    }

    /// Signed by the device alone.
    pub(crate) fn device_signed(&self, payload: &Value) -> Envelope {
        let header = DeviceHeader {
            jwk: self.device.jwk().clone(),
        }
        .to_canonical();
        let mut envelope = Envelope {
            payload: base64url::encode(&canonical_json(payload)),
            signatures: Vec::new(),
        };
        envelope
            .signatures
            .push(signature(&self.device, &header, &envelope.payload));
        envelope
    }

    /// With a controller signature, whatever `dsig` says.
    pub(crate) fn countersigned(&self, mut envelope: Envelope, rcv: &str, dsig: Option<String>) -> Envelope {
        let header = ControllerHeader {
            kid: self.controller.key_id().to_owned(),
            rcv: rcv.parse().expect("a time"),
            dsig,
        };
        let added = signature(&self.controller, &header.to_canonical(), &envelope.payload);
        envelope.signatures.push(added);
        envelope
    }

    /// A receipt as the collector makes it.
    pub(crate) fn receipt(&self, payload: &Value) -> Envelope {
        let envelope = self.device_signed(payload);
        let dsig = dsig(&envelope);
        self.countersigned(envelope, RECEIVED, Some(dsig))
    }

    pub(crate) fn verify(&self, envelope: &Envelope, evidence: Evidence<'_>) -> Verdict {
        let keys = self.keys();
        let evidence = Evidence {
            keys: Some(&keys),
            ..evidence
        };
        verify(&serde_json::to_vec(envelope).expect("JSON"), &evidence, &RingVerifier)
    }
}

pub(crate) fn dsig(envelope: &Envelope) -> String {
    let device = envelope.signature(Role::Device).expect("a device signature");
    device_signature_digest(&device.protected, &envelope.payload, &device.signature)
}

pub(crate) fn signature(signer: &RingSigner, header: &[u8], payload: &str) -> Signature {
    let mut signature = Signature {
        protected: base64url::encode(header),
        signature: String::new(),
    };
    signature.signature = base64url::encode(&signer.sign(&signature.signing_input(payload)).expect("a signature"));
    signature
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}
