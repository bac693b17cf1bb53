//! Which orchestrator acts: an advisory lock on a connection of its own, and an epoch that fences off earlier leaders.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};

use super::{ControlDb, ControlTx};
use crate::DbError;

/// Key of the advisory lock; any constant that nothing else in this database uses.
const LOCK: i64 = 0x7175_6e69_7201;

/// How often a leader shows that it lives.
const SIGN: Duration = Duration::from_secs(2);
/// Seconds without a sign after which a leader loses its lock. Too few depose one that had a busy moment; a failover
/// takes as long.
const SILENT: f64 = 10.0;

/// Proof of leadership: the lock lives as long as this connection.
pub struct Leadership {
    connection: PgConnection,
    epoch: i64,
    signed: Instant,
}

impl Leadership {
    /// Takes the lock and a new epoch; `None` while somebody else leads. A leader that gave no sign of life for long,
    /// as one that is stopped keeps its connection, loses both, so that a later try succeeds.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn try_take(db: &ControlDb) -> Result<Option<Self>, DbError> {
        let mut connection = PgConnection::connect_with(&db.pool().connect_options()).await?;
        let taken = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "taken!""#, LOCK)
            .fetch_one(&mut connection)
            .await?;
        if !taken {
            end_silent(&mut connection).await?;
            connection.close().await?;
            return Ok(None);
        }
        let epoch =
            sqlx::query_scalar!("update leadership set epoch = epoch + 1, seen_at = clock_timestamp() returning epoch")
                .fetch_one(&mut connection)
                .await?;
        Ok(Some(Self { connection, epoch, signed: Instant::now() }))
    }

    /// This leader's number; later leaders have greater ones.
    #[must_use]
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Whether this is still the newest leader and its lock's connection lives; from time to time also a sign of life.
    ///
    /// # Errors
    /// When the connection is gone, and with it the lock.
    pub async fn still_leads(&mut self) -> Result<bool, DbError> {
        let newest = sqlx::query_scalar!("select epoch from leadership").fetch_one(&mut self.connection).await?;
        if newest == self.epoch && self.signed.elapsed() >= SIGN {
            sqlx::query!("update leadership set seen_at = clock_timestamp() where epoch = $1", self.epoch)
                .execute(&mut self.connection)
                .await?;
            self.signed = Instant::now();
        }
        Ok(newest == self.epoch)
    }

    /// Gives the lock back at once instead of when the server notices.
    ///
    /// # Errors
    /// When the connection was gone already.
    pub async fn resign(self) -> Result<(), DbError> {
        Ok(self.connection.close().await?)
    }
}

/// Ends the connection that holds the lock if its leader is silent for too long.
async fn end_silent(connection: &mut PgConnection) -> Result<(), DbError> {
    // The two halves of a lock's key are told apart in `pg_locks`.
    sqlx::query!(
        "select pg_terminate_backend(l.pid) from pg_locks l, leadership
         where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select oid from pg_database where datname = current_database())
            and l.classid::bigint << 32 | l.objid::bigint = $1
            and seen_at < clock_timestamp() - make_interval(secs => $2)",
        LOCK,
        SILENT,
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}

/// Whether somebody leads now, for those who only want to know it.
///
/// # Errors
/// When the statement fails.
pub async fn is_led(tx: &mut ControlTx) -> Result<bool, DbError> {
    let led = sqlx::query_scalar!(
        r#"select exists (
            select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
                and database = (select oid from pg_database where datname = current_database())
                and (classid::bigint << 32 | objid::bigint) = $1
        ) as "led!""#,
        LOCK
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(led)
}

/// The newest leader's epoch, for a last look before something is done outside the database.
///
/// # Errors
/// When the statement fails.
pub async fn newest_epoch(tx: &mut ControlTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!("select epoch from leadership").fetch_one(tx.conn()).await?)
}
