//! A privacy policy drafted from definitions, for a lawyer to finish: what the forms say, in their own words, and a marked gap
//! wherever a policy has to say what no definition knows. A pure function.
//! Refuses to fill a gap by a guess; and a draft without gaps, for there is always something that a form does not know.
//! Read next: `policy/gaps.rs`, what is missing; `policy/write.rs`, Markdown and HTML.

use candor_definition::{
    Definition, Language,
    notice::{Block, Section, notice},
};

use crate::catalog;

mod gaps;
mod write;

pub use write::{html, markdown};

/// What a reader has to be told before anything else.
#[derive(Debug)]
pub struct Draft {
    pub language: String,
    pub title: String,
    pub intro: String,
    /// That it is a draft, in French or else in English.
    pub warning: &'static str,
    /// Between a label and its words.
    pub colon: &'static str,
    /// What each gap begins with, so that it is found.
    pub mark: &'static str,
    pub chapters: Vec<Chapter>,
}

/// A section of the policy: what the forms say, then what is missing.
#[derive(Debug)]
pub struct Chapter {
    pub id: &'static str,
    pub article: &'static str,
    pub title: String,
    /// By form where they differ; the title of the form where there are several.
    pub parts: Vec<(Option<String>, Vec<Block>)>,
    pub gaps: Vec<String>,
}

/// Sections that each form has for itself; the others are said once, of the first form.
const BY_FORM: [&str; 7] = [
    "purposes",
    "interests",
    "recipients",
    "transfers",
    "retention",
    "required",
    "version",
];

/// Drafts the policy of one or several forms of the same controller.
pub fn draft(definitions: &[Definition], language: &Language, public_url: Option<&str>) -> Draft {
    let notices: Vec<_> = definitions.iter().map(|it| notice(it, language, public_url)).collect();
    let words = gaps::Words::of(language.as_str());
    let mut chapters: Vec<Chapter> = Vec::new();
    for (definition, notice) in definitions.iter().zip(&notices) {
        let title = definition.title().in_language(&notice.language).to_owned();
        for section in &notice.sections {
            add(&mut chapters, section, (definitions.len() > 1).then(|| title.clone()));
        }
    }
    for chapter in &mut chapters {
        let told = definitions.iter().flat_map(|it| gaps::of(words, chapter.id, it));
        for gap in told {
            if !chapter.gaps.contains(&gap) {
                chapter.gaps.push(gap);
            }
        }
    }
    let first = notices.first();
    Draft {
        language: first.map_or_else(|| language.to_string(), |it| it.language.to_string()),
        title: first.map(|it| it.title.clone()).unwrap_or_default(),
        intro: first.map(|it| it.intro.clone()).unwrap_or_default(),
        warning: words.say(gaps::WARNING),
        colon: catalog::Words::of(language.as_str()).get("colon"),
        mark: words.say(gaps::MARK),
        chapters,
    }
}

fn add(chapters: &mut Vec<Chapter>, section: &Section, form: Option<String>) {
    let by_form = BY_FORM.contains(&section.id);
    let part = (form.filter(|_| by_form), section.blocks.clone());
    match chapters.iter_mut().find(|chapter| chapter.id == section.id) {
        Some(chapter) if by_form => chapter.parts.push(part),
        Some(_) => {}
        None => chapters.push(Chapter {
            id: section.id,
            article: section.article,
            title: section.title.clone(),
            parts: vec![part],
            gaps: Vec::new(),
        }),
    }
}
