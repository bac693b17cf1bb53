//! Where a reader of the event log stands, and what it gets next.

use queunir_db::{
    DbError,
    slice::{
        SliceDb,
        events::{self, Bounds, Logged},
    },
};

/// How far behind a reader may be before it has to start over (DEL-10). Larger, and a phone that was off for a week
/// replays for minutes; smaller, and a short absence costs a full reload.
pub const MOST_BEHIND: i64 = 10_000;
/// How many events are read at once.
const PAGE: i64 = 200;

/// What a reader gets.
#[derive(Debug)]
pub enum Next {
    /// The events after its place, oldest first; none if it is up to date.
    Events(Vec<Logged>),
    /// Its place is too old or was never reached: it continues here after fetching everything again.
    Reset(i64),
}

/// Reads on from a place.
///
/// # Errors
/// When the database fails.
pub async fn next(db: &SliceDb, cursor: i64) -> Result<Next, DbError> {
    let mut tx = db.begin().await?;
    let Bounds { floor, last } = events::bounds(&mut tx).await?;
    if cursor < floor || cursor > last || last - cursor > MOST_BEHIND {
        return Ok(Next::Reset(last));
    }
    let rows = if cursor == last { Vec::new() } else { events::after(&mut tx, cursor, PAGE).await? };
    // The log may have been trimmed between the two looks.
    match rows.first() {
        Some(first) if first.seq != cursor + 1 => Ok(Next::Reset(last)),
        _ => Ok(Next::Events(rows)),
    }
}

/// Where a reader without a place begins.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &SliceDb) -> Result<i64, DbError> {
    let mut tx = db.begin().await?;
    Ok(events::bounds(&mut tx).await?.last)
}

/// Forgets what nobody can ask for any more.
///
/// # Errors
/// When the database fails.
pub async fn trim(db: &SliceDb) -> Result<(), DbError> {
    loop {
        let mut tx = db.begin().await?;
        let gone = events::trim(&mut tx, 2 * MOST_BEHIND, 1_000).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}
