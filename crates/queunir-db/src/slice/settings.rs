//! The tenant's own choices, with who changed them and when.

use jiff::Timestamp;
use queunir_core::id::UserId;
use serde_json::Value;

use super::{SliceTx, words::moment};
use crate::DbError;

/// The value of a setting.
pub async fn find(tx: &mut SliceTx, key: &str) -> Result<Option<Value>, DbError> {
    Ok(sqlx::query_scalar!("select value from settings where key = $1", key).fetch_optional(tx.conn()).await?)
}

/// Sets a value and keeps the change on record.
pub async fn set(tx: &mut SliceTx, key: &str, value: &Value, by: Option<UserId>, at: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into settings (key, value, changed_by, changed_at) values ($1, $2, $3, $4)
         on conflict (key) do update set value = excluded.value, changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
        key,
        value,
        by.map(|id| id.0),
        moment(at) as _,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into settings_history (key, value, changed_by, changed_at) values ($1, $2, $3, $4)",
        key,
        value,
        by.map(|id| id.0),
        moment(at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How often a setting was changed.
pub async fn changes(tx: &mut SliceTx, key: &str) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from settings_history where key = $1"#, key)
        .fetch_one(tx.conn())
        .await?)
}
