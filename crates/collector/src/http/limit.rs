//! What is counted per minute, in memory: submissions of an address, of a form, of the whole collector.
//! Refuses to grow without bound: when a table is full, entries of past minutes go first, then everything. What an
//! answer says of its limits: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).

use std::{collections::HashMap, hash::Hash, net::IpAddr, sync::Mutex};

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use crate::http::error::ApiError;

/// Keys counted at once; 100,000 addresses take about 5 MB.
const MAX_KEYS: usize = 100_000;

/// The window of every limit here.
const WINDOW_SECS: i64 = 60;

/// Counts per key and minute. Addresses are forgotten with their minute, or a little later; nothing of them is written.
#[derive(Debug)]
pub struct Limiter<K = IpAddr> {
    /// 0: no limit.
    per_minute: u32,
    counts: Mutex<HashMap<K, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    minute: i64,
    seen: u32,
}

/// Where a key stands after it was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How many more there may be; `None`: this one was too many, and was not counted.
    pub left: Option<u32>,
    /// Until the next minute.
    pub resets_secs: u64,
}

impl<K: Eq + Hash> Limiter<K> {
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            counts: Mutex::default(),
        }
    }

    /// Counts one more of this key; `None` where there is no limit.
    pub fn count(&self, now: Timestamp, key: K) -> Option<Standing> {
        if self.per_minute == 0 {
            return None;
        }
        let minute = now.as_second().div_euclid(WINDOW_SECS);
        let mut counts = self.counts.lock().expect("no panic while counting");
        if counts.len() >= MAX_KEYS {
            counts.retain(|_, count| count.minute == minute);
        }
        if counts.len() >= MAX_KEYS {
            counts.clear();
        }
        let count = counts.entry(key).or_insert(Count { minute, seen: 0 });
        if count.minute != minute {
            *count = Count { minute, seen: 0 };
        }
        let left = self.per_minute.checked_sub(count.seen + 1);
        if left.is_some() {
            count.seen += 1;
        }
        Some(Standing {
            left,
            resets_secs: (WINDOW_SECS - now.as_second().rem_euclid(WINDOW_SECS)).unsigned_abs(),
        })
    }

    /// The limit as an answer tells it; `None` where there is none.
    pub fn quota(&self, of: Whose, now: Timestamp, key: K) -> Option<Quota> {
        let standing = self.count(now, key)?;
        let per_minute = self.per_minute;
        Some(Quota {
            of,
            per_minute,
            standing,
        })
    }
}

impl Limiter<IpAddr> {
    /// Counts one request of this address, or says when the next minute begins.
    pub fn admit(&self, now: Timestamp, address: IpAddr) -> Result<(), ApiError> {
        match self.quota(Whose::Address, now, network(address)) {
            Some(quota) => quota.admit(),
            None => Ok(()),
        }
    }
}

/// What a limit is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Address,
    Form,
}

impl Whose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Form => "form",
        }
    }
}

/// One limit, and where this request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    of: Whose,
    per_minute: u32,
    standing: Standing,
}

impl Quota {
    fn admit(self) -> Result<(), ApiError> {
        match self.standing.left {
            Some(_) => Ok(()),
            None => Err(ApiError::TooMany {
                whose: self.of,
                retry_after_secs: self.standing.resets_secs,
            }),
        }
    }
}

/// The limits that one request was counted against, for the answer.
#[derive(Debug, Default)]
pub struct Quotas(Vec<Quota>);

impl Quotas {
    /// Notes a limit; an error where the request is one too many.
    pub fn take(&mut self, quota: Option<Quota>) -> Result<(), ApiError> {
        let Some(quota) = quota else { return Ok(()) };
        self.0.push(quota);
        quota.admit()
    }

    /// Both fields. How busy a form is concerns its owner: what is left of a form's limit is told only when nothing is.
    pub fn write(&self, headers: &mut HeaderMap) {
        let policy = |quota: &Quota| {
            let Quota { of, per_minute, .. } = quota;
            Some(format!("\"{}\";q={per_minute};w={WINDOW_SECS}", of.as_str()))
        };
        let standing = |quota: &Quota| {
            let Standing { left, resets_secs } = quota.standing;
            let is_told = quota.of == Whose::Address || left.is_none();
            is_told.then(|| format!("\"{}\";r={};t={resets_secs}", quota.of.as_str(), left.unwrap_or(0)))
        };
        let mut set = |name: &'static str, tell: &dyn Fn(&Quota) -> Option<String>| {
            let items: Vec<String> = self.0.iter().filter_map(tell).collect();
            if let Ok(value) = HeaderValue::from_str(&items.join(", "))
                && !value.is_empty()
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("ratelimit-policy", &policy);
        set("ratelimit", &standing);
    }
}

/// One household holds a whole /64 of IPv6: it counts as one address.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn the_limit_holds_per_address_and_minute() {
        let limiter = Limiter::new(2);
        let check = |second, address: &str, admitted: bool| {
            let answer = limiter.admit(at(second), address.parse().expect("address"));
            assert_eq!(answer.is_ok(), admitted, "{address} at {second}: {answer:?}");
        };
        check(0, "192.0.2.1", true);
        check(1, "192.0.2.1", true);
        check(59, "192.0.2.1", false);
        check(59, "192.0.2.2", true);
        check(60, "192.0.2.1", true);
        check(60, "2001:db8::1", true);
        check(60, "2001:db8::2", true);
        check(60, "2001:db8::3", false);
        check(60, "2001:db8:0:1::3", true);
        check(60, "::ffff:192.0.2.1", true);
        check(60, "192.0.2.1", false);
        assert_eq!(
            limiter.admit(at(59 + 60), "2001:db8::1".parse().expect("address")),
            Err(ApiError::TooMany {
                whose: Whose::Address,
                retry_after_secs: 1
            })
        );
    }

    #[test]
    fn the_table_is_bounded() {
        let limiter = Limiter::new(1);
        for number in 0..u32::try_from(MAX_KEYS + 10).expect("fits") {
            let _ = limiter.admit(Timestamp::UNIX_EPOCH, IpAddr::from(number.to_be_bytes()));
        }
        assert!(limiter.counts.lock().expect("no panic").len() <= MAX_KEYS);
    }

    #[test]
    fn the_fields_are_structured_and_keep_a_forms_business_to_its_owner() {
        let (addresses, forms) = (Limiter::new(3), Limiter::new(2));
        let none = Limiter::new(0);
        let check = |policy: &str, standing: &str, admitted: bool| {
            let mut quotas = Quotas::default();
            let by_address = quotas.take(addresses.quota(Whose::Address, at(18), "an address"));
            let by_form = by_address.and_then(|()| quotas.take(forms.quota(Whose::Form, at(18), "a form")));
            let outcome = by_form.and_then(|()| quotas.take(none.quota(Whose::Form, at(18), "no limit")));
            let mut headers = HeaderMap::new();
            quotas.write(&mut headers);
            assert_eq!(headers["ratelimit-policy"], policy);
            assert_eq!(headers["ratelimit"], standing);
            assert_eq!(outcome.is_ok(), admitted, "{standing}: {outcome:?}");
        };
        let both = r#""address";q=3;w=60, "form";q=2;w=60"#;
        check(both, r#""address";r=2;t=42"#, true);
        check(both, r#""address";r=1;t=42"#, true);
        check(both, r#""address";r=0;t=42, "form";r=0;t=42"#, false);
        check(r#""address";q=3;w=60"#, r#""address";r=0;t=42"#, false);
        let mut headers = HeaderMap::new();
        Quotas::default().write(&mut headers);
        assert!(headers.is_empty(), "{headers:?}");
    }
}
