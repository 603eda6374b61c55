//! What became of a definition between two of its versions, change by change: editorial, or material with whom it concerns.
//!
//! A change is material where the earlier answer of a person, or what they were told, no longer covers what is done now
//! (GDPR Art. 13(3); EDPB 05/2020 ¶110; WP260 rev.01 ¶29 to 31). It is read on the published JSON: a version of last year
//! stays comparable when the grammar has become stricter. Refuses to guess what stands in a notice that somebody else wrote:
//! another version of it counts as material, unless its digest says that the bytes are the same.
//! Read next: `change/purposes.rs`, what is done with data; `change/words.rs`, when two texts say the same.

use std::collections::BTreeSet;

use serde_json::Value;

mod parties;
mod purposes;
mod words;

/// Whether the earlier answers still hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// They cover what is done now.
    Editorial,
    /// They do not, or the people have to be told.
    Material,
}

impl Class {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Editorial => "editorial",
            Class::Material => "material",
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where, as an RFC 6901 pointer with ids in the place of positions: `/purposes/newsletter/statement`.
    pub place: String,
    /// Editorial or material.
    pub class: Class,
    /// Why it is, as a stable word; [`Reason::sentence`] says it.
    pub reason: Reason,
    /// The purposes whose people it concerns, where it is material: who consented is asked again, the others are told.
    pub purposes: BTreeSet<String>,
    /// Only those who read it in these languages; everybody where there is none.
    pub languages: BTreeSet<String>,
}

macro_rules! reasons {
    ($($variant:ident $code:literal $class:ident $english:literal $french:literal;)*) => {
        /// Why a change has its class.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each variant has its sentence beside it")]
        pub enum Reason { $($variant),* }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$variant),*];

            /// The stable word.
            pub fn as_str(self) -> &'static str {
                match self { $(Reason::$variant => $code),* }
            }

            /// The class that follows from it.
            pub fn class(self) -> Class {
                match self { $(Reason::$variant => Class::$class),* }
            }

            /// The sentence, in French or else in English.
            pub fn sentence(self, language: &str) -> &'static str {
                match (self, language) { $((Reason::$variant, "fr") => $french, (Reason::$variant, _) => $english),* }
            }
        }
    };
}

reasons! {
    Spelling "spelling" Editorial "the words are the same, but for punctuation, spaces or capitals" "les mots sont les mêmes, à la ponctuation, aux espaces ou aux majuscules près";
    Presentation "presentation" Editorial "it changes how the form looks or is filled in, not what is done with data" "cela change l’aspect ou le remplissage du formulaire, pas l’usage des données";
    Language "language" Editorial "nobody had read it in that language" "personne ne l’avait lu dans cette langue";
    Contact "contact" Editorial "the same party can be reached otherwise" "la même partie se joint autrement";
    Less "less" Editorial "less is done with the data than people were told" "il est fait moins des données que ce qui avait été annoncé";
    Processor "processor" Editorial "a processor acts on the controller’s instruction and needs no consent of its own (EDPB 05/2020 ¶65)" "un sous-traitant agit sur instruction du responsable et n’appelle pas d’accord propre (CEPD 05/2020 § 65)";
    Future "future" Editorial "it concerns only who fills in the form from now on" "cela ne concerne que ceux qui rempliront le formulaire désormais";
    Moved "moved" Editorial "the linked notice is the same, elsewhere" "la politique liée est la même, ailleurs";
    Wording "wording" Material "people agreed to other words" "les personnes ont accepté d’autres mots";
    Controller "controller" Material "who is responsible has changed (Art. 13(1)(a))" "le responsable a changé (art. 13(1)(a))";
    Recipient "recipient" Material "somebody else gets the data for their own ends (Art. 13(1)(e))" "un autre reçoit les données pour ses propres fins (art. 13(1)(e))";
    Transfer "transfer" Material "data leaves the European Economic Area in another way (Art. 13(1)(f))" "les données sortent autrement de l’Espace économique européen (art. 13(1)(f))";
    Basis "basis" Material "the legal basis or the nature of the purpose has changed (Art. 13(1)(c))" "la base légale ou la nature de la finalité a changé (art. 13(1)(c))";
    More "more" Material "more is done with the data than people were told" "il est fait plus des données que ce qui avait été annoncé";
    Longer "longer" Material "data is kept, or a consent holds, longer than people were told (Art. 13(2)(a))" "les données sont gardées, ou l’accord vaut, plus longtemps qu’annoncé (art. 13(2)(a))";
    Oftener "oftener" Material "people are contacted more often than was promised" "les personnes sont contactées plus souvent que promis";
    NewPurpose "new-purpose" Material "a new purpose: no earlier answer covers it, nobody may be contacted for it before they were asked" "une nouvelle finalité : aucune réponse antérieure ne la couvre, personne ne peut être contacté à ce titre avant d’avoir été interrogé";
    Automated "automated" Material "what is decided by machine has changed (Art. 13(2)(f))" "ce qui est décidé par une machine a changé (art. 13(2)(f))";
    Policy "policy" Material "the linked notice is another one, and Candor cannot read what changed in it" "la politique liée est une autre, et Candor ne peut pas lire ce qui y a changé";
}

/// Everything that changed from one published definition to another, in the order of the members.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Changes {
        old,
        new,
        list: Vec::new(),
    };
    found.presentation();
    found.parties();
    found.policy();
    found.fields();
    found.purposes();
    found.rest();
    found.list
}

/// The class of the whole: material as soon as one change is.
pub fn class(changes: &[Change]) -> Class {
    changes
        .iter()
        .map(|change| change.class)
        .max()
        .unwrap_or(Class::Editorial)
}

struct Changes<'v> {
    old: &'v Value,
    new: &'v Value,
    list: Vec<Change>,
}

/// Members that change how a form looks, what it says around the choices, or how it is filled in.
const PRESENTATION: [&str; 9] = [
    "title",
    "intro",
    "service",
    "languages",
    "jurisdiction",
    "audience",
    "submit",
    "gate",
    "theme",
];

impl<'v> Changes<'v> {
    fn note(&mut self, place: String, reason: Reason, purposes: impl IntoIterator<Item = String>) {
        self.list.push(Change {
            place,
            class: reason.class(),
            reason,
            purposes: purposes.into_iter().collect(),
            languages: BTreeSet::new(),
        });
    }

    /// A text that bears on a decision: the same words are editorial, others concern who read them.
    fn text(&mut self, place: &str, old: &Value, new: &Value, purposes: &BTreeSet<String>, reason: Reason) {
        for (reason, languages) in words::compare(old, new, &self.languages(), reason) {
            let concerned = if reason.class() == Class::Material {
                purposes.clone()
            } else {
                BTreeSet::new()
            };
            self.list.push(Change {
                place: place.to_owned(),
                class: reason.class(),
                reason,
                purposes: concerned,
                languages,
            });
        }
    }

    /// The languages in which people can have read the old version.
    fn languages(&self) -> BTreeSet<String> {
        let declared = self.old["languages"].as_array().into_iter().flatten();
        declared.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The purposes that both versions have.
    fn lasting(&self) -> BTreeSet<String> {
        let old = ids(&self.old["purposes"]);
        ids(&self.new["purposes"]).intersection(&old).cloned().collect()
    }

    fn presentation(&mut self) {
        for member in PRESENTATION {
            if self.old[member] != self.new[member] {
                let adds = member == "languages" && strings(&self.old[member]).is_subset(&strings(&self.new[member]));
                let reason = if adds { Reason::Language } else { Reason::Presentation };
                self.note(format!("/{member}"), reason, []);
            }
        }
    }

    fn policy(&mut self) {
        let (old, new) = (&self.old["policy"], &self.new["policy"]);
        if old == new {
            return;
        }
        let same_bytes = old["digest"].is_string() && old["digest"] == new["digest"];
        let same_version = old["version"] == new["version"] && (old["digest"].is_null() || new["digest"].is_null());
        if same_bytes || same_version {
            self.note("/policy".to_owned(), Reason::Moved, []);
        } else {
            let lasting = self.lasting();
            self.note("/policy".to_owned(), Reason::Policy, lasting);
        }
    }

    /// What was typed stays typed; only a value that now serves another purpose concerns who gave it.
    fn fields(&mut self) {
        let (old, new) = (by_id(&self.old["fields"]), by_id(&self.new["fields"]));
        for (id, field) in &new {
            let place = format!("/fields/{id}");
            let Some((_, before)) = old.iter().find(|(known, _)| known == id) else {
                self.note(place, Reason::Future, []);
                continue;
            };
            let served = strings(&before["purposes"]);
            let added: Vec<String> = strings(&field["purposes"]).difference(&served).cloned().collect();
            let added: Vec<String> = added.into_iter().filter(|it| self.lasting().contains(it)).collect();
            if !added.is_empty() {
                self.note(format!("{place}/purposes"), Reason::More, added);
            } else if before != field {
                self.note(place, Reason::Future, []);
            }
        }
        for (id, _) in old.iter().filter(|(id, _)| !new.iter().any(|(known, _)| known == id)) {
            self.note(format!("/fields/{id}"), Reason::Less, []);
        }
    }

    fn rest(&mut self) {
        let lasting = self.lasting();
        if self.old["automatedDecisions"] != self.new["automatedDecisions"] {
            let (old, new) = (&self.old["automatedDecisions"], &self.new["automatedDecisions"]);
            if new.as_str() == Some("none") {
                self.note("/automatedDecisions".to_owned(), Reason::Less, []);
            } else {
                self.text("/automatedDecisions", old, new, &lasting, Reason::Automated);
            }
        }
        let proof = |definition: &Value| definition["proof"]["retention"].as_str().unwrap_or("P5Y").to_owned();
        self.period("/proof/retention", &proof(self.old), &proof(self.new), &lasting);
        let silence = |definition: &Value| {
            definition["renewal"]["onSilence"]
                .as_str()
                .unwrap_or("expire")
                .to_owned()
        };
        let (old, new) = (silence(self.old), silence(self.new));
        if old != new {
            let reason = if new == "expire" { Reason::Less } else { Reason::Longer };
            let concerned = if reason == Reason::Less {
                BTreeSet::new()
            } else {
                lasting
            };
            self.note("/renewal".to_owned(), reason, concerned);
        }
        for member in ["confirmation", "withdrawal"] {
            if self.old[member] != self.new[member] {
                self.note(format!("/{member}"), Reason::Contact, []);
            }
        }
    }
}

/// The elements of a list, by id.
fn by_id(list: &Value) -> Vec<(&str, &Value)> {
    let elements = list.as_array().into_iter().flatten();
    elements
        .filter_map(|element| Some((element["id"].as_str()?, element)))
        .collect()
}

fn ids(list: &Value) -> BTreeSet<String> {
    by_id(list).into_iter().map(|(id, _)| id.to_owned()).collect()
}

fn strings(list: &Value) -> BTreeSet<String> {
    let elements = list.as_array().into_iter().flatten();
    elements.filter_map(Value::as_str).map(str::to_owned).collect()
}
