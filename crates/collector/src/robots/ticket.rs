//! The way without script: a ticket that holds everything typed, sealed, and says from when and until when it is taken.
//! Refuses to show what it holds, to be altered, and to be another form's. Nothing of it stands in an address, and
//! nothing is kept here until it comes back; then it is spent like a challenge (`store`: one submission).

use candor_record::base64url;
use jiff::{SignedDuration, Timestamp};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use super::Spent;
use crate::{clock::Random, links::LinkKey};

/// The one member of the waiting page's form.
pub const NAME: &str = "candor-ticket";

/// Time enough to come back from a telephone call. Afterwards the same ticket gets a new one, and nothing is lost.
pub const TICKET_LIVES: SignedDuration = SignedDuration::from_hours(1);

/// A plain post, with what was said beside it: the act was on that page, not on the waiting page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The site whose page it was.
    pub origin: String,
    /// `Sec-GPC: 1`.
    pub gpc: bool,
    /// The post as it came.
    pub body: String,
}

/// A plain post that waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Milliseconds since 1970.
    not_before: i64,
    expires: i64,
    pub held: Held,
}

macro_rules! redacted_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}
redacted_debug!(Held, Ticket);

/// A ticket that came back.
#[derive(Debug)]
pub struct Presented {
    pub ticket: Ticket,
    /// As it travels.
    pub text: String,
    spent: Spent,
}

impl Ticket {
    pub fn new(held: Held, now: Timestamp, wait_secs: u32) -> Self {
        Self {
            held,
            not_before: (now + SignedDuration::from_secs(i64::from(wait_secs))).as_millisecond(),
            expires: (now + TICKET_LIVES).as_millisecond(),
        }
    }

    /// Whole seconds until it is taken; 0: now.
    pub fn waits_secs(&self, now: Timestamp) -> u32 {
        let milliseconds = self.not_before.saturating_sub(now.as_millisecond());
        u32::try_from(milliseconds.max(0).unsigned_abs().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// The text that travels.
    pub fn seal(&self, links: &LinkKey, random: &dyn Random, form: &str) -> String {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = serde_json::to_vec(self).expect("texts and numbers are JSON");
        key(links)
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(form), &mut sealed)
            .expect("a post is far below the limit of the cipher");
        base64url::encode(&[&nonce[..], &sealed].concat())
    }
}

/// Opens a ticket of this form; `None` for anything else.
pub fn open(links: &LinkKey, form: &str, text: &str) -> Option<Presented> {
    let bytes = base64url::decode(text).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let plain = key(links)
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(form), &mut sealed)
        .ok()?;
    let ticket: Ticket = serde_json::from_slice(plain).ok()?;
    let spent = Spent {
        digest: links.fingerprint(&[b"ticket\0", &nonce[..]].concat()).as_ref().to_vec(),
        expires: Timestamp::from_millisecond(ticket.expires).ok()?,
    };
    Some(Presented {
        ticket,
        text: text.to_owned(),
        spent,
    })
}

impl Presented {
    /// What is spent by it; `None` where it is too early or too late.
    pub fn spend(&self, now: Timestamp) -> Option<Spent> {
        (self.ticket.waits_secs(now) == 0 && self.spent.expires > now).then(|| self.spent.clone())
    }
}

fn key(links: &LinkKey) -> LessSafeKey {
    let key = UnboundKey::new(&CHACHA20_POLY1305, &links.derive("ticket")).expect("the key has the cipher's length");
    LessSafeKey::new(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemRandomness;

    fn held(gpc: bool) -> Held {
        Held {
            origin: "https://www.acme.example".to_owned(),
            gpc,
            body: "email=ada%40example.org".to_owned(),
        }
    }

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).expect("in range")
    }

    #[test]
    fn a_ticket_is_taken_in_its_time_and_known_again() {
        let links = LinkKey::new(&[1; 32]);
        let ticket = Ticket::new(held(true), at(0), 10);
        let text = ticket.seal(&links, &SystemRandomness, "ebook");
        let presented = open(&links, "ebook", &text).expect("genuine");
        assert_eq!(presented.ticket, ticket);
        let check = |milliseconds: i64, waits: u32, taken: bool| {
            let now = at(milliseconds);
            let found = (presented.ticket.waits_secs(now), presented.spend(now).is_some());
            assert_eq!(found, (waits, taken), "after {milliseconds} ms");
        };
        check(0, 10, false);
        check(1, 10, false);
        check(9_000, 1, false);
        check(9_999, 1, false);
        check(10_000, 0, true);
        check(3_599_999, 0, true);
        check(3_600_000, 0, false);
        let again = open(&links, "ebook", &text).expect("genuine");
        assert_eq!(again.spend(at(10_000)), presented.spend(at(20_000)));
        let other = open(&links, "ebook", &ticket.seal(&links, &SystemRandomness, "ebook")).expect("genuine");
        assert_ne!(
            other.spend(at(10_000)),
            presented.spend(at(10_000)),
            "each ticket is its own"
        );
    }

    #[test]
    fn a_ticket_shows_nothing_and_opens_for_nobody_else() {
        let links = LinkKey::new(&[1; 32]);
        let ticket = Ticket::new(held(false), at(0), 0);
        let text = ticket.seal(&links, &SystemRandomness, "ebook");
        assert!(!String::from_utf8_lossy(&base64url::decode(&text).expect("base64url")).contains("ada"));
        assert!(open(&links, "webinar", &text).is_none(), "another form");
        assert!(open(&LinkKey::new(&[2; 32]), "ebook", &text).is_none(), "another key");
        for place in [0, 20, text.len() - 2] {
            let mut altered = text.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).expect("ASCII");
            assert!(open(&links, "ebook", &altered).is_none(), "altered at {place}");
        }
        for wrong in ["", "A", "!", &text[..20]] {
            assert!(open(&links, "ebook", wrong).is_none(), "{wrong}");
        }
    }
}
