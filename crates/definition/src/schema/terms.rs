//! Closed vocabularies: small ones with the meaning of each value, long ones as the readers list them.
//!
//! `enumDescriptions` is no word of JSON Schema, which lets others pass: editors show it beside the value.
//! A test holds the small ones to the enumerations that the readers use, so that neither knows a value alone.

use std::borrow::Cow;

use candor_record::term::dpv;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::mechanism::MECHANISMS;

/// Declares a vocabulary: its description, and each value with what it means.
macro_rules! terms {
    ($($(#[doc = $doc:literal])+ $name:ident { $($value:literal $meaning:literal,)+ })*) => {
        $(
            $(#[doc = $doc])+
            pub(super) struct $name;

            impl $name {
                #[cfg(test)]
                const VALUES: &[&str] = &[$($value),+];
            }

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!({
                        "description": (super::sentence(&[$($doc),+])),
                        "type": "string",
                        "enum": [$($value),+],
                        "enumDescriptions": [$($meaning),+]
                    })
                }
            }
        )*
    };
}

terms! {
    /// Whom the form addresses.
    Audience {
        "b2c" "Consumers.",
        "b2b" "People in their work.",
    }
    /// What a party has to do with the data.
    PartyRole {
        "controller" "Decides why and how (GDPR Art. 4(7)); at least one party is.",
        "joint-controller" "Decides together with another (Art. 26).",
        "processor" "Works on instruction (Art. 28); say the day of the `agreement`.",
        "recipient" "Receives data for its own ends; has a `policy` of its own where data is shared.",
        "representative" "Represents a controller outside the Union (Art. 27).",
        "dpo" "The data protection officer (Art. 37).",
        "authority" "The supervisory authority for complaints (Art. 77).",
    }
    /// What a field asks for.
    FieldType {
        "email" "An e-mail address. In records: EmailAddress.",
        "name" "A whole name. In records: Name.",
        "given-name" "A first name. In records: Name.",
        "family-name" "A family name. In records: Name.",
        "phone" "A telephone number, for a purpose that uses the phone. In records: TelephoneNumber.",
        "organization" "A company or an association. In records: Professional.",
        "job-title" "A profession or a position. In records: Job.",
        "country" "A country, from a list. In records: Country.",
        "postal-code" "A postal code. In records: PostalCode.",
        "url" "A web address. In records: PersonalData.",
        "text" "One line. In records: PersonalData.",
        "long-text" "Several lines. In records: PersonalData.",
        "select" "One of the `options`, in a drop-down list. In records: PersonalData.",
        "radio" "One of the `options`, side by side. In records: PersonalData.",
        "hidden" "A campaign value that the page declares and the visitor never sees. In records: PersonalData.",
        "age" "Old enough to consent alone or not, without a birth date: whoever is not is told who has to agree, and nothing is sent. In records: AgeRange.",
    }
    /// Why a purpose is lawful. The control that the visitor sees follows from it.
    Basis {
        "consent" "The person says yes (GDPR Art. 6(1)(a)): one unticked box. Needs a `validity`.",
        "explicit-consent" "The person says yes explicitly (Art. 9(2)(a), 22, 49): one unticked box. Needs a `validity`.",
        "soft-opt-in" "Similar products to a customer (ePrivacy Art. 13(2)): an unticked box to object. Needs an `interest`.",
        "legitimate-interest" "An interest that outweighs (Art. 6(1)(f)): an unticked box to object. Needs an `interest`.",
        "pre-contract" "Steps that the person asked for before a contract (Art. 6(1)(b)): the statement alone.",
        "contract" "What the person asked for (Art. 6(1)(b)): the statement alone.",
        "legal-obligation" "A duty by law (Art. 6(1)(c)): the statement alone.",
    }
    /// What a purpose is to the person.
    Kind {
        "mandatory" "Needed for what they ask for; never a consent.",
        "informational" "Tells them something.",
        "promotional" "Advertises.",
    }
    /// How the person is reached.
    Channel {
        "email" "By e-mail.",
        "phone" "By a call.",
        "sms" "By a text message.",
        "post" "By a letter.",
        "messaging" "By a messaging service.",
        "none" "Not at all.",
    }
    /// From when a retention counts.
    RetentionStart {
        "collection" "From the day on which the data was collected.",
        "last-contact" "From the last sign of the person.",
        "withdrawal" "From the day on which the consent was taken back.",
    }
    /// How the link of a gate gets to the visitor.
    Delivery {
        "email" "It is mailed: an `email` field is required for the gate's purpose.",
        "screen" "It is in the answer: no `email` or `phone` field may be required for it.",
    }
    /// What happens when a consent ran out and nobody answered.
    OnSilence {
        "expire" "The consent ends.",
        "pause" "The person is not contacted until the consent is renewed; it is kept until the retention is over.",
        "keep" "The consent stays on record; nobody is contacted after its validity.",
    }
}

/// Declares a long vocabulary: its description, and where its values come from.
macro_rules! lists {
    ($($(#[doc = $doc:literal])+ $name:ident($values:expr) $example:literal;)*) => {
        $(
            $(#[doc = $doc])+
            pub(super) struct $name;

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    let values: Vec<_> = $values.collect();
                    json_schema!({
                        "description": (super::sentence(&[$($doc),+])),
                        "type": "string",
                        "enum": values,
                        "examples": [$example]
                    })
                }
            }
        )*
    };
}

lists! {
    /// A country: two capital letters of ISO 3166-1.
    Country(countries()) "FR";
    /// A purpose of the W3C Data Privacy Vocabulary 2.3 (https://w3id.org/dpv), without prefix.
    Category(dpv::purposes()) "DirectMarketing";
    /// An operation of the W3C Data Privacy Vocabulary 2.3 (https://w3id.org/dpv), without prefix.
    Operation(dpv::operations()) "Use";
    /// A mechanism of Chapter V of the GDPR, by its article: `A45-3` an adequacy decision, `A46-2-c` standard
    /// contractual clauses, `A49-1-a` explicit consent.
    Mechanism(MECHANISMS.into_iter().map(crate::Mechanism::as_str)) "A46-2-c";
}

/// Every code that the reader takes.
fn countries() -> impl Iterator<Item = String> {
    let pairs = ('A'..='Z').flat_map(|first| ('A'..='Z').map(move |second| format!("{first}{second}")));
    pairs.filter(|code| crate::Country::parse(code).is_some())
}

#[cfg(test)]
mod tests {
    use candor_record::term;

    use super::*;

    #[test]
    fn small_vocabularies_are_those_of_the_readers() {
        fn check<T: Copy>(values: &[&str], all: &[T], spell: fn(T) -> &'static str) {
            let read: Vec<&str> = all.iter().copied().map(spell).collect();
            assert_eq!(values, read);
        }
        check(Audience::VALUES, term::Audience::ALL, term::Audience::as_str);
        check(PartyRole::VALUES, term::PartyRole::ALL, term::PartyRole::as_str);
        check(Basis::VALUES, term::Basis::ALL, term::Basis::as_str);
        check(Kind::VALUES, term::Kind::ALL, term::Kind::as_str);
        check(Channel::VALUES, term::Channel::ALL, term::Channel::as_str);
        check(
            RetentionStart::VALUES,
            term::RetentionStart::ALL,
            term::RetentionStart::as_str,
        );
        check(FieldType::VALUES, crate::FieldType::ALL, crate::FieldType::as_str);
        check(Delivery::VALUES, &crate::Delivery::ALL, crate::Delivery::as_str);
        check(OnSilence::VALUES, &crate::OnSilence::ALL, crate::OnSilence::as_str);
    }

    #[test]
    fn countries_are_those_of_the_table() {
        assert_eq!(countries().count(), 249);
    }

    #[test]
    fn data_types_are_said_as_records_have_them() {
        let schema = FieldType::json_schema(&mut SchemaGenerator::default());
        let described = schema.as_value()["enumDescriptions"].as_array().expect("a list").iter();
        for (described, field_type) in described.zip(crate::FieldType::ALL) {
            let ending = format!("In records: {}.", field_type.data_type());
            let description = described.as_str().expect("a sentence");
            assert!(description.ends_with(&ending), "{description}");
        }
    }
}
