//! The demo's pages: each stands once in `www/pages/`, both languages side by side, and is set into one template.
//!
//! `{{français||English}}` is one place in both, `{{title}}` is filled from the head of the page, and
//! `{{=site/theme-ink.css}}` shows a file of `www/`. Refuses a place that is neither, and a page whose head lacks a word.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

const TEMPLATE: &str = "template.html";
const HEADER: &str = "header.html";
const PLAYGROUND: &str = "playground.html";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    French,
    English,
}

/// What surrounds every page.
struct Frame<'a> {
    /// `www/`, for the files that a page shows.
    folder: &'a Path,
    template: String,
    header: String,
}

/// The head of a page: `name: value` lines in a comment.
type Head<'a> = BTreeMap<&'a str, &'a str>;

/// Every page of `www/pages/` by the name of its file.
pub(super) fn compose(folder: &Path) -> Result<BTreeMap<String, String>> {
    let source = folder.join("pages");
    let read = |name: &str| fs::read_to_string(source.join(name)).with_context(|| name.to_owned());
    let frame = Frame {
        folder,
        template: read(TEMPLATE)?,
        header: read(HEADER)?,
    };
    let mut pages = BTreeMap::from([(PLAYGROUND.to_owned(), frame.playground(&read(PLAYGROUND)?)?)]);
    for entry in fs::read_dir(&source).with_context(|| source.display().to_string())? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if [TEMPLATE, HEADER, PLAYGROUND].contains(&name.as_str()) {
            continue;
        }
        for (file, page) in frame.pair(&read(&name)?).with_context(|| name.clone())? {
            pages.insert(file, page);
        }
    }
    Ok(pages)
}

impl Frame<'_> {
    /// One page in both languages, with the names of the files.
    fn pair(&self, source: &str) -> Result<[(String, String); 2]> {
        let rest = source.strip_prefix("<!--\n").context("a page begins with its head")?;
        let (head, main) = rest.split_once("-->\n").context("the head of a page ends")?;
        let head: Head<'_> = head.lines().filter_map(|line| line.split_once(": ")).collect();
        let word = |name: &str| {
            head.get(name)
                .copied()
                .with_context(|| format!("no {name} in the head"))
        };
        let (french, english) = (word("fr")?, word("en")?);
        let page = |language| {
            let (own, other) = match language {
                Language::French => (address(french), address(english)),
                Language::English => (address(english), address(french)),
            };
            let switch = format!("<a class=\"switch\" href=\"{other}\" {}</a>", SWITCH);
            let header = self.header(&own, &switch, language)?;
            let links = |name, line: fn(&str) -> String| -> String {
                head.get(name)
                    .into_iter()
                    .flat_map(|names| names.split(' '))
                    .map(line)
                    .collect()
            };
            let (before, after) = self
                .template
                .split_once("{{main}}")
                .context("a template has a main part")?;
            let around = |part: &str| {
                let part = part
                    .replace("{{title}}", word("title")?)
                    .replace("{{description}}", word("description")?)
                    .replace("{{own}}", &own)
                    .replace("{{other}}", &other)
                    .replace(
                        "{{styles}}",
                        &links("styles", |name| {
                            format!("  <link rel=\"stylesheet\" href=\"/site/{name}.css\">\n")
                        }),
                    )
                    .replace(
                        "{{scripts}}",
                        &links("scripts", |name| {
                            format!("  <script type=\"module\" src=\"/site/{name}.js\"></script>\n")
                        }),
                    )
                    .replace("{{header}}\n", &header);
                self.fill(&part, language)
            };
            anyhow::Ok([around(before)?, self.fill(main, language)?, around(after)?].concat())
        };
        Ok([
            (french.to_owned(), page(Language::French)?),
            (english.to_owned(), page(Language::English)?),
        ])
    }

    /// The playground speaks both languages in one page: it has both headers, and its script shows one.
    fn playground(&self, source: &str) -> Result<String> {
        let header = |language| {
            let button = "<button type=\"button\" class=\"switch\" data-speak=\"{{en||fr}}\" lang=\"{{en||fr}}\">{{English||Français}}</button>";
            self.header(&format!("/{PLAYGROUND}"), button, language)
        };
        // Two of a kind need two names, although one of them is always hidden.
        let named = |language, begins: &str| anyhow::Ok(header(language)?.replacen("<header", begins, 1));
        let english = named(Language::English, "<header aria-label=\"Candor, in English\"")?;
        let french = named(Language::French, "<header hidden aria-label=\"Candor, en français\"")?;
        Ok(source.replace("{{header}}\n", &(english + &french)))
    }

    fn header(&self, own: &str, switch: &str, language: Language) -> Result<String> {
        let header = self.fill(&self.header.replace("{{switch}}", switch), language)?;
        let link = format!("<li><a href=\"{own}\"");
        Ok(header.replacen(&link, &format!("{link} aria-current=\"page\""), 1))
    }

    /// Fills the places of a text.
    fn fill(&self, text: &str, language: Language) -> Result<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, place)) = rest.split_once("{{") {
            let (place, after) = place.split_once("}}").context("a place ends")?;
            filled.push_str(before);
            match (place.strip_prefix('='), place.split_once("||")) {
                (Some(file), _) => filled.push_str(&shown(&self.folder.join(file))?),
                (None, Some((french, english))) if !english.contains("||") => filled.push_str(match language {
                    Language::French => french,
                    Language::English => english,
                }),
                _ => bail!("no place of this kind: {{{{{place}}}}}"),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

const SWITCH: &str = "lang=\"{{en||fr}}\" hreflang=\"{{en||fr}}\">{{English||Français}}";

fn address(file: &str) -> String {
    format!("/{}", if file == "index.html" { "" } else { file })
}

/// A file as text between tags.
fn shown(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame<'static> {
        Frame {
            folder: Path::new("/nowhere"),
            template: "<title>{{title}}</title>\n{{styles}}{{header}}\n{{main}}<footer>{{fin||end}}\n".to_owned(),
            header: "<header><li><a href=\"{{/||/en.html}}\"></a>{{switch}}\n".to_owned(),
        }
    }

    #[test]
    fn both_languages_of_one_page() {
        let source = "<!--\nfr: index.html\nen: en.html\ntitle: {{Un||One}}\ndescription: x\nstyles: a b\n-->\n<p>{{oui||yes}} A</p>\n";
        let [(french, page), (english, other)] = frame().pair(source).expect("a page");
        assert_eq!([french, english], ["index.html", "en.html"]);
        let links =
            "  <link rel=\"stylesheet\" href=\"/site/a.css\">\n  <link rel=\"stylesheet\" href=\"/site/b.css\">\n";
        let switch = "<a class=\"switch\" href=\"/en.html\" lang=\"en\" hreflang=\"en\">English</a>";
        assert_eq!(
            page,
            format!(
                "<title>Un</title>\n{links}<header><li><a href=\"/\" aria-current=\"page\"></a>{switch}\n<p>oui A</p>\n<footer>fin\n"
            )
        );
        assert!(
            other.contains("<p>yes A</p>") && other.contains("<a href=\"/en.html\" aria-current=\"page\">"),
            "{other}"
        );
    }

    #[test]
    fn a_place_that_nobody_knows_is_refused() {
        for text in ["{{title}}", "{{one||two||three}}", "{{one||two", "{{=site/none.css}}"] {
            assert!(frame().fill(text, Language::English).is_err(), "{text}");
        }
        assert!(frame().pair("<p>no head</p>").is_err());
    }

    #[test]
    fn the_playground_has_both_headers_and_shows_one() {
        let page = frame().playground("<body>\n{{header}}\n").expect("a page");
        assert_eq!(page.matches("<header").count(), 2);
        assert!(
            page.contains("<header hidden aria-label=\"Candor, en français\"><li><a href=\"/\">"),
            "{page}"
        );
    }
}
