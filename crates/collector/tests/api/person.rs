//! The person's page, behind a link that was mailed: every act, its receipt, and the state after it.

use candor_collector::{
    links::{LinkKind, LinkTarget},
    person::{Person, PersonSubmission},
};
use candor_record::verify::{Evidence, RingVerifier, verify};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{ADA, Draft, TestApp, ebook};

mod housekeeping;
mod renewing;

/// Somebody with a proved submission, and the link that was mailed to them.
pub(crate) struct Somebody {
    pub(crate) id: Uuid,
    pub(crate) chain: Uuid,
    /// Of the person.
    pub(crate) link: String,
    /// Of the submission.
    pub(crate) manage: String,
}

impl Somebody {
    /// Submits, confirms what waits, and gets a link.
    pub(crate) async fn proved(app: &TestApp, draft: &Draft) -> Self {
        let somebody = Self::unproved(app, draft).await;
        let confirm = app.app.link(target(LinkKind::Confirm, somebody.chain));
        assert_eq!(app.post_form(&confirm, &[]).await.status, StatusCode::OK);
        somebody
    }

    pub(crate) async fn unproved(app: &TestApp, draft: &Draft) -> Self {
        let answer = app.submit(&draft.sign()).await.json();
        let chain = Uuid::parse_str(&draft.id()).expect("an id");
        let stored = app.app.store.submission(chain).await.expect("the store");
        let id = stored.expect("a submission").lead.person;
        Self {
            id,
            chain,
            link: link(app, LinkKind::Person, id).await,
            manage: answer["manage"].as_str().expect("a link").to_owned(),
        }
    }

    pub(crate) async fn state(&self, app: &TestApp, purpose: &str) -> String {
        let person = Person::open(&app.app, self.id).await.expect("opens").expect("is there");
        let standing = person.state.of(&purpose.parse().expect("an id"));
        standing.map_or("none", |standing| standing.state.as_str()).to_owned()
    }

    /// Presses, follows, and returns the page.
    pub(crate) async fn press(&self, app: &TestApp, members: &[(&str, &str)]) -> String {
        app.clock.advance(SignedDuration::from_secs(1));
        let answer = app.post_form(&self.link, members).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{members:?}: {}", answer.text());
        app.get(answer.header("location")).await.text()
    }
}

pub(crate) fn target(kind: LinkKind, subject: Uuid) -> LinkTarget {
    LinkTarget {
        kind,
        subject,
        counter: 0,
    }
}

/// A link as the mail worker issues it, for an hour.
pub(crate) async fn link(app: &TestApp, kind: LinkKind, subject: Uuid) -> String {
    let now = app.app.clock.now();
    let expires = Some(now + SignedDuration::from_hours(1));
    let issued = app.app.store.renew_link(kind, subject, now, expires).await;
    app.app.link(issued.expect("the store").target)
}

/// The receipts that a page offers under "it is recorded", verified with the published keys.
pub(crate) async fn receipts(app: &TestApp, page: &str) -> Vec<Value> {
    let done = page
        .split("role=\"status\"")
        .nth(1)
        .unwrap_or_else(|| panic!("nothing was done: {page}"));
    let done = done.split("</div>").next().expect("its end");
    let mut records = Vec::new();
    for part in done.split("href=\"").skip(1) {
        let address = part.split('"').next().expect("an address").replace("&#38;", "&");
        let receipt = app.get(&address).await;
        assert_eq!(
            receipt.header("content-type"),
            "application/candor-record+json",
            "{address}"
        );
        let keys = app.app.keys.current();
        let evidence = Evidence {
            keys: Some(&keys.published),
            expected: None,
            disclosures: None,
            received: None,
        };
        let verdict = verify(&receipt.body, &evidence, &RingVerifier);
        assert!(
            verdict.checks.iter().all(|check| check.ok != Some(false)),
            "{verdict:?}"
        );
        records.push(verdict.record.expect("verified").record().to_json());
        let shown = app.get_with(&address, &[("accept", "text/html")]).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.text().contains("class=\"failed\""), "{}", shown.text());
    }
    records
}

pub(crate) const PHONE: (&str, &str) = ("phone", "01 99 00 12 34");

#[tokio::test]
async fn each_act_is_a_signed_event_with_a_receipt() {
    let app = TestApp::start().await;
    let draft = ebook(
        &app,
        &[("newsletter", "given"), ("call", "given")],
        &[ADA, PHONE, ("given_name", "Ada")],
    )
    .await;
    let ada = Somebody::proved(&app, &draft).await;
    let chain = ada.chain.to_string();
    let check = async |press: &[(&str, &str)], event: &str, purpose: &str, state: &str| {
        let page = ada.press(&app, press).await;
        let records = receipts(&app, &page).await;
        let last = records.last().expect("a receipt").clone();
        assert_eq!(
            (&last["event"], &last["actor"]),
            (&event.into(), &"subject".into()),
            "{press:?}"
        );
        assert_eq!(ada.state(&app, purpose).await, state, "{press:?}");
        last
    };
    check(&[("withdraw", "newsletter")], "withdrawal", "newsletter", "withdrawn").await;
    let again = check(
        &[("give", "newsletter"), ("agree", "newsletter")],
        "confirmation",
        "newsletter",
        "given",
    )
    .await;
    assert_ne!(again["chain"], chain, "giving again is a new consent, never an undo");
    let renewed = check(
        &[("renew", "ticked"), ("renewal", "call")],
        "renewal",
        "call",
        "renewed",
    )
    .await;
    assert_eq!(renewed["chain"], chain);
    for text in [
        "controller",
        "policy",
        "withdrawal",
        "purpose.call",
        "purpose.call.details",
    ] {
        let shown = renewed["shown"].as_array().expect("texts");
        assert!(shown.iter().any(|shown| shown["ref"] == text), "{text}");
    }
    check(
        &[("give", "partners"), ("agree", "partners")],
        "confirmation",
        "partners",
        "given",
    )
    .await;

    // Both kinds of the same class: a withdrawal bars the legitimate interest, which the person can lift.
    let webinar = Draft::new(
        &app.compiled("webinar-b2b", "en").await,
        app.app.clock.now(),
        &[],
        &[("name", "Ada"), ADA],
    );
    Somebody::proved(&app, &webinar).await;
    assert_eq!(ada.state(&app, "offers").await, "objected");
    check(&[("lift", "offers")], "objection-lifted", "offers", "informed").await;
    check(&[("object", "offers")], "objection", "offers", "objected").await;
    assert_eq!(
        app.count("requests WHERE kind = 'objection' AND answered_ms IS NOT NULL")
            .await,
        1
    );
}

#[tokio::test]
async fn giving_again_is_recorded_like_any_submission() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(
        &app,
        &ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "Ada")]).await,
    )
    .await;
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    ada.press(&app, &[("give", "newsletter"), ("agree", "newsletter")])
        .await;
    let person = Person::open(&app.app, ada.id).await.expect("opens").expect("is there");
    let lead = person.submissions.last().expect("a submission");
    let first = person.first(lead.stored.record.id).expect("a record");
    assert_eq!(first.capture.method.as_str(), "manage");
    assert!(!first.capture.observed && lead.held.is_empty());
    let statuses: Vec<_> = first.processes.iter().map(|process| process.status.as_str()).collect();
    assert_eq!(statuses, ["not-shown", "given", "not-shown", "not-shown"]);
    assert_eq!(
        lead.values.disclosures.len(),
        2,
        "the fields that it needs, from the newest lead"
    );
    assert_eq!(person.submissions.len(), 2, "of the same person");
    // A call needs a number, which is not on record: the form itself has to be sent.
    let page = app.get(&ada.link).await.text();
    assert!(
        page.contains("value=\"partners\"") && !page.contains("name=\"give\" value=\"call\""),
        "{page}"
    );
}

#[tokio::test]
async fn what_waits_is_confirmed_and_a_validity_counts_anew() {
    let app = TestApp::start().await;
    let ada = Somebody::unproved(&app, &ebook(&app, &[("newsletter", "given")], &[ADA]).await).await;
    assert_eq!(ada.state(&app, "newsletter").await, "pending");
    let page = app.get(&ada.link).await.text();
    assert!(
        page.contains("À confirmer") && !page.contains("name=\"renewal\""),
        "{page}"
    );
    let page = ada.press(&app, &[("confirm", &ada.chain.to_string())]).await;
    assert_eq!(receipts(&app, &page).await[0]["event"], "confirmation");
    assert_eq!(ada.state(&app, "newsletter").await, "given");
    assert!(page.contains("Valable jusqu’au 21 mai 2028"), "{page}");
    let held = ebook(&app, &[("partners", "given")], &[ADA]).await.with(|record| {
        for process in record["processes"].as_array_mut().expect("processes") {
            let scripted = process["purpose"] == "partners";
            process["indication"]["trusted"] = (!scripted).into();
        }
    });
    let later = Somebody::unproved(&app, &held).await;
    let chain = later.chain.to_string();
    let empty = app.post_form(&ada.link, &[("confirm", &chain)]).await;
    assert_eq!(
        empty.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a held consent is never taken along"
    );
    ada.press(&app, &[("confirm", &chain), ("held", "partners")]).await;
    assert_eq!(ada.state(&app, "partners").await, "given");
}

#[tokio::test]
async fn withdrawing_takes_no_more_clicks_than_giving() {
    let app = TestApp::start().await;
    let ada = Somebody::proved(
        &app,
        &ebook(&app, &[("newsletter", "given")], &[ADA, ("given_name", "A")]).await,
    )
    .await;
    let clicks = |page: &str, name: &str| {
        let form = page
            .split("<form")
            .find(|form| form.contains(&format!("name=\"{name}\"")));
        let form = form.unwrap_or_else(|| panic!("no {name}: {page}"));
        form.split("</form>")
            .next()
            .expect("its end")
            .matches("type=\"checkbox\"")
            .count()
            + 1
    };
    let withdraw = clicks(&app.get(&ada.link).await.text(), "withdraw");
    let own = clicks(&app.get(&ada.manage).await.text(), "withdraw");
    ada.press(&app, &[("withdraw", "newsletter")]).await;
    let give = clicks(&app.get(&ada.link).await.text(), "give");
    assert!(withdraw == 1 && own == 1 && give >= withdraw, "{withdraw} {own} {give}");
}

#[tokio::test]
async fn the_submissions_own_link_mails_the_one_for_everything() {
    let app = TestApp::start().await;
    let ada = Somebody::unproved(&app, &ebook(&app, &[], &[ADA]).await).await;
    for _ in 0..7 {
        let sent = app.post_form(&ada.manage, &[("send", "link")]).await;
        assert!(sent.text().contains("Un message avec le lien"), "{}", sent.text());
    }
    assert_eq!(app.count("outbox WHERE kind = 'person'").await, 5, "five a day");
}

#[tokio::test]
async fn a_contact_is_what_the_person_did() {
    let app = TestApp::start().await;
    let ada = Somebody::unproved(
        &app,
        &ebook(&app, &[("newsletter", "given"), ("partners", "given")], &[ADA]).await,
    )
    .await;
    let contact = async || {
        app.app
            .store
            .person(ada.id)
            .await
            .expect("the store")
            .expect("a person")
            .contact
    };
    let start = contact().await;
    app.clock.advance(SignedDuration::from_mins(1));
    app.post_form(&ada.manage, &[("withdraw", "partners")]).await;
    assert_eq!(contact().await, start, "whoever typed the address is nobody yet");
    ada.press(&app, &[("confirm", &ada.chain.to_string())]).await;
    let proved = contact().await;
    assert!(proved > start);
    app.clock.advance(SignedDuration::from_mins(1));
    app.post_form(&ada.manage, &[("withdraw", "newsletter")]).await;
    let withdrawn = contact().await;
    assert!(withdrawn > proved);
    app.clock.advance(SignedDuration::from_mins(1));
    let renew = link(&app, LinkKind::Renew, ada.id).await;
    app.get(&renew).await;
    assert_eq!(contact().await, withdrawn, "looking is no contact");
    let kept = app.post_form(&renew, &[("keep", "data")]).await;
    assert!(
        app.get(kept.header("location"))
            .await
            .text()
            .contains("vos données restent")
    );
    assert!(contact().await > withdrawn);
}

#[tokio::test]
async fn an_objection_can_be_made_while_confirming() {
    let app = TestApp::start_with(|config| {
        let path = config.forms.as_ref().expect("a folder").join("webinar-b2b.json");
        let mut form: Value = serde_json::from_slice(&std::fs::read(&path).expect("a form")).expect("JSON");
        form["confirmation"] = serde_json::json!({"doubleOptIn": true, "expires": "P3D"});
        std::fs::write(&path, form.to_string()).expect("written");
    })
    .await;
    let compiled = app.compiled("webinar-b2b", "en").await;
    let draft = Draft::new(&compiled, app.app.clock.now(), &[], &[("name", "Ada"), ADA]);
    let ada = Somebody::unproved(&app, &draft).await;
    assert_eq!(ada.state(&app, "offers").await, "pending");
    let page = app.get(&ada.link).await.text();
    assert!(page.contains("name=\"refuse\" value=\"offers\""), "{page}");
    let page = ada
        .press(&app, &[("confirm", &ada.chain.to_string()), ("refuse", "offers")])
        .await;
    assert_eq!(ada.state(&app, "offers").await, "objected");
    let record = receipts(&app, &page).await.remove(0);
    let shown = record["shown"].as_array().expect("texts");
    assert!(
        shown.iter().any(|text| text["ref"] == "purpose.offers.objection"),
        "{record}"
    );
}
