//! Reads how many tests passed from the closing lines of cargo test, cargo-nextest and Playwright.

use std::ops::AddAssign;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
}

impl Counts {
    /// Adds what one line of output says.
    pub(crate) fn read(&mut self, line: &str) {
        let plain = without_colour(line);
        let words: Vec<&str> = plain.split_whitespace().collect();
        let closes = match words.as_slice() {
            // cargo test: "test result: ok. 3 passed; 0 failed; 1 ignored; …"
            ["test", "result:", ..] => true,
            // nextest: "Summary [ 1.2s] 12 tests run: 11 passed, 1 failed, 2 skipped"
            ["Summary", ..] => words.contains(&"run:"),
            // Playwright: "12 passed (30.1s)", "1 failed", "2 skipped", "1 flaky", each on a line of its own
            [number, word, rest @ ..] => {
                number.parse::<usize>().is_ok()
                    && matches!(*word, "passed" | "failed" | "skipped" | "flaky")
                    && rest.iter().all(|word| word.starts_with('(') || word.ends_with(')'))
            }
            _ => false,
        };
        if !closes {
            return;
        }
        for pair in words.windows(2) {
            let Ok(number) = pair[0].parse::<usize>() else { continue };
            match pair[1].trim_end_matches([',', ';']) {
                "passed" | "flaky" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// The line without terminal colours (`ESC [ … m`).
fn without_colour(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn check(line: &str, passed: usize, failed: usize, ignored: usize) {
        let mut counts = Counts::default();
        counts.read(line);
        assert_eq!(
            counts,
            Counts {
                passed,
                failed,
                ignored
            },
            "{line}"
        );
    }

    #[test]
    fn closing_lines_are_read() {
        check(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            3,
            0,
            1,
        );
        check(
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out",
            3,
            2,
            0,
        );
        check(
            "     Summary [   0.012s] 12 tests run: 11 passed, 1 failed, 2 skipped",
            11,
            1,
            2,
        );
        check(
            "     Summary [   4.1s] 12 tests run: 12 passed (1 slow), 0 skipped",
            12,
            0,
            0,
        );
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m passed",
            2,
            0,
            0,
        );
        check("  12 passed (30.1s)", 12, 0, 0);
        check("  1 failed", 0, 1, 0);
        check("  2 skipped", 0, 0, 2);
    }

    #[test]
    fn other_lines_are_not() {
        check("running 3 tests", 0, 0, 0);
        check("test form::state::tests::three_passed ... ok", 0, 0, 0);
        check("3 failed attempts lock the door", 0, 0, 0);
        check("        PASS [   0.005s] xtask counts", 0, 0, 0);
    }
}
