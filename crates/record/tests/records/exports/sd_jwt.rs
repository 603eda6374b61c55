//! SD-JWT: a receipt with the values that its holder chooses. Another library verifies it in `tests/e2e`.

use candor_record::{
    base64url,
    disclosure::Disclosure,
    envelope::Envelope,
    export::sd_jwt::{PresentationError, presentation},
    json::{Limits, parse},
};

use super::submission;
use crate::support::{Signers, disclosures, payload};

#[test]
fn values_are_shown_one_by_one() {
    let name = "submission: two signatures";
    let record = submission();
    let signers = Signers::new();
    let receipt = signers.receipt(&payload(name));
    let all: Vec<Disclosure> = disclosures(name)
        .iter()
        .map(|text| Disclosure::parse(text).expect("a disclosure"))
        .collect();
    assert!(all.len() > 1, "there is something to choose from");

    let none = presentation(&receipt, &record, &[]).expect("no value");
    assert!(none.ends_with('~') && none.matches('~').count() == 1);
    let one = presentation(&receipt, &record, &all[..1]).expect("one value");
    assert_eq!(one, format!("{none}{}~", all[0].as_str()));
    assert!(!one.contains(all[1].as_str()));
    let header = base64url::decode(none.split('.').next().expect("a header")).expect("base64url");
    let header = parse(&header, &Limits::RECORD).expect("JSON");
    assert_eq!(
        header.get("typ").and_then(|typ| typ.as_str()),
        Some("candor-receipt+jws")
    );

    let check = |envelope: &Envelope, shown: &[Disclosure], error| {
        assert_eq!(presentation(envelope, &record, shown), Err(error));
    };
    check(
        &signers.device_signed(&payload(name)),
        &[],
        PresentationError::NotAReceipt,
    );
    check(
        &receipt,
        &[all[0].clone(), all[0].clone()],
        PresentationError::Disclosure,
    );
    let foreign = Disclosure::new([7; 16], "email".parse().expect("a field"), "zoe@example.org");
    check(&receipt, &[foreign], PresentationError::Disclosure);
}
