//! In whose language a letter speaks, and how it is addressed: the person's, whatever strangers typed.

use super::*;

/// Parts in another language say so, as on the page; where all that is quoted agrees, the letter speaks as it does.
#[tokio::test]
async fn a_letter_tells_its_languages_apart() {
    let app = start().await;
    app.submit_form("lettre-keep", "fr", &[("lettre-keep", "given")]).await;
    app.submit_form("checklist", "en", &[("letter", "given")]).await;
    assert_eq!(app.ada().await.language(), "en");
    app.clock.advance(TO_THE_NOTICE);
    let html = |letter: &str| {
        let mail = mail_parser::MessageParser::default()
            .parse(letter.as_bytes())
            .expect("a mail");
        mail.body_html(0).expect("HTML").into_owned()
    };
    queue(&app, MailKind::Renewal, &["lettre-keep", "letter"]).await;
    let mixed = html(app.letters().await.last().expect("a letter"));
    assert!(mixed.contains("<html lang=\"en\" dir=\"ltr\">"), "{mixed}");
    let french = "<span lang=\"fr\">J’accepte qu’Acme Conseil m’envoie sa lettre par e-mail.</span> Until 21 May 2028.";
    assert!(mixed.contains(french), "{mixed}");
    assert!(
        mixed.contains("I agree that Acme Conseil e-mails me its letter. Until"),
        "{mixed}"
    );
    assert!(!mixed.contains("lang=\"en\">I agree"), "{mixed}");

    queue(&app, MailKind::Renewal, &["lettre-keep"]).await;
    let letters = app.letters().await;
    let letter = letters.last().expect("a letter");
    let (agreed, text) = (html(letter), text_of(letter));
    assert!(
        agreed.contains("<html lang=\"fr\" dir=\"ltr\">") && !agreed.contains("<span lang"),
        "{agreed}"
    );
    assert!(
        text.contains("Subject: Votre accord prend fin le 21 mai 2028\n"),
        "{text}"
    );
    assert!(text.contains("Vous recevez ce message parce que"), "{text}");

    // The foot of a mixed letter quotes its first form.
    queue(&app, MailKind::Renewal, &["letter", "lettre-keep"]).await;
    app.submit_form("lettre-pause", "fr", &[("lettre-pause", "given")])
        .await;
    let foot = html(app.letters().await.last().expect("a letter"));
    assert!(
        foot.contains("<html lang=\"fr\" dir=\"ltr\">") && foot.contains("<span lang=\"en\">"),
        "{foot}"
    );
}

/// Anybody can type her address into a form: its language and their spelling are not hers.
#[tokio::test]
async fn a_stranger_changes_neither_language_nor_address() {
    let app = start().await;
    app.submit_form("ebook-rgpd", "fr", &[("newsletter", "given")]).await;
    let text = text_of(app.letters().await.last().expect("a letter"));
    app.post_form(&link_in(&text, "c"), &[]).await;
    let english = app.compiled("ebook-rgpd", "en").await;
    let typed = [("email", "ada@EXAMPLE.org")];
    let draft = Draft::new(&english, app.app.clock.now(), &[("partners", "given")], &typed);
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    app.letters().await;
    queue(&app, MailKind::Person, &[]).await;
    let letter = app.letters().await.last().expect("a letter").clone();
    assert_eq!(header_of(&letter, "To"), Some(ADA.1));
    let page = app.get(&link_in(&text_of(&letter), "m")).await.text();
    assert!(page.contains("<html lang=\"fr\""), "{page}");
    let choices = &page[..page.find("<article").unwrap_or(page.len())];
    assert!(choices.contains("Retirer mon accord"), "{page}");

    let ada = app.ada().await;
    assert_eq!((ada.language(), ada.address()), ("fr", Some(ADA.1)));
    for (purpose, standing) in ada.state.purposes() {
        let chain = chain_uuid(&standing.chain).expect("an id");
        let lead = ada.submission(chain).expect("a lead");
        assert_eq!(ada.form_of(lead, purpose).row.language, "fr", "{purpose}");
    }

    // What takes effect without a double opt-in is known no better.
    let webinar = app.compiled("webinar-b2b", "en").await;
    let typed = [("email", "AdA@Example.ORG"), ("name", "Eve")];
    let draft = Draft::new(&webinar, app.app.clock.now(), &[], &typed);
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let ada = app.ada().await;
    let offers = "offers".parse().expect("an id");
    assert_eq!(ada.state.of(&offers).expect("on record").state, State::Informed);
    assert_eq!((ada.language(), ada.address()), ("fr", Some(ADA.1)));
    app.clock.advance(TO_THE_NOTICE);
    queue(&app, MailKind::Person, &[]).await;
    queue(&app, MailKind::Renewal, &["newsletter"]).await;
    let letters = app.letters().await;
    for (letter, subject) in letters.iter().rev().zip(["Votre accord prend fin", "Vos choix"]) {
        let text = text_of(letter);
        assert_eq!(header_of(letter, "To"), Some(ADA.1));
        assert!(text.contains(&format!("Subject: {subject}")), "{text}");
        let page = app.get(&link_in(&text, "m")).await.text();
        assert!(page.contains("<html lang=\"fr\""), "{page}");
    }

    // Of several that she confirmed the newest speaks for her.
    let again = [("email", "Ada@example.org")];
    let draft = Draft::new(&english, app.app.clock.now(), &[("partners", "given")], &again);
    assert_eq!(app.submit(&draft.sign()).await.status, StatusCode::CREATED);
    let asked = text_of(app.letters().await.last().expect("a letter"));
    app.post_form(&link_in(&asked, "c"), &[]).await;
    let ada = app.ada().await;
    assert_eq!((ada.language(), ada.address()), ("en", Some("Ada@example.org")));
}
