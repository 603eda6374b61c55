//! Nothing small is told, and nothing can be told by subtraction.

use proptest::prelude::*;

use super::*;

fn counts(submissions: u64, confirmations: u64, newsletter: u64) -> Counts {
    Counts {
        submissions,
        confirmations,
        given: [("newsletter".to_owned(), newsletter)].into(),
    }
}

fn table(groups: &[(Option<&str>, Counts)]) -> Table {
    let groups = groups
        .iter()
        .map(|(value, counts)| (value.map(str::to_owned), counts.clone()));
    Table::new(groups.collect(), MIN_GROUP)
}

/// Lines as `name submissions`.
fn lines(table: &Table) -> Vec<String> {
    let name = |group: &Group| match group {
        Group::Value(value) => value.clone(),
        Group::None => "-".to_owned(),
        Group::Other => "*".to_owned(),
    };
    table
        .lines
        .iter()
        .map(|line| format!("{} {}", name(&line.group), line.submissions))
        .collect()
}

#[test]
fn small_groups_go_together_and_take_one_along() {
    let check = |groups: &[(Option<&str>, u64)], expected: &[&str], total: Option<u64>| {
        let groups: Vec<_> = groups
            .iter()
            .map(|(value, count)| (*value, counts(*count, 0, 0)))
            .collect();
        let table = table(&groups);
        assert_eq!(
            (lines(&table), table.submissions),
            (expected.iter().map(|line| (*line).to_owned()).collect(), total),
            "{groups:?}"
        );
    };
    check(&[], &[], Some(0));
    check(&[(Some("a"), 4)], &[], None);
    check(&[(Some("a"), 5)], &["a 5"], Some(5));
    check(
        &[(Some("a"), 9), (None, 7), (Some("b"), 3), (Some("c"), 2)],
        &["a 9", "- 7", "* 5"],
        Some(21),
    );
    // One alone would be the total less the rest.
    check(
        &[(Some("a"), 9), (Some("b"), 6), (Some("c"), 1)],
        &["a 9", "* 7"],
        Some(16),
    );
    check(&[(Some("a"), 9), (Some("c"), 1)], &["* 10"], Some(10));
    check(
        &[(Some("a"), 9), (Some("ada@example.org"), 50)],
        &["a 9", "* 50"],
        Some(59),
    );
    check(&[(Some("  a "), 3), (Some("a"), 3)], &["a 6"], Some(6));
    check(&[(Some(""), 3), (None, 3)], &["- 6"], Some(6));
}

#[test]
fn values_are_names_of_campaigns_or_nothing() {
    for (value, is_name) in [
        ("audit-2026", true),
        ("été 2026", true),
        ("google / cpc", true),
        ("20261122", false),
        ("+33 1 99 00 12 34", true),
        ("+33199001234", false),
        ("ada@example.org", false),
        ("<script>", false),
        ("=1+1", false),
        (&"a".repeat(65), false),
    ] {
        assert_eq!(is_campaign(value), is_name, "{value}");
    }
}

#[test]
fn intervals_are_those_of_the_literature() {
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (count, of, low, high) in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ] {
        assert_eq!(wilson(count, of).map(round), [low, high], "{count} of {of}");
    }
    assert_eq!(wilson(0, 0), [0.0, 1.0]);
}

#[test]
fn few_of_many_are_not_told() {
    let table = table(&[(Some("a"), counts(40, 30, 3)), (Some("b"), counts(20, 20, 0))]);
    let [a, b] = &table.lines[..] else { panic!("{table:?}") };
    assert_eq!((a.confirmations.count, a.confirmations.share), (Some(30), Some(0.75)));
    assert_eq!(
        a.given["newsletter"],
        Cell {
            count: None,
            withheld: Some(Withheld::Few),
            share: None,
            interval: None
        }
    );
    assert_eq!(b.given["newsletter"].count, Some(0), "that nobody agreed is told");
    let sheet = csv(&table);
    assert!(
        sheet.contains("value,a,given newsletter,40,fewer than 5,,,\r\n"),
        "{sheet}"
    );
    assert!(
        sheet.contains("value,a,confirmations,40,30,0.75,0.5981,0.8581\r\n"),
        "{sheet}"
    );
}

/// Nine of ten are one who did not: what is left of a line is a number too.
#[test]
fn few_who_did_not_are_not_told_either() {
    let check = |count: u64, of: u64, expected: &str| {
        let table = table(&[(Some("a"), counts(of, count, count))]);
        let cell = table.lines[0].confirmations;
        assert_eq!(told(&cell, table.at_least), expected, "{count} of {of}");
        assert_eq!(cell.share.is_some(), cell.count.is_some(), "{count} of {of}");
        assert_eq!(cell.interval.is_some(), cell.count.is_some(), "{count} of {of}");
    };
    check(0, 10, "0");
    check(4, 10, "fewer than 5");
    check(5, 10, "5");
    check(6, 10, "all but fewer than 5");
    check(9, 10, "all but fewer than 5");
    check(10, 10, "10");
    check(3, 6, "fewer than 5");
    let json = serde_json::to_value(Cell::new(9, 10, MIN_GROUP)).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({"count": null, "withheld": "nearly-all", "share": null, "interval": null})
    );
}

proptest! {
    #[test]
    fn no_line_and_no_difference_is_small(groups in proptest::collection::btree_map("[a-f]{1,2}", (0u64..30, 0u64..30), 0..8), at_least in 0u64..12) {
        let counted: u64 = groups.values().map(|(submissions, _)| submissions).sum();
        let groups = groups.iter().map(|(value, (submissions, more))| (Some(value.clone()), counts(*submissions, (*more).min(*submissions), 0)));
        let table = Table::new(groups.collect(), at_least);
        prop_assert!(table.at_least >= MIN_GROUP);
        let told: u64 = table.lines.iter().map(|line| line.submissions).sum();
        for line in &table.lines {
            prop_assert!(line.submissions >= table.at_least || line.submissions == 0, "{:?}", line);
            if let Some(told) = line.confirmations.count {
                for number in [told, line.submissions - told] {
                    prop_assert!(number == 0 || number >= table.at_least, "{:?}", line);
                }
            }
        }
        match table.submissions {
            Some(total) => prop_assert_eq!((total, total), (counted, told), "what is told adds up"),
            None => prop_assert!(counted < table.at_least && table.lines.is_empty()),
        }
    }
}
