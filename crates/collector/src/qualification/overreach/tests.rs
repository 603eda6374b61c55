//! Rules on a form with a profiling purpose: what they are told when they go too far.

use jiff::civil::date;
use serde_json::{Value, json};

use super::{Form, overreach};
use crate::qualification::read;

/// The demo's webinar with a purpose that profiles, and fields of every kind.
fn form(change: impl FnOnce(&mut Value)) -> Form {
    let mut json: Value =
        serde_json::from_str(include_str!("../../../../../www/forms/webinar-b2b.json")).expect("JSON");
    let both = |words: &str| json!({"en": words, "fr": words});
    json["purposes"].as_array_mut().expect("purposes").push(json!({
        "id": "qualify", "basis": "consent", "kind": "informational", "category": "Personalisation", "channel": "none",
        "statement": both("I agree to profiling of my answers by Acme Conseil / J’accepte le profilage de mes réponses par Acme Conseil."),
        "operations": ["Collect", "Store", "Profiling"], "recipients": ["acme"], "validity": "P1Y",
        "storage": {"locations": ["FR"], "retention": "P1Y", "from": "collection"}
    }));
    let fields = json["fields"].as_array_mut().expect("fields");
    for field in fields.iter_mut() {
        field["purposes"]
            .as_array_mut()
            .expect("purposes")
            .push(json!("qualify"));
    }
    for (id, kind, label) in [
        ("size", "select", "Team size"),
        ("company", "organization", "Company"),
        ("country", "country", "Country"),
        ("site", "url", "Site"),
        ("zip", "postal-code", "Postal code"),
        ("note", "long-text", "Your question"),
        ("campaign", "hidden", "Campaign"),
        ("gclid", "hidden", "Click"),
        ("nationality", "select", "Nationality"),
    ] {
        let mut field = json!({"id": id, "type": kind, "label": both(label), "purposes": ["qualify"]});
        if kind == "select" {
            field["options"] = json!(["1-9", "10+"]);
        }
        fields.push(field);
    }
    change(&mut json);
    let text = json.to_string();
    let definition = candor_definition::parse(text.as_bytes());
    Form {
        definition: definition.unwrap_or_else(|told| panic!("{told:?}")),
        text: text.into_bytes(),
    }
}

/// What a file with one more rule is told, by rule and place.
fn told(rule: Value, form: Form) -> Vec<(String, String)> {
    let filler = |id: &str| json!({"id": id, "event": "click", "atLeast": 1, "class": "reads on", "weight": 30});
    let file = json!({
        "format": "candor-qualification/1", "id": "b2b", "purpose": "qualify",
        "rules": [rule, filler("one"), filler("two")],
        "thresholds": {"mql": 40, "sql": 60}
    });
    let text = serde_json::to_string_pretty(&file).expect("JSON");
    let (rules, root) = read(text.as_bytes()).unwrap_or_else(|told| panic!("{told:?}"));
    let told = overreach((text.as_bytes(), &root), &rules, &[form], date(2026, 11, 22));
    told.into_iter()
        .map(|told| (told.rule.trim_start_matches("C-QUAL-").to_owned(), told.pointer))
        .collect()
}

fn rule(field: &str, test: &str, value: Value) -> Value {
    json!({"id": "it", "field": field, test: value, "class": "a class", "weight": 10})
}

fn check(rule: Value, expected: &[(&str, &str)]) {
    let found = told(rule.clone(), form(|_| {}));
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, at)| ((*id).to_owned(), (*at).to_owned()))
        .collect();
    assert_eq!(found, expected, "{rule}");
}

#[test]
fn what_people_may_be_judged_by() {
    check(rule("role", "in", json!(["CTO"])), &[]);
    check(rule("company", "equals", json!("Acme")), &[]);
    check(rule("email", "domain", json!("company")), &[]);
    check(rule("site", "present", json!(true)), &[]);
    check(rule("size", "equals", json!("10+")), &[]);
    check(rule("country", "in", json!(["FR", "BE"])), &[]);
    check(rule("campaign", "equals", json!("audit")), &[]);
}

#[test]
fn what_nobody_may_be_judged_by() {
    let field = "/rules/0/field";
    check(rule("name", "equals", json!("Ada")), &[("INFERRED", field)]);
    check(rule("name", "present", json!(true)), &[("INFERRED", field)]);
    check(
        rule("email", "equals", json!("ada@acme.example")),
        &[("ONE-PERSON", field)],
    );
    check(rule("note", "present", json!(true)), &[("FREE-TEXT", field)]);
    check(rule("gclid", "present", json!(true)), &[("IDENTIFIER", field)]);
    check(rule("nationality", "equals", json!("1-9")), &[("PROTECTED", field)]);
    check(rule("zip", "in", json!(["75001"])), &[("NEIGHBOURHOOD", field)]);
    check(rule("size", "equals", json!("1000")), &[("NEVER", "/rules/0/equals")]);
    check(
        rule("role", "domain", json!("company")),
        &[("NEVER", "/rules/0/domain")],
    );
    check(rule("unknown", "present", json!(true)), &[("FIELD", field)]);
    check(
        rule("campaign", "in", json!(["audit", "seniors-60-ans"])),
        &[("PROTECTED", "/rules/0/in")],
    );
    check(rule("role", "in", json!(["Catholic"])), &[("SPECIAL", "/rules/0/in")]);
    let mut named = rule("role", "in", json!(["CTO"]));
    named["class"] = json!("état de santé");
    check(named.clone(), &[("SPECIAL", "/rules/0/class")]);
    named["class"] = json!("gender");
    check(named.clone(), &[("PROTECTED", "/rules/0/class")]);
    for class in ["plus de 60 ans", "aged 25 to 34", "né en 1964", "60+", "10+"] {
        named["class"] = json!(class);
        let expected: &[_] = if class == "10+" {
            &[]
        } else {
            &[("PROTECTED", "/rules/0/class")]
        };
        check(named.clone(), expected);
    }
    for class in [
        "10 ans d’expérience",
        "entreprise de plus de 50 ans",
        "50-200 employees",
    ] {
        named["class"] = json!(class);
        check(named.clone(), &[]);
    }
    let mut heavy = rule("role", "in", json!(["CTO"]));
    heavy["weight"] = json!(40);
    check(heavy, &[("ALONE", "/rules/0/weight")]);
}

/// What "50+" counts is said by the question whose answer it is.
#[test]
fn a_class_may_repeat_an_answer() {
    let judged = |label: &str, options: Value, class: &str| {
        let form = form(|json| {
            let size = json["fields"].as_array_mut().expect("fields").iter_mut();
            let size = size.into_iter().find(|field| field["id"] == "size").expect("the field");
            size["label"] = json!({"en": label, "fr": label});
            size["options"] = options.clone();
        });
        let answer = options[1].clone();
        let mut rule = rule("size", "equals", answer);
        rule["class"] = json!(class);
        told(rule, form)
    };
    let found = |id: &str, at: &str| vec![(id.to_owned(), at.to_owned())];
    assert_eq!(judged("Team size", json!(["1-49", "50+"]), "50+"), []);
    assert_eq!(
        judged("Team size", json!(["1-49", "50+"]), "60+"),
        found("PROTECTED", "/rules/0/class")
    );
    for (label, options) in [
        ("Age", json!(["1-49", "50+"])),
        ("Tranche d’âge", json!(["A", "50+"])),
        ("Profil", json!(["18-24 ans", "25-34 ans"])),
    ] {
        let class = options[1].as_str().expect("an answer").to_owned();
        let at_the_field = found("PROTECTED", "/rules/0/field");
        assert_eq!(judged(label, options, &class), at_the_field, "{label}");
    }
}

#[test]
fn the_purpose_has_to_say_it_and_to_leave_a_choice() {
    let check = |change: fn(&mut Value), expected: &[(&str, &str)]| {
        let found = told(rule("role", "in", json!(["CTO"])), form(change));
        let expected: Vec<_> = expected
            .iter()
            .map(|(id, at)| ((*id).to_owned(), (*at).to_owned()))
            .collect();
        assert_eq!(found, expected);
    };
    check(
        |json| json["purposes"][2]["operations"] = json!(["Collect", "Store", "Use"]),
        &[("PURPOSE", "/purpose")],
    );
    check(
        |json| {
            json["purposes"][2]["basis"] = json!("contract");
            json["purposes"][2]["kind"] = json!("mandatory");
            json["purposes"][2]
                .as_object_mut()
                .expect("a purpose")
                .remove("validity");
        },
        &[("PURPOSE", "/purpose")],
    );
    check(
        |json| json["fields"][2]["purposes"] = json!(["offers"]),
        &[("WRONG-PURPOSE", "/rules/0/field")],
    );
    // Whoever did not tick the box under which the field stands would lose by it.
    check(
        |json| {
            json["purposes"][1]["basis"] = json!("consent");
            json["purposes"][1]["validity"] = json!("P1Y");
            for member in ["interest", "assessment", "objection"] {
                json["purposes"][1].as_object_mut().expect("a purpose").remove(member);
            }
            json["fields"][2]["when"] = json!({"purpose": "offers"});
        },
        &[("CHOICE", "/rules/0/field")],
    );
}

#[test]
fn many_fields_make_a_portrait() {
    let fields = ["role", "company", "site", "size", "country", "campaign"];
    let rules: Vec<Value> = fields
        .iter()
        .map(|field| json!({"id": field, "field": field, "present": true, "class": "said", "weight": 10}))
        .collect();
    let check = |count: usize, expected: &[&str]| {
        let file = json!({
            "format": "candor-qualification/1", "id": "b2b", "purpose": "qualify", "rules": rules[..count],
            "thresholds": {"mql": 20, "sql": 30}
        });
        let text = file.to_string();
        let (parsed, root) = read(text.as_bytes()).expect("good");
        let told = overreach((text.as_bytes(), &root), &parsed, &[form(|_| {})], date(2026, 11, 22));
        let told: Vec<&str> = told.iter().map(|told| told.rule.as_str()).collect();
        assert_eq!(told, expected, "{count}");
    };
    check(5, &[]);
    check(6, &["C-QUAL-MANY"]);
}
