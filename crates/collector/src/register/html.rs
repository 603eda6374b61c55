//! The register, and the difference of two, as a page that a data protection officer hands on: on screen and on paper.
//! Refuses to link outwards: what is printed has to be complete as it stands.

use askama::Template;

use super::{
    Difference, Register,
    member::MEMBERS,
    say,
    types::{Activity, Form, Party, Source},
};
use crate::{catalog::Words, dates::moment, store::ExceptionRow, typography::spaced};

/// A page of sections; in words alone.
#[derive(Debug, Template)]
#[template(path = "register.html")]
struct Page<'a> {
    words: Words,
    stylesheet: &'a str,
    title: &'a str,
    owner: String,
    intro: String,
    facts: Vec<Fact>,
    sections: Vec<Section>,
    measures: Vec<Fact>,
    foot: &'a str,
}

#[derive(Debug)]
struct Section {
    anchor: String,
    number: usize,
    title: String,
    /// The title's language, where it is not the page's.
    language: Option<String>,
    /// Said where there is nothing to list.
    note: Option<&'static str>,
    facts: Vec<Fact>,
    entries: Vec<Entry>,
}

/// One row of the register.
#[derive(Debug)]
struct Entry {
    anchor: String,
    number: String,
    title: String,
    nature: String,
    statement: String,
    /// The statement's language, where it is not the page's.
    language: Option<String>,
    facts: Vec<Fact>,
}

#[derive(Debug)]
struct Fact {
    label: String,
    values: Vec<String>,
}

impl Fact {
    fn new(label: &str, values: Vec<String>) -> Self {
        let values = values.iter().map(|value| spaced(value)).collect();
        let label = label.to_owned();
        Self { label, values }
    }
}

/// The address of the pages' style sheet for a file that stands alone: its text, in the address.
pub fn portable_stylesheet() -> String {
    portable_style(&[include_str!("../../templates/page.css")])
}

/// These style sheets as one address.
pub(super) fn portable_style(sheets: &[&str]) -> String {
    let escaped = sheets.iter().flat_map(|sheet| sheet.bytes()).map(|byte| match byte {
        b'%'
        | b'#'
        | b'"'
        | b'\''
        | b'<'
        | b'>'
        | b'&'
        | b'\\'
        | b'^'
        | b'`'
        | b'{'
        | b'|'
        | b'}'
        | 0..=b' '
        | 127.. => {
            format!("%{byte:02X}")
        }
        plain => char::from(plain).to_string(),
    });
    std::iter::once("data:text/css;charset=utf-8,".to_owned())
        .chain(escaped)
        .collect()
}

/// The register as a page; `stylesheet` is the address of the pages' style sheet.
///
/// # Errors
/// A template that cannot be rendered, which a test forbids.
pub fn register(register: &Register, stylesheet: &str) -> askama::Result<String> {
    let words = register.words;
    let mut sections = Vec::new();
    for form in &register.forms {
        let of_form = |row: &&Activity| row.kind.is_some() && row.sources.iter().any(|source| source.form == form.id);
        let rows = register.activities.iter().filter(of_form);
        let number = sections.len() + 1;
        sections.push(Section {
            anchor: format!("form-{}", form.id),
            number,
            title: spaced(&form.service),
            language: foreign(words, form),
            note: None,
            facts: form_facts(words, form),
            entries: entries(register, number, rows.collect(), Sources::Above),
        });
    }
    let own: Vec<&Activity> = register.activities.iter().filter(|row| row.kind.is_none()).collect();
    if !own.is_empty() {
        let number = sections.len() + 1;
        sections.push(Section {
            anchor: "candor".to_owned(),
            number,
            title: words.get("register_own_title").to_owned(),
            language: None,
            note: None,
            facts: Vec::new(),
            entries: entries(register, number, own, Sources::Above),
        });
    }
    let measures = register.measures.iter();
    Page {
        words,
        stylesheet,
        title: words.get("register_title"),
        owner: owner(register),
        intro: words
            .get("register_intro")
            .replace("{date}", &moment(words, register.at)),
        facts: parties(register),
        sections,
        measures: measures.map(|it| Fact::new(&it.name, vec![it.words.clone()])).collect(),
        foot: words.get("register_foot"),
    }
    .render()
}

/// The difference as a page.
///
/// # Errors
/// A template that cannot be rendered, which a test forbids.
pub fn difference(earlier: &Register, later: &Register, stylesheet: &str) -> askama::Result<String> {
    let words = later.words;
    let found = Difference::between(earlier, later);
    let changed: Vec<&Activity> = later
        .activities
        .iter()
        .filter(|row| found.changed.iter().any(|changed| changed.id == row.id))
        .collect();
    let mut sections = Vec::new();
    for (anchor, key, register, rows) in [
        ("added", "register_added", later, found.added.iter().collect::<Vec<_>>()),
        ("removed", "register_removed", earlier, found.removed.iter().collect()),
        ("changed", "register_changed", later, changed),
    ] {
        let number = sections.len() + 1;
        let note = rows.is_empty().then(|| words.get("register_none"));
        let mut entries = entries(register, number, rows, Sources::Here);
        if anchor == "changed" {
            for (entry, changed) in entries.iter_mut().zip(&found.changed) {
                entry.facts = changed
                    .members
                    .iter()
                    .map(|member| changed_fact(words, member))
                    .collect();
            }
        }
        sections.push(Section {
            anchor: anchor.to_owned(),
            number,
            title: words.get(key).to_owned(),
            language: None,
            note,
            facts: Vec::new(),
            entries,
        });
    }
    let versions = found.forms.iter().map(|form| {
        let before = form.before.as_deref().unwrap_or(words.get("register_none"));
        Fact::new(
            &format!("{} {}", words.get("register_form"), form.id),
            vec![
                words.fill("register_before", "value", before),
                words.fill("register_after", "value", &form.after),
            ],
        )
    });
    Page {
        words,
        stylesheet,
        title: words.get("register_diff_title"),
        owner: owner(later),
        intro: words
            .get("register_diff_intro")
            .replace("{against}", &moment(words, found.against))
            .replace("{at}", &moment(words, found.at)),
        facts: versions.collect(),
        sections,
        measures: Vec::new(),
        foot: words.get("register_foot"),
    }
    .render()
}

fn changed_fact(words: Words, change: &super::diff::MemberChange) -> Fact {
    let said = |lines: &[String]| match lines {
        [] => words.get("register_none").to_owned(),
        lines => lines.join("; "),
    };
    let values = vec![
        words.fill("register_before", "value", &said(&change.before_words)),
        words.fill("register_after", "value", &said(&change.after_words)),
    ];
    Fact::new(&say::term(words, "member", change.member), values)
}

/// The controllers' names, once each.
fn owner(register: &Register) -> String {
    let mut names: Vec<&str> = Vec::new();
    for party in register.forms.iter().flat_map(|form| &form.controllers) {
        if !names.contains(&party.name.as_str()) {
            names.push(&party.name);
        }
    }
    names.join(", ")
}

/// Everybody who answers for the processing, with every way to reach them.
fn parties(register: &Register) -> Vec<Fact> {
    let words = register.words;
    let fact = |key: &'static str, of: fn(&Form) -> &Vec<Party>| {
        let parties = Party::distinct(register.forms.iter().flat_map(of).cloned());
        let contacts: Vec<String> = parties.iter().map(|party| say::contact(words, party)).collect();
        (!contacts.is_empty()).then(|| Fact::new(words.get(key), contacts))
    };
    let facts = [
        fact("register_member_controllers", |form| &form.controllers),
        fact("register_member_representatives", |form| &form.representatives),
        fact("register_member_dpos", |form| &form.dpos),
    ];
    facts.into_iter().flatten().collect()
}

fn form_facts(words: Words, form: &Form) -> Vec<Fact> {
    let names = form.controllers.iter().map(|party| party.name.clone()).collect();
    let policy = format!("{} ({})", form.policy.url, form.policy.version);
    let against = |row: &ExceptionRow| format!("{}: {} ({})", row.rule, row.message, row.source);
    let mut facts = vec![
        Fact::new(
            words.get("register_form"),
            vec![format!("{} ({})", form.title, form.id)],
        ),
        Fact::new(words.get("register_member_controllers"), names),
        Fact::new(
            words.get("register_addressed"),
            vec![format!(
                "{}, {}",
                say::term(words, "audience", &form.audience),
                say::country(words, &form.jurisdiction)
            )],
        ),
        Fact::new(words.get("receipt_policy"), vec![policy]),
        Fact::new(words.get("register_version"), vec![form.version.clone()]),
        Fact::new(words.get("register_since"), vec![moment(words, form.published)]),
    ];
    if !form.exceptions.is_empty() {
        let rules = form.exceptions.iter().map(against).collect();
        facts.push(Fact::new(words.get("register_exceptions"), rules));
    }
    facts
}

/// Where the versions of the definitions stand that an entry was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sources {
    Here,
    Above,
}

fn entries(register: &Register, section: usize, rows: Vec<&Activity>, sources: Sources) -> Vec<Entry> {
    let rows = rows.into_iter().enumerate();
    rows.map(|(at, row)| entry(register, format!("{section}.{}", at + 1), row, sources))
        .collect()
}

fn entry(register: &Register, number: String, row: &Activity, sources: Sources) -> Entry {
    let words = register.words;
    let of_row = |form: &&Form| row.kind.is_some() && row.sources.iter().any(|source| source.form == form.id);
    let form = register.forms.iter().find(of_row);
    Entry {
        anchor: row.id.clone(),
        number,
        title: title(register, row),
        nature: say::nature(words, row),
        statement: spaced(&row.statement),
        language: form.and_then(|form| foreign(words, form)),
        facts: facts(register, row, sources),
    }
}

/// The purpose's id; Candor's own rows have names, with the controllers where there are several such rows.
fn title(register: &Register, row: &Activity) -> String {
    if row.kind.is_some() {
        return row.purpose.clone();
    }
    let name = say::term(register.words, "own_name", &row.purpose);
    let alike = |other: &&Activity| other.kind.is_none() && other.purpose == row.purpose;
    if register.activities.iter().filter(alike).count() < 2 {
        return name;
    }
    let controllers: Vec<&str> = row.controllers.iter().map(|party| party.name.as_str()).collect();
    format!("{name} ({})", controllers.join(", "))
}

/// The language of a form's words, where it is not the page's.
fn foreign(words: Words, form: &Form) -> Option<String> {
    let language = Some(form.language.clone());
    language.filter(|language| language.split('-').next() != Some(words.language()))
}

/// Several names as one phrase: `Roles, access log, secure deletion`.
fn phrase(names: &[String]) -> String {
    let mut phrase = String::new();
    for name in names {
        let mut letters = name.chars();
        let first = letters.next().into_iter();
        if phrase.is_empty() {
            phrase.extend(first.flat_map(char::to_uppercase));
        } else {
            phrase.push_str(", ");
            phrase.extend(first.flat_map(char::to_lowercase));
        }
        phrase.push_str(letters.as_str());
    }
    phrase
}

/// What Art. 30(1) asks for, in its order; nothing is left out because it is empty.
fn facts(register: &Register, row: &Activity, sources: Sources) -> Vec<Fact> {
    const ABOVE: [&str; 6] = ["purpose", "statement", "kind", "channel", "representatives", "dpos"];
    const OPTIONAL: [&str; 6] = ["receivers", "details", "frequency", "validity", "notes", "locations"];
    let words = register.words;
    let members = MEMBERS.iter().filter(|member| !ABOVE.contains(&member.name));
    let facts = members.filter_map(|member| {
        let mut values: Vec<String> = match member.name {
            "controllers" => row.controllers.iter().map(|party| party.name.clone()).collect(),
            "locations" => vec![(member.say)(register, row).join(", ")],
            "measures" | "operations" => vec![phrase(&(member.say)(register, row))],
            _ => (member.say)(register, row),
        };
        values.retain(|value| !value.is_empty());
        if values.is_empty() {
            if OPTIONAL.contains(&member.name) {
                return None;
            }
            // Who hosts Candor is not known here, nor where.
            let hosted = row.kind.is_none() && ["recipients", "transfers"].contains(&member.name);
            let vocabulary = if hosted { "empty_own" } else { "empty" };
            values.push(say::term(words, vocabulary, member.name));
        }
        Some(Fact::new(&say::term(words, "member", member.name), values))
    });
    let named = |source: &Source| match sources {
        Sources::Here => say::source(words, source),
        Sources::Above => source.form.clone(),
    };
    // A purpose stands under its form, Candor's own rows draw on several.
    let is_told = sources == Sources::Here || row.kind.is_none();
    let source = Fact::new(words.get("register_sources"), row.sources.iter().map(named).collect());
    facts.chain(is_told.then_some(source)).collect()
}
