//! Published forms, parsed once and kept: what a record is compared with, and the words that pages repeat.
//! Refuses forms that were never published (`Ok(None)`). Definitions and compiled forms stay retrievable for ever: `store.rs`.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, RwLock},
};

use candor_record::expected::Expected;
use jiff::{Span, Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    http::bundle::Encoded,
    store::{CompiledRow, Store, StoreError},
    typography::spaced,
};

/// A compiled form with the terms of its definition.
#[derive(Debug)]
pub struct PublishedForm {
    pub row: CompiledRow,
    pub json: Value,
    pub expected: Expected,
    pub fields: Vec<Field>,
    pub controls: Vec<Control>,
    pub texts: Vec<Text>,
    pub terms: Terms,
    /// Compressed when first asked for.
    encoded: OnceLock<Encoded>,
}

/// A field as the compiled form lists it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub purposes: Vec<String>,
    pub when: Option<When>,
    #[serde(default)]
    pub options: Vec<FieldOption>,
    pub max_length: Option<u32>,
}

impl Field {
    pub fn serves(&self, purpose: &str) -> bool {
        self.purposes.iter().any(|served| served == purpose)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct FieldOption {
    pub value: String,
    #[serde(default)]
    pub label: String,
    /// What whoever chooses it is told, in place of being recorded.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct When {
    pub purpose: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Control {
    pub purpose: String,
    pub control: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    #[serde(rename = "ref")]
    pub reference: String,
    pub text: String,
    pub when: Option<When>,
}

/// What the collector itself does by a definition. Read loosely: it was checked when it was published, and old ones stay readable.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    pub gate: Option<Gate>,
    pub confirmation: Option<Confirmation>,
    pub proof: Option<Proof>,
    pub renewal: Option<RenewalTerms>,
    #[serde(default)]
    pub purposes: Vec<PurposeTerms>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct PurposeTerms {
    pub id: String,
    /// The promise: at most one contact in that time.
    pub frequency: Option<Span>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Gate {
    pub asset: String,
    pub delivery: Delivery,
    pub expires: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    Email,
    Screen,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirmation {
    #[serde(default)]
    pub double_opt_in: bool,
    pub expires: Option<Span>,
}

/// What happens to a consent that nobody renews.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnSilence {
    #[default]
    Expire,
    /// Not contacted until renewed, kept until retention.
    Pause,
    Keep,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RenewalTerms {
    #[serde(default)]
    pub on_silence: OnSilence,
}

/// How long the records of an erased lead stay as evidence.
#[derive(Debug, Clone, Deserialize)]
pub struct Proof {
    pub retention: Option<Span>,
}

/// Where a definition names none: the time within which most claims lapse (art. 2224 of the French civil code).
const DEFAULT_PROOF_YEARS: i32 = 5;

/// Where a definition with a held consent names no time.
const DEFAULT_CONFIRMATION_DAYS: i32 = 7;

/// A stored form that this release cannot read.
#[derive(Debug, thiserror::Error)]
#[error("a published form cannot be read: {0}")]
pub struct UnreadableForm(String);

#[derive(Deserialize)]
struct Lists {
    fields: Vec<Field>,
    controls: Vec<Control>,
    texts: Vec<Text>,
}

impl PublishedForm {
    pub fn read(row: CompiledRow, definition: &str) -> Result<Self, UnreadableForm> {
        let failed = |error: serde_json::Error| UnreadableForm(error.to_string());
        let json: Value = serde_json::from_str(&row.json).map_err(failed)?;
        let Lists {
            fields,
            controls,
            texts,
        } = Lists::deserialize(&json).map_err(failed)?;
        let expected = Expected::from_compiled(&json).map_err(|error| UnreadableForm(error.to_string()))?;
        let terms = serde_json::from_str(definition).map_err(failed)?;
        Ok(Self {
            row,
            json,
            expected,
            fields,
            controls,
            texts,
            terms,
            encoded: OnceLock::new(),
        })
    }

    /// ISO 3166-1 alpha-2 of the people addressed.
    pub fn country(&self) -> &str {
        self.json["record"]["jurisdiction"]["country"]
            .as_str()
            .unwrap_or_default()
    }

    /// `form.texts`: the digest of the full list of texts.
    pub fn texts_digest(&self) -> &str {
        self.json["record"]["form"]["texts"].as_str().unwrap_or_default()
    }

    /// The compiled form as it is served.
    pub fn encoded(&self) -> &Encoded {
        self.encoded
            .get_or_init(|| Encoded::compressed(self.row.json.as_bytes()))
    }

    pub fn text(&self, reference: &str) -> Option<&str> {
        self.texts
            .iter()
            .find(|text| text.reference == reference)
            .map(|text| text.text.as_str())
    }

    /// A text as pages and mails display it; what is recorded is `text`.
    pub fn displayed(&self, reference: &str) -> Option<String> {
        self.text(reference).map(spaced)
    }

    /// What was typed as its person said it: the words of an answer, not the code that is recorded.
    pub fn said(&self, field: &str, value: String) -> String {
        let fields = self.fields.iter().filter(|known| known.id == field);
        let chosen = fields
            .flat_map(|known| &known.options)
            .find(|option| option.value == value);
        chosen.map_or(value, |option| spaced(&option.label))
    }

    pub fn message<'a>(&'a self, key: &'a str) -> &'a str {
        self.json["messages"][key].as_str().unwrap_or(key)
    }

    /// Whether a choice passes data on to others for their own ends: what Global Privacy Control asks not to be done.
    pub fn is_shared_by_choice(&self, purpose: &str) -> bool {
        let process = self.process(purpose);
        let operations = process.and_then(|process| process["operations"].as_array());
        operations.is_some_and(|terms| terms.iter().any(|term| term == "Share"))
            && matches!(self.control(purpose), "checkbox" | "objection-checkbox")
    }

    /// The constant part of a purpose's process.
    pub fn process(&self, purpose: &str) -> Option<&Value> {
        self.json["record"]["processes"]
            .as_array()?
            .iter()
            .find(|process| process["purpose"] == purpose)
    }

    pub fn control(&self, purpose: &str) -> &str {
        self.controls
            .iter()
            .find(|control| control.purpose == purpose)
            .map_or("none", |control| &control.control)
    }

    /// The controller's member, as the record names it.
    pub fn controller(&self, member: &str) -> Option<&str> {
        let parties = self.json["record"]["parties"].as_array()?;
        parties.iter().find(|party| party["role"] == "controller")?[member].as_str()
    }

    pub fn double_opt_in(&self) -> bool {
        self.terms
            .confirmation
            .as_ref()
            .is_some_and(|confirmation| confirmation.double_opt_in)
    }

    /// Until when evidence is kept of what ends now.
    pub fn proof_until(&self, from: Timestamp) -> Timestamp {
        after(from, self.proof_retention())
    }

    /// How long evidence is kept of what has ended.
    pub fn proof_retention(&self) -> Span {
        let span = self.terms.proof.as_ref().and_then(|proof| proof.retention);
        span.unwrap_or_else(|| Span::new().years(DEFAULT_PROOF_YEARS))
    }

    pub fn on_silence(&self) -> OnSilence {
        self.terms.renewal.map(|renewal| renewal.on_silence).unwrap_or_default()
    }

    /// The promised frequency of a purpose.
    pub fn frequency(&self, purpose: &str) -> Option<Span> {
        self.terms.purposes.iter().find(|terms| terms.id == purpose)?.frequency
    }

    pub fn confirmation_expiry(&self, from: Timestamp) -> Timestamp {
        let span = self
            .terms
            .confirmation
            .as_ref()
            .and_then(|confirmation| confirmation.expires);
        after(
            from,
            span.unwrap_or_else(|| Span::new().days(DEFAULT_CONFIRMATION_DAYS)),
        )
    }
}

/// A calendar span after a time, counted in UTC; a span without end lasts as long as times do.
pub fn after(from: Timestamp, span: Span) -> Timestamp {
    from.to_zoned(TimeZone::UTC)
        .checked_add(span)
        .map_or(Timestamp::MAX, |at| at.timestamp())
}

type Versions = Arc<Vec<Arc<PublishedForm>>>;

/// Parsed forms by form, version and language. Only what exists is kept, so strangers cannot fill it.
#[derive(Debug)]
pub struct Publications {
    store: Arc<dyn Store>,
    known: RwLock<HashMap<(String, String, String), Versions>>,
    by_digest: RwLock<HashMap<String, Arc<PublishedForm>>>,
}

impl Publications {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            known: RwLock::default(),
            by_digest: RwLock::default(),
        }
    }

    /// Every published compiled form of this version and language, newest first.
    pub async fn of(&self, form: &str, version: &str, language: &str) -> Result<Versions, StoreError> {
        let key = (form.to_owned(), version.to_owned(), language.to_owned());
        if let Some(found) = self.known.read().expect("no panic while reading").get(&key) {
            return Ok(Arc::clone(found));
        }
        let rows = self.store.compiled_of(form, version, language).await?;
        if rows.is_empty() {
            return Ok(Versions::default());
        }
        let definition = self.store.definition(form, version).await?.unwrap_or_default();
        let read = |row| {
            PublishedForm::read(row, &definition)
                .map(Arc::new)
                .map_err(|error| StoreError(error.to_string()))
        };
        let found = Arc::new(rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?);
        self.known
            .write()
            .expect("no panic while writing")
            .insert(key, Arc::clone(&found));
        Ok(found)
    }

    pub async fn by_digest(&self, digest: &str) -> Result<Option<Arc<PublishedForm>>, StoreError> {
        if let Some(found) = self.by_digest.read().expect("no panic while reading").get(digest) {
            return Ok(Some(Arc::clone(found)));
        }
        let Some(row) = self.store.compiled(digest).await? else {
            return Ok(None);
        };
        let versions = self.of(&row.form, &row.version, &row.language).await?;
        let found = versions.iter().find(|form| form.row.digest == digest).cloned();
        if let Some(found) = &found {
            self.by_digest
                .write()
                .expect("no panic while writing")
                .insert(digest.to_owned(), Arc::clone(found));
        }
        Ok(found)
    }
}
