//! French spacing where words are displayed: no line begins with `:` or `»`.
//! Refuses to touch what is recorded: records, `shown` and compiled forms keep the published spaces.

/// The same words with a no-break space before `:` `;` `?` `!` `»` and after `«`.
pub fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let mut previous = None;
    while let Some(character) = characters.next() {
        let before_mark = matches!(characters.peek(), Some(':' | ';' | '?' | '!' | '»'));
        let kept_together = character == ' ' && (before_mark || previous == Some('«'));
        spaced.push(if kept_together { '\u{a0}' } else { character });
        previous = Some(character);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_with_their_words() {
        let check = |text: &str, expected: &str| assert_eq!(spaced(text), expected, "{text:?}");
        check("Prêt ? Oui !", "Prêt\u{a0}? Oui\u{a0}!");
        check("« Guide » : ici ; là", "«\u{a0}Guide\u{a0}»\u{a0}: ici\u{a0}; là");
        check("déjà\u{a0}: fait", "déjà\u{a0}: fait");
        check("https://a.example/?q=1: fine", "https://a.example/?q=1: fine");
        check("", "");
        check(" ", " ");
    }
}
