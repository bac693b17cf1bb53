//! What PostgreSQL's catalogs say about a tenant, against what they have to say (ISO-08).

use std::time::Duration;

use queunir_core::{id::SliceId, slice::TenancyMode};
use sqlx::Connection as _;

use super::{Doing, ProvisionError, Provisioner, connect, tenant::chain};
use crate::control::tenants::{self, Tenant};

/// Everything about one tenant that is not as it must be, one line each. `$1` is the role, `$2` the schema, `$3` the
/// groups it belongs to; `$4` and `$5` are the wanted rights on tables, pairwise.
const FINDINGS: &str = include_str!("audit.sql");

impl Provisioner {
    /// What is not as it must be with a tenant: its role, its rights, who else has any. Empty when all is well.
    ///
    /// # Errors
    /// When the database does not answer or the tenant has no tables.
    pub async fn audit(&self, tenant: &Tenant) -> Result<Vec<String>, ProvisionError> {
        let groups = match tenant.mode {
            TenancyMode::Database => vec!["slices"],
            TenancyMode::Schema => vec!["slices", tenant.database.as_str()],
        };
        let (tables, rights): (Vec<String>, Vec<String>) = wanted(&self.layout.grants()).into_iter().unzip();
        let mut connection = connect(&self.endpoint, &tenant.database, Some(&tenant.schema)).await?;
        let found: Vec<String> = sqlx::query_scalar(FINDINGS)
            .bind(&tenant.role)
            .bind(&tenant.schema)
            .bind(groups)
            .bind(tables)
            .bind(rights)
            .fetch_all(&mut connection)
            .await
            .doing("audit a tenant")?;
        connection.close().await.doing("end the connection")?;
        Ok(found)
    }

    /// Looks at every tenant that has the tables of this version.
    ///
    /// # Errors
    /// When the control tables do not answer.
    pub async fn audit_all(&self) -> Result<Vec<(SliceId, Vec<String>)>, ProvisionError> {
        let mut tx = self.control.begin().await?;
        let all = tenants::list(&mut tx).await?;
        tx.commit().await?;
        let mut bad = Vec::new();
        for tenant in all {
            if tenant.retired_at.is_some() || tenant.fingerprint.as_deref() != Some(self.layout.fingerprint()) {
                continue;
            }
            // One that cannot be looked at does not hide the others.
            let found = self.audit(&tenant).await.unwrap_or_else(|error| vec![chain(&error)]);
            if !found.is_empty() {
                bad.push((tenant.slice, found));
            }
        }
        Ok(bad)
    }

    /// Ends statements of tenants that run for longer than `limit`, and transactions that are open for five times as long: a
    /// hostile role can unset its own limits. Tells how many.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn end_overlong(&self, limit: Duration) -> Result<i64, ProvisionError> {
        sqlx::query_scalar(
            "select count(*) from (
                select pg_terminate_backend(a.pid) from pg_stat_activity a
                join pg_auth_members m on m.member = a.usesysid and m.roleid = 'slices'::regrole and not m.admin_option
                where a.state = 'active' and a.query_start < clock_timestamp() - make_interval(secs => $1)
                    or a.xact_start < clock_timestamp() - make_interval(secs => 5 * $1) offset 0) ended",
        )
        .bind(limit.as_secs_f64())
        .fetch_one(self.pool())
        .await
        .doing("end overlong statements")
    }

    /// Ends transactions of tenants, old ones of at least `age`, when more than `most` of the room for notices is used up,
    /// between 0 and 1. All of the cluster share that room, anybody may say `notify`, and who listens and does not end a
    /// transaction keeps it from being freed; without room nobody's notice is taken, the gateway's neither. Tells how many.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn free_notices(&self, most: f64, age: Duration) -> Result<i64, ProvisionError> {
        sqlx::query_scalar(
            "select count(*) from (
                select pg_terminate_backend(a.pid) from pg_stat_activity a
                join pg_auth_members m on m.member = a.usesysid and m.roleid = 'slices'::regrole and not m.admin_option
                where pg_notification_queue_usage() > $1
                    and a.xact_start < clock_timestamp() - make_interval(secs => $2) offset 0) ended",
        )
        .bind(most)
        .bind(age.as_secs_f64())
        .fetch_one(self.pool())
        .await
        .doing("free the room for notices")
    }
}

/// Tables and rights of statements `grant RIGHT, … on TABLE, … to %I`.
fn wanted(grants: &[String]) -> Vec<(String, String)> {
    let list = |text: &str| text.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>();
    grants
        .iter()
        .filter_map(|grant| grant.strip_prefix("grant ")?.strip_suffix(" to %I")?.split_once(" on "))
        .flat_map(|(rights, tables)| {
            list(tables)
                .into_iter()
                .flat_map(move |table| list(rights).into_iter().map(move |right| (table.clone(), right.to_uppercase())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provision::Layout;

    #[test]
    fn every_grant_is_understood() {
        let grants = Layout::current().grants();
        let rights = wanted(&["grant select, insert on a, b to %I".to_owned()]);
        let pair = |table: &str, right: &str| (table.to_owned(), right.to_owned());
        assert_eq!(rights, [pair("a", "SELECT"), pair("a", "INSERT"), pair("b", "SELECT"), pair("b", "INSERT")]);
        for grant in &grants {
            assert!(!wanted(std::slice::from_ref(grant)).is_empty(), "{grant}");
        }
    }
}
