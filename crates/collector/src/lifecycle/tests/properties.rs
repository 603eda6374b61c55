//! Whenever the sweeps come, the end is the same, and no cause makes two letters.

use std::collections::BTreeMap;

use super::{life::time, *};

/// SplitMix64: lives that look random, and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// Up to three submissions with their confirmations, then an act, then silence. Whoever was forgotten in between would be
/// somebody else, so nobody is: everything happens before the first lead can end.
fn story(random: &mut Random) -> String {
    let mut steps = Vec::new();
    let mut hour = random.below(24);
    let mut step = |random: &mut Random, text: String| {
        let at = time("2026-08-25") + SignedDuration::from_hours(hour as i64);
        hour += 1 + random.below(40);
        steps.push(format!("{} {text}", at.strftime("%Y-%m-%dT%H:%M")));
    };
    let mut last = String::new();
    for chain in ["a", "b", "c"].into_iter().take(1 + random.below(3)) {
        let form = random.one_of(&["1", "2", "1p", "2k"]);
        let mut purposes = BTreeSet::new();
        for _ in 0..=random.below(3) {
            purposes.insert(random.one_of(&[
                "ebook=informed",
                "newsletter=given",
                "call=given",
                "offers=informed",
                "archive=given",
                "club=given",
            ]));
        }
        let given: Vec<_> = purposes.iter().filter_map(|word| word.strip_suffix("=given")).collect();
        let words: Vec<_> = purposes.iter().copied().collect();
        step(random, format!("{chain}{form} {}", words.join(" ")));
        if random.below(4) > 0 {
            step(
                random,
                format!("{chain} confirms {}", given.join(" ")).trim_end().to_owned(),
            );
        }
        last = given
            .first()
            .map(|purpose| format!("{chain} {} {purpose}", random.one_of(&["renews", "withdraws"])))
            .unwrap_or(last);
    }
    if !last.is_empty() && random.below(2) == 0 {
        step(random, last);
    }
    steps.join("; ")
}

#[test]
fn whenever_the_sweeps_come_the_end_is_the_same() {
    let mut random = Random(3);
    for _ in 0..24 {
        let text = story(&mut random);
        let story = Story::read(&text);
        for until in ["2027-02-27T18:00", "2027-09-01", "2031-01-01"] {
            let due = story.swept(Sweeps::WhenDue, time(until));
            let once = story.swept(Sweeps::Once, time(until));
            assert_eq!(
                due.remains(),
                once.remains(),
                "{text} until {until}\n{:?}\n{:?}",
                due.lines,
                once.lines
            );
        }
        let until = "2027-03-10";
        let (due, hourly) = (story.told(Sweeps::WhenDue, until), story.told(Sweeps::Hourly, until));
        assert_eq!(days(&due), days(&hourly), "{text}");
        let mut letters = BTreeMap::new();
        for line in hourly.iter().filter(|line| line.contains("remind")) {
            for purpose in line.split(' ').skip(2) {
                *letters.entry((line.clone(), purpose.to_owned())).or_insert(0) += 1;
            }
        }
        assert!(letters.values().all(|count| *count == 1), "{text}: {hourly:?}");
    }
}

/// By day: an hourly sweep comes up to an hour late.
fn days(lines: &[String]) -> BTreeSet<String> {
    lines.iter().map(|line| [&line[..10], &line[16..]].concat()).collect()
}
