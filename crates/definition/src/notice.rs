//! The second layer of the notice: everything that GDPR Art. 13 has a person told, from the definition alone, in one of its
//! languages. A pure function; the pages and drafts that show it are the collector's.
//!
//! Every item of Art. 13(1) and (2) has a section of its own, also where there is nothing to tell: then it says so.
//! What the form itself records of a person (Candor's own processing) stands there too, where a collector does it.
//! Read next: `notice/sections.rs`, what each section says; `notice/own.rs`, the form's own processing.

use crate::compile::Form;
use crate::definition::Definition;
use crate::language::Language;

mod own;
mod purposes;
mod sections;

/// The notice of a form in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The language of its words.
    pub language: Language,
    /// The heading of the whole.
    pub title: String,
    /// What it is, in a sentence.
    pub intro: String,
    /// In the order of Art. 13.
    pub sections: Vec<Section>,
}

/// One subject of the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Stable: an anchor, and what a test asks for.
    pub id: &'static str,
    /// The item of GDPR Art. 13 that it answers, or another article.
    pub article: &'static str,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Block {
    /// A sentence or two.
    Paragraph(Words),
    /// What the law asks to bring to attention apart from everything else (Art. 21(4)).
    Prominent(Words),
    /// Short sentences, one beside the other.
    List(Vec<Words>),
    /// A thing with what there is to say of it.
    Entry {
        /// Which thing.
        title: String,
        /// Label and words, in order.
        rows: Vec<(String, Vec<Words>)>,
    },
}

/// Words, and where they lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What is read.
    pub text: String,
    /// A web address, `mailto:` or a path of the collector.
    pub link: Option<String>,
}

impl Words {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            link: None,
        }
    }

    fn link(text: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            link: Some(address.into()),
        }
    }
}

/// The items of GDPR Art. 13(1) and (2), with the section that answers each.
pub const ITEMS: [(&str, &str); 12] = [
    ("13(1)(a)", "who"),
    ("13(1)(b)", "dpo"),
    ("13(1)(c)", "purposes"),
    ("13(1)(d)", "interests"),
    ("13(1)(e)", "recipients"),
    ("13(1)(f)", "transfers"),
    ("13(2)(a)", "retention"),
    ("13(2)(b)", "rights"),
    ("13(2)(c)", "withdrawal"),
    ("13(2)(d)", "complaint"),
    ("13(2)(e)", "required"),
    ("13(2)(f)", "automated"),
];

/// The notice of a definition in one of its languages; in the default one where the language is another definition's.
///
/// `public_url` is the address of the collector; without one the form's own processing is not Candor's to tell.
pub fn notice(definition: &Definition, language: &Language, public_url: Option<&str>) -> Notice {
    let form = Form::new(definition, language, public_url);
    let tell = |key: &str| form.tell(key, &[]);
    Notice {
        language: form.language.clone(),
        title: tell("title"),
        intro: tell("intro"),
        sections: sections::all(&form),
    }
}
