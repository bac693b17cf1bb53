//! What the orchestrator does in PostgreSQL itself: roles and tables of tenants, their migrations, rights, fence and end.

mod audit;
mod cluster;
mod end;
mod layout;
mod place;
mod round;
mod template;
mod tenant;

pub use cluster::{bootstrap_cluster, hba};
pub use layout::Layout;
pub use place::{SHARED_TENANTS, refuse_other_mode};
use queunir_core::{id::SliceId, slice::TenancyMode};
pub use round::Round;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
pub use tenant::Provisioner;

use crate::{ConnectError, DbError, Endpoint};

/// Why a cluster or a tenant's tables could not be made ready.
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
    /// A statement on the control tables failed.
    #[error("cannot use the control tables")]
    Control(#[from] DbError),
    /// A migration failed or was changed after it ran.
    #[error("cannot migrate {schema} in database {database}")]
    Migrate {
        /// Which database.
        database: String,
        /// Which schema in it.
        schema: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// The tables come from a later version of the program.
    #[error(
        "the tables of {schema} in database {database} have migration {version}, which this version of queunir does not \
         know; run the newer version again"
    )]
    Newer {
        /// Which database.
        database: String,
        /// Which schema in it.
        schema: String,
        /// A migration that is unknown here.
        version: i64,
    },
    /// A later generation has been started by somebody else.
    #[error("a later generation than {0} exists")]
    Fenced(i64),
    /// The slice is gone; its tables wait to be dropped.
    #[error("slice {0} was deleted")]
    Retired(SliceId),
    /// The installation has tenants of the other mode.
    #[error(
        "tenancy.mode is \"{wanted}\", but {tenants} tenants of this installation were made with \"{other}\"; set it \
         back to \"{other}\": a mode holds for as long as there are tenants"
    )]
    OtherMode {
        /// What the settings say.
        wanted: &'static str,
        /// What the tenants are.
        other: &'static str,
        /// How many of them.
        tenants: i64,
    },
}

impl ProvisionError {
    /// Whether this will not pass by itself: a migration that fails, tables that this program cannot serve.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Migrate { source, .. } => !is_passing(source),
            Self::Newer { .. } | Self::Retired(_) | Self::OtherMode { .. } => true,
            Self::Connect(_) | Self::Statement { .. } | Self::Control(_) | Self::Fenced(_) => false,
        }
    }

    /// Whether somebody else held a lock for too long.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let source = match self {
            Self::Migrate { source, .. } => migration_trouble(source),
            Self::Statement { source: DbError::Failed(source), .. } => Some(source),
            _ => None,
        };
        source.and_then(code).as_deref() == Some(LOCK_NOT_AVAILABLE)
    }
}

/// The server's code for a lock that was not to be had in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// A migration that waited in vain or lost its connection may do better next time.
fn is_passing(error: &sqlx::migrate::MigrateError) -> bool {
    match migration_trouble(error) {
        Some(sqlx::Error::Database(inner)) => {
            let code = inner.code().unwrap_or_default();
            code == LOCK_NOT_AVAILABLE || code.starts_with("40") || code.starts_with("53") || code.starts_with("57")
        }
        Some(_) => true,
        None => false,
    }
}

fn migration_trouble(error: &sqlx::migrate::MigrateError) -> Option<&sqlx::Error> {
    match error {
        sqlx::migrate::MigrateError::Execute(source) | sqlx::migrate::MigrateError::ExecuteMigration(source, _) => {
            Some(source)
        }
        _ => None,
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned())
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

/// A mode's word in settings and tables.
const fn mode_word(mode: TenancyMode) -> &'static str {
    match mode {
        TenancyMode::Database => "database",
        TenancyMode::Schema => "schema",
    }
}

/// One connection of `endpoint`'s role to `database`, in which unqualified names mean `schema`.
async fn connect(endpoint: &Endpoint, database: &str, schema: Option<&str>) -> Result<PgConnection, ProvisionError> {
    let options = endpoint.options(schema).database(database);
    PgConnection::connect_with(&options).await.doing("connect")
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
