//! What a tenant's tables look like in this version, and the one transaction that brings them there (ISO-14).
//!
//! A tenant's schema carries the fingerprint of the layout as its comment, written in the same transaction, so that a
//! schema that is as it should be is known by one look.

use std::{fmt::Write as _, sync::Arc};

use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection,
    migrate::{MigrateError, Migrator},
};

use super::{Doing, ProvisionError, code};
use crate::slice;

/// Migrations and rights of one version.
#[derive(Clone, Debug)]
pub struct Layout {
    migrator: Arc<Migrator>,
    grants: &'static str,
    fingerprint: String,
    history: Vec<(i64, Vec<u8>)>,
}

/// Where a layout is applied: a schema of a database, and the role that may use it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    pub database: &'a str,
    pub schema: &'a str,
    pub role: Option<&'a str>,
}

/// Migrations wait for nobody long (ISO-14); that a table exists already is no news.
const BECOME_OWNER: &str = "
set local role wa_owner;
set local lock_timeout = '3s';
set local statement_timeout = '60s';
set local client_min_messages = warning;
";

/// Rights beside those of the tables; `%1$I` is the schema, `%2$I` the role.
const SCHEMA_GRANTS: &[&str] = &[
    "revoke all on schema %1$I from public",
    "revoke all on schema %1$I from %2$I",
    "grant usage on schema %1$I to %2$I",
    "revoke all on all tables in schema %1$I from %2$I",
];

/// The server's code for a table or a schema that is not there.
const NOT_THERE: [&str; 2] = ["42P01", "3F000"];

impl Layout {
    /// The layout of this version of the program.
    #[must_use]
    pub fn current() -> Self {
        Self::of(slice::MIGRATIONS.iter().cloned().collect(), slice::GRANTS)
    }

    /// A layout of these migrations and rights, for tests and rehearsals.
    #[must_use]
    pub fn of(migrations: Vec<sqlx::migrate::Migration>, grants: &'static str) -> Self {
        let mut migrator = Migrator::with_migrations(migrations);
        // A lock by the database's name would make tenants of a shared one wait for each other; ours is by schema.
        migrator.set_locking(false);
        let history: Vec<(i64, Vec<u8>)> = migrator.iter().map(|step| (step.version, step.checksum.to_vec())).collect();
        let mut hash = Sha256::new();
        for (version, checksum) in &history {
            hash.update(version.to_be_bytes());
            hash.update(checksum);
        }
        for text in SCHEMA_GRANTS.iter().chain([&grants]) {
            hash.update(text.as_bytes());
        }
        let latest = history.last().map_or(0, |(version, _)| *version);
        let mut fingerprint = format!("{latest} ");
        for byte in &hash.finalize()[..16] {
            // Writing to a string cannot fail.
            let _ = write!(fingerprint, "{byte:02x}");
        }
        Self { migrator: Arc::new(migrator), grants, fingerprint, history }
    }

    /// The latest migration's number.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.history.last().map_or(0, |(version, _)| *version)
    }

    /// Stands for migrations, their checksums and the rights.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The rights on tables.
    pub(super) fn grants(&self) -> Vec<String> {
        statements(self.grants)
    }

    /// Whether the schema that `connection` works in is as this layout wants it, by its comment and its history.
    pub(super) async fn is_current(&self, connection: &mut PgConnection) -> Result<bool, ProvisionError> {
        type Found = (Option<String>, Vec<i64>, Vec<Vec<u8>>);
        let found = sqlx::query_as::<_, Found>(
            "select obj_description(to_regnamespace(current_schema()), 'pg_namespace'),
                coalesce(array_agg(version order by version), '{}'),
                coalesce(array_agg(checksum order by version), '{}')
            from _sqlx_migrations where success",
        )
        .fetch_one(connection)
        .await;
        match found {
            Ok((stamp, versions, checksums)) => Ok(stamp.as_deref() == Some(&self.fingerprint)
                && versions.into_iter().zip(checksums).collect::<Vec<_>>() == self.history),
            Err(error) if code(&error).is_some_and(|code| NOT_THERE.contains(&code.as_str())) => Ok(false),
            Err(error) => Err(error).doing("look how far a tenant is"),
        }
    }

    /// Brings a schema to this layout in one transaction, as the owner of its objects. Whoever comes second waits, and
    /// finds it done. Without a role, as in the template, rights and comment are left out.
    pub(super) async fn apply(&self, connection: &mut PgConnection, spot: Spot<'_>) -> Result<(), ProvisionError> {
        let mut tx = connection.begin().await.doing("begin")?;
        sqlx::raw_sql(BECOME_OWNER).execute(&mut *tx).await.doing("become the owner")?;
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('queunir.layout ' || $1, 0))")
            .bind(spot.schema)
            .execute(&mut *tx)
            .await
            .doing("wait for another migration")?;
        if spot.schema != "public" {
            run_all(&mut tx, &["create schema if not exists %1$I"], &[spot.schema]).await.doing("create a schema")?;
        }
        self.migrator.run_direct(None, &mut *tx, false).await.map_err(|source| refused(source, spot))?;
        if let Some(role) = spot.role {
            run_all(&mut tx, SCHEMA_GRANTS, &[spot.schema, role]).await.doing("grant the use of a schema")?;
            run_all(&mut tx, &self.grants(), &[role]).await.doing("grant a tenant's rights")?;
            run_all(&mut tx, &["comment on schema %1$I is %2$L"], &[spot.schema, &self.fingerprint])
                .await
                .doing("stamp a schema")?;
        }
        tx.commit().await.doing("end a migration")
    }
}

fn refused(source: MigrateError, spot: Spot<'_>) -> ProvisionError {
    let (database, schema) = (spot.database.to_owned(), spot.schema.to_owned());
    match source {
        MigrateError::VersionMissing(version) => ProvisionError::Newer { database, schema, version },
        source => ProvisionError::Migrate { database, schema, source },
    }
}

/// Runs statements after the server has filled in names (`%1$I`) and values (`%1$L`).
async fn run_all(
    connection: &mut PgConnection,
    statements: &[impl AsRef<str>],
    arguments: &[&str],
) -> Result<(), sqlx::Error> {
    let statements: Vec<&str> = statements.iter().map(AsRef::as_ref).collect();
    let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
    let filled: Vec<String> =
        sqlx::query_scalar("select format(statement, variadic $2::text[]) from unnest($1::text[]) statement")
            .bind(statements)
            .bind(arguments)
            .fetch_all(&mut *connection)
            .await?;
    sqlx::raw_sql(AssertSqlSafe(filled.join(";"))).execute(connection).await?;
    Ok(())
}

/// The statements of a file of plain statements: comment lines removed, split at semicolons.
fn statements(file: &str) -> Vec<String> {
    let code: Vec<&str> = file.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    code.join("\n").split(';').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_grants_falls_into_its_statements() {
        assert_eq!(statements("-- why %I\ngrant a to %I;\n grant b\n to %I;\n"), ["grant a to %I", "grant b\n to %I"]);
    }

    #[test]
    fn a_change_of_rights_alone_changes_the_fingerprint() {
        let (now, other) =
            (Layout::current(), Layout::of(slice::MIGRATIONS.iter().cloned().collect(), "grant x to %I"));
        assert_eq!((now.version(), &now.history), (other.version(), &other.history));
        assert_ne!(now.fingerprint(), other.fingerprint());
    }

    #[test]
    fn a_migration_runs_inside_the_tenants_transaction_and_names_no_schema() {
        for step in slice::MIGRATIONS.iter() {
            assert!(!step.no_tx, "{} cannot run inside a transaction", step.version);
            let sql = step.sql.as_str().to_lowercase();
            for word in ["public.", "search_path", "pg_notify", "advisory", "listen ", "concurrently"] {
                assert!(!sql.contains(word), "{} says {word:?}", step.version);
            }
        }
    }
}
