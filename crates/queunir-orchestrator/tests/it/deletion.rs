//! Deletion: everything of a tenant goes, nothing turns it back, and what is left says nothing.

use std::time::Duration;

use queunir_orchestrator::plan::Rules;
use sqlx::Row;

use crate::{
    cluster::{Cluster, until},
    host::Host,
    orchestrator::{Orchestrator, phase, quick, wish},
};

#[tokio::test]
async fn what_is_wanted_deleted_goes_with_everything() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules = Rules { deletion_delay: Duration::from_secs(2), ..quick() };
    let orchestrator = Orchestrator::start(&cluster, &host, rules, false);
    let (id, other) = (cluster.want(&gateway, "linked").await, cluster.want(&gateway, "linked").await);
    phase(&gateway, id, "qr").await;
    phase(&gateway, other, "qr").await;
    let (pid, folder) = (host.pid(id), host.folders(id).session());
    let port: i32 =
        sqlx::query_scalar("select port from slices where id = $1").bind(id.0).fetch_one(&gateway).await.unwrap();

    wish(&gateway, id, "deleted").await;
    phase(&gateway, id, "deleting").await;
    until("nothing runs", async || (!std::path::Path::new(&format!("/proc/{pid}")).exists()).then_some(())).await;
    assert!(folder.exists(), "the delay keeps the data");
    for undo in ["linked", "service", "stopped"] {
        let undone = sqlx::query("update slices set desired = $2 where id = $1").bind(id.0).bind(undo);
        assert!(undone.execute(&gateway).await.is_err(), "nothing turns it back");
    }
    phase(&gateway, id, "deleted").await;
    assert!(!host.dir.path().join("slices/1").exists(), "its folders are gone");
    assert!(host.folders(other).session().exists());
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    for (what, sql) in [
        ("database", "select count(*) from pg_database where datname = 'wa_slice_1'"),
        ("role", "select count(*) from pg_roles where rolname = 'wa_slice_1'"),
    ] {
        let left: i64 = sqlx::query_scalar(sql).fetch_one(&owner).await.unwrap();
        assert_eq!(left, 0, "its {what} is gone");
    }
    let row =
        sqlx::query("select user_id is null, port is null, wa_phone is null, generation from slices where id = $1");
    let row = row.bind(id.0).fetch_one(&owner).await.unwrap();
    assert_eq!((row.get(0), row.get(1), row.get(2), row.get::<i64, _>(3)), (true, true, true, 1));
    let rests: i64 = sqlx::query_scalar("select count(*) from released_ports where port = $1")
        .bind(port)
        .fetch_one(&owner)
        .await
        .unwrap();
    assert_eq!(rests, 1, "its port rests");
    let revived = sqlx::raw_sql("update slices set phase = 'requested' where id = 1").execute(&owner).await;
    assert!(revived.is_err(), "what is deleted stays so");
    orchestrator.end().await;
}

#[tokio::test]
async fn the_tables_refuse_what_must_not_follow() {
    let cluster = Cluster::start().await;
    let gateway = cluster.as_gateway().await;
    cluster.want(&gateway, "linked").await;
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    let run = async |sql: &'static str| sqlx::raw_sql(sql).execute(&owner).await;
    for refused in [
        "update slices set phase = 'linked'",
        "update slices set phase = 'deleting'",
        "update slices set phase = 'deleted'",
        "update slices set user_id = null",
    ] {
        assert!(run(refused).await.is_err(), "{refused}");
    }
    run("update slices set phase = 'provisioning', generation = 3, epoch = 5").await.unwrap();
    for refused in [
        "update slices set generation = 2",
        "update slices set epoch = 4",
        "update slices set phase = 'requested'",
        "update slices set phase = 'deleting'",
    ] {
        assert!(run(refused).await.is_err(), "{refused}");
    }
    run("update slices set phase = 'linked'").await.unwrap();
    run("update slices set desired = 'deleted', phase = 'deleting'").await.unwrap();
    for refused in ["update slices set phase = 'linked'", "update slices set desired = 'linked'"] {
        assert!(run(refused).await.is_err(), "{refused}");
    }
}
