//! What an operator writes is read once, and every fault has a place.

use serde_json::{Value, json};

use crate::talk::{adapter, usual};

fn faults(kind: &str, change: impl FnOnce(&mut candor_collector::flow::adapter::Settings)) -> Vec<String> {
    let mut settings = usual(kind);
    change(&mut settings);
    let faults = adapter(kind).check(&settings).err().unwrap_or_default();
    for fault in &faults {
        assert!(fault.detail.len() > 12, "{fault:?}");
    }
    faults.into_iter().map(|fault| fault.pointer).collect()
}

#[test]
fn addresses_are_the_vendors_own() {
    let check = |kind: &str, url: &str, good: bool| {
        let found = faults(kind, |settings| url.clone_into(&mut settings.url));
        assert_eq!(
            found,
            if good { vec![] } else { vec!["/url".to_owned()] },
            "{kind} {url}"
        );
    };
    for kind in ["hubspot", "brevo", "mailchimp", "salesforce", "mautic"] {
        // For tests and for machines of one's own; the guard admits the network or does not.
        check(kind, "http://127.0.0.1:8080", true);
        check(kind, "http://192.0.2.7", false);
        check(kind, "https://user@api.hubapi.com", false);
        check(kind, "https://api.hubapi.com/?a=b", false);
        check(kind, "nonsense", false);
    }
    check("hubspot", "https://api.hubapi.com", true);
    check("hubspot", "https://api-eu1.hubapi.com/", true);
    check("hubspot", "https://api-evil.hubapi.com", false);
    check("hubspot", "https://hubapi.com", false);
    check("hubspot", "https://api.hubapi.com.evil.example", false);
    check("hubspot", "https://api.hubapi.com/crm", false);
    check("brevo", "https://api.brevo.com/v3", true);
    check("brevo", "https://api.brevo.com", false);
    check("brevo", "https://api.sendinblue.com/v3", false);
    check("mailchimp", "https://us21.api.mailchimp.com/3.0", true);
    check("mailchimp", "https://us20.api.mailchimp.com/3.0", false);
    check("mailchimp", "https://us21.api.mailchimp.com", false);
    check("salesforce", "https://acme.my.salesforce.com", true);
    check("salesforce", "https://acme--test.sandbox.my.salesforce.com", true);
    check("salesforce", "https://login.salesforce.com", false);
    check("salesforce", "https://a.b.c.my.salesforce.com", false);
    check("salesforce", "https://acme.my.salesforce.com/services", false);
    check("mautic", "https://mautic.acme.example/tools", true);
    check("mautic", "http://mautic.acme.example", false);
}

#[test]
fn options_are_checked_by_kind() {
    let check = |kind: &str, name: &str, value: Value, expected: &[&str]| {
        let found = faults(kind, |settings| match &value {
            Value::Null => drop(settings.options.remove(name)),
            value => drop(settings.options.insert(name.to_owned(), value.clone())),
        });
        assert_eq!(found, expected, "{kind} {name} {value}");
    };
    for kind in ["hubspot", "brevo", "mailchimp", "salesforce", "mautic"] {
        check(kind, "lst", json!(12), &["/options/lst"]);
        check(kind, "fields", json!([]), &["/options/fields"]);
        check(kind, "fields", json!({"role": "with space"}), &["/options/fields/role"]);
        check(kind, "fields", json!({"role": 7}), &["/options/fields/role"]);
        check(kind, "state", json!("with space"), &["/options/state"]);
        check(kind, "fields", Value::Null, &[]);
    }
    check("hubspot", "portal", Value::Null, &["/options/portal"]);
    check("hubspot", "portal", json!("4711"), &["/options/portal"]);
    check("hubspot", "form", json!("78c2891f"), &["/options/form"]);
    check("hubspot", "subscription", json!(0), &["/options/subscription"]);
    check("hubspot", "forms_url", json!("https://api-eu1.hsforms.com"), &[]);
    check(
        "hubspot",
        "forms_url",
        json!("https://forms.evil.example"),
        &["/options/forms_url"],
    );
    check(
        "hubspot",
        "fields",
        json!({"a": "jobtitle", "b": "jobtitle"}),
        &["/options/fields"],
    );
    check("hubspot", "state", json!("firstname"), &["/options/fields"]);
    check("brevo", "list", Value::Null, &["/options/list"]);
    check("brevo", "reference", Value::Null, &["/options/reference"]);
    check("brevo", "fields", json!({"email": "EMAIL"}), &["/options/fields/email"]);
    check("brevo", "stop", json!("purpose"), &[]);
    check("brevo", "stop", json!("never"), &["/options/stop"]);
    check("mailchimp", "list", json!("short"), &["/options/list"]);
    check(
        "mailchimp",
        "fields",
        json!({"role": "MUCHTOOLONGTAG"}),
        &["/options/fields/role"],
    );
    check("mailchimp", "stop", json!("purpose"), &[]);
    check("salesforce", "external", json!("Candor"), &["/options/external"]);
    check("salesforce", "consents", json!("no"), &[]);
    check("salesforce", "consents", json!(false), &["/options/consents"]);
    check("salesforce", "purpose", json!("0ZB0000000000001AA"), &[]);
    check("salesforce", "purpose", json!("0ZB"), &["/options/purpose"]);
    check("salesforce", "state", json!("HasOptedOutOfEmail"), &["/options/state"]);
    check("mautic", "reference", Value::Null, &["/options/reference"]);
    check("mautic", "segment", json!("3"), &["/options/segment"]);
    check(
        "mautic",
        "fields",
        json!({"email": "email"}),
        &["/options/fields/email"],
    );
}

#[test]
fn the_marketing_permission_is_needed_where_it_alone_is_taken_back() {
    let found = faults("mailchimp", |settings| {
        settings.options.insert("stop".into(), "purpose".into());
        settings.options.remove("permission");
    });
    assert_eq!(found, ["/options/stop"]);
}

#[test]
fn secrets_are_asked_for_by_name() {
    for (kind, expected) in [
        ("hubspot", vec!["/secrets/token"]),
        ("brevo", vec!["/secrets/key"]),
        ("mailchimp", vec!["/secrets/key", "/url"]),
        ("salesforce", vec!["/secrets/client_id", "/secrets/client_secret"]),
        ("mautic", vec!["/secrets"]),
    ] {
        let found = faults(kind, |settings| settings.secrets.0.clear());
        assert_eq!(found, expected, "{kind}");
        let found = faults(kind, |settings| {
            settings.secrets.0[0].value = "two words\r\nx: y".to_owned()
        });
        assert!(
            found.iter().any(|pointer| pointer.starts_with("/secrets")),
            "{kind} {found:?}"
        );
        let found = faults(kind, |settings| {
            let mut extra = settings.secrets.0[0].clone();
            "tokn".clone_into(&mut extra.name);
            settings.secrets.0.push(extra);
        });
        assert_eq!(found, ["/secrets/tokn"], "{kind}");
    }
}
