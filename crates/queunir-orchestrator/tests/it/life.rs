//! A whole orchestrator: wishes in the control tables become processes, and what processes say becomes phases.

use std::{path::PathBuf, time::Duration};

use sqlx::Row;

use crate::{
    cluster::{Cluster, until},
    host::{Host, kill},
    orchestrator::{Orchestrator, look, phase, quick, wish},
};

#[tokio::test]
async fn a_wish_becomes_a_code_and_a_link_and_an_end() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    let began = std::time::Instant::now();
    let seen = phase(&gateway, id, "qr").await;
    println!("from wish to code: {:?}", began.elapsed());
    assert_eq!((seen.generation, seen.page.as_deref(), seen.reason), (1, Some("qr"), None));

    host.page(id, "syncing", None);
    phase(&gateway, id, "linked").await;
    host.page(id, "linked", None);
    until("the number", async || {
        let row = sqlx::query("select wa_connected, wa_phone, contacts, messages from slices where id = $1");
        let row = row.bind(id.0).fetch_one(&gateway).await.unwrap();
        let seen: (bool, Option<String>, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
        (seen == (true, Some("+5511987654321".to_owned()), 3, 40)).then_some(())
    })
    .await;
    host.page(id, "conflict", None);
    phase(&gateway, id, "degraded").await;
    host.page(id, "linked", None);
    phase(&gateway, id, "linked").await;

    wish(&gateway, id, "service").await;
    let seen = phase(&gateway, id, "stopped").await;
    assert_eq!((seen.reason.as_deref(), seen.page.as_deref()), (Some("user"), Some("no_browser")), "the API stays");
    wish(&gateway, id, "linked").await;
    let seen = phase(&gateway, id, "qr").await;
    assert_eq!(seen.generation, 1, "the same process got its browser back");

    let pid = host.pid(id);
    wish(&gateway, id, "stopped").await;
    until("no process", async || (look(&gateway, id).await.page.is_none()).then_some(())).await;
    assert!(!PathBuf::from(format!("/proc/{pid}")).exists());
    let phases: Vec<String> =
        sqlx::query_scalar("select detail->>'to' from events where kind = 'slice.phase' order by id")
            .fetch_all(&gateway)
            .await
            .unwrap();
    assert_eq!(phases, ["starting", "qr", "linked", "degraded", "linked", "stopped", "starting", "qr", "stopped"]);
    orchestrator.end().await;
}

#[tokio::test]
async fn nobody_scans_then_somebody_tries_again() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.page(id, "qr_timeout", None);
    until("the page's word", async || {
        let seen = look(&gateway, id).await;
        (seen.page.as_deref() == Some("qr_timeout")).then(|| assert_eq!(seen.phase, "qr"))
    })
    .await;
    host.page(id, "no_browser", Some("qr_timeout"));
    let seen = phase(&gateway, id, "stopped").await;
    assert_eq!((seen.reason.as_deref(), seen.desired.as_str()), (Some("qr_timeout"), "service"));
    wish(&gateway, id, "linked").await;
    let seen = phase(&gateway, id, "qr").await;
    assert_eq!((seen.reason, seen.desired.as_str(), seen.generation), (None, "linked", 1));
    orchestrator.end().await;
}

#[tokio::test]
async fn a_killed_slice_comes_back_in_a_later_generation_and_never_twice() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    for round in 1..=3 {
        kill(host.pid(id));
        let seen = until("a later generation", async || {
            Some(look(&gateway, id).await).filter(|seen| seen.generation == round + 1 && seen.phase == "qr")
        })
        .await;
        assert_eq!(i64::from(seen.failures), round);
    }
    assert!(!host.doubled(id));
    let fence: i64 = {
        let own = cluster.superuser("wa_slice_1").pool(None, 1).await.unwrap();
        sqlx::query_scalar("select generation from fence").fetch_one(&own).await.unwrap()
    };
    assert_eq!(fence, 4);
    orchestrator.end().await;
}

#[tokio::test]
async fn a_slice_that_keeps_crashing_is_given_up_until_somebody_asks_again() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.tell(id, "crash", "");
    kill(host.pid(id));
    let seen = phase(&gateway, id, "failed").await;
    assert_eq!((seen.failures, seen.generation), (5, 5), "one end and four attempts");
    let starts = look(&gateway, id).await.generation;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(look(&gateway, id).await.generation, starts, "it is left alone");
    host.untell(id, "crash");
    wish(&gateway, id, "linked").await;
    let seen = phase(&gateway, id, "qr").await;
    assert_eq!(seen.failures, 0);
    orchestrator.end().await;
}

#[tokio::test]
async fn a_mute_slice_is_replaced() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let first = host.pid(id);
    host.tell(id, "silent", "");
    until("the mute one is gone", async || (!PathBuf::from(format!("/proc/{first}")).exists()).then_some(())).await;
    host.untell(id, "silent");
    until("a new one", async || {
        Some(look(&gateway, id).await).filter(|seen| seen.generation > 1 && seen.phase == "qr")
    })
    .await;
    orchestrator.end().await;
}

#[tokio::test]
async fn slices_outlive_their_orchestrator_and_the_next_one_adopts_them() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let first = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let pid = host.pid(id);
    first.end().await;
    host.page(id, "linked", None);
    let second = Orchestrator::start(&cluster, &host, quick(), false);
    let seen = phase(&gateway, id, "linked").await;
    assert_eq!((seen.generation, host.pid(id)), (1, pid), "not restarted");
    second.end().await;

    // The whole host goes down: nobody is blamed, and the start is at once.
    kill(pid);
    let third = Orchestrator::start(&cluster, &host, quick(), true);
    let seen =
        until("the second start", async || Some(look(&gateway, id).await).filter(|seen| seen.phase == "qr")).await;
    assert_eq!((seen.generation, seen.failures), (2, 0));
    let pid = host.pid(id);
    third.end().await;
    assert!(!PathBuf::from(format!("/proc/{pid}")).exists(), "told to, it takes its slices with it");
    let seen = look(&gateway, id).await;
    assert_eq!((seen.phase.as_str(), seen.desired.as_str()), ("stopped", "linked"));
}

#[tokio::test]
async fn an_idle_slice_without_a_browser_stops_and_wakes() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "service").await;
    let seen = phase(&gateway, id, "service").await;
    assert_eq!(seen.page.as_deref(), Some("no_browser"));
    sqlx::query(
        "update slices set last_request_at = now() - interval '11 minutes', wanted_at = now() - interval '1 hour'",
    )
    .execute(&gateway)
    .await
    .unwrap();
    let seen = phase(&gateway, id, "stopped").await;
    assert_eq!((seen.reason.as_deref(), seen.desired.as_str(), seen.page), (Some("idle"), "stopped", None));
    wish(&gateway, id, "service").await;
    assert_eq!(phase(&gateway, id, "service").await.generation, 2);
    orchestrator.end().await;
}

#[tokio::test]
async fn a_port_taken_by_somebody_else_is_avoided() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let port = async || -> i32 {
        sqlx::query_scalar("select port from slices where id = $1").bind(id.0).fetch_one(&gateway).await.unwrap()
    };
    let first = port().await;
    wish(&gateway, id, "stopped").await;
    until("stopped", async || look(&gateway, id).await.page.is_none().then_some(())).await;
    let squatter = std::net::TcpListener::bind(("127.0.0.1", u16::try_from(first).unwrap())).unwrap();
    wish(&gateway, id, "linked").await;
    phase(&gateway, id, "qr").await;
    let second = port().await;
    assert!(second != first && second % 2 == 1, "{first} then {second}");
    drop(squatter);
    orchestrator.end().await;
}

#[tokio::test]
async fn of_two_orchestrators_one_waits_and_takes_over() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let first = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let second = Orchestrator::start(&cluster, &host, quick(), false);
    first.task.abort();
    host.page(id, "linked", None);
    assert_eq!(phase(&gateway, id, "linked").await.generation, 1);
    kill(host.pid(id));
    until("the second acts", async || {
        Some(look(&gateway, id).await).filter(|seen| seen.generation == 2 && seen.phase == "qr")
    })
    .await;
    second.end().await;
}

#[tokio::test]
async fn orc_02_without_any_notice_everything_happens_a_little_later() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let owner = cluster.superuser("wank_saas").pool(Some("gateway"), 1).await.unwrap();
    for trigger in ["slices_changed", "slices_added"] {
        let off = format!("alter table slices disable trigger {trigger}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(off)).execute(&owner).await.unwrap();
    }
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    let began = std::time::Instant::now();
    phase(&gateway, id, "qr").await;
    // By hand, as an operator might: the record goes, the process stays, and is found all the same.
    std::fs::remove_file(host.folders(id).record()).unwrap();
    wish(&gateway, id, "stopped").await;
    let seen = phase(&gateway, id, "stopped").await;
    assert_eq!((seen.page, seen.generation), (None, 1));
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    orchestrator.end().await;
}
