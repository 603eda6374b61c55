//! Who stands behind a form: controllers, processors, recipients, the data protection officer, the authority.

use candor_record::id::PartyId;
use candor_record::term::PartyRole;
use jiff::civil::Date;

use crate::diagnostic::{Place, Report};
use crate::language::Languages;
use crate::place::Country;
use crate::read::{At, Object};
use crate::text::Text;
use crate::{id, rule, web};

/// One party.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// Its id.
    pub id: PartyId,
    /// What it has to do with the data.
    pub role: PartyRole,
    /// Its name.
    pub name: Text,
    /// Where it is.
    pub country: Country,
    /// Its postal address.
    pub address: Option<Text>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its site.
    pub url: Option<String>,
    /// The date of the processing contract (processors).
    pub agreement: Option<Date>,
    /// Its own privacy notice (recipients).
    pub policy: Option<String>,
    /// What it does (recipients).
    pub sector: Option<Text>,
}

impl Party {
    /// Whether it decides why and how data is processed.
    pub fn is_controller(&self) -> bool {
        is_controller(self.role)
    }
}

pub(crate) fn is_controller(role: PartyRole) -> bool {
    matches!(role, PartyRole::Controller | PartyRole::JointController)
}

/// A party as far as it could be read: what the rules between parts need.
#[derive(Debug)]
pub(crate) struct PartyDraft {
    pub(crate) id: Option<PartyId>,
    pub(crate) role: Option<PartyRole>,
    pub(crate) country: Option<Country>,
    pub(crate) has_email: bool,
    pub(crate) has_policy: bool,
    pub(crate) place: Place,
    pub(crate) id_place: Place,
    pub(crate) party: Option<Party>,
}

const MEMBERS: [&str; 11] = [
    "id",
    "role",
    "name",
    "country",
    "address",
    "email",
    "phone",
    "url",
    "agreement",
    "policy",
    "sector",
];

impl PartyDraft {
    pub(crate) fn read(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> Option<Self> {
        let object = Object::open(report, at, &MEMBERS)?;
        let id_at = object.required(report, "id");
        let id_place = id_at.as_ref().map_or_else(|| object.place(), At::place);
        let id = id_at.and_then(|at| id::read(report, &at, rule::PARTY_ID));
        let role = object
            .required(report, "role")
            .and_then(|at| at.choice(report, PartyRole::ALL, PartyRole::as_str));
        let name_at = object.required(report, "name");
        let name = text(report, languages, name_at);
        let country = object
            .required(report, "country")
            .and_then(|at| Country::read(report, &at));
        let address = text(report, languages, object.optional("address"));
        let email = object.optional("email").and_then(|at| web::email(report, &at));
        let phone = object.optional("phone").and_then(|at| web::phone(report, &at));
        let url = object.optional("url").and_then(|at| web::link(report, &at));
        let agreement = object.optional("agreement").and_then(|at| read_date(report, &at));
        let policy = object.optional("policy").and_then(|at| web::notice(report, &at));
        let sector = text(report, languages, object.optional("sector"));
        let has_email = object.has("email");
        let has_policy = object.has("policy");
        let party = (|| {
            let (id, role, name, country) = (id.clone()?, role?, name?, country?);
            Some(Party {
                id,
                role,
                name,
                country,
                address,
                email,
                phone,
                url,
                agreement,
                policy,
                sector,
            })
        })();
        Some(PartyDraft {
            id,
            role,
            country,
            has_email,
            has_policy,
            place: object.place(),
            id_place,
            party,
        })
    }
}

/// A text of an optional member; without good languages it is not read, for they are the problem to solve first.
fn text(report: &mut Report<'_>, languages: Option<&Languages>, at: Option<At<'_>>) -> Option<Text> {
    Text::read(report, languages?, &at?)
}

fn read_date(report: &mut Report<'_>, at: &At<'_>) -> Option<Date> {
    let text = at.string(report)?;
    // jiff also reads dates with a time; only the ten characters of a full-date are meant here.
    let date = text
        .parse::<Date>()
        .ok()
        .filter(|date| text.len() == 10 && date.to_string() == text);
    if date.is_none() {
        let message = format!("`{text}` is not a date");
        report.refuse(
            rule::DATE,
            &at.place(),
            message,
            "write year, month and day, for example `2026-03-01`",
        );
    }
    date
}
