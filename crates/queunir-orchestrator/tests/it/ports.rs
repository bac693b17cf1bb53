//! Ports: odd, each to one slice, none to another within ten minutes after it was given back (ORC-04).

use futures::future::join_all;
use queunir_core::time::Clock as _;
use queunir_db::{
    DbError,
    control::{ControlDb, leadership::Leadership, observed},
};
use queunir_service::clock::SystemClock;

use crate::cluster::Cluster;

/// Takes a port for a slice as the orchestrator does.
async fn take(db: &ControlDb, epoch: i64, id: queunir_core::id::SliceId, from: u16) -> u16 {
    let mut tx = db.begin().await.unwrap();
    let closed = observed::list_closed_ports(&mut tx, id).await.unwrap();
    let port = (from..).step_by(2).find(|port| !closed.contains(port)).unwrap();
    let begun = observed::begin_start(&mut tx, epoch, id, port, &format!("wa_slice_{id}"), SystemClock.now()).await;
    assert!(begun.unwrap().is_some());
    tx.commit().await.unwrap();
    port
}

#[tokio::test]
async fn orc_04_sixty_four_at_once_get_a_port_each() {
    let cluster = Cluster::start().await;
    let gateway = cluster.as_gateway().await;
    let db = ControlDb::open(&cluster.orchestrator(), 16).await.unwrap();
    let leadership = Leadership::try_take(&db).await.unwrap().unwrap();
    let mut slices = Vec::new();
    for _ in 0..64 {
        slices.push(cluster.want(&gateway, "linked").await);
    }
    let mut ports = join_all(slices.iter().map(|id| take(&db, leadership.epoch(), *id, 5_001))).await;
    ports.sort_unstable();
    assert_eq!(ports, (0..64).map(|index| 5_001 + 2 * index).collect::<Vec<u16>>());
}

#[tokio::test]
async fn orc_04_a_port_that_was_given_back_rests() {
    let cluster = Cluster::start().await;
    let (gateway, db) = (cluster.as_gateway().await, cluster.control().await);
    let epoch = Leadership::try_take(&db).await.unwrap().unwrap().epoch();
    let (one, two) = (cluster.want(&gateway, "linked").await, cluster.want(&gateway, "linked").await);
    assert_eq!(take(&db, epoch, one, 5_001).await, 5_001);
    let mut tx = db.begin().await.unwrap();
    let moved = observed::begin_start(&mut tx, epoch, one, 5_101, "wa_slice_1", SystemClock.now()).await.unwrap();
    assert_eq!(moved, Some(2));
    tx.commit().await.unwrap();

    assert_eq!(take(&db, epoch, two, 5_001).await, 5_003, "it rests");
    let mut tx = db.begin().await.unwrap();
    let error = observed::begin_start(&mut tx, epoch, two, 5_001, "wa_slice_2", SystemClock.now()).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Constraint(name) if name == "slices_guard"),
        "the tables refuse it, too: {error:?}"
    );
    drop(tx);
    assert_eq!(take(&db, epoch, one, 5_001).await, 5_001, "whose it was may have it again");
    let mut tx = db.begin().await.unwrap();
    observed::begin_start(&mut tx, epoch, one, 5_101, "wa_slice_1", SystemClock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    sqlx::raw_sql("update released_ports set released_at = now() - interval '10 minutes'")
        .execute(&owner)
        .await
        .unwrap();
    assert_eq!(take(&db, epoch, two, 5_001).await, 5_001, "ten minutes are over");
    let even = sqlx::raw_sql("update slices set port = 5002 where id = 1").execute(&owner).await;
    assert!(even.is_err(), "ports are odd");
}
