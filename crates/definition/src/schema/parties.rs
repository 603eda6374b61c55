//! Who stands behind the form, and the notice that it links to; read by `crate::party` and `crate::definition`.

use schemars::JsonSchema;

use super::terms::{Country, PartyRole};
use super::texts::{Date, Digest, Email, Link, Notice, NoticeInEachLanguage, PartyId, Phone, Plain, Text};

/// Somebody who decides about the data, works with it, receives it, or watches over it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Party {
    /// Names the party in `recipients`; its own within the form.
    id: PartyId,
    /// What it has to do with the data.
    role: PartyRole,
    /// Its full name, as it stands in the notice.
    name: Text,
    /// Where it is established. Outside the European Economic Area, a purpose that names it needs a transfer.
    country: Country,
    /// Its postal address.
    address: Option<Text>,
    /// Its e-mail address: of the controller or the officer, where a person asks for their rights.
    email: Option<Email>,
    /// Its telephone number.
    phone: Option<Phone>,
    /// Its web site.
    url: Option<Link>,
    /// The day of the processing contract (processors, GDPR Art. 28(3)).
    agreement: Option<Date>,
    /// Its own privacy notice; needed for whoever receives shared data (GDPR Art. 14).
    policy: Option<Notice>,
    /// What it does, in a few words (recipients).
    sector: Option<Text>,
}

/// The privacy notice that the form links to (GDPR Art. 13).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Policy {
    /// Where the notice stands, in each language where it has several addresses.
    url: NoticeInEachLanguage,
    /// Which version of the notice was in force; it stands in every record.
    #[schemars(extend("examples" = ["2026-11-01"]))]
    version: Plain,
    /// The digest of the notice as it was, so that a record also proves its words.
    digest: Option<Digest>,
}
