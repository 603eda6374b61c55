//! `/.well-known/jwks.json` and `candor.json`: what a verifier needs, open to everybody.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;

use crate::{app::App, bundle, snippet};

/// The published keys, with their times; retired and revoked ones stay.
pub async fn keys(State(app): State<App>) -> Response {
    open(Json(app.keys.current().published.to_json()).into_response())
}

/// What this collector is, and where its parts are.
pub async fn candor(State(app): State<App>) -> Response {
    let forms: serde_json::Map<String, serde_json::Value> = app
        .forms
        .iter()
        .map(|(id, form)| {
            let theme = snippet::theme(id, &form.in_language(None).json);
            let languages = form.languages().collect::<Vec<_>>();
            (
                id.to_owned(),
                json!({
                    "version": form.version,
                    "languages": languages,
                    "style": theme.map(|theme| bundle::content_hash(&theme)),
                }),
            )
        })
        .collect();
    let document = json!({
        "origin": app.own_origin(),
        "url": app.public_url,
        "collector": env!("CARGO_PKG_VERSION"),
        "widget": candor_form::VERSION,
        // For `style-src` of pages with a printed form, beside the form's own where it has a theme.
        "style": bundle::content_hash(&bundle::printed_stylesheet()),
        "formats": ["candor-record/1", "candor-form/1", "candor-compiled/1"],
        "jwks": format!("{}/.well-known/jwks.json", app.public_url),
        "submissions": format!("{}/v1/submissions", app.public_url),
        "forms": forms,
    });
    open(Json(document).into_response())
}

fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
