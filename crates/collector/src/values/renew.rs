//! A new key for the values of all leads, the secrets of all targets and what was derived from values, while a server works: make
//! it, bar the older ones, seal everything anew, and only then delete the older ones.
//! Refuses to delete a key before the store says that nothing is sealed by it, nor ever will be.

use super::{Bound, ValueError, ValueKeys};
use crate::{
    clock::Random,
    keys::KeyError,
    store::{Resealed, Store, StoreError, flows::SealedKind},
};

/// Leads of one transaction: short enough for a submission to wait for it.
const BATCH: u32 = 200;

/// Why not everything is under the new key. The older keys are still there; the next try finishes it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewError {
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Values(#[from] ValueError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Seals every lead by a new key; returns its number and how many leads there were. The caller holds the lock of the keys.
pub async fn renew(store: &dyn Store, keys: &ValueKeys, random: &dyn Random) -> Result<(u32, u64), RenewError> {
    let number = keys.rotate(random)?;
    // What was sealed by an older key and is still on its way is refused now, and sealed anew by whoever wrote it.
    store.refuse_values_under(number).await?;
    let mut leads = 0;
    loop {
        let rows = store.values_not_under(number, BATCH).await?;
        if rows.is_empty() {
            break;
        }
        let mut renewed = Vec::with_capacity(rows.len());
        for (record, before) in rows {
            let values = keys.unseal(record, &before)?;
            renewed.push(Resealed {
                record,
                after: keys.seal(random, record, &values)?,
                before,
                fingerprint: None,
                phone_keys: None,
                ended: false,
            });
        }
        store.reseal(&renewed).await?;
        leads += renewed.len() as u64;
    }
    renew_flows(store, keys, random, number).await?;
    renew_qualifications(store, keys, random, number).await?;
    store.scrub().await?;
    for older in keys.numbers().into_iter().filter(|older| *older < number) {
        keys.retire(older)?;
    }
    Ok((number, leads))
}

/// The same for what receivers are spoken to with, and for what they call people.
async fn renew_flows(store: &dyn Store, keys: &ValueKeys, random: &dyn Random, number: u32) -> Result<(), RenewError> {
    loop {
        let rows = store.flows_not_under(number, BATCH).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut renewed = Vec::with_capacity(rows.len());
        for row in rows {
            let bound = match row.kind {
                SealedKind::Settings => Bound::Target(row.id),
                SealedKind::Remote => Bound::Remote(row.id),
            };
            let plain = keys.unseal_bytes(bound, &row.sealed)?;
            let after = keys.seal_bytes(random, bound, plain)?;
            renewed.push((row, after));
        }
        store.reseal_flows(&renewed).await?;
    }
}

/// The same for what was derived from the values.
async fn renew_qualifications(
    store: &dyn Store,
    keys: &ValueKeys,
    random: &dyn Random,
    number: u32,
) -> Result<(), RenewError> {
    loop {
        let rows = store.qualifications_not_under(number, BATCH).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let mut renewed = Vec::with_capacity(rows.len());
        for (id, before) in rows {
            let plain = keys.unseal_bytes(Bound::Qualification(id), &before)?;
            let after = keys.seal_bytes(random, Bound::Qualification(id), plain)?;
            renewed.push((id, before, after));
        }
        store.reseal_qualifications(&renewed).await?;
    }
}
