//! The doubles themselves: a request that the pages do not document is refused as the vendor refuses. Without this, the
//! tests beside it would prove nothing.

use candor_collector::flow::adapter::Method;
use serde_json::{Value, json};

use crate::{
    double::{Double, request},
    vendors::{brevo, hubspot, mailchimp, mautic, salesforce},
};

struct Case<'a> {
    method: Method,
    path: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: Value,
}

fn check(double: &mut Double, case: &Case<'_>, status: u16, expected: &Value) {
    let answer = double.answer(&request(case.method, case.path, case.headers, &case.body));
    let json = answer.json();
    let subset = expected.as_object().expect("members");
    assert_eq!(answer.status, status, "{} {}: {json}", case.path, case.body);
    for (pointer, value) in subset {
        assert_eq!(json.pointer(pointer), Some(value), "{pointer} of {json}");
    }
}

#[test]
fn hubspot() {
    let mut double = hubspot::double(&hubspot::Shared::default());
    let bearer = format!("Bearer {}", hubspot::TOKEN);
    let good = [("authorization", bearer.as_str())];
    let upsert = "/crm/v3/objects/contacts/batch/upsert";
    let input = json!({"id": "a@b.example", "idProperty": "email", "properties": {"email": "a@b.example"}});
    let mut case = Case {
        method: Method::Post,
        path: upsert,
        headers: &good,
        body: json!({"inputs": [input]}),
    };
    check(&mut double, &case, 200, &json!({"/status": "COMPLETE"}));
    case.headers = &[];
    check(&mut double, &case, 401, &json!({"/category": "INVALID_AUTHENTICATION"}));
    case.headers = &[("authorization", "Bearer pat-other")];
    check(&mut double, &case, 401, &json!({"/category": "INVALID_AUTHENTICATION"}));
    case.headers = &good;
    for (change, field) in [
        (json!({"inputs": []}), "inputs"),
        (json!({"inputs": [{"id": 7, "properties": {"email": "x"}}]}), "id"),
        (json!({"inputs": [{"id": "a", "properties": {"email": null}}]}), "email"),
        (
            json!({"inputs": [{"id": "a", "properties": {"email": "x"}, "extra": 1}]}),
            "0",
        ),
    ] {
        case.body = change;
        check(
            &mut double,
            &case,
            400,
            &json!({"/category": "VALIDATION_ERROR", "/errors/0/in": field}),
        );
    }
    case.path = "/crm/v3/objects/contact/batch/upsert";
    check(&mut double, &case, 404, &json!({"/category": "OBJECT_NOT_FOUND"}));
    let form = format!("/submissions/v3/integration/secure/submit/4711/{}", hubspot::FORM);
    let both = json!({"consent": {"consentToProcess": true, "text": "x"}, "legitimateInterest": {"value": true, "subscriptionTypeId": 7, "legalBasis": "LEAD", "text": "x"}});
    case = Case {
        method: Method::Post,
        path: &form,
        headers: &good,
        body: json!({"fields": [{"name": "email", "value": "a@b.example"}], "legalConsentOptions": both}),
    };
    check(&mut double, &case, 400, &json!({"/errors/0/in": "legalConsentOptions"}));
}

#[test]
fn brevo() {
    let mut double = brevo::double(&brevo::Shared::default());
    let good = [("api-key", brevo::KEY)];
    let mut case = Case {
        method: Method::Post,
        path: "/v3/contacts",
        headers: &good,
        body: json!({"email": "a@b.example", "listIds": [12]}),
    };
    check(&mut double, &case, 201, &json!({"/id": 1}));
    case.headers = &[("authorization", brevo::KEY)];
    check(&mut double, &case, 401, &json!({"/code": "unauthorized"}));
    case.headers = &good;
    for body in [
        json!({"email": "nobody"}),
        json!({"email": "a@b.example", "listIds": ["12"]}),
        json!({"email": "a@b.example", "attributes": {"firstname": "Ada"}}),
        json!({"email": "a@b.example", "blacklisted": true}),
        json!({"listIds": [12]}),
    ] {
        case.body = body;
        check(&mut double, &case, 400, &json!({"/code": "invalid_parameter"}));
    }
    case.path = "/v3/contacts/1";
    check(&mut double, &case, 404, &json!({"/code": "document_not_found"}));
}

#[test]
fn mailchimp() {
    let mut double = mailchimp::double(&mailchimp::Shared::default());
    let basic = {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        format!("Basic {}", STANDARD.encode(format!("any:{}", mailchimp::KEY)))
    };
    let good = [("authorization", basic.as_str())];
    let path = format!(
        "/3.0/lists/{}/members/{}?skip_merge_validation=true",
        mailchimp::LIST,
        mailchimp::hash("a@b.example")
    );
    let mut case = Case {
        method: Method::Put,
        path: &path,
        headers: &good,
        body: json!({"email_address": "a@b.example", "status_if_new": "subscribed"}),
    };
    check(&mut double, &case, 200, &json!({"/status": "subscribed"}));
    case.headers = &[];
    check(&mut double, &case, 401, &json!({"/title": "API Key Invalid"}));
    case.headers = &good;
    for body in [
        json!({"email_address": "a@b.example"}),
        json!({"email_address": "a@b.example", "status_if_new": "yes"}),
        json!({"email_address": "a@b.example", "status_if_new": "subscribed", "merge_fields": {"fname": "Ada"}}),
        json!({"email_address": "a@b.example", "status_if_new": "subscribed", "marketing_permissions": [{"marketing_permission_id": "x"}]}),
        json!({"email_address": "a@b.example", "status_if_new": "subscribed", "extra": 1}),
    ] {
        case.body = body;
        check(&mut double, &case, 400, &json!({"/title": "Invalid Resource"}));
    }
}

#[test]
fn salesforce() {
    let mut double = salesforce::double(&salesforce::Shared::default());
    let mut case = Case {
        method: Method::Post,
        path: "/services/data/v61.0/composite",
        headers: &[],
        body: json!({"compositeRequest": []}),
    };
    check(&mut double, &case, 401, &json!({"/0/errorCode": "INVALID_SESSION_ID"}));
    let good = [("authorization", "Bearer 00DS7000000oxzo!AR8AQPXAhJN")];
    case.headers = &good;
    check(
        &mut double,
        &case,
        400,
        &json!({"/0/errorCode": "JSON_PARSER_ERROR", "/0/fields/0": "compositeRequest"}),
    );
    let url = "/services/data/v61.0/sobjects/Lead/Candor__c/x1234567890123456789";
    let part = |body: Value| json!({"compositeRequest": [{"method": "PATCH", "url": url, "referenceId": "lead", "body": body}]});
    for (body, status, code) in [
        (json!({"LastName": "L", "Company": "C"}), 201, Value::Null),
        (json!({"Email": "nobody"}), 400, json!("INVALID_FIELD")),
        (json!({"DoNotCall": "yes"}), 400, json!("INVALID_FIELD")),
        (json!({"Unknown__c": "x"}), 400, json!("INVALID_FIELD")),
        (json!({"Company": null}), 400, json!("INVALID_FIELD")),
    ] {
        case.body = part(body);
        let mut expected = json!({"/compositeResponse/0/httpStatusCode": status});
        if !code.is_null() {
            expected["/compositeResponse/0/body/0/errorCode"] = code;
        }
        check(&mut double, &case, 200, &expected);
    }
    let other = "/services/data/v61.0/sobjects/Lead/Candor__c/y1234567890123456789";
    case.body = json!({"compositeRequest": [{"method": "PATCH", "url": other, "referenceId": "lead", "body": {"LastName": "L"}}]});
    check(
        &mut double,
        &case,
        200,
        &json!({"/compositeResponse/0/body/0/fields/0": "Company"}),
    );
}

#[test]
fn mautic() {
    let mut double = mautic::double(&mautic::Shared::default());
    let good = [("authorization", "Bearer ODk3NmI3")];
    let mut case = Case {
        method: Method::Post,
        path: "/api/contacts/new",
        headers: &good,
        body: json!({"email": "a@b.example", "firstname": "Ada"}),
    };
    check(&mut double, &case, 201, &json!({"/contact/id": 47}));
    case.headers = &[];
    check(&mut double, &case, 401, &json!({"/errors/0/type": "access_denied"}));
    case.headers = &good;
    for (body, field) in [
        (json!({"firstname": "Ada"}), ""),
        (json!({"email": "nobody"}), "email"),
        (json!({"email": "a@b.example", "firstname": 7}), "firstname"),
    ] {
        case.body = body;
        check(&mut double, &case, 400, &json!({"/errors/0/code": 400}));
        let answer = double
            .answer(&request(case.method, case.path, case.headers, &case.body))
            .json();
        assert!(answer["errors"][0]["details"].get(field).is_some(), "{answer}");
    }
    case.path = "/api/contacts/47/dnc/email/add";
    case.body = json!({"reason": 4});
    check(&mut double, &case, 400, &json!({"/errors/0/code": 400}));
    case.path = "/api/contact/47/edit";
    check(
        &mut double,
        &case,
        404,
        &json!({"/errors/0/message": "Item was not found."}),
    );
}
