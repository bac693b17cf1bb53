//! The monitor with a whole orchestrator and real processes: what takes too much is seen, named and healed, and its
//! neighbour is left alone.

use std::{
    fs,
    time::{Duration, Instant},
};

use queunir_core::{id::SliceId, time::Clock as _};
use queunir_orchestrator::{
    monitor::{MonitorConfig, heal::Healing, judge::Budgets},
    plan::Rules,
};
use queunir_service::clock::SystemClock;
use serde_json::Value;
use sqlx::PgPool;

use crate::{
    cluster::Cluster,
    host::Host,
    orchestrator::{Orchestrator, look, paying_one_waits, phase, quick, waits},
};

const MB: u64 = 1 << 20;

/// Minutes pass in tenths of a second; a stub with nothing to do stays far below every figure. Not to answer is taken for
/// trouble after as long as ever: the machine may be busy.
fn watchful() -> MonitorConfig {
    let ms = Duration::from_millis;
    MonitorConfig {
        every: ms(200),
        budgets: Budgets {
            slice_memory_bytes: 200 * MB,
            slice_cpu_percent: 20.0,
            profile_bytes: 40 * MB,
            over_for: ms(400),
            spins_for: ms(1_000),
            host_memory_percent: 1_000.0,
            host_disk_percent: 1_000.0,
            host_load_per_core: 1_000.0,
            ..Budgets::default()
        },
        healing: Healing {
            memory_for: ms(1_000),
            spins_for: ms(1_500),
            pause: Duration::ZERO,
            at_once: 4,
            ..Healing::default()
        },
    }
}

/// Waits longer than for what is nobody's hurry: the machine may be busy with other tests.
async fn patiently<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// The alerts and recycles of a slice in order: kind, resolved, detail.
async fn events(gateway: &PgPool, id: SliceId) -> Vec<(String, bool, Value)> {
    sqlx::query_as(
        "select kind, resolved_at is not null, detail from events
         where slice_id = $1 and (alert or kind = 'slice.recycle') order by id",
    )
    .bind(id.0)
    .fetch_all(gateway)
    .await
    .unwrap()
}

async fn samples(gateway: &PgPool, id: SliceId) -> i64 {
    sqlx::query_scalar("select count(*) from telemetry where slice_id = $1")
        .bind(id.0)
        .fetch_one(gateway)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_takes_too_much_is_named_and_healed_and_its_neighbour_is_left_alone() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules = Rules { look_settled: Duration::from_millis(500), ..quick() };
    let orchestrator = Orchestrator::watched(&cluster, &host, rules, watchful());
    let mut ids = Vec::new();
    for _ in 0..4 {
        let id = cluster.want(&gateway, "linked").await;
        phase(&gateway, id, "qr").await;
        host.page(id, "linked", None);
        ids.push(id);
    }
    let [eater, spinner, filler, neighbour] = ids[..] else { unreachable!() };
    for id in &ids {
        phase(&gateway, *id, "linked").await;
    }
    patiently("the first samples", async || (samples(&gateway, neighbour).await > 2).then_some(())).await;

    let profile = host.folders(filler).session();
    host.tell(filler, "fill", "1 Default/Cookies");
    patiently("the login", async || profile.join("Default/Cookies").exists().then_some(())).await;
    for (id, name, text) in
        [(eater, "eat", "300"), (spinner, "spin", ""), (filler, "fill", "60 Default/Cache/Cache_Data/f_1")]
    {
        host.tell(id, name, text);
    }
    for (id, alert, reason) in
        [(eater, "slice.memory", "memory"), (spinner, "slice.spins", "spin"), (filler, "slice.disk", "disk")]
    {
        let seen = patiently(alert, async || {
            let seen = events(&gateway, id).await;
            let over = seen.iter().any(|(kind, closed, _)| kind == alert && *closed);
            (over && seen.iter().any(|(kind, ..)| kind == "slice.recycle")).then_some(seen)
        })
        .await;
        println!("{id}: {seen:?}");
        let count = |wanted: &str| seen.iter().filter(|(kind, ..)| kind == wanted).count();
        assert_eq!((count(alert), count("slice.recycle")), (1, 1), "opened once, healed once: {seen:?}");
        // To eat and to fill is work, which takes a while where others work as well.
        let known = [alert, "slice.recycle", "slice.spins"];
        assert!(seen.iter().all(|(kind, ..)| known.contains(&kind.as_str())), "{seen:?}");
        let recycle = &seen.iter().find(|(kind, ..)| kind == "slice.recycle").unwrap().2;
        assert_eq!(recycle["reason"], reason);
        let healed = patiently("it runs again", async || {
            Some(look(&gateway, id).await).filter(|seen| seen.generation == 2 && seen.phase == "qr")
        })
        .await;
        assert_eq!(healed.failures, 0, "to be started anew is no failure");
    }
    assert!(!profile.join("Default/Cache").exists() && profile.join("Default/Cookies").exists());
    let freed = &events(&gateway, filler).await.into_iter().find(|(kind, ..)| kind == "slice.recycle").unwrap().2;
    assert!(freed["freed_bytes"].as_u64().is_some_and(|bytes| bytes >= 60 * MB), "{freed}");

    assert_eq!(events(&gateway, neighbour).await, []);
    assert_eq!(look(&gateway, neighbour).await.generation, 1);
    assert_eq!(look(&gateway, neighbour).await.phase, "linked");
    let row: (f32, i64, i64, Option<String>, i64) = sqlx::query_as(
        "select cpu_percent, rss_bytes, disk_bytes, wa_state, messages from telemetry
         where slice_id = $1 and cpu_percent is not null order by at desc limit 1",
    )
    .bind(neighbour.0)
    .fetch_one(&gateway)
    .await
    .unwrap();
    assert!(row.0 < 20.0 && row.1 > 0 && row.2 > 0, "{row:?}");
    assert_eq!((row.3.as_deref(), row.4), (Some("linked"), 40));
    let stored: i64 = sqlx::query_scalar("select storage_bytes from slices where id = $1")
        .bind(neighbour.0)
        .fetch_one(&gateway)
        .await
        .unwrap();
    assert!(stored > 0, "the row tells what it takes");
    orchestrator.end().await;
}

#[tokio::test]
async fn an_old_browser_is_started_anew_when_nobody_works_and_not_before() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::watched(&cluster, &host, quick(), watchful());
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.page(id, "linked", None);
    phase(&gateway, id, "linked").await;
    host.tell(id, "busy", "");
    host.tell(id, "browser_since", &(SystemClock.now() - jiff::SignedDuration::from_hours(40)).to_string());
    let before = samples(&gateway, id).await;
    patiently("many looks", async || (samples(&gateway, id).await > before + 8).then_some(())).await;
    assert_eq!(events(&gateway, id).await, [], "somebody works");
    assert_eq!(look(&gateway, id).await.generation, 1);
    host.untell(id, "busy");
    patiently("a new browser", async || {
        Some(look(&gateway, id).await).filter(|seen| seen.generation == 2 && seen.phase == "qr")
    })
    .await;
    let seen = events(&gateway, id).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!((&seen[0].2["reason"], &seen[0].2["patient"]), (&Value::from("age"), &Value::from(true)));
    let starts: i64 =
        sqlx::query_scalar("select sum(value)::bigint from counters where name = 'starts' and label <> 'sum'")
            .fetch_one(&gateway)
            .await
            .unwrap();
    assert_eq!(starts, 2);
    orchestrator.end().await;
}

#[tokio::test]
async fn a_slice_that_is_started_anew_keeps_its_place_although_others_wait() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::watched(&cluster, &host, Rules { linked_cap: 1, ..quick() }, watchful());
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.page(id, "linked", None);
    phase(&gateway, id, "linked").await;
    let other = paying_one_waits(&cluster, &gateway).await;
    host.tell(id, "browser_since", &(SystemClock.now() - jiff::SignedDuration::from_hours(40)).to_string());
    patiently("a new browser", async || {
        Some(look(&gateway, id).await).filter(|seen| seen.generation == 2 && seen.phase == "qr")
    })
    .await;
    assert!(waits(&gateway, other).await, "it still waits");
    orchestrator.end().await;
}

#[tokio::test]
async fn a_slice_that_gives_no_answer_is_an_alert_until_it_does() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    // Nobody ends it for that within this test.
    let rules = Rules { unanswered_limit: Duration::from_secs(600), ..quick() };
    let mut impatient = watchful();
    impatient.budgets.silent_for = Duration::from_millis(600);
    let orchestrator = Orchestrator::watched(&cluster, &host, rules, impatient);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    let alert = async |closed: bool| {
        patiently("an alert", async || {
            let seen = events(&gateway, id).await;
            seen.iter().any(|(kind, over, _)| kind == "slice.no_answer" && *over == closed).then_some(())
        })
        .await;
    };
    host.tell(id, "silent", "");
    alert(false).await;
    host.untell(id, "silent");
    alert(true).await;
    assert_eq!(events(&gateway, id).await.len(), 1);
    assert!(fs::exists(host.folders(id).record()).unwrap());
    orchestrator.end().await;
}

#[tokio::test]
async fn the_row_says_that_a_slice_has_used_up_its_room() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::watched(&cluster, &host, quick(), watchful());
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    // Else it would be started anew.
    host.tell(id, "busy", "");
    host.tell(id, "over_quota", "");
    let row = async |wanted: bool| {
        patiently("the row", async || {
            let over: bool = sqlx::query_scalar("select over_quota from slices where id = $1")
                .bind(id.0)
                .fetch_one(&gateway)
                .await
                .unwrap();
            (over == wanted).then_some(())
        })
        .await;
    };
    row(true).await;
    host.untell(id, "over_quota");
    row(false).await;
    orchestrator.end().await;
}
