//! Marks, from what was published and a date: a pure function.
//! Refuses to tell again what was known on the day of the publication: that was warned of, or decided, then.

use std::{collections::BTreeSet, fmt};

use candor_definition::{Context, Diagnostic, Severity};
use candor_lint::{Review, Tongue, review, rule};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::page;
use crate::{
    clock::day,
    flow::age::{self, AUDIT_YEARS, CONTRACT_YEARS, Old},
    register::definition::{Definition, Party, Text},
    store::{
        flows::TargetRow,
        registry::PublishedDefinition,
        watch::{MarkKey, WatchedPage},
    },
};

/// What is the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A rule that did not hold, or was not broken, when the form was published.
    Rule,
    PageDead,
    PageChanged,
    Contract,
    Audit,
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::Rule,
        Self::PageDead,
        Self::PageChanged,
        Self::Contract,
        Self::Audit,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::PageDead => "page-dead",
            Self::PageChanged => "page-changed",
            Self::Contract => "contract",
            Self::Audit => "audit",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Something about a published form that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub form: String,
    pub version: String,
    pub kind: Kind,
    /// A rule, an address, a party or a target.
    pub subject: String,
    /// RFC 6901 pointer into the definition.
    pub pointer: String,
    /// The first day on which it was so.
    pub since: Date,
    pub severity: &'static str,
    pub message: String,
    pub remedy: String,
    /// Article of law, or whose advice it is.
    pub source: String,
}

/// `rule C-FR-PHONE-01  ebook-rgpd /purposes/2  since 2026-08-11: …`
impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            form,
            kind,
            subject,
            pointer,
            since,
            message,
            ..
        } = self;
        let kind = kind.as_str();
        write!(
            formatter,
            "{kind} {subject}  {form} {pointer}  since {since}: {message}"
        )
    }
}

impl Mark {
    pub fn key(&self) -> MarkKey {
        MarkKey {
            form: self.form.clone(),
            version: self.version.clone(),
            kind: self.kind,
            subject: self.subject.clone(),
            pointer: self.pointer.clone(),
        }
    }
}

/// Errors and warnings of today that the day of the publication did not have.
pub(super) fn of_rules(published: &PublishedDefinition, today: Date, tongue: Tongue) -> Vec<Mark> {
    let then = day(published.published);
    let findings = |day: Date| {
        let mut review_of = Review::on(day);
        review_of.context = Context { has_collector: true };
        review_of.tongue = tongue;
        review(published.definition.as_bytes(), &review_of)
    };
    let place = |told: &Diagnostic| (told.rule.clone(), told.pointer.clone());
    let known: BTreeSet<_> = findings(then).iter().map(place).collect();
    let is_new = |told: &Diagnostic| told.severity != Severity::Note && !known.contains(&place(told));
    let of_finding = |told: Diagnostic| Mark {
        since: rule(&told.rule).map_or(today, |rule| rule.from).max(then),
        kind: Kind::Rule,
        severity: told.severity.as_str(),
        subject: told.rule,
        pointer: told.pointer,
        message: told.message,
        remedy: told.help,
        source: told.source,
        form: published.form.clone(),
        version: published.version.clone(),
    };
    findings(today).into_iter().filter(is_new).map(of_finding).collect()
}

/// Contracts with processors that are older than they should be.
pub(super) fn of_agreements(published: &PublishedDefinition, today: Date, tongue: Tongue) -> Vec<Mark> {
    let Ok(definition) = serde_json::from_str::<Definition>(&published.definition) else {
        return Vec::new();
    };
    let of_party = |(at, party): (usize, &Party)| {
        let signed: Date = party.agreement.as_deref()?.parse().ok()?;
        let since = signed.checked_add(CONTRACT_YEARS.years()).ok()?;
        let name = in_tongue(&party.name, tongue);
        let subject = party.id.clone();
        let pointer = format!("/parties/{at}/agreement");
        (since <= today).then(|| {
            aged(
                published,
                Kind::Contract,
                subject,
                pointer,
                since,
                (&name, signed),
                tongue,
            )
        })
    };
    definition.parties.iter().enumerate().filter_map(of_party).collect()
}

/// Contracts and audits of the systems that receive leads of this form.
pub(super) fn of_targets(
    published: &PublishedDefinition,
    targets: &[TargetRow],
    today: Date,
    tongue: Tongue,
) -> Vec<Mark> {
    let Ok(definition) = serde_json::from_str::<Definition>(&published.definition) else {
        return Vec::new();
    };
    let mut marks = Vec::new();
    for target in targets.iter().filter(|target| target.closed.is_none()) {
        let Some(place) = definition.receiving(target) else {
            continue;
        };
        let pointer = format!("/parties/{place}");
        let party = in_tongue(&definition.parties[place].name, tongue);
        // What operators call it may be nothing.
        let name = match target.name.as_str() {
            "" => party,
            called => format!("{party} ({called})"),
        };
        for old in age::old(target.contract, target.audited, today) {
            let (kind, since, years) = match old {
                Old::Contract => (Kind::Contract, target.contract, CONTRACT_YEARS),
                Old::Audit => (Kind::Audit, target.audited.unwrap_or(target.contract), AUDIT_YEARS),
            };
            let due = since.checked_add(years.years()).unwrap_or(today);
            let who = (name.as_str(), since);
            let subject = target.id.to_string();
            marks.push(aged(published, kind, subject, pointer.clone(), due, who, tongue));
        }
    }
    marks
}

/// A date that is too far back; the periods are `flow::age`'s.
fn aged(
    published: &PublishedDefinition,
    kind: Kind,
    subject: String,
    pointer: String,
    since: Date,
    (name, of): (&str, Date),
    tongue: Tongue,
) -> Mark {
    let (message, remedy, source) = match (kind, tongue) {
        (Kind::Audit, Tongue::English) => (
            format!("{name} was last audited on {of}"),
            "audit it, and note the date with the target",
            "advice after GDPR art. 28(1) and EDPB Guidelines 07/2020, ¶99: every year",
        ),
        (Kind::Audit, Tongue::French) => (
            format!("{name} a été audité pour la dernière fois le {of}"),
            "auditez-le, puis notez la date sur la cible",
            "conseil d’après l’art. 28(1) du RGPD et les lignes directrices 07/2020 du CEPD, ¶99 : chaque année",
        ),
        (_, Tongue::English) => (
            format!("the contract with {name} is of {of}"),
            "read the contract and its guarantees again, and write the date of the new one",
            "advice after GDPR art. 28(1): every three years",
        ),
        (_, Tongue::French) => (
            format!("le contrat avec {name} est du {of}"),
            "relisez le contrat et ses garanties, puis inscrivez la date du nouveau",
            "conseil d’après l’art. 28(1) du RGPD : tous les trois ans",
        ),
    };
    Mark {
        form: published.form.clone(),
        version: published.version.clone(),
        kind,
        subject,
        pointer,
        since,
        severity: Severity::Warning.as_str(),
        message,
        remedy: remedy.to_owned(),
        source: source.to_owned(),
    }
}

/// Pages that cannot be read, or say something else than they said when the form was new.
pub(super) fn of_pages(
    published: &PublishedDefinition,
    pages: &[WatchedPage],
    at: Timestamp,
    tongue: Tongue,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (url, pointer) in page::addresses(&published.definition) {
        let is_it = |page: &&WatchedPage| page.is_of(published) && page.url == url;
        let Some(page) = pages.iter().find(is_it) else {
            continue;
        };
        let mark = |kind, since: Timestamp, words: (String, String, String)| Mark {
            kind,
            subject: url.clone(),
            pointer: pointer.clone(),
            since: since.to_zoned(TimeZone::UTC).date(),
            severity: Severity::Warning.as_str(),
            message: words.0,
            remedy: words.1,
            source: words.2,
            form: published.form.clone(),
            version: published.version.clone(),
        };
        if let Some(since) = page.failing.filter(|since| page.is_dead() && *since <= at) {
            let outcome = &page.outcome;
            let message = match tongue {
                Tongue::English => format!("the page that the form links to cannot be read ({outcome})"),
                Tongue::French => format!("la page vers laquelle le formulaire renvoie ne se lit pas ({outcome})"),
            };
            let remedy = say(
                tongue,
                "bring the page back, or publish the form with the address where it is now",
                "rétablissez la page, ou publiez le formulaire avec sa nouvelle adresse",
            );
            marks.push(mark(
                Kind::PageDead,
                since,
                (message, remedy, "GDPR art. 12(1), 13".into()),
            ));
        }
        if let Some(since) = page.changed.filter(|since| *since <= at) {
            let message = say(
                tongue,
                "the page says something else than when the form was published",
                "la page ne dit plus ce qu’elle disait à la publication du formulaire",
            );
            let remedy = say(
                tongue,
                "read what changed; if it bears on the data of this form, publish the form with the new version of its policy",
                "lisez ce qui a changé ; si les données de ce formulaire sont concernées, publiez-le avec la nouvelle version de sa politique",
            );
            marks.push(mark(
                Kind::PageChanged,
                since,
                (message, remedy, "GDPR art. 5(1)(a), 13".into()),
            ));
        }
    }
    marks
}

fn in_tongue(text: &Text, tongue: Tongue) -> String {
    text.in_language(match tongue {
        Tongue::English => "en",
        Tongue::French => "fr",
    })
}

fn say(tongue: Tongue, english: &str, french: &str) -> String {
    match tongue {
        Tongue::English => english.to_owned(),
        Tongue::French => french.to_owned(),
    }
}

#[cfg(test)]
mod tests;
