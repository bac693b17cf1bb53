//! Tables of one tenant: chats, messages, events and the outbox; opened on the slice's own role and database.

use sqlx::{PgPool, Postgres, Transaction, migrate::Migrator};

use crate::{DbError, Endpoint, connect::ConnectError};

pub mod acts;
pub mod aliases;
pub mod audit;
pub mod chats;
pub mod clock;
pub mod collections;
pub mod contacts;
pub mod events;
pub mod fence;
pub mod first_contacts;
pub mod gaps;
pub mod join_moves;
pub mod joins;
pub mod link_history;
pub mod link_state;
pub mod media;
pub mod members;
pub mod messages;
pub mod opt_out_numbers;
pub mod opt_outs;
pub mod outgoing;
pub mod partings;
pub mod pictures;
pub mod restored;
pub mod settings;
pub mod uploads;
pub mod vitals;
mod words;

/// Migrations of a tenant's schema; names are unqualified, the connection's `search_path` decides.
pub static MIGRATIONS: Migrator = sqlx::migrate!("migrations/slice");

/// Rights of the tenant's role, one statement each; `%I` stands for the role, to be filled by `format()` in SQL.
pub const GRANTS: &str = include_str!("grants.sql");

/// The tenant's database.
#[derive(Clone, Debug)]
pub struct SliceDb {
    pool: PgPool,
}

/// A transaction on the tenant's tables; the only thing slice queries accept.
pub struct SliceTx {
    tx: Transaction<'static, Postgres>,
}

impl SliceDb {
    /// Opens a pool; the role's own `search_path` says where the tables are.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn open(endpoint: &Endpoint, size: u32) -> Result<Self, ConnectError> {
        Ok(Self { pool: endpoint.pool(None, size).await? })
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
    pub async fn begin(&self) -> Result<SliceTx, DbError> {
        Ok(SliceTx { tx: self.pool.begin().await? })
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl SliceTx {
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
