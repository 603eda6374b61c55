//! Who has to do with the data: another controller or recipient is material, another telephone number is not.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Changes, Reason, by_id, strings};

const CONTACT: [&str; 6] = ["address", "email", "phone", "url", "policy", "sector"];

impl Changes<'_> {
    pub(super) fn parties(&mut self) {
        let (old, new) = (by_id(&self.old["parties"]), by_id(&self.new["parties"]));
        for (id, party) in &new {
            let place = format!("/parties/{id}");
            match old.iter().find(|(known, _)| known == id) {
                Some((_, before)) if before == party => {}
                Some((_, before)) => self.party(&place, before, party),
                // A recipient of a purpose is judged there: here nobody gets anything yet.
                None if is_controller(party) => {
                    let uses = self.uses(id);
                    self.note(place, Reason::Controller, uses);
                }
                None => self.note(place, Reason::Contact, []),
            }
        }
        for (id, party) in old.iter().filter(|(id, _)| !new.iter().any(|(known, _)| known == id)) {
            let place = format!("/parties/{id}");
            match is_controller(party) {
                true => {
                    let lasting = self.lasting();
                    self.note(place, Reason::Controller, lasting);
                }
                false => self.note(place, Reason::Less, []),
            }
        }
    }

    fn party(&mut self, place: &str, old: &Value, new: &Value) {
        let id = new["id"].as_str().unwrap_or_default().to_owned();
        let uses = self.uses(&id);
        let concerned = || -> (Reason, BTreeSet<String>) {
            match (is_controller(old) || is_controller(new), new["role"].as_str()) {
                (true, _) => (Reason::Controller, uses.clone()),
                (false, Some("recipient")) => (Reason::Recipient, uses.clone()),
                (false, Some("processor")) => (Reason::Processor, BTreeSet::new()),
                (false, _) => (Reason::Contact, BTreeSet::new()),
            }
        };
        if old["role"] != new["role"] || old["country"] != new["country"] {
            let (reason, purposes) = concerned();
            self.note(place.to_owned(), reason, purposes);
        }
        let (reason, purposes) = concerned();
        self.text(&format!("{place}/name"), &old["name"], &new["name"], &purposes, reason);
        for member in CONTACT.iter().filter(|member| old[**member] != new[**member]) {
            self.note(format!("{place}/{member}"), Reason::Contact, []);
        }
    }

    /// The lasting purposes of which that party gets data.
    fn uses(&self, party: &str) -> BTreeSet<String> {
        let lasting = self.lasting();
        let purposes = by_id(&self.new["purposes"]).into_iter();
        let uses = purposes.filter(|(_, purpose)| strings(&purpose["recipients"]).contains(party));
        uses.map(|(id, _)| id.to_owned())
            .filter(|id| lasting.contains(id))
            .collect()
    }
}

pub(super) fn is_controller(party: &Value) -> bool {
    matches!(party["role"].as_str(), Some("controller" | "joint-controller"))
}
