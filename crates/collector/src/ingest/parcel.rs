//! The body of `POST /v1/submissions`: the record, its disclosures, and what is said beside them against robots.
//! Refuses members that it does not know, duplicate ones, and what is no JSON.

use candor_record::json::{self, Limits, Node};

use crate::http::error::{ApiError, Fault};

/// The parts of `POST /v1/submissions`, as they came.
pub(super) struct Parcel {
    pub(super) envelope: Vec<u8>,
    pub(super) disclosures: Vec<String>,
    /// ALTCHA's payload.
    pub(super) proof_of_work: Option<String>,
    /// Whether something stood in the field that no person sees; what, is not kept.
    pub(super) trapped: bool,
}

impl Parcel {
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiError> {
        let malformed = |error: json::JsonError| {
            ApiError::Malformed(vec![Fault::new(error.pointer.clone(), "json", error.to_string())])
        };
        let root = json::parse(body, &Limits::RECORD).map_err(malformed)?;
        let members = root
            .as_object()
            .ok_or_else(|| ApiError::malformed("an object is expected"))?;
        const KNOWN: [&str; 4] = ["record", "disclosures", "proofOfWork", "honeypot"];
        if let Some(unknown) = members.iter().position(|member| !KNOWN.contains(&member.name.as_str())) {
            return Err(ApiError::Malformed(vec![Fault::new(
                "",
                "unknown-member",
                format!("member number {} is not known", unknown + 1),
            )]));
        }
        let record = root
            .get("record")
            .ok_or_else(|| fault("/record", "missing", "the record is missing"))?;
        if record.as_object().is_none() {
            return Err(fault("/record", "type", "an envelope is expected"));
        }
        let disclosures = root
            .get("disclosures")
            .ok_or_else(|| fault("/disclosures", "missing", "the disclosures are missing"))?;
        Ok(Self {
            envelope: candor_record::canonical::canonicalize(record),
            disclosures: texts(disclosures)?,
            proof_of_work: text_of(&root, "proofOfWork")?,
            trapped: text_of(&root, "honeypot")?.is_some_and(|text| !text.is_empty()),
        })
    }
}

fn fault(pointer: &str, code: &str, detail: &str) -> ApiError {
    ApiError::Malformed(vec![Fault::new(pointer, code, detail)])
}

/// A member that may be absent.
fn text_of(root: &Node, name: &str) -> Result<Option<String>, ApiError> {
    match root.get(name).map(Node::as_str) {
        None => Ok(None),
        Some(Some(text)) => Ok(Some(text.to_owned())),
        Some(None) => Err(fault(&format!("/{name}"), "type", "a text is expected")),
    }
}

fn texts(list: &Node) -> Result<Vec<String>, ApiError> {
    let wrong = || fault("/disclosures", "type", "a list of texts is expected");
    list.as_array()
        .ok_or_else(wrong)?
        .iter()
        .map(|node| node.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect()
}
