//! CSV as RFC 4180 writes it, for spreadsheets and for programs: the one place that writes a cell.
//! Refuses to hand a formula to a spreadsheet: whatever would begin one begins with an apostrophe, also behind separators
//! at which a spreadsheet of another country would cut the line.

/// One record with its CRLF.
pub fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|it| cell(it.as_ref())).collect();
    cells.join(",") + "\r\n"
}

/// What begins a formula, also in the full width of East Asian text:
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
const STARTERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Where a cell begins for a program that was told nothing of our comma: a French spreadsheet cuts at semicolons, and then
/// quotation marks that stand in the middle of its cell protect neither tabs nor line breaks.
const CUTS: [char; 4] = [';', '\t', '\r', '\n'];

/// A cell, quoted where it has to be.
fn cell(text: &str) -> String {
    let guarded = guarded(text);
    if guarded.contains(['"', ',', ';', '\t', '\r', '\n']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// With an apostrophe before each part that would be run.
fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 1);
    // Programs that do not trim show them at the beginning of a cell, and some run what follows.
    if text.starts_with(['\t', '\r']) {
        guarded.push('\'');
    }
    let mut rest = text;
    loop {
        let end = rest.find(CUTS).map_or(rest.len(), |cut| cut + 1);
        let (part, after) = rest.split_at(end);
        if is_live(part) {
            guarded.push('\'');
        }
        guarded.push_str(part);
        if after.is_empty() {
            return guarded;
        }
        rest = after;
    }
}

/// Whether a spreadsheet would run a cell that begins so: behind blanks, quotation marks, and what shows nothing at all.
fn is_live(part: &str) -> bool {
    let shows_nothing = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(character, '"' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    part.trim_start_matches(shows_nothing).starts_with(STARTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_defused() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected, "{text:?}");
        check("", "");
        check("plain", "plain");
        check("a, b", "\"a, b\"");
        check("a \"b\"", "\"a \"\"b\"\"\"");
        check("a\nb", "\"a\nb\"");
        check("=1+1", "'=1+1");
        check("+33 1 99 00 12 34", "'+33 1 99 00 12 34");
        check("-2", "'-2");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "\"'\t'=1\"");
        check("\r=1", "\"'\r'=1\"");
        check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        check("  =1", "'  =1");
        check(" \t+1", "\" \t'+1\"");
        check("\"=1", "\"'\"\"=1\"");
        check("\u{200b}=1", "'\u{200b}=1");
        check("\u{202e}=1", "'\u{202e}=1");
        check("\0=1", "'\0=1");
        check("x;=1", "\"x;'=1\"");
        check("x; =1", "\"x;' =1\"");
        check("x\t@1", "\"x\t'@1\"");
        check("x\n=1", "\"x\n'=1\"");
        check("x\r\n-1", "\"x\r\n'-1\"");
        check(";=1", "\";'=1\"");
        check("a; b", "\"a; b\"");
        check("\u{a0}@x", "'\u{a0}@x");
        for start in ["＝", "＋", "－", "＠"] {
            check(&format!("{start}1"), &format!("'{start}1"));
            check(&format!(" {start}1"), &format!("' {start}1"));
        }
        check("  plain", "  plain");
        check("a = b", "a = b");
        assert_eq!(line(["a", "=b", ""]), "a,'=b,\r\n");
    }

    proptest::proptest! {
        /// Read back by another reader: as many cells as were written, and none that lives, whatever separates them.
        #[test]
        fn nothing_lives_whatever_is_written(cells in proptest::collection::vec("[=+@＝\\-;,\t\r\n\"' a\u{200b}\0]{0,9}", 1..5)) {
            let written = line(cells.iter().map(String::as_str)) + &line(cells.iter().map(String::as_str));
            for delimiter in *b",;\t" {
                let mut reader = csv::ReaderBuilder::new();
                let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
                for record in reader.from_reader(written.as_bytes()).records() {
                    let record = record.expect("a record");
                    proptest::prop_assert!(delimiter != b',' || record.len() == cells.len());
                    for cell in &record {
                        proptest::prop_assert!(!is_live(cell), "{cell:?} of {written:?}");
                    }
                }
            }
        }
    }
}
