//! The widget's files as `cargo xtask dist` made them, inside the binary (read from `dist/` in debug builds).
//! With `CANDOR_BUNDLE=min` at build time they are those of `cargo xtask dist --min`. Refuses to know what they do. Who serves them: `http/bundle.rs`; who prints their addresses: `snippet.rs`.

use std::borrow::Cow;

use candor_record::digest::Sha256Digest;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[cfg_attr(not(min_bundle), folder = "../../dist")]
#[cfg_attr(min_bundle, folder = "../../dist/min")]
#[allow_missing = true]
struct Files;

/// A file by its path below `dist/`.
pub fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    Files::get(path).map(|file| file.data)
}

/// The path of a part of the widget, e.g. `candor/0.1.0-7b99528fb950/candor.css`; `None` before the first `dist`.
pub fn part(name: &str) -> Option<String> {
    Files::iter()
        .find(|path| {
            let folder = path
                .strip_prefix("candor/")
                .and_then(|rest| rest.strip_suffix(name))
                .and_then(|folder| folder.strip_suffix('/'));
            folder.is_some_and(|folder| !folder.contains('/'))
        })
        .map(Cow::into_owned)
}

/// The style sheet of a form that is printed into a page.
pub fn printed_stylesheet() -> Cow<'static, str> {
    let bundled = part("first.css").and_then(|path| String::from_utf8(file(&path)?.into_owned()).ok());
    bundled.map_or(candor_form::FIRST_STYLESHEET.into(), Cow::Owned)
}

/// What `style-src` names to let an inline style with this text in.
pub fn content_hash(text: &str) -> String {
    // The alphabet that every browser has known; 32 bytes end in one sign of padding.
    let digest = Sha256Digest::of(text.as_bytes()).to_b64u();
    format!("sha256-{}=", digest.replace('-', "+").replace('_', "/"))
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    #[test]
    fn the_hash_is_what_browsers_compute() {
        // printf '%s' "$TEXT" | openssl dgst -sha256 -binary | base64
        let check = |text: &str, expected: &str| assert_eq!(content_hash(text), expected, "{text}");
        check("", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        check(
            ".candor{color:red}",
            "sha256-p6Dia0joES+YPtMck3UkI3SYbNGygNxBWNdPsgSo8No=",
        );
    }
}
