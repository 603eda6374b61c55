//! HubSpot: the contact by the CRM API, what was agreed to by the forms API (`legalConsentOptions`), its end by the
//! communication preferences, an erasure by the GDPR delete.
//! Refuses to erase by e-mail address: HubSpot would keep an unknown one on a list of blocked addresses.
//! Shapes: <https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/batch/upsert-contacts>,
//! <https://developers.hubspot.com/docs/methods/forms/submit_form_v3>,
//! <https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/gdpr/gdpr-delete-contact>.

use candor_record::term::{Basis, Channel};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    Act, Answer, EndReason, Job, Lead, Method, Outcome, Request, SettingFault, Settings, Step, Test,
    crm::{
        Crm, Dialogue, FromSettings, Names, Reader, Remote, Vendor, dead, email, has_place, id_of, is_own_machine,
        tested, texts, unknown,
    },
};

const URL: &str = "https://api.hubapi.com";
const FORMS_URL: &str = "https://api.hsforms.com";
const CONTACTS: &str = "/crm/v3/objects/contacts";
/// A submission may be dated back by a month, no more.
const BACKDATED: SignedDuration = SignedDuration::from_hours(28 * 24);
/// What was written is found by a search some moments later; after that time, what is not found is not there.
const SEARCHABLE: SignedDuration = SignedDuration::from_mins(10);
/// No subscription to end: the purpose does not write e-mails.
const NO_SUBSCRIPTION: &str = "-";

static VENDOR: Vendor = Vendor {
    name: "hubspot",
    codes: &[
        "VALIDATION_ERROR",
        "CONFLICT",
        "OBJECT_NOT_FOUND",
        "INVALID_AUTHENTICATION",
        "MISSING_SCOPES",
        "BAD_REQUEST",
        "INVALID_EMAIL",
        "BLOCKED_EMAIL",
        "REQUIRED_FIELD",
        "FORM_NOT_FOUND",
        "INPUT_TOO_LARGE",
    ],
    code: |answer| {
        let of_form = answer["errors"][0]["errorType"].as_str();
        answer["category"].as_str().or(of_form).map(str::to_owned)
    },
    fields: |answer| {
        let errors = &answer["errors"];
        let mut named = texts(errors, "in");
        let contexts = errors
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| &error["context"]["propertyName"]);
        named.extend(contexts.flat_map(|names| match names {
            Value::String(name) => vec![name.clone()],
            Value::Array(names) => names.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }));
        // The forms API names a field in a sentence: `Error in 'fields.email'. …`
        named.extend(texts(errors, "message").iter().filter_map(|text| {
            let (_, rest) = text.split_once("'fields.")?;
            rest.split_once('\'').map(|(name, _)| name.to_owned())
        }));
        named
    },
    wait: None,
};

#[derive(Debug)]
pub(super) struct Hubspot;

#[derive(Debug)]
pub(super) struct Options {
    portal: u64,
    form: String,
    subscription: u64,
    forms_url: String,
    names: Names,
    token: String,
}

impl FromSettings for Options {
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>> {
        let mut reader = Reader::new(settings);
        reader.host(
            |host, path| path.is_empty() && is_regional(host, "hubapi.com"),
            "https://api.hubapi.com, or that of your region, https://api-eu1.hubapi.com",
        );
        let options = Self {
            portal: reader.number("portal", "the Hub ID of the account"),
            form: reader.text("form", is_guid, "the GUID of the form that the submissions belong to"),
            subscription: reader.number("subscription", "the id of the subscription type of this purpose"),
            forms_url: reader
                .optional(
                    "forms_url",
                    is_forms_url,
                    "https://api.hsforms.com, or that of your region, https://api-eu1.hsforms.com",
                )
                .unwrap_or_else(|| FORMS_URL.to_owned()),
            names: reader.names(
                is_property,
                "the internal name of a contact property, such as `jobtitle`",
            ),
            token: reader.secret("token", "the access token of a private app"),
        };
        reader.finish(options)
    }
}

impl Options {
    fn signed(&self, request: Request) -> Request {
        request.header("authorization", format!("Bearer {}", self.token))
    }

    fn post(&self, path: &str, document: &Value) -> Request {
        self.signed(Request::json(Method::Post, path, document))
    }
}

fn is_regional(host: &str, domain: &str) -> bool {
    let label = host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.'));
    match label.and_then(|label| label.strip_prefix("api")) {
        Some("") => true,
        Some(region) => {
            let region = region.strip_prefix('-').unwrap_or_default().as_bytes();
            matches!(region, [a, b, n] if a.is_ascii_lowercase() && b.is_ascii_lowercase() && n.is_ascii_digit())
        }
        None => false,
    }
}

fn is_forms_url(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else {
        return false;
    };
    if text.ends_with('/') {
        return false;
    }
    match url.host() {
        Some(url::Host::Domain(host)) => text == format!("https://{host}") && is_regional(host, "hsforms.com"),
        Some(host) => is_own_machine(&host),
        None => false,
    }
}

fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok() && text.len() == 36
}

fn is_property(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
        && text.len() <= 100
}

impl Crm for Hubspot {
    type Options = Options;
    const VENDOR: &'static Vendor = &VENDOR;
    const URL: Option<&'static str> = Some(URL);

    fn tell(job: &Job<'_>, options: &Options, lead: &Lead, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        has_place(&VENDOR, &options.names, lead.channel, &[Channel::Email])?;
        let id = contact(job, options, lead, &mut dialogue)?;
        let form = format!(
            "{}/submissions/v3/integration/secure/submit/{}/{}",
            options.forms_url, options.portal, options.form
        );
        let submission = submission(job, options, lead)?;
        let answer = dialogue.ask(options.post(&form, &submission))?;
        VENDOR.good(answer, dialogue.now, &["email"])?;
        let note = match lead.channel {
            Channel::Email => legal_basis(lead.basis),
            _ => NO_SUBSCRIPTION,
        };
        Ok(Remote::new(id, note).done())
    }

    fn end(job: &Job<'_>, options: &Options, reason: EndReason, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let Some(remote) = known(job, options, &mut dialogue)? else {
            return Ok(Outcome::Done { remote: None });
        };
        if reason.act() == Act::Erase {
            let document = json!({"objectId": remote.id});
            let answer = dialogue.ask(options.post(&format!("{CONTACTS}/gdpr-delete"), &document))?;
            VENDOR.good_or_absent(answer, dialogue.now, &[])?;
            return Ok(Outcome::Done { remote: None });
        }
        if remote.note != NO_SUBSCRIPTION {
            // The address is read from HubSpot itself: it is not kept here for this.
            let path = format!("{CONTACTS}/{}?properties=email", remote.id);
            let answer = dialogue.ask(options.signed(Request::bare(Method::Get, path)))?;
            let Some(answer) = VENDOR.good_or_absent(answer, dialogue.now, &[])? else {
                return Ok(Outcome::Done { remote: None });
            };
            if let Some(address) = answer.json()["properties"]["email"].as_str() {
                unsubscribe(options, &remote, address, reason, &mut dialogue)?;
            }
        }
        let state = options.names.of_end(reason);
        if !state.is_empty() {
            let path = format!("{CONTACTS}/{}", remote.id);
            let document = json!({"properties": state});
            let answer = dialogue.ask(options.signed(Request::json(Method::Patch, path, &document)))?;
            VENDOR.good_or_absent(answer, dialogue.now, &options.names.all())?;
        }
        Ok(remote.done())
    }

    fn test(test: &Test<'_>, options: &Options, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let request = options.signed(Request::bare(Method::Get, "/account-info/v3/details"));
        let answer = dialogue.ask(request)?;
        tested(&VENDOR, answer, test)?;
        match answer.json()["portalId"].as_u64() {
            Some(portal) if portal == options.portal => Ok(Outcome::Done { remote: None }),
            _ => Err(dead("the token belongs to another account than the option portal")),
        }
    }

    fn other_urls(options: &Options) -> Vec<String> {
        vec![options.forms_url.clone()]
    }
}

/// The contact with the values of this purpose: the one that is known, or the one of this address, or a new one.
fn contact(job: &Job<'_>, options: &Options, lead: &Lead, dialogue: &mut Dialogue<'_>) -> Result<String, Step> {
    let address = email(&VENDOR, lead)?;
    let mut properties = options.names.of_lead(job, lead);
    properties.insert("email".into(), address.into());
    let mut sent = options.names.all();
    sent.push("email");
    if let Some(remote) = job.told.remote.as_deref().map(Remote::parse) {
        let path = format!("{CONTACTS}/{}", remote.id);
        let document = json!({"properties": properties});
        let answer = dialogue.ask(options.signed(Request::json(Method::Patch, path, &document)))?;
        if VENDOR.good_or_absent(answer, dialogue.now, &sent)?.is_some() {
            return Ok(remote.id);
        }
    }
    let input = json!({"id": address, "idProperty": "email", "properties": properties});
    let path = format!("{CONTACTS}/batch/upsert");
    let answer = dialogue.ask(options.post(&path, &json!({"inputs": [input]})))?;
    VENDOR.good(answer, dialogue.now, &sent)?;
    whole(answer, &sent)?;
    id_of(&answer.json()["results"][0]["id"]).ok_or_else(|| dead("hubspot named no id of the contact"))
}

/// The submission that says what was agreed to, in the words that the person read.
fn submission(job: &Job<'_>, options: &Options, lead: &Lead) -> Result<Value, Step> {
    let text = &lead.statement;
    let subscription = json!({"value": true, "subscriptionTypeId": options.subscription, "text": text});
    let legal = match lead.basis {
        Basis::Consent | Basis::ExplicitConsent => {
            let writes = lead.channel == Channel::Email;
            let communications = if writes { vec![subscription] } else { Vec::new() };
            json!({"consent": {"consentToProcess": true, "text": text, "communications": communications}})
        }
        basis => json!({"legitimateInterest": {
            "value": true,
            "subscriptionTypeId": options.subscription,
            "legalBasis": if basis == Basis::SoftOptIn { "CUSTOMER" } else { "LEAD" },
            "text": text,
        }}),
    };
    let mut document = json!({
        "fields": [{"objectTypeId": "0-1", "name": "email", "value": email(&VENDOR, lead)?}],
        "legalConsentOptions": legal,
    });
    if job.now.duration_since(lead.since) < BACKDATED {
        document["submittedAt"] = lead.since.as_millisecond().to_string().into();
    }
    Ok(document)
}

/// The same basis as the communication preferences spell it.
fn legal_basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Consent | Basis::ExplicitConsent => "CONSENT_WITH_NOTICE",
        Basis::SoftOptIn => "LEGITIMATE_INTEREST_CLIENT",
        Basis::LegitimateInterest => "LEGITIMATE_INTEREST_PQL",
        Basis::PreContract | Basis::Contract | Basis::LegalObligation => "PERFORMANCE_OF_CONTRACT",
    }
}

fn unsubscribe(
    options: &Options,
    remote: &Remote,
    address: &str,
    reason: EndReason,
    dialogue: &mut Dialogue<'_>,
) -> Result<(), Step> {
    let basis = if remote.note.is_empty() {
        "CONSENT_WITH_NOTICE"
    } else {
        &remote.note
    };
    let input = json!({
        "subscriberIdString": address,
        "channel": "EMAIL",
        "subscriptionId": options.subscription,
        "statusState": "UNSUBSCRIBED",
        "legalBasis": basis,
        "legalBasisExplanation": format!("Candor: {}", reason.as_str()),
    });
    let path = "/communication-preferences/v4/statuses/batch/write";
    let answer = dialogue.ask(options.post(path, &json!({"inputs": [input]})))?;
    VENDOR.good(answer, dialogue.now, &["subscriptionId", "legalBasis"])?;
    whole(answer, &["subscriptionId"])
}

/// A batch is 200 or 207 also where its one entry failed.
fn whole(answer: &Answer, sent: &[&str]) -> Result<(), Step> {
    let json = answer.json();
    if json["numErrors"].as_u64().unwrap_or_default() > 0 {
        return Err(dead(VENDOR.sentence(answer.status, &json["errors"][0], sent)));
    }
    Ok(())
}

/// The contact by the id that HubSpot named, or by the pairwise id in the property `reference`.
fn known(job: &Job<'_>, options: &Options, dialogue: &mut Dialogue<'_>) -> Result<Option<Remote>, Step> {
    if let Some(remote) = &job.told.remote {
        return Ok(Some(Remote::parse(remote)));
    }
    let Some(reference) = &options.names.reference else {
        return Err(unknown(&VENDOR));
    };
    let filter = json!({"propertyName": reference, "operator": "EQ", "value": job.message.subject.to_string()});
    let document = json!({"filterGroups": [{"filters": [filter]}], "properties": ["email"], "limit": 1});
    let answer = dialogue.ask(options.post(&format!("{CONTACTS}/search"), &document))?;
    VENDOR.good(answer, dialogue.now, &[reference])?;
    match id_of(&answer.json()["results"][0]["id"]) {
        Some(id) => Ok(Some(Remote::new(id, ""))),
        None if job.now.duration_since(job.message.at) < SEARCHABLE => Err(Step::End(Outcome::Retry { after: None })),
        None => Ok(None),
    }
}
