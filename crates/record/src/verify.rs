//! Verification: the eleven steps of `spec/record.md` §2, in order, each with its own error.
//!
//! [`verify`] yields a [`Verdict`] that lists every check: good, failed, or open because its input was not supplied or
//! an earlier check failed. Only here can a [`VerifiedRecord`] be made, and only when the first eight steps hold and
//! nothing that was supplied contradicts the record.

use std::fmt;

use crate::{
    disclosure::DisclosureError,
    envelope::{Envelope, EnvelopeError},
    expected::{self, Comparison, DifferingText, Expected, Mismatch},
    header::{HeaderError, Role},
    json::Node,
    key::KeySet,
    record::{InvariantError, Record, SchemaError},
    time::Timestamp,
};

mod disclosed;
mod read;
mod signed;
mod timing;
mod verdict;

pub use read::{CanonicalError, JsonPartError, UnverifiedRecord};
#[cfg(feature = "ring")]
pub use signed::RingVerifier;
pub use signed::{BindingError, SignatureError, SignatureVerifier};
pub use timing::TimingError;
pub use verdict::{CHECK_NAMES, Check, Verdict, VerifiedRecord};

use verdict::Ledger;

/// What the verifier has beside the record itself. What is absent is not checked, and the verdict says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// When a record without controller signature was received (step 7). The clock is the caller's.
    pub received: Option<Timestamp>,
    /// The controller's published keys (step 5).
    pub keys: Option<&'a KeySet>,
    /// What the definition yields (step 9).
    pub expected: Option<&'a Expected>,
    /// The disclosures (step 10).
    pub disclosures: Option<&'a [String]>,
}

/// Verifies an envelope.
///
/// ```
/// # #[cfg(feature = "ring")] {
/// use candor_record::verify::{Evidence, RingVerifier, verify};
///
/// let verdict = verify(br#"{"payload":"","signatures":[]}"#, &Evidence::default(), &RingVerifier);
/// assert_eq!(verdict.failed_step(), Some(1));
/// assert!(verdict.record.is_none());
/// # }
/// ```
pub fn verify(bytes: &[u8], evidence: &Evidence<'_>, verifier: &dyn SignatureVerifier) -> Verdict {
    let mut ledger = Ledger::default();
    let outcome = run(bytes, evidence, verifier, &mut ledger);
    ledger.close(outcome)
}

/// Verifies a record that was read to learn what it claims: steps 1 to 3 hold, or it would not be there.
pub fn verify_read(unverified: UnverifiedRecord, evidence: &Evidence<'_>, verifier: &dyn SignatureVerifier) -> Verdict {
    let mut ledger = Ledger::default();
    ledger.good(1, STRICT_JSON);
    ledger.good(2, unverified.summary());
    ledger.good(3, EXACT_HEADERS);
    let outcome = check(unverified, evidence, verifier, &mut ledger);
    ledger.close(outcome)
}

const STRICT_JSON: &str = "envelope, headers and payload are strict JSON";
const EXACT_HEADERS: &str = "every header is exactly as specified";

/// Steps 1 to 3, then the others.
fn run(
    bytes: &[u8],
    evidence: &Evidence<'_>,
    verifier: &dyn SignatureVerifier,
    ledger: &mut Ledger,
) -> Result<Option<VerifiedRecord>, VerifyError> {
    let texts = read::read_json(bytes).map_err(VerifyError::Json)?;
    ledger.good(1, STRICT_JSON);
    let parts = read::read_envelope(texts).map_err(VerifyError::Envelope)?;
    ledger.good(2, parts.summary());
    let unverified = parts.read_headers().map_err(VerifyError::Headers)?;
    ledger.good(3, EXACT_HEADERS);
    check(unverified, evidence, verifier, ledger)
}

/// Steps 4 to 11.
fn check(
    unverified: UnverifiedRecord,
    evidence: &Evidence<'_>,
    verifier: &dyn SignatureVerifier,
    ledger: &mut Ledger,
) -> Result<Option<VerifiedRecord>, VerifyError> {
    unverified.check_canonical().map_err(VerifyError::Canonical)?;
    ledger.good(4, "payload and headers are canonical");

    let keys_known = signed::check_signatures(&unverified, evidence.keys, verifier).map_err(VerifyError::Signature)?;
    if keys_known {
        ledger.good(5, "every signature verifies with its own key");
    } else {
        ledger.open(
            5,
            "the controller's keys were not supplied; any device signature verifies with its own key",
        );
    }
    let bound = signed::check_binding(&unverified).map_err(VerifyError::Binding)?;
    ledger.note(
        6,
        bound,
        "the controller signed over the device signature that is here",
        "no controller signature",
    );
    let timed = timing::check(&unverified, evidence.received).map_err(VerifyError::Timing)?;
    ledger.note(
        7,
        timed,
        "created, received and shown in this order",
        "not every time is at hand and legible",
    );
    let record = Record::from_node(unverified.payload()).map_err(VerifyError::Schema)?;
    record.check_invariants().map_err(VerifyError::Invariant)?;
    ledger.good(8, "the record is valid against its format and its invariants hold");

    let comparison = match evidence.expected {
        Some(expected) => expected::compare(&record, expected).map_err(VerifyError::Mismatch)?,
        None => Comparison {
            held: expected::held(&record, &[]),
            differing: Vec::new(),
        },
    };
    ledger.compared(evidence.expected, &comparison);
    if let Some(disclosures) = evidence.disclosures {
        disclosed::check(&record, unverified.payload(), disclosures).map_err(VerifyError::Disclosure)?;
        ledger.good(10, "every disclosure belongs to this record, and no value stands in it");
    } else {
        ledger.open(10, "no disclosures were supplied");
    }
    ledger.open(11, "no proof was supplied");
    let complete = keys_known && timed;
    Ok(complete.then(|| VerifiedRecord::new(record, unverified, evidence.received, comparison.held)))
}

impl Ledger {
    fn compared(&mut self, expected: Option<&Expected>, comparison: &Comparison) {
        match expected {
            None => self.open(9, "no definition was supplied"),
            Some(expected) if expected.texts().is_none() => {
                self.good(9, "every member is what the definition yields; texts were not compared");
            }
            Some(_) if comparison.differing.is_empty() => {
                self.good(9, "every member and every text is what the definition yields");
            }
            Some(_) => self.good(
                9,
                format!(
                    "every member is what the definition yields; {}",
                    list(&comparison.differing)
                ),
            ),
        }
        self.compared_texts(comparison.clone());
    }
}

fn list(differing: &[DifferingText]) -> String {
    let refs: Vec<_> = differing
        .iter()
        .map(|text| format!("{} ({})", text.reference, text.difference.as_str()))
        .collect();
    format!("texts that differ: {}", refs.join(", "))
}

/// Why a record does not verify: one variant per step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// Step 1: no strict JSON.
    Json(JsonPartError),
    /// Step 2: no envelope.
    Envelope(EnvelopeError),
    /// Step 3: a header is not as specified.
    Headers(HeaderError),
    /// Step 4: not canonical.
    Canonical(CanonicalError),
    /// Step 5: a signature is bad.
    Signature(SignatureError),
    /// Step 6: the controller signed over another device signature.
    Binding(BindingError),
    /// Step 7: the times contradict one another.
    Timing(TimingError),
    /// Step 8: not the format.
    Schema(SchemaError),
    /// Step 8: an invariant does not hold.
    Invariant(InvariantError),
    /// Step 9: not what the definition yields.
    Mismatch(Mismatch),
    /// Step 10: a disclosure does not belong.
    Disclosure(DisclosureError),
}

impl VerifyError {
    /// The step that failed (§2).
    pub const fn step(&self) -> u8 {
        match self {
            VerifyError::Json(_) => 1,
            VerifyError::Envelope(_) => 2,
            VerifyError::Headers(_) => 3,
            VerifyError::Canonical(_) => 4,
            VerifyError::Signature(_) => 5,
            VerifyError::Binding(_) => 6,
            VerifyError::Timing(_) => 7,
            VerifyError::Schema(_) | VerifyError::Invariant(_) => 8,
            VerifyError::Mismatch(_) => 9,
            VerifyError::Disclosure(_) => 10,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerifyError::Json(error) => error.fmt(formatter),
            VerifyError::Envelope(error) => error.fmt(formatter),
            VerifyError::Headers(error) => error.fmt(formatter),
            VerifyError::Canonical(error) => error.fmt(formatter),
            VerifyError::Signature(error) => error.fmt(formatter),
            VerifyError::Binding(error) => error.fmt(formatter),
            VerifyError::Timing(error) => error.fmt(formatter),
            VerifyError::Schema(error) => error.fmt(formatter),
            VerifyError::Invariant(error) => error.fmt(formatter),
            VerifyError::Mismatch(error) => error.fmt(formatter),
            VerifyError::Disclosure(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for VerifyError {}
