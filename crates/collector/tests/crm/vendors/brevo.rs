//! Brevo: contacts with attributes, one list, and the blocklist that an address written anew lifts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::double::{self, Account, Call, Double, Refusal, Reply};

pub(crate) const KEY: &str = "xkeysib-0a1b2c3d";
const ATTRIBUTES: [&str; 7] = [
    "EMAIL",
    "FIRSTNAME",
    "JOB_TITLE",
    "SMS",
    "CANDOR_ID",
    "CANDOR_STATE",
    "CANDOR_UNTIL",
];

#[derive(Debug, Default, Clone)]
pub(crate) struct Contact {
    pub(crate) email: String,
    pub(crate) attributes: Map<String, Value>,
    pub(crate) lists: BTreeSet<u64>,
    pub(crate) email_blocked: bool,
    pub(crate) sms_blocked: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Brevo {
    pub(crate) contacts: BTreeMap<u64, Contact>,
    next: u64,
}

pub(crate) type Shared = double::Shared<Brevo>;

pub(crate) fn double(shared: &Shared) -> Double {
    Double::new(include_str!("../shapes/brevo.json"), shared.clone())
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    Reply::new(status, json!({"code": code, "message": message}))
}

impl Account for Shared {
    fn refuse(&self, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoSuchOperation => error(404, "document_not_found", "Not found"),
            Refusal::Unauthorized => error(401, "unauthorized", "Key not found"),
            Refusal::Invalid(field, why) => error(400, "invalid_parameter", &format!("{field} is invalid: {why}")),
        }
    }

    fn act(&mut self, call: &Call<'_>) -> Reply {
        if call.authorization != KEY {
            return self.refuse(&Refusal::Unauthorized);
        }
        let mut account = self.look();
        let id = || call.path["id"].parse::<u64>().unwrap_or_default();
        match call.operation {
            "list" if call.path["list"] == "12" => Reply::new(200, json!({"id": 12, "name": "Newsletter"})),
            "list" => error(404, "document_not_found", "List ID does not exist"),
            "create" => account.create(&call.body),
            "find" => account.find(&call.query["filter"]),
            "read" => account.read(id()),
            "update" => account.update(id(), &call.body),
            "delete" => match account.contacts.remove(&id()) {
                Some(_) => Reply::empty(),
                None => error(404, "document_not_found", "Contact does not exist"),
            },
            other => panic!("{other}"),
        }
    }
}

impl Contact {
    fn take(&mut self, body: &Value) -> Option<Reply> {
        for (name, value) in body["attributes"].as_object().into_iter().flatten() {
            if !ATTRIBUTES.contains(&name.as_str()) {
                return Some(error(
                    400,
                    "invalid_parameter",
                    &format!("attributes.{name} is not an attribute"),
                ));
            }
            if name == "EMAIL" {
                // As Brevo's page says: an address that is updated lifts the blocklist.
                value.as_str().unwrap_or_default().clone_into(&mut self.email);
                self.email_blocked = false;
            }
            self.attributes.insert(name.clone(), value.clone());
        }
        let ids = |name: &str| -> Vec<u64> {
            let ids = body[name].as_array().into_iter().flatten();
            ids.filter_map(Value::as_u64).collect()
        };
        self.lists.extend(ids("listIds"));
        for id in ids("unlinkListIds") {
            self.lists.remove(&id);
        }
        self.email_blocked = body["emailBlacklisted"].as_bool().unwrap_or(self.email_blocked);
        self.sms_blocked = body["smsBlacklisted"].as_bool().unwrap_or(self.sms_blocked);
        None
    }
}

impl Brevo {
    fn create(&mut self, body: &Value) -> Reply {
        let email = body["email"].as_str().expect("an address").to_owned();
        let known = self.contacts.values_mut().find(|held| held.email == email);
        if let Some(held) = known {
            if body["updateEnabled"] != true {
                return error(400, "duplicate_parameter", "Contact already exist");
            }
            return held.take(body).unwrap_or_else(Reply::empty);
        }
        let mut contact = Contact {
            email,
            ..Contact::default()
        };
        if let Some(refused) = contact.take(body) {
            return refused;
        }
        self.next += 1;
        self.contacts.insert(self.next, contact);
        Reply::new(201, json!({"id": self.next}))
    }

    fn find(&self, filter: &str) -> Reply {
        let inner = filter.strip_prefix("equals(").and_then(|rest| rest.strip_suffix("\")"));
        let Some((name, value)) = inner.and_then(|inner| inner.split_once(",\"")) else {
            return error(400, "invalid_parameter", "filter is invalid");
        };
        let found = self
            .contacts
            .iter()
            .filter(|(_, held)| held.attributes.get(name) == Some(&json!(value)));
        let contacts: Vec<Value> = found.map(|(id, held)| json!({"id": id, "email": held.email})).collect();
        Reply::new(200, json!({"contacts": contacts, "count": contacts.len()}))
    }

    fn read(&self, id: u64) -> Reply {
        match self.contacts.get(&id) {
            None => error(404, "document_not_found", "Contact does not exist"),
            Some(held) => Reply::new(
                200,
                json!({"id": id, "email": held.email, "emailBlacklisted": held.email_blocked, "smsBlacklisted": held.sms_blocked, "attributes": held.attributes}),
            ),
        }
    }

    fn update(&mut self, id: u64, body: &Value) -> Reply {
        match self.contacts.get_mut(&id) {
            None => error(404, "document_not_found", "Contact does not exist"),
            Some(held) => held.take(body).unwrap_or_else(Reply::empty),
        }
    }
}
