//! The template that new tenants' databases are copied from: made once, kept current, never in the way (ISO-12).

use queunir_core::slice::TenancyMode::Database;
use queunir_db::provision::Provisioner;
use sqlx::PgPool;

use crate::{
    cluster::Cluster,
    world::{World, assert_sound, layout, provisioner},
};

/// Names and numbers of the databases that the template consists of.
async fn templates(cluster: &Cluster) -> Vec<(String, i64)> {
    let pool = cluster.superuser("postgres").pool(None, 1).await.unwrap();
    let found = sqlx::query_as(
        "select datname::text, oid::bigint from pg_database where datname like 'wa\\_template%' order by 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    pool.close().await;
    found
}

async fn only_template(cluster: &Cluster) -> i64 {
    let found = templates(cluster).await;
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["wa_template"]);
    found[0].1
}

/// Which migrations a new tenant has whose tables were only copied.
async fn version_of(world: &World, provisioner: &Provisioner, slice: i64) -> i64 {
    let tenant = provisioner.provision(queunir_core::id::SliceId(slice), &crate::world::secret(), 1).await.unwrap();
    let inside = world.inside(&tenant).await;
    let version = sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&inside).await.unwrap();
    inside.close().await;
    version
}

#[tokio::test]
async fn two_orchestrators_at_once_make_one_template() {
    let world = World::new(Database).await;
    let others = [provisioner(&world.cluster, Database).await, provisioner(&world.cluster, Database).await];
    let made = others.iter().chain([&world.provisioner]).map(Provisioner::prepare_template);
    for outcome in futures::future::join_all(made).await {
        outcome.unwrap();
    }
    let first = only_template(&world.cluster).await;
    world.provisioner.prepare_template().await.unwrap();
    assert_eq!(only_template(&world.cluster).await, first, "one that is current is left alone");
    assert!(world.cluster.superuser("wa_template").pool(None, 1).await.is_err(), "nobody can come in");
}

#[tokio::test]
async fn a_template_of_an_earlier_or_later_version_is_made_anew() {
    let world = World::new(Database).await;
    let mut before = 0;
    for (slice, latest) in [(1, 2), (2, 4), (3, 3)] {
        let this = world.provisioner.clone().with_layout(layout(latest));
        // Also before the template was made, new tenants are of this version.
        assert_eq!(version_of(&world, &this, slice).await, latest);
        this.prepare_template().await.unwrap();
        let now = only_template(&world.cluster).await;
        assert_ne!(now, before);
        before = now;
        assert_eq!(version_of(&world, &this, slice + 10).await, latest);
    }
}

#[tokio::test]
async fn what_a_crash_left_half_made_is_made_anew() {
    let world = World::new(Database).await;
    let pool = world.cluster.superuser("postgres").pool(None, 1).await.unwrap();
    let run = async |pool: &PgPool, text: &'static str| sqlx::raw_sql(text).execute(pool).await.unwrap();
    // Ended while it was being made; ended between dropping the earlier one and the new name.
    run(&pool, "create database wa_template_new owner wa_owner template wa_base").await;
    world.provisioner.prepare_template().await.unwrap();
    only_template(&world.cluster).await;
    run(&pool, "alter database wa_template rename to wa_template_new").await;
    assert_eq!(version_of(&world, &world.provisioner.clone().with_layout(layout(2)), 1).await, 2);
    world.provisioner.prepare_template().await.unwrap();
    only_template(&world.cluster).await;
    // A database of that name that is not finished, as one would be that was made in place.
    run(&pool, "comment on database wa_template is null").await;
    world.provisioner.prepare_template().await.unwrap();
    only_template(&world.cluster).await;
    world.make(2).await;
    assert_sound(&world.provisioner).await;
}

#[tokio::test]
async fn a_template_that_somebody_uses_holds_up_no_tenant() {
    let world = World::new(Database).await;
    let pool = world.cluster.superuser("postgres").pool(None, 1).await.unwrap();
    sqlx::raw_sql("create database wa_template owner wa_owner template wa_base").execute(&pool).await.unwrap();
    let visitor = world.cluster.superuser("wa_template").pool(None, 1).await.unwrap();
    assert!(world.provisioner.prepare_template().await.is_err(), "a superuser is not sent out");
    world.make(1).await;
    visitor.close().await;
    world.provisioner.prepare_template().await.unwrap();
    only_template(&world.cluster).await;
    world.make(2).await;
    assert_sound(&world.provisioner).await;
}
