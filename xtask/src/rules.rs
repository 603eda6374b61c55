//! Writes `docs/lawful-forms.md` and its French half from the rules, their profiles and their examples
//! (`crates/lint`). `cargo xtask tidy` holds the pages against the data.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::run::announce;
use crate::tidy::Findings;
use crate::workspace::Workspace;

mod words;

use words::{PAGES, Page};

const LINT: &str = "crates/lint";

/// The families in the order of the page.
const FAMILIES: [&str; 17] = [
    "consent",
    "partners",
    "freedom",
    "contact",
    "service",
    "objection",
    "customers",
    "channel",
    "france",
    "notice",
    "sharing",
    "fields",
    "transfers",
    "storage",
    "languages",
    "reading",
    "theme",
];

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    for page in &PAGES {
        announce(&format!("writing {}", page.file));
        fs::write(workspace.root.join(page.file), write(&workspace, page)?)?;
    }
    Ok(())
}

/// Whether the pages say what the data says.
pub(crate) fn check(workspace: &Workspace) -> Result<Findings> {
    let mut findings = Findings::new();
    for page in &PAGES {
        let written = fs::read_to_string(workspace.root.join(page.file)).unwrap_or_default();
        if written != write(workspace, page)? {
            findings.push(format!(
                "{}: not what the rules say; run `cargo xtask rules`",
                page.file
            ));
        }
    }
    Ok(findings)
}

fn read(workspace: &Workspace, path: &str) -> Result<Value> {
    let path = workspace.root.join(LINT).join(path);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn write(workspace: &Workspace, page: &Page) -> Result<String> {
    let mut out = page.beginning.to_owned();
    profiles(workspace, page, &mut out)?;
    out.push_str(page.before_rules);
    for family in FAMILIES {
        let rules = read(workspace, &format!("rules/{family}.json"))?;
        let examples = read(workspace, &format!("examples/{family}.json"))?;
        let (_, head) = page.families.iter().find(|(name, _)| *name == family).context(family)?;
        write!(out, "\n## {head}\n")?;
        for rule in list(&rules) {
            one(page, rule, &examples, &mut out)?;
        }
    }
    Ok(out)
}

/// The figures and the bases of each profile.
fn profiles(workspace: &Workspace, page: &Page, out: &mut String) -> Result<()> {
    let folder = workspace.root.join(LINT).join("profiles");
    let mut names: Vec<String> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    for name in names.iter().filter(|name| name.ends_with(".json")) {
        let profile = read(workspace, &format!("profiles/{name}"))?;
        write!(
            out,
            "\n### `{}`: {}\n\n",
            text(&profile["id"]),
            text(&profile["name"][page.tongue])
        )?;
        if let Some(extends) = profile["extends"].as_str() {
            writeln!(out, "{} `{extends}`.\n", page.extends)?;
        }
        let channels: Vec<&Value> = list(&profile["channels"]).collect();
        if !channels.is_empty() {
            out.push_str(page.channels_head);
            for entry in channels {
                let joined = |name: &str| list(&entry[name]).map(text).collect::<Vec<_>>().join(", ");
                let until = entry["until"]
                    .as_str()
                    .map(|until| format!(" – {until}"))
                    .unwrap_or_default();
                writeln!(
                    out,
                    "| {} | {} | {}{until} | {} | {} |",
                    text(&entry["channel"]),
                    joined("audiences"),
                    text(&entry["from"]),
                    joined("bases"),
                    link(text(&entry["rule"])),
                )?;
            }
            out.push('\n');
        }
        for figure in list(&profile["figures"]) {
            let name = text(&figure["name"]);
            let (_, words) = page
                .figures
                .iter()
                .find(|(figure, _)| *figure == name)
                .context(name.to_owned())?;
            writeln!(
                out,
                "- {words}: **{}**, [{}]({}){}",
                text(&figure["value"]),
                text(&figure["source"]),
                text(&figure["link"]),
                unverified(page, &figure["verified"]),
            )?;
        }
    }
    Ok(())
}

fn unverified(page: &Page, verified: &Value) -> String {
    if verified == &Value::Bool(true) {
        String::new()
    } else {
        format!(" ({})", page.unverified)
    }
}

/// A rule by the anchor of its heading.
fn link(rule: &str) -> String {
    format!("[{rule}](#{})", rule.to_lowercase())
}

fn one(page: &Page, rule: &Value, examples: &Value, out: &mut String) -> Result<()> {
    let words = |name: &str| text(&rule[name][page.tongue]);
    let id = text(&rule["id"]);
    let profiles: Vec<String> = list(&rule["profiles"])
        .map(|profile| format!("`{}`", text(profile)))
        .collect();
    let until = rule["until"]
        .as_str()
        .map(|until| format!(" – {until}"))
        .unwrap_or_default();
    let (_, severity) = page
        .severities
        .iter()
        .find(|(name, _)| *name == rule["severity"])
        .context(id.to_owned())?;
    write!(
        out,
        "\n### {id}\n\n**{}** {}. {}\n\n",
        capital(words("title")),
        severity,
        words("why")
    )?;
    writeln!(
        out,
        "{}: {} · {} {}{until} · [{}]({}){}\n",
        page.profile,
        profiles.join(", "),
        page.since,
        text(&rule["from"]),
        text(&rule["article"]),
        text(&rule["link"]),
        unverified(page, &rule["verified"]),
    )?;
    writeln!(out, "{}: {}.\n", page.mend, words("help"))?;
    for example in list(examples).filter(|example| example["rule"] == *id) {
        let fails = list(&example["finds"]).next().is_some();
        let mark = if fails { page.fails } else { page.passes };
        write!(out, "- {mark}: {}", text(&example["says"][page.tongue]))?;
        if let Some(at) = example["at"].as_str() {
            write!(out, " ({at})")?;
        }
        out.push('\n');
        for change in list(&example["change"]) {
            writeln!(out, "  - {}", change_in_words(page, change))?;
        }
    }
    Ok(())
}

fn change_in_words(page: &Page, change: &Value) -> String {
    let path = text(&change["path"]);
    match &change["value"] {
        Value::Null => format!("{} `{path}`", page.without),
        Value::String(value) => format!("`{path}`: “{}”", value.replace('|', "\\|")),
        Value::Object(members) if members.values().all(Value::is_string) => {
            let said = members.iter().map(|(name, value)| format!("{name}: “{}”", text(value)));
            format!("`{path}`: {}", said.collect::<Vec<_>>().join("; "))
        }
        value => format!("`{path}`: `{value}`"),
    }
}

fn capital(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).chain(['.']).collect()
    })
}
