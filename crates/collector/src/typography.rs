//! French spacing where words are displayed: no line begins with `:` or `»`. Other languages set these marks without
//! spaces, or `»so«`: where they look like that, they are left alone.
//! Refuses to touch what is recorded: records, `shown` and compiled forms keep the published spaces.

/// The same words with a no-break space before `:` `;` `?` `!` `»` and after `«`.
pub fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    let (mut previous, mut opened) = (' ', false);
    while let Some(character) = characters.next() {
        let mut ahead = characters.clone();
        let before_mark = match ahead.next() {
            Some(':' | ';' | '?' | '!') => true,
            // A closing mark, for no word begins behind it.
            Some('»') => !ahead.next().is_some_and(char::is_alphanumeric),
            _ => false,
        };
        let kept_together = character == ' ' && (before_mark || opened);
        spaced.push(if kept_together { '\u{a0}' } else { character });
        opened = character == '«' && !previous.is_alphanumeric();
        previous = character;
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
        check("Du kan »gøre« det, »her«.", "Du kan »gøre« det, »her«.");
        check("Mit »Weiter« bestätigen", "Mit »Weiter« bestätigen");
        check("", "");
        check(" ", " ");
    }
}
