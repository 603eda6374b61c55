//! By what a person is asked about: a mailbox or a telephone number, in the forms in which they are compared.
//! Refuses to print either: they are personal. Whom it leads to is looked up by keyed hashes.

use std::{collections::BTreeSet, fmt};

use candor_record::{id::PurposeId, term::Channel};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    index::{AddressKey, AddressKind},
    ingest::values::e164,
    mailbox::Mailbox,
    published::PublishedForm,
    store::StoreError,
};

/// Whom the question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Mailbox(Mailbox),
    Phone(Number),
}

/// A telephone number in E.164.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(String);

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Number(personal)")
    }
}

impl Number {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a number as the forms with this purpose would, or where there are none, as any form here would.
    pub fn parse(app: &App, purpose: Option<&PurposeId>, text: &str) -> Option<Self> {
        let forms: Vec<_> = app.forms.iter().map(|(_, live)| live.in_language(None)).collect();
        let asks = |form: &PublishedForm| purpose.is_some_and(|id| form.process(id.as_str()).is_some());
        let is_known = forms.iter().any(|form| asks(form));
        let countries = forms.iter().filter(|form| asks(form) || !is_known);
        let countries: BTreeSet<&str> = countries.map(|form| form.country()).collect();
        let read = |country| e164(country, text).map(Self);
        countries.into_iter().find_map(read).or_else(|| read(""))
    }
}

impl Address {
    pub fn key(&self, app: &App) -> (AddressKey, AddressKind) {
        match self {
            Self::Mailbox(mailbox) => (app.index.mailbox(mailbox), AddressKind::Email),
            Self::Phone(Number(number)) => (app.index.phone(number), AddressKind::Phone),
        }
    }

    /// Everybody who has this address, each once; a mailbox has one.
    pub async fn people(&self, app: &App) -> Result<Vec<Uuid>, ApiError> {
        let (key, kind) = self.key(app);
        Ok(match kind {
            AddressKind::Email => app
                .store
                .person_by_mailbox(&key)
                .await?
                .map(|row| row.id)
                .into_iter()
                .collect(),
            AddressKind::Phone => {
                let leads = app.store.people_by_phone(&key).await?;
                let people: BTreeSet<Uuid> = leads.into_iter().map(|(person, _)| person).collect();
                people.into_iter().collect()
            }
        })
    }
}

/// Whether this address must not be contacted on that channel.
pub(super) async fn is_suppressed(
    app: &App,
    key: &AddressKey,
    kind: AddressKind,
    channel: Channel,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let found = app.store.suppressions(key, kind).await?;
    Ok(found
        .iter()
        .any(|entry| entry.key.channel == channel.as_str() && entry.since <= at))
}
