//! The widget's files at their addresses, and the style sheets of the pages.
//! Refuses what the bundle does not hold. Versioned paths are immutable; `/candor.js` is the one stable address.

use std::{
    io::Write,
    sync::{Arc, LazyLock},
};

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use candor_record::digest::Sha256Digest;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{error::ApiError, site::matches_etag};
use crate::bundle;

/// A body in the encodings that there are.
#[derive(Debug, Clone)]
pub struct Encoded {
    identity: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Encoded {
    pub fn plain(body: Vec<u8>) -> Self {
        Self {
            identity: body.into(),
            brotli: None,
            gzip: None,
        }
    }

    /// Compresses once, at the highest level: the result is served many times.
    pub fn compressed(body: &[u8]) -> Self {
        let mut brotli = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams {
            quality: 11,
            size_hint: body.len(),
            ..Default::default()
        };
        let brotli = brotli::BrotliCompress(&mut &*body, &mut brotli, &parameters)
            .is_ok()
            .then(|| brotli.into());
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let gzip = gzip.write_all(body).and_then(|()| gzip.finish()).ok().map(Into::into);
        Self {
            identity: Bytes::copy_from_slice(body),
            brotli,
            gzip,
        }
    }

    /// The smallest that the client takes.
    pub fn choose(&self, headers: &HeaderMap) -> impl IntoResponse + use<> {
        let (encoding, body) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(headers, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(headers, "gzip") => (Some("gzip"), gzip),
            _ => (None, &self.identity),
        };
        let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, HeaderValue::from_static(encoding))]);
        (
            encoding.map_or_else(HeaderMap::new, |pairs| pairs.into_iter().collect()),
            body.clone(),
        )
    }
}

/// Whether `Accept-Encoding` names it without forbidding it.
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    accepted.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        let refused = matches!(quality.trim().strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"));
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

/// `GET /candor.js`
pub async fn loader(headers: HeaderMap) -> Result<Response, ApiError> {
    file("candor.js", &headers, HeaderValue::from_static("public, max-age=300"))
}

/// `GET /candor/{version}/{file}`
pub async fn versioned(Path(rest): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    file(
        &format!("candor/{rest}"),
        &headers,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    )
}

fn file(path: &str, headers: &HeaderMap, cache: HeaderValue) -> Result<Response, ApiError> {
    if path.split('/').any(|part| part.is_empty() || part == "..") {
        return Err(ApiError::NotFound);
    }
    let identity = bundle::file(path).ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}\"", Sha256Digest::of(&identity).to_b64u());
    let mut response = if matches_etag(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let beside = |suffix: &str| bundle::file(&format!("{path}{suffix}")).map(|file| Bytes::from(file.into_owned()));
        Encoded {
            identity: identity.into_owned().into(),
            brotli: beside(".br"),
            gzip: beside(".gz"),
        }
        .choose(headers)
        .into_response()
    };
    let answered = response.headers_mut();
    let media_type = mime_guess::from_path(path)
        .first_raw()
        .unwrap_or("application/octet-stream");
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answered.insert(header::CACHE_CONTROL, cache);
    answered.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    answered.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answered.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answered.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// A style sheet of the pages, at an address that changes with its content.
struct Sheet {
    path: String,
    body: Encoded,
}

impl Sheet {
    fn new(name: &str, text: &str) -> Self {
        let digest = Sha256Digest::of(text.as_bytes()).to_b64u();
        Self {
            path: format!("/pages/{name}-{}.css", &digest[..16]),
            body: Encoded::compressed(text.as_bytes()),
        }
    }
}

static PAGE: LazyLock<Arc<Sheet>> =
    LazyLock::new(|| Arc::new(Sheet::new("page", include_str!("../../templates/page.css"))));
static FORM: LazyLock<Arc<Sheet>> = LazyLock::new(|| Arc::new(Sheet::new("form", candor_form::STYLESHEET)));

pub fn page_stylesheet_path() -> &'static str {
    &PAGE.path
}

pub fn form_stylesheet_path() -> &'static str {
    &FORM.path
}

/// `GET /pages/{file}`
pub async fn stylesheet(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = format!("/pages/{name}");
    let sheet = [&PAGE, &FORM]
        .into_iter()
        .find(|sheet| sheet.path == path)
        .ok_or(ApiError::NotFound)?;
    let mut response = sheet.body.choose(&headers).into_response();
    let answered = response.headers_mut();
    answered.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/css; charset=utf-8"),
    );
    answered.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    answered.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_at_their_word() {
        let check = |value: &str, expected: bool| {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a header"))]);
            assert_eq!(accepts(&headers, "br"), expected, "{value}");
        };
        check("gzip, deflate, br, zstd", true);
        check("br;q=0.5", true);
        check("br;q=0, gzip", false);
        check("identity", false);
        check("", false);
    }
}
