//! The lists that a lexicon can have: what a rule may ask words for. One without words in French and English fails the tests.

use serde::Deserialize;

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
    /// Words that ask for an age or tell one: "age group", "aged".
    Age = "age",
    /// People who are named by their age: "teenagers".
    AgeGroup = "age.group",
    /// Words that tell it where nothing else is named: "age".
    AgeAlone = "age.alone",
    /// What years are counted in, after a number.
    AgeYears = "age.years",
    /// Words that compare numbers: "over", "et plus".
    AgeThan = "age.than",
    /// A birth, beside its year.
    AgeBorn = "age.born",
    /// Words about people that leave a number an age: "clients", "chef d'entreprise".
    AgePeople = "age.people",
    /// What else has years, near them: "experience", "company".
    AgeThing = "age.thing",
    /// Words that make a duration of the years after them: "for", "since".
    AgeSpan = "age.span",
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

impl List {
    /// Lists of `age.rs`, which reads them in all languages at once.
    pub(crate) fn is_about_ages(self) -> bool {
        matches!(
            self,
            List::Age
                | List::AgeGroup
                | List::AgeAlone
                | List::AgeYears
                | List::AgeThan
                | List::AgeBorn
                | List::AgePeople
                | List::AgeThing
                | List::AgeSpan
        )
    }
}
