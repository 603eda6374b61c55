//! Lead forms of Meta, as the Graph API tells of them: what a form showed (`GET /{form}?fields=id,legal_content,…`) and what
//! each lead answered (`GET /{form}/leads?fields=id,created_time,form_id,platform,field_data,custom_disclaimer_responses`).
//! Shapes: <https://developers.facebook.com/docs/graph-api/reference/page/leadgen_forms> (`custom_disclaimer`,
//! `privacy_policy`) and <https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving> (leads).
//! Refuses to read a box as free where Meta does not say so: its boxes are required by default.

use serde::Deserialize;

use super::mapping::{Acted, MappingError, SourceControl};

mod leads;

pub use self::leads::Leads;

/// A form with its legal content.
#[derive(Debug, Clone, Deserialize)]
pub struct Form {
    pub id: String,
    #[serde(default)]
    legal_content: LegalContent,
    context_card: Option<ContextCard>,
    question_page_custom_headline: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct LegalContent {
    privacy_policy: Option<PrivacyPolicy>,
    custom_disclaimer: Option<CustomDisclaimer>,
}

#[derive(Debug, Clone, Deserialize)]
struct PrivacyPolicy {
    url: Option<String>,
    link_text: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct CustomDisclaimer {
    title: Option<String>,
    body: Option<Body>,
    #[serde(default)]
    checkboxes: Edge<Checkbox>,
}

#[derive(Debug, Clone, Deserialize)]
struct Body {
    text: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct ContextCard {
    title: Option<String>,
    #[serde(default)]
    content: Vec<String>,
}

/// A consent box of a custom disclaimer.
#[derive(Debug, Clone, Deserialize)]
pub struct Checkbox {
    pub key: String,
    #[serde(default)]
    pub text: String,
    is_required: Option<Flag>,
    is_checked_by_default: Option<Flag>,
}

/// A list, or an edge of the graph: `{"data": […]}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Edge<T> {
    List(Vec<T>),
    Edge { data: Vec<T> },
}

impl<T> Default for Edge<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<T> Edge<T> {
    fn items(&self) -> &[T] {
        match self {
            Self::List(data) | Self::Edge { data } => data,
        }
    }
}

/// A truth value: Meta's own libraries have `is_checked` as a text, `"1"` or empty.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Number(i64),
    Text(String),
}

impl Flag {
    fn is_set(&self) -> bool {
        match self {
            Self::Bool(set) => *set,
            Self::Number(number) => *number != 0,
            Self::Text(text) => !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no"),
        }
    }
}

impl Form {
    /// Reads a form as the Graph API answers it.
    ///
    /// # Errors
    /// No JSON of that shape.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        serde_json::from_str(text).map_err(|error| {
            let remedy = "ask the Graph API for `?fields=id,legal_content,context_card`";
            MappingError::new(" (form of Meta)", error.to_string(), remedy)
        })
    }

    /// Everything that it showed apart from its boxes, one text a line.
    pub(super) fn blocks(&self) -> Vec<&str> {
        let disclaimer = self.legal_content.custom_disclaimer.as_ref();
        let policy = self.legal_content.privacy_policy.as_ref();
        let card = self.context_card.as_ref();
        let lines = [
            disclaimer.and_then(|it| it.title.as_deref()),
            disclaimer.and_then(|it| it.body.as_ref()?.text.as_deref()),
            policy.and_then(|it| it.link_text.as_deref()),
            card.and_then(|it| it.title.as_deref()),
            self.question_page_custom_headline.as_deref(),
        ];
        let content = card
            .into_iter()
            .flat_map(|card| card.content.iter().map(String::as_str));
        lines
            .into_iter()
            .flatten()
            .chain(content)
            .flat_map(str::lines)
            .collect()
    }

    pub(super) fn policy_url(&self) -> Option<&str> {
        self.legal_content.privacy_policy.as_ref()?.url.as_deref()
    }

    pub fn checkbox(&self, key: &str) -> Option<&Checkbox> {
        let disclaimer = self.legal_content.custom_disclaimer.as_ref()?;
        disclaimer.checkboxes.items().iter().find(|found| found.key == key)
    }
}

impl Checkbox {
    /// A box without a word about it is required: that is Meta's default.
    pub fn control(&self) -> SourceControl {
        match (&self.is_required, &self.is_checked_by_default) {
            (_, Some(ticked)) if ticked.is_set() => SourceControl::TickedBox,
            (Some(required), _) if !required.is_set() => SourceControl::UntickedBox,
            _ => SourceControl::RequiredBox,
        }
    }
}

/// Column of a lead's answer to a box.
pub fn box_column(key: &str) -> String {
    format!("box:{key}")
}

/// Column of the form that a lead was made by.
pub const FORM_COLUMN: &str = "form_id";
pub const ID_COLUMN: &str = "id";

/// Where its forms are shown, unless the mapping says otherwise.
pub const ORIGIN: &str = "https://www.facebook.com";

pub fn acted() -> Acted {
    Acted {
        column: "created_time".to_owned(),
        format: None,
        time_zone: None,
    }
}

/// Names of Meta's own questions, by type of field:
/// <https://developers.facebook.com/docs/marketing-api/guides/lead-ads/create>.
pub fn standard_columns(kind: &str) -> &'static [&'static str] {
    match kind {
        "email" => &["email", "work_email"],
        "name" => &["full_name"],
        "given-name" => &["first_name"],
        "family-name" => &["last_name"],
        "phone" => &["phone_number", "work_phone_number"],
        "organization" => &["company_name"],
        "job-title" => &["job_title"],
        "country" => &["country"],
        "postal-code" => &["zip_code", "post_code"],
        _ => &[],
    }
}

/// A cell of Meta's download: ids, numbers and postal codes carry a letter, so that a spreadsheet leaves them alone (`l:123`,
/// `p:+33…`, `z:75001`). What only begins like that is an answer, and stays as it is.
pub fn unmarked(cell: &str) -> &str {
    let consists_of = |rest: &str, wanted: fn(char) -> bool| !rest.is_empty() && rest.chars().all(wanted);
    match cell.split_once(':') {
        Some(("l" | "f" | "c" | "ag" | "as", id)) if consists_of(id, |it| it.is_ascii_digit()) => id,
        Some(("p", number)) if consists_of(number, |it| it.is_ascii_digit() || "+ ().-".contains(it)) => number,
        Some(("z", code))
            if code.len() <= 12 && consists_of(code, |it| it.is_ascii_alphanumeric() || " -".contains(it)) =>
        {
            code
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(checkbox: &str) -> Form {
        Form::parse(&format!(
            r#"{{"id": "1", "legal_content": {{
                "privacy_policy": {{"url": "https://acme.example/p", "link_text": "Privacy"}},
                "custom_disclaimer": {{"title": "T", "body": {{"text": "one\ntwo", "url_entities": []}}, "checkboxes": {checkbox}}}}}}}"#
        ))
        .expect("a form")
    }

    #[test]
    fn only_a_free_and_empty_box_is_one() {
        let check = |checkbox: &str, expected: SourceControl| {
            let form = form(checkbox);
            let found = form.checkbox("news").expect("a box");
            assert_eq!(found.control(), expected, "{checkbox}");
        };
        check(
            r#"[{"key":"news","text":"a","is_required":false,"is_checked_by_default":false}]"#,
            SourceControl::UntickedBox,
        );
        check(
            r#"[{"key":"news","text":"a","is_required":false}]"#,
            SourceControl::UntickedBox,
        );
        check(
            r#"{"data":[{"key":"news","text":"a","is_required":"false"}]}"#,
            SourceControl::UntickedBox,
        );
        check(
            r#"[{"key":"news","text":"a","is_required":true}]"#,
            SourceControl::RequiredBox,
        );
        check(r#"[{"key":"news","text":"a"}]"#, SourceControl::RequiredBox);
        check(
            r#"[{"key":"news","text":"a","is_required":false,"is_checked_by_default":true}]"#,
            SourceControl::TickedBox,
        );
        check(
            r#"[{"key":"news","text":"a","is_checked_by_default":"1"}]"#,
            SourceControl::TickedBox,
        );
    }

    #[test]
    fn each_line_is_a_text() {
        assert_eq!(form("[]").blocks(), ["T", "one", "two", "Privacy"]);
    }

    #[test]
    fn marks_of_the_download_are_taken_off() {
        for (cell, expected) in [
            ("l:123", "123"),
            ("ag:7", "7"),
            ("p:+33199001234", "+33199001234"),
            ("p:01 99 00 12 34", "01 99 00 12 34"),
            ("z:SW1A 1AA", "SW1A 1AA"),
            ("Ada", "Ada"),
            ("", ""),
            ("l:", "l:"),
            // Answers of people.
            ("c: the cloud", "c: the cloud"),
            ("as:soon as possible", "as:soon as possible"),
            ("p:s. call me", "p:s. call me"),
            ("z:ada@acme.example", "z:ada@acme.example"),
            ("http://acme.example", "http://acme.example"),
        ] {
            assert_eq!(unmarked(cell), expected);
        }
    }
}
