//! Control tables: accounts, sessions, the wanted and observed state of slices, and where their tables are.

pub mod alerts;
pub mod capacity;
pub mod counters;
pub mod events;
pub mod leadership;
pub mod listen;
pub mod observed;
pub mod operator;
pub mod sessions;
pub mod telemetry;
pub mod tenants;
pub mod throttles;
pub mod users;
pub mod wanted;
mod words;

use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction, migrate::Migrator, pool::PoolConnection};

use crate::{DbError, Endpoint, connect::ConnectError};

/// Migrations of schema `gateway`; history in `gateway._sqlx_migrations`.
pub static MIGRATIONS: Migrator = sqlx::migrate!("migrations/control");

/// Name of the control database.
pub const DATABASE: &str = "wank_saas";

/// Brings schema `gateway` to this version; safe to repeat.
///
/// # Errors
/// When the server does not answer or a migration fails.
pub async fn migrate(owner: &Endpoint) -> Result<(), MigrateError> {
    let pool = owner.pool(Some("gateway"), 1).await?;
    MIGRATIONS.run(&pool).await?;
    pool.close().await;
    Ok(())
}

/// The control tables could not be brought to this version.
#[derive(Debug, thiserror::Error)]
#[error("cannot migrate the control tables")]
pub enum MigrateError {
    /// No connection.
    Connect(#[from] ConnectError),
    /// A migration failed.
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// The control database.
#[derive(Clone, Debug)]
pub struct ControlDb {
    pool: PgPool,
}

/// A transaction on the control tables; the only thing control queries accept.
pub struct ControlTx {
    tx: Transaction<'static, Postgres>,
}

/// A connection on which every statement is a transaction of its own and sees what is true when it runs.
pub struct ControlReads {
    connection: PoolConnection<Postgres>,
}

impl ControlDb {
    /// Opens a pool on schema `gateway`.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn open(endpoint: &Endpoint, size: u32) -> Result<Self, ConnectError> {
        Ok(Self { pool: endpoint.pool(Some("gateway"), size).await? })
    }

    /// A connection of its own for whoever may fail without holding up others: opened when it is needed, and no statement
    /// takes longer than `statement` or waits for a lock longer than `lock`.
    #[must_use]
    pub fn apart(endpoint: &Endpoint, statement: Duration, lock: Duration) -> Self {
        Self { pool: endpoint.pool_apart("gateway", statement, lock) }
    }

    /// Wraps a pool that a test made.
    #[must_use]
    pub fn from_pool(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn begin(&self) -> Result<ControlTx, DbError> {
        Ok(ControlTx { tx: self.pool.begin().await? })
    }

    /// Takes a connection for single statements that only read.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn reads(&self) -> Result<ControlReads, DbError> {
        Ok(ControlReads { connection: self.pool.acquire().await? })
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// The pool, for listeners inside this crate.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }
}

impl ControlReads {
    pub(crate) fn conn(&mut self) -> &mut sqlx::PgConnection {
        &mut self.connection
    }
}

impl ControlTx {
    pub(crate) fn conn(&mut self) -> &mut sqlx::PgConnection {
        &mut self.tx
    }

    /// Makes everything since `begin` true at once.
    ///
    /// # Errors
    /// When the outcome could not be confirmed.
    pub async fn commit(self) -> Result<(), DbError> {
        Ok(self.tx.commit().await?)
    }
}
