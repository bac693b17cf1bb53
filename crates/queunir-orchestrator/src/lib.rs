//! Keeps running slices equal to the wanted ones: the only role that starts and stops them.

pub mod admission;
mod bulletin;
mod caches;
pub mod capacity;
pub mod client;
mod erase;
mod evidence;
mod files;
pub mod folders;
pub mod hands;
mod keep;
#[cfg(test)]
mod model;
pub mod monitor;
mod observe;
pub mod pki;
pub mod plan;
mod ports;
mod reconcile;
mod recycle;
pub mod room;
pub mod rows;
mod rules;
pub mod runtime;
mod sandbox;
pub mod snapshots;
mod start;
mod tidy;
mod trouble;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
pub use files::Owner;
use futures::future::join_all;
use jiff::SignedDuration;
pub use ports::LAST_PORT;
use queunir_core::{
    collection::CollectionLimits,
    media::MediaLimits,
    slice::{Engine, Pacing, Phase, StopReason, TenancyMode},
    time::Steps,
};
use queunir_db::{
    Endpoint,
    control::{
        ControlDb,
        leadership::Leadership,
        listen::{Channel, Notices},
        observed::{self, Observed},
    },
    provision::{self, ProvisionError, Provisioner},
};
use queunir_service::{clock::SystemClock, storage};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    client::SliceClient,
    hands::{Hands, Template},
    monitor::{Monitor, MonitorConfig},
    pki::Pki,
    plan::Rules,
    reconcile::Reconciler,
    room::Room,
    runtime::{
        RuntimeError, SliceRuntime,
        docker::{DockerConfig, DockerRuntime},
        process::ProcessRuntime,
    },
    snapshots::{Recipient, Snapshots},
};

/// Pause between two attempts to lead; the length of a failover at worst.
const CANDIDATE_PAUSE: Duration = Duration::from_secs(2);
/// How often standing certificates are looked at.
const RENEWAL: Duration = Duration::from_secs(6 * 3600);
/// How long slices may take to end with the orchestrator.
const FINAL_GRACE: Duration = Duration::from_secs(45);

/// What an orchestrator needs to know; the executable reads it from the settings.
#[derive(Clone, Debug)]
pub struct OrchestratorConfig {
    /// The control database, as role `queunir_orch`; tenants' databases are in the same cluster.
    pub database: Endpoint,
    /// How new tenants are kept apart there; the tenants that exist must be of the same mode.
    pub tenancy: TenancyMode,
    /// Where slices keep their things; every folder above must be enterable (0711) when we are root.
    pub state_dir: PathBuf,
    /// Where the CA and the leafs of gateway and orchestrator are.
    pub tls_dir: PathBuf,
    /// The gateway's user, who must be able to read its key; ours if absent.
    pub gateway_user: Option<Owner>,
    /// The executable that has the role `slice`.
    pub executable: PathBuf,
    /// The engine whose containers slices are; they are processes of this host if absent.
    pub docker: Option<DockerConfig>,
    /// WhatsApp Web's address; the simulator's in the demo.
    pub whatsapp_url: String,
    /// Folder of reader profiles, readable for all slices; it need not be there.
    pub reader_profiles: PathBuf,
    /// Which browser slices use.
    pub engine: Engine,
    /// Sending pace.
    pub pacing: Pacing,
    /// How much room the files of a tenant may take.
    pub media: MediaLimits,
    /// Pace and bounds of collecting the past.
    pub collection: CollectionLimits,
    /// Room for everything of one tenant; 0 is no bound.
    pub disk_quota_bytes: u64,
    /// For whom profiles are kept, encrypted, after clean ends; none are if absent.
    pub snapshots: Option<Recipient>,
    /// When to look at what is used, and what is too much.
    pub monitor: MonitorConfig,
    /// Port of slice 1; odd.
    pub base_port: u16,
    /// Whether slices end with the orchestrator (`queunir up`) or stay for the next one to adopt (a service).
    pub stop_slices: bool,
    /// How patient to be.
    pub rules: Rules,
}

/// Runs until `stop`: leads when nobody else does, waits otherwise.
///
/// # Errors
/// When the host cannot run slices at all; outages of the database are waited out.
pub async fn run(config: OrchestratorConfig, stop: CancellationToken) -> anyhow::Result<()> {
    let pki = Arc::new(pki::ensure_for(&config.tls_dir, config.gateway_user).context("cannot make certificates")?);
    let client = SliceClient::new(&pki.orchestrator())?;
    let wake = Arc::new(Notify::new());
    let runtime = runtime(&config, &client, &wake)?;
    let room = Arc::new(Room::of(&config.state_dir, config.disk_quota_bytes).await);
    let mut role = Role { config, pki, client, runtime, room: Arc::clone(&room), wake, last_term: None };
    let (pki, client, gateway_user) = (Arc::clone(&role.pki), role.client.clone(), role.config.gateway_user);
    let state_dir = role.config.state_dir.clone();
    tokio::select! {
        led = role.lead_when_possible(&stop) => led?,
        failed = renew_certificates(&pki, &client, gateway_user) => return failed,
        () = tidy::logs(&state_dir) => {}
        () = room.tidy() => {}
        () = storage::watch(&state_dir) => {}
    }
    // Also when the database went first: slices end by signals, not by rows.
    if let Some(hands) = role.last_term.filter(|_| role.config.stop_slices) {
        stop_all(&hands).await;
    }
    Ok(())
}

/// What runs slices here.
fn runtime(
    config: &OrchestratorConfig,
    client: &SliceClient,
    wake: &Arc<Notify>,
) -> Result<Arc<dyn SliceRuntime>, RuntimeError> {
    let (client, wake) = (client.clone(), Arc::clone(wake));
    Ok(match &config.docker {
        Some(docker) => Arc::new(DockerRuntime::new(docker.clone(), &config.state_dir, client, wake)?),
        None => Arc::new(ProcessRuntime::new(&config.state_dir, &config.executable, client, wake)?),
    })
}

struct Role {
    config: OrchestratorConfig,
    pki: Arc<Pki>,
    client: SliceClient,
    runtime: Arc<dyn SliceRuntime>,
    room: Arc<Room>,
    wake: Arc<Notify>,
    last_term: Option<Arc<Hands>>,
}

impl Role {
    async fn lead_when_possible(&mut self, stop: &CancellationToken) -> anyhow::Result<()> {
        while !stop.is_cancelled() {
            match self.term(stop).await {
                Ok(true) => return Ok(()),
                Ok(false) => tracing::debug!("another orchestrator leads"),
                Err(error) if is_misconfigured(&error) => return Err(error),
                Err(error) => tracing::warn!(error = format!("{error:#}"), "the term ended"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(CANDIDATE_PAUSE) => {}
            }
        }
        Ok(())
    }

    /// One term of leadership until `stop`; false if somebody else leads.
    async fn term(&mut self, stop: &CancellationToken) -> anyhow::Result<bool> {
        let db = ControlDb::open(&self.config.database, 6).await?;
        let Some(leadership) = Leadership::try_take(&db).await? else { return Ok(false) };
        let epoch = leadership.epoch();
        tracing::info!(epoch, "leading");
        provision::refuse_other_mode(&db, self.config.tenancy).await?;
        let provisioner = Provisioner::new(&self.config.database, &db, self.config.tenancy);
        // Without it a new tenant's tables are made step by step, which is slower and no harm.
        if let Err(error) = provisioner.prepare_template().await {
            tracing::warn!(error = format!("{:#}", anyhow::Error::from(error)), "there is no template of this version");
        }
        // Listening begins before the first look, so that nothing falls between the two.
        let mut notices = Notices::listen(&db, &[Channel::Wanted]).await?;
        let hands = Arc::new(self.hands(db, provisioner, epoch));
        // The clock may have been set while nobody led.
        hands.move_rows(SignedDuration::ZERO).await?;
        self.last_term = Some(Arc::clone(&hands));
        let reconciler = Reconciler::new(Arc::clone(&hands), leadership, Arc::clone(&self.wake));
        let monitor =
            Monitor::new(Arc::clone(&hands), Arc::clone(&self.wake), &self.config.database, self.config.monitor);
        let ended = tokio::select! {
            ended = reconciler.run(&mut notices, stop) => ended,
            () = tidy::events(&hands.db) => Ok(()),
            () = tidy::profiles(&hands) => Ok(()),
            () = monitor.run() => Ok(()),
            () = keep::tenants(&hands) => Ok(()),
        };
        hands.snapshots.close().await;
        ended.map(|()| true)
    }

    fn hands(&self, db: ControlDb, provisioner: Provisioner, epoch: i64) -> Hands {
        let clock = SystemClock::shared();
        Hands {
            db,
            runtime: Arc::clone(&self.runtime),
            room: Arc::clone(&self.room),
            provisioner,
            client: self.client.clone(),
            pki: Arc::clone(&self.pki),
            snapshots: Snapshots::new(self.config.snapshots.clone(), &self.config.rules, Arc::clone(&self.wake)),
            template: Template {
                database: self.config.database.clone(),
                state_dir: self.config.state_dir.clone(),
                whatsapp_url: self.config.whatsapp_url.clone(),
                reader_profiles: self.config.reader_profiles.clone(),
                engine: self.config.engine,
                pacing: self.config.pacing,
                media: self.config.media,
                collection: self.config.collection,
                disk_quota_bytes: self.config.disk_quota_bytes,
                base_port: self.config.base_port,
            },
            rules: self.config.rules,
            steps: Steps::of(&clock),
            clock,
            epoch,
            pace: Default::default(),
            memory: Default::default(),
            health: Default::default(),
        }
    }
}

/// Whether only an operator can help, by other settings.
fn is_misconfigured(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ProvisionError::OtherMode { .. }))
}

/// Keeps the standing certificates young; never returns but with an error.
async fn renew_certificates(pki: &Pki, client: &SliceClient, gateway: Option<Owner>) -> anyhow::Result<()> {
    let clock = SystemClock::shared();
    loop {
        tokio::time::sleep(RENEWAL).await;
        pki.renew(gateway, clock.now()).context("cannot renew certificates")?;
        client.reload(&pki.orchestrator())?;
    }
}

/// Ends every slice side by side, and notes it, so that the next start begins at once and blames nobody.
async fn stop_all(hands: &Hands) {
    let running = match hands.runtime.list().await {
        Ok(running) => running,
        Err(error) => return tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "cannot list slices"),
    };
    let ends = running.iter().map(|slice| async move {
        match hands.runtime.stop(slice.id, FINAL_GRACE).await {
            Ok(stopped) => tracing::info!(slice = %slice.id, ?stopped, "ended with the orchestrator"),
            Err(error) => {
                tracing::error!(slice = %slice.id, error = format!("{:#}", anyhow::Error::new(error)), "cannot end");
            }
        }
    });
    join_all(ends).await;
    if let Err(error) = note_drained(hands).await {
        tracing::warn!(error = format!("{error:#}"), "cannot note that slices ended");
    }
}

async fn note_drained(hands: &Hands) -> anyhow::Result<()> {
    let mut tx = hands.db.begin().await?;
    let rows = observed::list_active(&mut tx).await?;
    tx.commit().await?;
    let runs = |row: &observed::SliceRow| row.observed.page_state.is_some() && row.observed.phase != Phase::Deleting;
    for row in rows.into_iter().filter(runs) {
        let drained = Observed {
            phase: Phase::Stopped,
            stop_reason: Some(row.observed.stop_reason.unwrap_or(StopReason::Drain)),
            page_state: None,
            wa_connected: false,
            ..row.observed
        };
        hands.save(row.id, &drained).await?;
    }
    Ok(())
}
