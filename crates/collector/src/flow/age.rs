//! When a contract or an audit has grown old. Whoever passes data to a processor has to use one with sufficient guarantees, for
//! as long as it does (Art. 28(1) GDPR), and verifies that "at appropriate intervals" (EDPB Guidelines 07/2020, ¶99).
//! Refuses to be the law: it names no interval. These are ours, and only mark what somebody should look at.

use jiff::{ToSpan, civil::Date};
use serde::Serialize;

/// A contract that was signed before the rules it speaks of were last looked at.
pub const CONTRACT_YEARS: i32 = 3;
/// An audit, or the contract where there was none since.
pub const AUDIT_YEARS: i32 = 1;

/// What has grown old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Old {
    Contract,
    Audit,
}

impl Old {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Audit => "audit",
        }
    }
}

/// What has grown old by that day. Without an audit its years count from the contract.
pub fn old(contract: Date, audited: Option<Date>, today: Date) -> Vec<Old> {
    let is_over = |since: Date, years: i32| since.checked_add(years.years()).is_ok_and(|end| end <= today);
    let contract_is = is_over(contract, CONTRACT_YEARS).then_some(Old::Contract);
    let audit_is = is_over(audited.unwrap_or(contract), AUDIT_YEARS).then_some(Old::Audit);
    contract_is.into_iter().chain(audit_is).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_counted_by_the_calendar() {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        let check = |contract: &str, audited: Option<&str>, today: &str, expected: &[Old]| {
            assert_eq!(
                old(date(contract), audited.map(date), date(today)),
                expected,
                "{contract} {audited:?} {today}"
            );
        };
        check("2026-03-01", None, "2026-11-22", &[]);
        check("2026-03-01", None, "2027-02-28", &[]);
        check("2026-03-01", None, "2027-03-01", &[Old::Audit]);
        check("2026-03-01", Some("2027-02-01"), "2027-03-01", &[]);
        check("2024-02-29", Some("2026-12-01"), "2027-02-28", &[Old::Contract]);
        check(
            "2020-01-01",
            Some("2020-01-01"),
            "2026-11-22",
            &[Old::Contract, Old::Audit],
        );
    }
}
