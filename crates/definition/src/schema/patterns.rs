//! Regular expressions of values: ECMA 262 with flag `u`, which Rust's regular expressions read alike.
//!
//! Each accepts at least what the reader accepts. What no expression should say (an IPv6 address, bytes instead of
//! characters, the thirty days of a month) is left to the reader.

use crate::theme::FUNCTIONS;

/// `candor_record::id::FormId`.
pub(super) const FORM_ID: &str = "^[a-z0-9-]{1,64}$";
/// `candor_record::id::FieldId`.
pub(super) const FIELD_ID: &str = "^(?!id$)[a-z][a-z0-9_]{0,31}$";
/// Party and purpose ids.
pub(super) const NAME: &str = "^[A-Za-z0-9_-]{1,64}$";
/// Something that a reader would see.
pub(super) const NOT_BLANK: &str =
    r"[^\p{White_Space}\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFE00-\uFE0F]";
/// What a browser could read as a tag, a comment or a character reference.
pub(super) const MARKUP: &str = "<[\\p{Alphabetic}/!?]|&#(?:[0-9]|[xX][0-9A-Fa-f])|&[A-Za-z][A-Za-z0-9]+;|\
    &(?:[aA][mM][pP]|[lL][tT]|[gG][tT]|[qQ][uU][oO][tT]|[nN][bB][sS][pP]|[cC][oO][pP][yY]|[rR][eE][gG])(?![A-Za-z0-9])";
/// Control characters but tabulator and line ends.
pub(super) const CONTROL: &str = r"[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]";
/// RFC 5646 §2.1 as far as `crate::language` reads it, without the primary language.
pub(super) const SUBTAGS: &str = "(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?\
    (?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\
    (?:-x(?:-[A-Za-z0-9]{1,8})+|-[A-Za-z0-9](?:-[A-Za-z0-9]{1,8})*-[A-Za-z0-9]{2,8})?";
/// An ISO 8601 duration greater than zero: whole numbers of at most six digits, each unit once and in its order.
pub(super) const PERIOD: &str = "^(?=.*[1-9])P(?!$)(?:[0-9]{1,6}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,6}D)?\
    (?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?$";
/// RFC 3339 full-date.
pub(super) const DATE: &str = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$";
/// `candor_record::digest::Sha256Digest`.
pub(super) const DIGEST: &str = "^sha256-[A-Za-z0-9_-]{43}$";
/// 3 to 15 digits, with an optional plus and what people write between them.
pub(super) const PHONE: &str = r"^(?=(?:[^0-9]*[0-9]){3,15}[^0-9]*$)\+?[0-9 \u00A0\u202F()./-]+$";
/// A path below the folder of gated files.
pub(super) const ASSET: &str = r"^(?!\.{1,2}(?:/|$))[^/\p{Cc}\\:%?#]+(?:/(?!\.{1,2}(?:/|$))[^/\p{Cc}\\:%?#]+)*$";
/// The characters of a plain CSS value.
pub(super) const CSS_VALUE: &str = r#"^(?!.*/\*)[\p{Alphabetic}\p{N} #%.,()+*/_'"-]+$"#;

/// A character that a URL may hold.
const URL_CHARACTER: &str = "[^\\p{White_Space}\\p{Cc}\\\\<>\"`{}|^]";
/// One label of a host.
const LABEL: &str = r"[\p{Alphabetic}\p{N}](?:[\p{Alphabetic}\p{N}-]{0,61}[\p{Alphabetic}\p{N}])?";

/// A path of the same site; `//host` names another one.
pub(super) fn site_path() -> String {
    format!("^/(?!/){URL_CHARACTER}*$")
}

/// An https address, or a path of the same site.
pub(super) fn notice() -> String {
    either(&[&site_path(), &absolute("[hH][tT][tT][pP][sS]", &host())])
}

/// A web address, or a path of the same site.
pub(super) fn link() -> String {
    either(&[&site_path(), &absolute("[hH][tT][tT][pP][sS]?", &host())])
}

/// As [`notice`], or this computer while developing.
pub(super) fn endpoint() -> String {
    let local = absolute("[hH][tT][tT][pP]", r"(?:localhost|127\.0\.0\.1|\[::1\])");
    either(&[&site_path(), &absolute("[hH][tT][tT][pP][sS]", &host()), &local])
}

/// A mailbox of a person or a company.
pub(super) fn email() -> String {
    let atom = r"[\p{Alphabetic}\p{N}!#$%&'*+/=?^_`{|}~-]+";
    format!(r"^{atom}(?:\.{atom})*@{LABEL}(?:\.{LABEL})+$")
}

/// A CSS function that is not one of those that compute a value: not allowed anywhere.
pub(super) fn foreign_function() -> String {
    let any_case = |letter: char| match letter.is_ascii_alphabetic() {
        true => format!("[{letter}{}]", letter.to_ascii_uppercase()),
        false => letter.to_string(),
    };
    let names: Vec<String> = FUNCTIONS
        .iter()
        .map(|name| name.chars().map(any_case).collect())
        .collect();
    let word = r"[\p{Alphabetic}\p{N}_-]";
    format!(r"(?<!{word})(?!(?:{})\(){word}+\(", names.join("|"))
}

fn host() -> String {
    format!(r"(?:\[[0-9A-Fa-f:.]+\]|{LABEL}(?:\.{LABEL})*)")
}

fn absolute(scheme: &str, host: &str) -> String {
    format!("^{scheme}://{host}(?::[0-9]+)?(?:[/?#]{URL_CHARACTER}*)?$")
}

fn either(patterns: &[&str]) -> String {
    format!("(?:{})", patterns.join("|"))
}
