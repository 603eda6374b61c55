//! A new key for the values of all leads, while a server works: make it, bar the older ones, seal everything anew, and
//! only then delete the older ones.
//! Refuses to delete a key before the store says that nothing is sealed by it, nor ever will be.

use super::{ValueError, ValueKeys};
use crate::{
    clock::Random,
    keys::KeyError,
    store::{Resealed, Store, StoreError},
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
    store.scrub().await?;
    for older in keys.numbers().into_iter().filter(|older| *older < number) {
        keys.retire(older)?;
    }
    Ok((number, leads))
}
