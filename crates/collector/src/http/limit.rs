//! Submissions per address and minute, counted in memory.
//! Refuses to grow without bound: when the table is full, entries of past minutes go first, then everything.

use std::{collections::HashMap, net::IpAddr, sync::Mutex};

use jiff::Timestamp;

use crate::http::error::ApiError;

/// Addresses counted at once; 100,000 entries take about 5 MB.
const MAX_ADDRESSES: usize = 100_000;

#[derive(Debug)]
pub struct Limiter {
    /// 0: no limit.
    per_minute: u32,
    counts: Mutex<HashMap<IpAddr, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    minute: i64,
    seen: u32,
}

impl Limiter {
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            counts: Mutex::default(),
        }
    }

    /// Counts one submission of this address, or says when the next minute begins.
    pub fn admit(&self, now: Timestamp, address: IpAddr) -> Result<(), ApiError> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let minute = now.as_second().div_euclid(60);
        let mut counts = self.counts.lock().expect("no panic while counting");
        if counts.len() >= MAX_ADDRESSES {
            counts.retain(|_, count| count.minute == minute);
        }
        if counts.len() >= MAX_ADDRESSES {
            counts.clear();
        }
        let count = counts.entry(network(address)).or_insert(Count { minute, seen: 0 });
        if count.minute != minute {
            *count = Count { minute, seen: 0 };
        }
        if count.seen >= self.per_minute {
            let retry_after_secs = (60 - now.as_second().rem_euclid(60)).unsigned_abs();
            return Err(ApiError::TooMany { retry_after_secs });
        }
        count.seen += 1;
        Ok(())
    }
}

/// One household holds a whole /64 of IPv6: it counts as one address.
fn network(address: IpAddr) -> IpAddr {
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

    #[test]
    fn the_limit_holds_per_address_and_minute() {
        let limiter = Limiter::new(2);
        let at = |second| Timestamp::from_second(second).expect("in range");
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
        assert_eq!(
            limiter.admit(at(59 + 60), "2001:db8::1".parse().expect("address")),
            Err(ApiError::TooMany { retry_after_secs: 1 })
        );
    }

    #[test]
    fn the_table_is_bounded() {
        let limiter = Limiter::new(1);
        for number in 0..u32::try_from(MAX_ADDRESSES + 10).expect("fits") {
            let _ = limiter.admit(Timestamp::UNIX_EPOCH, IpAddr::from(number.to_be_bytes()));
        }
        assert!(limiter.counts.lock().expect("no panic").len() <= MAX_ADDRESSES);
    }
}
