//! A sentence of ours around published words: those keep their own language inside it, as on the pages.
//! Refuses to mark words that are in the sentence's own language.

use std::fmt;

use crate::catalog::Words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    pub before: String,
    pub words: String,
    pub after: String,
    /// Of the words, where it is another one than the sentence's.
    pub language: Option<String>,
}

impl Quoted {
    /// A sentence that quotes nothing.
    pub fn plain(sentence: &str) -> Self {
        Self {
            before: sentence.to_owned(),
            words: String::new(),
            after: String::new(),
            language: None,
        }
    }

    /// Published words alone, in a letter in that language.
    pub fn alone(letter: Words, quoted: &str, language: &str) -> Self {
        Self::within(letter, "{}", "", quoted, language)
    }

    /// In the place of `{name}`.
    pub fn within(letter: Words, sentence: &str, name: &str, quoted: &str, language: &str) -> Self {
        let place = format!("{{{name}}}");
        let (before, after) = sentence.split_once(&place).unwrap_or((sentence, ""));
        let differs = language.split('-').next() != Some(letter.language());
        Self {
            before: before.to_owned(),
            words: quoted.to_owned(),
            after: after.to_owned(),
            language: differs.then(|| language.to_owned()),
        }
    }

    /// The same, with another sentence of ours behind it.
    pub fn followed_by(mut self, sentence: &str) -> Self {
        self.after.push(' ');
        self.after.push_str(sentence);
        self
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}{}", self.before, self.words, self.after)
    }
}
