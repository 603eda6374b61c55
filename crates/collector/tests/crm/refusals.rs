//! What a vendor holds against a message: refusals of the person there, channels of their own, ids that got lost.

use candor_collector::flow::adapter::{EndReason, Lead, Outcome};
use candor_record::term::{Basis, Channel};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    double::only,
    lives::{allowed, kept_to_the_pages},
    talk::{EMAIL, STATEMENT, SUBJECT, Talk, ada, done, ended, usual},
    vendors::{brevo, hubspot, mailchimp, mautic, salesforce},
};

#[test]
fn an_interest_never_lifts_what_the_vendor_holds() {
    let interest = || Lead {
        basis: Basis::LegitimateInterest,
        ..ada()
    };
    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    let refused = ("UNSUBSCRIBED".to_owned(), String::new());
    shared.look().subscriptions.insert(EMAIL.into(), refused.clone());
    assert!(done(&talk.tell(allowed(interest()), String::new)));
    let account = shared.look();
    assert_eq!(
        account.submissions[0]["legalConsentOptions"],
        json!({"legitimateInterest": {"value": true, "subscriptionTypeId": 7, "legalBasis": "LEAD", "text": STATEMENT}})
    );
    assert_eq!(account.subscriptions[EMAIL], refused);
    drop(account);

    let shared = brevo::Shared::default();
    let blocked = brevo::Contact {
        email: EMAIL.into(),
        email_blocked: true,
        ..brevo::Contact::default()
    };
    shared.look().contacts.insert(9, blocked);
    let mut talk = Talk::new("brevo", usual("brevo"), brevo::double(&shared));
    assert!(done(&talk.tell(allowed(interest()), String::new)));
    assert_eq!(
        talk.told.remote.as_deref(),
        Some("9 email"),
        "the contact that was there"
    );
    assert!(shared.look().contacts[&9].email_blocked);

    let shared = mailchimp::Shared::default();
    let unsubscribed = mailchimp::Member {
        email: EMAIL.into(),
        status: "unsubscribed".into(),
        contact_id: "c9".into(),
        by_themselves: true,
        ..mailchimp::Member::default()
    };
    shared.look().members.insert(mailchimp::hash(EMAIL), unsubscribed);
    let mut talk = Talk::new("mailchimp", usual("mailchimp"), mailchimp::double(&shared));
    assert!(done(&talk.tell(allowed(interest()), String::new)));
    let account = shared.look();
    let member = &account.members[&mailchimp::hash(EMAIL)];
    assert_eq!((member.status.as_str(), member.permission), ("unsubscribed", false));
}

#[test]
fn calls_have_switches_of_their_own() {
    let by_phone = || Lead {
        channel: Channel::Phone,
        ..ada()
    };
    let shared = salesforce::Shared::default();
    let mut talk = Talk::new("salesforce", usual("salesforce"), salesforce::double(&shared));
    let lead = || json!(shared.look().objects[&("Lead".to_owned(), SUBJECT.to_string())]);
    assert!(done(&talk.tell(allowed(by_phone()), String::new)));
    assert_eq!(
        (&lead()["DoNotCall"], &lead()["HasOptedOutOfEmail"]),
        (&json!(false), &json!(null))
    );
    assert!(done(&talk.tell(ended(EndReason::Objected), String::new)));
    assert_eq!(
        (&lead()["DoNotCall"], &lead()["HasOptedOutOfEmail"]),
        (&json!(true), &json!(null))
    );

    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    assert!(done(&talk.tell(allowed(by_phone()), String::new)));
    assert!(done(&talk.tell(ended(EndReason::Withdrawn), String::new)));
    let account = shared.look();
    assert_eq!(
        account.submissions[0]["legalConsentOptions"]["consent"]["communications"],
        json!([])
    );
    assert!(account.subscriptions.is_empty(), "no subscription to letters");
    assert_eq!(only(&account.contacts)["candor_state"], "withdrawn");

    let shared = mailchimp::Shared::default();
    let mut talk = Talk::new("mailchimp", usual("mailchimp"), mailchimp::double(&shared));
    assert!(done(&talk.tell(allowed(by_phone()), String::new)));
    let member = || only(&shared.look().members);
    assert_eq!((member().status.as_str(), member().permission), ("transactional", true));
    assert!(done(&talk.tell(ended(EndReason::Withdrawn), String::new)));
    assert_eq!(
        (member().status.as_str(), member().permission),
        ("transactional", false)
    );
}

/// The vendor took the lead, and its answer was lost: the end finds the person by the pairwise id.
#[test]
fn an_end_finds_whose_id_never_came_back() {
    let shared = hubspot::Shared::default();
    let mut talk = Talk::new("hubspot", usual("hubspot"), hubspot::double(&shared));
    let message = talk.message(allowed(ada()));
    assert!(done(&talk.attempt(&message)));
    let message = talk.message(ended(EndReason::Erased));
    assert!(done(&talk.attempt(&message)));
    assert!(shared.look().contacts.is_empty());
    // What was written a moment ago is not found yet.
    let again = talk.message(ended(EndReason::Erased));
    assert_eq!(talk.attempt(&again), Outcome::Retry { after: None });
    talk.later = SignedDuration::from_mins(10);
    assert!(done(&talk.attempt(&again)), "nothing there");

    for kind in ["brevo", "mautic", "salesforce"] {
        let (mut talk, left): (Talk, Box<dyn Fn() -> usize>) = match kind {
            "brevo" => {
                let shared = brevo::Shared::default();
                let talk = Talk::new(kind, usual(kind), brevo::double(&shared));
                (talk, Box::new(move || shared.look().contacts.len()))
            }
            "mautic" => {
                let shared = mautic::Shared::default();
                let talk = Talk::new(kind, usual(kind), mautic::double(&shared));
                (talk, Box::new(move || shared.look().contacts.len()))
            }
            _ => {
                let shared = salesforce::Shared::default();
                let talk = Talk::new(kind, usual(kind), salesforce::double(&shared));
                (talk, Box::new(move || shared.look().objects.len()))
            }
        };
        let message = talk.message(allowed(ada()));
        assert!(done(&talk.attempt(&message)), "{kind}");
        assert!(left() > 0, "{kind}");
        assert!(done(&talk.tell(ended(EndReason::Erased), String::new)), "{kind}");
        assert_eq!(left(), 0, "{kind}");
        kept_to_the_pages(&talk.double);
    }
}
