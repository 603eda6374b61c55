//! What is done with data: each member of a purpose, with the direction in which it went.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Changes, Reason, by_id, parties, strings};
use crate::period::Period;

impl Changes<'_> {
    pub(super) fn purposes(&mut self) {
        let (old, new) = (by_id(&self.old["purposes"]), by_id(&self.new["purposes"]));
        for (id, purpose) in &new {
            match old.iter().find(|(known, _)| known == id) {
                None => self.note(format!("/purposes/{id}"), Reason::NewPurpose, []),
                Some((_, before)) if before == purpose => {}
                Some((_, before)) => self.purpose(id, before, purpose),
            }
        }
        for (id, _) in old.iter().filter(|(id, _)| !new.iter().any(|(known, _)| known == id)) {
            self.note(format!("/purposes/{id}"), Reason::Less, []);
        }
    }

    fn purpose(&mut self, id: &str, old: &Value, new: &Value) {
        let own: BTreeSet<String> = [id.to_owned()].into();
        let place = |member: &str| format!("/purposes/{id}/{member}");
        for member in ["statement", "details", "interest", "objection"] {
            if old[member] != new[member] {
                self.text(&place(member), &old[member], &new[member], &own, Reason::Wording);
            }
        }
        for member in ["basis", "kind", "category", "channel"] {
            if old[member] != new[member] {
                self.note(place(member), Reason::Basis, own.clone());
            }
        }
        self.operations(&place("operations"), old, new, &own);
        self.recipients(&place("recipients"), old, new, &own);
        self.transfers(&place("transfers"), old, new, &own);
        self.storage(&place("storage"), old, new, &own);
        let validity = |purpose: &Value| purpose["validity"].as_str().unwrap_or_default().to_owned();
        self.period(&place("validity"), &validity(old), &validity(new), &own);
        self.frequency(&place("frequency"), &old["frequency"], &new["frequency"], &own);
        if old["assessment"] != new["assessment"] {
            self.note(place("assessment"), Reason::Presentation, []);
        }
    }

    fn operations(&mut self, place: &str, old: &Value, new: &Value, own: &BTreeSet<String>) {
        let (old, new) = (strings(&old["operations"]), strings(&new["operations"]));
        if !new.is_subset(&old) {
            self.note(place.to_owned(), Reason::More, own.clone());
        } else if new != old {
            self.note(place.to_owned(), Reason::Less, []);
        }
    }

    fn recipients(&mut self, place: &str, old: &Value, new: &Value, own: &BTreeSet<String>) {
        let (old, new) = (strings(&old["recipients"]), strings(&new["recipients"]));
        let parties = by_id(&self.new["parties"]);
        for id in new.difference(&old) {
            let party = parties.iter().find(|(known, _)| known == id).map(|(_, party)| *party);
            let reason = match party {
                Some(party) if parties::is_controller(party) => Reason::Controller,
                Some(party) if party["role"] == "processor" => Reason::Processor,
                _ => Reason::Recipient,
            };
            let concerned = if reason == Reason::Processor {
                BTreeSet::new()
            } else {
                own.clone()
            };
            self.note(format!("{place}/{id}"), reason, concerned);
        }
        for id in old.difference(&new) {
            self.note(format!("{place}/{id}"), Reason::Less, []);
        }
    }

    fn transfers(&mut self, place: &str, old: &Value, new: &Value, own: &BTreeSet<String>) {
        let ways = |purpose: &Value| -> BTreeSet<(String, String)> {
            let transfers = purpose["transfers"].as_array().into_iter().flatten();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            transfers
                .map(|it| (text(&it["country"]), text(&it["mechanism"])))
                .collect()
        };
        if ways(new).is_subset(&ways(old)) {
            if old["transfers"] != new["transfers"] {
                self.note(place.to_owned(), Reason::Less, []);
            }
        } else {
            self.note(place.to_owned(), Reason::Transfer, own.clone());
        }
    }

    fn storage(&mut self, place: &str, old: &Value, new: &Value, own: &BTreeSet<String>) {
        let (old, new) = (&old["storage"], &new["storage"]);
        let retention = |storage: &Value| storage["retention"].as_str().unwrap_or_default().to_owned();
        self.period(&format!("{place}/retention"), &retention(old), &retention(new), own);
        if old["from"] != new["from"] {
            self.note(format!("{place}/from"), Reason::Longer, own.clone());
        }
        if old["locations"] != new["locations"] {
            // Outside the area a transfer says so, and is judged as one.
            self.note(format!("{place}/locations"), Reason::Processor, []);
        }
    }

    /// A period that became longer is material, a shorter one is not. One that nobody can read counts as longer.
    pub(super) fn period(&mut self, place: &str, old: &str, new: &str, own: &BTreeSet<String>) {
        if old == new {
            return;
        }
        let is_longer = match (Period::parse(old), Period::parse(new)) {
            (Some(old), Some(new)) if !old.is_shorter_than(&new) && !new.is_shorter_than(&old) => {
                return self.note(place.to_owned(), Reason::Spelling, []);
            }
            (Some(old), Some(new)) => old.is_shorter_than(&new),
            _ => true,
        };
        match is_longer {
            true => self.note(place.to_owned(), Reason::Longer, own.clone()),
            false => self.note(place.to_owned(), Reason::Less, []),
        }
    }

    /// The promise: at most one contact in that time. Without a promise, as often as one likes.
    fn frequency(&mut self, place: &str, old: &Value, new: &Value, own: &BTreeSet<String>) {
        if old == new {
            return;
        }
        let read = |value: &Value| value.as_str().and_then(Period::parse);
        let is_oftener = match (read(old), read(new)) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(old), Some(new)) => new.is_shorter_than(&old),
        };
        match is_oftener {
            true => self.note(place.to_owned(), Reason::Oftener, own.clone()),
            false => self.note(place.to_owned(), Reason::Less, []),
        }
    }
}
