//! A whole orchestrator over a test's cluster and host, and how tests look at what it does.

use std::time::Duration;

use queunir_core::{
    collection::CollectionLimits,
    id::SliceId,
    media::MediaLimits,
    slice::{Engine, Pacing},
};
use queunir_orchestrator::{OrchestratorConfig, monitor::MonitorConfig, plan::Rules, run, snapshots::Recipient};
use sqlx::{PgPool, Row};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    cluster::{Cluster, until},
    host::{Host, free_port, stub},
};

/// Short pauses, so that minutes pass in a second.
pub fn quick() -> Rules {
    let ms = Duration::from_millis;
    Rules {
        start_spacing: ms(10),
        first_pause: ms(50),
        base_pause: ms(100),
        longest_pause: ms(400),
        look_starting: ms(20),
        look_linking: ms(50),
        look_settled: ms(100),
        browser_limit: ms(500),
        unanswered_limit: ms(800),
        ..Rules::default()
    }
}

pub struct Orchestrator {
    pub stop: CancellationToken,
    pub task: JoinHandle<anyhow::Result<()>>,
}

impl Orchestrator {
    pub fn start(cluster: &Cluster, host: &Host, rules: Rules, stop_slices: bool) -> Self {
        Self::at(cluster, host, rules, stop_slices, free_port())
    }

    pub fn at(cluster: &Cluster, host: &Host, rules: Rules, stop_slices: bool, base_port: u16) -> Self {
        let config = Self::config(cluster, host, rules);
        Self::of(OrchestratorConfig { stop_slices, base_port, ..config })
    }

    /// One whose monitor looks as it is told.
    pub fn watched(cluster: &Cluster, host: &Host, rules: Rules, monitor: MonitorConfig) -> Self {
        Self::of(OrchestratorConfig { monitor, ..Self::config(cluster, host, rules) })
    }

    /// One whose slices have so much room on the disk.
    pub fn with_quota(cluster: &Cluster, host: &Host, rules: Rules, disk_quota_bytes: u64) -> Self {
        Self::of(OrchestratorConfig { disk_quota_bytes, ..Self::config(cluster, host, rules) })
    }

    /// One that keeps profiles.
    pub fn keeping(cluster: &Cluster, host: &Host, rules: Rules, recipient: Recipient) -> Self {
        Self::of(OrchestratorConfig { snapshots: Some(recipient), ..Self::config(cluster, host, rules) })
    }

    fn config(cluster: &Cluster, host: &Host, rules: Rules) -> OrchestratorConfig {
        OrchestratorConfig {
            database: cluster.orchestrator(),
            tenancy: cluster.mode,
            state_dir: host.dir.path().to_owned(),
            tls_dir: host.dir.path().join("tls"),
            gateway_user: None,
            executable: stub(),
            whatsapp_url: "http://localhost/".to_owned(),
            reader_profiles: "/nowhere".into(),
            engine: Engine::Chromium,
            pacing: Pacing::default(),
            media: MediaLimits::default(),
            collection: CollectionLimits::default(),
            disk_quota_bytes: 0,
            snapshots: None,
            monitor: MonitorConfig::default(),
            base_port: free_port(),
            docker: None,
            stop_slices: false,
            rules,
        }
    }

    fn of(config: OrchestratorConfig) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(config, stop.clone()));
        Self { stop, task }
    }

    pub async fn end(self) {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
    }
}

/// The row's words: phase, stop_reason, desired, page_state and generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub phase: String,
    pub reason: Option<String>,
    pub desired: String,
    pub page: Option<String>,
    pub generation: i64,
    pub failures: i32,
    pub detail: Option<String>,
}

pub async fn look(gateway: &PgPool, id: SliceId) -> Seen {
    let row = sqlx::query(
        "select phase, stop_reason, desired, page_state, generation, failures, detail from slices where id = $1",
    )
    .bind(id.0)
    .fetch_one(gateway)
    .await
    .unwrap();
    Seen {
        phase: row.get(0),
        reason: row.get(1),
        desired: row.get(2),
        page: row.get(3),
        generation: row.get(4),
        failures: row.get(5),
        detail: row.get(6),
    }
}

pub async fn phase(gateway: &PgPool, id: SliceId, wanted: &str) -> Seen {
    let mut last = None;
    until(wanted, async || {
        let seen = look(gateway, id).await;
        if last.as_ref() != Some(&seen) {
            println!("{seen:?}");
            last = Some(seen.clone());
        }
        Some(seen).filter(|seen| seen.phase == wanted)
    })
    .await
}

pub async fn wish(gateway: &PgPool, id: SliceId, desired: &str) {
    sqlx::query("update slices set desired = $2, wanted_at = clock_timestamp(), last_request_at = now() where id = $1")
        .bind(id.0)
        .bind(desired)
        .execute(gateway)
        .await
        .unwrap();
}

/// A tenant who pays, and so goes first wherever a place is free, wants a browser and waits for a place.
pub async fn paying_one_waits(cluster: &Cluster, gateway: &PgPool) -> SliceId {
    let id = cluster.want(gateway, "linked").await;
    sqlx::query(
        "update users set subscription_status = 'active' where id = (select user_id from slices where id = $1)",
    )
    .bind(id.0)
    .execute(gateway)
    .await
    .unwrap();
    until("one waits", async || waits(gateway, id).await.then_some(())).await;
    id
}

/// Whether a tenant who pays waits for a place and has never had one.
pub async fn waits(gateway: &PgPool, id: SliceId) -> bool {
    sqlx::query_scalar("select paying and queued_at is not null and generation = 0 from slices where id = $1")
        .bind(id.0)
        .fetch_one(gateway)
        .await
        .unwrap()
}
