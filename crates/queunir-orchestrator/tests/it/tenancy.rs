//! A whole orchestrator over tenants in schemas, and over tenants that it must not touch.

use queunir_core::slice::{
    SliceSpec,
    TenancyMode::{Database, Schema},
};

use crate::{
    cluster::Cluster,
    host::Host,
    orchestrator::{Orchestrator, phase, quick, wish},
};

#[tokio::test]
async fn slices_with_a_schema_each_start_like_any_other() {
    let (cluster, host) = (Cluster::start_for(Schema).await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    for _ in 0..2 {
        let id = cluster.want(&gateway, "linked").await;
        phase(&gateway, id, "qr").await;
        let spec: SliceSpec = serde_json::from_str(&std::fs::read_to_string(host.folders(id).spec()).unwrap()).unwrap();
        assert_eq!((spec.database.as_str(), spec.role), ("wa_shared_1", format!("slice_{id}")));
    }
    orchestrator.end().await;
}

#[tokio::test]
async fn an_orchestrator_of_the_other_mode_refuses_to_start() {
    let (mut cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), true);
    let id = cluster.want(&gateway, "service").await;
    phase(&gateway, id, "service").await;
    orchestrator.end().await;
    assert_eq!(cluster.mode, Database);
    cluster.mode = Schema;
    let error = Orchestrator::start(&cluster, &host, quick(), true).task.await.unwrap().unwrap_err();
    assert!(format!("{error:#}").contains("set it back to \"database\""), "{error:#}");
}

#[tokio::test]
async fn a_slice_whose_tables_cannot_be_brought_to_this_version_does_not_start_and_says_why() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "service").await;
    phase(&gateway, id, "service").await;
    wish(&gateway, id, "stopped").await;
    phase(&gateway, id, "stopped").await;
    let inside = cluster.superuser("wa_slice_1").pool(None, 1).await.unwrap();
    sqlx::raw_sql("insert into _sqlx_migrations select 9999, 'later', now(), true, '', 0")
        .execute(&inside)
        .await
        .unwrap();
    wish(&gateway, id, "service").await;
    let seen = phase(&gateway, id, "failed").await;
    assert!(seen.detail.as_deref().is_some_and(|why| why.contains("migration 9999")), "{seen:?}");
    sqlx::raw_sql("delete from _sqlx_migrations where version = 9999").execute(&inside).await.unwrap();
    wish(&gateway, id, "service").await;
    phase(&gateway, id, "service").await;
    orchestrator.end().await;
}
