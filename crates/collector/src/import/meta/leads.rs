//! Leads of Meta, one after the other, whatever they are wrapped in.
//! Refuses what is no lead: the reading ends there.

use std::{collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{FORM_COLUMN, Flag, ID_COLUMN, box_column};

#[derive(Deserialize)]
struct Lead {
    id: Option<String>,
    created_time: Option<String>,
    form_id: Option<String>,
    platform: Option<String>,
    /// What is no lead has none: an error that the Graph API answered, for example.
    field_data: Vec<FieldData>,
    #[serde(default)]
    custom_disclaimer_responses: Vec<Response>,
}

#[derive(Deserialize)]
struct FieldData {
    name: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize)]
struct Response {
    checkbox_key: String,
    is_checked: Option<Flag>,
}

impl Lead {
    fn cells(self) -> HashMap<String, String> {
        let answers = self
            .field_data
            .into_iter()
            .map(|field| (field.name, field.values.join(", ")));
        let boxes = self.custom_disclaimer_responses.into_iter().map(|response| {
            let ticked = response.is_checked.is_some_and(|checked| checked.is_set());
            (
                box_column(&response.checkbox_key),
                if ticked { "1" } else { "" }.to_owned(),
            )
        });
        let own = [
            (ID_COLUMN, self.id),
            ("created_time", self.created_time),
            (FORM_COLUMN, self.form_id),
            ("platform", self.platform),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        // What Meta says itself comes last: no question can be named like it.
        answers.chain(boxes).chain(own).collect()
    }
}

/// Reads one value at the top of a file: a page of leads (`{"data": […]}`), a list of leads, or one lead. Each lead is handed
/// over as it is read; `false` from whoever takes it ends the reading.
pub struct Leads<'a, F>(pub &'a mut F);

impl<F> fmt::Debug for Leads<'_, F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Leads(personal)")
    }
}

impl<'de, F: FnMut(HashMap<String, String>) -> bool> DeserializeSeed<'de> for Leads<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(HashMap<String, String>) -> bool> Visitor<'de> for Leads<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("leads as the Graph API answers them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut leads: A) -> Result<(), A::Error> {
        while let Some(lead) = leads.next_element::<Lead>()? {
            hand_over(self.0, lead)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut rest = serde_json::Map::new();
        let mut is_page = false;
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "data" => {
                    is_page = true;
                    members.next_value_seed(Leads(&mut *self.0))?;
                }
                "paging" | "summary" => {
                    members.next_value::<IgnoredAny>()?;
                }
                _ => {
                    rest.insert(name, members.next_value()?);
                }
            }
        }
        if is_page {
            return Ok(());
        }
        let lead: Lead = serde_json::from_value(rest.into()).map_err(serde::de::Error::custom)?;
        hand_over(self.0, lead)
    }
}

fn hand_over<E: serde::de::Error>(take: &mut impl FnMut(HashMap<String, String>) -> bool, lead: Lead) -> Result<(), E> {
    match take(lead.cells()) {
        true => Ok(()),
        false => Err(E::custom("nobody takes the leads any more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_are_read_in_every_shape() {
        let lead = r#"{"id":"7","created_time":"2026-02-03T16:16:51+0000","field_data":[{"name":"email","values":["a@b.example"]}],
            "custom_disclaimer_responses":[{"checkbox_key":"news","is_checked":"1"},{"checkbox_key":"call","is_checked":""}]}"#;
        let check = |text: String, expected: usize| {
            let mut found = Vec::new();
            let mut take = |cells: HashMap<String, String>| {
                found.push(cells);
                true
            };
            let mut deserializer = serde_json::Deserializer::from_str(&text);
            while deserializer.end().is_err() {
                Leads(&mut take).deserialize(&mut deserializer).expect("leads");
            }
            assert_eq!(found.len(), expected, "{text}");
            for cells in found {
                assert_eq!(cells["email"], "a@b.example");
                assert_eq!((cells["box:news"].as_str(), cells["box:call"].as_str()), ("1", ""));
                assert_eq!(cells["id"], "7");
            }
        };
        check(lead.to_owned(), 1);
        check(format!("[{lead},{lead}]"), 2);
        check(
            format!("{{\"data\":[{lead},{lead}],\"paging\":{{\"cursors\":{{}}}}}}"),
            2,
        );
        check(format!("{lead}\n{lead}\n{lead}\n"), 3);
        check(format!("{{\"data\":[{lead}]}}\n{{\"data\":[{lead}]}}"), 2);
    }
}
