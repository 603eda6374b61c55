//! Whatever a record can say, its exports hold: terms that exist, one consent status at least for each process, a valid
//! receipt exactly where something is given.

use candor_record::{
    export::{dpv, kantara},
    term::{Basis, Channel, Kind, RetentionStart, Status, dpv as terms},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use super::{chain, dpv::unknown, dpv::vocabulary, kantara::faults, kantara::schema};
use crate::support::payload;

/// What a process says of itself, from the closed vocabularies.
fn any_process() -> impl Strategy<Value = Value> {
    let category = select(terms::purposes().collect::<Vec<_>>());
    let operation = select(terms::operations().collect::<Vec<_>>());
    let data = select(vec![
        "EmailAddress",
        "PersonalData",
        "Health",
        "CriminalOffence",
        "PseudonymisedData",
        "Name",
    ]);
    let transfer = prop::option::of(select(vec!["A45-3", "A46-2-c", "A47", "A49-1-a", "A46"]));
    let from = select(RetentionStart::ALL);
    let basis = select(Basis::ALL);
    let rest = (data, transfer, from, select(Kind::ALL), select(Channel::ALL));
    (category, operation, basis, any::<prop::sample::Index>(), rest).prop_map(
        |(category, operation, basis, status, (data, transfer, from, kind, channel))| {
            let made = [
                Status::Given,
                Status::NotGiven,
                Status::NotShown,
                Status::Informed,
                Status::Objected,
            ];
            let possible: Vec<_> = made.into_iter().filter(|status| basis.allows(*status)).collect();
            json!({
                "category": category, "operations": [operation], "basis": basis, "kind": kind, "channel": channel,
                "status": possible[status.index(possible.len())],
                "data": [{"field": "email", "type": data, "required": false}],
                "transfers": transfer.map(|mechanism| json!({"country": "US", "mechanism": mechanism})).as_slice(),
                "storage": {"from": from, "locations": ["FR", "US"], "retention": "P3Y"},
            })
        },
    )
}

fn with_processes(changes: &[Value], rights: &[&str]) -> Value {
    let mut made = payload("submission: two signatures");
    made["rights"] = json!(rights);
    for (process, change) in made["processes"]
        .as_array_mut()
        .expect("processes")
        .iter_mut()
        .zip(changes)
    {
        let basis: Basis = serde_json::from_value(change["basis"].clone()).expect("a basis");
        let process = process.as_object_mut().expect("a process");
        process.extend(change.as_object().expect("an object").clone());
        process.insert(
            "indication".to_owned(),
            json!({"control": basis.control(), "initial": false, "trusted": true}),
        );
        process.remove("validity");
        if basis.is_consent() {
            process.insert("validity".to_owned(), json!("P18M"));
        }
        if basis.has_objection() {
            process.insert("interest".to_owned(), json!("our interest in making our sheets known"));
        }
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn exports_hold_for_every_record(
        changes in prop::collection::vec(any_process(), 4),
        rights in prop::sample::subsequence(vec!["A7-3", "A12", "A15", "A22", "A77", "A99"], 0..=6),
    ) {
        let made = with_processes(&changes, &rights);
        // The shape alone: not each of these records could have been made.
        let record = candor_record::record::Record::from_json_bytes(made.to_string().as_bytes()).expect("a record");
        let chain = chain(&record, &[]);
        let document = dpv::document(&chain);
        if let Some(vocabulary) = vocabulary() {
            prop_assert_eq!(unknown(&document, &vocabulary), Vec::<String>::new());
        }
        let processes = document["dpv:hasProcess"].as_array().expect("processes");
        prop_assert_eq!(processes.len(), 4);
        for process in processes {
            prop_assert!(process.get("dpv:hasProcess").is_none() && process["dpv:hasConsentStatus"].is_array());
        }
        let given = changes.iter().filter(|change| change["status"] == "given").count();
        let receipt = kantara::receipt(&chain, None);
        prop_assert_eq!(receipt.is_some(), given > 0);
        if let (Some(receipt), Some(schema)) = (receipt, schema()) {
            prop_assert_eq!(faults(&schema, &receipt), Vec::<String>::new());
            prop_assert_eq!(receipt["services"][0]["purposes"].as_array().map(Vec::len), Some(given));
        }
    }
}
