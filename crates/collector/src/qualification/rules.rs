//! A file of rules once it was read: which purpose it serves, what each rule looks at, and from where on a lead counts.
//! Refuses nothing: `read.rs` makes these values, and `overreach.rs` compares them with the published forms.

use candor_record::{
    id::{FieldId, PurposeId},
    time::Period,
};

/// The format id of a file of rules.
pub const FORMAT: &str = "candor-qualification/1";

/// The rules of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// What the owner calls them.
    pub id: String,
    /// The profiling purpose under whose permission they run.
    pub purpose: PurposeId,
    pub rules: Vec<Rule>,
    pub thresholds: Thresholds,
    /// `sha256-…` of the canonical JSON, without `$schema`: what every result names.
    pub digest: String,
    /// That JSON.
    pub json: String,
}

/// One rule: it applies or not, and then gives its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `[a-z0-9-]{1,64}`, unique in its file.
    pub id: String,
    pub about: About,
    /// What the owner calls the class of values: what people read.
    pub class: String,
    /// From −100 to 100, never 0.
    pub weight: i32,
}

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// What the person typed, or a declared campaign value of a `hidden` field.
    Field { field: FieldId, test: Test },
    /// How often the person did something since the purpose is allowed.
    Event {
        kind: EventKind,
        at_least: u32,
        /// Counted back from the run; without it, since the purpose is allowed.
        within: Option<Period>,
    },
}

/// Which values of a field a rule takes. Letter case and white space around do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    Equals(String),
    In(Vec<String>),
    /// The field was filled in.
    Present,
    /// The domain of a mail address is of that class.
    Domain(DomainClass),
}

impl Test {
    /// The values that it names, and the member of the file where they stand.
    pub fn named(&self) -> Option<(&'static str, &[String])> {
        match self {
            Self::Equals(value) => Some(("equals", std::slice::from_ref(value))),
            Self::In(values) => Some(("in", values)),
            Self::Present | Self::Domain(_) => None,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($(#[$variant_doc:meta])* $variant:ident $word:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.as_str() == text)
            }
        }
    };
}

words! {
    /// What kind of mailbox an address is, by its domain alone.
    DomainClass:
    /// Of a provider that gives addresses to anybody.
    FreeMail "free-mail",
    /// Of a school or university, by its name: `.edu`, `.ac.uk`.
    Education "education",
    /// Of an authority, by its name: `.gouv.fr`, `.gov`, `europa.eu`.
    PublicSector "public-sector",
    /// Of none of the others: most of these are companies, and some are families.
    Company "company",
}

words! {
    /// What a person does. What a mail program does (an open) is not among it.
    EventKind:
    /// A link followed, as operators report it.
    Click "click",
    /// A message answered.
    Reply "reply",
    /// A call that the person made.
    CallReceived "call-received",
    /// A form sent.
    Submission "submission",
}

/// From which score on a lead counts as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Marketing qualified.
    pub mql: i32,
    /// Sales qualified; more than `mql`.
    pub sql: i32,
}

impl About {
    /// What it looks at, in two words: `field role`, `event click`.
    pub fn words(&self) -> String {
        match self {
            Self::Field { field, .. } => format!("field {field}"),
            Self::Event { kind, .. } => format!("event {}", kind.as_str()),
        }
    }
}
