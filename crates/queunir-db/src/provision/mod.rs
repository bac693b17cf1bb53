//! What the orchestrator does in PostgreSQL itself: roles and databases of tenants, their migrations, rights and fence.

mod cluster;
mod tenant;

pub use cluster::bootstrap_cluster;
use sqlx::{AssertSqlSafe, PgConnection};
pub use tenant::{Provisioner, database_name};

use crate::{ConnectError, DbError};

/// Why a cluster or a tenant's database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A statement failed.
    #[error("cannot {doing}")]
    Statement {
        /// What it was to do.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: DbError,
    },
    /// A migration failed or was changed after it ran.
    #[error("cannot migrate database {database}")]
    Migrate {
        /// Which database.
        database: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// A later generation has been started by somebody else.
    #[error("a later generation than {0} exists")]
    Fenced(i64),
}

/// Names what a statement was to do.
trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T, ProvisionError>;
}

impl<T> Doing<T> for Result<T, sqlx::Error> {
    fn doing(self, doing: &'static str) -> Result<T, ProvisionError> {
        self.map_err(|source| ProvisionError::Statement { doing, source: source.into() })
    }
}

/// Runs statements whose names and values the server itself has quoted: `%1$I` is a name, `%2$L` a value.
///
/// One call is one transaction, except for what PostgreSQL allows only outside of one.
async fn run_formatted(
    connection: &mut PgConnection,
    template: &'static str,
    arguments: &[&str],
) -> Result<(), sqlx::Error> {
    let statements: String = sqlx::query_scalar("select format($1, variadic $2::text[])")
        .bind(template)
        .bind(arguments.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>())
        .fetch_one(&mut *connection)
        .await?;
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut *connection).await?;
    Ok(())
}

/// Whether a database of this name exists.
async fn database_exists(connection: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
}
