//! A tenant's role and tables: made once, brought to this version, granted and fenced before every start (ISO-08, ISO-12).

use queunir_core::{id::SliceId, slice::TenancyMode};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, PgConnection, PgPool};

use super::{
    Doing, ProvisionError,
    cluster::BASE,
    connect, database_exists,
    layout::{Layout, Spot},
    place, run_formatted, template,
};
use crate::{
    Endpoint,
    control::{
        ControlDb,
        tenants::{self, Tenant},
    },
};

/// `%1$I` is the role, `%2$L` its password, `%3$I` the schema. A hostile role can unset the timeouts, not the connection
/// limit.
const ROLE: &str = "
alter role %1$I login noinherit nocreatedb nocreaterole connection limit 4 password %2$L;
alter role %1$I set search_path = %3$I;
alter role %1$I set statement_timeout = '15s';
alter role %1$I set idle_in_transaction_session_timeout = '60s';
alter role %1$I set temp_file_limit = '1GB';
";

/// `%1$I` is the database, `%2$I` the role. Several tenants may share the database, and its row takes one change at a
/// time.
const WALLS: &str = "
select pg_advisory_xact_lock(hashtextextended('queunir.walls', 0));
revoke connect, temporary on database %1$I from public;
revoke all on database %1$I from %2$I;
grant connect on database %1$I to %2$I;
";

/// The group by which pg_hba lets tenants into a shared database; both have the name `%1$I`.
const SHARED_GROUP: &str = "
select pg_advisory_xact_lock(hashtextextended('queunir.walls', 0));
do $$ begin
    if not exists (select from pg_roles where rolname = %1$L) then create role %1$I nologin noinherit; end if;
end $$;
grant %1$I to %2$I;
";

/// Makes tenants' tables ready, as role `queunir_orch`.
///
/// Roles and databases are made over a connection of the control database that is open anyway: a person waits.
#[derive(Clone, Debug)]
pub struct Provisioner {
    pub(super) endpoint: Endpoint,
    pub(super) control: ControlDb,
    pub(super) layout: Layout,
    mode: TenancyMode,
    shared_tenants: i64,
}

impl Provisioner {
    /// Over the control database of the cluster that `endpoint` leads to; new tenants are made in `mode`.
    #[must_use]
    pub fn new(endpoint: &Endpoint, control: &ControlDb, mode: TenancyMode) -> Self {
        Self {
            endpoint: endpoint.clone(),
            control: control.clone(),
            layout: Layout::current(),
            mode,
            shared_tenants: place::SHARED_TENANTS,
        }
    }

    /// The same with another layout, for rehearsals and tests.
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// The same with room for fewer tenants in a shared database.
    #[must_use]
    pub fn with_shared_tenants(self, shared_tenants: i64) -> Self {
        Self { shared_tenants, ..self }
    }

    /// Makes the template database of this version, so that a new tenant is one copy. Needed in mode database only.
    ///
    /// # Errors
    /// When a statement or a migration fails; tenants are then made without it, only slower.
    pub async fn prepare_template(&self) -> Result<(), ProvisionError> {
        match self.mode {
            TenancyMode::Database => template::prepare(&self.endpoint, &self.layout).await,
            TenancyMode::Schema => Ok(()),
        }
    }

    /// Where a slice's tables are or are going to be.
    ///
    /// # Errors
    /// `Retired` when the slice was deleted; else when the control tables do not answer.
    pub async fn place(&self, slice: SliceId) -> Result<Tenant, ProvisionError> {
        let tenant = place::find_or_choose(&self.control, slice, self.mode, self.shared_tenants).await?;
        if tenant.retired_at.is_some() { Err(ProvisionError::Retired(slice)) } else { Ok(tenant) }
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
    ) -> Result<Tenant, ProvisionError> {
        let tenant = self.place(slice).await?;
        self.ensure_role(&tenant, password).await?;
        self.ensure_database(&tenant).await?;
        let mut connection = connect(&self.endpoint, &tenant.database, Some(&tenant.schema)).await?;
        if !self.layout.is_current(&mut connection).await? {
            self.wall_in(&tenant).await?;
            if let Err(error) = self.bring_up(&mut connection, &tenant).await {
                if !error.is_busy() {
                    return Err(error);
                }
                // Most likely what an earlier generation left open; its password is gone already.
                self.disconnect(&tenant.role).await?;
                self.bring_up(&mut connection, &tenant).await?;
            }
        } else if tenant.fingerprint.as_deref() != Some(self.layout.fingerprint()) {
            self.note_migrated(slice).await?;
        }
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
        self.disconnect(&tenant.role).await?;
        Ok(tenant)
    }

    /// Brings a tenant's tables to this version, and writes down what came of it.
    pub(super) async fn bring_up(&self, connection: &mut PgConnection, tenant: &Tenant) -> Result<(), ProvisionError> {
        let spot = Spot { database: &tenant.database, schema: &tenant.schema, role: Some(&tenant.role) };
        match self.layout.apply(connection, spot).await {
            Ok(()) => self.note_migrated(tenant.slice).await,
            Err(error) => {
                self.note_failed(tenant.slice, &error).await?;
                Err(error)
            }
        }
    }

    pub(super) async fn note_migrated(&self, slice: SliceId) -> Result<(), ProvisionError> {
        let mut tx = self.control.begin().await?;
        tenants::set_migrated(&mut tx, slice, self.layout.version(), self.layout.fingerprint()).await?;
        Ok(tx.commit().await?)
    }

    async fn note_failed(&self, slice: SliceId, error: &ProvisionError) -> Result<(), ProvisionError> {
        let mut tx = self.control.begin().await?;
        tenants::set_failed(&mut tx, slice, self.layout.fingerprint(), &chain(error)).await?;
        Ok(tx.commit().await?)
    }

    pub(super) fn pool(&self) -> &PgPool {
        self.control.pool()
    }

    /// Ends what a role has connected: it may hold locks, and the role has few connections.
    pub(super) async fn disconnect(&self, role: &str) -> Result<(), ProvisionError> {
        sqlx::query("select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = $1")
            .bind(role)
            .execute(self.pool())
            .await
            .doing("end a tenant's earlier connections")?;
        Ok(())
    }

    async fn ensure_role(&self, tenant: &Tenant, password: &SecretString) -> Result<(), ProvisionError> {
        let mut connection = self.pool().acquire().await.doing("connect")?;
        let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(&tenant.role)
            .fetch_one(&mut *connection)
            .await
            .doing("look for a tenant's role")?;
        if !exists {
            run_formatted(&mut connection, "create role %1$I in role slices", &[&tenant.role])
                .await
                .doing("create a tenant's role")?;
        }
        run_formatted(&mut connection, ROLE, &[&tenant.role, password.expose_secret(), &tenant.schema])
            .await
            .doing("set a tenant's role")
    }

    async fn ensure_database(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let mut connection = self.pool().acquire().await.doing("connect")?;
        if database_exists(&mut connection, &tenant.database).await.doing("look for a database")? {
            return Ok(());
        }
        let source = match tenant.mode {
            TenancyMode::Database => template::source(&mut connection, &self.layout).await?,
            TenancyMode::Schema => BASE,
        };
        let create = "create database %1$I owner wa_owner template %2$I strategy wal_log";
        let created = run_formatted(&mut connection, create, &[&tenant.database, source]).await;
        // The first tenants of a shared database may come at the same time.
        if created.is_err() && database_exists(&mut connection, &tenant.database).await.doing("look for a database")? {
            return Ok(());
        }
        created.doing("create a database")
    }

    /// Closes the database to everybody but its tenants.
    async fn wall_in(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let mut connection = self.pool().acquire().await.doing("connect")?;
        let names = [tenant.database.as_str(), &tenant.role];
        run_formatted(&mut connection, WALLS, &names).await.doing("wall in a tenant's database")?;
        if tenant.mode == TenancyMode::Schema {
            run_formatted(&mut connection, SHARED_GROUP, &names).await.doing("let a tenant into a shared database")?;
        }
        Ok(())
    }
}

/// An error with its causes, short enough for a remark.
pub(super) fn chain(error: &ProvisionError) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    let text: Vec<String> = causes.map(ToString::to_string).collect();
    text.join(": ").chars().take(500).collect()
}
