//! The files that a server sends to browsers which accept brotli or gzip. No times, no names: the same bytes each run.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use super::Quality;

pub(crate) fn brotli(bytes: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: match quality {
            Quality::Development => 3,
            Quality::Release | Quality::Minimal => 11,
        },
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

pub(crate) fn gzip(bytes: &[u8], quality: Quality) -> Result<Vec<u8>> {
    let level = match quality {
        Quality::Development => Compression::fast(),
        Quality::Release | Quality::Minimal => Compression::best(),
    };
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), level);
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{brotli, gzip};
    use crate::dist::Quality;

    #[test]
    fn what_is_compressed_comes_back_and_is_the_same_each_time() {
        let text = "consent is given, not taken. ".repeat(200);
        for quality in [Quality::Development, Quality::Release] {
            let small = brotli(text.as_bytes(), quality).expect("brotli");
            assert_eq!(small, brotli(text.as_bytes(), quality).expect("brotli"));
            let mut back = Vec::new();
            brotli::BrotliDecompress(&mut &*small, &mut back).expect("its own output");
            assert_eq!(back, text.as_bytes());

            let small = gzip(text.as_bytes(), quality).expect("gzip");
            assert_eq!(small, gzip(text.as_bytes(), quality).expect("gzip"));
            let mut back = String::new();
            flate2::read::GzDecoder::new(&*small)
                .read_to_string(&mut back)
                .expect("its own output");
            assert_eq!(back, text);
        }
    }
}
