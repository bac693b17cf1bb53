//! Attempts per key, counted by GCRA on the database's clock, so that a restart forgets nothing (AUTH-08).

use super::ControlTx;
use crate::DbError;

/// `burst` attempts at once, then one per `period_s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Attempts that may come at once.
    pub burst: u32,
    /// Seconds until one more is free.
    pub period_s: f64,
}

impl Rate {
    /// `burst` at once, then `count` per `seconds`.
    #[must_use]
    pub fn new(burst: u32, count: u32, seconds: u32) -> Self {
        Self { burst, period_s: f64::from(seconds) / f64::from(count.max(1)) }
    }

    fn tolerance_s(self) -> f64 {
        self.period_s * f64::from(self.burst)
    }
}

/// Takes one attempt; `Some(seconds)` to wait if there is none left. A refused attempt costs nothing.
///
/// A count that is fuller than full was filled before the machine's clock was set back: it gets one attempt and is
/// full then, so that nobody is locked out until the old time comes again.
///
/// # Errors
/// When the statement fails.
pub async fn take(tx: &mut ControlTx, key: &str, rate: Rate) -> Result<Option<f64>, DbError> {
    let taken = sqlx::query_scalar!(
        r#"insert into throttles as t (key, arrival_at)
           values ($1, clock_timestamp() + make_interval(secs => $2))
           on conflict (key) do update
               set arrival_at = case
                   when t.arrival_at > clock_timestamp() + make_interval(secs => $3 + 1.0::float8)
                   then clock_timestamp() + make_interval(secs => $3)
                   else greatest(t.arrival_at, clock_timestamp()) + make_interval(secs => $2) end
               where greatest(t.arrival_at, clock_timestamp()) + make_interval(secs => $2)
                     <= clock_timestamp() + make_interval(secs => $3)
                  or t.arrival_at > clock_timestamp() + make_interval(secs => $3 + 1.0::float8)
           returning true as "taken!""#,
        key,
        rate.period_s,
        // A hair more than the burst, so that rounding cannot cost the last attempt.
        rate.tolerance_s() + 0.001,
    )
    .fetch_optional(tx.conn())
    .await?;
    if taken.is_some() {
        return Ok(None);
    }
    let wait = sqlx::query_scalar!(
        r#"select extract(epoch from arrival_at + make_interval(secs => $2) - clock_timestamp())::float8 as "wait!"
           from throttles where key = $1"#,
        key,
        rate.period_s - rate.tolerance_s(),
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(Some(wait.unwrap_or(rate.period_s).max(0.0)))
}

/// Gives one attempt back: it was not a guess.
///
/// # Errors
/// When the statement fails.
pub async fn give_back(tx: &mut ControlTx, key: &str, rate: Rate) -> Result<(), DbError> {
    sqlx::query!(
        "update throttles set arrival_at = arrival_at - make_interval(secs => $2) where key = $1",
        key,
        rate.period_s,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes keys that limit nothing any more, at most 1,000 at once; tells how many.
///
/// # Errors
/// When the statement fails.
pub async fn delete_idle(tx: &mut ControlTx) -> Result<u64, DbError> {
    let done = sqlx::query!(
        "delete from throttles where key in (select key from throttles where arrival_at < now() limit 1000)"
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
