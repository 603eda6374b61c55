//! A receipt as an SD-JWT (RFC 9901): `protected.payload.signature~disclosure~…~`, from the controller's signature.
//!
//! The person shows it with as many values as they like: each disclosure is one field, and what is left out stays a
//! digest. Any library of that standard verifies it. Refuses disclosures to which the record holds no digest.

use std::fmt;

use crate::{disclosure::Disclosure, envelope::Envelope, header::Role, record::Record};

/// The media type of such a text (RFC 9901 §11).
pub const MEDIA_TYPE: &str = "application/sd-jwt";

/// The presentation of a receipt with these values.
///
/// # Errors
/// A receipt without the controller's signature, a disclosure that does not belong to it or is there twice.
pub fn presentation(
    envelope: &Envelope,
    record: &Record,
    disclosures: &[Disclosure],
) -> Result<String, PresentationError> {
    let signature = envelope
        .signature(Role::Controller)
        .ok_or(PresentationError::NotAReceipt)?;
    let mut text = format!("{}.{}.{}~", signature.protected, envelope.payload, signature.signature);
    for (place, disclosure) in disclosures.iter().enumerate() {
        let belongs = record.subject().sd.contains(&disclosure.digest());
        // A verifier has to refuse a digest that it meets twice (RFC 9901 §7.1).
        let repeated = disclosures[..place].contains(disclosure);
        if !belongs || repeated {
            return Err(PresentationError::Disclosure);
        }
        text.push_str(disclosure.as_str());
        text.push('~');
    }
    Ok(text)
}

/// What cannot be presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PresentationError {
    /// The controller's signature is missing.
    NotAReceipt,
    /// A disclosure is repeated, or the record holds no digest of it.
    Disclosure,
}

impl fmt::Display for PresentationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            PresentationError::NotAReceipt => "the record carries no controller signature",
            PresentationError::Disclosure => "a disclosure is repeated or belongs to another record",
        })
    }
}

impl std::error::Error for PresentationError {}
