//! Reads the whole file: each part by its own reader, then the rules between parts.

use std::str::FromStr;

use candor_record::digest::Sha256Digest;
use candor_record::json::Node;
use candor_record::term::Audience;

use super::check::{Parts, check};
use super::{AutomatedDecisions, Definition, FORMAT, Policy};
use crate::Context;
use crate::act::{Confirmation, GateDraft, OnSilence, Submit, Withdrawal, read_proof};
use crate::diagnostic::{Place, Report};
use crate::field::{Field, FieldDraft};
use crate::language::Languages;
use crate::party::{Party, PartyDraft};
use crate::period::Period;
use crate::place::Country;
use crate::purpose::{GatePurpose, Purpose, PurposeDraft};
use crate::read::{At, Object};
use crate::text::Text;
use crate::theme::Theme;
use crate::{id, rule, web};

const MEMBERS: [&str; 21] = [
    "$schema",
    "format",
    "id",
    "languages",
    "jurisdiction",
    "audience",
    "title",
    "intro",
    "service",
    "parties",
    "policy",
    "fields",
    "purposes",
    "submit",
    "gate",
    "confirmation",
    "renewal",
    "proof",
    "withdrawal",
    "automatedDecisions",
    "theme",
];
/// How long sealed evidence is kept where the definition does not say (spec/definition.md, `proof`).
const DEFAULT_PROOF_RETENTION: &str = "P5Y";

/// The definition, or nothing when the report says why.
pub(crate) fn read(report: &mut Report<'_>, context: Context, root: &Node) -> Option<Definition> {
    let object = Object::open(report, At::root(root), &MEMBERS)?;
    if let Some(at) = object.optional("$schema") {
        at.string(report);
    }
    read_format(report, &object);
    let id = object
        .required(report, "id")
        .and_then(|at| id::read(report, &at, rule::ID));
    let languages = object
        .required(report, "languages")
        .and_then(|at| Languages::read(report, &at));
    let languages = languages.as_ref();
    let jurisdiction = object
        .required(report, "jurisdiction")
        .and_then(|at| Country::read(report, &at));
    let audience = object
        .required(report, "audience")
        .and_then(|at| at.choice(report, Audience::ALL, Audience::as_str));
    let title = required_text(report, languages, &object, "title");
    let intro = object
        .optional("intro")
        .and_then(|at| Text::read(report, languages?, &at));
    let service = required_text(report, languages, &object, "service");
    let parties_place = object
        .optional("parties")
        .map_or_else(|| object.place(), |at| at.place());
    let parties = list(report, &object, "parties", |report, at| {
        PartyDraft::read(report, languages, at)
    });
    let policy = object
        .required(report, "policy")
        .and_then(|at| read_policy(report, languages, at));
    let fields = list(report, &object, "fields", |report, at| {
        FieldDraft::read(report, languages, at)
    });
    let purposes = list(report, &object, "purposes", |report, at| {
        PurposeDraft::read(report, languages, at)
    });
    let (submit, has_endpoint) = object
        .required(report, "submit")
        .map_or((None, false), |at| Submit::read(report, languages, at));
    let gate = object.optional("gate").map(|at| GateDraft::read(report, at));
    let confirmation = object.optional("confirmation").map(|at| Confirmation::read(report, at));
    let renewal = object.optional("renewal").map(|at| OnSilence::read(report, at));
    let proof = object.optional("proof").map(|at| read_proof(report, at));
    let withdrawal = object.optional("withdrawal").map(|at| Withdrawal::read(report, at));
    let automated_decisions = object
        .required(report, "automatedDecisions")
        .and_then(|at| read_decisions(report, languages, &at));
    let theme = object.optional("theme").map(|at| Theme::read(report, at));

    let parts = Parts {
        languages,
        all_parties_named: parties
            .iter()
            .flatten()
            .all(|draft| draft.as_ref().is_some_and(|it| it.id.is_some())),
        all_purposes_named: purposes
            .iter()
            .flatten()
            .all(|draft| draft.as_ref().is_some_and(|it| it.id.is_some())),
        parties: parties.as_ref().map(|drafts| drafts.iter().flatten().collect()),
        parties_place,
        fields: fields.as_ref().map(|drafts| drafts.iter().flatten().collect()),
        purposes: purposes.as_ref().map(|drafts| drafts.iter().flatten().collect()),
        gate: gate.as_ref().and_then(Option::as_ref),
        withdraws: context.has_collector || has_endpoint || withdrawal.is_some(),
    };
    check(report, &parts);
    if !report.is_good() {
        return None;
    }

    let parties: Option<Vec<Party>> = parties?.into_iter().map(|draft| draft?.party).collect();
    let parties = parties?;
    let purposes: Option<Vec<Purpose>> = purposes?
        .into_iter()
        .map(|draft| finish_purpose(&parties, draft?))
        .collect();
    let purposes = purposes?;
    let fields: Option<Vec<Field>> = fields?
        .into_iter()
        .map(|draft| finish_field(&purposes, draft?))
        .collect();
    let gate = match gate {
        Some(draft) => {
            let draft = draft?;
            let (wanted, _) = draft.purpose.as_ref()?;
            let purpose = purposes.iter().find(|purpose| purpose.id.as_str() == wanted)?;
            Some(draft.finish(GatePurpose::of(purpose)?)?)
        }
        None => None,
    };
    let json = root.to_json();
    Some(Definition {
        id: id?,
        languages: languages?.clone(),
        jurisdiction: jurisdiction?,
        audience: audience?,
        title: title?,
        intro,
        service: service?,
        parties,
        policy: policy?,
        fields: fields?,
        purposes,
        submit: submit?,
        gate,
        confirmation: confirmation.unwrap_or(Some(Confirmation::Immediate))?,
        renewal: renewal.unwrap_or(Some(OnSilence::default()))?,
        proof_retention: proof.unwrap_or_else(|| Period::parse(DEFAULT_PROOF_RETENTION))?,
        withdrawal: withdrawal.unwrap_or_default(),
        automated_decisions: automated_decisions?,
        theme: theme.unwrap_or_default(),
        digest: canonical_digest(&json),
        json,
    })
}

/// The digest of a definition as JSON: without `$schema`, which names a tool and says nothing about the form.
fn canonical_digest(json: &serde_json::Value) -> Sha256Digest {
    let mut json = json.clone();
    if let Some(members) = json.as_object_mut() {
        members.remove("$schema");
    }
    Sha256Digest::of_json(&json)
}

/// The entries of a list that must hold one; an entry that is no object is absent.
fn list<T>(
    report: &mut Report<'_>,
    object: &Object<'_>,
    name: &str,
    read: impl Fn(&mut Report<'_>, At<'_>) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    let entries = object.required(report, name)?.entries(report)?;
    Some(entries.into_iter().map(|at| read(report, at)).collect())
}

fn required_text(
    report: &mut Report<'_>,
    languages: Option<&Languages>,
    object: &Object<'_>,
    name: &str,
) -> Option<Text> {
    let at = object.required(report, name);
    Text::read(report, languages?, &at?)
}

fn read_format(report: &mut Report<'_>, object: &Object<'_>) {
    let Some(at) = object.required(report, "format") else {
        return;
    };
    let Some(format) = at.string(report) else { return };
    if format != FORMAT {
        let message = format!("`{format}` is not a format that Candor reads");
        report.refuse(rule::FORMAT, &at.place(), message, format!("write `{FORMAT}`"));
    }
}

fn read_policy(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> Option<Policy> {
    let object = Object::open(report, at, &["url", "version", "digest"])?;
    let url_at = object.required(report, "url");
    let url = url_at.and_then(|at| Text::read_each(report, languages?, &at, web::notice));
    let version = object
        .required(report, "version")
        .and_then(|at| at.string(report))
        .map(str::to_owned);
    let digest = object.optional("digest").and_then(|at| {
        let digest = Sha256Digest::from_str(at.string(report)?).ok();
        if digest.is_none() {
            let help = "write `sha256-` and the digest in base64url, 43 characters, or leave it out";
            report.refuse(rule::DIGEST, &at.place(), "this is not a SHA-256 digest", help);
        }
        digest
    });
    Some(Policy {
        url: url?,
        version: version?,
        digest,
    })
}

fn read_decisions(report: &mut Report<'_>, languages: Option<&Languages>, at: &At<'_>) -> Option<AutomatedDecisions> {
    if at.node.as_str() == Some("none") {
        return Some(AutomatedDecisions::None);
    }
    Text::read(report, languages?, at).map(AutomatedDecisions::Described)
}

fn finish_purpose(parties: &[Party], draft: PurposeDraft) -> Option<Purpose> {
    let wanted = draft.recipients.clone()?;
    let find = |(wanted, _): &(String, Place)| {
        parties
            .iter()
            .find(|party| party.id.as_str() == wanted)
            .map(|party| party.id.clone())
    };
    let recipients: Option<Vec<_>> = wanted.iter().map(find).collect();
    draft.finish(recipients?)
}

fn finish_field(purposes: &[Purpose], draft: FieldDraft) -> Option<Field> {
    let find = |(wanted, _): &(String, Place)| {
        purposes
            .iter()
            .find(|purpose| purpose.id.as_str() == wanted)
            .map(|purpose| purpose.id.clone())
    };
    let served: Option<Vec<_>> = draft.purposes.as_ref()?.iter().map(find).collect();
    let when = draft.when.as_ref().map(find);
    let when = when.map_or(Some(None), |found| found.map(Some))?;
    draft.finish(served?, when)
}
