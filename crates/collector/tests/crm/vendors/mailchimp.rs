//! Mailchimp: the members of one audience. Who unsubscribed there is in compliance state; who was deleted cannot come back.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};

use crate::double::{self, Account, Call, Double, Refusal, Reply};

pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef-us21";
pub(crate) const LIST: &str = "a1b2c3d4e5";
pub(crate) const PERMISSION: &str = "f3beb2ad6d";
const TAGS: [&str; 4] = ["FNAME", "JOB", "CANDOR", "CUNTIL"];

#[derive(Debug, Default, Clone)]
pub(crate) struct Member {
    pub(crate) email: String,
    /// Stays when the address changes.
    pub(crate) contact_id: String,
    pub(crate) status: String,
    pub(crate) permission: bool,
    pub(crate) merge_fields: Map<String, Value>,
    /// They unsubscribed in a letter of Mailchimp's.
    pub(crate) by_themselves: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Mailchimp {
    pub(crate) members: BTreeMap<String, Member>,
    pub(crate) forgotten: Vec<String>,
}

pub(crate) type Shared = double::Shared<Mailchimp>;

pub(crate) fn double(shared: &Shared) -> Double {
    Double::new(include_str!("../shapes/mailchimp.json"), shared.clone())
}

pub(crate) fn hash(email: &str) -> String {
    let digest = Md5::digest(email.to_lowercase().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn error(status: u16, title: &str, detail: &str, errors: &Value) -> Reply {
    let kind = "https://mailchimp.com/developer/marketing/docs/errors/";
    Reply::new(
        status,
        json!({"type": kind, "title": title, "status": status, "detail": detail, "instance": "de82e270", "errors": errors}),
    )
}

impl Account for Shared {
    fn refuse(&self, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoSuchOperation => error(404, "Resource Not Found", "not found", &json!([])),
            Refusal::Unauthorized => error(401, "API Key Invalid", "Your API key may be invalid", &json!([])),
            Refusal::Invalid(field, why) => error(
                400,
                "Invalid Resource",
                "The resource submitted could not be validated.",
                &json!([{"field": field, "message": why}]),
            ),
        }
    }

    fn act(&mut self, call: &Call<'_>) -> Reply {
        let given = call
            .authorization
            .strip_prefix("Basic ")
            .and_then(|text| STANDARD.decode(text).ok());
        let given = given
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default();
        if given.split_once(':').map(|(_, key)| key) != Some(KEY) {
            return self.refuse(&Refusal::Unauthorized);
        }
        if call.path["list"] != LIST {
            return self.refuse(&Refusal::NoSuchOperation);
        }
        let mut account = self.look();
        match call.operation {
            "list" => Reply::new(200, json!({"id": LIST})),
            "put" => account.put(&call.path["id"], &call.body),
            "update" => account.update(&call.path["id"], &call.body),
            "read" => match account.hash_of(&call.path["id"]) {
                Some(hash) => Reply::new(200, json!({"id": hash})),
                None => error(404, "Resource Not Found", "not found", &json!([])),
            },
            "delete" => match account.members.remove(&call.path["id"]) {
                Some(member) => {
                    account.forgotten.push(member.email);
                    Reply::empty()
                }
                None => error(404, "Resource Not Found", "not found", &json!([])),
            },
            other => panic!("{other}"),
        }
    }
}

impl Mailchimp {
    /// A member is named by the hash of the address or by the id of the contact.
    fn hash_of(&self, name: &str) -> Option<String> {
        let found = self
            .members
            .iter()
            .find(|(hash, member)| *hash == name || member.contact_id == name);
        found.map(|(hash, _)| hash.clone())
    }

    fn put(&mut self, id: &str, body: &Value) -> Reply {
        let email = body["email_address"].as_str().expect("an address").to_owned();
        if self.forgotten.contains(&email) {
            let detail = format!("{email} was permanently deleted and cannot be re-imported.");
            return error(400, "Forgotten Email Not Subscribed", &detail, &json!([]));
        }
        if self.hash_of(id).is_none() {
            if id != hash(&email) {
                return error(404, "Resource Not Found", "not found", &json!([]));
            }
            let status = body["status_if_new"].as_str().expect("a status").to_owned();
            let member = Member {
                contact_id: format!("c{}", self.members.len()),
                email,
                status,
                ..Member::default()
            };
            self.members.insert(id.to_owned(), member);
        }
        self.update(id, body)
    }

    fn update(&mut self, id: &str, body: &Value) -> Reply {
        let Some(hash) = self.hash_of(id) else {
            return error(404, "Resource Not Found", "not found", &json!([]));
        };
        let mut member = self.members[&hash].clone();
        for (name, value) in body["merge_fields"].as_object().into_iter().flatten() {
            if !TAGS.contains(&name.as_str()) {
                let field = format!("merge_fields.{name}");
                let errors = json!([{"field": field, "message": "no such merge field"}]);
                return error(400, "Invalid Resource", "could not be validated", &errors);
            }
            member.merge_fields.insert(name.clone(), value.clone());
        }
        if let Some(status) = body["status"].as_str() {
            if member.by_themselves && status == "subscribed" {
                let detail = format!("{} is in a compliance state", member.email);
                return error(400, "Member In Compliance State", &detail, &json!([]));
            }
            status.clone_into(&mut member.status);
        }
        for permission in body["marketing_permissions"].as_array().into_iter().flatten() {
            if permission["marketing_permission_id"] != PERMISSION {
                let errors =
                    json!([{"field": "marketing_permissions.0.marketing_permission_id", "message": "unknown"}]);
                return error(400, "Invalid Resource", "could not be validated", &errors);
            }
            member.permission = permission["enabled"] == true;
        }
        if let Some(email) = body["email_address"].as_str() {
            email.clone_into(&mut member.email);
        }
        self.members.remove(&hash);
        let id = self::hash(&member.email);
        let answer =
            json!({"id": id, "email_address": member.email, "status": member.status, "contact_id": member.contact_id});
        self.members.insert(id, member);
        Reply::new(200, answer)
    }
}
