//! Static files: `--site` at `/`, and the gated files for `http/download.rs`. Validators, precompressed neighbours, ranges.
//! Refuses every path that leaves its folder, hidden files, and symbolic links that point outside.

use std::{
    io::SeekFrom,
    path::{Component, Path, PathBuf},
    time::SystemTime,
};

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

use super::{bundle::accepts, error::ApiError};
use crate::app::App;

/// Fallback of the router: a page of `--site`, or 404.
pub async fn page(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    let folder = app.config.site.as_deref().ok_or(ApiError::NotFound)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(ApiError::MethodNotAllowed);
    }
    let path = percent_decoded(request.uri().path()).ok_or(ApiError::NotFound)?;
    let mut found = inside(folder, path.trim_start_matches('/')).ok_or(ApiError::NotFound)?;
    if found.is_dir() {
        if !path.ends_with('/') {
            return Ok((
                StatusCode::PERMANENT_REDIRECT,
                [(header::LOCATION, format!("{}/", request.uri().path()))],
            )
                .into_response());
        }
        found.push("index.html");
    }
    let media_type = mime_guess::from_path(&found).first_or_octet_stream();
    let text = media_type.type_() == mime_guess::mime::TEXT;
    let media_type = if text {
        format!("{media_type}; charset=utf-8")
    } else {
        media_type.to_string()
    };
    let (found, encoding) = precompressed(found, request.headers());
    let file = OpenFile::open(&found).await?;
    let mut response = if matches_etag(request.headers(), &file.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.whole(request.method() == Method::HEAD).await
    };
    let headers = response.headers_mut();
    file.describe(headers);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&media_type).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=0, must-revalidate"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn precompressed(path: PathBuf, headers: &HeaderMap) -> (PathBuf, Option<&'static str>) {
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        let mut beside = path.clone().into_os_string();
        beside.push(format!(".{suffix}"));
        let beside = PathBuf::from(beside);
        if accepts(headers, encoding) && beside.is_file() {
            return (beside, Some(encoding));
        }
    }
    (path, None)
}

fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(if byte == b'%' {
            u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

/// A path below the folder; `None` where it would leave it, or names something hidden or absent.
pub fn inside(folder: &Path, relative: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for component in Path::new(relative).components() {
        match component {
            Component::Normal(name) if !name.to_str()?.starts_with('.') => path.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    // A symbolic link may point elsewhere: where the file really is decides.
    let (folder, real) = (folder.canonicalize().ok()?, path.canonicalize().ok()?);
    real.starts_with(folder).then_some(path)
}

/// Whether `If-None-Match` names this version.
pub fn matches_etag(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    known
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

/// A file with its size and its validators.
#[derive(Debug)]
pub struct OpenFile {
    path: PathBuf,
    pub size: u64,
    pub etag: String,
    modified: SystemTime,
}

impl OpenFile {
    pub async fn open(path: &Path) -> Result<Self, ApiError> {
        let metadata = tokio::fs::metadata(path).await.map_err(|_| ApiError::NotFound)?;
        if !metadata.is_file() {
            return Err(ApiError::NotFound);
        }
        let modified = metadata.modified().map_err(|_| ApiError::Internal)?;
        let nanoseconds = modified
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos());
        let etag = format!("\"{:x}-{nanoseconds:x}\"", metadata.len());
        Ok(Self {
            path: path.to_owned(),
            size: metadata.len(),
            etag,
            modified,
        })
    }

    /// Validators of any answer about this file.
    pub fn describe(&self, headers: &mut HeaderMap) {
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, etag);
        }
        if let Ok(modified) = HeaderValue::from_str(&httpdate::fmt_http_date(self.modified)) {
            headers.insert(header::LAST_MODIFIED, modified);
        }
    }

    pub async fn whole(&self, head: bool) -> Response {
        self.part(0, self.size, StatusCode::OK, head).await
    }

    /// `length` bytes from `start`, streamed; of a HEAD only the headers.
    pub async fn part(&self, start: u64, length: u64, status: StatusCode, head: bool) -> Response {
        let body = if head {
            Ok(Body::empty())
        } else {
            self.stream(start, length).await
        };
        let Ok(body) = body else {
            return ApiError::NotFound.into_response();
        };
        let mut response = (status, body).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        response
    }

    async fn stream(&self, start: u64, length: u64) -> std::io::Result<Body> {
        const CHUNK: usize = 64 * 1024;
        let mut file = File::open(&self.path).await?;
        file.seek(SeekFrom::Start(start)).await?;
        let (mut sender, body) = http_body_util::channel::Channel::<bytes::Bytes, std::io::Error>::new(2);
        tokio::spawn(async move {
            let mut rest = file.take(length);
            loop {
                let mut chunk = bytes::BytesMut::with_capacity(CHUNK);
                match rest.read_buf(&mut chunk).await {
                    Ok(0) => break,
                    // The reader has gone: nobody is left to tell.
                    Ok(_) if sender.send_data(chunk.freeze()).await.is_err() => break,
                    Ok(_) => {}
                    Err(error) => {
                        sender.abort(error);
                        break;
                    }
                }
            }
        });
        Ok(Body::new(body.boxed()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn paths_stay_in_their_folder() {
        let base = tempfile::tempdir().expect("a folder");
        let site = base.path().join("site");
        fs::create_dir_all(site.join("sub")).expect("made");
        fs::write(site.join("sub/a.html"), "a").expect("written");
        fs::write(site.join(".secret"), "s").expect("written");
        fs::write(base.path().join("outside"), "o").expect("written");
        std::os::unix::fs::symlink(base.path().join("outside"), site.join("link")).expect("linked");
        let check = |path: &str, expected: bool| {
            let found = percent_decoded(path).and_then(|path| inside(&site, path.trim_start_matches('/')));
            assert_eq!(found.is_some(), expected, "{path}: {found:?}");
        };
        check("/sub/a.html", true);
        check("/sub/./a.html", true);
        check("/", true);
        check("/../outside", false);
        check("/%2e%2e/outside", false);
        check("/sub/%2e%2e/%2e%2e/outside", false);
        check("//etc/passwd", false);
        check("/.secret", false);
        check("/link", false);
        check("/sub/a.html%00", false);
        check("/%zz", false);
        check("/missing", false);
    }
}
