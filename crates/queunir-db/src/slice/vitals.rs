//! What the monitor wants to know of a tenant's tables: counts and moments, never what anybody wrote.

use jiff::Timestamp;

use super::SliceTx;
use crate::DbError;

/// When the latest message of somebody else was written.
///
/// # Errors
/// When the statement fails.
pub async fn last_inbound(tx: &mut SliceTx) -> Result<Option<Timestamp>, DbError> {
    let at = sqlx::query_scalar!(
        r#"select max(coalesce(sent_at, created_at)) as "at: jiff_sqlx::Timestamp" from messages where direction = 'in'"#
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(at.map(jiff_sqlx::Timestamp::to_jiff))
}

/// How many chats are with one person.
///
/// # Errors
/// When the statement fails.
pub async fn count_contacts(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from chats where joined_into is null and kind = 'contact'"#)
        .fetch_one(tx.conn())
        .await?)
}

/// Whether something waits to be sent or done, or is on its way. What a person has to decide does not wait.
///
/// # Errors
/// When the statement fails.
pub async fn is_anything_to_do(tx: &mut SliceTx) -> Result<bool, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from outgoing where state in ('queued', 'leased', 'composing', 'intent'))
               or exists (select from acts where state in ('queued', 'doing')) as "any!""#
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Bytes that the tenant's tables take with their indexes, whether they have a database or a schema of their own.
///
/// # Errors
/// When the statement fails.
pub async fn stored_bytes(tx: &mut SliceTx) -> Result<u64, DbError> {
    let bytes = sqlx::query_scalar!(
        r#"select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as "bytes!" from pg_class c
           where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'm')"#
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(bytes.unsigned_abs())
}
