//! What is told of a file before it is read: which column is which field, what was shown to the people, by which control
//! they chose, and how anybody knows (`candor-import/1`, docs/import.md).
//! Refuses members that it does not know, fields and purposes that the form does not have, and words without their source.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::Deserialize;

use crate::published::PublishedForm;

mod answer;

pub use self::answer::Answer;

pub const FORMAT: &str = "candor-import/1";

/// A mapping that does not fit: the place in it, the reason, the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("mapping{place}: {reason}; {remedy}")]
pub struct MappingError {
    pub place: String,
    pub reason: String,
    pub remedy: &'static str,
}

impl MappingError {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>, remedy: &'static str) -> Self {
        Self {
            place: place.into(),
            reason: reason.into(),
            remedy,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Mapping {
    pub format: String,
    /// The language of what was shown; default: the form's first.
    pub language: Option<String>,
    /// Scheme, host and port of the page on which the people acted; default: this server's.
    pub origin: Option<String>,
    /// Where the leads come from, in words that the people themselves can read (GDPR Art. 14(2)(f)).
    pub source: Option<String>,
    /// Column with the source's own id of a lead.
    pub id: Option<String>,
    pub acted: Option<Acted>,
    /// Field of the form → column.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Purpose of the form → how it was answered.
    #[serde(default)]
    pub purposes: BTreeMap<String, Claim>,
    /// What was shown, and when.
    #[serde(default)]
    pub shown: Vec<Shown>,
}

/// When the people acted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Acted {
    pub column: String,
    /// As strptime reads it, for what is not RFC 3339 or `2026-03-31`.
    pub format: Option<String>,
    /// IANA name, for times without an offset; default: UTC.
    pub time_zone: Option<String>,
}

/// How the people answered to a purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Claim {
    /// Column with the answer: of a consent whether it was given, otherwise whether the person objected.
    pub column: Option<String>,
    /// Key of the box in a form of Meta; default: the purpose's id.
    pub checkbox: Option<String>,
    /// What the column says where the box was ticked; default: `yes` `true` `1` `on` `x` `oui` `vrai`.
    pub yes: Option<Vec<String>>,
    /// What it says where the box was left alone; default: nothing at all, `no` `false` `0` `off` `non` `faux`.
    pub no: Option<Vec<String>>,
    pub control: Option<SourceControl>,
}

/// By what a consent was given there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceControl {
    /// A box that was empty and could stay so.
    UntickedBox,
    TickedBox,
    RequiredBox,
    /// Sending the form was the act, and nothing else was asked for in it.
    Submit,
}

impl SourceControl {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UntickedBox => "unticked-box",
            Self::TickedBox => "ticked-box",
            Self::RequiredBox => "required-box",
            Self::Submit => "submit",
        }
    }
}

/// Words that stood on the page in that time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Shown {
    /// How anybody knows: an address in an archive, a screenshot's file name, a commit.
    pub source: String,
    /// First and last day (UTC), or times.
    pub from: String,
    pub until: String,
    /// By the refs of the record (`spec/record.md` §5).
    pub texts: BTreeMap<String, String>,
    /// Where the link to the privacy policy led; without it the ref `policy` proves nothing.
    pub policy_url: Option<String>,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// No JSON, another format, an unknown member.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let remedy = "compare it with docs/import.md";
        let mapping: Self =
            serde_json::from_str(text).map_err(|error| MappingError::new("", error.to_string(), remedy))?;
        if mapping.format != FORMAT {
            return Err(MappingError::new("/format", format!("not {FORMAT}"), remedy));
        }
        Ok(mapping)
    }

    /// Compares it with the form that it is for.
    ///
    /// # Errors
    /// The first name in it that the form does not have.
    pub fn check(&self, form: &PublishedForm) -> Result<(), MappingError> {
        for id in self.fields.keys() {
            if !form.fields.iter().any(|field| field.id == *id) {
                let place = format!("/fields/{id}");
                return Err(MappingError::new(
                    place,
                    "the form has no such field",
                    "name a field of the form",
                ));
            }
        }
        for (id, claim) in &self.purposes {
            let place = format!("/purposes/{id}");
            let Some(control) = form.controls.iter().find(|control| control.purpose == *id) else {
                return Err(MappingError::new(
                    place,
                    "the form has no such purpose",
                    "name a purpose of the form",
                ));
            };
            if claim.control == Some(SourceControl::Submit) && control.control != "submit" {
                let reason = "the form has other purposes beside it, and so had a box of its own for it";
                return Err(MappingError::new(
                    format!("{place}/control"),
                    reason,
                    "say which box it was",
                ));
            }
        }
        for (place, shown) in self.shown.iter().enumerate() {
            let place = format!("/shown/{place}");
            if shown.source.trim().is_empty() {
                return Err(MappingError::new(
                    format!("{place}/source"),
                    "empty",
                    "say how anybody knows these words",
                ));
            }
            if let Some(unknown) = shown.texts.keys().find(|it| form.text(it).is_none()) {
                let reason = format!("the form shows no text `{unknown}`");
                return Err(MappingError::new(
                    format!("{place}/texts"),
                    reason,
                    "take refs from `candor compile`",
                ));
            }
            shown.period(&place)?;
        }
        if let Some(acted) = &self.acted {
            acted.check()?;
        }
        if let Some(origin) = &self.origin
            && crate::config::origin_of(origin) != origin
        {
            return Err(MappingError::new(
                "/origin",
                "no origin",
                "write scheme and host: `https://www.example.org`",
            ));
        }
        Ok(())
    }
}

impl Shown {
    /// From when until when.
    ///
    /// # Errors
    /// One of the two is no time, or the last comes before the first; `place` is where the whole stands.
    pub fn period(&self, place: &str) -> Result<(Timestamp, Timestamp), MappingError> {
        let day = |text: &str| text.parse::<civil::Date>().ok().filter(|day| day.to_string() == text);
        let start = |day: civil::Date| day.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
        let from = self.from.parse().ok().or_else(|| start(day(&self.from)?));
        // The last day counts to its end.
        let until = self
            .until
            .parse()
            .ok()
            .or_else(|| start(day(&self.until)?.tomorrow().ok()?));
        let fault = |member: &str, reason, remedy| Err(MappingError::new(format!("{place}/{member}"), reason, remedy));
        let remedy = "write `2026-03-31` or `2026-03-31T12:00:00Z`";
        match (from, until) {
            (None, _) => fault("from", "no day and no time", remedy),
            (_, None) => fault("until", "no day and no time", remedy),
            (Some(from), Some(until)) if until <= from => {
                fault("until", "not after `from`", "write the last day that counts")
            }
            (Some(from), Some(until)) => Ok((from, until)),
        }
    }
}

impl Acted {
    /// A zone or a format that nobody can read would refuse each line on its own.
    fn check(&self) -> Result<(), MappingError> {
        if let Some(zone) = &self.time_zone {
            TimeZone::get(zone).map_err(|_| {
                let reason = format!("`{zone}` is no time zone that this machine knows");
                MappingError::new(
                    "/acted/timeZone",
                    reason,
                    "write a name of IANA's, such as `Europe/Paris`",
                )
            })?;
        }
        if let Some(format) = &self.format {
            // What can be written by it can be read by it.
            jiff::fmt::strtime::format(format, &Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC)).map_err(|error| {
                MappingError::new(
                    "/acted/format",
                    error.to_string(),
                    "write it as for strptime, such as `%d/%m/%Y %H:%M`",
                )
            })?;
        }
        Ok(())
    }

    /// The time that a cell says; `None` where it is none.
    pub fn read(&self, cell: &str) -> Option<Timestamp> {
        let cell = cell.trim();
        let zone = match &self.time_zone {
            Some(name) => TimeZone::get(name).ok()?,
            None => TimeZone::UTC,
        };
        if let Some(format) = &self.format {
            let broken = jiff::fmt::strtime::parse(format, cell).ok()?;
            return broken.to_timestamp().ok().or_else(|| {
                let local = broken
                    .to_datetime()
                    .or_else(|_| broken.to_date().map(|day| day.at(0, 0, 0, 0)));
                Some(local.ok()?.to_zoned(zone).ok()?.timestamp())
            });
        }
        if let Ok(at) = cell.parse::<Timestamp>() {
            return Some(at);
        }
        // Meta writes the offset without its colon: `2026-02-03T16:16:51+0000`.
        if let Ok(at) = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", cell) {
            return Some(at);
        }
        let local = cell.parse::<civil::DateTime>().ok()?;
        Some(local.to_zoned(zone).ok()?.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_lists_write_them() {
        let check = |format: Option<&str>, zone: Option<&str>, cell: &str, expected: Option<&str>| {
            let acted = Acted {
                column: "when".into(),
                format: format.map(str::to_owned),
                time_zone: zone.map(str::to_owned),
            };
            let read = acted.read(cell).map(|at| at.to_string());
            assert_eq!(read.as_deref(), expected, "{format:?} {zone:?} {cell:?}");
        };
        check(None, None, "2026-03-31T10:20:30Z", Some("2026-03-31T10:20:30Z"));
        check(None, None, " 2026-03-31 ", Some("2026-03-31T00:00:00Z"));
        check(None, None, "2026-03-31 10:20:30", Some("2026-03-31T10:20:30Z"));
        check(None, None, "2026-02-03T16:16:51+0000", Some("2026-02-03T16:16:51Z"));
        check(
            None,
            Some("Europe/Paris"),
            "2026-07-01 10:00:00",
            Some("2026-07-01T08:00:00Z"),
        );
        check(
            Some("%d/%m/%Y %H:%M"),
            Some("Europe/Paris"),
            "01/07/2026 10:00",
            Some("2026-07-01T08:00:00Z"),
        );
        check(Some("%d/%m/%Y"), None, "31/03/2026", Some("2026-03-31T00:00:00Z"));
        check(Some("%d/%m/%Y"), None, "2026-03-31", None);
        check(None, None, "31/03/2026", None);
        check(None, None, "yesterday", None);
        check(None, None, "", None);
        check(None, Some("Mars/Olympus"), "2026-03-31", None);
    }

    #[test]
    fn mappings_are_read_strictly() {
        let check = |text: &str, expected: &str| {
            let error = Mapping::parse(text).expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("{", "EOF");
        check(r#"{"format":"candor-import/2"}"#, "/format: not candor-import/1");
        check(r#"{"format":"candor-import/1","puproses":{}}"#, "puproses");
        check(
            r#"{"format":"candor-import/1","purposes":{"a":{"control":"any"}}}"#,
            "unknown variant",
        );
        assert!(Mapping::parse(r#"{"format":"candor-import/1"}"#).is_ok());
    }
}
