//! The gate: a file is never the price of a consent, and never costs an address that nobody needs.

use super::Parts;
use crate::act::Delivery;
use crate::diagnostic::Report;
use crate::field::FieldType;
use crate::rule;

pub(super) fn check(report: &mut Report<'_>, parts: &Parts<'_>) {
    let Some((id, place)) = parts.gate.and_then(|gate| gate.purpose.as_ref()) else {
        return;
    };
    let Some(purpose) = parts.purpose(id) else {
        if parts.all_purposes_named {
            let help = "name the id of the purpose that delivers the file, or add that purpose";
            report.refuse(rule::GATE_PURPOSE, place, format!("`{id}` is not a purpose"), help);
        }
        return;
    };
    if purpose.is_consent() {
        let message = format!("the gate depends on `{id}`, which is a consent");
        let help =
            "name a purpose with the basis `contract` or `pre-contract`: the file comes with every box left unticked";
        report.refuse(rule::GATE_CONSENT, place, message, help);
        return;
    }
    check_delivery(report, parts, id);
}

fn check_delivery(report: &mut Report<'_>, parts: &Parts<'_>, purpose: &str) {
    let Some((delivery, place)) = parts.gate.and_then(|gate| gate.delivery.as_ref()) else {
        return;
    };
    let Some(fields) = &parts.fields else { return };
    let mut required = fields.iter().filter_map(|field| {
        let is_always_required = !field.has_when && field.serves(purpose);
        field
            .required
            .as_ref()
            .filter(|_| is_always_required)
            .map(|place| (field.field_type, place))
    });
    match delivery {
        Delivery::Screen => {
            for (field_type, place) in required {
                let Some(field_type @ (FieldType::Email | FieldType::Phone)) = field_type else {
                    continue;
                };
                let message = format!(
                    "the file is delivered on the screen, and a field of type `{}` is required for it",
                    field_type.as_str()
                );
                let help = "take `required` out, or the gate's purpose out of the field, or write the delivery `email`";
                report.refuse(rule::GATE_SCREEN, place, message, help);
            }
        }
        Delivery::Email => {
            let all_types_are_known = fields
                .iter()
                .all(|field| field.field_type.is_some() && field.purposes.is_some());
            if all_types_are_known && !required.any(|(field_type, _)| field_type == Some(FieldType::Email)) {
                let message = format!("the file is mailed, and no `email` field is required for `{purpose}`");
                let help = "add `\"required\": true` and the gate's purpose to the `email` field, or write the delivery `screen`";
                report.refuse(rule::GATE_EMAIL, place, message, help);
            }
        }
    }
}
