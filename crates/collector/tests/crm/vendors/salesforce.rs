//! Salesforce: three objects found by an external id, changed by composite requests, and a recycle bin.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::double::{self, Account, Call, Double, Refusal, Reply, conforms};

const SHAPES: &str = include_str!("../shapes/salesforce.json");
const TOKEN: &str = "00DS7000000oxzo!AR8AQPXAhJN";
pub(crate) const CLIENT: (&str, &str) = ("3MVG9VwZxxW3bBQj", "8A4BE698BCA216718");
const EXTERNAL: &str = "Candor__c";

type Objects = BTreeMap<(String, String), Map<String, Value>>;

#[derive(Debug, Default)]
pub(crate) struct Salesforce {
    /// By object and external id.
    pub(crate) objects: Objects,
    /// What was deleted, as it was then.
    pub(crate) bin: Vec<Value>,
    /// The lead was made a contact: it can be changed no more.
    pub(crate) converted: bool,
}

pub(crate) type Shared = double::Shared<Salesforce>;

pub(crate) fn double(shared: &Shared) -> Double {
    Double::new(SHAPES, shared.clone())
}

fn error(status: u16, code: &str, message: &str, fields: &[&str]) -> Reply {
    Reply::new(
        status,
        json!([{"message": message, "errorCode": code, "fields": fields}]),
    )
}

impl Account for Shared {
    fn refuse(&self, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoSuchOperation => error(404, "NOT_FOUND", "The requested resource does not exist", &[]),
            Refusal::Unauthorized => error(401, "INVALID_SESSION_ID", "Session expired or invalid", &[]),
            Refusal::Invalid(field, why) => error(400, "JSON_PARSER_ERROR", why, &[field]),
        }
    }

    fn act(&mut self, call: &Call<'_>) -> Reply {
        if call.operation == "token" {
            return match (call.body["client_id"].as_str(), call.body["client_secret"].as_str()) {
                (Some(id), Some(secret)) if (id, secret) == CLIENT => Reply::new(
                    200,
                    json!({"access_token": TOKEN, "instance_url": "https://acme.my.salesforce.com", "token_type": "Bearer"}),
                ),
                _ => Reply::new(
                    400,
                    json!({"error": "invalid_client", "error_description": "invalid client credentials"}),
                ),
            };
        }
        if call.authorization != format!("Bearer {TOKEN}") {
            return self.refuse(&Refusal::Unauthorized);
        }
        let shapes: Value = serde_json::from_str(SHAPES).expect("shapes");
        match call.operation {
            "describe" => {
                let object = &shapes["objects"][&call.path["object"]]["fields"]["properties"];
                let names = object.as_object().into_iter().flat_map(Map::keys).map(String::as_str);
                // As long as Salesforce's own: some hundred kilobytes.
                let help = "What this field is for. ".repeat(500);
                let described = |name| json!({"inlineHelpText": help, "name": name});
                let fields: Vec<Value> = names.chain([EXTERNAL]).map(described).collect();
                Reply::new(200, json!({"name": call.path["object"], "fields": fields}))
            }
            "composite" => self.look().composite(&shapes, &call.body),
            other => panic!("{other}"),
        }
    }
}

impl Salesforce {
    fn composite(&mut self, shapes: &Value, body: &Value) -> Reply {
        let before = self.objects.clone();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        let mut replies: Vec<(String, Reply)> = Vec::new();
        for part in body["compositeRequest"].as_array().expect("requests") {
            let reference = part["referenceId"].as_str().expect("a reference").to_owned();
            let text = part["body"].to_string();
            let mut filled = text.clone();
            for (name, id) in &ids {
                filled = filled.replace(&format!("@{{{name}.id}}"), id);
            }
            let reply = if filled.contains("@{") {
                error(400, "PROCESSING_HALTED", "Invalid reference specified", &[])
            } else {
                let document = serde_json::from_str(&filled).expect("JSON");
                self.one(
                    shapes,
                    part["method"].as_str().unwrap_or_default(),
                    part["url"].as_str().unwrap_or_default(),
                    &document,
                )
            };
            if let Some(id) = reply.body["id"].as_str() {
                ids.insert(reference.clone(), id.to_owned());
            }
            replies.push((reference, reply));
        }
        let failed = replies.iter().any(|(_, reply)| reply.status >= 300);
        if body["allOrNone"] == true && failed {
            self.objects = before;
            for (_, reply) in replies.iter_mut().filter(|(_, reply)| reply.status < 300) {
                *reply = error(400, "PROCESSING_HALTED", "The transaction was rolled back", &[]);
            }
        }
        let parts = replies.into_iter().map(|(reference, reply)| {
            json!({"body": reply.body, "httpHeaders": {}, "httpStatusCode": reply.status, "referenceId": reference})
        });
        Reply::new(200, json!({"compositeResponse": parts.collect::<Vec<_>>()}))
    }

    /// PATCH or DELETE of `sobjects/OBJECT/EXTERNAL/VALUE`.
    fn one(&mut self, shapes: &Value, method: &str, url: &str, body: &Value) -> Reply {
        let path = url.strip_prefix("/services/data/v61.0/sobjects/").unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').collect();
        let [object, EXTERNAL, value] = parts.as_slice() else {
            return error(404, "NOT_FOUND", "The requested resource does not exist", &[]);
        };
        let shape = &shapes["objects"][*object];
        let key = ((*object).to_owned(), (*value).to_owned());
        if method == "DELETE" {
            return match self.objects.remove(&key) {
                Some(held) => {
                    self.bin.push(json!({"object": object, "fields": held}));
                    Reply::empty()
                }
                None => error(404, "NOT_FOUND", "The requested resource does not exist", &[]),
            };
        }
        assert_eq!(method, "PATCH");
        if *object == "Lead" && self.converted {
            return error(
                400,
                "CANNOT_UPDATE_CONVERTED_LEAD",
                "cannot reference converted lead",
                &[],
            );
        }
        if let Err(refusal) = conforms(&shape["fields"], body) {
            let Refusal::Invalid(field, why) = refusal else {
                panic!("{refusal:?}")
            };
            let unknown = body.as_object().into_iter().flat_map(Map::keys);
            let known = &shape["fields"]["properties"];
            let unknown = unknown.into_iter().find(|name| known.get(*name).is_none());
            return match unknown {
                Some(name) => error(
                    400,
                    "INVALID_FIELD",
                    &format!("No such column '{name}' on sobject of type {object}"),
                    &[],
                ),
                None => error(400, "INVALID_FIELD", &why, &[&field]),
            };
        }
        let is_new = !self.objects.contains_key(&key);
        if is_new && query == "updateOnly=true" {
            return error(404, "NOT_FOUND", "The requested resource does not exist", &[]);
        }
        let mut fields = self.objects.get(&key).cloned().unwrap_or_default();
        fields.extend(body.as_object().expect("fields").clone());
        let required = shape["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let lacking: Vec<&str> = required
            .filter(|name| fields.get(*name).is_none_or(Value::is_null))
            .collect();
        if !lacking.is_empty() {
            return error(
                400,
                "REQUIRED_FIELD_MISSING",
                &format!("Required fields are missing: {lacking:?}"),
                &lacking,
            );
        }
        self.objects.insert(key, fields);
        let id = format!("00Q{value}").replace('-', "")[..18].to_owned();
        Reply::new(
            if is_new { 201 } else { 200 },
            json!({"id": id, "success": true, "errors": [], "created": is_new}),
        )
    }
}
