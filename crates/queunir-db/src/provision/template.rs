//! `wa_template`: a database with all migrations, from which a tenant's is one copy (ISO-12).
//!
//! ```text
//! wa_base ──copy──> wa_template_new ──migrations, comment, closed──> renamed to wa_template
//! ```
//!
//! What has the name `wa_template` and the fingerprint of this version as its comment is complete. Anything else under
//! either name is of another version or was left by a crash, and is made anew. Nobody can connect to the template, so it
//! is never in the way of a copy.

use sqlx::{Connection, PgConnection};

use super::{
    Doing, ProvisionError,
    cluster::BASE,
    connect, database_exists,
    layout::{Layout, Spot},
    run_formatted,
};
use crate::Endpoint;

/// The finished template.
const TEMPLATE: &str = "wa_template";
/// The one that is being made.
const UNFINISHED: &str = "wa_template_new";
/// Key of the advisory lock in the control database; any constant that nothing else there uses.
const LOCK: i64 = 0x7175_6e69_7202;

/// Drops a database with whoever is in it.
const FORGET: &str = "drop database if exists %1$I with (force)";

/// Makes the template of this layout unless it is there. Of several at once one makes it and the others find it.
pub(super) async fn prepare(endpoint: &Endpoint, layout: &Layout) -> Result<(), ProvisionError> {
    // A connection of its own: the lock goes with it, also when this is given up half-way.
    let mut connection = connect(endpoint, &endpoint.database, None).await?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut connection)
        .await
        .doing("wait for the template")?;
    if !is_current(&mut connection, layout).await? {
        make(endpoint, &mut connection, layout).await?;
    }
    connection.close().await.doing("end the connection")
}

/// The database that a new tenant's is to be copied from: the template, or the empty base while there is none of this
/// layout.
pub(super) async fn source(connection: &mut PgConnection, layout: &Layout) -> Result<&'static str, ProvisionError> {
    Ok(if is_current(connection, layout).await? { TEMPLATE } else { BASE })
}

async fn is_current(connection: &mut PgConnection, layout: &Layout) -> Result<bool, ProvisionError> {
    sqlx::query_scalar(
        "select exists (select from pg_database
            where datname = $1 and not datallowconn and shobj_description(oid, 'pg_database') = $2)",
    )
    .bind(TEMPLATE)
    .bind(layout.fingerprint())
    .fetch_one(connection)
    .await
    .doing("look for the template")
}

async fn make(endpoint: &Endpoint, connection: &mut PgConnection, layout: &Layout) -> Result<(), ProvisionError> {
    run_formatted(connection, FORGET, &[UNFINISHED]).await.doing("drop an unfinished template")?;
    let create = "create database %1$I owner wa_owner template %2$I strategy wal_log";
    run_formatted(connection, create, &[UNFINISHED, BASE]).await.doing("create the template")?;
    run_formatted(connection, "revoke connect, temporary on database %1$I from public", &[UNFINISHED])
        .await
        .doing("wall in the template")?;
    let mut inside = connect(endpoint, UNFINISHED, Some("public")).await?;
    layout.apply(&mut inside, Spot { database: UNFINISHED, schema: "public", role: None }).await?;
    inside.close().await.doing("end the connection")?;
    let finish = "alter database %1$I allow_connections false; comment on database %1$I is %2$L";
    run_formatted(connection, finish, &[UNFINISHED, layout.fingerprint()]).await.doing("finish the template")?;
    if database_exists(connection, TEMPLATE).await.doing("look for the template")? {
        // First closed, so that nobody comes in while those who are in are sent out.
        run_formatted(connection, "alter database %1$I allow_connections false", &[TEMPLATE])
            .await
            .doing("close an earlier template")?;
        run_formatted(connection, FORGET, &[TEMPLATE]).await.doing("drop an earlier template")?;
    }
    run_formatted(connection, "alter database %1$I rename to %2$I", &[UNFINISHED, TEMPLATE])
        .await
        .doing("put the template in its place")?;
    tracing::info!(version = layout.version(), "made the template of tenants' databases");
    Ok(())
}
