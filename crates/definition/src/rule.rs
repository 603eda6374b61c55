//! The rules by which a definition is refused, and the notes it can get: a stable id, what it asks, and where that comes from.
//!
//! An id never changes its meaning: site owners and continuous integration refer to it. What needs judgement is no
//! rule of this table but a lint of `candor check`.

/// One reason for which a definition can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable identifier, for example `C-DEF-GATE-CONSENT`.
    pub id: &'static str,
    /// What the rule asks, in one clause.
    pub title: &'static str,
    /// Article of law or clause of the specification.
    pub source: &'static str,
}

/// Declares each rule as a constant and lists all of them in [`ALL`].
macro_rules! rules {
    ($($name:ident $id:literal $title:literal $source:literal;)*) => {
        $(pub(crate) const $name: Rule = Rule { id: $id, title: $title, source: $source };)*

        /// Every rule, in the order of the table.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

#[rustfmt::skip]
mod table {
    use super::Rule;

    rules! {
        // The file as JSON.
        JSON "C-DEF-JSON" "the file is strict JSON" "RFC 8259; spec/record.md §2.1";
        MEMBER_DUPLICATE "C-DEF-MEMBER-DUPLICATE" "a member stands once in its object" "candor-form/1, refused: duplicate members; RFC 8785 §3.1";
        MEMBER_UNKNOWN "C-DEF-MEMBER-UNKNOWN" "only members of the format stand in a definition" "candor-form/1, refused: unknown members";
        MEMBER_MISSING "C-DEF-MEMBER-MISSING" "every required member is there" "candor-form/1, table of members";
        TYPE "C-DEF-TYPE" "a member has the JSON type of the format" "candor-form/1, table of members";
        EMPTY "C-DEF-EMPTY" "a text says something and a list holds something" "candor-form/1, table of members";
        ENUMERATION "C-DEF-ENUMERATION" "a closed list admits its own values only" "candor-form/1, table of members";
        TWICE "C-DEF-TWICE" "a list names a thing once" "candor-form/1, table of members";

        // The head.
        FORMAT "C-DEF-FORMAT" "the format is candor-form/1" "candor-form/1, format";
        ID "C-DEF-ID" "a form id is [a-z0-9-]{1,64}" "candor-form/1, id";
        LANGUAGE "C-DEF-LANGUAGE" "a language is a BCP 47 tag" "BCP 47 (RFC 5646)";
        LANGUAGE_WORDS "C-DEF-LANGUAGE-WORDS" "Candor has the words of the notice in every declared language" "spec/element.md: legal text never falls back silently; GDPR Art. 12(1)";
        COUNTRY "C-DEF-COUNTRY" "a country is an ISO 3166-1 alpha-2 code" "ISO 3166-1";

        // Texts.
        TEXT_LANGUAGE "C-DEF-TEXT-LANGUAGE" "every text exists in each declared language" "GDPR Art. 12(1); candor-form/1, refused: a text missing in a declared language";
        TEXT_UNDECLARED "C-DEF-TEXT-UNDECLARED" "a text exists in declared languages only" "candor-form/1, languages";
        TEXT_MARKUP "C-DEF-TEXT-MARKUP" "a text is plain words" "candor-form/1, refused: markup in a text";
        TEXT_CONTROL "C-DEF-TEXT-CONTROL" "a text holds no control characters" "spec/record.md §5: what is shown is what is recorded";

        // Plain values.
        EMAIL "C-DEF-EMAIL" "an e-mail address is complete" "RFC 5321 §4.1.2";
        PHONE "C-DEF-PHONE" "a phone number is digits, with an optional +" "ITU-T E.123";
        URL "C-DEF-URL" "a link is an absolute web address" "RFC 3986; candor-form/1, parties";
        DATE "C-DEF-DATE" "a date is YYYY-MM-DD" "RFC 3339 full-date";
        DIGEST "C-DEF-DIGEST" "a digest is sha256- and 43 characters of base64url" "spec/record.md §3";
        PERIOD "C-DEF-PERIOD" "a period is an ISO 8601 duration greater than zero" "ISO 8601-1:2019 §5.5.2";

        // Parties and the notice.
        PARTY_ID "C-DEF-PARTY-ID" "a party id is [A-Za-z0-9_-]{1,64}" "candor-form/1, parties";
        PARTY_DUPLICATE "C-DEF-PARTY-DUPLICATE" "a party id stands for one party" "candor-form/1, parties";
        PARTY_CONTROLLER "C-DEF-PARTY-CONTROLLER" "at least one party is the controller" "GDPR Art. 13(1)(a)";
        POLICY_URL "C-DEF-POLICY-URL" "a privacy notice is linked by https or as a path of the same site" "GDPR Art. 13; candor-form/1, refused: policy URL";

        // Fields.
        FIELD_ID "C-DEF-FIELD-ID" "a field id is [a-z][a-z0-9_]{0,31} and not id" "candor-form/1, fields";
        FIELD_DUPLICATE "C-DEF-FIELD-DUPLICATE" "a field id stands for one field" "candor-form/1, fields";
        FIELD_PURPOSE "C-DEF-FIELD-PURPOSE" "a field serves at least one purpose of the definition" "GDPR Art. 5(1)(b) and (c)";
        FIELD_WHEN "C-DEF-FIELD-WHEN" "a dependent field stands under a consent checkbox of the form" "candor-form/1, fields: when";
        FIELD_REQUIRED "C-DEF-FIELD-REQUIRED" "a field that only serves consents is not required" "GDPR Art. 7(4); EDPB 05/2020 ¶25-41";
        FIELD_OPTIONS "C-DEF-FIELD-OPTIONS" "select and radio have options, other fields have none" "candor-form/1, fields: options";
        FIELD_LENGTH "C-DEF-FIELD-LENGTH" "maxLength is a whole number from 1 to 10000" "candor-form/1, fields: maxLength";
        FIELD_AGE "C-DEF-FIELD-AGE" "an age declaration is asked once, of everybody, for every purpose, from 13 to 18 years" "GDPR Art. 8(1)";
        FIELD_PHONE "C-DEF-FIELD-PHONE" "a phone number is asked only for a purpose that uses the phone" "GDPR Art. 5(1)(c)";

        // Purposes.
        PURPOSE_ID "C-DEF-PURPOSE-ID" "a purpose id is [A-Za-z0-9_-]{1,64}" "candor-form/1, purposes";
        PURPOSE_DUPLICATE "C-DEF-PURPOSE-DUPLICATE" "a purpose id stands for one purpose" "candor-form/1, purposes";
        PURPOSE_STATEMENT "C-DEF-PURPOSE-STATEMENT" "every purpose has a statement" "GDPR Art. 13(1)(c); candor-form/1, refused";
        PURPOSE_SAME "C-DEF-PURPOSE-SAME" "two purposes do not say the same" "GDPR Art. 4(11), Recital 43";
        PURPOSE_STORAGE "C-DEF-PURPOSE-STORAGE" "every purpose says where and how long data is stored" "GDPR Art. 13(2)(a)";
        PURPOSE_CATEGORY "C-DEF-PURPOSE-CATEGORY" "a category is a purpose of DPV 2.3" "W3C DPV 2.3, https://w3id.org/dpv";
        CONSENT_REQUIRED "C-DEF-CONSENT-REQUIRED" "a consent is never required" "GDPR Art. 7(4); EDPB 05/2020 ¶25-41";
        CONSENT_TICKED "C-DEF-CONSENT-TICKED" "a consent never starts ticked" "GDPR Art. 4(11), Recital 32; CJEU C-673/17 Planet49";
        CONSENT_VALIDITY "C-DEF-CONSENT-VALIDITY" "a consent has a validity" "EDPB 05/2020 ¶110-111";
        VALIDITY_BASIS "C-DEF-VALIDITY-BASIS" "only a consent has a validity" "candor-form/1, purposes: validity";
        OBJECTION_BASIS "C-DEF-OBJECTION-BASIS" "an objection belongs to legitimate interest and soft opt-in" "GDPR Art. 21; candor-form/1, purposes: objection";
        OBJECTION_MISSING "C-DEF-OBJECTION-MISSING" "promotion without consent carries a box to object" "GDPR Art. 21(2)-(4); ePrivacy Art. 13(2)";
        INTEREST_BASIS "C-DEF-INTEREST-BASIS" "interest and assessment belong to legitimate interest and soft opt-in" "GDPR Art. 6(1)(f); candor-form/1, purposes: interest";
        INTEREST_MISSING "C-DEF-INTEREST-MISSING" "a legitimate interest is named" "GDPR Art. 13(1)(d)";
        RETENTION_VALIDITY "C-DEF-RETENTION-VALIDITY" "data is kept at least as long as the consent is valid" "candor-form/1, refused: retention shorter than validity; GDPR Art. 5(1)(e)";
        RECIPIENT_UNKNOWN "C-DEF-RECIPIENT-UNKNOWN" "a recipient is a party" "GDPR Art. 13(1)(e); candor-form/1, refused";
        RECIPIENT_CONTROLLER "C-DEF-RECIPIENT-CONTROLLER" "recipients name a controller" "GDPR Art. 13(1)(a); EDPB 05/2020 ¶65";
        SHARE_RECIPIENT "C-DEF-SHARE-RECIPIENT" "sharing names who receives" "GDPR Art. 13(1)(e)";
        SHARE_POLICY "C-DEF-SHARE-POLICY" "a recipient of shared data has a privacy notice" "GDPR Art. 14";
        TRANSFER_MISSING "C-DEF-TRANSFER-MISSING" "data leaves the EEA by a declared transfer only" "GDPR Art. 13(1)(f), 44";
        TRANSFER_MECHANISM "C-DEF-TRANSFER-MECHANISM" "a transfer has a mechanism of Chapter V" "GDPR Art. 44-49";

        // What happens after.
        ENDPOINT "C-DEF-ENDPOINT" "an endpoint is https or a path of the same site" "candor-form/1, submit";
        REDIRECT "C-DEF-REDIRECT" "a redirect is a path of the same site" "candor-form/1, submit: redirect";
        GATE_PURPOSE "C-DEF-GATE-PURPOSE" "a gate serves a purpose of the definition" "candor-form/1, gate";
        GATE_CONSENT "C-DEF-GATE-CONSENT" "a gate never depends on a consent" "GDPR Art. 7(4); EDPB 05/2020 ¶25-41";
        GATE_SCREEN "C-DEF-GATE-SCREEN" "a gate that delivers on the screen requires no address" "GDPR Art. 5(1)(c); candor-form/1, gate: delivery";
        GATE_EMAIL "C-DEF-GATE-EMAIL" "a gate that delivers by e-mail asks for the address" "candor-form/1, gate: delivery";
        GATE_ASSET "C-DEF-GATE-ASSET" "an asset path stays in its folder" "candor-form/1, refused: asset path; CWE-22";
        WITHDRAWAL "C-DEF-WITHDRAWAL" "there is an address for withdrawal" "GDPR Art. 7(3); EDPB 05/2020 ¶112-116";
        THEME "C-DEF-THEME" "a theme token is known and its value is one plain CSS value" "candor-form/1, theme; CSS Syntax Level 3";
    }
}

/// What a definition is told without being refused.
pub const NOTES: &[Rule] = &[LANGUAGE_REVIEW];

pub(crate) const LANGUAGE_REVIEW: Rule = Rule {
    id: "C-DEF-LANGUAGE-REVIEW",
    title: "a speaker who knows the law has checked the legal sentences of a declared language",
    source: "GDPR Art. 12(1); docs/languages.md",
};

pub use table::ALL;
pub(crate) use table::*;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ALL, NOTES};

    #[test]
    fn ids_are_unique_and_well_formed() {
        let all = || ALL.iter().chain(NOTES);
        let ids: BTreeSet<&str> = all().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), all().count());
        for rule in all() {
            assert!(rule.id.starts_with("C-DEF-") && !rule.source.is_empty(), "{}", rule.id);
        }
    }
}
