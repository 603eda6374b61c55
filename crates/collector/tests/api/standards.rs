//! One receipt in every format: by `format`, by `Accept`, with the values that its holder chooses. What the formats hold
//! is judged in `crates/record/tests/records/exports.rs` and, by libraries of others, in `tests/e2e/specs/exports.spec.ts`.

use candor_collector::links::LinkKind;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    person::{Somebody, target},
    support::{ADA, Answer, TestApp, ebook},
};

/// The receipt's address, as pages link to it.
pub(crate) fn receipt(app: &TestApp, record: Uuid) -> String {
    app.app.link(target(LinkKind::Receipt, record))
}

/// The ids of a chain's records, in order.
pub(crate) async fn records(app: &TestApp, chain: Uuid) -> Vec<Uuid> {
    let chain = app.app.store.chain(chain).await.expect("the store");
    chain.iter().map(|record| record.id).collect()
}

async fn ada(app: &TestApp) -> Somebody {
    let draft = ebook(app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await;
    let ada = Somebody::proved(app, &draft).await;
    ada.press(app, &[("withdraw", "newsletter")]).await;
    ada
}

#[tokio::test]
async fn each_format_is_had_by_name_and_the_distinct_ones_by_accept() {
    let app = TestApp::start().await;
    let ada = ada(&app).await;
    let link = receipt(&app, ada.chain);
    let check = async |format: &str, accept: &str, media_type: &str| -> Answer {
        let answer = app.get_with(&format!("{link}{format}"), &[("accept", accept)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{format} {accept}: {}", answer.text());
        assert_eq!(answer.header("content-type"), media_type, "{format} {accept}");
        assert_eq!(answer.header("cache-control"), "no-store", "{format}");
        assert_eq!(answer.header("vary"), "Accept", "{format}");
        answer
    };
    let envelope = "application/candor-record+json";
    check("", "*/*", envelope).await;
    check("", "application/json", envelope).await;
    check("&format=json", "text/html", envelope).await;
    check("&raw", "text/html", envelope).await;
    check("&format=html", "application/json", "text/html; charset=utf-8").await;
    check("", "text/html,*/*;q=0.8", "text/html; charset=utf-8").await;
    check("", "application/sd-jwt", "application/sd-jwt").await;
    let by_accept = check(
        "",
        "application/json;q=0.5, application/ld+json;q=1",
        "application/ld+json",
    )
    .await;
    let dpv = check("&format=dpv", "*/*", "application/ld+json").await;
    assert_eq!(by_accept.body, dpv.body);
    assert_eq!(dpv.json()["dct:identifier"], ada.chain.to_string());
    let receipt_of = &dpv.json()["@reverse"]["dpv:hasRecordOfActivity"];
    assert_eq!(receipt_of["dct:created"], "2026-11-21T10:00:00.000Z");
    let kantara = check("&format=kantara", "*/*", "application/json").await;
    assert_eq!(kantara.json()["consentReceiptID"], ada.chain.to_string());
    let published = app.get("/.well-known/jwks.json").await.json();
    let key: Value = serde_json::from_str(kantara.json()["publicKey"].as_str().expect("a key")).expect("a JWK");
    assert_eq!(key["x"], published["keys"][0]["x"]);
    for answer in [&dpv, &kantara] {
        assert!(
            !answer.text().contains("ada@example.org"),
            "no value stands in a record: {}",
            answer.text()
        );
    }

    let unknown = app.get(&format!("{link}&format=pdf")).await;
    assert_eq!(
        (unknown.status, unknown.problem().as_str()),
        (StatusCode::BAD_REQUEST, "malformed")
    );
    for format in ["json", "dpv", "kantara", "sd-jwt"] {
        let wrong = app.get(&format!("{}x&format={format}", link)).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "{format}");
    }
}

#[tokio::test]
async fn a_receipt_says_what_was_so_when_it_was_given() {
    let app = TestApp::start().await;
    let ada = ada(&app).await;
    let records = records(&app, ada.chain).await;
    let statuses = async |record: Uuid| -> Vec<String> {
        let document = app.get(&format!("{}&format=dpv", receipt(&app, record))).await.json();
        assert_eq!(document["dct:identifier"], record.to_string());
        let newsletter = &document["dpv:hasProcess"][1]["dpv:hasConsentStatus"];
        let types = newsletter
            .as_array()
            .expect("statuses")
            .iter()
            .map(|status| &status["@type"][0]);
        types.map(|term| term.as_str().expect("a term").to_owned()).collect()
    };
    assert_eq!(records.len(), 3, "sent, confirmed, withdrawn");
    assert_eq!(statuses(records[0]).await, ["dpv:ConsentGiven"]);
    assert_eq!(statuses(records[1]).await, ["dpv:ConsentGiven", "dpv:ConsentGiven"]);
    assert_eq!(
        statuses(records[2]).await,
        ["dpv:ConsentGiven", "dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    );
    for (record, given) in records.iter().zip([true, true, false]) {
        let link = receipt(&app, *record);
        let kantara = app.get(&format!("{link}&format=kantara")).await;
        assert_eq!(kantara.status == StatusCode::OK, given, "{}", kantara.text());
        let page = app.get_with(&link, &[("accept", "text/html")]).await.text();
        assert_eq!(page.contains("&#38;format=kantara"), given, "{page}");
        assert!(
            page.contains(&record.to_string()),
            "the page has the record's number: {page}"
        );
    }
    let withdrawn = app.get(&format!("{}&format=kantara", receipt(&app, records[2]))).await;
    assert_eq!(withdrawn.status, StatusCode::NOT_FOUND, "a withdrawal gives nothing");
}

#[tokio::test]
async fn the_holder_chooses_what_an_sd_jwt_discloses() {
    let app = TestApp::start().await;
    let ada = ada(&app).await;
    let fields = async |record: Uuid, choice: &str| -> Vec<Value> {
        let link = format!("{}&format=sd-jwt{choice}", receipt(&app, record));
        let text = app.get(&link).await.text();
        let mut parts = text.split('~');
        let token = parts.next().expect("a token");
        assert_eq!(token.split('.').count(), 3, "{text}");
        let disclosed = parts.filter(|part| !part.is_empty()).map(|part| {
            let bytes = candor_record::base64url::decode(part).expect("base64url");
            serde_json::from_slice::<Value>(&bytes).expect("a triple")[1].take()
        });
        disclosed.collect()
    };
    assert_eq!(fields(ada.chain, "").await.len(), 2, "everything");
    assert_eq!(fields(ada.chain, "&disclose=email").await, [json!("email")]);
    assert_eq!(fields(ada.chain, "&disclose=given_name,email").await.len(), 2);
    assert_eq!(fields(ada.chain, "&disclose=").await, [] as [Value; 0]);
    assert_eq!(fields(ada.chain, "&disclose=iban").await, [] as [Value; 0]);
    let withdrawal = *records(&app, ada.chain).await.last().expect("a record");
    assert_eq!(
        fields(withdrawal, "&disclose=email").await,
        [json!("email")],
        "a later record commits to them too"
    );
}

#[tokio::test]
async fn the_human_receipt_is_complete_in_the_language_of_the_record() {
    let app = TestApp::start().await;
    for (language, words) in [("fr", "Qui intervient"), ("en", "Who takes part")] {
        let compiled = app.compiled("ebook-rgpd", language).await;
        let values = [ADA, ("given_name", "Ada <script>")];
        let draft = crate::support::Draft::new(&compiled, app.app.clock.now(), &[("newsletter", "given")], &values);
        let answer = app.submit(&draft.sign()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let chain = Uuid::parse_str(&draft.id()).expect("an id");
        let page = app
            .get_with(&receipt(&app, chain), &[("accept", "text/html")])
            .await
            .text();
        assert!(
            page.contains(words) && page.contains(&format!("<html lang=\"{language}\"")),
            "{page}"
        );
        let said = |text: &str| page.contains(&escaped(&candor_collector::typography::spaced(text)));
        for shown in draft.record["shown"].as_array().expect("texts") {
            let text = shown["text"].as_str().expect("a text");
            assert!(said(text), "{language}: {text} is not in {page}");
        }
        for party in draft.record["parties"].as_array().expect("parties") {
            for member in ["name", "email", "phone", "address"] {
                assert!(
                    party[member].as_str().is_none_or(|text| page.contains(&escaped(text))),
                    "{member}: {page}"
                );
            }
        }
        let envelope = app.get(&format!("{}&format=json", receipt(&app, chain))).await.json();
        let payload = candor_record::base64url::decode(envelope["payload"].as_str().expect("text")).expect("base64url");
        let digest = candor_record::digest::Sha256Digest::of(&payload).to_string();
        assert!(
            page.contains(&digest),
            "the page shows the digest of the JSON: {digest} in {page}"
        );
        assert!(
            page.contains("Ada &#60;script&#62;") && !page.contains("<script"),
            "{page}"
        );
    }
}

/// As the templates escape it.
fn escaped(text: &str) -> String {
    let pairs = [
        ('&', "&#38;"),
        ('<', "&#60;"),
        ('>', "&#62;"),
        ('"', "&#34;"),
        ('\'', "&#39;"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (character, entity)| {
        text.replace(*character, entity)
    })
}
