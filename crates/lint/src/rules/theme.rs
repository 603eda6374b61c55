//! Whether a theme can be read: contrast under WCAG 2.2, and the size of letters.
//!
//! Colours that a theme does not set are those of the widget. A value that nobody can compute here is let.

use candor_definition::Theme;
use csscolorparser::Color;

use crate::findings::Findings;
use crate::rules::Check;
use crate::subject::Subject;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-THEME-CONTRAST", text_contrast),
    ("C-EU-THEME-DARK", dark_contrast),
    ("C-EU-THEME-CONTROLS", control_contrast),
    ("C-EU-THEME-FONT-SIZE", small_letters),
];

/// The widget's own colours in light and in dark looks, as in `src/view/first.css`.
const DEFAULTS: [(&str, &str, &str); 10] = [
    ("accent", "#17593c", "#7fd1a6"),
    ("accent-ink", "#fff", "#0c1a13"),
    ("card", "#fff", "#1a201d"),
    ("error", "#a01d16", "#ff9d92"),
    ("error-tint", "#fbeeec", "#33201e"),
    ("field", "#6d7771", "#75807a"),
    ("focus", "#c2570c", "#f5a25d"),
    ("ink", "#18201c", "#eef1ee"),
    ("muted", "#55605a", "#a9b3ad"),
    ("tint", "#eaf3ee", "#1f2b25"),
];

/// Letters and what they stand on (SC 1.4.3).
const TEXTS: [(&str, &str); 7] = [
    ("ink", "card"),
    ("muted", "card"),
    ("error", "card"),
    ("accent", "card"),
    ("accent-ink", "accent"),
    ("ink", "tint"),
    ("error", "error-tint"),
];

/// The edges of fields and the ring of the focus (SC 1.4.11); `line` only decorates.
const CONTROLS: [(&str, &str); 2] = [("field", "card"), ("focus", "card")];

const TEXT_RATIO: f64 = 4.5;
const CONTROL_RATIO: f64 = 3.0;

/// The looks for a preference of the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    /// The keyword of CSS `color-scheme`.
    fn keyword(self) -> &'static str {
        match self {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }
}

fn text_contrast(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(theme) = subject.definition.theme() else {
        return;
    };
    tell(subject, theme, Scheme::Light, &TEXTS, TEXT_RATIO, |_, _| true, findings);
    let both = |front: bool, back: bool| front && back;
    tell(subject, theme, Scheme::Dark, &TEXTS, TEXT_RATIO, both, findings);
}

/// One colour for both looks, which the widget's other colour only fits in one.
fn dark_contrast(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(theme) = subject.definition.theme() else {
        return;
    };
    let one = |front: bool, back: bool| front != back;
    tell(subject, theme, Scheme::Dark, &TEXTS, TEXT_RATIO, one, findings);
}

fn control_contrast(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(theme) = subject.definition.theme() else {
        return;
    };
    for scheme in [Scheme::Light, Scheme::Dark] {
        tell(subject, theme, scheme, &CONTROLS, CONTROL_RATIO, |_, _| true, findings);
    }
}

/// Pairs of which the theme sets at least one colour, and which do not reach the ratio.
fn tell(
    subject: &Subject<'_>,
    theme: &Theme,
    scheme: Scheme,
    pairs: &[(&str, &str)],
    least: f64,
    concerns: impl Fn(bool, bool) -> bool,
    findings: &mut Findings,
) {
    for (front, back) in pairs {
        let is_set = |token: &str| value(theme, token).is_some();
        let (sets_front, sets_back) = (is_set(front), is_set(back));
        if !(sets_front || sets_back) || !concerns(sets_front, sets_back) {
            continue;
        }
        let Some(ratio) = colour(theme, front, scheme)
            .zip(colour(theme, back, scheme))
            .and_then(|(front, back)| contrast(&front, &back))
        else {
            continue;
        };
        if ratio < least {
            let ratio = format!("{:.2}", (ratio * 100.0).floor() / 100.0);
            let least = least.to_string();
            let found = [
                ("front", *front),
                ("back", *back),
                ("ratio", ratio.as_str()),
                ("least", least.as_str()),
                ("scheme", scheme.keyword()),
            ];
            findings.tell(pointer(subject, if sets_front { front } else { back }), found);
        }
    }
}

/// Where a token stands, in either of its two spellings.
fn pointer(subject: &Subject<'_>, token: &str) -> String {
    let long = format!("--candor-{token}");
    let theme = subject.definition.json().get("theme");
    let is_long = theme.is_some_and(|theme| theme.get(&long).is_some());
    format!("/theme/{}", if is_long { &long } else { token })
}

fn value<'t>(theme: &'t Theme, token: &str) -> Option<&'t str> {
    theme
        .tokens()
        .find_map(|(name, value)| (name == token).then_some(value))
}

/// The colour of a token in one of the looks.
fn colour(theme: &Theme, token: &str, scheme: Scheme) -> Option<Color> {
    let Some(value) = value(theme, token) else {
        let (_, light, dark) = DEFAULTS.into_iter().find(|(name, _, _)| *name == token)?;
        return read(if scheme == Scheme::Light { light } else { dark });
    };
    let inner = value
        .strip_prefix("light-dark(")
        .and_then(|value| value.strip_suffix(')'));
    match inner {
        None => read(value),
        Some(inner) => {
            let (light, dark) = halves(inner)?;
            read(if scheme == Scheme::Light { light } else { dark })
        }
    }
}

/// The two values around the comma that stands in no brackets.
fn halves(inner: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let comma = inner.char_indices().find_map(|(at, character)| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    })?;
    Some((inner[..comma].trim(), inner[comma + 1..].trim()))
}

/// The names of CSS Level 2, which are those that people write (the whole list would bring two more dependencies).
const NAMES: [(&str, &str); 20] = [
    ("aqua", "#0ff"),
    ("black", "#000"),
    ("blue", "#00f"),
    ("cyan", "#0ff"),
    ("fuchsia", "#f0f"),
    ("gray", "#808080"),
    ("green", "#008000"),
    ("grey", "#808080"),
    ("lime", "#0f0"),
    ("magenta", "#f0f"),
    ("maroon", "#800000"),
    ("navy", "#000080"),
    ("olive", "#808000"),
    ("orange", "#ffa500"),
    ("purple", "#800080"),
    ("red", "#f00"),
    ("silver", "#c0c0c0"),
    ("teal", "#008080"),
    ("white", "#fff"),
    ("yellow", "#ff0"),
];

/// A colour that a browser would read too: the parser takes hexadecimal digits without `#`, which is no CSS.
fn read(value: &str) -> Option<Color> {
    let lower = value.to_ascii_lowercase();
    let named = NAMES.into_iter().find(|(name, _)| *name == lower);
    let value = named.map_or(lower.as_str(), |(_, value)| value);
    if !value.starts_with('#') && !value.contains('(') {
        return None;
    }
    csscolorparser::parse(value).ok()
}

/// The contrast ratio of WCAG 2.2; none on a ground that lets something through.
fn contrast(front: &Color, back: &Color) -> Option<f64> {
    let [_, _, _, alpha] = back.to_array();
    if alpha < 1.0 {
        return None;
    }
    let [one, other] = [luminance(front, back), luminance(back, back)];
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// Relative luminance of a colour laid on another (WCAG 2.2, definition of relative luminance).
fn luminance(front: &Color, back: &Color) -> f64 {
    let ([red, green, blue, alpha], below) = (front.clamp().to_array(), back.clamp().to_array());
    let mixed = [(red, below[0]), (green, below[1]), (blue, below[2])].map(|(front, back)| {
        let channel = f64::from(front) * f64::from(alpha) + f64::from(back) * (1.0 - f64::from(alpha));
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * mixed[0] + 0.7152 * mixed[1] + 0.0722 * mixed[2]
}

/// Fewest CSS pixels at which most people read a form without zoom.
const LEAST_PIXELS: f64 = 14.0;

fn small_letters(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(theme) = subject.definition.theme() else {
        return;
    };
    let Some(size) = value(theme, "font-size") else { return };
    if pixels(size).is_some_and(|pixels| pixels < LEAST_PIXELS) {
        findings.tell(pointer(subject, "font-size"), [("size", size)]);
    }
}

/// A length in CSS pixels, where it depends on nothing but the size that browsers begin with.
fn pixels(size: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 4] = [("px", 1.0), ("rem", 16.0), ("em", 16.0), ("pt", 4.0 / 3.0)];
    let (number, factor) = UNITS
        .into_iter()
        .find_map(|(unit, factor)| Some((size.strip_suffix(unit)?, factor)))?;
    Some(number.trim().parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULTS, contrast, halves, pixels, read};

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let ratio = |front, back| contrast(&read(front).expect(front), &read(back).expect(back));
        for (front, back, expected) in [
            ("#000", "#fff", "21.00"),
            ("#fff", "#fff", "1.00"),
            ("#767676", "#fff", "4.54"),
            ("#777777", "white", "4.47"),
            ("rgb(0 0 0 / 50%)", "#fff", "3.97"),
            ("oklch(0% 0 0)", "#fff", "21.00"),
        ] {
            assert_eq!(
                ratio(front, back)
                    .map(|ratio| (ratio * 100.0).floor() / 100.0)
                    .map(|ratio| format!("{ratio:.2}"))
                    .as_deref(),
                Some(expected),
                "{front} on {back}"
            );
        }
        assert_eq!(ratio("#000", "#fff8"), None);
        for value in ["fff", "calc(1px)", "color-mix(in srgb, red, blue)", "nothing"] {
            assert!(read(value).is_none(), "{value}");
        }
    }

    #[test]
    fn values_are_read() {
        assert_eq!(halves("rgb(1, 2, 3), #fff"), Some(("rgb(1, 2, 3)", "#fff")));
        assert_eq!(halves("#fff"), None);
        for (size, expected) in [
            ("12px", Some(12.0)),
            ("0.75rem", Some(12.0)),
            ("clamp(1px, 2px, 3px)", None),
            ("80%", None),
        ] {
            assert_eq!(pixels(size), expected, "{size}");
        }
    }

    /// What is written here is what the widget shows.
    #[test]
    fn defaults_are_those_of_the_widget() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/view/first.css");
        let style = std::fs::read_to_string(path).expect("the style of the widget");
        for (token, light, dark) in DEFAULTS {
            let line = format!("var(--candor-theme-{token}, light-dark({light}, {dark}))");
            assert!(style.contains(&line), "{line}");
        }
    }
}
