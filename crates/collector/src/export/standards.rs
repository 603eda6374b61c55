//! One stored record in the words of other standards: `candor_record::export`, over what the store holds of its chain.
//! Refuses to tell what came later: a receipt stays what it was when it was given.

use candor_record::{
    disclosure::Disclosure,
    envelope::Envelope,
    export::{Chain, Receipt, dpv, kantara, sd_jwt},
    header::ControllerHeader,
    key::{Jwk, KeySet},
    record::{FollowUp, Record, Submission},
    verify::UnverifiedRecord,
};
use serde_json::{Value, json};

use crate::{
    app::App,
    http::error::ApiError,
    person::{Person, PersonEvent},
    store::StoredRecord,
};

/// Formats of one record beside its own, by the names of `--format` and `?format=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    Dpv,
    Kantara,
    SdJwt,
}

impl Standard {
    /// All of them, with the names that people know them by.
    pub const ALL: [(Standard, &'static str); 3] = [
        (Self::Dpv, "DPV 2.3 (JSON-LD)"),
        (Self::Kantara, "Kantara Consent Receipt 1.1"),
        (Self::SdJwt, "SD-JWT (RFC 9901)"),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dpv => "dpv",
            Self::Kantara => "kantara",
            Self::SdJwt => "sd-jwt",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().map(|(standard, _)| standard);
        all.find(|standard| standard.as_str() == text)
    }

    /// What such a text is sent as.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Dpv => "application/ld+json",
            Self::Kantara => "application/json",
            Self::SdJwt => sd_jwt::MEDIA_TYPE,
        }
    }
}

/// Everything that is on record of a person, as one JSON-LD document.
pub async fn dpv_of(app: &App, person: &Person) -> Result<Value, ApiError> {
    let mut graph = Vec::new();
    for event in &person.events {
        graph.push(Told::open(app, &event.stored).await?.dpv_record()?);
    }
    Ok(json!({"@context": dpv::context(), "@graph": graph}))
}

/// A Kantara receipt for each record by which the person gave a consent.
pub async fn kantara_of(app: &App, person: &Person) -> Result<Value, ApiError> {
    let keys = app.keys.current();
    let mut receipts = Vec::new();
    for event in &person.events {
        receipts.extend(Told::open(app, &event.stored).await?.kantara(&keys.published)?);
    }
    Ok(Value::Array(receipts))
}

/// A record with everything of its chain that was there when it was received.
#[derive(Debug)]
pub struct Told {
    first: Submission,
    later: Vec<FollowUp>,
    envelope: Envelope,
    seal: ControllerHeader,
}

impl Told {
    pub async fn open(app: &App, record: &StoredRecord) -> Result<Self, ApiError> {
        let chain = app.store.chain(record.chain).await?;
        Self::read(chain, record).ok_or(ApiError::Internal)
    }

    /// `None` where what is stored is no chain, which what was verified before it was stored always is.
    fn read(chain: Vec<StoredRecord>, record: &StoredRecord) -> Option<Self> {
        let unverified = UnverifiedRecord::read(record.receipt.as_bytes()).ok()?;
        let seal = unverified.controller()?.1.clone();
        let until_then = chain.into_iter().filter(|stored| stored.sequence <= record.sequence);
        let mut events = until_then.map(|stored| Some(PersonEvent::read(stored)?.record));
        let Record::Submission(first) = events.next()?? else {
            return None;
        };
        let later = events.map(|record| match record? {
            Record::FollowUp(follow_up) => Some(*follow_up),
            Record::Submission(_) => None,
        });
        Some(Self {
            first: *first,
            later: later.collect::<Option<_>>()?,
            envelope: unverified.envelope().clone(),
            seal,
        })
    }

    fn chain(&self) -> Result<Chain<'_>, ApiError> {
        let chain = Chain::new(&self.first, &self.later).map_err(|_| ApiError::Internal)?;
        Ok(chain.received(Receipt {
            received: self.seal.rcv,
            key_id: &self.seal.kid,
        }))
    }

    /// A whole JSON-LD document.
    pub fn dpv(&self) -> Result<Value, ApiError> {
        self.chain().map(|chain| dpv::document(&chain))
    }

    /// The same for a document of several, which has the context.
    pub fn dpv_record(&self) -> Result<Value, ApiError> {
        self.chain().map(|chain| dpv::consent_record(&chain))
    }

    /// `None` where the record gives no consent.
    pub fn kantara(&self, keys: &KeySet) -> Result<Option<Value>, ApiError> {
        let key = keys.keys.iter().find(|key| key.kid() == self.seal.kid);
        let key: Option<&Jwk> = key.map(|key| &key.jwk);
        self.chain().map(|chain| kantara::receipt(&chain, key))
    }

    /// With those of these values that belong to the record, of the fields that are wanted.
    pub fn sd_jwt(&self, disclosures: &[String], wanted: &dyn Fn(&str) -> bool) -> Result<String, ApiError> {
        let record = match self.later.last() {
            Some(last) => Record::FollowUp(Box::new(last.clone())),
            None => Record::Submission(Box::new(self.first.clone())),
        };
        let parsed = disclosures.iter().filter_map(|text| Disclosure::parse(text).ok());
        let belongs = |disclosure: &Disclosure| record.subject().sd.contains(&disclosure.digest());
        let chosen: Vec<Disclosure> = parsed
            .filter(|disclosure| belongs(disclosure) && wanted(disclosure.field().as_str()))
            .collect();
        sd_jwt::presentation(&self.envelope, &record, &chosen).map_err(|_| ApiError::Internal)
    }
}
