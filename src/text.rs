//! Small things with texts. The standard library searches faster and formats more, and a visitor would download that: 2 kB of
//! the module. Pure; marks are ASCII, so that no character is cut.

/// What stands before and after the first mark.
#[inline(never)]
pub fn cut(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands after the last mark; the whole text where there is none.
pub fn last(text: &str, mark: u8) -> &str {
    let mut rest = text;
    while let Some((_, after)) = cut(rest, mark) {
        rest = after;
    }
    rest
}

/// Whether one of these bytes is there.
#[inline(never)]
#[expect(clippy::manual_contains, reason = "the searching of std is what this saves")]
pub fn has(bytes: &[u8], byte: u8) -> bool {
    bytes.iter().any(|candidate| *candidate == byte)
}

/// A number in decimal digits.
#[inline(never)]
pub fn digits(number: u32) -> String {
    let mut digits = String::new();
    if number > 9 {
        digits = self::digits(number / 10);
    }
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_marks() {
        assert_eq!(cut("a.b.c", b'.'), Some(("a", "b.c")));
        assert_eq!(cut("é@ü", b'@'), Some(("é", "ü")));
        assert_eq!(cut("abc", b'.'), None);
        for (text, expected) in [("/a/b", "b"), ("b", "b"), ("a/", ""), ("", "")] {
            assert_eq!(last(text, b'/'), expected, "{text}");
        }
        assert!(has(b"+(", b'(') && !has(b"+(", b')'));
        for number in [0, 9, 10, 254, 5_000, u32::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }
}
