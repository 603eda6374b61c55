//! The pages that a definition links to, and what a page says: its words, without the marks around them.
//! Refuses to keep a page: a digest of its words tells whether they changed.

use candor_record::digest::Sha256Digest;
use html5gum::{Token, Tokenizer};

use crate::register::definition::{Definition, Text};

/// Every address on the open web, once, with the place where it stands first. A path of the form's own site is left out:
/// which site that is, the definition does not say.
pub(super) fn addresses(definition: &str) -> Vec<(String, String)> {
    let Ok(definition) = serde_json::from_str::<Definition>(definition) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    match &definition.policy.url {
        Text::All(url) => found.push((url.clone(), "/policy/url".to_owned())),
        Text::Each(urls) => {
            let each = urls
                .iter()
                .map(|(tag, url)| (url.clone(), format!("/policy/url/{tag}")));
            found.extend(each);
        }
    }
    for (at, party) in definition.parties.iter().enumerate() {
        if let Some(url) = &party.policy {
            found.push((url.clone(), format!("/parties/{at}/policy")));
        }
    }
    for (at, purpose) in definition.purposes.iter().enumerate() {
        for (of, transfer) in purpose.transfers.iter().enumerate() {
            if let Some(url) = &transfer.copy {
                found.push((url.clone(), format!("/purposes/{at}/transfers/{of}/copy")));
            }
        }
    }
    let mut addresses: Vec<(String, String)> = Vec::new();
    for (url, pointer) in found {
        if url.starts_with("https://") && addresses.iter().all(|(known, _)| *known != url) {
            addresses.push((url, pointer));
        }
    }
    addresses
}

/// Elements whose text nobody reads.
const UNREAD: [&[u8]; 4] = [b"script", b"style", b"template", b"noscript"];

/// The digest of what a page says. Of HTML, and of what does not say that it is something else, the text alone counts, white
/// space collapsed: counters and tokens in its markup do not. Of a PDF each byte does.
pub(super) fn digest(media_type: Option<&str>, body: &[u8]) -> Sha256Digest {
    let is_html = |kind: &str| {
        ["text/html", "application/xhtml+xml"]
            .iter()
            .any(|html| kind.eq_ignore_ascii_case(html))
    };
    match media_type {
        Some(other) if !is_html(other) => Sha256Digest::of(body),
        _ => words(body),
    }
}

fn words(html: &[u8]) -> Sha256Digest {
    let html = String::from_utf8_lossy(html);
    let mut words = Vec::new();
    let mut unread: Option<Vec<u8>> = None;
    for Ok(token) in Tokenizer::new(html.as_ref()) {
        match token {
            Token::StartTag(tag) if unread.is_none() && !tag.self_closing && UNREAD.contains(&&**tag.name) => {
                unread = Some(tag.name.to_vec());
            }
            Token::EndTag(tag) if unread.as_deref() == Some(&**tag.name) => unread = None,
            Token::String(text) if unread.is_none() => words.extend_from_slice(&text),
            // Words of neighbouring elements are words of their own.
            Token::StartTag(_) | Token::EndTag(_) => words.push(b' '),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(&words);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Sha256Digest::of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_open_web_is_visited_once() {
        let form = include_str!("../../../../www/forms/ebook-rgpd.json");
        let found = addresses(form);
        let expected = [
            ("https://acme.example/en/privacy", "/policy/url/en"),
            ("https://acme.example/confidentialite", "/policy/url/fr"),
            ("https://partenaire.example/confidentialite", "/parties/3/policy"),
        ];
        let expected = expected.map(|(url, pointer)| (url.to_owned(), pointer.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_page_is_its_words() {
        let same = |one: &str, other: &str| digest(None, one.as_bytes()) == digest(Some("text/html"), other.as_bytes());
        let page = "<!doctype html><title>Privacy</title><p>We keep it <b>30 days</b>.</p>";
        for (other, is_same) in [
            (
                "<title>Privacy</title>\n\n<p class=new>We  keep it <b>30 days</b>.</p><!-- build 7 -->",
                true,
            ),
            (
                "<title>Privacy</title><script nonce=abc>count(7)</script><p>We keep it <b>30 days</b>.</p>",
                true,
            ),
            (
                "<title>Privacy</title><style>p{color:red}</style><p>We keep it <b>30 days</b>.</p>",
                true,
            ),
            ("<title>Privacy</title><p>We keep it <b>90 days</b>.</p>", false),
            (
                "<title>Privacy</title><p>We keep it <script>30 days</script>.</p>",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(same(page, other), is_same, "{other}");
        }
        // In what is no markup, nothing is.
        let pdf = |title: &str| {
            digest(
                Some("application/pdf"),
                format!("%PDF-1.7 <</Title({title})>>").as_bytes(),
            )
        };
        assert_ne!(pdf("30 days"), pdf("90 days"));
    }
}
