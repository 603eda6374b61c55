//! Values that are taken and values that are not, by kind of field.

use super::*;

#[test]
fn email_addresses() {
    for good in [
        "ada@example.org",
        "a.b+c@sub.example.co",
        "élodie@exemple.fr",
        "ada@xn--bcher-kva.example",
        "-ada-@example.org",
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
        "a..b@example.org",
        "ada@example.123",
        "ada@192.0.2.1",
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
        "01\u{202f}99\u{a0}00\u{2011}12–34",
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
        "-123456",
        "",
    ] {
        assert!(!is_phone(bad), "{bad}");
    }
}

#[test]
fn web_addresses_and_postal_codes() {
    for good in [
        "https://example.org",
        "http://example.org/a?b#c",
        "https://example.org:8080",
    ] {
        assert!(is_url(good), "{good}");
    }
    for bad in [
        "example.org",
        "javascript:alert(1)",
        "https://localhost",
        "https:example.org",
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

fn field(kind: FieldKind) -> Field {
    Field {
        id: "only".to_owned(),
        kind,
        required: true,
        purposes: Vec::new(),
        when: None,
        options: Vec::new(),
        max_length: None,
    }
}

#[test]
fn what_nobody_sees_does_not_count() {
    let check = |kind, typed: &str, expected: &str| assert_eq!(field(kind).bare(typed), expected, "{typed:?}");
    check(FieldKind::Name, "  Ada\tLovelace\u{7}\u{0} ", "Ada Lovelace");
    check(FieldKind::LongText, " One\r\nTwo\tThree\u{b} ", "One\nTwo\tThree");
    check(FieldKind::Text, "a\r\nb", "a b");
    check(
        FieldKind::Phone,
        "\u{202a}+33 1 99\u{200e} 00 12 34\u{202c}",
        "+33 1 99 00 12 34",
    );
    check(FieldKind::Email, "\u{200f}ada@example.org\u{200b}", "ada@example.org");
    // A name keeps the marks that make it read as it should.
    check(FieldKind::Name, "שמש\u{200f}!", "שמש\u{200f}!");
    for nothing in ["", " ", "\u{a0}", "\u{0}", "\t"] {
        assert_eq!(
            flaw(&field(FieldKind::Name), &field(FieldKind::Name).bare(nothing)),
            Some(Flaw::Missing)
        );
    }
}

#[test]
fn lengths_are_counted_as_browsers_count() {
    let mut short = field(FieldKind::Text);
    short.max_length = Some(20);
    assert_eq!(flaw(&short, &"😀".repeat(10)), None);
    assert_eq!(flaw(&short, &"😀".repeat(11)), Some(Flaw::TooLong(20)));
    assert_eq!(flaw(&short, &"é".repeat(20)), None);
}

#[test]
fn a_list_takes_its_own_answers_alone() {
    let option = |value: &str, refusal: Option<&str>| FieldOption {
        value: value.to_owned(),
        label: value.to_owned(),
        refusal: refusal.map(str::to_owned),
    };
    for kind in [FieldKind::Select, FieldKind::Radio, FieldKind::Country] {
        let mut list = field(kind);
        list.options = vec![option("FR", None), option("under", Some("Not yet."))];
        let found: Vec<_> = ["FR", "France", "under", ""]
            .iter()
            .map(|value| flaw(&list, value))
            .collect();
        let (bad, child, none) = (Some(Flaw::Malformed), Some(Flaw::Refused), Some(Flaw::Missing));
        assert_eq!(found, [None, bad, child, none], "{kind:?}");
    }
}
