//! A host that is full: who waits is told where, the operator is told that, and whoever leaves makes room.

use queunir_core::id::SliceId;
use queunir_orchestrator::plan::Rules;
use sqlx::{PgPool, Row};

use crate::{
    cluster::{Cluster, until},
    host::{Host, kill},
    orchestrator::{Orchestrator, look, phase, quick, wish},
};

async fn position(gateway: &PgPool, id: SliceId) -> (Option<i32>, Option<i32>) {
    let row = sqlx::query("select queue_position, queue_seconds from slices where id = $1").bind(id.0);
    let row = row.fetch_one(gateway).await.unwrap();
    (row.get(0), row.get(1))
}

/// Open and resolved alerts of a kind.
pub async fn alerts(gateway: &PgPool, kind: &str) -> (i64, i64) {
    let row = sqlx::query(
        "select count(*) filter (where resolved_at is null), count(*) filter (where resolved_at is not null)
         from events where alert and kind = $1",
    );
    let row = row.bind(kind).fetch_one(gateway).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test]
async fn orc_07_who_finds_no_place_waits_and_is_told() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules = Rules { linked_cap: 1, ..quick() };
    let orchestrator = Orchestrator::start(&cluster, &host, rules, false);
    let first = cluster.want(&gateway, "linked").await;
    phase(&gateway, first, "qr").await;
    until("the operator knows", async || (alerts(&gateway, "host.full").await == (1, 0)).then_some(())).await;

    let second = cluster.want(&gateway, "linked").await;
    until("one waits", async || (position(&gateway, second).await.0 == Some(1)).then_some(())).await;
    let third = cluster.want(&gateway, "linked").await;
    until("both wait", async || {
        let told = (position(&gateway, second).await, position(&gateway, third).await);
        (told == ((Some(1), Some(600)), (Some(2), Some(1_200)))).then_some(())
    })
    .await;
    sqlx::query(
        "update users set subscription_status = 'active' where id = (select user_id from slices where id = $1)",
    )
    .bind(third.0)
    .execute(&gateway)
    .await
    .unwrap();
    until("who pays goes first", async || (position(&gateway, third).await.0 == Some(1)).then_some(())).await;
    assert_eq!(look(&gateway, third).await.phase, "requested");

    wish(&gateway, first, "service").await;
    phase(&gateway, third, "qr").await;
    assert_eq!(look(&gateway, second).await.phase, "requested");
    until("it moves up", async || (position(&gateway, second).await.0 == Some(1)).then_some(())).await;
    assert_eq!(position(&gateway, third).await, (None, None));

    // Who has data and loses the place is served without a browser, and gets it back when there is room.
    wish(&gateway, first, "linked").await;
    until("it waits", async || (position(&gateway, first).await.0 == Some(2)).then_some(())).await;
    kill(host.pid(first));
    let seen = until("its data can be read", async || {
        Some(look(&gateway, first).await).filter(|seen| seen.generation == 2 && seen.phase == "service")
    })
    .await;
    assert_eq!(seen.desired, "linked");
    wish(&gateway, second, "stopped").await;
    wish(&gateway, third, "stopped").await;
    assert_eq!(phase(&gateway, first, "qr").await.generation, 2);
    wish(&gateway, first, "stopped").await;
    until("there is room", async || (alerts(&gateway, "host.full").await.0 == 0).then_some(())).await;
    orchestrator.end().await;
}

#[tokio::test]
async fn orc_07_many_at_once_start_one_after_the_other() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let spacing = std::time::Duration::from_millis(200);
    let mut wanted = Vec::new();
    for _ in 0..5 {
        wanted.push(cluster.want(&gateway, "linked").await);
    }
    let orchestrator =
        Orchestrator::start(&cluster, &host, Rules { start_spacing: spacing, starts_at_once: 2, ..quick() }, false);
    for id in &wanted {
        phase(&gateway, *id, "qr").await;
    }
    let least: f64 = sqlx::query_scalar(
        "select extract(epoch from min(gap))::float8 from
            (select at - lag(at) over (order by id) as gap from events where kind = 'slice.start') g",
    )
    .fetch_one(&gateway)
    .await
    .unwrap();
    assert!(least > 0.15, "{least} s between two starts");
    orchestrator.end().await;
}
