//! The rules of a field: what the browser is told about it, and what is wrong with a value.
//!
//! The rules are lenient where the world is (names, phone numbers), and each message says what to do. The collector
//! asks the same functions again (`ingest/fields.rs`): here they are a courtesy, there a defence.

use crate::compiled::{CompiledForm, Field, FieldKind, FieldOption};
use crate::text::{cut, digits, has, last};

/// A submission stays under 48 KiB, the room that `keepalive` has; a long text is the only thing that could fill it.
const LONG_TEXT_MAX: u32 = 5_000;
const TEXT_MAX: u32 = 300;
/// RFC 5321 §4.5.3.1.3 leaves 254 characters for an address.
const EMAIL_MAX: u32 = 254;

/// Why a value does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    Malformed,
    /// Longer than so many UTF-16 units.
    TooLong(u32),
    /// An answer with which nothing may be recorded: a child. It brings its own words.
    Refused,
}

impl Flaw {
    /// The key of the words for it, where the answer has none of its own.
    pub fn key(self, kind: FieldKind) -> &'static str {
        match (self, kind) {
            (Self::TooLong(_), _) => "error_too_long",
            (_, FieldKind::Country) => "error_country",
            (_, FieldKind::Select | FieldKind::Radio) => "error_option",
            (Self::Missing, FieldKind::Email) => "error_email_missing",
            (Self::Missing, FieldKind::Phone) => "error_phone_missing",
            (Self::Malformed, FieldKind::Email) => "error_email",
            (Self::Malformed, FieldKind::Phone) => "error_phone",
            (Self::Malformed, FieldKind::Url) => "error_url",
            (Self::Malformed, FieldKind::PostalCode) => "error_postal_code",
            _ => "error_required",
        }
    }
}

/// One field with what is wrong with it, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Index in `CompiledForm::fields`.
    pub field: usize,
    pub message: String,
}

/// What the browser is told, so that it offers the right keyboard and the right suggestions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// Of the control, and of the keyboard for it.
    pub input_type: &'static str,
    pub autocomplete: &'static str,
    /// Addresses and numbers are not prose: no capital at the start, no red underline.
    pub prose: bool,
}

impl FieldKind {
    pub fn traits(self) -> Traits {
        let text = Traits {
            input_type: "text",
            autocomplete: "off",
            prose: true,
        };
        match self {
            Self::Email => Traits {
                input_type: "email",
                autocomplete: "email",
                prose: false,
            },
            Self::Phone => Traits {
                input_type: "tel",
                autocomplete: "tel",
                prose: false,
            },
            Self::Url => Traits {
                input_type: "url",
                autocomplete: "url",
                prose: false,
            },
            Self::Name => Traits {
                autocomplete: "name",
                ..text
            },
            Self::GivenName => Traits {
                autocomplete: "given-name",
                ..text
            },
            Self::FamilyName => Traits {
                autocomplete: "family-name",
                ..text
            },
            Self::Organization => Traits {
                autocomplete: "organization",
                ..text
            },
            Self::JobTitle => Traits {
                autocomplete: "organization-title",
                ..text
            },
            Self::Country => Traits {
                autocomplete: "country",
                ..text
            },
            Self::PostalCode => Traits {
                autocomplete: "postal-code",
                prose: false,
                ..text
            },
            Self::Text | Self::LongText | Self::Select | Self::Radio | Self::Hidden => text,
        }
    }
}

impl Field {
    /// The most UTF-16 units that the field takes, as the attribute `maxlength` counts them.
    pub fn longest(&self) -> u32 {
        self.max_length.unwrap_or(match self.kind {
            FieldKind::Email => EMAIL_MAX,
            FieldKind::LongText => LONG_TEXT_MAX,
            _ => TEXT_MAX,
        })
    }

    /// What was typed, without what nobody sees: spaces around it, control characters that came along from a table or a
    /// terminal, and in addresses and numbers the marks of direction and width that were copied with them. The lines of
    /// a long text stay.
    pub fn bare(&self, typed: &str) -> String {
        let (has_lines, is_prose) = (self.kind == FieldKind::LongText, self.kind.traits().prose);
        let mut bare = String::new();
        for letter in typed.chars() {
            let is_mark = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            if letter == '\r' || is_mark && !is_prose {
                continue;
            }
            let stays = !letter.is_control() || has_lines && matches!(letter, '\n' | '\t');
            bare.push(if stays { letter } else { ' ' });
        }
        bare.trim().to_owned()
    }
}

/// What is wrong with what was typed, in the words of the form; `None` where nothing is.
pub fn problem(form: &CompiledForm, field: &Field, typed: &str) -> Option<String> {
    let value = field.bare(typed);
    let flaw = flaw(field, &value)?;
    if flaw == Flaw::Refused {
        return chosen(field, &value)?.refusal.clone();
    }
    Some(words(form, field, flaw))
}

/// The words for a flaw.
pub fn words(form: &CompiledForm, field: &Field, flaw: Flaw) -> String {
    let mut max = String::new();
    if let Flaw::TooLong(longest) = flaw {
        max = digits(longest);
    }
    let values = [("label", form.label(field)), ("max", &max)];
    form.messages.fill(flaw.key(field.kind), &values)
}

/// What is wrong with a value. The collector judges by the same rules, so that no form can promise what it refuses.
pub fn flaw(field: &Field, value: &str) -> Option<Flaw> {
    if value.is_empty() {
        return field.required.then_some(Flaw::Missing);
    }
    let longest = field.longest();
    if value.encode_utf16().count() > longest as usize {
        return Some(Flaw::TooLong(longest));
    }
    let chosen = chosen(field, value);
    let is_good = match field.kind {
        FieldKind::Email => is_email(value),
        FieldKind::Phone => is_phone(value),
        FieldKind::Url => is_url(value),
        FieldKind::PostalCode => is_postal_code(value),
        _ => field.options.is_empty() || chosen.is_some(),
    };
    if !is_good {
        return Some(Flaw::Malformed);
    }
    chosen?.refusal.as_ref().map(|_| Flaw::Refused)
}

#[inline(never)]
fn chosen<'a>(field: &'a Field, value: &str) -> Option<&'a FieldOption> {
    field.options.iter().find(|option| option.value == value)
}

/// One `@`, a name of dotted parts, and a domain of two labels or more: what a mail server could accept. Which letters a
/// name may have is for the collector to say, which has the tables.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = cut(value, b'@') else {
        return false;
    };
    let top = last(domain, b'.');
    local.len() < 65
        && cut(domain, b'@').is_none()
        && value
            .bytes()
            .all(|byte| byte > b' ' && !has(b"<>(),;:\"\\[]\x7f", byte))
        && are_parts(local, false)
        && are_parts(domain, true)
        && (2..domain.len()).contains(&top.len())
        && top.bytes().any(|byte| !byte.is_ascii_digit())
}

/// Parts between dots, none of them empty; those of a domain are short, and clean at their ends.
#[inline(never)]
fn are_parts(text: &str, is_domain: bool) -> bool {
    let mut rest = text;
    loop {
        let (part, after) = cut(rest, b'.').unwrap_or((rest, ""));
        if part.is_empty() || is_domain && (part.len() > 63 || part.starts_with('-') || part.ends_with('-')) {
            return false;
        }
        if part.len() == rest.len() {
            return true;
        }
        rest = after;
    }
}

/// E.164 has 15 digits at most; no plan in use has fewer than 6. How they are grouped is the visitor's habit.
fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    // Outside ASCII only the narrow spaces, hyphens and dashes of typography are expected, and no letter looks so.
    let grouped = value
        .bytes()
        .skip(1)
        .all(|byte| byte.is_ascii_digit() || has(b" .-/()\xc2\xa0\xe2\x80\xaf\x90\x91\x93", byte));
    let first = value
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit() || has(b"+(", byte));
    (6..=15).contains(&digits) && grouped && first
}

fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.get(..rest.bytes().position(|byte| has(b"/?#", byte)).unwrap_or(rest.len())));
    host.is_some_and(|host| has(host.as_bytes(), b'.') && !host.starts_with('.') && !host.ends_with('.'))
        && value.bytes().all(|byte| byte > b' ')
}

fn is_postal_code(value: &str) -> bool {
    value.len() <= 12
        && value
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'))
}

#[cfg(test)]
mod tests;
