//! Disclosures: where the values live that no record holds (`spec/record.md` §3, in the manner of RFC 9901).
//!
//! A record carries only salted digests. Deleting the disclosures leaves every signature valid.

use std::fmt;

use crate::{
    base64url,
    digest::Sha256Digest,
    id::FieldId,
    json::{self, Limits, Node},
};

/// Length of a salt: 128 random bits, so that a value cannot be guessed from its digest.
pub const SALT_BYTES: usize = 16;

/// One value with its salt and field. `Debug` tells the field only.
#[derive(Clone, PartialEq, Eq)]
pub struct Disclosure {
    text: String,
    field: FieldId,
    value: String,
}

impl Disclosure {
    /// Makes a disclosure. The salt arrives as a parameter: nothing here is random.
    pub fn new(salt: [u8; SALT_BYTES], field: FieldId, value: &str) -> Disclosure {
        let triple = serde_json::json!([base64url::encode(&salt), field.as_str(), value]);
        let text = base64url::encode(triple.to_string().as_bytes());
        Disclosure {
            text,
            field,
            value: value.to_owned(),
        }
    }

    /// Reads a disclosure.
    ///
    /// # Errors
    /// Anything but strict base64url of a JSON triple of salt, field and value.
    pub fn parse(text: &str) -> Result<Disclosure, DisclosureError> {
        let bytes = base64url::decode(text).map_err(|_| DisclosureError::Base64url)?;
        let node = json::parse(&bytes, &Limits::RECORD).map_err(|_| DisclosureError::NotATriple)?;
        let [salt, field, value] = node.as_array().unwrap_or_default() else {
            return Err(DisclosureError::NotATriple);
        };
        let string = |item: &Node| item.as_str().map(str::to_owned).ok_or(DisclosureError::NotATriple);
        let (salt, field, value) = (string(salt)?, string(field)?, string(value)?);
        let salt_holds = base64url::decode(&salt).is_ok_and(|bytes| bytes.len() == SALT_BYTES);
        if !salt_holds {
            return Err(DisclosureError::Salt);
        }
        let field = field.parse().map_err(|_| DisclosureError::Field)?;
        Ok(Disclosure {
            text: text.to_owned(),
            field,
            value,
        })
    }

    /// The text that is hashed and sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The field.
    pub fn field(&self) -> &FieldId {
        &self.field
    }

    /// What the person entered. Personal: it belongs in no log, URL or error.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The member of `subject._sd` that commits to it.
    pub fn digest(&self) -> String {
        Sha256Digest::of(self.text.as_bytes()).to_b64u()
    }
}

impl fmt::Debug for Disclosure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Disclosure")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// A disclosure that cannot be accepted (step 10).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisclosureError {
    /// Not strict base64url.
    Base64url,
    /// Not a JSON array of three strings.
    NotATriple,
    /// The salt is not 128 bits in base64url.
    Salt,
    /// Not a field id.
    Field,
    /// Its digest is not in `subject._sd`.
    NotCommitted(FieldId),
    /// The field is disclosed twice.
    Repeated(FieldId),
    /// No purpose of the record has that field.
    Undeclared(FieldId),
    /// All purposes of the field were not given, objected to, or not shown.
    NotPermitted(FieldId),
    /// The address or number itself stands in the payload.
    InPayload(FieldId),
}

impl fmt::Display for DisclosureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DisclosureError::Base64url => formatter.write_str("a disclosure is not strict base64url"),
            DisclosureError::NotATriple => formatter.write_str("a disclosure is not a triple of salt, field and value"),
            DisclosureError::Salt => formatter.write_str("the salt of a disclosure is not 128 bits in base64url"),
            DisclosureError::Field => formatter.write_str("a disclosure names no field"),
            DisclosureError::NotCommitted(field) => {
                write!(formatter, "{field}: the record holds no digest of this value")
            }
            DisclosureError::Repeated(field) => write!(formatter, "{field}: disclosed twice"),
            DisclosureError::Undeclared(field) => write!(formatter, "{field}: no purpose of the record has this field"),
            DisclosureError::NotPermitted(field) => {
                write!(formatter, "{field}: none of its purposes permits to keep it")
            }
            DisclosureError::InPayload(field) => write!(formatter, "{field}: the value itself stands in the record"),
        }
    }
}

impl std::error::Error for DisclosureError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_triples_only() {
        let read = |json: &str| Disclosure::parse(&base64url::encode(json.as_bytes())).map(|d| d.value().to_owned());
        let salt = "QLcowKLGj2ArX4rHUX-hNA";
        assert_eq!(read(&format!("[ \"{salt}\", \"email\",\"a\" ]")).as_deref(), Ok("a"));
        let rows = [
            (format!(r#"["{salt}","email"]"#), DisclosureError::NotATriple),
            (format!(r#"["{salt}","email","a","b"]"#), DisclosureError::NotATriple),
            (format!(r#"["{salt}","email",1]"#), DisclosureError::NotATriple),
            (r#"{"a":1}"#.to_owned(), DisclosureError::NotATriple),
            (format!(r#"["{salt}","email","\ud800"]"#), DisclosureError::NotATriple),
            (r#"["c2FsdA","email","a"]"#.to_owned(), DisclosureError::Salt),
            (format!(r#"["{salt}","E-mail","a"]"#), DisclosureError::Field),
        ];
        for (json, error) in rows {
            assert_eq!(read(&json), Err(error), "{json}");
        }
        assert_eq!(Disclosure::parse("W10="), Err(DisclosureError::Base64url));
    }

    #[test]
    fn what_is_made_reads_back_and_debug_hides_the_value() {
        let made = Disclosure::new([7; 16], "email".parse().expect("a field"), "zoë@example.org");
        assert_eq!(Disclosure::parse(made.as_str()).as_ref(), Ok(&made));
        assert!(!format!("{made:?}").contains("example"));
    }
}
