//! Profiles: the figures of a country and an audience, as dated data (`profiles/*.json`), each with its source.
//!
//! A profile extends another and says only what differs. What a basis needs per channel is a list of dated entries:
//! the one in force on a day decides, and names the rule that a breach is told under.

use std::sync::LazyLock;

use candor_definition::Definition;
use candor_record::term::{Audience, Basis, Channel};
use jiff::civil::Date;
use serde::Deserialize;

use crate::rule::Words;

/// One profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Profile {
    /// Its name, for example `fr-b2c`.
    pub id: String,
    /// Its name for people.
    pub name: Words,
    /// The profile whose entries hold where this one has none.
    #[serde(default)]
    pub extends: Option<String>,
    /// ISO 3166-1 alpha-2 codes of the countries that it is for.
    #[serde(default)]
    pub jurisdictions: Vec<String>,
    /// The audiences that it is for; both where it names none.
    #[serde(default)]
    pub audiences: Vec<Audience>,
    /// Official languages of those countries.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Which bases a promotional message by a channel may have.
    #[serde(default)]
    pub channels: Vec<ChannelEntry>,
    /// Figures.
    #[serde(default)]
    pub figures: Vec<Figure>,
}

/// What promotion by one channel may rest on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChannelEntry {
    /// The channel.
    pub channel: Channel,
    /// The audiences; both where it names none.
    #[serde(default)]
    pub audiences: Vec<Audience>,
    /// The first day on which it holds.
    pub from: Date,
    /// The last day on which it holds.
    #[serde(default)]
    pub until: Option<Date>,
    /// The bases that the law admits.
    pub bases: Vec<Basis>,
    /// The rule that a breach is told under.
    pub rule: String,
}

/// A number of the law or of the authority.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Figure {
    /// What it is about.
    pub name: FigureName,
    /// The number or the ISO 8601 period.
    pub value: String,
    /// Article or decision.
    pub source: String,
    /// Where it can be read.
    pub link: String,
    /// Whether somebody compared it with the official text.
    pub verified: bool,
}

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FigureName {
    /// The longest that data of a prospect is kept without contact.
    ProspectRetention,
    /// The longest that profiles for promotion are kept.
    ProfilingRetention,
    /// From which age somebody consents alone (GDPR Art. 8).
    ChildAge,
    /// The shortest that proof of consent is kept.
    ProofRetention,
}

impl Profile {
    /// The profile for the people whom a definition addresses: the closest one, `eu` where none is closer.
    pub fn of(definition: &Definition) -> &'static Profile {
        let country = definition.jurisdiction().code();
        let fits = |profile: &&Profile| {
            profile.jurisdictions.iter().any(|code| code == country)
                && (profile.audiences.is_empty() || profile.audiences.contains(&definition.audience()))
        };
        PROFILES.iter().find(fits).unwrap_or(Profile::base())
    }

    /// Every profile, the base first.
    pub fn all() -> &'static [Profile] {
        &PROFILES
    }

    /// The profile with that name.
    pub fn named(id: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    fn base() -> &'static Profile {
        PROFILES.first().expect("there is a base profile")
    }

    /// This profile and those that it extends, the closest first.
    pub fn chain(&self) -> impl Iterator<Item = &Profile> {
        std::iter::successors(Some(self), |profile| Profile::named(profile.extends.as_deref()?))
    }

    /// Whether a rule of that profile holds here.
    pub fn includes(&self, id: &str) -> bool {
        self.chain().any(|profile| profile.id == id)
    }

    /// What promotion by a channel may rest on, on that day; nothing is said of channels without an entry.
    pub fn channel(&self, channel: Channel, audience: Audience, day: Date) -> Option<&ChannelEntry> {
        self.chain().find_map(|profile| {
            profile.channels.iter().find(|entry| {
                entry.channel == channel
                    && (entry.audiences.is_empty() || entry.audiences.contains(&audience))
                    && entry.from <= day
                    && entry.until.is_none_or(|until| day <= until)
            })
        })
    }

    /// The figure of that name.
    pub fn figure(&self, name: FigureName) -> Option<&Figure> {
        self.chain()
            .find_map(|profile| profile.figures.iter().find(|figure| figure.name == name))
    }
}

macro_rules! profiles {
    ($($id:literal)+) => {
        static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
            let read = |text| serde_json::from_str(text).expect("the profiles are tested");
            vec![$(read(include_str!(concat!("../profiles/", $id, ".json")))),+]
        });

        #[cfg(test)]
        const SOURCES: &[(&str, &str)] = &[$(($id, include_str!(concat!("../profiles/", $id, ".json")))),+];
    };
}

profiles! {
    "eu" "fr" "fr-b2c" "fr-b2b" "de" "at" "es" "it" "be" "nl" "uk" "dk" "pl"
    "bg" "cy" "cz" "ee" "fi" "gr" "hr" "hu" "ie" "is" "li" "lt" "lu" "lv" "mt" "no" "pt" "ro" "se" "si" "sk"
}

#[cfg(test)]
mod tests {
    use super::{Profile, SOURCES};

    #[test]
    fn profiles_are_readable_and_extend_one_another() {
        for (id, text) in SOURCES {
            let profile: Profile = serde_json::from_str(text).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(profile.id, *id);
            let chain: Vec<&str> = profile.chain().map(|profile| profile.id.as_str()).collect();
            assert_eq!(chain.last(), Some(&"eu"), "{id}");
        }
    }

    #[test]
    fn an_entry_names_a_rule() {
        let rules = crate::rules();
        for profile in Profile::all() {
            for entry in &profile.channels {
                assert!(
                    rules.iter().any(|rule| rule.id == entry.rule),
                    "{}: {}",
                    profile.id,
                    entry.rule
                );
            }
        }
    }
}
