//! A form is published once; what was published is read again; nothing of a refused release stays.

use candor_collector::store::{Published, Store};
use serde_json::Value;

use super::{now, release};

pub(super) async fn check(store: &dyn Store, compiled: &Value) {
    let release = release(compiled);
    for _ in 0..2 {
        assert_eq!(
            store.publish(&release, now()).await.expect("stored"),
            Published::Done,
            "publishing twice is publishing once"
        );
    }
    let mut taken = release.clone();
    taken.purposes[0].basis = "legitimate-interest".into();
    taken.version = "sha256-other".into();
    assert!(matches!(
        store.publish(&taken, now()).await.expect("answered"),
        Published::PurposeTaken { .. }
    ));
    assert_eq!(
        store.definition("ebook-rgpd", "sha256-other").await.expect("answered"),
        None,
        "nothing of a refused release stays"
    );
    assert_eq!(
        store
            .compiled("sha256-compiled")
            .await
            .expect("answered")
            .map(|row| row.language)
            .as_deref(),
        Some("fr")
    );
    assert_eq!(
        store
            .compiled_of("ebook-rgpd", &release.version, "fr")
            .await
            .expect("answered")
            .len(),
        1
    );
    assert_eq!(
        store
            .compiled_of("ebook-rgpd", &release.version, "en")
            .await
            .expect("answered")
            .len(),
        0
    );
    let notice = store.notice("sha256-notice").await.expect("answered").expect("kept");
    assert_eq!(notice.html, "<p>kept</p>");
    let of_version = store
        .notices_of("ebook-rgpd", &release.version)
        .await
        .expect("answered");
    assert_eq!(of_version, [notice]);
    assert_eq!(store.notice("sha256-other").await.expect("answered"), None);
    assert_eq!(
        store.history("ebook-rgpd").await.expect("answered"),
        std::slice::from_ref(&release.version)
    );
}
