//! What takes too long or ends again and again: reported once, with its evidence, and brought to an end.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use queunir_orchestrator::plan::Rules;
use serde_json::Value;

use crate::{
    admission::alerts,
    cluster::{Cluster, until},
    host::{Host, kill},
    orchestrator::{Orchestrator, look, phase, quick, wish},
};

#[tokio::test]
async fn orc_05_a_crash_loop_is_told_once_with_its_evidence() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let orchestrator = Orchestrator::start(&cluster, &host, quick(), false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.tell(id, "crash", "");
    kill(host.pid(id));
    let seen = phase(&gateway, id, "failed").await;
    assert!(seen.generation <= 6, "{} starts", seen.generation);
    until("the operator knows", async || (alerts(&gateway, "slice.crash_loop").await == (1, 0)).then_some(())).await;
    let detail: Value = sqlx::query_scalar("select detail from events where kind = 'slice.crash_loop'")
        .fetch_one(&gateway)
        .await
        .unwrap();
    let file = host.dir.path().join(detail["evidence"].as_str().unwrap());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let bundle: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((bundle["slice"].as_i64(), bundle["failures"].as_i64()), (Some(id.0), Some(5)));
    let log = bundle["log"].as_array().unwrap();
    assert!(!log.is_empty() && log.len() <= 200, "{log:?}");
    assert!(!bundle.to_string().contains("generation 5 starts"), "what is no record of ours is not kept: {bundle}");

    host.untell(id, "crash");
    wish(&gateway, id, "linked").await;
    phase(&gateway, id, "qr").await;
    assert_eq!(alerts(&gateway, "slice.crash_loop").await, (0, 1), "somebody asked again");
    orchestrator.end().await;
}

#[tokio::test]
async fn orc_06_a_browser_that_gets_nowhere_is_reported_and_given_up_while_the_data_stay() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules = Rules {
        starting_limit: Duration::from_millis(1_500),
        stuck_pause: Duration::from_secs(600),
        browser_limit: Duration::from_secs(5),
        ..quick()
    };
    let orchestrator = Orchestrator::start(&cluster, &host, rules, false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.page(id, "starting", None);
    phase(&gateway, id, "starting").await;
    until("an alert", async || (alerts(&gateway, "slice.stuck").await == (1, 0)).then_some(())).await;
    let seen = phase(&gateway, id, "failed").await;
    assert_eq!((seen.page.as_deref(), seen.desired.as_str(), seen.generation), (Some("no_browser"), "linked", 1));
    assert_eq!(alerts(&gateway, "slice.stuck").await, (0, 1), "it is over");
    wish(&gateway, id, "linked").await;
    assert_eq!(phase(&gateway, id, "qr").await.generation, 1, "the same process got another browser");
    orchestrator.end().await;
}

#[tokio::test]
async fn a_browser_that_waits_for_room_on_the_disk_is_not_given_up() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules =
        Rules { starting_limit: Duration::from_millis(700), browser_limit: Duration::from_millis(100), ..quick() };
    let orchestrator = Orchestrator::start(&cluster, &host, rules, false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.tell(id, "over_quota", "");
    host.page(id, "starting", None);
    phase(&gateway, id, "starting").await;
    until("more than three times its bound", async || {
        let late: bool =
            sqlx::query_scalar("select now() - phase_since > interval '4 seconds' from slices where id = $1")
                .bind(id.0)
                .fetch_one(&gateway)
                .await
                .unwrap();
        late.then_some(())
    })
    .await;
    assert_eq!(look(&gateway, id).await.phase, "starting");
    host.untell(id, "over_quota");
    phase(&gateway, id, "failed").await;
    orchestrator.end().await;
}

#[tokio::test]
async fn orc_06_a_start_that_never_answers_counts_as_a_failure() {
    let (cluster, host) = (Cluster::start().await, Host::new());
    let gateway = cluster.as_gateway().await;
    let rules = Rules { step_limit: Duration::from_millis(600), ..quick() };
    let orchestrator = Orchestrator::start(&cluster, &host, rules, false);
    let id = cluster.want(&gateway, "linked").await;
    phase(&gateway, id, "qr").await;
    host.tell(id, "silent", "");
    kill(host.pid(id));
    until("it is counted", async || Some(look(&gateway, id).await).filter(|seen| seen.failures >= 2)).await;
    until("an alert", async || {
        let (open, over) = alerts(&gateway, "slice.stuck").await;
        (open + over > 0).then_some(())
    })
    .await;
    host.untell(id, "silent");
    until("it runs", async || Some(look(&gateway, id).await).filter(|seen| seen.phase == "qr")).await;
    assert!(!host.doubled(id));
    orchestrator.end().await;
}
