//! Tenants' roles and databases: made fast, walled in, fenced, and safe to make again.

use std::time::Instant;

use queunir_core::id::SliceId;
use queunir_db::provision::{ProvisionError, Provisioner};
use secrecy::SecretString;
use sqlx::PgPool;

use crate::cluster::Cluster;

fn password(text: &str) -> SecretString {
    text.to_owned().into()
}

async fn provisioner(cluster: &Cluster) -> Provisioner {
    let provisioner = Provisioner::new(&cluster.orchestrator(), &cluster.control().await);
    provisioner.prepare_template().await.unwrap();
    provisioner.prepare_template().await.unwrap();
    provisioner
}

async fn refused(pool: &PgPool, statement: &'static str) {
    let error = sqlx::raw_sql(statement).execute(pool).await.expect_err(statement);
    let code = error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
    assert_eq!(code.as_deref(), Some("42501"), "{statement}: {error}");
}

#[tokio::test]
async fn a_tenant_gets_its_own_database_quickly_and_again() {
    let cluster = Cluster::start().await;
    let provisioner = provisioner(&cluster).await;
    let began = Instant::now();
    provisioner.provision(SliceId(1), &password("one"), 1).await.unwrap();
    let first = began.elapsed();
    provisioner.provision(SliceId(1), &password("other"), 2).await.unwrap();
    println!("provisioned in {first:?}, again in {:?}", began.elapsed() - first);
    let old = cluster.endpoint("wa_slice_1", "wa_slice_1", "one").pool(None, 1).await;
    assert!(old.is_err(), "each start has a new password");
    let own = cluster.endpoint("wa_slice_1", "wa_slice_1", "other").pool(None, 1).await.unwrap();
    let generation: i64 = sqlx::query_scalar("select generation from fence").fetch_one(&own).await.unwrap();
    assert_eq!(generation, 2);
    let closed: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
            and not has_table_privilege(format('%I.%I', schemaname, tablename), 'select') order by 1",
    )
    .fetch_all(&own)
    .await
    .unwrap();
    assert_eq!(closed, ["_sqlx_migrations"], "every other table is the tenant's to read");
    let mut held = own.acquire().await.unwrap();
    provisioner.provision(SliceId(1), &password("next"), 3).await.unwrap();
    assert!(sqlx::raw_sql("select 1").execute(&mut *held).await.is_err(), "an earlier generation is disconnected");
    let late = provisioner.provision(SliceId(1), &password("late"), 1).await;
    assert!(matches!(late, Err(ProvisionError::Fenced(1))), "an earlier generation comes too late");
}

#[tokio::test]
async fn several_tenants_are_made_side_by_side() {
    let cluster = Cluster::start().await;
    let provisioner = provisioner(&cluster).await;
    let secret = password("x");
    let made = (1..=4).map(|number| provisioner.provision(SliceId(number), &secret, 1));
    for outcome in futures::future::join_all(made).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_hostile_tenant_meets_walls_everywhere() {
    let cluster = Cluster::start().await;
    let provisioner = provisioner(&cluster).await;
    for number in [1, 2] {
        provisioner.provision(SliceId(number), &password("secret"), 1).await.unwrap();
    }
    for database in ["wa_slice_2", "wank_saas", "postgres", "template1", "wa_template"] {
        let way = cluster.endpoint(database, "wa_slice_1", "secret").pool(None, 1).await;
        assert!(way.is_err(), "{database} is closed to another tenant");
    }
    for (database, role, secret) in [
        ("wa_slice_1", "wa_slice_2", "secret"),
        ("wa_slice_1", "queunir_gw", "gateway"),
        ("wa_slice_1", "wa_owner", ""),
    ] {
        let way = cluster.endpoint(database, role, secret).pool(None, 1).await;
        assert!(way.is_err(), "{database} is closed to {role}");
    }
    let own = cluster.endpoint("wa_slice_1", "wa_slice_1", "secret").pool(None, 1).await.unwrap();
    for statement in [
        "create table loot (x int)",
        "create schema loot",
        "create temporary table loot (x int)",
        "create function loot() returns int language sql as 'select 1'",
        "update fence set generation = 99",
        "delete from fence",
        "update _sqlx_migrations set success = false",
        "set role wa_owner",
        "alter role wa_slice_1 connection limit 100",
        "set temp_file_limit = -1",
        "copy fence to program 'true'",
        "select pg_read_file('/etc/passwd')",
        "create extension dblink",
        "create role loot",
        "create database loot",
    ] {
        refused(&own, statement).await;
    }
    let owned: i64 = sqlx::query_scalar(
        "select count(*) from pg_class where relnamespace = 'public'::regnamespace
            and pg_get_userbyid(relowner) <> 'wa_owner'",
    )
    .fetch_one(&own)
    .await
    .unwrap();
    assert_eq!(owned, 0, "every object is the owner's");
    own.close().await;
}

#[tokio::test]
async fn a_tenant_has_few_connections() {
    let cluster = Cluster::start().await;
    let provisioner = provisioner(&cluster).await;
    provisioner.provision(SliceId(1), &password("secret"), 1).await.unwrap();
    let way = cluster.endpoint("wa_slice_1", "wa_slice_1", "secret");
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(way.pool(None, 1).await.unwrap());
    }
    let fifth = way.options(None);
    let error = <sqlx::PgConnection as sqlx::Connection>::connect_with(&fifth).await.expect_err("a fifth connection");
    assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some("53300"));
}
