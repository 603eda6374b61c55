//! The rules between parts: what one part promises and another would break.
//!
//! They run on what could be read, so that a missing member does not hide an unlawful gate.

mod fields;
mod gate;
mod purposes;

use candor_record::term::PartyRole;

use crate::act::GateDraft;
use crate::diagnostic::{Place, Report};
use crate::field::FieldDraft;
use crate::language::Languages;
use crate::party::PartyDraft;
use crate::purpose::PurposeDraft;
use crate::rule::{self, Rule};

/// What was read; a part is absent where its list could not be read.
pub(super) struct Parts<'d> {
    pub(super) languages: Option<&'d Languages>,
    pub(super) parties: Option<Vec<&'d PartyDraft>>,
    /// Whether a party that cannot be found is none, rather than one whose id could not be read.
    pub(super) all_parties_named: bool,
    pub(super) parties_place: Place,
    pub(super) fields: Option<Vec<&'d FieldDraft>>,
    pub(super) purposes: Option<Vec<&'d PurposeDraft>>,
    /// The same for purposes.
    pub(super) all_purposes_named: bool,
    pub(super) gate: Option<&'d GateDraft>,
    /// Whether a collector, or an address in the definition, takes consents back.
    pub(super) withdraws: bool,
}

impl Parts<'_> {
    fn purpose(&self, id: &str) -> Option<&PurposeDraft> {
        self.purposes()
            .find(|draft| draft.id.as_ref().is_some_and(|known| known.as_str() == id))
    }

    fn party(&self, id: &str) -> Option<&PartyDraft> {
        self.parties
            .iter()
            .flatten()
            .copied()
            .find(|draft| draft.id.as_ref().is_some_and(|known| known.as_str() == id))
    }

    fn purposes(&self) -> impl Iterator<Item = &PurposeDraft> {
        self.purposes.iter().flatten().copied()
    }

    fn fields(&self) -> impl Iterator<Item = &FieldDraft> {
        self.fields.iter().flatten().copied()
    }

    /// Whether the form's only purpose is one consent: submitting is the act, and there is no box.
    fn is_one_consent(&self) -> bool {
        matches!(self.purposes.as_deref(), Some([only]) if only.is_consent())
    }
}

pub(super) fn check(report: &mut Report<'_>, parts: &Parts<'_>) {
    check_ids(report, parts);
    check_controller(report, parts);
    if parts.parties.is_some() {
        purposes::check_recipients(report, parts);
        purposes::check_transfers(report, parts);
    }
    purposes::check_statements(report, parts);
    if parts.purposes.is_some() {
        fields::check(report, parts);
        gate::check(report, parts);
    }
}

fn check_ids(report: &mut Report<'_>, parts: &Parts<'_>) {
    let parties = parts.parties.iter().flatten();
    let parties = parties.filter_map(|draft| Some((draft.id.as_ref()?.as_str(), &draft.id_place)));
    refuse_twins(report, rule::PARTY_DUPLICATE, "party", parties);
    let fields = parts.fields();
    let fields = fields.filter_map(|draft| Some((draft.id.as_ref()?.as_str(), &draft.id_place)));
    refuse_twins(report, rule::FIELD_DUPLICATE, "field", fields);
    let purposes = parts.purposes();
    let purposes = purposes.filter_map(|draft| Some((draft.id.as_ref()?.as_str(), &draft.id_place)));
    refuse_twins(report, rule::PURPOSE_DUPLICATE, "purpose", purposes);
}

fn refuse_twins<'d>(report: &mut Report<'_>, rule: Rule, what: &str, ids: impl Iterator<Item = (&'d str, &'d Place)>) {
    let mut known = Vec::new();
    for (id, place) in ids {
        if known.contains(&id) {
            report.refuse(
                rule,
                place,
                format!("`{id}` is already another {what}"),
                "write an id of its own",
            );
        }
        known.push(id);
    }
}

fn check_controller(report: &mut Report<'_>, parts: &Parts<'_>) {
    let Some(parties) = &parts.parties else { return };
    let mut controllers = parties
        .iter()
        .filter(|draft| draft.role == Some(PartyRole::Controller))
        .peekable();
    let Some(first) = controllers.peek().copied() else {
        let all_roles_are_known = parties.iter().all(|draft| draft.role.is_some());
        if all_roles_are_known {
            let help = "add the party that decides, with the role `controller`";
            report.refuse(
                rule::PARTY_CONTROLLER,
                &parts.parties_place,
                "no party is the controller",
                help,
            );
        }
        return;
    };
    if !parts.withdraws && !controllers.any(|draft| draft.has_email) {
        let help = "add an `email` to the controller, `withdrawal` to the definition, or `endpoint` to `submit`";
        let message = "there is no address at which a consent is taken back";
        report.refuse(rule::WITHDRAWAL, &first.place, message, help);
    }
}
