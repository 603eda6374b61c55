//! Mailchimp: the member of one audience, its status and its `marketing_permissions`; deleted for good for an erasure.
//! Refuses to overrule somebody who unsubscribed at Mailchimp: it would answer `Member In Compliance State`, and it is right.
//! Shapes: <https://mailchimp.com/developer/marketing/api/list-members/add-or-update-list-member/>,
//! <https://mailchimp.com/developer/marketing/api/list-members/get-member-info/>,
//! <https://mailchimp.com/developer/marketing/api/list-members/update-list-member/>,
//! <https://mailchimp.com/developer/marketing/api/list-members/delete-list-member/>.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use candor_record::term::Channel;
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};

use super::{
    Act, EndReason, Job, Lead, Method, Outcome, Request, SettingFault, Settings, Step, Test,
    crm::{
        Crm, Dialogue, FromSettings, Names, Reader, Remote, Stop, Vendor, dead, email, id_of, lifts_refusals, tested,
        texts, unknown,
    },
};

static VENDOR: Vendor = Vendor {
    name: "mailchimp",
    codes: &[
        "Member In Compliance State",
        "Forgotten Email Not Subscribed",
        "Member Exists",
        "Invalid Resource",
        "Resource Not Found",
        "Bad Request",
        "JSON Parse Error",
        "Method Not Allowed",
        "Invalid Action",
        "Compliance Related",
        "Too Many Requests",
    ],
    code: |answer| answer["title"].as_str().map(str::to_owned),
    // `merge_fields.COMPANY` is one field here.
    fields: |answer| {
        let named = texts(&answer["errors"], "field");
        let last = |name: &String| name.rsplit('.').next().unwrap_or_default().to_owned();
        named.iter().map(last).collect()
    },
    wait: None,
};

#[derive(Debug)]
pub(super) struct Mailchimp;

#[derive(Debug)]
pub(super) struct Options {
    list: String,
    permission: Option<String>,
    stop: Stop,
    names: Names,
    key: String,
}

impl FromSettings for Options {
    fn read(settings: &Settings) -> Result<Self, Vec<SettingFault>> {
        let mut reader = Reader::new(settings);
        let key = reader.secret(
            "key",
            "an API key of the account, which ends with its data center: `…-us21`",
        );
        // The key's data center is the only one that knows it.
        let center = key
            .rsplit_once('-')
            .map(|(_, center)| center.to_owned())
            .unwrap_or_default();
        if !key.is_empty() && !is_center(&center) {
            reader.fault(
                "/secrets/key",
                "expected a key that ends with its data center: `…-us21`",
            );
        }
        let expected = format!("https://{center}.api.mailchimp.com/3.0, with the data center of the key");
        reader.host(
            |host, path| path == "/3.0" && is_center(&center) && host == format!("{center}.api.mailchimp.com"),
            &expected,
        );
        let id = "ten characters, as Mailchimp shows it";
        let options = Self {
            list: reader.text("list", is_id, &format!("the id of the audience, {id}")),
            permission: reader.optional(
                "permission",
                is_id,
                &format!("the id of the marketing permission, {id}"),
            ),
            stop: reader.stop(),
            names: reader.names(is_tag, "a merge tag, such as `FNAME`"),
            key,
        };
        if options.stop == Stop::Purpose && options.permission.is_none() {
            reader.fault(
                "/options/stop",
                "`purpose` takes back the marketing permission alone: name it in the option permission",
            );
        }
        reader.finish(options)
    }
}

impl Options {
    fn signed(&self, request: Request) -> Request {
        // Any user name does: https://mailchimp.com/developer/marketing/docs/fundamentals/
        let credentials = STANDARD.encode(format!("candor:{}", self.key));
        request.header("authorization", format!("Basic {credentials}"))
    }

    fn member(&self, id: &str) -> String {
        format!("/lists/{}/members/{id}", self.list)
    }

    /// A merge field that the audience requires and the form does not ask for would refuse the lead, and later its end.
    fn written(&self, id: &str) -> String {
        format!("{}?skip_merge_validation=true", self.member(id))
    }

    fn permissions(&self, enabled: bool) -> Option<Value> {
        let permission = self.permission.as_ref()?;
        Some(json!([{"marketing_permission_id": permission, "enabled": enabled}]))
    }

    fn sent(&self) -> Vec<&str> {
        let mut names = self.names.all();
        names.extend([
            "email_address",
            "status",
            "status_if_new",
            "marketing_permissions",
            "marketing_permission_id",
        ]);
        names
    }
}

fn is_center(text: &str) -> bool {
    let digits = text.trim_start_matches(|it: char| it.is_ascii_lowercase());
    (1..text.len()).contains(&digits.len()) && text.len() <= 6 && digits.chars().all(|it| it.is_ascii_digit())
}

fn is_id(text: &str) -> bool {
    text.len() == 10 && text.chars().all(|it| it.is_ascii_digit() || it.is_ascii_lowercase())
}

fn is_tag(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    (1..=10).contains(&text.len()) && text.chars().all(fits) && text != "EMAIL"
}

/// MD5 of the address in lower case: how Mailchimp's paths name a member.
fn subscriber_hash(address: &str) -> String {
    let digest = Md5::digest(address.to_lowercase().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Crm for Mailchimp {
    type Options = Options;
    const VENDOR: &'static Vendor = &VENDOR;

    fn tell(job: &Job<'_>, options: &Options, lead: &Lead, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let address = email(&VENDOR, lead)?;
        // Who may be called but not written to is no subscriber.
        let status = if lead.channel == Channel::Email {
            "subscribed"
        } else {
            "transactional"
        };
        if lead.channel != Channel::Email && options.permission.is_none() && options.names.state.is_none() {
            return Err(dead(format!(
                "mailchimp has no switch for the channel {}: set the option permission, or state",
                lead.channel.as_str()
            )));
        }
        let mut document = Map::from_iter([
            ("email_address".to_owned(), Value::from(address)),
            ("status_if_new".to_owned(), status.into()),
            ("merge_fields".to_owned(), options.names.of_lead(job, lead).into()),
        ]);
        if lifts_refusals(job, lead) {
            if lead.channel == Channel::Email && options.stop == Stop::All {
                document.insert("status".into(), status.into());
            }
            if let Some(permissions) = options.permissions(true) {
                document.insert("marketing_permissions".into(), permissions);
            }
        }
        let id = put(job, options, address, &document.into(), &mut dialogue)?;
        Ok(Remote::new(id, lead.channel.as_str()).done())
    }

    fn end(job: &Job<'_>, options: &Options, reason: EndReason, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let remote = job
            .told
            .remote
            .as_deref()
            .map(Remote::parse)
            .ok_or_else(|| unknown(&VENDOR))?;
        if reason.act() == Act::Erase {
            // What deletes for good is documented for the hash alone.
            let member = format!("{}?fields=id", options.member(&remote.id));
            let answer = dialogue.ask(options.signed(Request::bare(Method::Get, member)))?;
            let Some(answer) = VENDOR.good_or_absent(answer, dialogue.now, &[])? else {
                return Ok(Outcome::Done { remote: None });
            };
            let hash = id_of(&answer.json()["id"]).ok_or_else(|| dead("mailchimp named no id of the member"))?;
            let request = Request::bare(
                Method::Post,
                format!("{}/actions/delete-permanent", options.member(&hash)),
            );
            let answer = dialogue.ask(options.signed(request))?;
            VENDOR.good_or_absent(answer, dialogue.now, &[])?;
            return Ok(Outcome::Done { remote: None });
        }
        let mut document = Map::new();
        if remote.note == Channel::Email.as_str() && options.stop == Stop::All {
            document.insert("status".into(), "unsubscribed".into());
        }
        if let Some(permissions) = options.permissions(false) {
            document.insert("marketing_permissions".into(), permissions);
        }
        let state = options.names.of_end(reason);
        if !state.is_empty() {
            document.insert("merge_fields".into(), state.into());
        }
        let request = Request::json(Method::Patch, options.written(&remote.id), &document.into());
        let answer = dialogue.ask(options.signed(request))?;
        VENDOR.good_or_absent(answer, dialogue.now, &options.sent())?;
        Ok(remote.done())
    }

    fn test(test: &Test<'_>, options: &Options, mut dialogue: Dialogue<'_>) -> Result<Outcome, Step> {
        let request = options.signed(Request::bare(Method::Get, format!("/lists/{}?fields=id", options.list)));
        dialogue.ask(request).and_then(|answer| tested(&VENDOR, answer, test))
    }
}

/// Writes the member that is known, or else the one of this address. The id is the contact's, which stays when the address
/// changes; the hash in the paths does not.
fn put(
    job: &Job<'_>,
    options: &Options,
    address: &str,
    document: &Value,
    dialogue: &mut Dialogue<'_>,
) -> Result<String, Step> {
    let mut write = |id: &str| dialogue.ask(options.signed(Request::json(Method::Put, options.written(id), document)));
    let known = job.told.remote.as_deref().map(Remote::parse);
    let mut answer = match &known {
        Some(remote) => write(&remote.id)?,
        None => write(&subscriber_hash(address))?,
    };
    if known.is_some() && answer.status == 404 {
        answer = write(&subscriber_hash(address))?;
    }
    VENDOR.good(answer, job.now, &options.sent())?;
    id_of(&answer.json()["contact_id"]).ok_or_else(|| dead("mailchimp named no id of the contact"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_as_mailchimp_does() {
        // https://mailchimp.com/developer/marketing/docs/methods-parameters/#path-parameters
        let hash = "62eeb292278cc15f5817cb78f7790b08";
        assert_eq!(subscriber_hash("Urist.McVankab@freddiesjokes.com"), hash);
        assert_eq!(subscriber_hash("urist.mcvankab@freddiesjokes.com"), hash);
    }

    #[test]
    fn data_centers_are_told() {
        for good in ["us1", "us21", "eu2"] {
            assert!(is_center(good), "{good}");
        }
        for bad in ["", "21", "us", "US1", "us1.evil", "us-1", "usus123"] {
            assert!(!is_center(bad), "{bad}");
        }
    }
}
