//! The end of a tenant's tables: closed and renamed first, so that nobody comes back to what is half gone, then dropped
//! (ISO-12).

use jiff::Timestamp;
use queunir_core::{id::SliceId, slice::TenancyMode};
use sqlx::Connection as _;

use super::{Doing, ProvisionError, Provisioner, connect, database_exists, run_formatted};
use crate::control::tenants::{self, Tenant};

/// `%1$I` is the role.
const CLOSE_ROLE: &str = "alter role %1$I nologin password null";

impl Provisioner {
    /// Takes a slice's tables away from it: its role may not sign in, nothing is connected, and database or schema are
    /// renamed. Safe to repeat; a slice that never had tables is none the worse. The slice must not run.
    ///
    /// # Errors
    /// When a statement fails; repeat it then.
    pub async fn retire(&self, slice: SliceId, now: Timestamp) -> Result<(), ProvisionError> {
        let mut tx = self.control.begin().await?;
        let Some(tenant) = tenants::find(&mut tx, slice).await? else { return Ok(()) };
        // Whoever finds half of it done must not start the slice on it.
        let (database, schema) = retired_names(&tenant);
        tenants::set_retired(&mut tx, slice, &database, &schema, now).await?;
        tx.commit().await?;

        let mut control = self.pool().acquire().await.doing("connect")?;
        let has_role: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(&tenant.role)
            .fetch_one(&mut *control)
            .await
            .doing("look for a tenant's role")?;
        if has_role {
            run_formatted(&mut control, CLOSE_ROLE, &[&tenant.role]).await.doing("close a tenant's role")?;
        }
        drop(control);
        self.disconnect(&tenant.role).await?;
        match tenant.mode {
            TenancyMode::Database => self.rename_database(&tenant, &database).await,
            TenancyMode::Schema => self.rename_schema(&tenant, &schema).await,
        }
    }

    /// Drops a slice's tables and role with everything in them; what is gone already is no trouble. The slice must not run.
    ///
    /// # Errors
    /// When a statement fails; repeat it then.
    pub async fn erase(&self, slice: SliceId, now: Timestamp) -> Result<(), ProvisionError> {
        self.retire(slice, now).await?;
        let mut tx = self.control.begin().await?;
        let retired = tenants::find(&mut tx, slice).await?;
        tx.commit().await?;
        match retired {
            Some(tenant) => self.drop_one(&tenant).await,
            None => Ok(()),
        }
    }

    /// Drops what was retired before `before` and is still there; tells how many tenants that were.
    ///
    /// # Errors
    /// When a statement fails; what is done is done.
    pub async fn drop_retired(&self, before: Timestamp) -> Result<usize, ProvisionError> {
        let mut tx = self.control.begin().await?;
        let all = tenants::list(&mut tx).await?;
        tx.commit().await?;
        let mut dropped = 0;
        for tenant in all.iter().filter(|tenant| tenant.retired_at.is_some_and(|at| at < before)) {
            // Once more, for one whose end was cut off between its note and its new name.
            self.retire(tenant.slice, before).await?;
            self.drop_one(tenant).await?;
            dropped += 1;
        }
        Ok(dropped)
    }

    async fn rename_database(&self, tenant: &Tenant, to: &str) -> Result<(), ProvisionError> {
        let from = working_names(tenant).0;
        let mut control = self.pool().acquire().await.doing("connect")?;
        if !database_exists(&mut control, &from).await.doing("look for a database")? {
            return Ok(());
        }
        let close = "alter database %1$I allow_connections false; revoke connect on database %1$I from %2$I";
        run_formatted(&mut control, close, &[&from, &tenant.role]).await.doing("close a tenant's database")?;
        sqlx::query("select pg_terminate_backend(pid, 2000) from pg_stat_activity where datname = $1")
            .bind(&from)
            .execute(&mut *control)
            .await
            .doing("end a database's connections")?;
        run_formatted(&mut control, "alter database %1$I rename to %2$I", &[&from, to])
            .await
            .doing("rename a tenant's database")
    }

    async fn rename_schema(&self, tenant: &Tenant, to: &str) -> Result<(), ProvisionError> {
        let mut control = self.pool().acquire().await.doing("connect")?;
        if !database_exists(&mut control, &tenant.database).await.doing("look for a database")? {
            return Ok(());
        }
        drop(control);
        let from = working_names(tenant).1;
        let mut inside = connect(&self.endpoint, &tenant.database, None).await?;
        let exists: bool = sqlx::query_scalar("select to_regnamespace($1) is not null")
            .bind(&from)
            .fetch_one(&mut inside)
            .await
            .doing("look for a schema")?;
        if exists {
            let rename = "set role wa_owner; revoke all on schema %1$I from %3$I; alter schema %1$I rename to %2$I";
            run_formatted(&mut inside, rename, &[&from, to, &tenant.role]).await.doing("rename a tenant's schema")?;
        }
        inside.close().await.doing("end the connection")
    }

    async fn drop_one(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let mut control = self.pool().acquire().await.doing("connect")?;
        match tenant.mode {
            TenancyMode::Database => {
                run_formatted(&mut control, "drop database if exists %1$I with (force)", &[&tenant.database])
                    .await
                    .doing("drop a database")?;
            }
            TenancyMode::Schema => {
                if database_exists(&mut control, &tenant.database).await.doing("look for a database")? {
                    let mut inside = connect(&self.endpoint, &tenant.database, None).await?;
                    run_formatted(
                        &mut inside,
                        "set role wa_owner; drop schema if exists %1$I cascade",
                        &[&tenant.schema],
                    )
                    .await
                    .doing("drop a schema")?;
                    inside.close().await.doing("end the connection")?;
                    let forget = "select pg_advisory_xact_lock(hashtextextended('queunir.walls', 0));
                        do $$ begin
                            if exists (select from pg_roles where rolname = %2$L) then
                                revoke all on database %1$I from %2$I;
                            end if;
                        end $$";
                    run_formatted(&mut control, forget, &[&tenant.database, &tenant.role])
                        .await
                        .doing("close a shared database to a tenant")?;
                }
            }
        }
        run_formatted(&mut control, "drop role if exists %1$I", &[&tenant.role]).await.doing("drop a tenant's role")?;
        drop(control);
        let mut tx = self.control.begin().await?;
        tenants::delete(&mut tx, tenant.slice).await?;
        Ok(tx.commit().await?)
    }
}

/// Database and schema as the slice knew them; the role has the name of the one that is its own.
fn working_names(tenant: &Tenant) -> (String, String) {
    match tenant.mode {
        TenancyMode::Database => (tenant.role.clone(), tenant.schema.clone()),
        TenancyMode::Schema => (tenant.database.clone(), tenant.role.clone()),
    }
}

/// Database and schema under the names in which they wait.
fn retired_names(tenant: &Tenant) -> (String, String) {
    match tenant.mode {
        TenancyMode::Database => (format!("wa_retired_{}", tenant.slice), tenant.schema.clone()),
        TenancyMode::Schema => (tenant.database.clone(), format!("retired_{}", tenant.slice)),
    }
}
