//! Roles and databases that every installation has, and the walls between them (ISO-08, ISO-09).

use queunir_core::slice::TenancyMode;
use secrecy::{ExposeSecret, SecretString};
use sqlx::Connection as _;

use super::{Doing, ProvisionError, connect, database_exists, run_formatted};
use crate::{Endpoint, control};

/// Database that everything of tenants is copied from: empty, and without the doors that PostgreSQL leaves open.
pub(super) const BASE: &str = "wa_base";

/// Group roles: `wa_owner` owns tenants' objects, `slices` is what pg_hba knows tenants' roles by.
const GROUPS: &str = "
do $$ begin
    if not exists (select from pg_roles where rolname = 'wa_owner') then
        create role wa_owner nologin;
    end if;
    if not exists (select from pg_roles where rolname = 'slices') then
        create role slices nologin noinherit;
    end if;
    if not exists (select from pg_roles where rolname = 'queunir_gw') then
        create role queunir_gw login;
    end if;
    if not exists (select from pg_roles where rolname = 'queunir_orch') then
        create role queunir_orch login;
    end if;
end $$;
alter role wa_owner inherit; -- as the owner of a database it is a member of pg_database_owner, who may create in `public`
alter role queunir_gw login nocreatedb nocreaterole;
alter role queunir_orch login createdb createrole inherit;
-- a leader that is stopped amid a transaction must not keep its successor from what it locked
alter role queunir_orch set idle_in_transaction_session_timeout = '5s';
grant wa_owner, slices to queunir_orch with admin option;
grant set on parameter temp_file_limit to queunir_orch;
grant pg_signal_backend, pg_read_all_stats to queunir_orch;
revoke connect, temporary on database postgres, template1 from public;
";

/// Functions by which tenants could reach each other or leave objects of their own, in the database one is connected to:
/// advisory locks, large objects, notices. Only a superuser may close them.
const DOORS: &str = "
do $$ declare door record; begin
    for door in select oid::regprocedure as name, proname ~ 'advisory' as lock from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and proname ~ '^(pg_(try_)?advisory_.*|lo_.*|loread|lowrite|pg_notify)$'
    loop
        execute format('revoke execute on function %s from public', door.name);
        if door.lock then execute format('grant execute on function %s to wa_owner', door.name); end if;
    end loop;
end $$;
";

/// The control database's own walls; `%1$I` is its name.
const CONTROL: &str = "
revoke connect, temporary on database %1$I from public;
grant connect on database %1$I to queunir_gw, queunir_orch;
";

/// Makes roles, groups and the control database, and takes everybody's default rights away; safe to repeat.
///
/// The caller connects as a superuser, runs `control::migrate` next, and writes pg_hba itself.
///
/// # Errors
/// When the server does not answer or refuses.
pub async fn bootstrap_cluster(
    superuser: &Endpoint,
    gateway_password: &SecretString,
    orchestrator_password: &SecretString,
) -> Result<(), ProvisionError> {
    let mut connection = connect(superuser, &superuser.database, None).await?;
    sqlx::raw_sql(GROUPS).execute(&mut connection).await.doing("make the roles")?;
    let passwords = [gateway_password.expose_secret(), orchestrator_password.expose_secret()];
    run_formatted(
        &mut connection,
        "alter role queunir_gw password %1$L; alter role queunir_orch password %2$L",
        &passwords,
    )
    .await
    .doing("set the roles' passwords")?;
    if !database_exists(&mut connection, control::DATABASE).await.doing("look for the control database")? {
        run_formatted(&mut connection, "create database %1$I template template0", &[control::DATABASE])
            .await
            .doing("create the control database")?;
    }
    run_formatted(&mut connection, CONTROL, &[control::DATABASE]).await.doing("wall in the control database")?;
    connection.close().await.doing("end the connection")?;

    let mut connection = connect(superuser, control::DATABASE, None).await?;
    sqlx::raw_sql("create schema if not exists gateway")
        .execute(&mut connection)
        .await
        .doing("create the schema gateway")?;
    connection.close().await.doing("end the connection")?;
    make_base(superuser).await
}

/// Who may connect to what (ISO-09), as pg_hba.conf. In mode schema a tenant's role is in the group that is named like
/// its shared database.
#[must_use]
pub fn hba(mode: TenancyMode) -> String {
    let own = match mode {
        TenancyMode::Database => "sameuser ",
        TenancyMode::Schema => "samerole ",
    };
    format!(
        "local all       postgres              scram-sha-256\n\
         local all       wa_owner,queunir_orch scram-sha-256\n\
         local wank_saas queunir_gw            scram-sha-256\n\
         local {own} +slices               scram-sha-256\n\
         local all       +slices               reject\n\
         local all       all                   reject\n"
    )
}

/// Makes the database that others are copied from. Databases of tenants that are older than it lose the same doors
/// first: it is there only when that is done.
async fn make_base(superuser: &Endpoint) -> Result<(), ProvisionError> {
    let mut connection = connect(superuser, &superuser.database, None).await?;
    if database_exists(&mut connection, BASE).await.doing("look for a database")? {
        return connection.close().await.doing("end the connection");
    }
    let unfinished = format!("{BASE}_new");
    run_formatted(&mut connection, "drop database if exists %1$I with (force)", &[&unfinished])
        .await
        .doing("drop an unfinished database")?;
    run_formatted(&mut connection, "create database %1$I owner wa_owner template template0", &[&unfinished])
        .await
        .doing("create a database")?;
    let mut inside = connect(superuser, &unfinished, None).await?;
    sqlx::raw_sql("revoke all on schema public from public").execute(&mut inside).await.doing("close a schema")?;
    inside.close().await.doing("end the connection")?;
    let ours: Vec<String> = sqlx::query_scalar(
        "select datname::text from pg_database where pg_get_userbyid(datdba) = 'wa_owner' and datallowconn",
    )
    .fetch_all(&mut connection)
    .await
    .doing("list tenants' databases")?;
    for database in ours {
        let mut inside = connect(superuser, &database, None).await?;
        sqlx::raw_sql(DOORS).execute(&mut inside).await.doing("close a database's doors")?;
        inside.close().await.doing("end the connection")?;
    }
    let finish = "revoke connect, temporary on database %1$I from public;
        alter database %1$I allow_connections false;
        alter database %1$I rename to %2$I";
    run_formatted(&mut connection, finish, &[&unfinished, BASE]).await.doing("finish a database")?;
    connection.close().await.doing("end the connection")
}
