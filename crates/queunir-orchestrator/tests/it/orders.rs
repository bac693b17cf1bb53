//! What an operator orders is carried out, once, with its reason.

use queunir_core::{
    id::SliceId,
    operator::{Order, Progress, SliceCard, SliceStatus},
    slice::{Desired, StopReason},
};
use queunir_db::control::{
    ControlDb, leadership,
    operator::{self, Author, Ordered},
};

use queunir_orchestrator::plan::Rules;

use crate::{
    cluster::{Cluster, until},
    host::Host,
    orchestrator::{Orchestrator, paying_one_waits, phase, quick, waits},
};

/// Orders something, and waits until it is reached.
async fn give(db: &ControlDb, id: SliceId, order: Order) -> SliceCard {
    let mut tx = db.begin().await.unwrap();
    assert!(leadership::is_led(&mut tx).await.unwrap());
    let author = Author { by: "ana", ip: None, request_id: None };
    let Ordered::Written(before) = operator::order(&mut tx, id, order, &author).await.unwrap() else {
        panic!("{order:?} was not taken");
    };
    tx.commit().await.unwrap();
    until("the order is reached", async || {
        let mut tx = db.begin().await.unwrap();
        let card = operator::find(&mut tx, id).await.unwrap().unwrap();
        (card.progress(order, before.generation) == Progress::Reached).then_some(card)
    })
    .await
}

#[tokio::test]
async fn a_slice_that_is_restarted_on_order_keeps_its_place_although_others_wait() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let db = ControlDb::from_pool(gateway.clone());
    let orchestrator = Orchestrator::start(&cluster, &host, Rules { linked_cap: 1, ..quick() }, false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let other = paying_one_waits(&cluster, &gateway).await;
    give(&db, id, Order::Restart).await;
    assert_eq!(phase(&gateway, id, "qr").await.generation, 2);
    assert!(waits(&gateway, other).await, "it still waits");
    orchestrator.end().await;
}

#[tokio::test]
async fn an_operators_orders_are_carried_out_with_their_reason_and_on_record() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let db = ControlDb::from_pool(gateway.clone());
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.page(id, "linked", None);
    phase(&gateway, id, "linked").await;
    let first = host.pid(id);
    let give = async |order: Order| give(&db, id, order).await;

    let card = give(Order::Restart).await;
    assert_eq!((card.generation, card.desired, card.failures), (2, Desired::Linked, 0), "nobody is blamed");
    assert!(host.pid(id) != first && !host.doubled(id));
    host.page(id, "linked", None);
    assert_eq!(phase(&gateway, id, "linked").await.generation, 2, "once");

    let card = give(Order::Stop).await;
    assert_eq!((card.stop_reason, card.status), (Some(StopReason::Admin), SliceStatus::Suspended));
    let card = give(Order::Start).await;
    assert_eq!((card.desired, card.generation, card.status), (Desired::Service, 3, SliceStatus::Assigned));
    assert_eq!(give(Order::Destroy).await.desired, Desired::Deleted);
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from events where kind ~ 'wanted|restart' and slice_id = $1 order by id")
            .bind(id.0)
            .fetch_all(&gateway)
            .await
            .unwrap();
    assert_eq!(
        kinds,
        ["slice.restart_wanted", "slice.restart", "slice.stop_wanted", "slice.start_wanted", "slice.destroy_wanted"]
    );
    orchestrator.end().await;
}
