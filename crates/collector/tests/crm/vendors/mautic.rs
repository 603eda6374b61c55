//! Mautic: contacts found by their address, those who must not be contacted, one segment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::double::{self, Account, Call, Double, Refusal, Reply};

pub(crate) const CLIENT: (&str, &str) = ("1_5ad6fa7asfs8fa7", "adf8asf7sf54asf3");
const TOKEN: &str = "ODk3NmI3";
const FIELDS: [&str; 5] = ["firstname", "position", "candor_id", "candor_state", "candor_until"];

#[derive(Debug, Default, Clone)]
pub(crate) struct Contact {
    pub(crate) fields: Map<String, Value>,
    /// By channel: reason and comment.
    pub(crate) refusals: BTreeMap<String, (u64, String)>,
    pub(crate) segments: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Mautic {
    pub(crate) contacts: BTreeMap<u64, Contact>,
    next: u64,
}

pub(crate) type Shared = double::Shared<Mautic>;

pub(crate) fn double(shared: &Shared) -> Double {
    Double::new(include_str!("../shapes/mautic.json"), shared.clone())
}

fn error(status: u16, message: &str, details: &Value) -> Reply {
    Reply::new(
        status,
        json!({"errors": [{"code": status, "message": message, "details": details}]}),
    )
}

fn not_found() -> Reply {
    error(404, "Item was not found.", &json!([]))
}

impl Account for Shared {
    fn refuse(&self, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoSuchOperation => not_found(),
            Refusal::Unauthorized => Reply::new(
                401,
                json!({"errors": [{"message": "API authorization denied.", "code": 401, "type": "access_denied"}]}),
            ),
            Refusal::Invalid(field, why) => error(400, &format!("{field}: {why}"), &json!({field.as_str(): [why]})),
        }
    }

    fn act(&mut self, call: &Call<'_>) -> Reply {
        if call.operation == "token" {
            return match (call.body["client_id"].as_str(), call.body["client_secret"].as_str()) {
                (Some(id), Some(secret)) if (id, secret) == CLIENT => Reply::new(
                    200,
                    json!({"access_token": TOKEN, "expires_in": 3600, "token_type": "bearer", "scope": ""}),
                ),
                _ => Reply::new(
                    400,
                    json!({"error": "invalid_client", "error_description": "The client credentials are invalid"}),
                ),
            };
        }
        if ![format!("Bearer {TOKEN}"), "Basic Y2FuZG9yOnNlY3JldA==".to_owned()].contains(&call.authorization) {
            return self.refuse(&Refusal::Unauthorized);
        }
        let mut account = self.look();
        let id = || call.path["id"].parse::<u64>().unwrap_or_default();
        match call.operation {
            "fields" => Reply::new(200, json!({"total": 1, "fields": {}})),
            "create" => account.create(&call.body),
            "edit" => account.edit(id(), &call.body),
            "find" => account.find(&call.query),
            "delete" => match account.contacts.remove(&id()) {
                Some(_) => Reply::new(200, json!({"contact": {"id": null}})),
                None => not_found(),
            },
            "dnc-add" | "dnc-remove" | "segment-add" | "segment-remove" => account.switch(id(), call),
            other => panic!("{other}"),
        }
    }
}

impl Mautic {
    fn create(&mut self, body: &Value) -> Reply {
        let known = self
            .contacts
            .iter()
            .find(|(_, held)| held.fields.get("email") == Some(&body["email"]));
        let id = known.map(|(id, _)| *id).unwrap_or_else(|| {
            self.next += 1;
            46 + self.next
        });
        self.contacts.entry(id).or_default();
        let mut reply = self.edit(id, body);
        if reply.status == 200 {
            reply.status = 201;
        } else if self.contacts[&id].fields.is_empty() {
            self.contacts.remove(&id);
        }
        reply
    }

    fn edit(&mut self, id: u64, body: &Value) -> Reply {
        let Some(held) = self.contacts.get_mut(&id) else {
            return not_found();
        };
        let overwrites = body["overwriteWithBlank"] == true;
        let mut fields = held.fields.clone();
        for (name, value) in body
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "overwriteWithBlank")
        {
            if name != "email" && !FIELDS.contains(&name.as_str()) {
                let message = format!("{name}: This form should not contain extra fields.");
                return error(
                    400,
                    &message,
                    &json!({name.as_str(): ["This form should not contain extra fields."]}),
                );
            }
            if *value != "" || overwrites {
                fields.insert(name.clone(), value.clone());
            }
        }
        held.fields = fields;
        Reply::new(200, json!({"contact": {"id": id, "fields": {"all": held.fields}}}))
    }

    fn find(&self, query: &BTreeMap<String, String>) -> Reply {
        let (name, value) = (&query["where[0][col]"], json!(query["where[0][val]"]));
        let found = self
            .contacts
            .iter()
            .filter(|(_, held)| held.fields.get(name) == Some(&value));
        let found: Map<String, Value> = found.map(|(id, _)| (id.to_string(), json!({"id": id}))).collect();
        // PHP writes an empty list for an empty object.
        let contacts = if found.is_empty() { json!([]) } else { json!(found) };
        Reply::new(200, json!({"total": found.len().to_string(), "contacts": contacts}))
    }

    fn switch(&mut self, id: u64, call: &Call<'_>) -> Reply {
        let Some(held) = self.contacts.get_mut(&id) else {
            return not_found();
        };
        match call.operation {
            "dnc-add" => {
                let reason = call.body["reason"].as_u64().unwrap_or(3);
                let comment = call.body["comments"].as_str().unwrap_or_default().to_owned();
                held.refusals.insert(call.path["channel"].clone(), (reason, comment));
            }
            "dnc-remove" => drop(held.refusals.remove(&call.path["channel"])),
            "segment-add" => drop(held.segments.insert(call.path["segment"].clone())),
            _ => drop(held.segments.remove(&call.path["segment"])),
        }
        Reply::new(200, json!({"success": 1, "contact": {"id": id}}))
    }
}
