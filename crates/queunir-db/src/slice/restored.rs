//! What a store that was put back to an earlier time may not go on with (DEL-08).

use queunir_core::id::{ActId, OutgoingId};

use super::{
    SliceTx,
    acts::{self, StoredAct},
    outgoing::{self, StoredOutgoing},
};
use crate::DbError;

/// Numbers that are left out of the log: more than were given out between the store's time and the restore.
const LEAP: i64 = 1_000_000;

/// Reason of what became uncertain.
const RESTORED: &str = "restored";

/// Makes every message that waits or was claimed uncertain, if `generation` holds the fence: it may have been sent since.
/// Those whose intent is stored keep it, because for them there is evidence to look for.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub async fn doubt_outgoing(tx: &mut SliceTx, generation: i64) -> Result<Vec<StoredOutgoing>, DbError> {
    let ids = sqlx::query_scalar!(
        "update outgoing set state = 'uncertain', reason = $2, lease_until = null
         where state in ('queued', 'leased', 'composing') and (select generation from fence) = $1
         returning id",
        generation,
        RESTORED,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut doubted = Vec::with_capacity(ids.len());
    for id in ids {
        doubted.extend(outgoing::find(tx, OutgoingId(id)).await?);
    }
    Ok(doubted)
}

/// The same of acts: what they bring about may have been wished away again since.
///
/// # Errors
/// When the statement fails or a stored word is unknown.
pub async fn doubt_acts(tx: &mut SliceTx, generation: i64) -> Result<Vec<StoredAct>, DbError> {
    let ids = sqlx::query_scalar!(
        "update acts set state = 'uncertain', reason = $2
         where state in ('queued', 'doing') and intent_at is null and (select generation from fence) = $1
         returning id",
        generation,
        RESTORED,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut doubted = Vec::with_capacity(ids.len());
    for id in ids {
        doubted.extend(acts::find(tx, ActId(id)).await?);
    }
    Ok(doubted)
}

/// Goes on counting events behind every number that was given out up to `beyond` and some time after it, so that no
/// browser takes new events for old ones.
///
/// # Errors
/// When the statement fails.
pub async fn leap(tx: &mut SliceTx, beyond: i64) -> Result<(), DbError> {
    sqlx::query!("update event_counter set last = greatest(last, $1) + $2", beyond, LEAP).execute(tx.conn()).await?;
    Ok(())
}
