//! A strict reader of CSV: what any program may expect of an export.

/// RFC 4180 by the letter: CRLF after every record, quotes closed, the same number of fields in each.
/// And no cell that a spreadsheet would run.
pub(crate) fn strict_csv(text: &str) -> Vec<Vec<String>> {
    let mut rest = text;
    let mut records = vec![Vec::new()];
    while !rest.is_empty() {
        let mut field = String::new();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let (before, after) = quoted.split_once('"').expect("a closing quote");
                field.push_str(before);
                quoted = match after.strip_prefix('"') {
                    Some(more) => more,
                    None => {
                        rest = after;
                        break;
                    }
                };
                field.push('"');
            }
        } else {
            let end = rest.find([',', '\r', '\n', '"']).expect("a record ends with CRLF");
            field.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        assert!(
            !field.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "a formula: {field}"
        );
        records.last_mut().unwrap().push(field);
        if let Some(after) = rest.strip_prefix("\r\n") {
            records.push(Vec::new());
            rest = after;
        } else {
            rest = rest.strip_prefix(',').expect("a comma or CRLF after a field");
        }
    }
    assert_eq!(records.pop(), Some(Vec::new()), "the last record ends with CRLF");
    assert!(
        records.iter().all(|record| record.len() == records[0].len()),
        "{records:?}"
    );
    records
}
