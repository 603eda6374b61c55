//! The second layer of a form's notice as a page of its own: one file that stands alone, and says the same in ten years.
//! Style sheet and words are inside, nothing is loaded. Refuses script. What it says: `candor_definition::notice`.
//! Read next: `http/notice.rs`, who serves it; `forms.rs`, which keeps a rendering of every published version.

use askama::Template;
use candor_definition::{
    Definition,
    notice::{Block, Notice, Words},
};
use candor_record::digest::Sha256Digest;

use crate::{catalog, store::notices::NoticeRow, typography::spaced};

/// Where it stands among its other languages.
#[derive(Debug, Clone, Copy)]
pub enum Served {
    /// By a collector: its other languages are links.
    Online,
    /// In a file: it has no others.
    Alone,
}

#[derive(Debug, Template)]
#[template(path = "second_layer.html")]
struct Page<'a> {
    language: &'a str,
    direction: &'a str,
    title: String,
    /// The title of the form.
    form: String,
    controller: String,
    intro: String,
    stylesheet: &'static str,
    languages_label: &'static str,
    languages: Vec<Other>,
    sections: Vec<Section>,
}

/// A language of the form.
#[derive(Debug)]
struct Other {
    tag: String,
    address: String,
    is_current: bool,
}

#[derive(Debug)]
struct Section {
    id: &'static str,
    article: &'static str,
    title: String,
    blocks: Vec<Piece>,
}

/// A block, set as print is.
#[derive(Debug)]
enum Piece {
    Paragraph(Words),
    Prominent(Words),
    List(Vec<Words>),
    Entry {
        title: String,
        rows: Vec<(String, Vec<Words>)>,
    },
}

const STYLESHEET: &str = concat!(
    include_str!("../templates/page.css"),
    include_str!("../templates/second_layer.css")
);

/// Renders the page.
///
/// # Errors
/// The template failed, which would be a fault of Candor.
pub fn page(definition: &Definition, notice: &Notice, served: Served) -> askama::Result<String> {
    let language = notice.language.as_str();
    let words = catalog::Words::of(language);
    let version = definition.digest().to_text();
    let other = |tag: &str| Other {
        tag: tag.to_owned(),
        address: format!("/f/{}/notice/{version}?lang={tag}", definition.id()),
        is_current: tag == language,
    };
    let languages = match served {
        Served::Online => definition.languages().map(|it| other(it.as_str())).collect(),
        Served::Alone => Vec::new(),
    };
    let controller = definition.parties().iter().find(|party| party.is_controller());
    let controller = controller.map(|party| party.name.in_language(&notice.language).to_owned());
    Page {
        language,
        direction: words.direction(),
        title: spaced(&notice.title),
        form: spaced(definition.title().in_language(&notice.language)),
        controller: controller.unwrap_or_default(),
        intro: spaced(&notice.intro),
        stylesheet: STYLESHEET,
        languages_label: words.get("notice_languages"),
        languages,
        sections: notice.sections.iter().map(section).collect(),
    }
    .render()
}

/// A rendering to be kept, under the digest of its bytes.
///
/// # Errors
/// The template failed, which would be a fault of Candor.
pub fn row(definition: &Definition, notice: &Notice) -> askama::Result<NoticeRow> {
    let html = page(definition, notice, Served::Online)?;
    Ok(NoticeRow {
        digest: Sha256Digest::of(html.as_bytes()).to_text(),
        form: definition.id().to_owned(),
        version: definition.digest().to_text(),
        language: notice.language.as_str().to_owned(),
        html,
    })
}

/// The text of its style sheet, as a content policy names it.
pub fn stylesheet_of(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<style>")?;
    rest.split_once("</style>").map(|(text, _)| text)
}

fn section(section: &candor_definition::notice::Section) -> Section {
    Section {
        id: section.id,
        article: section.article,
        title: spaced(&section.title),
        blocks: section.blocks.iter().filter_map(piece).collect(),
    }
}

fn piece(block: &Block) -> Option<Piece> {
    let set = |words: &Words| Words {
        text: spaced(&words.text),
        link: words.link.clone(),
    };
    let set_all = |words: &Vec<Words>| words.iter().map(set).collect();
    Some(match block {
        Block::Paragraph(words) => Piece::Paragraph(set(words)),
        Block::Prominent(words) => Piece::Prominent(set(words)),
        Block::List(list) => Piece::List(set_all(list)),
        Block::Entry { title, rows } => Piece::Entry {
            title: spaced(title),
            rows: rows
                .iter()
                .map(|(label, words)| (spaced(label), set_all(words)))
                .collect(),
        },
        _ => return None,
    })
}
