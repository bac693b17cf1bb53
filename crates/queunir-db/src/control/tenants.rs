//! Where each slice's tables are, of which version they are, and which wait to be dropped; the orchestrator's alone.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use queunir_core::{id::SliceId, slice::TenancyMode};

use super::{
    ControlTx,
    words::{parse, word},
};
use crate::DbError;

/// Where one slice's tables are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The slice.
    pub slice: SliceId,
    /// Whether it has a database or a schema of its own.
    pub mode: TenancyMode,
    /// Database.
    pub database: String,
    /// Schema in it.
    pub schema: String,
    /// Login role.
    pub role: String,
    /// The latest migration; absent until the tables were made, 0 if made by a version that did not tell.
    pub version: Option<i64>,
    /// What migrations and rights it was brought to.
    pub fingerprint: Option<String>,
    /// Why the latest attempt to migrate it failed.
    pub failure: Option<String>,
    /// Fingerprint that this attempt was to lead to.
    pub failed_fingerprint: Option<String>,
    /// Since when it waits to be dropped.
    pub retired_at: Option<Timestamp>,
}

struct Raw {
    slice_id: i64,
    mode: String,
    database_name: String,
    schema_name: String,
    role_name: String,
    version: Option<i64>,
    fingerprint: Option<String>,
    failure: Option<String>,
    failed_fingerprint: Option<String>,
    retired_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Raw> for Tenant {
    type Error = DbError;

    fn try_from(raw: Raw) -> Result<Self, DbError> {
        Ok(Self {
            slice: SliceId(raw.slice_id),
            mode: parse("mode", &raw.mode)?,
            database: raw.database_name,
            schema: raw.schema_name,
            role: raw.role_name,
            version: raw.version,
            fingerprint: raw.fingerprint,
            failure: raw.failure,
            failed_fingerprint: raw.failed_fingerprint,
            retired_at: raw.retired_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

/// One tenant, retired or not.
///
/// # Errors
/// When the statement fails or the row holds a word that this version does not know.
pub async fn find(tx: &mut ControlTx, slice: SliceId) -> Result<Option<Tenant>, DbError> {
    sqlx::query_as!(
        Raw,
        r#"select slice_id, mode, database_name, schema_name, role_name, version, fingerprint, failure,
            failed_fingerprint, retired_at as "retired_at: jiff_sqlx::Timestamp"
        from tenants where slice_id = $1"#,
        slice.0
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Tenant::try_from)
    .transpose()
}

/// All tenants, retired ones as well, by number.
///
/// # Errors
/// When the statement fails or a row holds a word that this version does not know.
pub async fn list(tx: &mut ControlTx) -> Result<Vec<Tenant>, DbError> {
    sqlx::query_as!(
        Raw,
        r#"select slice_id, mode, database_name, schema_name, role_name, version, fingerprint, failure,
            failed_fingerprint, retired_at as "retired_at: jiff_sqlx::Timestamp"
        from tenants order by slice_id"#
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Tenant::try_from)
    .collect()
}

/// How many tenants are not of this mode.
///
/// # Errors
/// When the statement fails.
pub async fn count_others(tx: &mut ControlTx, mode: TenancyMode) -> Result<i64, DbError> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from tenants where mode <> $1"#, word(mode))
        .fetch_one(tx.conn())
        .await?;
    Ok(count)
}

/// The shared databases that have tenants, by number, with how many; others wait until the transaction ends.
///
/// # Errors
/// When the statement fails.
pub async fn list_shared_for_update(tx: &mut ControlTx) -> Result<Vec<(i32, i64)>, DbError> {
    sqlx::query!("lock table tenants in share row exclusive mode").execute(tx.conn()).await?;
    let rows = sqlx::query!(
        r#"select shared as "shared!", count(*) as "count!" from tenants where shared is not null
        group by shared order by shared"#
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.shared, row.count)).collect())
}

/// Writes down where a slice's tables are going to be; what is written already stays.
///
/// # Errors
/// When the statement fails.
pub async fn insert(tx: &mut ControlTx, tenant: &Tenant, shared: Option<i32>) -> Result<(), DbError> {
    sqlx::query!(
        "insert into tenants (slice_id, mode, database_name, schema_name, role_name, shared)
        values ($1, $2, $3, $4, $5, $6) on conflict (slice_id) do nothing",
        tenant.slice.0,
        word(tenant.mode),
        tenant.database,
        tenant.schema,
        tenant.role,
        shared,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that the tables are of this version.
///
/// # Errors
/// When the statement fails.
pub async fn set_migrated(tx: &mut ControlTx, slice: SliceId, version: i64, fingerprint: &str) -> Result<(), DbError> {
    sqlx::query!(
        "update tenants set version = $2, fingerprint = $3, migrated_at = now(),
            failure = null, failed_fingerprint = null, failed_at = null
        where slice_id = $1",
        slice.0,
        version,
        fingerprint,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes why the tables could not be brought to the version of this fingerprint.
///
/// # Errors
/// When the statement fails.
pub async fn set_failed(tx: &mut ControlTx, slice: SliceId, fingerprint: &str, failure: &str) -> Result<(), DbError> {
    sqlx::query!(
        "update tenants set failure = $3, failed_fingerprint = $2, failed_at = now() where slice_id = $1",
        slice.0,
        fingerprint,
        failure,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes under which names the tables wait to be dropped, and since when.
///
/// # Errors
/// When the statement fails.
pub async fn set_retired(
    tx: &mut ControlTx,
    slice: SliceId,
    database: &str,
    schema: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    sqlx::query!(
        "update tenants set retired_at = coalesce(retired_at, $4), database_name = $2, schema_name = $3
        where slice_id = $1",
        slice.0,
        database,
        schema,
        now.to_sqlx() as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets a tenant whose tables are gone.
///
/// # Errors
/// When the statement fails.
pub async fn delete(tx: &mut ControlTx, slice: SliceId) -> Result<(), DbError> {
    sqlx::query!("delete from tenants where slice_id = $1", slice.0).execute(tx.conn()).await?;
    Ok(())
}
