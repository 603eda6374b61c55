//! `GET /schema/candor-form-1.json`: the JSON Schema of form definitions, open to every site and editor.
//! Refuses nothing. The path stays as long as the format does: definitions name it as their `$schema`.

use std::sync::LazyLock;

use axum::response::Response;
use candor_record::digest::Sha256Digest;
use http::{HeaderMap, HeaderValue};

use super::bundle::Encoded;

struct Schema {
    version: String,
    body: Encoded,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let text = candor_definition::schema::text();
    Schema {
        version: Sha256Digest::of(text.as_bytes()).to_b64u(),
        body: Encoded::compressed(text.as_bytes()),
    }
});

pub async fn form(headers: HeaderMap) -> Response {
    super::forms::open(
        &headers,
        &SCHEMA.version,
        HeaderValue::from_static("public, max-age=3600"),
        HeaderValue::from_static("application/schema+json"),
        &SCHEMA.body,
    )
}
