//! How wide words are, about, and where lines break: SVG neither wraps nor measures. Widths are those of a wide sans serif,
//! so that another font leaves room instead of running over.
//! Refuses to hide what it cuts: whoever draws it keeps the whole in the node's title, and the table has it all.

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(em).sum();
    ems * size * if bold { 1.1 } else { 1.0 }
}

fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '-' | '‑' | '/' | ' ' | '\u{a0}' | '·' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.98,
        wide if wide >= '\u{1100}' => 1.05,
        upper if upper.is_uppercase() => 0.72,
        _ => 0.62,
    }
}

/// Without control characters: XML 1.0 has no way to write most of them.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// At most that many lines of at most that width; the last one ends with an ellipsis where something is left.
pub(super) fn lines(text: &str, size: f64, bold: bool, room: f64, most: usize) -> Vec<String> {
    let fits = |line: &str| width(line, size, bold) <= room;
    let mut lines: Vec<String> = Vec::new();
    let mut words = pieces(text, &fits).into_iter().peekable();
    while let Some(word) = words.next() {
        let mut line = word;
        while let Some(next) = words.next_if(|next| fits(&format!("{line} {next}"))) {
            line = format!("{line} {next}");
        }
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}…")) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    lines
}

/// Words, and parts of words that are wider than a line, with a hyphen between letters.
fn pieces(text: &str, fits: &impl Fn(&str) -> bool) -> Vec<String> {
    let mut pieces = Vec::new();
    for word in text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
        let mut piece = String::new();
        for letter in plain(word).chars() {
            if !piece.is_empty() && !fits(&format!("{piece}{letter}")) {
                // A colon stays with its word.
                let goes_on = letter.is_lowercase() || holds(letter) || piece.ends_with(holds);
                let rest = if goes_on {
                    carried(&mut piece, letter, fits)
                } else {
                    String::new()
                };
                pieces.push(std::mem::replace(&mut piece, rest));
            }
            piece.push(letter);
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

fn holds(letter: char) -> bool {
    matches!(letter, '\u{a0}' | '\u{202f}')
}

/// Puts a hyphen behind lower case letters, and takes off as many as it needs the room of: they begin the next line.
fn carried(piece: &mut String, next: char, fits: &impl Fn(&str) -> bool) -> String {
    let whole = piece.clone();
    piece.truncate(piece.trim_end_matches(holds).len());
    if piece.len() < whole.len() || holds(next) {
        piece.pop();
    }
    while piece.ends_with(char::is_lowercase) {
        if fits(&format!("{piece}-")) {
            let rest = whole[piece.len()..].to_owned();
            piece.push('-');
            return rest;
        }
        piece.pop();
    }
    *piece = whole;
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_the_room_ends() {
        let check = |text: &str, room: f64, most: usize, expected: &[&str]| {
            assert_eq!(lines(text, 10.0, false, room, most), expected, "{text:?}");
        };
        check("", 100.0, 2, &[]);
        check("short", 100.0, 2, &["short"]);
        check("two words", 40.0, 2, &["two", "words"]);
        check("three small words", 60.0, 1, &["three…"]);
        check("unbreakableword", 60.0, 3, &["unbreakab-", "leword"]);
        check("X9X9X9X9X9X9", 60.0, 3, &["X9X9X9X9", "X9X9"]);
        check("unbreakab\u{a0}: x", 60.0, 3, &["unbreaka-", "b\u{a0}: x"]);
        check("il", 5.0, 3, &["i", "l"]);
        check("a\u{7}b\u{0}c", 60.0, 1, &["abc"]);
        for text in ["a", "Ww", "Prospection directe, par téléphone", "漢字漢字漢字漢字"] {
            for line in lines(text, 14.0, true, 90.0, 9) {
                assert!(width(&line, 14.0, true) <= 90.0, "{line}");
            }
        }
    }
}
