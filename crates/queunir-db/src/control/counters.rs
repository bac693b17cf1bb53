//! How often something happened: counted by the orchestrator, read as metrics.

use super::{ControlReads, ControlTx};
use crate::DbError;

/// One counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// What is counted.
    pub name: String,
    /// Of which sort; empty where there is one.
    pub label: String,
    /// How often.
    pub value: i64,
}

/// Upper bounds of the classes in which durations are counted, in milliseconds.
pub const DURATIONS_MS: [i64; 10] = [250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];
/// Label of what took longer than any bound.
pub const LONGER: &str = "longer";
/// Label of the sum of all durations.
pub const SUM: &str = "sum";

/// Counts `by` more.
///
/// # Errors
/// When the statement fails.
pub async fn add(tx: &mut ControlTx, name: &str, label: &str, by: i64) -> Result<(), DbError> {
    sqlx::query!(
        "insert into counters (name, label, value) values ($1, $2, $3)
         on conflict (name, label) do update set value = counters.value + excluded.value",
        name,
        label,
        by,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Counts a duration in its class, which is labelled with its upper bound, and adds it to the sum.
///
/// # Errors
/// When a statement fails.
pub async fn add_duration(tx: &mut ControlTx, name: &str, ms: i64) -> Result<(), DbError> {
    let bound = DURATIONS_MS.iter().find(|bound| ms <= **bound);
    add(tx, name, &bound.map_or_else(|| LONGER.to_owned(), ToString::to_string), 1).await?;
    add(tx, name, SUM, ms.max(0)).await
}

/// All counters.
///
/// # Errors
/// When the statement fails.
pub async fn list(reads: &mut ControlReads) -> Result<Vec<Counter>, DbError> {
    Ok(sqlx::query_as!(Counter, "select name, label, value from counters order by name, label")
        .fetch_all(reads.conn())
        .await?)
}
