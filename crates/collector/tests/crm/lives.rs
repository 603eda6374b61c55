//! One person at each vendor, from the first consent to the erasure; every message is sent twice.

use candor_collector::flow::adapter::{Desired, EndReason, Lead};
use serde_json::json;

use crate::{
    double::{Double, only},
    talk::{EMAIL, STATEMENT, SUBJECT, Talk, ada, done, ended, lead, usual},
    vendors::{brevo, hubspot, mailchimp, mautic, salesforce},
};

const NEW: &str = "ada.lovelace@example.org";

pub(crate) fn allowed(lead: Lead) -> Desired {
    Desired::Lead(Box::new(lead))
}

/// She corrected her address and took back her role.
fn corrected() -> Lead {
    lead(&[("email", "email", NEW), ("first", "given-name", "Ada")])
}

pub(crate) fn kept_to_the_pages(double: &Double) {
    assert!(double.refused.is_empty(), "{:?}", double.refused);
}

#[test]
fn hubspot() {
    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    let look = || {
        let account = shared.look();
        format!("{:?} {:?}", account.contacts, account.subscriptions)
    };
    assert!(done(&talk.test()));
    assert!(done(&talk.tell(allowed(ada()), look)));
    {
        let account = shared.look();
        let contact = only(&account.contacts);
        assert_eq!(
            json!(contact),
            json!({"email": EMAIL, "firstname": "Ada", "jobtitle": "Countess", "candor_id": SUBJECT.to_string(),
                "candor_state": "given", "candor_until": "2028-05-21"})
        );
        let submission = &account.submissions[0];
        assert_eq!(
            submission["legalConsentOptions"],
            json!({"consent": {"consentToProcess": true, "text": STATEMENT,
                "communications": [{"value": true, "subscriptionTypeId": 7, "text": STATEMENT}]}})
        );
        assert_eq!(submission["submittedAt"], "1795255200123");
        assert_eq!(
            submission["fields"].as_array().map(Vec::len),
            Some(1),
            "the address alone"
        );
        assert_eq!(account.subscriptions[EMAIL].0, "SUBSCRIBED");
    }
    assert!(done(&talk.tell(allowed(corrected()), look)));
    {
        let account = shared.look();
        assert_eq!(account.contacts.len(), 1, "the same contact");
        let contact = only(&account.contacts);
        assert_eq!(
            (contact["email"].as_str(), contact["jobtitle"].as_str()),
            (Some(NEW), Some(""))
        );
    }
    assert!(done(&talk.tell(ended(EndReason::Withdrawn), look)));
    {
        let account = shared.look();
        let ended = ("UNSUBSCRIBED".to_owned(), "CONSENT_WITH_NOTICE".to_owned());
        assert_eq!(account.subscriptions[NEW], ended);
        assert_eq!(only(&account.contacts)["candor_state"], "withdrawn");
    }
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!(shared.look().subscriptions[NEW].0, "SUBSCRIBED");
    assert!(done(&talk.tell(ended(EndReason::Erased), look)));
    let account = shared.look();
    assert!(account.contacts.is_empty() && account.blocked.is_empty());
    kept_to_the_pages(&talk.double);
}

#[test]
fn brevo() {
    let shared = brevo::Shared::default();
    let mut talk = Talk::new("brevo", usual("brevo"), brevo::double(&shared));
    let look = || format!("{:?}", shared.look().contacts);
    let contact = || only(&shared.look().contacts);
    assert!(done(&talk.test()));
    assert!(done(&talk.tell(allowed(ada()), look)));
    assert_eq!(
        json!(contact().attributes),
        json!({"FIRSTNAME": "Ada", "JOB_TITLE": "Countess", "CANDOR_ID": SUBJECT.to_string(), "CANDOR_STATE": "given",
            "CANDOR_UNTIL": "2028-05-21"})
    );
    assert!(contact().lists.contains(&12) && !contact().email_blocked);

    // She unsubscribes in a letter of Brevo's: a correction must not undo that.
    shared
        .look()
        .contacts
        .values_mut()
        .for_each(|held| held.email_blocked = true);
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!((contact().email.as_str(), contact().email_blocked), (NEW, true));
    assert_eq!(contact().attributes["JOB_TITLE"], "");

    assert!(done(&talk.tell(ended(EndReason::Objected), look)));
    assert!(contact().email_blocked && contact().lists.is_empty());
    assert_eq!(contact().attributes["CANDOR_STATE"], "objected");

    // A new consent is the person's own act: it lifts it.
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert!(!contact().email_blocked && contact().lists.contains(&12));
    assert!(done(&talk.tell(ended(EndReason::Retention), look)));
    assert!(shared.look().contacts.is_empty());
    kept_to_the_pages(&talk.double);
}

#[test]
fn mailchimp() {
    let shared = mailchimp::Shared::default();
    let mut talk = Talk::new("mailchimp", usual("mailchimp"), mailchimp::double(&shared));
    let look = || format!("{:?}", shared.look().members);
    let member = || only(&shared.look().members);
    assert!(done(&talk.test()));
    assert!(done(&talk.tell(allowed(ada()), look)));
    assert_eq!((member().status.as_str(), member().permission), ("subscribed", true));
    assert_eq!(
        json!(member().merge_fields),
        json!({"FNAME": "Ada", "JOB": "Countess", "CANDOR": "given", "CUNTIL": "2028-05-21"})
    );

    // She takes back the permission in Mailchimp's own form: a correction leaves that as it is.
    shared
        .look()
        .members
        .values_mut()
        .for_each(|held| held.permission = false);
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!((member().email.as_str(), member().permission), (NEW, false));
    assert_eq!(member().merge_fields["JOB"], "");

    // The answer to a change of address was lost, and what it was known by then is no more: the end finds it all the same.
    let older = talk.told.remote.clone();
    let message = talk.message(allowed(lead(&[
        ("email", "email", "a@example.org"),
        ("first", "given-name", "Ada"),
    ])));
    assert!(done(&talk.attempt(&message)));
    assert_eq!(
        (member().email.as_str(), talk.told.remote.clone()),
        ("a@example.org", older)
    );
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert!(done(&talk.tell(ended(EndReason::Expired), look)));
    assert_eq!((member().status.as_str(), member().permission), ("unsubscribed", false));
    assert_eq!(member().merge_fields["CANDOR"], "expired");
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!((member().status.as_str(), member().permission), ("subscribed", true));
    let message = talk.message(ended(EndReason::Erased));
    assert!(done(&talk.attempt(&message)));
    assert!(done(&talk.attempt(&message)), "gone already");
    let account = shared.look();
    assert_eq!(
        (account.members.len(), account.forgotten.as_slice()),
        (0, [NEW.to_owned()].as_slice())
    );
    drop(account);
    kept_to_the_pages(&talk.double);
}

#[test]
fn salesforce() {
    let shared = salesforce::Shared::default();
    let mut talk = Talk::new("salesforce", usual("salesforce"), salesforce::double(&shared));
    let look = || format!("{:?}", shared.look().objects);
    let object = |name: &str| {
        let account = shared.look();
        json!(account.objects[&(name.to_owned(), SUBJECT.to_string())])
    };
    assert!(done(&talk.test()));
    assert!(done(&talk.tell(allowed(ada()), look)));
    let held = object("Lead");
    for (name, value) in [
        ("FirstName", json!("Ada")),
        ("Title", json!("Countess")),
        ("Email", json!(EMAIL)),
        ("LastName", json!("(not given)")),
        ("Company", json!("(not given)")),
        ("HasOptedOutOfEmail", json!(false)),
        ("Consent_State__c", json!("given")),
        ("Consent_Until__c", json!("2028-05-21")),
    ] {
        assert_eq!(held[name], value, "{name}");
    }
    let consent = object("ContactPointTypeConsent");
    for (name, value) in [
        ("PrivacyConsentStatus", json!("OptIn")),
        ("ContactPointType", json!("Email")),
        ("CaptureContactPointType", json!("Web")),
        ("EffectiveFrom", json!("2026-11-21T10:00:00.123Z")),
        ("EffectiveTo", json!("2028-05-21T10:00:00.000Z")),
        ("PartyId", held["IndividualId"].clone()),
    ] {
        assert_eq!(consent[name], value, "{name}");
    }
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!(
        (&object("Lead")["Email"], &object("Lead")["Title"]),
        (&json!(NEW), &json!(null))
    );
    assert!(done(&talk.tell(ended(EndReason::Withdrawn), look)));
    assert_eq!(object("Lead")["HasOptedOutOfEmail"], true);
    assert_eq!(object("ContactPointTypeConsent")["PrivacyConsentStatus"], "OptOut");
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!(object("Lead")["HasOptedOutOfEmail"], false);
    let named = lead(&[("email", "email", NEW), ("last", "family-name", "Lovelace")]);
    assert!(done(&talk.tell(allowed(named), look)));
    assert_eq!(object("Individual")["LastName"], "Lovelace");
    assert!(done(&talk.tell(ended(EndReason::Erased), look)));
    let account = shared.look();
    assert!(account.objects.is_empty());
    let bin = json!(account.bin).to_string();
    assert!(
        !bin.contains(NEW) && !bin.contains("Ada") && !bin.contains("Lovelace"),
        "the recycle bin holds nothing personal: {bin}"
    );
    drop(account);
    kept_to_the_pages(&talk.double);
}

#[test]
fn mautic() {
    let shared = mautic::Shared::default();
    let mut talk = Talk::new("mautic", usual("mautic"), mautic::double(&shared));
    let look = || format!("{:?}", shared.look().contacts);
    let contact = || only(&shared.look().contacts);
    assert!(done(&talk.test()));
    assert!(done(&talk.tell(allowed(ada()), look)));
    assert_eq!(
        json!(contact().fields),
        json!({"email": EMAIL, "firstname": "Ada", "position": "Countess", "candor_id": SUBJECT.to_string(),
            "candor_state": "given", "candor_until": "2028-05-21"})
    );
    assert!(contact().segments.contains("3") && contact().refusals.is_empty());
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert_eq!(
        (&contact().fields["email"], &contact().fields["position"]),
        (&json!(NEW), &json!(""))
    );
    assert!(done(&talk.tell(ended(EndReason::Withdrawn), look)));
    assert_eq!(contact().refusals["email"].0, 1, "unsubscribed");
    assert!(contact().segments.is_empty());
    assert!(done(&talk.tell(allowed(corrected()), look)));
    assert!(contact().refusals.is_empty() && contact().segments.contains("3"));
    assert!(done(&talk.tell(ended(EndReason::Restricted), look)));
    assert_eq!(contact().refusals["email"].0, 3, "by hand");
    assert!(done(&talk.tell(ended(EndReason::Erased), look)));
    assert!(shared.look().contacts.is_empty());
    kept_to_the_pages(&talk.double);
}
