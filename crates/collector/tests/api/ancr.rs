//! What the ANCR group of the Kantara Initiative asks of a consent record (draft conformance tests, A1 to A3 and B1 to B4),
//! in two traces of the whole collector: one as it should be, and one where the notice comes after the collection.
//!
//! Source: <https://github.com/KantaraInitiative/ancr-wg>, `dpv/dpv-27560-conformance-tests.MD`.

use std::fs;

use candor_collector::{clock::SystemRandomness, start};
use candor_record::{
    export::{Chain, dpv},
    record::{CONFORMS_TO, Record},
    verify::{Evidence, RingVerifier, verify},
};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    standards::{receipt, records},
    support::{ADA, Draft, PUBLIC_URL, TestApp, ebook, sign},
};

/// What a visit leaves behind, as an auditor gets it.
struct Trace {
    app: TestApp,
    /// The compiled form, fetched before anything was sent: who decides, and the notice. By its digest.
    notice: Value,
    notice_path: String,
    fetched: Timestamp,
    /// Rows that the visit had left by then.
    rows_before: i64,
    record: Value,
    envelope: Value,
    received: Timestamp,
    dpv: Value,
}

async fn rows(app: &TestApp) -> i64 {
    let mut rows = 0;
    for table in ["records", "leads", "people", "links", "outbox"] {
        rows += app.count(table).await;
    }
    rows
}

async fn happy() -> Trace {
    let app = TestApp::start().await;
    let answer = app.get("/v1/forms/ebook-rgpd?lang=fr").await;
    assert!(answer.headers.get("set-cookie").is_none());
    let (notice, fetched) = (answer.json(), app.app.clock.now());
    let notice_path = format!(
        "/v1/forms/ebook-rgpd/compiled/{}.json",
        answer.header("etag").trim_matches('"')
    );
    let rows_before = rows(&app).await;
    app.clock.advance(SignedDuration::from_mins(2));
    let statuses = [("newsletter", "given"), ("partners", "given")];
    let draft = Draft::new(&notice, app.app.clock.now(), &statuses, &[ADA]);
    app.clock.advance(SignedDuration::from_secs(1));
    let answer = app.submit(&draft.sign()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let chain = Uuid::parse_str(&draft.id()).expect("an id");
    let dpv = app.get(&format!("{}&format=dpv", receipt(&app, chain))).await.json();
    Trace {
        notice,
        notice_path,
        fetched,
        rows_before,
        record: draft.record,
        envelope: answer.json()["receipt"].clone(),
        received: app.app.clock.now(),
        dpv,
        app,
    }
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

fn time(value: &Value, pointer: &str) -> Timestamp {
    text(value, pointer).parse().expect("a time")
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member]
        .as_array()
        .unwrap_or_else(|| panic!("no {member} in {value}"))
}

#[tokio::test]
async fn a1_the_profile_is_declared() {
    let trace = happy().await;
    assert_eq!(trace.dpv["dct:conformsTo"], CONFORMS_TO);
    assert_eq!(trace.record["conformsTo"], CONFORMS_TO);
}

#[tokio::test]
async fn a2_the_record_has_a_stable_identifier() {
    let trace = happy().await;
    let id = text(&trace.record, "/id");
    assert_eq!(text(&trace.dpv, "/dct:identifier"), id);
    let chain = Uuid::parse_str(id).expect("a UUID");
    trace.app.clock.advance(SignedDuration::from_hours(24 * 400));
    let later = trace
        .app
        .get(&format!("{}&format=dpv", receipt(&trace.app, chain)))
        .await;
    assert_eq!(later.json(), trace.dpv, "a year later it says the same");
}

#[tokio::test]
async fn a3_every_process_has_its_context() {
    let trace = happy().await;
    let entities = list(&trace.dpv, "dpv:hasEntity");
    let entity = |id: &Value| {
        entities
            .iter()
            .find(|entity| entity["@id"] == *id)
            .expect("a party of the record")
    };
    let processes = list(&trace.dpv, "dpv:hasProcess");
    assert_eq!(processes.len(), 4);
    for process in processes {
        assert!(!text(&trace.dpv, "/dct:source").is_empty(), "where it was done");
        for controller in list(process, "dpv:hasDataController") {
            assert!(!text(entity(controller), "/dpv:hasName/@value").is_empty());
            assert!(!text(entity(controller), "/dpv:hasContact/schema:email").is_empty());
        }
        assert_eq!(process["dpv:hasJurisdiction"], json!(["loc:FR", "loc:EU"]));
        assert!(text(process, "/dpv:hasPurpose/skos:broader").starts_with("dpv:"));
        assert!(text(process, "/dpv:hasLegalBasis/0").starts_with("eu-gdpr:A6-1-"));
        assert!(!list(process, "dpv:hasRecipient").is_empty());
        for right in list(process, "dpv:hasRight") {
            let mut rights = list(&trace.dpv, "dpv:hasRight").iter();
            let right = rights
                .find(|known| known["@id"] == *right)
                .expect("a right of the record");
            assert_eq!(
                text(right, "/dpv:isExercisedAt/0"),
                format!("{PUBLIC_URL}/m"),
                "where rights are used"
            );
        }
        let consent = process["dpv:hasConsentStatus"][0]["@type"][0] == "dpv:ConsentGiven";
        let withdrawal = process.pointer("/dpv:hasConsentControl/dpv:isExercisedAt/0");
        assert!(
            !consent || withdrawal == Some(&json!(format!("{PUBLIC_URL}/m"))),
            "{process}"
        );
    }
}

#[tokio::test]
async fn b1_controller_then_notice_then_choice_then_processing() {
    let trace = happy().await;
    // Who decides and what is asked are public before anything is known of the visitor.
    assert_eq!(text(&trace.notice, "/record/parties/0/role"), "controller");
    assert_eq!(trace.rows_before, 0, "nothing was collected by then");
    let shown = time(&trace.record, "/shownAt");
    let created = time(&trace.record, "/created");
    let order = [trace.fetched, shown, created, trace.received];
    assert!(
        order.is_sorted() && shown < created && created < trace.received,
        "{order:?}"
    );
    // What follows rests on it: the mail goes and the newsletter waits only after the record is there.
    let mails = trace.app.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let chain = Uuid::parse_str(text(&trace.record, "/id")).expect("an id");
    assert_eq!(
        records(&trace.app, chain).await.len(),
        1,
        "no processing was authorised but by that record"
    );
}

#[tokio::test]
async fn b2_the_choice_is_bound_to_a_version_of_the_notice_that_stays() {
    let trace = happy().await;
    let before = trace.app.get(&trace.notice_path).await;
    let list: Vec<Value> = list(&trace.notice, "texts")
        .iter()
        .map(|text| json!({"ref": text["ref"], "text": text["text"]}))
        .collect();
    let canonical = candor_record::canonical::canonical_json(&json!(list));
    let digest = candor_record::digest::Sha256Digest::of(&canonical).to_string();
    assert_eq!(
        text(&trace.record, "/form/texts"),
        digest,
        "the record names the words by their digest"
    );
    assert_eq!(text(&trace.dpv, "/dpv:hasNotice/0/dct:identifier"), digest);

    // The form is published in other words; the old ones stay where they were.
    let path = trace.app.folder.path().join("forms/ebook-rgpd.json");
    let definition = fs::read_to_string(&path).expect("the form");
    let title = text(&trace.notice, "/texts/0/text");
    assert!(definition.contains(title), "{title}");
    fs::write(&path, definition.replace(title, "Un autre titre")).expect("written");
    let config = trace.app.app.config.clone();
    let opened = start::open(
        config,
        PUBLIC_URL.to_owned(),
        trace.app.clock.clone(),
        std::sync::Arc::new(SystemRandomness),
    );
    let (changed, _) = opened.await.expect("starts");
    let live = changed.forms.find("ebook-rgpd").expect("live");
    assert_ne!(live.in_language(Some("fr")).texts_digest(), digest);
    let kept = changed.publications.by_digest(
        trace
            .notice_path
            .rsplit('/')
            .next()
            .expect("a name")
            .trim_end_matches(".json"),
    );
    assert_eq!(
        kept.await.expect("the store").expect("kept").row.json.as_bytes(),
        &before.body[..]
    );

    // A choice that is bound to words that nobody published is none.
    let foreign = ebook(&trace.app, &[("newsletter", "given")], &[ADA]).await;
    let foreign = foreign.with(|record| record["form"]["texts"] = json!(format!("sha256-{}", "A".repeat(43))));
    let answer = trace.app.submit(&foreign.sign()).await;
    assert_eq!(answer.problem(), "unknown-definition", "{}", answer.text());
}

#[tokio::test]
async fn b3_recipients_are_named_when_the_choice_is_made() {
    let trace = happy().await;
    let shown = list(&trace.record, "shown");
    let said = shown
        .iter()
        .find(|shown| shown["ref"] == "recipients")
        .expect("recipients were shown");
    for process in list(&trace.record, "processes") {
        for recipient in list(process, "recipients") {
            let mut parties = list(&trace.record, "parties").iter();
            let party = parties
                .find(|party| party["id"] == *recipient)
                .expect("a party of the record");
            let (name, role) = (text(party, "/name"), text(party, "/role"));
            assert!(
                ["controller", "processor", "recipient"].contains(&role),
                "{name} answers as {role}"
            );
            assert!(
                role == "controller" || text(said, "/text").contains(name),
                "{name} in {said}"
            );
        }
    }
    let mut unnamed = trace.record.clone();
    unnamed["processes"][3]["recipients"] = json!(["acme", "somebody"]);
    let answer = trace
        .app
        .submit(&json!({"record": sign(&unnamed), "disclosures": []}))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
}

#[tokio::test]
async fn b4_no_identifier_is_asked_for_before_the_notice() {
    let trace = happy().await;
    // The bundle is made after these tests; tests/e2e/specs/network.spec.ts looks at it.
    for path in [
        "/v1/forms/ebook-rgpd?lang=fr",
        "/f/ebook-rgpd",
        "/.well-known/candor.json",
    ] {
        let first = trace.app.get(path).await;
        let second = trace.app.get_with(path, &[("user-agent", "somebody else")]).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        assert!(first.headers.get("set-cookie").is_none(), "{path}");
        assert_eq!(first.body, second.body, "{path} is the same for everybody");
    }
    let another = ebook(&trace.app, &[], &[ADA]).await;
    assert_ne!(
        another.record["subject"]["id"], trace.record["subject"]["id"],
        "an id of this submission alone"
    );
    assert!(
        !trace.record.to_string().contains(ADA.1),
        "the address itself stands in no record"
    );
}

/// The other trace: collected first, told afterwards.
#[tokio::test]
async fn a_notice_after_the_collection_is_refused() {
    let trace = happy().await;
    let before = rows(&trace.app).await;
    let refuse = async |name: &str, change: &dyn Fn(&mut Value)| {
        let statuses = [("newsletter", "given")];
        let draft =
            Draft::new(&trace.notice, trace.app.app.clock.now(), &statuses, &[ADA]).with(|record| change(record));
        let answer = trace.app.submit(&draft.sign()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {}",
            answer.text()
        );
        assert_eq!(rows(&trace.app).await, before, "{name}: nothing is kept of it");
        draft.record
    };
    let now = trace.app.app.clock.now();
    let after = format!("{:.3}", now + SignedDuration::from_secs(30));
    let late = refuse("shown after it was sent", &|record| record["shownAt"] = json!(after)).await;
    refuse("sent days before it arrived", &|record| {
        record["created"] = json!(format!("{:.3}", now - SignedDuration::from_hours(48)));
        record["shownAt"] = record["created"].clone();
    })
    .await;
    for missing in ["controller", "policy", "withdrawal", "purpose.newsletter"] {
        refuse(missing, &|record| {
            let shown = record["shown"].as_array_mut().expect("texts");
            shown.retain(|shown| shown["ref"] != missing);
        })
        .await;
    }

    // An auditor with the record alone comes to the same end.
    let verdict = verify(sign(&late).to_string().as_bytes(), &Evidence::default(), &RingVerifier);
    assert_eq!(verdict.failed_step(), Some(7), "{:?}", verdict.checks);
    let keys = trace.app.app.keys.current();
    let evidence = Evidence {
        keys: Some(&keys.published),
        ..Evidence::default()
    };
    let verdict = verify(trace.envelope.to_string().as_bytes(), &evidence, &RingVerifier);
    let verified = verdict.record.expect("the other trace holds");
    let Record::Submission(submission) = verified.record() else {
        panic!("a submission");
    };
    let document = dpv::document(&Chain::new(submission, []).expect("a chain"));
    assert_eq!(document["dct:identifier"], trace.dpv["dct:identifier"]);
}
