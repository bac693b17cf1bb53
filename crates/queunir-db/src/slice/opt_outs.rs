//! Customers who do not want to be written to (POL-05).

use jiff::Timestamp;
use queunir_core::{chat::OptOutReason, id::ChatId};

use super::{
    SliceTx,
    words::{moment, word},
};
use crate::DbError;

/// Notes that a customer does not want to be written to; one who opted out before keeps the first moment.
pub async fn set(tx: &mut SliceTx, chat: ChatId, reason: OptOutReason, now: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "update chats set opted_out = true, opted_out_at = coalesce(opted_out_at, $3), opt_out_reason = $2 where id = $1",
        chat.0,
        word(reason),
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that a customer may be written to, under whichever of their numbers, and that nothing they wrote until now says
/// otherwise.
pub async fn clear(tx: &mut SliceTx, chat: ChatId) -> Result<(), DbError> {
    sqlx::query!("delete from opt_out_numbers where forms && numbers_of($1)", chat.0).execute(tx.conn()).await?;
    sqlx::query!(
        "update chats set opted_out = false, opted_out_at = null, opt_out_reason = null, opt_out_declined =
            (select id from messages where chat_id = $1 and direction = 'in' order by order_key desc limit 1)
         where id = $1",
        chat.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whoever opted out under one name opted out under the other, and since the earlier moment of the two.
pub(super) async fn inherit(tx: &mut SliceTx, from: ChatId, into: ChatId) -> Result<(), DbError> {
    sqlx::query!(
        "update chats kept set opted_out = true, opted_out_at = least(kept.opted_out_at, gone.opted_out_at),
            opt_out_reason = coalesce(kept.opt_out_reason, gone.opt_out_reason)
         from chats gone where gone.id = $1 and kept.id = $2 and gone.opted_out",
        from.0,
        into.0,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a chat may be written to now: one that opted out only in answer to a later message of the last 24 hours.
pub async fn may_be_written_to(tx: &mut SliceTx, chat: ChatId, now: Timestamp) -> Result<bool, DbError> {
    let may =
        sqlx::query_scalar!("select may_be_written_to($1, $2)", chat.0, moment(now) as _).fetch_one(tx.conn()).await?;
    Ok(may.unwrap_or(false))
}
