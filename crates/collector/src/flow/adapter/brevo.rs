//! Brevo: the contact with its attributes and its list; `emailBlacklisted` where the lead ended; deletion for an erasure.
//! Refuses an e-mail address in a path: contacts are found again by Brevo's id, or by an attribute that holds ours.
//! Shapes: <https://developers.brevo.com/reference/create-contact>, <https://developers.brevo.com/reference/update-contact>,
//! <https://developers.brevo.com/reference/delete-contact>; limits: <https://developers.brevo.com/docs/limit-headers>.

use candor_record::term::Channel;
use serde_json::{Map, Value, json};

use super::{
    Act, EndReason, Job, Lead, Method, Outcome, Request, SettingFault, Settings, Step, Test,
    crm::{
        Crm, Dialogue, FromSettings, Names, Reader, Remote, Stop, Vendor, dead, email, has_place, id_of,
        lifts_refusals, segment, tested,
    },
};

const URL: &str = "https://api.brevo.com/v3";
const SWITCHES: [Channel; 2] = [Channel::Email, Channel::Sms];

static VENDOR: Vendor = Vendor {
    name: "brevo",
    codes: &[
        "invalid_parameter",
        "missing_parameter",
        "out_of_range",
        "campaign_processing",
        "campaign_sent",
        "document_not_found",
        "not_enough_credits",
        "permission_denied",
        "duplicate_parameter",
        "duplicate_request",
        "method_not_allowed",
        "unauthorized",
        "account_under_validation",
        "not_acceptable",
        "bad_request",
        "unprocessable_entity",
    ],
    code: |answer| answer["code"].as_str().map(str::to_owned),
    // Brevo names fields only within its sentence: `Invalid phone number, SMS …`, `attributes.COMPANY is …`
    fields: |answer| {
        let sentence = answer["message"].as_str().unwrap_or_default();
        let words = sentence.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        words.map(str::to_owned).collect()
    },
    wait: Some("x-sib-ratelimit-reset"),
};

#[derive(Debug)]
pub(super) struct Brevo;

#[derive(Debug)]
pub(super) struct Options {
    list: u64,
    stop: Stop,
    names: Names,
    reference: String,
    key: String,
}

impl FromSettings for Options {
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>> {
        let mut reader = Reader::new(settings);
        reader.host(|host, path| host == "api.brevo.com" && path == "/v3", URL);
        let names = reader.names(is_attribute, "the name of a contact attribute, such as `FIRSTNAME`");
        if names.reference.is_none() && !settings.options.contains_key("reference") {
            reader.fault(
                "/options/reference",
                "missing: the name of a text attribute that only Candor writes, such as `CANDOR_ID`",
            );
        }
        let options = Self {
            list: reader.number("list", "the id of the list of this purpose"),
            stop: reader.stop(),
            reference: names.reference.clone().unwrap_or_default(),
            names,
            key: reader.secret("key", "an API key of the account"),
        };
        reader.finish(options)
    }
}

impl Options {
    fn signed(&self, request: Request) -> Request {
        request.header("api-key", self.key.clone())
    }

    fn sent(&self) -> Vec<&str> {
        let mut names = self.names.all();
        names.extend([
            "email",
            "EMAIL",
            "listIds",
            "unlinkListIds",
            "emailBlacklisted",
            "smsBlacklisted",
        ]);
        names
    }
}

/// Attributes are written in capitals; EMAIL is the address itself, which is sent in any case.
fn is_attribute(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    (1..=50).contains(&text.len()) && text.chars().all(fits) && text != "EMAIL"
}

fn contact_path(id: &str) -> String {
    format!("/contacts/{id}?identifierType=contact_id")
}

impl Crm for Brevo {
    type Options = Options;
    const VENDOR: &'static Vendor = &VENDOR;
    const URL: Option<&'static str> = Some(URL);

    fn tell(job: &Job<'_>, options: &Options, lead: &Lead, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        has_place(&VENDOR, &options.names, lead.channel, &SWITCHES)?;
        let address = email(&VENDOR, lead)?;
        let mut document = Map::from_iter([("listIds".to_owned(), json!([options.list]))]);
        if lifts_refusals(job, lead)
            && options.stop == Stop::All
            && let Some(switch) = switch_of(lead.channel.as_str())
        {
            document.insert(switch.into(), false.into());
        }
        let attributes = options.names.of_lead(job, lead);
        if let Some(remote) = job.told.remote.as_deref().map(Remote::parse) {
            let done = update(
                options,
                &remote,
                address,
                (attributes.clone(), document.clone()),
                &mut dialogue,
            )?;
            if done {
                return Ok(Remote::new(remote.id, lead.channel.as_str()).done());
            }
        }
        document.insert("email".into(), address.into());
        document.insert("attributes".into(), attributes.into());
        document.insert("updateEnabled".into(), true.into());
        let answer = dialogue.ask(options.signed(Request::json(Method::Post, "/contacts", &document.into())))?;
        VENDOR.good(answer, dialogue.now, &options.sent())?;
        let id = match id_of(&answer.json()["id"]) {
            Some(id) => id,
            // 204: there was one of this address already, and its id is not in the answer.
            None => find(job, options, &mut dialogue)?.ok_or_else(|| dead("brevo named no id of the contact"))?,
        };
        Ok(Remote::new(id, lead.channel.as_str()).done())
    }

    fn end(job: &Job<'_>, options: &Options, reason: EndReason, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let remote = match &job.told.remote {
            Some(remote) => Some(Remote::parse(remote)),
            None => find(job, options, &mut dialogue)?.map(|id| Remote::new(id, Channel::Email.as_str())),
        };
        let Some(remote) = remote else {
            return Ok(Outcome::Done { remote: None });
        };
        let path = contact_path(&remote.id);
        if reason.act() == Act::Erase {
            let answer = dialogue.ask(options.signed(Request::bare(Method::Delete, path)))?;
            VENDOR.good_or_absent(answer, dialogue.now, &[])?;
            return Ok(Outcome::Done { remote: None });
        }
        let mut document = json!({"unlinkListIds": [options.list], "attributes": options.names.of_end(reason)});
        if let Some(switch) = switch_of(&remote.note).filter(|_| options.stop == Stop::All) {
            document[switch] = true.into();
        }
        let answer = dialogue.ask(options.signed(Request::json(Method::Put, path, &document)))?;
        VENDOR.good_or_absent(answer, dialogue.now, &options.sent())?;
        Ok(remote.done())
    }

    fn test(test: &Test<'_>, options: &Options, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let request = options.signed(Request::bare(Method::Get, format!("/contacts/lists/{}", options.list)));
        dialogue.ask(request).and_then(|answer| tested(&VENDOR, answer, test))
    }
}

/// Changes the contact that is known; false where it is there no more. An address that is written anew would lift the
/// blocklist, so it is written only where it differs, and a contact that was blocklisted stays so.
fn update(
    options: &Options,
    remote: &Remote,
    address: &str,
    (mut attributes, mut document): (Map<String, Value>, Map<String, Value>),
    dialogue: &mut Dialogue<'_>,
) -> Result<bool, Step> {
    let path = contact_path(&remote.id);
    let answer = dialogue.ask(options.signed(Request::bare(Method::Get, path.clone())))?;
    let Some(answer) = VENDOR.good_or_absent(answer, dialogue.now, &[])? else {
        return Ok(false);
    };
    let held = answer.json();
    // Brevo writes addresses in lower case.
    let is_held = held["email"]
        .as_str()
        .is_some_and(|held| held.eq_ignore_ascii_case(address));
    if !is_held {
        attributes.insert("EMAIL".into(), address.into());
        let was_blocked = held["emailBlacklisted"].as_bool().unwrap_or_default();
        document.entry("emailBlacklisted").or_insert(was_blocked.into());
    }
    document.insert("attributes".into(), attributes.into());
    let answer = dialogue.ask(options.signed(Request::json(Method::Put, path, &document.into())))?;
    Ok(VENDOR.good_or_absent(answer, dialogue.now, &options.sent())?.is_some())
}

/// Brevo's own switch of a channel; there are two.
fn switch_of(channel: &str) -> Option<&'static str> {
    match channel {
        "email" => Some("emailBlacklisted"),
        "sms" => Some("smsBlacklisted"),
        _ => None,
    }
}

/// The id of the contact whose attribute holds the pairwise id.
fn find(job: &Job<'_>, options: &Options, dialogue: &mut Dialogue<'_>) -> Result<Option<String>, Step> {
    let filter = format!("equals({},\"{}\")", options.reference, job.message.subject);
    let path = format!("/contacts?limit=1&filter={}", segment(&filter));
    let answer = dialogue.ask(options.signed(Request::bare(Method::Get, path)))?;
    VENDOR.good(answer, dialogue.now, &[&options.reference])?;
    Ok(id_of(&answer.json()["contacts"][0]["id"]))
}
