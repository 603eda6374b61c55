//! Mautic: the contact with its fields, its segment, and the list of those who must not be contacted.
//! Refuses a channel that Mautic has no such list for, unless a field says how the purpose stands.
//! Shapes: <https://devdocs.mautic.org/en/latest/rest_api/contacts.html>,
//! <https://devdocs.mautic.org/en/latest/rest_api/segments.html>,
//! <https://devdocs.mautic.org/en/latest/rest_api/authentication.html>.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use candor_record::term::Channel;
use serde_json::{Value, json};

use super::{
    Act, Answer, EndReason, Job, Lead, Method, Outcome, Request, SettingFault, Settings, Step, Test,
    crm::{
        Crm, Dialogue, FromSettings, Names, Reader, Remote, Vendor, dead, email, has_place, id_of, lifts_refusals,
        segment, tested,
    },
};

const SWITCHES: [Channel; 2] = [Channel::Email, Channel::Sms];
/// `Contacts::UNSUBSCRIBED`: the person said so.
const UNSUBSCRIBED: u8 = 1;
/// `Contacts::MANUAL`: somebody else did, time or the law.
const MANUAL: u8 = 3;

static VENDOR: Vendor = Vendor {
    name: "mautic",
    // Mautic's errors have numbers, which the status repeats.
    codes: &[],
    code: |_| None,
    fields: |answer| {
        let details = answer["errors"][0]["details"].as_object();
        details
            .into_iter()
            .flat_map(|details| details.keys().cloned())
            .collect()
    },
    wait: None,
};

#[derive(Debug)]
pub(super) struct Mautic;

#[derive(Debug)]
enum Credentials {
    Basic(String, String),
    Client(String, String),
}

#[derive(Debug)]
pub(super) struct Options {
    segment: Option<u64>,
    names: Names,
    reference: String,
    credentials: Credentials,
}

impl FromSettings for Options {
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>> {
        let mut reader = Reader::new(settings);
        reader.host(|_, _| true, "the https address of your Mautic, without query");
        let names = reader.names(is_alias, "the alias of a contact field, such as `company`");
        if names.reference.is_none() && !settings.options.contains_key("reference") {
            reader.fault(
                "/options/reference",
                "missing: the alias of a custom text field that only Candor writes, such as `candor_id`",
            );
        }
        let segment = reader.optional_number("segment", "the id of the segment of this purpose");
        let mut pair = |first, second| Some((reader.optional_secret(first)?, reader.optional_secret(second)?));
        let (basic, client) = (pair("username", "password"), pair("client_id", "client_secret"));
        let credentials = match (basic, client) {
            (Some((name, password)), None) => Credentials::Basic(name, password),
            (None, Some((id, secret))) => Credentials::Client(id, secret),
            _ => {
                reader.fault(
                    "/secrets",
                    "expected client_id and client_secret (OAuth 2, client credentials), or username and password",
                );
                Credentials::Basic(String::new(), String::new())
            }
        };
        reader.finish(Self {
            segment,
            reference: names.reference.clone().unwrap_or_default(),
            names,
            credentials,
        })
    }
}

impl Options {
    fn sent(&self) -> Vec<&str> {
        let mut names = self.names.all();
        names.push("email");
        names
    }
}

/// Aliases that Mautic itself gives a meaning are none of a field.
fn is_alias(text: &str) -> bool {
    const RESERVED: [&str; 6] = ["email", "id", "owner", "tags", "ipaddress", "overwritewithblank"];
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    (1..=191).contains(&text.len()) && text.chars().all(fits) && !RESERVED.contains(&text)
}

impl Crm for Mautic {
    type Options = Options;
    const VENDOR: &'static Vendor = &VENDOR;

    fn tell(job: &Job<'_>, options: &Options, lead: &Lead, dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let mut session = Session::open(options, dialogue)?;
        has_place(&VENDOR, &options.names, lead.channel, &SWITCHES)?;
        let mut document = options.names.of_lead(job, lead);
        document.insert("email".into(), email(&VENDOR, lead)?.into());
        document.insert("overwriteWithBlank".into(), true.into());
        let id = contact(job, &document.into(), &mut session)?;
        if lifts_refusals(job, lead) && SWITCHES.contains(&lead.channel) {
            let path = format!("/api/contacts/{id}/dnc/{}/remove", lead.channel.as_str());
            let answer = session.send(Method::Post, path, &json!({}))?;
            VENDOR.good(answer, job.now, &[])?;
        }
        if let Some(number) = options.segment {
            let path = format!("/api/segments/{number}/contact/{id}/add");
            let answer = session.send(Method::Post, path, &json!({}))?;
            VENDOR.good(answer, job.now, &[])?;
        }
        Ok(Remote::new(id, lead.channel.as_str()).done())
    }

    fn end(job: &Job<'_>, options: &Options, reason: EndReason, dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let mut session = Session::open(options, dialogue)?;
        let remote = match &job.told.remote {
            Some(remote) => Some(Remote::parse(remote)),
            None => find(job, &mut session)?,
        };
        let Some(remote) = remote else {
            return Ok(Outcome::Done { remote: None });
        };
        let id = &remote.id;
        if reason.act() == Act::Erase {
            let answer = session.ask(Request::bare(Method::Delete, format!("/api/contacts/{id}/delete")))?;
            VENDOR.good_or_absent(answer, job.now, &[])?;
            return Ok(Outcome::Done { remote: None });
        }
        if SWITCHES.iter().any(|channel| channel.as_str() == remote.note) {
            let document = json!({
                "reason": match reason {
                    EndReason::Withdrawn | EndReason::Objected => UNSUBSCRIBED,
                    _ => MANUAL,
                },
                "comments": format!("Candor: {}, {}", reason.as_str(), job.message.id),
            });
            let answer = session.send(
                Method::Post,
                format!("/api/contacts/{id}/dnc/{}/add", remote.note),
                &document,
            )?;
            if VENDOR.good_or_absent(answer, job.now, &[])?.is_none() {
                return Ok(Outcome::Done { remote: None });
            }
        }
        if let Some(number) = options.segment {
            let path = format!("/api/segments/{number}/contact/{id}/remove");
            let answer = session.send(Method::Post, path, &json!({}))?;
            VENDOR.good_or_absent(answer, job.now, &[])?;
        }
        let state = options.names.of_end(reason);
        if !state.is_empty() {
            let sent = options.sent();
            let answer = session.send(Method::Patch, format!("/api/contacts/{id}/edit"), &state.into())?;
            VENDOR.good_or_absent(answer, job.now, &sent)?;
        }
        Ok(remote.done())
    }

    fn test(test: &Test<'_>, options: &Options, dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let mut session = Session::open(options, dialogue)?;
        let answer = session.ask(Request::bare(Method::Get, "/api/fields/contact?limit=1"))?;
        tested(&VENDOR, answer, test)
    }
}

/// Requests with credentials.
struct Session<'a> {
    options: &'a Options,
    authorization: String,
    dialogue: Dialogue<'a>,
}

impl<'a> Session<'a> {
    fn open(options: &'a Options, mut dialogue: Dialogue<'a>) -> Result<Self, Step> {
        let authorization = match &options.credentials {
            Credentials::Basic(name, password) => {
                format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
            }
            Credentials::Client(id, secret) => token(id, secret, &mut dialogue)?,
        };
        Ok(Self {
            options,
            authorization,
            dialogue,
        })
    }

    fn ask(&mut self, request: Request) -> Result<&'a Answer, Step> {
        self.dialogue
            .ask(request.header("authorization", self.authorization.clone()))
    }

    fn send(&mut self, method: Method, path: String, document: &Value) -> Result<&'a Answer, Step> {
        self.ask(Request::json(method, path, document))
    }
}

fn token(id: &str, secret: &str, dialogue: &mut Dialogue<'_>) -> Result<String, Step> {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", id)
        .append_pair("client_secret", secret)
        .finish();
    let mut request = Request::bare(Method::Post, "/oauth/v2/token");
    request.body = body.into_bytes();
    let answer = dialogue.ask(request.header("content-type", "application/x-www-form-urlencoded"))?;
    if (400..=403).contains(&answer.status) {
        // `invalid_client`: somebody may mend it while the schedule lasts.
        return Err(Step::End(Outcome::Retry { after: None }));
    }
    VENDOR.good(answer, dialogue.now, &[])?;
    let token = answer.json()["access_token"]
        .as_str()
        .map(|token| format!("Bearer {token}"));
    token.ok_or_else(|| dead("mautic gave no access token"))
}

/// The contact with the values of this purpose: the one that is known, or the one of this address, which Mautic's unique
/// identifier finds, or a new one.
fn contact(job: &Job<'_>, document: &Value, session: &mut Session<'_>) -> Result<String, Step> {
    let sent = session.options.sent();
    if let Some(remote) = job.told.remote.as_deref().map(Remote::parse) {
        let answer = session.send(Method::Patch, format!("/api/contacts/{}/edit", remote.id), document)?;
        if VENDOR.good_or_absent(answer, job.now, &sent)?.is_some() {
            return Ok(remote.id);
        }
    }
    let answer = session.send(Method::Post, "/api/contacts/new".into(), document)?;
    VENDOR.good(answer, job.now, &sent)?;
    id_of(&answer.json()["contact"]["id"]).ok_or_else(|| dead("mautic named no id of the contact"))
}

/// The contact whose field holds the pairwise id. PHP writes an empty list where another would write an empty object.
fn find(job: &Job<'_>, session: &mut Session<'_>) -> Result<Option<Remote>, Step> {
    let condition = [
        ("where[0][col]", session.options.reference.clone()),
        ("where[0][expr]", "eq".to_owned()),
        ("where[0][val]", job.message.subject.to_string()),
    ];
    let condition = condition.map(|(name, value)| format!("{}={}", segment(name), segment(&value)));
    let path = format!("/api/contacts?limit=1&minimal=1&{}", condition.join("&"));
    let answer = session.ask(Request::bare(Method::Get, path))?;
    VENDOR.good(answer, job.now, &[&session.options.reference])?;
    let json = answer.json();
    let id = json["contacts"]
        .as_object()
        .and_then(|contacts| id_of(&contacts.values().next()?["id"]));
    Ok(id.map(|id| Remote::new(id, Channel::Email.as_str())))
}
