//! HubSpot: contacts, submissions with what was agreed to, subscriptions.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::double::{self, Account, Call, Double, Refusal, Reply};

pub(crate) const TOKEN: &str = "pat-eu1-0a1b2c3d";
pub(crate) const FORM: &str = "78c2891f-ebdd-44c0-bd94-15c012bbbfbf";
const PROPERTIES: [&str; 8] = [
    "email",
    "firstname",
    "jobtitle",
    "phone",
    "candor_id",
    "candor_state",
    "candor_until",
    "candor_record",
];

#[derive(Debug, Default)]
pub(crate) struct Hubspot {
    pub(crate) contacts: BTreeMap<u64, Map<String, Value>>,
    pub(crate) submissions: Vec<Value>,
    /// By address: subscribed, and on which ground.
    pub(crate) subscriptions: BTreeMap<String, (String, String)>,
    /// Addresses that a GDPR delete by address put on the list of blocked ones.
    pub(crate) blocked: Vec<String>,
    next: u64,
}

pub(crate) type Shared = double::Shared<Hubspot>;

pub(crate) fn double(shared: &Shared) -> Double {
    Double::new(include_str!("../shapes/hubspot.json"), shared.clone())
}

fn error(status: u16, category: &str, message: &str, errors: &Value) -> Reply {
    Reply::new(
        status,
        json!({
            "status": "error",
            "message": message,
            "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf",
            "category": category,
            "errors": errors,
        }),
    )
}

impl Account for Shared {
    fn refuse(&self, refusal: &Refusal) -> Reply {
        match refusal {
            Refusal::NoSuchOperation => error(404, "OBJECT_NOT_FOUND", "no such resource", &json!([])),
            Refusal::Unauthorized => error(
                401,
                "INVALID_AUTHENTICATION",
                "Authentication credentials not found.",
                &json!([]),
            ),
            Refusal::Invalid(field, why) => error(
                400,
                "VALIDATION_ERROR",
                "Invalid input JSON",
                &json!([{"message": why, "in": field}]),
            ),
        }
    }

    fn act(&mut self, call: &Call<'_>) -> Reply {
        if call.authorization != format!("Bearer {TOKEN}") {
            return self.refuse(&Refusal::Unauthorized);
        }
        let mut account = self.look();
        let id = || call.path["id"].parse::<u64>().unwrap_or_default();
        match call.operation {
            "account" => Reply::new(200, json!({"portalId": 4711, "accountType": "STANDARD"})),
            "upsert" => account.upsert(&call.body),
            "update" => account.update(id(), &call.body["properties"]),
            "read" => account.read(id()),
            "search" => account.search(&call.body),
            "delete" => account.delete(&call.body),
            "submit" => account.submit(call),
            "subscriptions" => account.subscribe(&call.body),
            other => panic!("{other}"),
        }
    }
}

impl Hubspot {
    fn unknown_property(properties: &Value) -> Option<Reply> {
        let names = properties.as_object().into_iter().flat_map(Map::keys);
        let unknown = names.into_iter().find(|name| !PROPERTIES.contains(&name.as_str()))?;
        let context = json!([{"message": format!("Property \"{unknown}\" does not exist"), "context": {"propertyName": [unknown]}}]);
        Some(error(
            400,
            "VALIDATION_ERROR",
            "Property values were not valid",
            &context,
        ))
    }

    fn upsert(&mut self, body: &Value) -> Reply {
        let mut results = Vec::new();
        for input in body["inputs"].as_array().expect("inputs") {
            if let Some(refused) = Self::unknown_property(&input["properties"]) {
                return refused;
            }
            assert_eq!(input["idProperty"], "email");
            let known = self
                .contacts
                .iter()
                .find(|(_, held)| held.get("email") == Some(&input["id"]));
            let id = known.map(|(id, _)| *id).unwrap_or_else(|| {
                self.next += 1;
                500 + self.next
            });
            let held = self.contacts.entry(id).or_default();
            held.extend(input["properties"].as_object().expect("properties").clone());
            results.push(json!({"id": id.to_string(), "new": true, "properties": {}, "archived": false}));
        }
        Reply::new(200, json!({"status": "COMPLETE", "results": results}))
    }

    fn update(&mut self, id: u64, properties: &Value) -> Reply {
        if let Some(refused) = Self::unknown_property(properties) {
            return refused;
        }
        match self.contacts.get_mut(&id) {
            None => error(404, "OBJECT_NOT_FOUND", "resource not found", &json!([])),
            Some(held) => {
                held.extend(properties.as_object().expect("properties").clone());
                Reply::new(200, json!({"id": id.to_string(), "properties": held}))
            }
        }
    }

    fn read(&self, id: u64) -> Reply {
        match self.contacts.get(&id) {
            None => error(404, "OBJECT_NOT_FOUND", "resource not found", &json!([])),
            Some(held) => Reply::new(
                200,
                json!({"id": id.to_string(), "properties": {"email": held["email"]}}),
            ),
        }
    }

    fn search(&self, body: &Value) -> Reply {
        let filter = &body["filterGroups"][0]["filters"][0];
        let name = filter["propertyName"].as_str().expect("a name");
        let found = self
            .contacts
            .iter()
            .filter(|(_, held)| held.get(name) == Some(&filter["value"]));
        let results: Vec<Value> = found
            .map(|(id, _)| json!({"id": id.to_string(), "properties": {}}))
            .collect();
        Reply::new(200, json!({"total": results.len(), "results": results}))
    }

    fn delete(&mut self, body: &Value) -> Reply {
        let name = body["objectId"].as_str().expect("an id");
        if body["idProperty"] == "email" {
            self.blocked.push(name.to_owned());
        }
        let removed = name.parse().ok().and_then(|id: u64| self.contacts.remove(&id));
        match removed {
            Some(_) => Reply::empty(),
            None => error(404, "OBJECT_NOT_FOUND", "resource not found", &json!([])),
        }
    }

    fn submit(&mut self, call: &Call<'_>) -> Reply {
        if call.path["portal"] != "4711" || call.path["form"] != FORM {
            return Reply::new(
                404,
                json!({"status": "error", "message": "no such form", "errors": [{"errorType": "FORM_NOT_FOUND", "message": "no such form"}]}),
            );
        }
        let email = call.body["fields"][0]["value"].as_str().unwrap_or_default().to_owned();
        if !email.contains('@') || email.ends_with(".invalid") {
            let message = format!("Error in 'fields.email'. {email} is not valid");
            return Reply::new(
                400,
                json!({"status": "error", "message": "The request is not valid", "errors": [{"errorType": "INVALID_EMAIL", "message": message}]}),
            );
        }
        let options = &call.body["legalConsentOptions"];
        if options["consent"]["communications"][0]["value"] == true {
            self.subscriptions
                .insert(email, ("SUBSCRIBED".into(), "CONSENT_WITH_NOTICE".into()));
        } else if options["legitimateInterest"]["value"] == true {
            // HubSpot does not subscribe anew who unsubscribed, on the ground of an interest.
            self.subscriptions
                .entry(email)
                .or_insert(("SUBSCRIBED".into(), "LEGITIMATE_INTEREST_PQL".into()));
        }
        self.submissions.push(call.body.clone());
        Reply::new(200, json!({"inlineMessage": "Thanks"}))
    }

    fn subscribe(&mut self, body: &Value) -> Reply {
        for input in body["inputs"].as_array().expect("inputs") {
            if input["subscriptionId"] != 7 {
                let failed = json!([{"category": "VALIDATION_ERROR", "message": "no such subscription", "errors": [{"in": "subscriptionId", "message": "unknown"}]}]);
                return Reply::new(
                    200,
                    json!({"status": "COMPLETE", "results": [], "numErrors": 1, "errors": failed}),
                );
            }
            let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
            self.subscriptions
                .insert(text("subscriberIdString"), (text("statusState"), text("legalBasis")));
        }
        Reply::new(200, json!({"status": "COMPLETE", "results": []}))
    }
}
