//! What a rule looks at: a lawful definition, its profile and the day, and every text with its place and its words.

use std::ops::Range;

use candor_definition::{Definition, Field, Language, Party, Purpose, Text};
use candor_record::json::Node;
use jiff::civil::Date;

use crate::lexicon::{Lexicon, List};
use crate::profile::Profile;
use crate::sentence;
use crate::words::{Phrases, Words};

/// A definition under review.
#[derive(Debug)]
pub(crate) struct Subject<'d> {
    pub(crate) definition: &'d Definition,
    pub(crate) profile: &'d Profile,
    /// The day whose law counts.
    pub(crate) day: Date,
    said: Vec<Said<'d>>,
}

/// What a text is to the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'d> {
    Title,
    Intro,
    Service,
    PartyName(&'d Party),
    Sector(&'d Party),
    FieldLabel(&'d Field),
    FieldHint(&'d Field),
    OptionLabel(&'d Field),
    Statement(&'d Purpose),
    Details(&'d Purpose),
    Interest(&'d Purpose),
    Objection(&'d Purpose),
    SubmitLabel,
    Success,
    AutomatedDecisions,
}

impl<'d> Part<'d> {
    /// The purpose whose text it is.
    pub(crate) fn purpose(self) -> Option<&'d Purpose> {
        match self {
            Part::Statement(purpose) | Part::Details(purpose) | Part::Interest(purpose) | Part::Objection(purpose) => {
                Some(purpose)
            }
            _ => None,
        }
    }
}

/// One text in one language.
#[derive(Debug)]
pub(crate) struct Said<'d> {
    pub(crate) part: Part<'d>,
    pub(crate) language: &'d Language,
    /// RFC 6901 pointer of the string.
    pub(crate) pointer: String,
    /// Pointer of the text in all its languages.
    pub(crate) member: String,
    pub(crate) text: &'d str,
    pub(crate) words: Words,
}

impl Said<'_> {
    /// The words of its language, where there are some.
    pub(crate) fn lexicon(&self) -> Option<&'static Lexicon> {
        Lexicon::of(self.language.as_str())
    }

    /// The first phrase of a list, as it stands in the text.
    pub(crate) fn first(&self, list: List) -> Option<&str> {
        let place = self.lexicon()?.list(list).first(&self.words)?;
        self.text.get(place)
    }

    pub(crate) fn has(&self, list: List) -> bool {
        self.first(list).is_some()
    }

    /// The places in bytes of the phrases of a list that are not part of a phrase of another.
    pub(crate) fn places(&self, list: List, except: Option<List>) -> Vec<Range<usize>> {
        let Some(lexicon) = self.lexicon() else {
            return Vec::new();
        };
        let none = Phrases::default();
        let except = except.map_or(&none, |except| lexicon.list(except));
        lexicon.list(list).places(&self.words, except)
    }

    /// The first phrase of a list that is not part of a phrase of another.
    pub(crate) fn first_except(&self, list: List, except: List) -> Option<&str> {
        self.text.get(self.places(list, Some(except)).first()?.clone())
    }

    /// The first phrase of a list in a sentence that denies nothing: "we share with partners", not "we never share".
    pub(crate) fn affirmed(&self, list: List) -> Option<&str> {
        let place = self.affirmed_place(list)?;
        self.text.get(place)
    }

    /// Where that phrase stands.
    pub(crate) fn affirmed_place(&self, list: List) -> Option<Range<usize>> {
        let places = self.places(list, None);
        places
            .into_iter()
            .find(|place| !self.denies(sentence::around(self.text, place)))
    }

    /// The first phrase of a list in a sentence that has no phrase of another.
    pub(crate) fn first_apart(&self, list: List, apart: List) -> Option<&str> {
        let others = self.places(apart, None);
        let place = self.places(list, None).into_iter().find(|place| {
            let sentence = sentence::place_around(self.text, place);
            !others.iter().any(|other| sentence.contains(&other.start))
        })?;
        self.text.get(place)
    }

    /// Whether the sentence holds a word that denies something.
    pub(crate) fn denies(&self, sentence: &str) -> bool {
        let Some(lexicon) = self.lexicon() else { return false };
        let words = Words::of(sentence);
        let idioms = lexicon.list(List::NegationIdiom);
        [List::Negation, List::Denial]
            .iter()
            .any(|list| !lexicon.list(*list).places(&words, idioms).is_empty())
    }

    /// Whether the text is made of the phrases of a list and of nothing else.
    pub(crate) fn is_only(&self, list: List) -> bool {
        self.lexicon()
            .is_some_and(|lexicon| lexicon.list(list).cover(&self.words))
    }

    /// Whether the language of the text has words for that list: a rule that asks for words must stay silent elsewhere.
    pub(crate) fn knows(&self, list: List) -> bool {
        self.lexicon().is_some_and(|lexicon| !lexicon.list(list).is_empty())
    }
}

impl<'d> Subject<'d> {
    pub(crate) fn new(definition: &'d Definition, root: &Node, profile: &'d Profile, day: Date) -> Self {
        Subject {
            definition,
            profile,
            day,
            said: texts(definition, root),
        }
    }

    /// Every text in every language.
    pub(crate) fn said(&self) -> &[Said<'d>] {
        &self.said
    }

    /// The texts of one kind.
    pub(crate) fn parts(&self, wanted: impl Fn(Part<'d>) -> bool) -> impl Iterator<Item = &Said<'d>> {
        self.said.iter().filter(move |said| wanted(said.part))
    }

    /// Statements of the purposes that a condition holds for.
    pub(crate) fn statements(
        &self,
        wanted: impl Fn(&Purpose) -> bool,
    ) -> impl Iterator<Item = (&'d Purpose, &Said<'d>)> {
        self.said.iter().filter_map(move |said| match said.part {
            Part::Statement(purpose) if wanted(purpose) => Some((purpose, said)),
            _ => None,
        })
    }

    /// Statement, details, interest and objection of a purpose in every language.
    pub(crate) fn said_of(&self, purpose: &Purpose) -> impl Iterator<Item = &Said<'d>> {
        let id = purpose.id.clone();
        self.said
            .iter()
            .filter(move |said| said.part.purpose().is_some_and(|purpose| purpose.id == id))
    }

    /// Purposes with the pointer of each.
    pub(crate) fn purposes(&self) -> impl Iterator<Item = (&'d Purpose, String)> {
        numbered(self.definition.purposes(), "/purposes")
    }

    /// Fields with the pointer of each.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'d Field, String)> {
        numbered(self.definition.fields(), "/fields")
    }

    /// Parties with the pointer of each.
    pub(crate) fn parties(&self) -> impl Iterator<Item = (&'d Party, String)> {
        numbered(self.definition.parties(), "/parties")
    }
}

fn numbered<'d, T>(items: &'d [T], under: &'static str) -> impl Iterator<Item = (&'d T, String)> {
    items
        .iter()
        .enumerate()
        .map(move |(index, item)| (item, format!("{under}/{index}")))
}

/// Collects texts with their pointers.
struct Collector<'d, 'n> {
    definition: &'d Definition,
    root: &'n Node,
    said: Vec<Said<'d>>,
}

impl<'d> Collector<'d, '_> {
    fn add(&mut self, part: Part<'d>, member: &str, text: &'d Text) {
        let is_one_string = self.root.at(member).is_some_and(|node| node.as_str().is_some());
        for language in self.definition.languages() {
            let pointer = if is_one_string {
                member.to_owned()
            } else {
                format!("{member}/{language}")
            };
            let text = text.in_language(language);
            self.said.push(Said {
                part,
                language,
                pointer,
                member: member.to_owned(),
                text,
                words: Words::of(text),
            });
        }
    }

    fn add_some(&mut self, part: Part<'d>, member: &str, text: Option<&'d Text>) {
        if let Some(text) = text {
            self.add(part, member, text);
        }
    }
}

fn texts<'d>(definition: &'d Definition, root: &Node) -> Vec<Said<'d>> {
    let mut all = Collector {
        definition,
        root,
        said: Vec::new(),
    };
    all.add(Part::Title, "/title", definition.title());
    all.add_some(Part::Intro, "/intro", definition.intro());
    all.add(Part::Service, "/service", definition.service());
    for (party, at) in numbered(definition.parties(), "/parties") {
        all.add(Part::PartyName(party), &format!("{at}/name"), &party.name);
        all.add_some(Part::Sector(party), &format!("{at}/sector"), party.sector.as_ref());
    }
    for (field, at) in numbered(definition.fields(), "/fields") {
        all.add(Part::FieldLabel(field), &format!("{at}/label"), &field.label);
        all.add_some(Part::FieldHint(field), &format!("{at}/hint"), field.hint.as_ref());
        for (index, option) in field.options().unwrap_or_default().iter().enumerate() {
            let option_at = format!("{at}/options/{index}");
            let label_at = format!("{option_at}/label");
            // An option that is one string is its own label.
            let is_labelled = root.at(&label_at).is_some();
            let text_at = if is_labelled { &label_at } else { &option_at };
            all.add(Part::OptionLabel(field), text_at, &option.label);
        }
    }
    for (purpose, at) in numbered(definition.purposes(), "/purposes") {
        all.add(Part::Statement(purpose), &format!("{at}/statement"), &purpose.statement);
        all.add_some(
            Part::Details(purpose),
            &format!("{at}/details"),
            purpose.details.as_ref(),
        );
        all.add_some(Part::Interest(purpose), &format!("{at}/interest"), purpose.interest());
        all.add_some(
            Part::Objection(purpose),
            &format!("{at}/objection"),
            purpose.objection(),
        );
    }
    let submit = definition.submit();
    all.add(Part::SubmitLabel, "/submit/label", &submit.label);
    all.add(Part::Success, "/submit/success", &submit.success);
    if let candor_definition::AutomatedDecisions::Described(text) = definition.automated_decisions() {
        all.add(Part::AutomatedDecisions, "/automatedDecisions", text);
    }
    all.said
}
