//! A cluster for one mode of tenancy, and tenants in it.

use queunir_core::{id::SliceId, slice::TenancyMode};
use queunir_db::{
    Endpoint,
    control::tenants::Tenant,
    provision::{Layout, Provisioner},
};
use secrecy::SecretString;
use sqlx::{
    PgPool, SqlStr,
    migrate::{Migration, MigrationType},
};

use crate::cluster::Cluster;

pub const MODES: [TenancyMode; 2] = [TenancyMode::Database, TenancyMode::Schema];

pub struct World {
    pub cluster: Cluster,
    pub provisioner: Provisioner,
}

impl World {
    pub async fn new(mode: TenancyMode) -> Self {
        let cluster = Cluster::start_for(mode).await;
        let provisioner = provisioner(&cluster, mode).await;
        Self { cluster, provisioner }
    }

    /// Makes the tables of a slice, whose password is "secret".
    pub async fn make(&self, slice: i64) -> Tenant {
        self.provisioner.provision(SliceId(slice), &secret(), 1).await.unwrap()
    }

    /// A tenant's own way in.
    pub fn way(&self, tenant: &Tenant) -> Endpoint {
        self.cluster.endpoint(&tenant.database, &tenant.role, "secret")
    }

    /// The superuser's view of a tenant's tables.
    pub async fn inside(&self, tenant: &Tenant) -> PgPool {
        self.cluster.superuser(&tenant.database).pool(Some(&tenant.schema), 1).await.unwrap()
    }

    /// A number that the superuser asks the cluster for.
    pub async fn count(&self, question: &'static str) -> i64 {
        let pool = self.cluster.superuser("postgres").pool(None, 1).await.unwrap();
        let count = sqlx::query_scalar(question).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }
}

pub async fn provisioner(cluster: &Cluster, mode: TenancyMode) -> Provisioner {
    Provisioner::new(&cluster.orchestrator(), &cluster.control().await, mode)
}

/// Nothing is wrong with any tenant.
pub async fn assert_sound(provisioner: &Provisioner) {
    let found = provisioner.audit_all().await.unwrap();
    assert!(found.is_empty(), "{found:#?}");
}

pub fn secret() -> SecretString {
    "secret".to_owned().into()
}

/// A small layout: a fence, and a table `runs` in which each later migration leaves its number.
pub fn layout(latest: i64) -> Layout {
    let later = (2..=latest)
        .map(|version| migration(version, format!("insert into runs values ({version}); select pg_sleep(0.005)")));
    with_steps(later.collect())
}

/// The same with other later migrations.
pub fn with_steps(later: Vec<Migration>) -> Layout {
    const FIRST: &str = "create table fence (generation bigint not null); insert into fence values (0);
        create table runs (version bigint not null)";
    let steps = [migration(1, FIRST.to_owned())].into_iter().chain(later).collect();
    Layout::of(steps, "grant select on fence to %I; grant select, insert on runs to %I;")
}

pub fn migration(version: i64, sql: String) -> Migration {
    let sql = SqlStr::from_static(sql.leak());
    Migration::new(version, "test".into(), MigrationType::Simple, sql, false)
}
