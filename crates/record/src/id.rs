//! Identifiers, each of its own type, so that a record's id is never taken for a person's.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An identifier that is not spelled as its kind is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// No UUID version 4 in small letters with hyphens (RFC 9562 §4, §5.4).
    Uuid4,
    /// No form id: `[a-z0-9-]{1,64}`.
    Form,
    /// No field id: `[a-z][a-z0-9_]{0,31}`, and not `id`.
    Field,
    /// No purpose or party id: `[A-Za-z0-9_-]{1,64}` (a full stop would make text refs ambiguous).
    Name,
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            IdError::Uuid4 => "not a UUID version 4 in small letters",
            IdError::Form => "not a form id of 1 to 64 letters a-z, digits and hyphens",
            IdError::Field => "not a field id of 1 to 32 letters a-z, digits and underscores that begins with a letter",
            IdError::Name => "not an id of 1 to 64 letters, digits, hyphens and underscores",
        })
    }
}

impl std::error::Error for IdError {}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $check:ident, $error:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<$name, IdError> {
                if $check(text) { Ok($name(text.to_owned())) } else { Err(IdError::$error) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

identifier! {
    /// One record (`id` and `replaces`, `spec/record.md` §3).
    RecordId, is_uuid4, Uuid4
}
identifier! {
    /// The life of one submission: the id of its first record (`chain`, §3).
    ChainId, is_uuid4, Uuid4
}
identifier! {
    /// The person, for this submission only (`subject.id`, §3).
    SubjectId, is_uuid4, Uuid4
}
identifier! {
    /// A form (`form.id`; `spec/definition.md`).
    FormId, is_form_id, Form
}
identifier! {
    /// A field of a form (`data[].field`; `spec/definition.md`).
    FieldId, is_field_id, Field
}
identifier! {
    /// A purpose of a form (`purpose`, §4).
    PurposeId, is_name, Name
}
identifier! {
    /// A party (`parties[].id` and `recipients`, §3 and §4).
    PartyId, is_name, Name
}

impl From<RecordId> for ChainId {
    /// The chain that a first record opens.
    fn from(id: RecordId) -> ChainId {
        ChainId(id.0)
    }
}

/// One spelling only: two spellings of one id would be two rows in a store.
fn is_uuid4(text: &str) -> bool {
    let Ok(uuid) = uuid::Uuid::try_parse(text) else {
        return false;
    };
    let version4 = uuid.get_version_num() == 4 && uuid.get_variant() == uuid::Variant::RFC4122;
    version4 && uuid.as_hyphenated().to_string() == text
}

fn is_form_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_field_id(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text != "id"
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_of_version_4_and_in_small_letters() {
        "c51bfadd-f9bd-4031-bc83-9122755e2a85"
            .parse::<RecordId>()
            .expect("a version 4");
        for text in [
            "",
            "00000000-0000-1000-8000-000000000000",
            "c51bfadd-f9bd-4031-7c83-9122755e2a85",
            "C51BFADD-F9BD-4031-BC83-9122755E2A85",
            "c51bfaddf9bd4031bc839122755e2a85",
            "{c51bfadd-f9bd-4031-bc83-9122755e2a85}",
            "urn:uuid:c51bfadd-f9bd-4031-bc83-9122755e2a85",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert_eq!(text.parse::<RecordId>(), Err(IdError::Uuid4), "{text}");
        }
    }

    #[test]
    fn names_keep_to_their_letters() {
        for text in ["id", "Email", "1st", "", "e-mail", &"a".repeat(33)] {
            assert_eq!(text.parse::<FieldId>(), Err(IdError::Field), "{text}");
        }
        for text in ["", "Ebook", "e_book", &"a".repeat(65)] {
            assert_eq!(text.parse::<FormId>(), Err(IdError::Form), "{text}");
        }
        for text in ["", "a.b", "é", "a b"] {
            assert_eq!(text.parse::<PurposeId>(), Err(IdError::Name), "{text}");
        }
    }
}
