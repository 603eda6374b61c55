//! Lawful definitions to begin with: a newsletter, a webinar, a contact form, a return call, an ebook, each as the country and
//! the people addressed ask for it. A pure function; what it makes is parsed before it is printed.
//! Refuses to know a law that differs: only what every profile permits stands in a template, and the one exception
//! (professional mail in France) is offered where both its languages are spoken.
//! Read next: `template/json.rs`, how it is spelled; `templates/forms.json`, the words.

use std::{collections::BTreeMap, sync::LazyLock};

use candor_definition::Country;
use candor_record::term::Audience;

use self::json::Json;

mod json;

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// One purpose, no box: the button is the consent
    Newsletter,
    /// A registration, with the newsletter as a choice
    Webinar,
    /// A message that is answered, with the newsletter as a choice
    Contact,
    /// One call that was asked for, and nothing else
    Callback,
    /// A guide by e-mail, with the newsletter as a choice
    Ebook,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Kind::Newsletter => "newsletter",
            Kind::Webinar => "webinar",
            Kind::Contact => "contact",
            Kind::Callback => "callback",
            Kind::Ebook => "ebook",
        }
    }
}

/// Whom the form addresses, and who stands behind it.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub kind: Kind,
    pub jurisdiction: Country,
    pub audience: Audience,
    /// The first is the default.
    pub languages: Vec<String>,
    pub name: String,
    pub email: String,
    /// Its postal address.
    pub address: String,
    /// `https://…`, without a slash at its end.
    pub site: String,
}

mod authorities;

/// Languages that the templates are written in.
pub const LANGUAGES: [&str; 6] = ["fr", "en", "de", "es", "it", "nl"];

/// Countries outside the European Economic Area that a template can serve: with an adequacy decision.
const ADEQUATE: [&str; 1] = ["GB"];

type Texts = BTreeMap<String, BTreeMap<String, String>>;

static WORDS: LazyLock<Texts> = LazyLock::new(|| {
    let text = include_str!("../templates/forms.json");
    serde_json::from_str(text).expect("the embedded words are texts by language, held by a test")
});

/// Why there is no such template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    #[error("the templates do not speak `{0}`; they speak fr, en, de, es, it and nl")]
    Language(String),
    #[error(
        "{0} is outside the European Economic Area and has no adequacy decision here: a transfer needs a safeguard that a template cannot know"
    )]
    Country(&'static str),
}

/// The definition, as text to be kept in a file.
///
/// # Errors
/// The templates do not speak a language, or the country needs a safeguard for transfers that only the owner knows.
pub fn definition(wanted: &Wanted) -> Result<String, TemplateError> {
    if let Some(unknown) = wanted.languages.iter().find(|it| !LANGUAGES.contains(&it.as_str())) {
        return Err(TemplateError::Language(unknown.clone()));
    }
    let country = wanted.jurisdiction;
    if country.is_outside_eea() && !ADEQUATE.contains(&country.code()) {
        return Err(TemplateError::Country(country.code()));
    }
    Ok(Template { wanted }.write())
}

struct Template<'w> {
    wanted: &'w Wanted,
}

impl Template<'_> {
    fn write(&self) -> String {
        let Wanted {
            kind,
            jurisdiction,
            audience,
            languages,
            ..
        } = self.wanted;
        let id = kind.id();
        let mut members = vec![
            ("format", Json::text("candor-form/1")),
            ("id", Json::text(id)),
            ("languages", Json::texts(languages)),
            ("jurisdiction", Json::text(jurisdiction.code())),
            ("audience", Json::text(audience.as_str())),
            ("title", self.say(&format!("title.{id}"))),
            ("service", self.say(&format!("service.{id}"))),
            ("parties", self.parties()),
            (
                "policy",
                Json::Object(vec![
                    ("url", Json::text(format!("{}/privacy", self.wanted.site))),
                    ("version", Json::text("1")),
                ]),
            ),
            ("fields", Json::List(self.fields())),
            ("purposes", Json::List(self.purposes())),
            (
                "submit",
                Json::Object(vec![
                    ("endpoint", Json::text("/v1/submissions")),
                    ("label", self.say(&format!("submit.{id}"))),
                    ("success", self.say(&format!("success.{id}"))),
                ]),
            ),
        ];
        if *kind == Kind::Ebook {
            members.push((
                "gate",
                Json::Object(vec![
                    ("asset", Json::text("guide.pdf")),
                    ("purpose", Json::text("ebook")),
                    ("delivery", Json::text("email")),
                    ("expires", Json::text("P7D")),
                ]),
            ));
        }
        if self.asks_consent() {
            // German courts ask for it, and elsewhere it is the proof that the mailbox is theirs.
            let expires = ("expires", Json::text("P3D"));
            members.push((
                "confirmation",
                Json::Object(vec![("doubleOptIn", Json::Bool(true)), expires]),
            ));
        }
        members.push(("automatedDecisions", Json::text("none")));
        Json::Object(members).print()
    }

    /// A text in the languages of the form.
    fn say(&self, key: &str) -> Json {
        let texts = &WORDS[key];
        let said = |tag: &String| texts[tag].replace("{name}", &self.wanted.name);
        match self.wanted.languages.as_slice() {
            [only] => Json::text(said(only)),
            several => Json::Each(several.iter().map(|tag| (tag.clone(), said(tag))).collect()),
        }
    }

    fn parties(&self) -> Json {
        let Wanted {
            jurisdiction,
            name,
            email,
            address,
            site,
            ..
        } = self.wanted;
        let country = || ("country", Json::text(jurisdiction.code()));
        let mut parties = vec![Json::Object(vec![
            ("id", Json::text("controller")),
            ("role", Json::text("controller")),
            ("name", Json::text(name)),
            country(),
            ("address", Json::text(address)),
            ("email", Json::text(email)),
            ("url", Json::text(site)),
        ])];
        if let Some((_, name, url)) = authorities::AUTHORITIES
            .iter()
            .find(|(code, ..)| *code == jurisdiction.code())
        {
            parties.push(Json::Object(vec![
                ("id", Json::text("authority")),
                ("role", Json::text("authority")),
                ("name", Json::text(*name)),
                country(),
                ("url", Json::text(*url)),
            ]));
        }
        Json::List(parties)
    }

    /// Professional mail rests on a legitimate interest in France, with an objection where the address is asked for (CPCE
    /// L34-5, CNIL). Its words are French and English: a form in other languages asks for a consent.
    fn writes_to_professionals(&self) -> bool {
        let Wanted {
            kind,
            jurisdiction,
            audience,
            languages,
            ..
        } = self.wanted;
        let speaks = languages.iter().all(|tag| WORDS["statement.offers"].contains_key(tag));
        let may_promote = matches!(kind, Kind::Webinar | Kind::Ebook);
        jurisdiction.code() == "FR" && *audience == Audience::B2b && speaks && may_promote
    }

    fn asks_consent(&self) -> bool {
        self.wanted.kind != Kind::Callback && !self.writes_to_professionals()
    }

    /// The purpose that promotes, where there is one.
    fn promotion(&self) -> Option<&'static str> {
        match self.wanted.kind {
            Kind::Callback | Kind::Newsletter => None,
            _ if self.writes_to_professionals() => Some("offers"),
            _ => Some("news"),
        }
    }

    fn fields(&self) -> Vec<Json> {
        let service = self.wanted.kind.id();
        let all: Vec<&str> = [service].into_iter().chain(self.promotion()).collect();
        let email = format!("field.email.{}", self.wanted.audience.as_str());
        let email = || self.field("email", "email", &email, true, &all);
        let name = || self.field("name", "name", "field.name", false, &[service]);
        match self.wanted.kind {
            Kind::Newsletter => vec![email()],
            Kind::Contact => vec![
                email(),
                name(),
                self.field("message", "long-text", "field.message", true, &[service]),
            ],
            Kind::Callback => vec![self.field("phone", "phone", "field.phone", true, &[service]), name()],
            Kind::Webinar | Kind::Ebook if self.writes_to_professionals() => {
                // What is written has to concern the profession, so the profession is asked for.
                vec![
                    email(),
                    self.field("job_title", "job-title", "field.job_title", false, &["offers"]),
                ]
            }
            Kind::Webinar => vec![email(), name()],
            Kind::Ebook => vec![email()],
        }
    }

    fn field(&self, id: &str, kind: &str, label: &str, required: bool, purposes: &[&str]) -> Json {
        let mut members = vec![
            ("id", Json::text(id)),
            ("type", Json::text(kind)),
            ("label", self.say(label)),
        ];
        // Code de la consommation, L223-1 and L223-2: said where a consumer's number is asked for.
        if kind == "phone" && self.wanted.jurisdiction.code() == "FR" && self.wanted.audience == Audience::B2c {
            members.push(("hint", self.say("hint.phone")));
        }
        if required {
            members.push(("required", Json::Bool(true)));
        }
        members.push(("purposes", Json::texts(purposes)));
        Json::Object(members)
    }

    fn purposes(&self) -> Vec<Json> {
        let service = |basis, category, channel, retention| {
            let id = self.wanted.kind.id();
            self.purpose(
                id,
                &[
                    ("basis", basis),
                    ("kind", "mandatory"),
                    ("category", category),
                    ("channel", channel),
                ],
                retention,
                "collection",
            )
        };
        let own = match self.wanted.kind {
            Kind::Newsletter => return vec![self.consent("newsletter")],
            Kind::Webinar => service("contract", "ServiceRegistration", "email", "P90D"),
            Kind::Contact => service("pre-contract", "RequestedServiceProvision", "email", "P6M"),
            Kind::Callback => service("pre-contract", "RequestedServiceProvision", "phone", "P30D"),
            Kind::Ebook => service("contract", "RequestedServiceProvision", "email", "P30D"),
        };
        let promotion = self.promotion().map(|id| match id {
            "offers" => self.interest(),
            id => self.consent(id),
        });
        [own].into_iter().chain(promotion).collect()
    }

    fn purpose(&self, id: &str, terms: &[(&'static str, &str)], retention: &str, from: &str) -> Json {
        let country = self.wanted.jurisdiction;
        let mut members = vec![("id", Json::text(id))];
        members.extend(terms.iter().map(|(name, value)| (*name, Json::text(*value))));
        members.push(("statement", self.say(&format!("statement.{id}"))));
        members.push(("operations", Json::texts(&["Collect", "Store", "Use"])));
        members.push(("recipients", Json::texts(&["controller"])));
        if country.is_outside_eea() {
            let transfer = vec![
                ("country", Json::text(country.code())),
                ("mechanism", Json::text("A45-3")),
            ];
            members.push(("transfers", Json::List(vec![Json::Object(transfer)])));
        }
        members.push((
            "storage",
            Json::Object(vec![
                ("locations", Json::texts(&[country.code()])),
                ("retention", Json::text(retention)),
                ("from", Json::text(from)),
            ]),
        ));
        Json::Object(members)
    }

    fn consent(&self, id: &str) -> Json {
        let terms = [
            ("basis", "consent"),
            ("kind", "promotional"),
            ("category", "DirectMarketing"),
            ("channel", "email"),
            ("frequency", "P1M"),
        ];
        self.purpose(id, &terms, "P2Y", "last-contact")
            .with("validity", Json::text("P18M"))
    }

    fn interest(&self) -> Json {
        let terms = [
            ("basis", "legitimate-interest"),
            ("kind", "promotional"),
            ("category", "DirectMarketing"),
            ("channel", "email"),
            ("frequency", "P1M"),
        ];
        self.purpose("offers", &terms, "P2Y", "last-contact")
            .with("interest", self.say("interest.offers"))
            .with("objection", self.say("objection.offers"))
    }
}

#[cfg(test)]
mod tests;
