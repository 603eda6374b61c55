//! Headers of every answer: a strict content policy, no sniffing, no framing, no referrer to others.
//! Refuses inline script and style everywhere; only the hosted page and what
//! follows its button may be framed, and only by the sites that `--origin` names.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::app::App;

/// Who may frame a page; set by the handler of the hosted page.
#[derive(Debug, Clone)]
pub struct Framing(pub HeaderValue);

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; frame-ancestors ";

/// The content policy with these ancestors.
pub fn content_policy(frame_ancestors: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{POLICY}{frame_ancestors}"))
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

/// The hosted page may be framed by the sites that may embed.
pub fn framed_by_origins(app: &App) -> Framing {
    let origins = if app.config.origins.iter().any(|origin| origin == "*") {
        "*".to_owned()
    } else {
        app.config.origins.join(" ")
    };
    Framing(content_policy(format!("'self' {origins}").trim_end()))
}

/// Whether the page is shown in a frame: browsers say so with each navigation, script or not.
pub fn is_embedded(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-dest")
        .is_some_and(|destination| destination == "iframe")
}

/// Layer: sets what the handler did not set itself.
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let framing = response.extensions_mut().remove::<Framing>();
    let framed = framing.is_some();
    let policy = framing.map_or_else(|| content_policy("'none'"), |framing| framing.0);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, policy);
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // With no-referrer a form's own POST says `Origin: null`.
    set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static(if framed { "cross-origin" } else { "same-origin" }),
    );
    set(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    );
    if !framed {
        set(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if app.public_url.starts_with("https://") {
        set(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}
