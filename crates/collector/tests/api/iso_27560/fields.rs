//! The 45 fields, in the order of the specification: where each is to be found, or why nowhere. Clauses, necessity and
//! terms: DPV's guide to 27560 (<https://w3id.org/dpv/guides/consent-27560>), the specification itself being for sale.

use std::ops::RangeInclusive;

pub(super) const SECTIONS: [(&str, RangeInclusive<u8>); 5] = [
    ("Header", 1..=4),
    ("Processing", 5..=26),
    ("PII", 27..=31),
    ("Parties", 32..=40),
    ("Events", 41..=45),
];

pub(super) struct Field {
    pub(super) number: u8,
    pub(super) name: &'static str,
    pub(super) clause: &'static str,
    pub(super) iso: &'static str,
    pub(super) gdpr: &'static str,
    pub(super) place: Place,
}

pub(super) enum Place {
    /// Paths in the record and in its DPV export.
    At {
        record: &'static [&'static str],
        dpv: &'static [&'static str],
    },
    /// The term that would show it, and why it does not.
    Nowhere { absent: &'static str, reason: &'static str },
}

macro_rules! fields {
    ($($number:literal $name:literal $clause:literal $iso:literal $gdpr:literal $place:expr;)+) => {
        pub(super) const FIELDS: &[Field] = &[$(Field {
            number: $number, name: $name, clause: $clause, iso: $iso, gdpr: $gdpr, place: $place,
        }),+];
    };
}

const fn at(record: &'static [&'static str], dpv: &'static [&'static str]) -> Place {
    Place::At { record, dpv }
}

const fn nowhere(absent: &'static str, reason: &'static str) -> Place {
    Place::Nowhere { absent, reason }
}

fields! {
    1 "schema_version" "6.3.2" "M" "–" at(&["/conformsTo", "/format"], &["/dct:conformsTo"]);
    2 "record_id" "*6.3.3.2*" "M" "–" at(&["/id"], &["/dct:identifier", "/dpv:hasIdentifier"]);
    3 "pii_principal_id" "*6.3.3.1*" "M" "–" at(&["/subject/id"], &["/dpv:hasDataSubject/dct:identifier"]);
    4 "receipt_id" "6.4" "M" "–" at(&["/id"], &["/@reverse/dpv:hasRecordOfActivity/dct:identifier"]);

    5 "privacy_notice" "6.3.4.1" "M" "M" at(&["/form/texts", "/shown/*/text", "/policy/url", "/policy/version"],
        &["/dpv:hasNotice/*/@type", "/dpv:hasNotice/*/schema:url"]);
    6 "language" "6.3.4.2" "M" "–" at(&["/language"], &["/dct:language", "/dpv:hasNotice/*/dct:language"]);
    7 "purposes" "6.3.4.3" "M" "M" at(&["/processes/*"], &["/dpv:hasProcess/*/@type"]);
    8 "purpose" "6.3.4.4" "M" "M" at(&["/processes/*/purpose"],
        &["/dpv:hasProcess/*/dpv:hasPurpose/dct:identifier", "/dpv:hasProcess/*/dpv:hasPurpose/dct:description/@value"]);
    9 "purpose_type" "*6.3.4.5*" "O" "–" at(&["/processes/*/category", "/processes/*/kind"], &["/dpv:hasProcess/*/dpv:hasPurpose/skos:broader"]);
    10 "lawful_basis" "6.3.4.6" "O" "M" at(&["/processes/*/basis"], &["/dpv:hasProcess/*/dpv:hasLegalBasis/*"]);
    11 "pii_information" "6.3.4.7" "M" "–" at(&["/processes/*/data/*"], &["/dpv:hasProcess/*/dpv:hasPersonalData/*/@type"]);
    12 "pii_controllers" "6.3.4.8" "M" "–" at(&["/parties/*[role=controller]/id"], &["/dpv:hasProcess/*/dpv:hasDataController/*"]);
    13 "collection_method" "6.3.4.9" "O" "M" at(&["/capture/method", "/capture/observed"], &["/dpv:hasProcess/*/dpv:hasDataSource/@type", "/dct:provenance/dct:title"]);
    14 "processing_method" "6.3.4.10" "O" "M" at(&["/processes/*/operations/*", "/automatedDecisions"],
        &["/dpv:hasProcess/*/dpv:hasProcessing/*", "/dpv:hasProcess/*/dpv:hasRule/*/dpv:hasContext/@type"]);
    15 "storage_locations" "6.3.4.11" "M" "M" at(&["/processes/*/storage/locations/*"],
        &["/dpv:hasProcess/*/dpv:hasStorageCondition/*[@type=dpv:StorageLocation]/dpv:hasLocation/*"]);
    16 "retention_period" "6.3.4.12" "M" "M" at(&["/processes/*/storage/retention", "/processes/*/storage/from"],
        &["/dpv:hasProcess/*/dpv:hasStorageCondition/*[@type=dpv:StorageDuration]/dpv:hasDuration/rdf:value/@value"]);
    17 "processing_locations" "6.3.4.13" "O" "M" at(&["/parties/*/country", "/processes/*/storage/locations/*"],
        &["/dpv:hasProcess/*/dpv:hasProcessingCondition/dpv:hasLocation/*"]);
    18 "geographic_restrictions" "6.3.4.14" "O" "M" at(&["/processes/*/transfers/*/country", "/processes/*/transfers/*/mechanism"],
        &["/dpv:hasProcess/*/dpv:hasRule/*/@type", "/dpv:hasProcess/*/dpv:hasRule/*/dpv:hasLegalBasis"]);
    19 "service" "*6.3.4.15*" "O" "–" at(&["/form/service", "/form/id"], &["/dpv:hasService/dct:title/@value"]);
    20 "jurisdiction" "6.3.4.16" "M" "M" at(&["/jurisdiction/country", "/jurisdiction/profile"], &["/dpv:hasJurisdiction/*", "/dpv:hasApplicableLaw"]);
    21 "recipient_third_parties" "6.3.4.17" "M" "M" at(&["/processes/*/recipients/*"], &["/dpv:hasProcess/*/dpv:hasRecipient/*", "/dpv:hasProcess/*/dpv:hasThirdParty/*"]);
    22 "withdrawal_method" "6.3.4.18" "M" "M" at(&["/withdrawal/url", "/withdrawal/email"],
        &["/dpv:hasConsentControl/@type", "/dpv:hasConsentControl/dpv:isExercisedAt/*"]);
    23 "privacy_rights" "6.3.4.19" "O" "M" at(&["/rights/*"], &["/dpv:hasRight/*/@type/*", "/dpv:hasRight/*/dpv:isExercisedAt/*"]);
    24 "codes_of_conduct" "6.3.4.20" "O" "O" nowhere("dpv:CodeOfConduct", "a definition has no member for one; a controller who adheres to a code says so in the policy that `/policy` names");
    25 "impact_assessment" "6.3.4.21" "O" "O" nowhere("dpv:DPIA", "it is the controller's own document and not told to the person; that of a legitimate interest stands in the definition that `/form/version` names");
    26 "authority_party" "6.3.4.22" "O" "M" at(&["/parties/*[role=authority]/name"], &["/dpv:hasAuthority/*"]);

    27 "pii_type" "6.3.5.1" "M" "M" at(&["/processes/*/data/*/type"], &["/dpv:hasProcess/*/dpv:hasPersonalData/*/skos:broader"]);
    28 "pii_attribute_id" "6.3.5.2" "O" "–" at(&["/processes/*/data/*/field", "/subject/_sd/*"],
        &["/dpv:hasProcess/*/dpv:hasPersonalData/*/dct:identifier", "/dpv:hasTechnicalMeasure/*[@type=dpv:HashFunctions]/dct:identifier/*"]);
    29 "pii_optional" "6.3.5.3" "O" "M" at(&["/processes/*/data/*/required"], &["/dpv:hasProcess/*/dpv:hasPersonalData/*/dpv:hasNecessity"]);
    30 "sensitive_pii_category" "6.3.5.4" "O" "–" nowhere("dpv:SensitivePersonalData", "no kind of field asks for such data; a record that names them (`data[].type`) is exported with this class");
    31 "special_pii_category" "6.3.5.5" "O" "M" nowhere("dpv:SpecialCategoryPersonalData", "no kind of field asks for such data; a record that names them (`data[].type`) is exported with this class");

    32 "party_id" "*6.3.6.1*" "M" "–" at(&["/parties/*/id"], &["/dpv:hasEntity/*/dpv:hasIdentifier"]);
    33 "party_address" "*6.3.6.2*" "M" "M" at(&["/parties/*/address", "/parties/*/country"],
        &["/dpv:hasEntity/*/dpv:hasAddress/schema:streetAddress/@value", "/dpv:hasEntity/*/dpv:hasAddress/schema:addressCountry"]);
    34 "party_email" "*6.3.6.3*" "O" "–" at(&["/parties/*/email"], &["/dpv:hasEntity/*/dpv:hasContact/schema:email"]);
    35 "party_url" "*6.3.6.4*" "O" "–" at(&["/parties/*/url"], &["/dpv:hasEntity/*/schema:url"]);
    36 "party_phone" "*6.3.6.5*" "O" "–" at(&["/parties/*/phone"], &["/dpv:hasEntity/*/dpv:hasContact/schema:telephone"]);
    37 "party_name" "6.3.6.6" "M" "M" at(&["/parties/*/name"], &["/dpv:hasEntity/*/dpv:hasName/@value"]);
    38 "party_role" "6.3.6.7" "O" "M" at(&["/parties/*/role"], &["/dpv:hasEntity/*/@type/*"]);
    39 "party_contact" "6.3.6.8" "M" "M" at(&["/parties/*/email", "/parties/*/phone", "/parties/*/url"], &["/dpv:hasEntity/*/dpv:hasContact"]);
    40 "party_type" "6.3.6.9" "M" "M" at(&["/parties/*/role", "/processes/*/recipients/*"], &["/dpv:hasEntity/*/@type/*"]);

    41 "event_time" "6.3.7.1" "M" "M" at(&["/created"], &["/dpv:hasProcess/*/dpv:hasConsentStatus/*/dpv:isIndicatedAtTime"]);
    42 "validity_duration" "6.3.7.2" "M" "M" at(&["/processes/*/validity"], &["/dpv:hasProcess/*/dpv:hasConsentStatus/*/dpv:hasDuration/rdf:value/@value"]);
    43 "entity_id" "6.3.7.3" "M" "M" at(&["/actor", "/subject/id"], &["/dpv:hasProcess/*/dpv:hasConsentStatus/*/dpv:isIndicatedBy/*"]);
    44 "event_type" "6.3.7.4" "M" "M" at(&["/event", "/processes/*/basis"], &["/dpv:hasProcess/*/dpv:hasConsentStatus/*/@type/*", "/dpv:hasProcess/*/dpv:hasLegalBasis/*"]);
    45 "event_state" "6.3.7.6" "M" "M" at(&["/processes/*/status", "/processes/*/indication/control"],
        &["/dpv:hasProcess/*/dpv:hasConsentStatus/*/@type/*", "/dpv:hasProcess/*/dpv:hasStatus/*/@type/*", "/dpv:hasProcess/*/dpv:hasConsentStatus/*/dpv:hasIndicationMethod"]);
}
