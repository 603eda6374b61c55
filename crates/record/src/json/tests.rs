//! The strict reader, row by row.

use super::{JsonErrorKind, Limits, line_column, parse};

#[track_caller]
fn check_refused(text: &[u8], limits: &Limits, kind: JsonErrorKind, place: (usize, usize), pointer: &str) {
    let shown = String::from_utf8_lossy(text);
    let error = parse(text, limits).expect_err(&shown);
    assert_eq!(
        (error.kind, (error.line, error.column), error.pointer.as_str()),
        (kind, place, pointer),
        "{shown}"
    );
}

#[test]
fn refuses_with_kind_and_place() {
    use JsonErrorKind::*;
    type Row<'a> = (&'a [u8], JsonErrorKind, (usize, usize), &'a str);
    let rows: &[Row<'_>] = &[
        (b"", UnexpectedEnd, (1, 1), ""),
        (b" ", UnexpectedEnd, (1, 2), ""),
        (b"[1,]", UnexpectedCharacter, (1, 4), "/1"),
        (b"{\"a\":1,}", UnexpectedCharacter, (1, 8), ""),
        (b"{\"a\" 1}", UnexpectedCharacter, (1, 6), "/a"),
        (b"{\"a\":[0,{\"b\":tru}]}", UnexpectedCharacter, (1, 17), "/a/1/b"),
        (b"{'a':1}", UnexpectedCharacter, (1, 2), ""),
        (b"1 2", TrailingCharacters, (1, 3), ""),
        (b"\xEF\xBB\xBF{}", ByteOrderMark, (1, 1), ""),
        (b"[\"\xff\"]", NotUtf8, (1, 3), ""),
        (b"{\n \"a\":1,\n \"\\u0061\":2}", DuplicateMember, (3, 2), "/a"),
        (b"{\"a/b\":{\"~\":1,\"~\":1}}", DuplicateMember, (1, 15), "/a~1b/~0"),
        (b"1.5", NotAnInteger, (1, 1), ""),
        (b"1.0", NotAnInteger, (1, 1), ""),
        (b"1e2", NotAnInteger, (1, 1), ""),
        (b"9007199254740992", IntegerOutOfRange, (1, 1), ""),
        (b"-9007199254740992", IntegerOutOfRange, (1, 1), ""),
        (b"01", InvalidNumber, (1, 1), ""),
        (b"-", InvalidNumber, (1, 1), ""),
        (b"+1", UnexpectedCharacter, (1, 1), ""),
        (b"1.", InvalidNumber, (1, 1), ""),
        (b"NaN", UnexpectedCharacter, (1, 1), ""),
        ("[\"é\\x\"]".as_bytes(), InvalidEscape, (1, 4), "/0"),
        (b"\"\\u12g4\"", InvalidEscape, (1, 2), ""),
        (b"\"\\ud800\"", LoneSurrogate, (1, 2), ""),
        (b"\"\\ud800\\u0041\"", LoneSurrogate, (1, 2), ""),
        (b"\"\\udc00\"", LoneSurrogate, (1, 2), ""),
        (b"\"\t\"", ControlCharacter, (1, 2), ""),
        (b"\"a", UnexpectedEnd, (1, 3), ""),
    ];
    for (text, kind, place, pointer) in rows {
        check_refused(text, &Limits::RECORD, *kind, *place, pointer);
    }
}

#[test]
fn any_double_refuses_what_no_double_holds() {
    use JsonErrorKind::*;
    for (text, kind) in [
        ("9007199254740993", IntegerNotExact),
        ("-9007199254740993", IntegerNotExact),
        ("295147905179352830001", IntegerNotExact),
        ("100000000000000000000000", IntegerNotExact),
        ("1E400", NumberOutOfRange),
        ("-1e309", NumberOutOfRange),
    ] {
        check_refused(text.as_bytes(), &Limits::CANONICAL, kind, (1, 1), "");
    }
    for text in [
        "9007199254740992",
        "100000000000000000000",
        "295147905179352830000",
        "295147905179352825856",
        "1.5",
        "1e-400",
        "-0",
        "-0.0",
        "333333333.33333329",
    ] {
        parse(text.as_bytes(), &Limits::CANONICAL).expect(text);
    }
}

#[test]
fn accepts_what_is_json() {
    for text in [
        "null",
        " true ",
        "\"\\uD834\\uDD1E\"",
        "\"\u{ffff}\"",
        "[[],{}]",
        "-0",
        "9007199254740991",
        "\"\u{7f}\"",
        "{\"\":0}",
        "\"\\u0000\"",
        "\"\\/\"",
    ] {
        parse(text.as_bytes(), &Limits::RECORD).expect(text);
    }
}

#[test]
fn limits_hold_at_the_edge() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    parse(nested(32).as_bytes(), &Limits::RECORD).expect("32 levels");
    check_refused(
        nested(33).as_bytes(),
        &Limits::RECORD,
        JsonErrorKind::TooDeep,
        (1, 33),
        &"/0".repeat(32),
    );
    let text = |size: usize| format!("\"{}\"", "x".repeat(size - 2));
    parse(text(256 * 1024).as_bytes(), &Limits::RECORD).expect("256 KiB");
    let error = parse(text(256 * 1024 + 1).as_bytes(), &Limits::RECORD).expect_err("one byte more");
    assert_eq!(error.kind, JsonErrorKind::TooLarge);
}

#[test]
fn spans_cover_names_and_values() {
    let text = "{ \"né\" : [1, \"x\"] }";
    let node = parse(text.as_bytes(), &Limits::RECORD).expect(text);
    let member = node.member("né").expect("the member is there");
    assert_eq!(&text[member.name_span.offset..member.name_span.end()], "\"né\"");
    assert_eq!(&text[member.node.span.offset..member.node.span.end()], "[1, \"x\"]");
    assert_eq!(node.at("/né/1").and_then(|item| item.as_str()), Some("x"));
    assert_eq!(line_column("a\né!".as_bytes(), 4), (2, 2));
}
