//! The map as CSV (RFC 4180): one line for each edge, and one for each target.
//! Refuses to hand a formula to a spreadsheet: cells are those of the register's CSV.

use super::types::{Edge, FormMap, Map};
use crate::spreadsheet::line;

const COLUMNS: [&str; 9] = [
    "form",
    "version",
    "edge",
    "from",
    "from_name",
    "to",
    "to_name",
    "detail",
    "words",
];

pub fn map(map: &Map) -> String {
    let mut text = line(COLUMNS);
    for form in &map.forms {
        for edge in &form.edges {
            text.push_str(&line(cells(form, edge)));
        }
        for (party, target) in form
            .parties
            .iter()
            .flat_map(|it| it.targets.iter().map(move |target| (it, target)))
        {
            let audited = target.audited.map(|date| date.to_string()).unwrap_or_default();
            let (purpose, name) = (target.purpose.as_str(), form.purpose_name(&target.purpose));
            let detail = format!("contract {}; audited {audited}", target.contract);
            text.push_str(&line([
                form.id.as_str(),
                &form.version,
                "told",
                purpose,
                name,
                &party.id,
                &party.name,
                &target.kind,
                &detail,
            ]));
        }
    }
    text
}

fn cells<'a>(form: &'a FormMap, edge: &'a Edge) -> [&'a str; 9] {
    let (kind, from, from_name, to, to_name, detail, words) = match edge {
        Edge::Serves { field, purpose } => {
            let known = form.fields.iter().find(|it| it.id == *field);
            let label = known.map_or("", |it| it.label.as_str());
            let required = known.is_some_and(|it| it.required);
            let detail = if required { "required" } else { "optional" };
            ("serves", field, label, purpose, form.purpose_name(purpose), detail, "")
        }
        Edge::Receives { purpose, party } => {
            let known = form.parties.iter().find(|it| it.id == *party);
            let (name, role, words) = known.map_or(("", "", ""), |it| (&it.name, &it.role, &it.words));
            (
                "receives",
                purpose,
                form.purpose_name(purpose),
                party,
                name,
                role,
                words,
            )
        }
        Edge::Established { party, country } => {
            let known = form.parties.iter().find(|it| it.id == *party);
            let name = known.map_or("", |it| it.name.as_str());
            ("established", party, name, country, form.country_name(country), "", "")
        }
        Edge::Stored { purpose, country } => {
            let (from, to) = (form.purpose_name(purpose), form.country_name(country));
            ("stored", purpose, from, country, to, "", "")
        }
        Edge::Transferred {
            purpose,
            country,
            mechanism,
            words,
            ..
        } => {
            let (from, to) = (form.purpose_name(purpose), form.country_name(country));
            (
                "transferred",
                purpose,
                from,
                country,
                to,
                mechanism.as_str(),
                words.as_str(),
            )
        }
    };
    [
        &form.id,
        &form.version,
        kind,
        from,
        from_name,
        to,
        to_name,
        detail,
        words,
    ]
}

impl FormMap {
    pub(super) fn purpose_name(&self, id: &str) -> &str {
        let known = self.purposes.iter().find(|purpose| purpose.id == id);
        known.map_or("", |purpose| purpose.name.as_str())
    }

    pub(super) fn country_name(&self, code: &str) -> &str {
        let known = self.countries.iter().find(|land| land.code == code);
        known.map_or("", |land| land.name.as_str())
    }
}
