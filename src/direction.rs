//! How the lines of a language run. The form says it of itself, so that it reads well on a page that runs the other way.
//!
//! By the script that a language is usually written in, or by the script that its tag names. The catalogs have no
//! language that runs from right to left; a compiled form may come from elsewhere.

use crate::text::cut;

/// The value of `dir` for a language tag.
pub fn of(language: &str) -> &'static str {
    let (primary, rest) = cut(language, b'-').unwrap_or((language, ""));
    let script = cut(rest, b'-').map_or(rest, |(script, _)| script);
    let is_right_to_left = match script.len() {
        4 => matches!(script, "Arab" | "Hebr" | "Thaa" | "Syrc"),
        _ => matches!(primary, "ar" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi"),
    };
    if is_right_to_left { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn scripts_say_how_lines_run() {
        for (language, direction) in [
            ("fr", "ltr"),
            ("el", "ltr"),
            ("ar", "rtl"),
            ("he-IL", "rtl"),
            ("ar-XB", "rtl"),
            ("az-Arab", "rtl"),
            ("ar-Latn", "ltr"),
            ("", "ltr"),
        ] {
            assert_eq!(of(language), direction, "{language}");
        }
    }
}
