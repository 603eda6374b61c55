//! Kantara Consent Receipt 1.1: valid against the schema that was published, lines of comment taken out.

use candor_record::export::kantara;
use serde_json::{Value, json};

use super::{chain, data_of_others, follow_up, record, submission};
use crate::support::{Signers, payload};

/// The schema begins with `//` lines, which are no JSON.
pub(super) fn schema() -> Option<jsonschema::Validator> {
    let text = data_of_others("kantara-consent-receipt-v1_1-schema.json")?;
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let schema: Value = serde_json::from_str(&lines.collect::<String>()).expect("JSON without the comments");
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft4);
    Some(options.build(&schema).expect("a schema of draft-04"))
}

pub(super) fn faults(schema: &jsonschema::Validator, receipt: &Value) -> Vec<String> {
    schema
        .iter_errors(receipt)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn receipts_are_valid_and_say_what_was_given() {
    let first = submission();
    let said = first.as_submission().expect("a submission");
    let key = Signers::new().published().jwk;
    let receipt = kantara::receipt(&chain(&first, &[]), Some(&key)).expect("a consent is given");
    if let Some(schema) = schema() {
        assert_eq!(faults(&schema, &receipt), Vec::<String>::new());
        let mut misspelt = receipt.clone();
        let url = misspelt.as_object_mut().expect("an object").remove("policyUrl");
        misspelt["policyURL"] = json!(url);
        assert_eq!(faults(&schema, &misspelt).len(), 1, "the test can fail");
    }
    assert_eq!(receipt["version"], "KI-CR-v1.1.0");
    assert_eq!(receipt["consentReceiptID"], json!(first.id()));
    assert_eq!(receipt["consentTimestamp"], 1_795_255_209, "2026-11-21T10:00:09Z");
    assert_eq!(receipt["policyUrl"], said.policy.url);
    assert_eq!((&receipt["sensitive"], &receipt["spiCat"]), (&json!(false), &json!([])));
    assert_eq!(receipt["piiControllers"][0]["phone"], "tel:+33199001234");
    assert_eq!(receipt["publicKey"], key.to_json().to_string());
    let purposes = receipt["services"][0]["purposes"].as_array().expect("purposes");
    assert_eq!(purposes.len(), 1, "what was not given is not in it");
    assert_eq!(purposes[0]["purposeCategory"], json!(["6 - Marketing"]));
    assert_eq!(purposes[0]["piiCategory"], json!(["2 - Contact", "1 - Biographical"]));
    assert_eq!(purposes[0]["thirdPartyDisclosure"], false);
    let statement = said.shown.iter().find(|shown| shown.reference == "purpose.newsletter");
    assert_eq!(purposes[0]["purpose"], statement.expect("shown").text);
}

#[test]
fn shared_and_special_data_are_named() {
    let mut made = payload("submission: two signatures");
    made["processes"][3]["status"] = json!("given");
    made["processes"][1]["data"][1]["type"] = json!("Health");
    // A controller of which little is known: the schema still asks for texts.
    let controller = made["parties"][0].as_object_mut().expect("a party");
    for member in ["address", "email", "phone", "url"] {
        controller.remove(member);
    }
    made["policy"]["url"] = json!("/confidentialite");
    let receipt = kantara::receipt(&chain(&record(&made), &[]), None).expect("two consents");
    if let Some(schema) = schema() {
        assert_eq!(faults(&schema, &receipt), Vec::<String>::new());
    }
    assert_eq!(
        (&receipt["sensitive"], &receipt["spiCat"]),
        (&json!(true), &json!(["Health"]))
    );
    assert_eq!(receipt["policyUrl"], "https://www.acme.example/confidentialite");
    assert_eq!(receipt["piiControllers"][0]["email"], "dpo@acme.example");
    assert_eq!(receipt["piiControllers"][0]["phone"], "");
    let partners = &receipt["services"][0]["purposes"][1];
    assert_eq!(partners["purposeCategory"], json!(["9 - Sharing for Marketing"]));
    assert_eq!(partners["thirdPartyName"], "Partenaire Exemple SA");
}

#[test]
fn only_a_record_that_gives_has_a_receipt() {
    let first = submission();
    let confirmed = follow_up(&first, &first, 1, "confirmation", "given");
    let renewed = follow_up(&first, &confirmed, 2, "renewal", "renewed");
    let withdrawn = follow_up(&first, &renewed, 3, "withdrawal", "withdrawn");
    let receipt = |later: &[_]| kantara::receipt(&chain(&first, later), None);
    let of_renewal = receipt(&[confirmed.clone(), renewed.clone()]).expect("given anew");
    assert_eq!(of_renewal["consentReceiptID"], json!(renewed.id()));
    assert_eq!(
        of_renewal["policyUrl"], "https://www.acme.example/en/privacy",
        "the policy of that page"
    );
    if let Some(schema) = schema() {
        assert_eq!(faults(&schema, &of_renewal), Vec::<String>::new());
    }
    assert_eq!(receipt(&[confirmed, renewed, withdrawn]), None);
    let mut nothing = payload("submission: two signatures");
    nothing["processes"][1]["status"] = json!("not-given");
    assert_eq!(kantara::receipt(&chain(&record(&nothing), &[]), None), None);
}
