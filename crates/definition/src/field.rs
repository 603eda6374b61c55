//! What a visitor types, and for which purposes.
//!
//! A field without a purpose has no value of these types: data that nobody needs is not asked for.

use candor_record::id::{FieldId, PurposeId};

use crate::diagnostic::{Place, Report};
use crate::language::Languages;
use crate::read::{At, Object};
use crate::text::Text;
use crate::{age, id, rule};

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// What it asks for, with its options where it has some.
    pub kind: FieldKind,
    /// Its label.
    pub label: Text,
    /// Words under the label.
    pub hint: Option<Text>,
    /// Whether it must be filled while it is shown.
    pub required: bool,
    /// What the value serves; never empty.
    pub purposes: Vec<PurposeId>,
    /// The consent under whose box it stands; always shown where there is none.
    pub when: Option<PurposeId>,
    /// Longest value in characters.
    pub max_length: Option<u32>,
}

/// What a field asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// A value that the visitor types, or the page declares.
    Plain(FieldType),
    /// One value of a drop-down list.
    Select(Vec<FieldOption>),
    /// One value of a group of buttons.
    Radio(Vec<FieldOption>),
    /// Old enough to consent alone or not: two buttons, no birth date. The owner's own age in years, where there is one.
    Age(Option<u8>),
}

/// One value of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOption {
    /// What is recorded.
    pub value: String,
    /// What is read.
    pub label: Text,
}

macro_rules! field_types {
    ($($variant:ident $text:literal $dpv:literal,)*) => {
        /// The type of a field as definitions spell it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the variants are the words of the specification")]
        pub enum FieldType { $($variant),* }

        impl FieldType {
            /// Every type, in the order of the specification.
            pub const ALL: &'static [FieldType] = &[$(FieldType::$variant),*];

            /// The spelling in definitions.
            pub fn as_str(self) -> &'static str {
                match self { $(FieldType::$variant => $text),* }
            }

            /// What the value is in DPV's words, without prefix.
            pub fn data_type(self) -> &'static str {
                match self { $(FieldType::$variant => $dpv),* }
            }
        }
    };
}

field_types! {
    Email "email" "EmailAddress",
    Name "name" "Name",
    GivenName "given-name" "Name",
    FamilyName "family-name" "Name",
    Phone "phone" "TelephoneNumber",
    Organization "organization" "Professional",
    JobTitle "job-title" "Job",
    Country "country" "Country",
    PostalCode "postal-code" "PostalCode",
    Url "url" "PersonalData",
    Text "text" "PersonalData",
    LongText "long-text" "PersonalData",
    Select "select" "PersonalData",
    Radio "radio" "PersonalData",
    Hidden "hidden" "PersonalData",
    Age "age" "AgeRange",
}

impl Field {
    /// The type as definitions spell it.
    pub fn field_type(&self) -> FieldType {
        match self.kind {
            FieldKind::Plain(field_type) => field_type,
            FieldKind::Select(_) => FieldType::Select,
            FieldKind::Radio(_) => FieldType::Radio,
            FieldKind::Age(_) => FieldType::Age,
        }
    }

    /// The values of a list.
    pub fn options(&self) -> Option<&[FieldOption]> {
        match &self.kind {
            FieldKind::Plain(_) | FieldKind::Age(_) => None,
            FieldKind::Select(options) | FieldKind::Radio(options) => Some(options),
        }
    }

    /// Whether the visitor never sees it.
    pub fn is_hidden(&self) -> bool {
        self.field_type() == FieldType::Hidden
    }
}

/// A field as far as it could be read: what the rules between parts need.
#[derive(Debug)]
pub(crate) struct FieldDraft {
    pub(crate) id: Option<FieldId>,
    pub(crate) id_place: Place,
    pub(crate) field_type: Option<FieldType>,
    /// Where `required: true` stands.
    pub(crate) required: Option<Place>,
    /// Where `required: false` stands.
    pub(crate) optional: Option<Place>,
    pub(crate) purposes: Option<Vec<(String, Place)>>,
    pub(crate) purposes_place: Place,
    pub(crate) when: Option<(String, Place)>,
    /// Whether `when` is there, readable or not.
    pub(crate) has_when: bool,
    // Everything but the purposes, which are looked up before they become ids.
    complete: Option<Field>,
}

const MEMBERS: [&str; 10] = [
    "id",
    "type",
    "label",
    "hint",
    "required",
    "purposes",
    "when",
    "options",
    "maxLength",
    "minimumAge",
];
/// Longest `maxLength`: a submission stays below 48 KiB.
pub(crate) const MAX_LENGTH: i64 = 10_000;

impl FieldDraft {
    pub(crate) fn read(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &MEMBERS)?;
        let texts = |report: &mut Report<'_>, at: Option<At<'_>>| Text::read(report, languages?, &at?);

        let id_at = object.required(report, "id");
        let id_place = id_at.as_ref().map_or_else(|| object.place(), At::place);
        let id = id_at.and_then(|at| id::read(report, &at, rule::FIELD_ID));
        let field_type = object
            .required(report, "type")
            .and_then(|at| at.choice(report, FieldType::ALL, FieldType::as_str));
        let label_at = object.required(report, "label");
        let label = texts(report, label_at);
        let hint = texts(report, object.optional("hint"));
        let required_at = object.optional("required");
        let required = required_at.as_ref().and_then(|at| at.boolean(report));
        let help = "name the purposes that need the value, or take the field out";
        let purposes_at = object.required_by(report, "purposes", rule::FIELD_PURPOSE, help);
        let purposes_place = purposes_at.as_ref().map_or_else(|| object.place(), At::place);
        let purposes = purposes_at.and_then(|at| read_purposes(report, &at));
        let when = object.optional("when").and_then(|at| read_when(report, at));
        let kind = field_type.and_then(|field_type| read_kind(report, languages, &object, field_type));
        let max_length = object.optional("maxLength").and_then(|at| read_length(report, &at));
        let complete = (|| {
            Some(Field {
                id: id.clone()?,
                kind: kind?,
                label: label?,
                hint,
                // A declaration that may be left out is none.
                required: required.unwrap_or(field_type == Some(FieldType::Age)),
                purposes: Vec::new(),
                when: None,
                max_length,
            })
        })();
        let stands = |wanted| required_at.as_ref().filter(|_| required == Some(wanted)).map(At::place);
        let (required, optional) = (stands(true), stands(false));
        Some(FieldDraft {
            id,
            id_place,
            field_type,
            required,
            optional,
            purposes,
            purposes_place,
            when,
            has_when: object.has("when"),
            complete,
        })
    }

    /// The field, once its purposes were found among those of the definition.
    pub(crate) fn finish(self, purposes: Vec<PurposeId>, when: Option<PurposeId>) -> Option<Field> {
        self.complete.map(|field| Field {
            purposes,
            when,
            ..field
        })
    }

    pub(crate) fn serves(&self, purpose: &str) -> bool {
        self.purposes.iter().flatten().any(|(known, _)| known == purpose)
    }
}

fn read_purposes(report: &mut Report<'_>, at: &At<'_>) -> Option<Vec<(String, Place)>> {
    if at.node.as_array().is_some_and(<[_]>::is_empty) {
        let help = "name the purposes that need the value, or take the field out";
        report.refuse(rule::FIELD_PURPOSE, &at.place(), "the field serves no purpose", help);
        return None;
    }
    crate::purpose::read_ids(report, at)
}

fn read_when(report: &mut Report<'_>, at: At<'_>) -> Option<(String, Place)> {
    let object = Object::open(report, at, &["purpose"])?;
    let purpose = object.required(report, "purpose")?;
    Some((purpose.string(report)?.to_owned(), purpose.place()))
}

fn read_kind(
    report: &mut Report<'_>,
    languages: Option<&Languages>,
    object: &Object<'_>,
    field_type: FieldType,
) -> Option<FieldKind> {
    let minimum_age = object.optional("minimumAge");
    if let Some(at) = minimum_age.as_ref().filter(|_| field_type != FieldType::Age) {
        let message = format!("a field of type `{}` has no minimumAge", field_type.as_str());
        let help = "take `minimumAge` out, or write the type `age`";
        report.refuse(rule::FIELD_AGE, &at.place(), message, help);
    }
    let kind: fn(Vec<FieldOption>) -> FieldKind = match field_type {
        FieldType::Select => FieldKind::Select,
        FieldType::Radio => FieldKind::Radio,
        FieldType::Age if !object.has("options") && !object.has("maxLength") => {
            let Some(at) = minimum_age else {
                return Some(FieldKind::Age(None));
            };
            return read_age(report, &at).map(|years| FieldKind::Age(Some(years)));
        }
        _ => {
            if object.has("options") {
                let message = format!("a field of type `{}` has no options", field_type.as_str());
                let help = "take `options` out, or write the type `select` or `radio`";
                report.refuse(rule::FIELD_OPTIONS, &object.name_place("options"), message, help);
            }
            return Some(FieldKind::Plain(field_type));
        }
    };
    let help = "add the answers, for example `\"options\": [\"1 to 9\", \"10 or more\"]`";
    let entries = object
        .required_by(report, "options", rule::FIELD_OPTIONS, help)?
        .entries(report)?;
    let mut options: Vec<FieldOption> = Vec::new();
    let mut good = true;
    for entry in entries {
        let place = entry.place();
        let Some(option) = read_option(report, languages, entry) else {
            good = false;
            continue;
        };
        if options.iter().any(|known| known.value == option.value) {
            let message = format!("the option `{}` stands twice", option.value);
            report.refuse(rule::TWICE, &place, message, "give each option a value of its own");
        }
        options.push(option);
    }
    good.then(|| kind(options))
}

/// A string, or an object with the recorded value and a label in each language.
fn read_option(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> Option<FieldOption> {
    if !at.is_object() {
        let value = crate::text::words(report, &at)?;
        return Some(FieldOption {
            value,
            label: Text::read(report, languages?, &at)?,
        });
    }
    let object = Object::open(report, at, &["value", "label"])?;
    let value = object
        .required(report, "value")
        .and_then(|at| crate::text::words(report, &at));
    let label = object
        .required(report, "label")
        .and_then(|at| Text::read(report, languages?, &at));
    Some(FieldOption {
        value: value?,
        label: label?,
    })
}

fn read_age(report: &mut Report<'_>, at: &At<'_>) -> Option<u8> {
    let Some(number) = at.node.as_number() else {
        at.refuse_type(report, "a whole number");
        return None;
    };
    let years = number.as_i64().filter(|years| age::YEARS.contains(years));
    if years.is_none() {
        let message = format!("minimumAge is not from {} to {}", age::YEARS.start(), age::YEARS.end());
        let help = "write the age from which a person consents alone, or take it out: the jurisdiction has one";
        report.refuse(rule::FIELD_AGE, &at.place(), message, help);
    }
    years.and_then(|years| u8::try_from(years).ok())
}

fn read_length(report: &mut Report<'_>, at: &At<'_>) -> Option<u32> {
    let Some(number) = at.node.as_number() else {
        at.refuse_type(report, "a whole number");
        return None;
    };
    let length = number.as_i64().filter(|length| (1..=MAX_LENGTH).contains(length));
    if length.is_none() {
        let message = format!("maxLength is not a whole number from 1 to {MAX_LENGTH}");
        report.refuse(
            rule::FIELD_LENGTH,
            &at.place(),
            message,
            "write the longest value in characters, for example 200",
        );
    }
    length.and_then(|length| u32::try_from(length).ok())
}
