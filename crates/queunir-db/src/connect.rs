//! Connections over PostgreSQL's Unix socket.

use std::{path::PathBuf, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How long a request waits for a connection. Shorter, and a server that restarts costs answers that would have come;
/// longer, and people are told late, after everybody who asks a slice has given up on it.
const PATIENCE: Duration = Duration::from_secs(4);

/// Where a role finds its database.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Directory of the Unix socket, or a host name in tests.
    pub socket: PathBuf,
    /// Port number in the socket's name.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Role.
    pub role: String,
    /// Its password.
    pub password: SecretString,
}

/// No connection could be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to database {database}")]
pub struct ConnectError {
    database: String,
    #[source]
    source: sqlx::Error,
}

impl Endpoint {
    /// Options for one connection whose unqualified names mean `search_path`.
    #[must_use]
    pub fn options(&self, search_path: Option<&str>) -> PgConnectOptions {
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .database(&self.database)
            .username(&self.role)
            .password(self.password.expose_secret());
        options = if self.socket.is_absolute() {
            options.socket(&self.socket)
        } else {
            options.host(&self.socket.to_string_lossy())
        };
        match search_path {
            Some(path) => options.options([("search_path", path)]),
            None => options,
        }
    }

    /// Opens a pool of at most `size` connections; fails if none can be made within 4 s.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn pool(&self, search_path: Option<&str>, size: u32) -> Result<PgPool, ConnectError> {
        PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(PATIENCE)
            .idle_timeout(Duration::from_secs(60))
            .connect_with(self.options(search_path))
            .await
            .map_err(|source| ConnectError { database: self.database.clone(), source })
    }
    /// A pool of one connection that is opened when it is needed, with limits on each statement and each lock.
    pub(crate) fn pool_apart(&self, search_path: &str, statement: Duration, lock: Duration) -> PgPool {
        let limits = [("statement_timeout", statement), ("lock_timeout", lock)];
        let limits = limits.map(|(name, limit)| (name, limit.as_millis().to_string()));
        PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(Duration::from_secs(60))
            .connect_lazy_with(self.options(Some(search_path)).options(limits))
    }
}
