//! Roles and databases that every installation has, and the walls between them (ISO-08, ISO-09).

use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, PgConnection};

use super::{Doing, ProvisionError, database_exists, run_formatted};
use crate::{DbError, Endpoint, control};

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
grant pg_signal_backend to queunir_orch;
revoke connect, temporary on database postgres, template1 from public;
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
    let mut connection = connect(superuser, &superuser.database).await?;
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

    let mut connection = connect(superuser, control::DATABASE).await?;
    sqlx::raw_sql("create schema if not exists gateway")
        .execute(&mut connection)
        .await
        .doing("create the schema gateway")?;
    connection.close().await.doing("end the connection")
}

/// One connection of `endpoint`'s role to `database`.
pub(super) async fn connect(endpoint: &Endpoint, database: &str) -> Result<PgConnection, ProvisionError> {
    let options = endpoint.options(None).database(database);
    PgConnection::connect_with(&options)
        .await
        .map_err(|source| ProvisionError::Statement { doing: "connect", source: DbError::Unavailable(source) })
}
