//! The rules of a field: what the browser is told about it, and what is wrong with a value.
//!
//! The rules are lenient where the world is (names, phone numbers), and each message says what to do. The collector
//! checks again; nothing here is a defence.

use crate::compiled::{CompiledForm, Field, FieldKind};
use crate::text::{cut, digits, has, last};

/// A submission stays under 48 KiB, the room that `keepalive` has; a long text is the only thing that could fill it.
const LONG_TEXT_MAX: u32 = 5_000;
const TEXT_MAX: u32 = 300;
/// RFC 5321 §4.5.3.1.3 leaves 254 characters for an address.
const EMAIL_MAX: u32 = 254;

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
    pub input_type: &'static str,
    pub autocomplete: &'static str,
    pub input_mode: &'static str,
    /// Addresses and numbers are not prose: no capital at the start, no red underline.
    pub prose: bool,
}

impl FieldKind {
    pub fn traits(self) -> Traits {
        let text = Traits {
            input_type: "text",
            autocomplete: "off",
            input_mode: "text",
            prose: true,
        };
        match self {
            Self::Email => Traits {
                input_type: "email",
                autocomplete: "email",
                input_mode: "email",
                prose: false,
            },
            Self::Phone => Traits {
                input_type: "tel",
                autocomplete: "tel",
                input_mode: "tel",
                prose: false,
            },
            Self::Url => Traits {
                input_type: "url",
                autocomplete: "url",
                input_mode: "url",
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
                autocomplete: "country-name",
                ..text
            },
            Self::PostalCode => Traits {
                autocomplete: "postal-code",
                prose: false,
                ..text
            },
            Self::Hidden => Traits {
                input_type: "hidden",
                ..text
            },
            Self::Text | Self::LongText | Self::Select | Self::Radio => text,
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
}

/// What is wrong with this value, in the words of the form; `None` where nothing is.
pub fn problem(form: &CompiledForm, field: &Field, value: &str) -> Option<String> {
    let value = value.trim();
    let label = form.label(field);
    if value.is_empty() {
        let key = match field.kind {
            FieldKind::Email => "error_email_missing",
            FieldKind::Phone => "error_phone_missing",
            FieldKind::Select | FieldKind::Radio => "error_option",
            _ => "error_required",
        };
        return field.required.then(|| form.messages.fill(key, &[("label", label)]));
    }
    let longest = field.longest();
    if value.encode_utf16().count() > longest as usize {
        return Some(
            form.messages
                .fill("error_too_long", &[("label", label), ("max", &digits(longest))]),
        );
    }
    let key = match field.kind {
        FieldKind::Email if !is_email(value) => "error_email",
        FieldKind::Phone if !is_phone(value) => "error_phone",
        FieldKind::Url if !is_url(value) => "error_url",
        FieldKind::Country if value.bytes().any(|byte| byte.is_ascii_digit()) => "error_country",
        FieldKind::PostalCode if !is_postal_code(value) => "error_postal_code",
        FieldKind::Select | FieldKind::Radio if !field.options.iter().any(|option| option.value == value) => {
            "error_option"
        }
        _ => {
            let chosen = field.options.iter().find(|option| option.value == value);
            return chosen.and_then(|option| option.refusal.clone());
        }
    };
    Some(form.messages.fill(key, &[("label", label)]))
}

/// What to say of a value that the collector did not take.
pub fn unacceptable(form: &CompiledForm, field: &Field) -> String {
    let key = match field.kind {
        FieldKind::Email => "error_email",
        FieldKind::Phone => "error_phone",
        FieldKind::Url => "error_url",
        FieldKind::Country => "error_country",
        FieldKind::PostalCode => "error_postal_code",
        FieldKind::Select | FieldKind::Radio => "error_option",
        _ => "error_required",
    };
    form.messages.fill(key, &[("label", form.label(field))])
}

/// One `@`, something before it, and a domain of two labels or more: what a mail server could accept.
fn is_email(value: &str) -> bool {
    let Some((local, domain)) = cut(value, b'@') else {
        return false;
    };
    let label_is_good = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && value
            .bytes()
            .all(|byte| byte > b' ' && !has(b"<>(),;:\"\\[]\x7f", byte))
        && cut(domain, b'@').is_none()
        && cut(domain, b'.').is_some()
        && all_parts(domain, b'.', label_is_good)
        && last(domain, b'.').len() >= 2
}

/// E.164 has 15 digits at most; no plan in use has fewer than 6. How they are grouped is the visitor's habit.
fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    // Outside ASCII only the narrow spaces and hyphens of French typography are expected, and no letter looks so.
    let grouped = value
        .bytes()
        .skip(1)
        .all(|byte| byte.is_ascii_digit() || has(b" .-/()\xc2\xa0\xe2\x80\xaf\x91", byte));
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

fn all_parts(text: &str, mark: u8, is_good: impl Fn(&str) -> bool) -> bool {
    let mut rest = text;
    while let Some((part, after)) = cut(rest, mark) {
        if !is_good(part) {
            return false;
        }
        rest = after;
    }
    is_good(rest)
}

fn is_postal_code(value: &str) -> bool {
    value.len() <= 12
        && value
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        for good in [
            "ada@example.org",
            "a.b+c@sub.example.co",
            "élodie@exemple.fr",
            "ada@xn--bcher-kva.example",
            "a@пример.рф",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "ada@@example.org",
            "a b@example.org",
            "ada@.org",
            "ada@example.",
            "ada@exa..org",
            "ada@example.c",
            ".a@example.org",
            "<a@example.org>",
            "a@example.org, b@example.org",
            "ada@-example.org",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn phone_numbers() {
        for good in [
            "+33 1 99 00 12 34",
            "01.99.00.12.34",
            "(020) 7946-0018",
            "0199001234",
            "01 99 00 12 34",
        ] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "12345",
            "call me",
            "01 99 00 12 34 ext 5",
            "1+2345678",
            "1234567890123456",
            "++331990012",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn web_addresses_and_postal_codes() {
        for good in ["https://example.org", "http://example.org/a?b#c"] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "example.org",
            "javascript:alert(1)",
            "https://localhost",
            "https://",
            "https://a .org",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
        for good in ["75001", "SW1A 1AA", "1234-567"] {
            assert!(is_postal_code(good), "{good}");
        }
        for bad in ["75001!", "much too long a code"] {
            assert!(!is_postal_code(bad), "{bad}");
        }
    }
}
