//! The lexicons: words that mean something to a rule, by language, as data (`lexicon/words`: what sentences say;
//! `lexicon/data`: what fields ask for).
//!
//! A list that a language does not have is empty, so a rule stays silent there instead of guessing. A list that no
//! rule knows is refused when the crate is tested.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::words::Phrases;

pub(crate) mod ids;

macro_rules! lists {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What a list of words is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub(crate) enum List { $($(#[$doc])* #[serde(rename = $name)] $variant,)+ }

        impl List {
            #[cfg(test)]
            pub(crate) const ALL: &[List] = &[$(List::$variant),+];
        }
    };
}

lists! {
    /// Words that turn a sentence into its opposite: "not".
    Negation = "negation",
    /// Words that deny without a verb: "never", "without".
    Denial = "negation.denial",
    /// Words that say no in another way, and may stand where another language negates: "refuse", "only".
    Negative = "negation.weak",
    /// Phrases that look like a negation and are none: "do not hesitate".
    NegationIdiom = "negation.idiom",
    /// A consent by refusing to refuse: "untick", "I do not want".
    OptOut = "optOut",
    /// Silence that is to count as a yes: "unless you object".
    Silence = "silence",
    /// Two negations in one: "I do not object to".
    DoubleNegative = "doubleNegative",
    /// What a box to object says.
    Objecting = "objecting",
    /// The right to object, in a sentence about it.
    ObjectionRight = "objectionRight",
    /// An objection by a harder way than a box.
    HardObjection = "hardObjection",
    /// Words that say yes, in any way: "I agree", "send me".
    Consenting = "consenting",
    /// The words of a consent itself: "I agree", "you consent".
    ConsentWords = "consentWords",
    /// Words that only speak of a consent: "if you agree".
    ConsentReference = "consentReference",
    /// Two consents in one sentence: "and I agree".
    Conjoined = "conjoined",
    /// Words of a message by e-mail.
    Email = "channel.email",
    /// Words of a call.
    Phone = "channel.phone",
    /// Words of a text message.
    Sms = "channel.sms",
    /// Words of a letter.
    Post = "channel.post",
    /// Words of a messaging service.
    Messaging = "channel.messaging",
    /// Words of an address or a number, which only look like a channel: "my e-mail address".
    ChannelData = "channel.data",
    /// Terms and conditions.
    Terms = "terms",
    /// Terms that are accepted, which is a contract and no consent.
    TermsAccepted = "termsAccepted",
    /// A privacy notice that is to be accepted.
    PolicyAccepted = "policyAccepted",
    /// A privacy notice that is said to have been read.
    PolicyRead = "policyRead",
    /// Somebody else who will use the data: "our partners".
    Partners = "partners",
    /// Words of which a name that names nobody is made: "our", "partners".
    GenericName = "partners.generic",
    /// One's own offers and those of others in one breath: "and its partners".
    ShareTogether = "partners.together",
    /// Words before examples of a list that stays open: "such as".
    Including = "including",
    /// Purposes that say nothing (WP 203, p. 16).
    Vague = "vague",
    /// Purposes that say nothing unless more words follow: "marketing purposes".
    VagueAlone = "vague.alone",
    /// The same, unless the sentence goes on: "the processing of my data".
    VagueBare = "vague.bare",
    /// Lists without an end: "etc."
    OpenEnded = "openEnded",
    /// Words that shame whoever says no.
    Shame = "shame",
    /// Words that hurry or threaten.
    Urgency = "urgency",
    /// Words that make a consent the price of something.
    Detriment = "detriment",
    /// A consent that somebody does not give: "if you refuse".
    Refusal = "refusal",
    /// A consent that is called obligatory.
    Obligatory = "obligatory",
    /// Words that say that nothing is obligatory.
    Voluntary = "voluntary",
    /// Gifts for a consent.
    Incentive = "incentive",
    /// Advertising.
    Promotion = "promotion",
    /// A newsletter.
    Newsletter = "newsletter",
    /// Something that the visitor came for: "the e-book".
    Gated = "gated",
    /// Asking for it: "receive the guide".
    Request = "request",
    /// Surveys and studies.
    Survey = "survey",
    /// Something is sent: "sends me".
    Sending = "sending",
    /// "By clicking you agree".
    Implied = "implied",
    /// Buttons that name no act.
    GenericButton = "genericButton",
    /// Buttons that subscribe.
    Subscribing = "subscribing",
    /// Withdrawal by a harder way than the consent.
    HardWithdrawal = "hardWithdrawal",
    /// Similar products or services.
    Similar = "similar",
    /// The person's profession.
    Profession = "profession",
    /// An address at work, which says nothing about the subject of a message.
    WorkAddress = "profession.address",
    /// A law that is named.
    Law = "law",
    /// The risk of a transfer without protection.
    Risk = "risk",
    /// Measuring who opened or clicked.
    Tracking = "tracking",
    /// A machine decides.
    Automated = "automated",
    /// "I have read and understood": neither a yes nor a no.
    Acknowledging = "acknowledging",
    /// Building a profile.
    Profiling = "profiling",
    /// That calls need consent beforehand.
    PriorConsent = "priorConsent",
    /// Lists of people who do not want calls.
    CallRegister = "callRegister",
    /// The form is meant for children.
    Children = "children",
    /// The form is meant for whoever has to do with children.
    Adults = "children.adults",
    /// Texts that somebody forgot to write.
    Placeholder = "placeholder",
    /// Words of an interest that names none.
    BareInterest = "bareInterest",
    /// Health, religion, politics … (GDPR Art. 9).
    Special = "special",
    /// Answers that tell the same: "Catholic".
    SpecialAnswer = "special.answer",
    /// Convictions (GDPR Art. 10).
    Criminal = "criminal",
    /// Numbers that a state gave.
    NationalId = "nationalId",
    /// Bank accounts, cards.
    Financial = "financial",
    /// Passwords and codes.
    Secret = "secret",
    /// Fields that a lead form has no use for.
    Nosy = "nosy",
    /// The day of birth.
    BirthDate = "birthDate",
    /// Mr or Mrs.
    Salutation = "salutation",
    /// Answers that tell it.
    Title = "salutation.title",
    /// An answer that tells neither.
    Neutral = "salutation.neutral",
    /// Identifiers that follow a person about.
    Identifier = "identifier",
    /// Phrases that only look like data of another list: "password manager".
    Harmless = "harmless",
    /// Words by which a hint asks not to write something.
    Refraining = "refraining",
    /// An e-mail address.
    FieldEmail = "field.email",
    /// A telephone number.
    FieldPhone = "field.phone",
    /// A postal address.
    FieldPost = "field.post",
    /// Sectors that may not call at all.
    BarredSector = "barredSector",
    /// Each day.
    Daily = "frequency.daily",
    /// Each week.
    Weekly = "frequency.weekly",
    /// Each month.
    Monthly = "frequency.monthly",
    /// Each quarter.
    Quarterly = "frequency.quarterly",
}

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Lexicon {
    lists: BTreeMap<List, Phrases>,
}

static NO_PHRASES: LazyLock<Phrases> = LazyLock::new(Phrases::default);

impl Lexicon {
    /// The lexicon of a language or of the language that it is a variant of.
    pub(crate) fn of(language: &str) -> Option<&'static Lexicon> {
        let primary = language.split('-').next()?.to_ascii_lowercase();
        LEXICONS.get(primary.as_str())
    }

    /// Every lexicon by its language.
    pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Lexicon)> {
        LEXICONS.iter().map(|(tag, lexicon)| (*tag, lexicon))
    }

    pub(crate) fn list(&self, list: List) -> &Phrases {
        self.lists.get(&list).unwrap_or(&NO_PHRASES)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let lists: BTreeMap<List, Vec<String>> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let lists = lists.into_iter().map(|(list, phrases)| {
            let phrases = Phrases::parse(phrases.iter().map(String::as_str));
            Ok((
                list,
                phrases.map_err(|phrase| format!("{list:?}: `{phrase}` has no word at an end"))?,
            ))
        });
        Ok(Lexicon {
            lists: lists.collect::<Result<_, String>>()?,
        })
    }
}

macro_rules! sources {
    ($name:ident $folder:literal $($tag:literal)+) => {
        const $name: &[(&str, &str)] = &[$(($tag, include_str!(concat!("../lexicon/", $folder, "/", $tag, ".json")))),+];
    };
}

// What sentences say, and what fields ask for.
sources! {
    WORDS "words"
    "en" "fr" "de" "es" "it" "nl"
    "bg" "cs" "da" "el" "et" "fi" "ga" "hr" "hu" "lt" "lv" "mt" "pl" "pt" "ro" "sk" "sl" "sv"
}
sources! {
    DATA "data"
    "en" "fr" "de" "es" "it" "nl"
    "bg" "cs" "da" "el" "et" "fi" "ga" "hr" "hu" "lt" "lv" "mt" "pl" "pt" "ro" "sk" "sl" "sv"
}

static LEXICONS: LazyLock<BTreeMap<&'static str, Lexicon>> = LazyLock::new(|| {
    let mut lexicons: BTreeMap<&str, Lexicon> = BTreeMap::new();
    for (tag, text) in WORDS.iter().chain(DATA) {
        let more = Lexicon::parse(text).expect("the lexicons are tested");
        match lexicons.entry(tag) {
            Entry::Vacant(entry) => _ = entry.insert(more),
            Entry::Occupied(mut entry) => entry.get_mut().lists.extend(more.lists),
        }
    }
    lexicons
});

#[cfg(test)]
mod tests {
    use super::{DATA, Lexicon, List, WORDS};

    #[test]
    fn lexicons_are_readable() {
        for (tag, text) in WORDS.iter().chain(DATA) {
            if let Err(error) = Lexicon::parse(text) {
                panic!("{tag}: {error}");
            }
        }
    }

    /// What a field must not ask for is known in every language in which a form can be written.
    #[test]
    fn every_language_knows_what_fields_ask_for() {
        for tag in candor_definition::LANGUAGES {
            let lexicon = Lexicon::of(tag).expect(tag);
            for list in [
                List::Special,
                List::SpecialAnswer,
                List::Criminal,
                List::NationalId,
                List::Financial,
                List::Secret,
                List::Nosy,
                List::BirthDate,
                List::Salutation,
                List::Title,
                List::Neutral,
                List::Identifier,
                List::Harmless,
                List::Refraining,
                List::FieldEmail,
                List::FieldPhone,
                List::FieldPost,
                List::Risk,
            ] {
                assert!(!lexicon.list(list).is_empty(), "{tag}: {list:?}");
            }
        }
    }

    /// A list stands in one file, or the second would silence the first.
    #[test]
    fn a_list_stands_in_one_file() {
        for (tag, text) in WORDS {
            let words: serde_json::Value = serde_json::from_str(text).expect("JSON");
            let data = DATA.iter().find(|(other, _)| other == tag).map(|(_, text)| *text);
            let data: serde_json::Value = serde_json::from_str(data.unwrap_or("{}")).expect("JSON");
            for list in words.as_object().expect("an object").keys() {
                assert!(data.get(list).is_none(), "{tag}: {list} stands in words and in data");
            }
        }
    }

    /// French and English have every list: the two languages in which the rules themselves are written.
    #[test]
    fn reviewed_languages_are_complete() {
        for tag in ["fr", "en"] {
            let lexicon = Lexicon::of(tag).expect(tag);
            for list in List::ALL {
                assert!(!lexicon.list(*list).is_empty(), "{tag}: {list:?}");
            }
        }
    }
}
