//! The verdict: every check with its outcome, in words that hold nothing personal.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{UnverifiedRecord, VerifyError};
use crate::{
    digest::Sha256Digest,
    envelope::Envelope,
    expected::{Comparison, DifferingText},
    record::Record,
    time::Timestamp,
};

/// The names of the eleven checks (`spec/record.md` §2).
pub const CHECK_NAMES: [&str; 11] = [
    "json",
    "envelope",
    "headers",
    "canonical",
    "signatures",
    "binding",
    "time",
    "record",
    "definition",
    "disclosures",
    "log",
];

/// One check and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its number, from 1.
    pub step: u8,
    /// Its name.
    pub name: &'static str,
    /// Good, failed, or open: its input was not supplied, or an earlier check failed.
    pub ok: Option<bool>,
    /// What was found, in a sentence.
    pub detail: Cow<'static, str>,
}

/// The outcome of a verification.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// Purposes whose consent takes effect only when confirmed (§5).
    pub held: Vec<String>,
    /// Texts that are not as published.
    pub differing: Vec<DifferingText>,
    /// Why it failed.
    pub error: Option<VerifyError>,
    /// The record, where nothing failed and neither keys nor times were wanting.
    pub record: Option<VerifiedRecord>,
}

impl Verdict {
    /// Did no check fail? Open ones do not count against the record.
    pub fn is_good(&self) -> bool {
        self.error.is_none()
    }

    /// The step that failed.
    pub fn failed_step(&self) -> Option<u8> {
        self.error.as_ref().map(VerifyError::step)
    }

    /// `{"checks":[{"step","name","ok","detail"}],"held":[…],"differing":[{"ref","difference"}]}` (`spec/http.md`).
    pub fn to_json(&self) -> Value {
        let check =
            |check: &Check| json!({"step": check.step, "name": check.name, "ok": check.ok, "detail": check.detail});
        let text = |text: &DifferingText| json!({"ref": text.reference, "difference": text.difference.as_str()});
        json!({
            "checks": self.checks.iter().map(check).collect::<Vec<_>>(),
            "held": self.held,
            "differing": self.differing.iter().map(text).collect::<Vec<_>>(),
        })
    }
}

/// A record whose steps 1 to 8 hold. Nobody but the verifier can make one, and only such a record may be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedRecord {
    record: Record,
    unverified: UnverifiedRecord,
    received: Option<Timestamp>,
    held: Vec<String>,
}

impl VerifiedRecord {
    pub(super) fn new(
        record: Record,
        unverified: UnverifiedRecord,
        received: Option<Timestamp>,
        held: Vec<String>,
    ) -> VerifiedRecord {
        VerifiedRecord {
            record,
            unverified,
            received,
            held,
        }
    }

    /// What it says.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// How it travelled.
    pub fn envelope(&self) -> &Envelope {
        self.unverified.envelope()
    }

    /// SHA-256 of the payload bytes: the record's content (§1, *Identity*).
    pub fn payload_digest(&self) -> Sha256Digest {
        self.unverified.payload_digest()
    }

    /// Purposes whose consent takes effect only when confirmed (§5).
    pub fn held(&self) -> &[String] {
        &self.held
    }

    /// When it was received: as the controller signed, else as the verifier was told.
    pub fn received(&self) -> Option<Timestamp> {
        self.unverified
            .controller()
            .map(|(_, header)| header.rcv)
            .or(self.received)
    }

    /// Is there a device signature?
    pub fn is_device_signed(&self) -> bool {
        self.unverified.device().is_some()
    }

    /// Is there a controller signature: is this a receipt?
    pub fn is_receipt(&self) -> bool {
        self.unverified.controller().is_some()
    }
}

/// The checks as they are made.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    checks: Vec<Check>,
    comparison: Comparison,
}

impl Ledger {
    pub(super) fn good(&mut self, step: u8, detail: impl Into<Cow<'static, str>>) {
        self.push(step, Some(true), detail.into());
    }

    pub(super) fn open(&mut self, step: u8, detail: &'static str) {
        self.push(step, None, detail.into());
    }

    pub(super) fn note(&mut self, step: u8, checked: bool, good: &'static str, open: &'static str) {
        if checked {
            self.good(step, good)
        } else {
            self.open(step, open)
        }
    }

    pub(super) fn compared_texts(&mut self, comparison: Comparison) {
        self.comparison = comparison;
    }

    /// The verdict; what comes after a failure was not reached.
    pub(super) fn close(mut self, outcome: Result<Option<VerifiedRecord>, VerifyError>) -> Verdict {
        let (record, error) = match outcome {
            Ok(record) => (record, None),
            Err(error) => (None, Some(error)),
        };
        if let Some(error) = &error {
            self.push(error.step(), Some(false), error.to_string().into());
            for step in error.step() + 1..=CHECK_NAMES.len() as u8 {
                self.open(step, "not reached");
            }
        }
        let Comparison { differing, held } = self.comparison;
        Verdict {
            checks: self.checks,
            held,
            differing,
            error,
            record,
        }
    }

    fn push(&mut self, step: u8, ok: Option<bool>, detail: Cow<'static, str>) {
        let name = CHECK_NAMES[usize::from(step) - 1];
        self.checks.push(Check { step, name, ok, detail });
    }
}
