//! What a record must say, given the definition's compiled form (`spec/record.md` §2, step 9, and §5).
//!
//! This crate knows nothing of definitions: the compiled form arrives as JSON. What differs in the constant part is a
//! forgery; what differs in a text is listed, and holds the consents that rest on it: browsers translate pages.

use std::fmt;

use serde_json::{Value, json};

use crate::{
    digest::Sha256Digest,
    record::{Record, ShownText, Submission},
    term::Status,
};

/// What the definition yields in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Already without what each record has for itself.
    constant: Value,
    texts: Option<Vec<ExpectedText>>,
}

/// A published text, and the purpose under whose box it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedText {
    /// Which text (§5).
    pub reference: String,
    /// Its words.
    pub text: String,
    /// Shown only while this purpose is ticked.
    pub when: Option<String>,
}

/// How a record's texts compare with the published ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Texts that differ.
    pub differing: Vec<DifferingText>,
    /// Consents that take effect only when confirmed in the published words (§5).
    pub held: Vec<String>,
}

/// A text that is not as published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferingText {
    /// Which text.
    pub reference: String,
    /// In what way.
    pub difference: Difference,
}

/// In what way a text is not as published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Other words.
    Altered,
    /// Published for these choices, but not shown.
    Missing,
    /// Shown, but not published for these choices.
    Unexpected,
}

impl Difference {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Difference::Altered => "altered",
            Difference::Missing => "missing",
            Difference::Unexpected => "unexpected",
        }
    }
}

/// A record that says what its definition does not (step 9). It keeps the place, not the words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// The member at that RFC 6901 pointer is not what the definition yields.
    Member(String),
    /// A later event names a purpose that the definition does not have.
    Purpose,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Member(pointer) => write!(formatter, "{pointer} is not what the definition yields"),
            Mismatch::Purpose => formatter.write_str("a purpose that the definition does not have"),
        }
    }
}

impl std::error::Error for Mismatch {}

/// A JSON value that is no compiled form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpectedError {
    /// Not `candor-compiled/1`, or a part of it is missing.
    NotACompiledForm,
    /// `record.form.texts` is not the digest of the list beside it.
    TextsDigest,
}

impl fmt::Display for ExpectedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            ExpectedError::NotACompiledForm => "not a compiled form (candor-compiled/1)",
            ExpectedError::TextsDigest => {
                "the compiled form contradicts itself: form.texts is not the digest of its texts"
            }
        })
    }
}

impl std::error::Error for ExpectedError {}

impl Expected {
    /// Takes a compiled form.
    ///
    /// # Errors
    /// It is none, or its texts are not those that its record part names.
    pub fn from_compiled(compiled: &Value) -> Result<Expected, ExpectedError> {
        let is_compiled = compiled.get("format").and_then(Value::as_str) == Some("candor-compiled/1");
        let constant = compiled
            .get("record")
            .filter(|record| is_compiled && record.is_object());
        let constant = constant.ok_or(ExpectedError::NotACompiledForm)?.clone();
        let items = compiled
            .get("texts")
            .and_then(Value::as_array)
            .ok_or(ExpectedError::NotACompiledForm)?;
        let texts = items.iter().map(expected_text).collect::<Option<Vec<_>>>();
        let texts = texts.ok_or(ExpectedError::NotACompiledForm)?;
        let digest = texts_digest(texts.iter().map(|text| (text.reference.as_str(), text.text.as_str())));
        let named = constant.pointer("/form/texts").and_then(Value::as_str);
        if named != Some(digest.to_text().as_str()) {
            return Err(ExpectedError::TextsDigest);
        }
        Ok(Expected {
            constant: constant_part(constant, true),
            texts: Some(texts),
        })
    }

    /// The same where only the definition is at hand: then the texts, their digest and the address of withdrawal,
    /// which depend on the release and on the collector, are not compared.
    pub fn without_texts(self) -> Expected {
        Expected {
            constant: constant_part(self.constant, false),
            texts: None,
        }
    }

    /// The constant part, as far as it is compared.
    pub fn constant(&self) -> &Value {
        &self.constant
    }

    /// The full list of texts, where it is compared.
    pub fn texts(&self) -> Option<&[ExpectedText]> {
        self.texts.as_deref()
    }
}

fn expected_text(item: &Value) -> Option<ExpectedText> {
    let when = match item.get("when") {
        Some(when) => Some(when.get("purpose")?.as_str()?.to_owned()),
        None => None,
    };
    let text = |name: &str| item.get(name)?.as_str().map(str::to_owned);
    Some(ExpectedText {
        reference: text("ref")?,
        text: text("text")?,
        when,
    })
}

/// `form.texts`: the digest of the full list, conditional texts included, without their conditions (§3).
pub fn texts_digest<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sha256Digest {
    let list = texts
        .into_iter()
        .map(|(reference, text)| json!({"ref": reference, "text": text}));
    Sha256Digest::of_json(&list.collect())
}

/// Compares a record with what its definition yields (step 9).
///
/// # Errors
/// A member of the constant part differs: that record was not made from this definition.
pub fn compare(record: &Record, expected: &Expected) -> Result<Comparison, Mismatch> {
    match record {
        Record::Submission(_) => compare_submission(record.to_json(), expected)?,
        Record::FollowUp(_) => compare_follow_up(record, expected)?,
    }
    let differing = differing_texts(record, expected);
    let held = held(record, &differing);
    Ok(Comparison { differing, held })
}

/// Members that each record has for itself (step 9).
const OWN_MEMBERS: [&str; 8] = [
    "id", "chain", "created", "shownAt", "shown", "subject", "signals", "capture",
];

fn compare_submission(record: Value, expected: &Expected) -> Result<(), Mismatch> {
    let actual = constant_part(record, expected.texts.is_some());
    first_difference(&expected.constant, &actual).map_or(Ok(()), |pointer| Err(Mismatch::Member(pointer)))
}

fn constant_part(mut record: Value, with_texts: bool) -> Value {
    let Some(members) = record.as_object_mut() else {
        return record;
    };
    members.retain(|name, _| !OWN_MEMBERS.contains(&name.as_str()));
    if !with_texts {
        members.remove("withdrawal");
        members
            .get_mut("form")
            .and_then(Value::as_object_mut)
            .map(|form| form.remove("texts"));
    }
    for process in members
        .get_mut("processes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(process) = process.as_object_mut() {
            process.remove("status");
            process.remove("indication");
        }
    }
    record
}

/// The pointer of the first place where two values differ.
fn first_difference(wanted: &Value, actual: &Value) -> Option<String> {
    match (wanted, actual) {
        (Value::Object(wanted), Value::Object(actual)) => {
            let names = wanted
                .keys()
                .chain(actual.keys().filter(|name| !wanted.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let below = match (wanted.get(name), actual.get(name)) {
                    (Some(wanted), Some(actual)) => first_difference(wanted, actual)?,
                    _ => String::new(),
                };
                Some(format!("/{}{below}", name.replace('~', "~0").replace('/', "~1")))
            })
        }
        (Value::Array(wanted), Value::Array(actual)) if wanted.len() == actual.len() => wanted
            .iter()
            .zip(actual)
            .enumerate()
            .find_map(|(index, (wanted, actual))| {
                first_difference(wanted, actual).map(|below| format!("/{index}{below}"))
            }),
        _ => (wanted != actual).then(String::new),
    }
}

/// A later event carries little of the constant part; that little must agree, and its purposes must exist.
fn compare_follow_up(record: &Record, expected: &Expected) -> Result<(), Mismatch> {
    let actual = constant_part(record.to_json(), expected.texts.is_some());
    let wanted = &expected.constant;
    for name in ["format", "conformsTo", "_sd_alg", "language", "form", "policy"] {
        let Some(actual) = actual.get(name) else { continue };
        let difference = first_difference(wanted.get(name).unwrap_or(&Value::Null), actual);
        if let Some(below) = difference {
            return Err(Mismatch::Member(format!("/{name}{below}")));
        }
    }
    let processes = expected.constant.get("processes").and_then(Value::as_array);
    let known = |purpose: &str| {
        processes
            .into_iter()
            .flatten()
            .any(|process| process["purpose"] == purpose)
    };
    let all_known = record.statuses().iter().all(|(purpose, _)| known(purpose.as_str()));
    if all_known { Ok(()) } else { Err(Mismatch::Purpose) }
}

fn differing_texts(record: &Record, expected: &Expected) -> Vec<DifferingText> {
    let (Some(texts), Some(shown)) = (expected.texts(), record.shown()) else {
        return Vec::new();
    };
    let statuses = record.statuses();
    let status_of = |id: &str| {
        statuses
            .iter()
            .find(|(purpose, _)| purpose.as_str() == id)
            .map(|(_, status)| *status)
    };
    let mut differing = Vec::new();
    let mut note = |reference: &str, difference| {
        differing.push(DifferingText {
            reference: reference.to_owned(),
            difference,
        });
    };
    for published in texts {
        let seen = shown.iter().find(|text| text.reference == published.reference);
        let presence = match record {
            Record::Submission(_) => presence(published, status_of),
            // The page of a later event shows what concerns that event.
            Record::FollowUp(_) => Presence::Optional,
        };
        match (seen, presence) {
            (Some(_), Presence::Absent) => note(&published.reference, Difference::Unexpected),
            (Some(seen), _) if seen.text != published.text => note(&published.reference, Difference::Altered),
            (None, Presence::Present) => note(&published.reference, Difference::Missing),
            _ => {}
        }
    }
    let is_published = |text: &&ShownText| texts.iter().any(|published| published.reference == text.reference);
    for text in shown.iter().filter(|text| !is_published(text)) {
        note(&text.reference, Difference::Unexpected);
    }
    differing
}

/// What the statuses imply about a text (§5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Present,
    Absent,
    Optional,
}

fn presence(text: &ExpectedText, status_of: impl Fn(&str) -> Option<Status>) -> Presence {
    if let Some(purpose) = &text.when {
        let ticked = matches!(status_of(purpose), Some(Status::Given | Status::Objected));
        return if ticked { Presence::Present } else { Presence::Absent };
    }
    // A purpose counts as not shown when any of its texts was out of sight; the others may have been in sight.
    let not_shown = own_purpose(&text.reference).and_then(status_of) == Some(Status::NotShown);
    if not_shown {
        Presence::Optional
    } else {
        Presence::Present
    }
}

fn own_purpose(reference: &str) -> Option<&str> {
    reference.strip_prefix("purpose.")?.split('.').next()
}

/// The consents that are given, but take effect only when confirmed (§5, *Held, not refused*).
pub fn held(record: &Record, differing: &[DifferingText]) -> Vec<String> {
    let notice_differs = differing
        .iter()
        .any(|text| matches!(text.reference.as_str(), "controller" | "policy" | "withdrawal"));
    let own_text_differs = |id: &str| differing.iter().any(|text| own_purpose(&text.reference) == Some(id));
    let scripted = |submission: &Submission, id: &str| {
        let process = submission
            .processes
            .iter()
            .find(|process| process.purpose.as_str() == id);
        process.is_some_and(|process| process.indication.trusted == Some(false))
    };
    let is_held = |id: &str| {
        notice_differs || own_text_differs(id) || record.as_submission().is_some_and(|record| scripted(record, id))
    };
    let given = record
        .statuses()
        .into_iter()
        .filter(|(_, status)| *status == Status::Given);
    given
        .map(|(purpose, _)| purpose.as_str())
        .filter(|id| is_held(id))
        .map(str::to_owned)
        .collect()
}
