//! Fields whose purposes are over, of leads that go on: only here does the sweep open values before it writes.
//! Refuses to let a number go whose refusal would go with it: that stays as a keyed hash.

use std::cell::OnceCell;

use candor_record::{
    disclosure::Disclosure,
    state::{PersonState, derive},
};
use uuid::Uuid;

use super::{Decision, Open};
use crate::{app::App, erase, index::of_disclosures, ingest::values, store::Resealed, values::ValueError};

impl Decision {
    /// What was typed into these fields goes, as far as it is there still. `state`: of the person, once it was asked for.
    pub(super) fn drop_fields(
        &mut self,
        app: &App,
        (open, state): (&Open, &OnceCell<PersonState>),
        chain: Uuid,
        fields: &[String],
    ) -> Result<(), ValueError> {
        let Some(lead) = open.lead(chain) else {
            return Ok(());
        };
        let before = app.values.unseal(chain, &lead.values)?;
        let goes = |text: &String| {
            let disclosure = Disclosure::parse(text);
            disclosure.is_ok_and(|disclosure| fields.iter().any(|field| field == disclosure.field().as_str()))
        };
        let kept: Vec<String> = before.disclosures.iter().filter(|text| !goes(text)).cloned().collect();
        if kept.len() == before.disclosures.len() {
            return Ok(());
        }
        let after = values::of(&lead.form, kept);
        let gone = before
            .phones
            .iter()
            .filter(|(field, _)| !after.phones.contains_key(*field));
        for (_, number) in gone {
            let state = state.get_or_init(|| derive(open.life().events));
            self.suppress.extend(erase::refused_numbers(app, state, number));
        }
        self.report.dropped(&lead.form);
        self.values.push(Resealed {
            record: chain,
            before: lead.values.clone(),
            after: app.values.seal(app.random.as_ref(), chain, &after)?,
            fingerprint: Some(of_disclosures(&app.index, &after.disclosures)),
            phone_keys: Some(after.phones.values().map(|number| app.index.phone(number)).collect()),
            ended: true,
        });
        Ok(())
    }
}
