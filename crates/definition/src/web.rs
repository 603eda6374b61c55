//! Addresses: links, paths of the site, e-mail and telephone.
//!
//! They are checked for what they must not be (a script, another site, a way out of a folder), not for being alive.

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule::{self, Rule};

/// An https link or a path of the same site, as a privacy notice has it.
pub(crate) fn notice(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write `https://…`, or a path of the same site such as `/privacy`";
    checked(
        report,
        at,
        rule::POLICY_URL,
        "an https address or a path of the same site",
        help,
        is_notice,
    )
}

/// An absolute web address of a party or of a document.
pub(crate) fn link(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let accept = |text: &str| is_notice(text) || is_absolute(text, "http://");
    checked(
        report,
        at,
        rule::URL,
        "a web address",
        "write the whole address, for example `https://www.example.com`",
        accept,
    )
}

/// Where submissions go: https, a path of the site, or this computer while developing.
pub(crate) fn endpoint(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let local = |text: &str| {
        is_absolute(text, "http://") && matches!(host(&text["http://".len()..]), "localhost" | "127.0.0.1" | "[::1]")
    };
    let help = "write `https://…/v1/submissions`, or a path of the same site such as `/v1/submissions`";
    checked(
        report,
        at,
        rule::ENDPOINT,
        "an https address or a path of the same site",
        help,
        |text| is_notice(text) || local(text),
    )
}

/// A page of the same site.
pub(crate) fn page(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write the path of a page of the same site, for example `/thank-you`";
    checked(
        report,
        at,
        rule::REDIRECT,
        "a path of the same site",
        help,
        is_site_path,
    )
}

/// A file below the folder of gated files.
pub(crate) fn asset(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write the path of a file inside the folder of assets, for example `guide.pdf`";
    checked(
        report,
        at,
        rule::GATE_ASSET,
        "a path that stays in its folder",
        help,
        is_asset,
    )
}

/// An e-mail address.
pub(crate) fn email(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write a complete address, for example `contact@example.com`";
    checked(report, at, rule::EMAIL, "an e-mail address", help, is_email)
}

/// A telephone number as people write it.
pub(crate) fn phone(report: &mut Report<'_>, at: &At<'_>) -> Option<String> {
    let help = "write digits, with the country's prefix: for example `+33 1 99 00 12 34`";
    checked(report, at, rule::PHONE, "a telephone number", help, is_phone)
}

/// `https://host[:port]` of an absolute address.
pub(crate) fn origin(address: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| is_absolute(address, scheme))?;
    let end = address[scheme.len()..]
        .find(['/', '?', '#'])
        .map_or(address.len(), |end| scheme.len() + end);
    Some(&address[..end])
}

fn checked(
    report: &mut Report<'_>,
    at: &At<'_>,
    rule: Rule,
    wanted: &str,
    help: &str,
    accept: impl Fn(&str) -> bool,
) -> Option<String> {
    let text = at.string(report)?;
    if !accept(text) {
        report.refuse(rule, &at.place(), format!("{} is not {wanted}", at.name()), help);
        return None;
    }
    Some(text.to_owned())
}

fn is_notice(text: &str) -> bool {
    is_absolute(text, "https://") || is_site_path(text)
}

/// A path that a browser resolves within the same origin; `//host` and `/\host` name another one.
fn is_site_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && is_plain(text)
}

fn is_absolute(text: &str, scheme: &str) -> bool {
    let has_scheme = text
        .get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    has_scheme && is_plain(text) && {
        let authority = authority(&text[scheme.len()..]);
        let host = host(authority);
        let port = authority[host.len()..].strip_prefix(':');
        let port_is_good = match port {
            Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok(),
            None => authority.len() == host.len(),
        };
        // User information is refused: it misleads the reader about the host.
        is_host(host) && port_is_good
    }
}

fn authority(rest: &str) -> &str {
    &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())]
}

/// The host of an authority, without port; brackets of an IPv6 address stay.
fn host(rest: &str) -> &str {
    let authority = authority(rest);
    let end = match authority.find(']') {
        Some(bracket) => Some(bracket + 1),
        None => authority.find(':'),
    };
    &authority[..end.unwrap_or(authority.len())]
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(is_label),
    }
}

fn is_label(label: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-';
    (1..=63).contains(&label.len()) && label.chars().all(inside) && !label.starts_with('-') && !label.ends_with('-')
}

/// No character that a URL cannot hold or that parsers read differently.
fn is_plain(text: &str) -> bool {
    text.len() <= 2048
        && !text.chars().any(|c| {
            c.is_whitespace() || c.is_control() || matches!(c, '\\' | '<' | '>' | '"' | '`' | '{' | '}' | '|' | '^')
        })
}

fn is_asset(text: &str) -> bool {
    let part_is_good = |part: &str| !part.is_empty() && part != "." && part != "..";
    let character_is_good = |c: char| !c.is_control() && !matches!(c, '\\' | ':' | '%' | '?' | '#');
    text.len() <= 255 && text.chars().all(character_is_good) && text.split('/').all(part_is_good)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_is_good = (1..=64).contains(&local.len())
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    local_is_good && domain.len() <= 253 && domain.contains('.') && domain.split('.').all(is_label)
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (3..=15).contains(&digits)
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || " \u{a0}\u{202f}().-/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{is_asset, is_email, is_notice, is_phone, is_site_path, origin};

    #[track_caller]
    fn check(accept: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(accept(text), "{text} should be accepted");
        }
        for text in bad {
            assert!(!accept(text), "{text} should be refused");
        }
    }

    #[test]
    fn notices_are_https_or_of_the_same_site() {
        check(
            is_notice,
            &[
                "https://acme.example/en/privacy?v=1#top",
                "https://acme.example",
                "https://münchen.example:8443/",
                "/privacy",
                "/",
                "HTTPS://acme.example",
            ],
            &[
                "http://acme.example",
                "//acme.example",
                "/\\acme.example",
                "privacy",
                "",
                "javascript:alert(1)",
                "https://",
                "https:///path",
                "https://user@acme.example/",
                "https://acme.example:99999/",
                "https://acme.example:+80/",
                "https://a b/",
                "ftp://acme.example",
                "https:/acme.example",
                "https://acme..example/",
                "https://-a.example/",
                "/a b",
                "data:text/html,x",
                " /privacy",
            ],
        );
    }

    #[test]
    fn pages_are_paths() {
        check(
            is_site_path,
            &["/merci", "/a/b?c=d#e", "/"],
            &["https://acme.example/", "//x", "/\\x", "merci", "", "?a", "/a\tb"],
        );
    }

    #[test]
    fn assets_stay_in_their_folder() {
        check(
            is_asset,
            &["guide-rgpd.pdf", "a/b/c.pdf", "Guide RGPD.pdf", "..guide.pdf", "a..b"],
            &[
                "",
                "/etc/passwd",
                "../x",
                "a/../x",
                "a/..",
                "..",
                ".",
                "a//b",
                "a/",
                "a\\b",
                "..\\x",
                "C:x",
                "C:/x",
                "c:\\x",
                "file:///etc/passwd",
                "%2e%2e/x",
                "a\0b",
                "./x",
                "https://x.example/a.pdf",
            ],
        );
    }

    #[test]
    fn addresses_of_people() {
        check(
            is_email,
            &["contact@acme.example", "a.b+c@x.co", "é@münchen.example"],
            &[
                "",
                "a",
                "@x.example",
                "a@",
                "a@b",
                "a b@x.example",
                "a@x..example",
                ".a@x.example",
                "a@@x.example",
                "<a@x.example>",
                "a@x.example.",
            ],
        );
        check(
            is_phone,
            &["+33 1 99 00 12 34", "112", "(030) 123-456"],
            &["", "12", "+", "1+23456", "call us", "+33 1 99 00 12 34 56 78 90"],
        );
    }

    #[test]
    fn origins_of_absolute_addresses() {
        for (address, found) in [
            ("https://forms.example/v1/submissions", Some("https://forms.example")),
            ("http://localhost:8080/x", Some("http://localhost:8080")),
            ("https://forms.example?x", Some("https://forms.example")),
            ("/v1/submissions", None),
        ] {
            assert_eq!(origin(address), found);
        }
    }
}
