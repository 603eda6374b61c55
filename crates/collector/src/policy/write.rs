//! A draft as Markdown, to be edited anywhere, or as a page. Gaps stand out in both, and can be searched for: `[…]`.
//! Refuses markup from a definition: its texts are escaped.

use std::fmt::Write as _;

use candor_definition::notice::{Block, Words};

use super::{Chapter, Draft};
use crate::snippet::escaped;

/// The draft as CommonMark.
pub fn markdown(draft: &Draft) -> String {
    let mut text = format!(
        "# {}\n\n> **{}**\n\n{}\n",
        plain(&draft.title),
        draft.warning,
        plain(&draft.intro)
    );
    for (number, chapter) in draft.chapters.iter().enumerate() {
        let Chapter { article, title, .. } = chapter;
        let _ = write!(text, "\n## {}. {} (Art. {article})\n", number + 1, plain(title));
        for (form, blocks) in &chapter.parts {
            if let Some(form) = form {
                let _ = write!(text, "\n### {}\n", plain(form));
            }
            for block in blocks {
                text.push_str(&markdown_block(draft, block));
            }
        }
        for gap in &chapter.gaps {
            let _ = write!(text, "\n**\\[{}{} {}\\]**\n", draft.mark, draft.colon, plain(gap));
        }
    }
    text
}

fn markdown_block(draft: &Draft, block: &Block) -> String {
    match block {
        Block::Paragraph(words) => format!("\n{}\n", link(words)),
        Block::Prominent(words) => format!("\n**{}**\n", link(words)),
        Block::List(list) => list
            .iter()
            .fold("\n".to_owned(), |text, words| text + &format!("- {}\n", link(words))),
        Block::Entry { title, rows } => {
            let mut text = format!("\n**{}**\n\n", plain(title));
            // A semicolon stands like a colon.
            let separator = draft.colon.replace(':', ";") + " ";
            for (label, words) in rows {
                let words: Vec<String> = words.iter().map(link).collect();
                let _ = writeln!(text, "- {}{} {}", plain(label), draft.colon, words.join(&separator));
            }
            text
        }
        _ => String::new(),
    }
}

fn link(words: &Words) -> String {
    match &words.link {
        Some(address) => format!("[{}](<{}>)", plain(&words.text), address.replace(['<', '>'], "")),
        None => plain(&words.text),
    }
}

/// Text that Markdown reads as text.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' | '|') {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

/// The draft as a page that stands alone, without script or style sheet: it is there to be copied into a site.
pub fn html(draft: &Draft) -> String {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n</head>\n<body>\n<main>\n\
         <h1>{}</h1>\n<p><strong>{}</strong></p>\n<p>{}</p>\n",
        escaped(&draft.language),
        escaped(&draft.title),
        escaped(&draft.title),
        escaped(draft.warning),
        escaped(&draft.intro)
    );
    for (number, chapter) in draft.chapters.iter().enumerate() {
        let title = escaped(&chapter.title);
        let _ = writeln!(
            text,
            "<h2 id=\"{}\">{}. {title} (Art. {})</h2>",
            chapter.id,
            number + 1,
            chapter.article
        );
        for (form, blocks) in &chapter.parts {
            if let Some(form) = form {
                let _ = writeln!(text, "<h3>{}</h3>", escaped(form));
            }
            for block in blocks {
                text.push_str(&html_block(block));
            }
        }
        for gap in &chapter.gaps {
            let _ = writeln!(
                text,
                "<p><mark>[{}{} {}]</mark></p>",
                draft.mark,
                draft.colon,
                escaped(gap)
            );
        }
    }
    text + "</main>\n</body>\n</html>\n"
}

fn html_block(block: &Block) -> String {
    let said = |words: &Words| match &words.link {
        Some(address) => format!("<a href=\"{}\">{}</a>", escaped(address), escaped(&words.text)),
        None => escaped(&words.text),
    };
    match block {
        Block::Paragraph(words) => format!("<p>{}</p>\n", said(words)),
        Block::Prominent(words) => format!("<p><strong>{}</strong></p>\n", said(words)),
        Block::List(list) => {
            let items: String = list.iter().map(|words| format!("<li>{}</li>\n", said(words))).collect();
            format!("<ul>\n{items}</ul>\n")
        }
        Block::Entry { title, rows } => {
            let mut text = format!("<p><strong>{}</strong></p>\n<dl>\n", escaped(title));
            for (label, words) in rows {
                let words: Vec<String> = words.iter().map(said).collect();
                let _ = writeln!(text, "<dt>{}</dt><dd>{}</dd>", escaped(label), words.join("<br>"));
            }
            text + "</dl>\n"
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::draft;
    use candor_definition::{Definition, notice::ITEMS, parse};

    fn example(name: &str) -> Definition {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../definition/tests/examples/");
        let text = std::fs::read(format!("{root}{name}.json")).expect("the example is there");
        parse(&text).expect("the example is lawful")
    }

    #[test]
    fn every_item_has_its_chapter_and_what_is_missing_is_marked() {
        let definition = example("ebook-rgpd");
        for (tag, warning, gap) in [
            ("fr", "Projet", "[À COMPLÉTER\u{a0}: Qui héberge"),
            ("en", "Draft", "[TO COMPLETE: Who hosts"),
        ] {
            let language = definition.language(tag).expect("declared");
            let drafted = draft(std::slice::from_ref(&definition), language, None);
            for (_, id) in ITEMS {
                assert!(drafted.chapters.iter().any(|chapter| chapter.id == id), "{tag} {id}");
            }
            for text in [markdown(&drafted).replace('\\', ""), html(&drafted)] {
                for part in [warning, gap, "Acme Conseil SAS"] {
                    assert!(text.contains(part), "{tag}: {part} in\n{text}");
                }
            }
        }
    }

    #[test]
    fn several_forms_share_what_is_the_same() {
        let (ebook, webinar) = (example("ebook-rgpd"), example("webinar-b2b"));
        let language = ebook.language("en").expect("declared").clone();
        let text = markdown(&draft(&[ebook, webinar], &language, Some("https://forms.acme.example")));
        let count = |piece: &str| text.matches(piece).count();
        assert_eq!(count("## 1. Who is responsible"), 1, "{text}");
        assert_eq!(count("Whom to ask"), 1);
        assert!(text.contains("### Webinar"), "{text}");
    }

    #[test]
    fn nothing_of_a_definition_is_markup() {
        assert_eq!(plain("a*b_[c](d) <e>"), "a\\*b\\_\\[c\\](d) \\<e>");
        let words = Words {
            text: "x](y)".into(),
            link: Some("https://a.example/<b>".into()),
        };
        assert_eq!(link(&words), "[x\\](y)](<https://a.example/b>)");
    }
}
