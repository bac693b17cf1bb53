//! A tenant's role and database: made once, migrated, granted and fenced before every start (ISO-08, ISO-12, ISO-14).

use queunir_core::id::SliceId;
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::{Doing, ProvisionError, cluster::connect, database_exists, run_formatted};
use crate::{Endpoint, control::ControlDb, slice};

/// Database that tenants' databases are copied from, migrated to this version at the orchestrator's start.
const TEMPLATE: &str = "wa_template";

/// `%1$I` is the role, `%2$L` its password. A hostile role can unset the timeouts, not the connection limit.
const ROLE: &str = "
alter role %1$I login noinherit nocreatedb nocreaterole connection limit 4 password %2$L;
alter role %1$I set statement_timeout = '15s';
alter role %1$I set idle_in_transaction_session_timeout = '60s';
alter role %1$I set temp_file_limit = '1GB';
";

/// Migrations wait for nobody long (ISO-14); that a table exists already is no news.
const BECOME_OWNER: &str = "
set role wa_owner;
set lock_timeout = '3s';
set statement_timeout = '60s';
set client_min_messages = warning;
";

/// `%1$I` is database and role alike.
const WALLS: &str = "
revoke connect, temporary on database %1$I from public;
revoke all on database %1$I from %1$I;
grant connect on database %1$I to %1$I;
";

/// Name of a slice's database and of its role.
#[must_use]
pub fn database_name(slice: SliceId) -> String {
    format!("wa_slice_{slice}")
}

/// Makes tenants' databases ready, as role `queunir_orch`.
///
/// Roles and databases are made over a connection of the control database that is open anyway: a person waits.
#[derive(Clone, Debug)]
pub struct Provisioner {
    endpoint: Endpoint,
    pool: PgPool,
}

impl Provisioner {
    /// Over the control database of the cluster that `endpoint` leads to.
    #[must_use]
    pub fn new(endpoint: &Endpoint, control: &ControlDb) -> Self {
        Self { endpoint: endpoint.clone(), pool: control.pool().clone() }
    }

    /// Makes the template database and brings it to this version, so that a new tenant is one copy.
    ///
    /// # Errors
    /// When a statement or a migration fails.
    pub async fn prepare_template(&self) -> Result<(), ProvisionError> {
        self.ensure_database(TEMPLATE, "template0").await?;
        let mut connection = connect(&self.endpoint, TEMPLATE).await?;
        run_formatted(&mut connection, "revoke connect, temporary on database %1$I from public", &[TEMPLATE])
            .await
            .doing("wall in the template")?;
        migrate(&mut connection, TEMPLATE).await?;
        connection.close().await.doing("end the connection")
    }

    /// Makes everything that `generation` of a slice needs in PostgreSQL; safe to repeat.
    /// Earlier generations may not write from here on, and are disconnected.
    ///
    /// # Errors
    /// `Fenced` when a later generation exists; else when a statement or a migration fails.
    pub async fn provision(
        &self,
        slice: SliceId,
        password: &SecretString,
        generation: i64,
    ) -> Result<(), ProvisionError> {
        let name = database_name(slice);
        self.ensure_role(&name, password).await?;
        self.ensure_database(&name, TEMPLATE).await?;
        let mut connection = connect(&self.endpoint, &name).await?;
        run_formatted(&mut connection, WALLS, &[&name]).await.doing("wall in a tenant's database")?;
        migrate(&mut connection, &name).await?;
        grant(&mut connection, &name).await.doing("grant a tenant's rights")?;
        let raised = sqlx::query("update fence set generation = $1 where generation <= $1")
            .bind(generation)
            .execute(&mut connection)
            .await
            .doing("raise the fence")?
            .rows_affected();
        connection.close().await.doing("end the connection")?;
        if raised == 0 {
            return Err(ProvisionError::Fenced(generation));
        }
        self.disconnect(&name).await
    }

    /// Drops a slice's database and role with everything in them; what is gone already is no trouble.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn erase(&self, slice: SliceId) -> Result<(), ProvisionError> {
        let name = database_name(slice);
        let mut connection = self.pool.acquire().await.doing("connect")?;
        run_formatted(&mut connection, "drop database if exists %1$I with (force)", &[&name])
            .await
            .doing("drop a tenant's database")?;
        run_formatted(&mut connection, "drop role if exists %1$I", &[&name]).await.doing("drop a tenant's role")
    }

    /// Ends what an earlier generation left connected: it may hold locks, and the role has few connections.
    async fn disconnect(&self, role: &str) -> Result<(), ProvisionError> {
        sqlx::query("select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = $1")
            .bind(role)
            .execute(&self.pool)
            .await
            .doing("end a tenant's earlier connections")?;
        Ok(())
    }

    async fn ensure_role(&self, name: &str, password: &SecretString) -> Result<(), ProvisionError> {
        let mut connection = self.pool.acquire().await.doing("connect")?;
        let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(name)
            .fetch_one(&mut *connection)
            .await
            .doing("look for a tenant's role")?;
        if !exists {
            run_formatted(&mut connection, "create role %1$I in role slices", &[name])
                .await
                .doing("create a tenant's role")?;
        }
        run_formatted(&mut connection, ROLE, &[name, password.expose_secret()]).await.doing("set a tenant's role")
    }

    async fn ensure_database(&self, name: &str, template: &str) -> Result<(), ProvisionError> {
        let mut connection = self.pool.acquire().await.doing("connect")?;
        if database_exists(&mut connection, name).await.doing("look for a database")? {
            return Ok(());
        }
        let create = "create database %1$I owner wa_owner template %2$I strategy wal_log";
        run_formatted(&mut connection, create, &[name, template]).await.doing("create a database")
    }
}

/// Runs the slice's migrations as the owner of its objects; stays that owner for what follows.
async fn migrate(connection: &mut PgConnection, database: &str) -> Result<(), ProvisionError> {
    sqlx::raw_sql(BECOME_OWNER).execute(&mut *connection).await.doing("become the owner")?;
    slice::MIGRATIONS
        .run_direct(None, connection, false)
        .await
        .map_err(|source| ProvisionError::Migrate { database: database.to_owned(), source })
}

/// Gives the role exactly the listed rights, in one transaction.
async fn grant(connection: &mut PgConnection, role: &str) -> Result<(), sqlx::Error> {
    let statements: Vec<String> = ["revoke all on all tables in schema public from %I".to_owned()]
        .into_iter()
        .chain(statements(slice::GRANTS))
        .collect();
    let formatted: Vec<String> = sqlx::query_scalar("select format(statement, $2) from unnest($1::text[]) statement")
        .bind(&statements)
        .bind(role)
        .fetch_all(&mut *connection)
        .await?;
    sqlx::raw_sql(AssertSqlSafe(formatted.join(";"))).execute(connection).await?;
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
}
