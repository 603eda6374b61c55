//! `--lang` of what operators read: English, unless the line or `CANDOR_LANG` says French. One rule for all commands.
//! Refuses other languages: what only operators read has no others. What people read is in the languages of their form.

use clap::ValueEnum;

/// The languages of operators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// English
    #[default]
    En,
    /// French
    Fr,
}

impl Tongue {
    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

impl From<Tongue> for candor_lint::Tongue {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::En => Self::English,
            Tongue::Fr => Self::French,
        }
    }
}
