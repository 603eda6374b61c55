//! Writes `docs/languages.md` from the catalogs: how many words each language has, which a speaker checked, and which
//! sentences of the others nobody has. `cargo xtask tidy` holds the page against the catalogs.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::run::announce;
use crate::tidy::Findings;
use crate::workspace::Workspace;

const PAGE: &str = "docs/languages.md";
const OF_FORMS: &str = "crates/definition/catalog";
const OF_PAGES: &str = "crates/collector/catalog";

const NAMES: [(&str, &str); 24] = [
    ("bg", "Bulgarian"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("it", "Italian"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mt", "Maltese"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("sk", "Slovak"),
    ("sl", "Slovene"),
    ("sv", "Swedish"),
];

const BEGINNING: &str = "\
# Languages

A form can be written in any of the 24 languages of the Union, or in a regional variant of one (`pt-BR` gets the words of
`pt`). The words around the form's own, its messages and mails and the pages of the person are ours, in the language of
the form. Any other language is refused by `candor check` (`C-DEF-LANGUAGE-WORDS`), because a legal sentence never falls
back silently.

Plurals follow the rules of Unicode CLDR (`crates/definition/src/plural.rs`), dates and names of countries its data. The
register is for the operator and the authority, and is in French and English alone. Commands and diagnostics are English.
What runs from right to left is laid out so, though none of these languages does.

A language whose legal sentences no speaker who knows the law has checked says `no` in the last column. A form in it is
good; `candor check` notes it (`C-DEF-LANGUAGE-REVIEW`). Whoever has checked them sets the language to `true` in
`crates/definition/catalog/reviewed.json`, in the commit that mends what they found.

To add a language: its words in `crates/definition/catalog` and `crates/collector/catalog`, its countries in
`crates/definition/catalog/countries`, its tag in the tables of `crates/definition/src/catalog.rs` and
`crates/collector/src/catalog.rs`, and its rule in `crates/definition/src/plural.rs` where it counts in other ways than
English. The tests say what is missing.

This page is written by `cargo xtask languages`.

| language | tag | words of forms | legal sentences | words of pages and mails | legal sentences checked |
|---|---|---:|---:|---:|---|
";

const LEGAL: &str = "\
\n## The legal sentences

In English. In each language above that says `no`, these are what nobody has checked yet.

";

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    announce("languages: the catalogs to docs/languages.md");
    fs::write(workspace.root.join(PAGE), page(&workspace)?)?;
    Ok(())
}

/// The page says what the catalogs say.
pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let written = fs::read_to_string(workspace.root.join(PAGE)).context(PAGE)?;
    let is_so = written == page(workspace)?;
    let finding = || format!("{PAGE}: is not what the catalogs say; run `cargo xtask languages`");
    Ok(if is_so { Findings::new() } else { vec![finding()] })
}

fn page(workspace: &Workspace) -> Result<String> {
    let catalog = |folder: &str, name: &str| -> Result<Map<String, Value>> {
        let path = workspace.root.join(folder).join(format!("{name}.json"));
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    };
    let reviewed = catalog(OF_FORMS, "reviewed")?;
    let mut page = BEGINNING.to_owned();
    for (tag, name) in NAMES {
        let (forms, pages) = (catalog(OF_FORMS, tag)?, catalog(OF_PAGES, tag)?);
        let legal = sentences(&forms).len();
        let is_reviewed = if reviewed.get(tag) == Some(&Value::Bool(true)) {
            "yes"
        } else {
            "no"
        };
        let (of_forms, of_pages) = (words(&forms), words(&pages));
        writeln!(
            page,
            "| {name} | `{tag}` | {of_forms} | {legal} | {of_pages} | {is_reviewed} |"
        )?;
    }
    page.push_str(LEGAL);
    for (key, sentence) in sentences(&catalog(OF_FORMS, "en")?) {
        writeln!(page, "- `{key}`: {}", sentence.trim())?;
    }
    Ok(page)
}

/// The legal sentences by key, a plural once.
fn sentences(catalog: &Map<String, Value>) -> BTreeMap<&str, &str> {
    let legal = catalog.iter().filter(|(key, _)| key.starts_with("legal."));
    let once = legal.map(|(key, text)| match key.strip_prefix("legal.period.") {
        Some(_) => (key.rsplit_once('.').map_or(key.as_str(), |(stem, _)| stem), text),
        None => (key.as_str(), text),
    });
    once.map(|(key, text)| (key, text.as_str().unwrap_or_default()))
        .collect()
}

fn words(catalog: &Map<String, Value>) -> usize {
    let texts = catalog.values().filter_map(Value::as_str);
    texts.map(|text| text.split_whitespace().count()).sum()
}
