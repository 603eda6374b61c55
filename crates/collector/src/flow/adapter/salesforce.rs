//! Salesforce: the Lead, and for its consent an Individual with a ContactPointTypeConsent, in one composite request that is
//! carried out whole or not at all. All three are found by the pairwise id in an external id field, so nothing has to be
//! remembered. The lead's own opt-outs follow (`HasOptedOutOfEmail`, `DoNotCall`).
//! Refuses to delete before it has overwritten: what Salesforce deletes lies in its recycle bin for fifteen days.
//! Shapes: <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm>,
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm>,
//! <https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-contactpointtypeconsent.html>.

use candor_record::term::Channel;
use serde_json::{Map, Value, json};

use super::{
    Act, EndReason, Job, Lead, Method, Outcome, Request, Step, Test,
    crm::{Crm, Dialogue, Remote, Vendor, dead, has_place, lifts_refusals, texts},
};

mod options;

use self::options::Options;

/// Summer '24: the first in which a PATCH by external id can be told not to create.
const OBJECTS: &str = "/services/data/v61.0/sobjects";
const COMPOSITE: &str = "/services/data/v61.0/composite";
const SWITCHES: [Channel; 5] = [
    Channel::Email,
    Channel::Phone,
    Channel::Sms,
    Channel::Post,
    Channel::Messaging,
];
/// A Lead must have a last name and a company; this stands where the person gave none.
const NOT_GIVEN: &str = "(not given)";
/// What is left of an erased one, until the recycle bin is emptied.
const ERASED: &str = "(erased)";

static VENDOR: Vendor = Vendor {
    name: "salesforce",
    codes: &[
        "REQUIRED_FIELD_MISSING",
        "INVALID_FIELD",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_EMAIL_ADDRESS",
        "STRING_TOO_LONG",
        "DUPLICATES_DETECTED",
        "DUPLICATE_VALUE",
        "ENTITY_IS_DELETED",
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_CROSS_REFERENCE_KEY",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INVALID_TYPE",
        "NOT_FOUND",
        "MALFORMED_ID",
        "JSON_PARSER_ERROR",
        "PROCESSING_HALTED",
        "UNABLE_TO_LOCK_ROW",
        "REQUEST_LIMIT_EXCEEDED",
        "API_DISABLED_FOR_ORG",
    ],
    code: |answer| answer[0]["errorCode"].as_str().map(str::to_owned),
    fields: |answer| {
        let fields = answer[0]["fields"].as_array().into_iter().flatten();
        let mut named: Vec<String> = fields.filter_map(|it| it.as_str().map(str::to_owned)).collect();
        // `No such column 'Foo__c' on sobject of type Lead`
        named.extend(texts(answer, "message").iter().flat_map(|text| {
            let quoted = text.split('\'').skip(1).step_by(2);
            quoted.map(str::to_owned).collect::<Vec<_>>()
        }));
        named
    },
    wait: None,
};

#[derive(Debug)]
pub(super) struct Salesforce;

impl Crm for Salesforce {
    type Options = Options;
    const VENDOR: &'static Vendor = &VENDOR;

    fn tell(job: &Job<'_>, options: &Options, lead: &Lead, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        has_place(&VENDOR, &options.names, lead.channel, &SWITCHES)?;
        let properties = lead_properties(job, options, lead);
        let parts = if options.consents {
            let mut properties = properties;
            properties.insert("IndividualId".into(), "@{individual.id}".into());
            let name = properties.get("LastName").cloned().unwrap_or_default();
            vec![
                part(
                    "PATCH",
                    options.record("Individual", job),
                    "individual",
                    Some(json!({"LastName": name})),
                ),
                part("PATCH", options.record("Lead", job), "lead", Some(properties.into())),
                part(
                    "PATCH",
                    options.record("ContactPointTypeConsent", job),
                    "consent",
                    Some(consent(job, options, lead)),
                ),
            ]
        } else {
            vec![part(
                "PATCH",
                options.record("Lead", job),
                "lead",
                Some(properties.into()),
            )]
        };
        let answers = composite(options, &mut dialogue, &parts, true)?;
        judge(options, &answers, false)?;
        Ok(Remote::new("external", lead.channel.as_str()).done())
    }

    fn end(job: &Job<'_>, options: &Options, reason: EndReason, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let objects: &[&str] = if options.consents {
            &["ContactPointTypeConsent", "Lead", "Individual"]
        } else {
            &["Lead"]
        };
        // Never creates what somebody deleted there.
        let lead = format!("{}?updateOnly=true", options.record("Lead", job));
        if reason.act() == Act::Erase {
            let mut parts = vec![part("PATCH", lead, "overwrite", Some(erased(options)))];
            if options.consents {
                // Its name is the person's.
                let individual = format!("{}?updateOnly=true", options.record("Individual", job));
                parts.push(part(
                    "PATCH",
                    individual,
                    "overwriteIndividual",
                    Some(json!({"LastName": ERASED})),
                ));
            }
            for object in objects {
                parts.push(part(
                    "DELETE",
                    options.record(object, job),
                    &format!("delete{object}"),
                    None,
                ));
            }
            let answers = composite(options, &mut dialogue, &parts, false)?;
            judge(options, &answers, true)?;
            return Ok(Outcome::Done { remote: None });
        }
        let remote = Remote::parse(job.told.remote.as_deref().unwrap_or("external email"));
        let mut properties = options.names.of_end(reason);
        if let Some(switch) = switch_of(&remote.note) {
            properties.insert(switch.into(), true.into());
        }
        let mut parts = vec![part("PATCH", lead, "lead", Some(properties.into()))];
        if options.consents {
            let consent = format!("{}?updateOnly=true", options.record("ContactPointTypeConsent", job));
            let ended = json!({"PrivacyConsentStatus": "OptOut", "EffectiveTo": format!("{:.3}", job.message.at)});
            parts.push(part("PATCH", consent, "consent", Some(ended)));
        }
        let answers = composite(options, &mut dialogue, &parts, false)?;
        judge(options, &answers, true)?;
        Ok(remote.done())
    }

    fn test(test: &Test<'_>, options: &Options, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let token = token(options, &mut dialogue)?;
        let request = Request::bare(Method::Get, format!("{OBJECTS}/Lead/describe"));
        let answer = dialogue.ask(request.header("authorization", token))?;
        VENDOR.good(answer, test.now, &[])?;
        let fields = &answer.json()["fields"];
        let wanted = options.names.all().into_iter().chain([options.external.as_str()]);
        let known = texts(fields, "name");
        let lacking: Vec<&str> = wanted.filter(|name| !known.iter().any(|it| it == name)).collect();
        match lacking.as_slice() {
            [] => Ok(Outcome::Done { remote: None }),
            lacking => Err(dead(format!("Lead has no field {}", lacking.join(", ")))),
        }
    }
}

/// The header of an access token, by the client credentials flow: one for each attempt, so none is kept.
fn token(options: &Options, dialogue: &mut Dialogue<'_>) -> Result<String, Step> {
    let (id, secret) = &options.client;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", id)
        .append_pair("client_secret", secret)
        .finish();
    let mut request = Request::bare(Method::Post, "/services/oauth2/token");
    request.body = body.into_bytes();
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = dialogue.ask(request)?;
    match answer.status {
        // `invalid_client`, `inactive_user`: somebody may mend it while the schedule lasts.
        400..=403 => Err(Step::End(Outcome::Retry { after: None })),
        _ => {
            VENDOR.good(answer, dialogue.now, &[])?;
            let token = answer.json()["access_token"]
                .as_str()
                .map(|token| format!("Bearer {token}"));
            token.ok_or_else(|| dead("salesforce gave no access token"))
        }
    }
}

/// Several requests as one, with an access token of its own.
fn composite(
    options: &Options,
    dialogue: &mut Dialogue<'_>,
    requests: &[Value],
    whole: bool,
) -> Result<Vec<(u16, Value)>, Step> {
    let token = token(options, dialogue)?;
    let document = json!({"allOrNone": whole, "compositeRequest": requests});
    let request = Request::json(Method::Post, COMPOSITE, &document).header("authorization", token);
    let answer = dialogue.ask(request)?;
    // A limit of the org is told as 403.
    if answer.status == 403 && answer.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED" {
        return Err(Step::End(Outcome::Retry {
            after: answer.retry_after(dialogue.now),
        }));
    }
    VENDOR.good(answer, dialogue.now, &[])?;
    let json = answer.json();
    let parts = json["compositeResponse"].as_array().into_iter().flatten();
    let parts: Vec<(u16, Value)> = parts
        .map(|part| {
            let status = part["httpStatusCode"]
                .as_u64()
                .and_then(|status| u16::try_from(status).ok());
            (status.unwrap_or_default(), part["body"].clone())
        })
        .collect();
    if parts.len() != requests.len() {
        return Err(dead("salesforce answered another number of requests than were asked"));
    }
    Ok(parts)
}

/// The first part that failed, but for those that only stopped because another one did.
fn judge(options: &Options, parts: &[(u16, Value)], absent_is_good: bool) -> Result<(), Step> {
    let good = |status: u16| (200..300).contains(&status) || (absent_is_good && status == 404);
    let halted = |body: &Value| body[0]["errorCode"] == "PROCESSING_HALTED";
    let failed = parts.iter().find(|(status, body)| !good(*status) && !halted(body));
    match failed {
        None => Ok(()),
        Some((_, body)) if body[0]["errorCode"] == "UNABLE_TO_LOCK_ROW" => {
            Err(Step::End(Outcome::Retry { after: None }))
        }
        Some((status, body)) => Err(dead(VENDOR.sentence(*status, body, &options.sent()))),
    }
}

fn part(method: &str, url: String, reference: &str, body: Option<Value>) -> Value {
    let mut part = json!({"method": method, "url": url, "referenceId": reference});
    if let Some(body) = body {
        part["body"] = body;
    }
    part
}

fn lead_properties(job: &Job<'_>, options: &Options, lead: &Lead) -> Map<String, Value> {
    let mut properties = options.names.of_lead(job, lead);
    // An empty field is null here.
    for value in properties.values_mut().filter(|value| *value == "") {
        *value = Value::Null;
    }
    for (name, kind) in [
        ("Email", "email"),
        ("LastName", "family-name"),
        ("Company", "organization"),
    ] {
        let is_named = properties.get(name).is_some_and(|value| !value.is_null());
        if !is_named && let Some(value) = lead.of_kind(kind) {
            properties.insert(name.into(), value.into());
        }
    }
    for required in ["LastName", "Company"] {
        let value = properties.entry(required).or_insert(Value::Null);
        if value.is_null() {
            *value = NOT_GIVEN.into();
        }
    }
    if lifts_refusals(job, lead)
        && let Some(switch) = switch_of(lead.channel.as_str())
    {
        properties.insert(switch.into(), false.into());
    }
    properties
}

fn consent(job: &Job<'_>, options: &Options, lead: &Lead) -> Value {
    let mut consent = json!({
        "Name": format!("{} ({})", job.message.purpose.as_str(), lead.basis.as_str()),
        "PartyId": "@{individual.id}",
        "ContactPointType": point(lead.channel),
        "PrivacyConsentStatus": "OptIn",
        "CaptureContactPointType": "Web",
        "CaptureDate": format!("{:.3}", lead.since),
        "CaptureSource": format!("Candor record {}", lead.record),
        "EffectiveFrom": format!("{:.3}", lead.since),
        "EffectiveTo": lead.until.map(|until| format!("{until:.3}")),
    });
    if let Some(purpose) = &options.purpose {
        consent["DataUsePurposeId"] = purpose.as_str().into();
    }
    consent
}

/// The lead's own opt-out of a channel.
fn switch_of(channel: &str) -> Option<&'static str> {
    match channel {
        "email" => Some("HasOptedOutOfEmail"),
        "phone" => Some("DoNotCall"),
        _ => None,
    }
}

/// The restricted picklist of contact points.
fn point(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "Email",
        Channel::Phone | Channel::Sms => "Phone",
        Channel::Post => "MailingAddress",
        Channel::Messaging => "Social",
        Channel::None => "Web",
    }
}

/// Every field that Candor wrote, empty.
fn erased(options: &Options) -> Value {
    let mut empty: Map<String, Value> = options
        .names
        .all()
        .into_iter()
        .map(|name| (name.to_owned(), Value::Null))
        .collect();
    empty.insert("Email".into(), Value::Null);
    for required in ["LastName", "Company"] {
        empty.insert(required.into(), ERASED.into());
    }
    empty.into()
}
