//! When the hosted page was served: a signed time in the form itself, so that nothing has to be remembered.
//! Refuses one of another form or version. A form that was printed into somebody's page has none, and that is no sign.

use candor_record::base64url;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;

use crate::links::LinkKey;

/// The hidden member of the plain form.
pub const NAME: &str = "candor-issued";

const TAG_LEN: usize = 16;

/// What a plain post says of the time at which its page was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// Not said.
    Unknown,
    At(Timestamp),
    Forged,
}

/// The member's value.
pub fn write(links: &LinkKey, form: &str, version: &str, at: Timestamp) -> String {
    let time = at.as_millisecond().to_be_bytes();
    let tag = tag(links, form, version, &time);
    base64url::encode(&[&time[..], &tag].concat())
}

/// Reads the member.
pub fn read(links: &LinkKey, form: &str, version: &str, text: Option<&str>) -> Issued {
    let Some(text) = text else { return Issued::Unknown };
    let bytes = base64url::decode(text).unwrap_or_default();
    let Some((time, found)) = bytes.split_first_chunk::<8>() else {
        return Issued::Forged;
    };
    let expected = tag(links, form, version, time);
    if links.fingerprint(found).as_ref() != links.fingerprint(&expected).as_ref() {
        return Issued::Forged;
    }
    Timestamp::from_millisecond(i64::from_be_bytes(*time)).map_or(Issued::Forged, Issued::At)
}

impl Issued {
    pub fn took(self, now: Timestamp) -> Option<SignedDuration> {
        match self {
            Self::At(at) => Some(now.duration_since(at)),
            Self::Unknown | Self::Forged => None,
        }
    }
}

fn tag(links: &LinkKey, form: &str, version: &str, time: &[u8; 8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &links.derive("issued"));
    let named = [form.as_bytes(), b"\0", version.as_bytes(), b"\0", time].concat();
    hmac::sign(&key, &named).as_ref()[..TAG_LEN].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_good_for_its_own_form_and_version() {
        let links = LinkKey::new(&[1; 32]);
        let at = Timestamp::from_second(1_800_000_000).expect("in range");
        let text = write(&links, "ebook", "v1", at);
        let check = |links: &LinkKey, form: &str, version: &str, text: Option<&str>, expected: Issued| {
            assert_eq!(read(links, form, version, text), expected, "{form} {version} {text:?}");
        };
        check(&links, "ebook", "v1", Some(&text), Issued::At(at));
        check(&links, "ebook", "v1", None, Issued::Unknown);
        check(&links, "webinar", "v1", Some(&text), Issued::Forged);
        check(&links, "ebook", "v2", Some(&text), Issued::Forged);
        check(&LinkKey::new(&[2; 32]), "ebook", "v1", Some(&text), Issued::Forged);
        let later = write(&links, "ebook", "v1", at + SignedDuration::from_secs(1));
        let mixed = text[..11].to_owned() + &later[11..];
        for wrong in ["", "A", "!!", &text[..text.len() - 1], &mixed] {
            check(&links, "ebook", "v1", Some(wrong), Issued::Forged);
        }
        assert_eq!(
            Issued::At(at).took(at + SignedDuration::from_secs(3)),
            Some(SignedDuration::from_secs(3))
        );
    }
}
