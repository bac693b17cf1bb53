//! Slices as containers of one Docker engine, each from the same template, in a network of its own.
//!
//! A container outlives the orchestrator that started it and is found again by its labels; the engine is the only record.
//! Two starts of a slice exclude each other three times: by the container's name, which the engine gives once, by the
//! lock on the slice's folder, which the slice itself takes before it touches anything and a process of the other runtime
//! would hold as well, and by the fence in its database.

mod config;
mod engine;
mod firewall;
mod network;
mod template;
mod watch;

use std::{
    cmp::Reverse,
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow};
use async_trait::async_trait;
pub use config::DockerConfig;
use engine::{Engine, Found, Labels};
pub use firewall::Firewall;
use network::Addresses;
use queunir_core::{id::SliceId, slice::SliceSpec};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::{sync::DropGuard, task::TaskTracker};

use super::{
    RunningSlice, RuntimeError, SliceRuntime, Stopped, lock, logs,
    ready::{self, last_words},
};
use crate::{
    client::SliceClient,
    files::{self, Owner},
    folders::SliceFolders,
};

/// Pause between two looks at a container that ends.
const END_PAUSE: Duration = Duration::from_millis(50);
/// Time for a killed container to be gone.
const KILL_LIMIT: Duration = Duration::from_secs(10);
/// Time for a slice that nobody leads; its browser comes first (CHR-05).
const LEFTOVER_GRACE: Duration = Duration::from_secs(45);

/// Starts slices as containers.
pub struct DockerRuntime {
    host: Host,
    client: SliceClient,
    _watch: DropGuard,
}

/// One installation on one engine.
struct Host {
    config: DockerConfig,
    state_dir: PathBuf,
    engine: Arc<Engine>,
    firewall: Arc<Firewall>,
    labels: Labels,
    log_filter: Option<String>,
}

impl DockerRuntime {
    /// A runtime over `state_dir` that rings `ended` whenever a container ends; the engine may come later.
    ///
    /// # Errors
    /// `Refused` when we are not root: slices get users and a firewall of their own.
    pub fn new(
        config: DockerConfig,
        state_dir: &Path,
        client: SliceClient,
        ended: Arc<Notify>,
    ) -> Result<Self, RuntimeError> {
        if !files::is_root() {
            let why = anyhow!("runtime.kind = \"docker\" needs an orchestrator that runs as root");
            return Err(RuntimeError::Refused(why));
        }
        let host = Host::new(config, state_dir)?;
        let _watch = watch::start(&TaskTracker::new(), Arc::clone(&host.engine), Arc::clone(&host.firewall), ended);
        Ok(Self { host, client, _watch })
    }

    /// Waits until the slice answers, or its container has ended.
    async fn ready(&self, found: &Found) -> Result<RunningSlice, RuntimeError> {
        let engine = &self.host.engine;
        let words = || async {
            if engine.lives(&found.id).await? {
                return Ok(None);
            }
            Ok(Some(last_words(&engine.words(&found.id).await?)))
        };
        ready::wait(&self.client, found.slice, words).await
    }
}

#[async_trait]
impl SliceRuntime for DockerRuntime {
    async fn list(&self) -> Result<Vec<RunningSlice>, RuntimeError> {
        Ok(self.host.living().await?.into_iter().map(|one| one.slice).collect())
    }

    async fn pids(&self) -> Result<Vec<(SliceId, i32)>, RuntimeError> {
        let mut pids = Vec::new();
        for one in self.host.living().await? {
            pids.extend(self.host.engine.pid(&one.id).await?.map(|pid| (one.slice.id, pid)));
        }
        Ok(pids)
    }

    async fn ensure(&self, spec: &SliceSpec) -> Result<RunningSlice, RuntimeError> {
        let found = self.host.engine.containers(Some(spec.slice)).await?;
        let living: Vec<&Found> = found.iter().filter(|one| one.lives).collect();
        if let Some(other) = living.iter().find(|one| one.slice.generation != spec.generation) {
            tracing::warn!(slice = %spec.slice, generation = other.slice.generation, "another start still runs");
            return Err(RuntimeError::Busy);
        }
        if let Some(same) = living.first() {
            return self.ready(same).await;
        }
        for one in &found {
            self.host.bury(one).await?;
        }
        let started = match self.host.start(spec).await {
            Ok(found) => self.ready(&found).await,
            Err(error) => Err(error),
        };
        if started.as_ref().is_err_and(|error| !matches!(error, RuntimeError::Busy)) {
            // What does not answer must not stay: the next start would find the folder taken. What keeps us out is
            // not ours to end.
            self.host.stop(spec.slice, KILL_LIMIT).await?;
        }
        started
    }

    async fn log_tail(&self, id: SliceId, lines: usize) -> Result<Vec<String>, RuntimeError> {
        let mut words = Vec::new();
        for one in self.host.engine.containers(Some(id)).await? {
            words.extend(self.host.engine.words(&one.id).await?);
        }
        Ok(logs::tail(&self.host.folders(id).log(), &words, lines))
    }

    async fn stop(&self, id: SliceId, grace: Duration) -> Result<Stopped, RuntimeError> {
        self.host.stop(id, grace).await
    }
}

impl Host {
    fn new(config: DockerConfig, state_dir: &Path) -> Result<Self, RuntimeError> {
        let state_dir = state_dir.canonicalize().context("no state directory").map_err(RuntimeError::Refused)?;
        let labels = Labels::new(&state_dir);
        let engine = Arc::new(Engine::new(&config.socket, labels.clone()));
        #[expect(clippy::disallowed_methods, reason = "what is logged is no setting; every role asks its environment")]
        let log_filter = std::env::var("RUST_LOG").ok();
        let firewall = Arc::new(Firewall::new(&config));
        Ok(Self { config, state_dir, engine, firewall, labels, log_filter })
    }

    fn folders(&self, slice: SliceId) -> SliceFolders {
        SliceFolders::new(&self.state_dir, slice)
    }

    /// The container of each slice that runs. A second one of a slice cannot hold its lock; what is told is the latest,
    /// and an end ends them all.
    async fn living(&self) -> Result<Vec<Found>, RuntimeError> {
        let mut living = self.engine.containers(None).await?;
        living.retain(|one| one.lives);
        living.sort_by_key(|one| (one.slice.id, Reverse(one.slice.generation)));
        living.dedup_by_key(|one| one.slice.id);
        Ok(living)
    }

    /// Starts a container; the caller knows that none of the slice lives.
    async fn start(&self, spec: &SliceSpec) -> Result<Found, RuntimeError> {
        let refused = |why: String| RuntimeError::Refused(anyhow!(why));
        let folders = self.folders(spec.slice);
        let owner = folders.owner().ok_or_else(|| refused(format!("slice {} has no user", spec.slice)))?;
        let addresses = Addresses::of(self.config.subnets, spec.slice).ok_or_else(|| {
            refused(format!("runtime.docker.subnets has no room for slice {}; give a larger block", spec.slice))
        })?;
        if !self.engine.has_image(&self.config.image).await? {
            let image = &self.config.image;
            return Err(refused(format!("the engine has no image {image}; build it with `make image`, or load it")));
        }
        let held = lock::hold(&folders.lock()).await?;
        self.prepare(&folders, spec).map_err(RuntimeError::Unreachable)?;
        self.firewall.ensure().await?;
        network::ensure(&self.engine, spec.slice, &addresses, &self.labels).await?;
        let id = self.create(&folders, owner, spec, &addresses).await?;
        // From here on the slice holds it, or ends at once because somebody was faster.
        drop(held);
        self.engine.start(&id).await?;
        let slice = RunningSlice { id: spec.slice, generation: spec.generation, port: spec.port };
        Ok(Found { id, slice, lives: true })
    }

    /// What the container is started from, where the slice's user may read it.
    fn prepare(&self, folders: &SliceFolders, spec: &SliceSpec) -> anyhow::Result<()> {
        folders.write_spec(&template::inside(spec, folders))?;
        fs::set_permissions(folders.lock(), fs::Permissions::from_mode(0o640))?;
        folders.give_group(&folders.lock())?;
        let extra_ca = self.config.extra_ca_file.as_deref().map(CertificateDer::from_pem_file).transpose();
        let extra_ca = extra_ca.context("runtime.docker.extra_ca_file: no certificate in PEM")?;
        match template::origins(spec, extra_ca.as_ref()) {
            Some(list) => files::write(&folders.origins(), list.as_bytes(), 0o644, None)?,
            None => files::remove(&folders.origins())?,
        }
        // Mounted empty, so that profiles that come later are seen.
        if !spec.reader_profiles.exists() && spec.reader_profiles.starts_with(&self.state_dir) {
            files::folder(&spec.reader_profiles, 0o755, None)?;
        }
        Ok(())
    }

    async fn create(
        &self,
        folders: &SliceFolders,
        owner: Owner,
        spec: &SliceSpec,
        addresses: &Addresses,
    ) -> Result<String, RuntimeError> {
        let name = template::name(spec);
        let filter = self.log_filter.as_deref();
        let body = template::container(&self.config, folders, owner, spec, addresses, &self.labels, filter);
        if let Some(id) = self.engine.create(&name, body).await? {
            return Ok(id);
        }
        if self.engine.containers(Some(spec.slice)).await?.is_empty() {
            let why = anyhow!("another installation has a container {name} on this engine; end and remove it");
            return Err(RuntimeError::Refused(why));
        }
        Err(RuntimeError::Busy)
    }

    async fn stop(&self, slice: SliceId, grace: Duration) -> Result<Stopped, RuntimeError> {
        let mut stopped = Stopped::Absent;
        for one in self.engine.containers(Some(slice)).await? {
            if one.lives {
                let end = self.end(&one, grace).await?;
                stopped = if stopped == Stopped::Killed { Stopped::Killed } else { end };
            }
            self.bury(&one).await?;
        }
        network::remove(&self.engine, slice, &self.labels).await?;
        Ok(stopped)
    }

    /// TERM, then after `grace` KILL, for everything in the container.
    async fn end(&self, found: &Found, grace: Duration) -> Result<Stopped, RuntimeError> {
        self.engine.kill(&found.id, "SIGTERM").await?;
        if let Ok(gone) = timeout(grace, self.gone(&found.id)).await {
            return gone.map(|()| Stopped::Ended);
        }
        tracing::error!(slice = %found.slice.id, "a slice did not end in time and is killed");
        self.engine.kill(&found.id, "SIGKILL").await?;
        let gone = timeout(KILL_LIMIT, self.gone(&found.id)).await;
        gone.map_err(|_| RuntimeError::Unreachable(anyhow!("a killed container does not go away")))??;
        Ok(Stopped::Killed)
    }

    async fn gone(&self, id: &str) -> Result<(), RuntimeError> {
        while self.engine.lives(id).await? {
            sleep(END_PAUSE).await;
        }
        Ok(())
    }

    /// Removes a container that has ended; its last words stay in the slice's log.
    async fn bury(&self, found: &Found) -> Result<(), RuntimeError> {
        let words = self.engine.words(&found.id).await?;
        if !words.is_empty()
            && let Err(error) = keep(&self.folders(found.slice.id).log(), &words)
        {
            tracing::warn!(slice = %found.slice.id, error = format!("{error:#}"), "a slice's last words are lost");
        }
        self.engine.remove(&found.id).await
    }
}

fn keep(log: &Path, words: &[u8]) -> anyhow::Result<()> {
    files::log(log)?.write_all(words)?;
    Ok(())
}

/// Ends every slice of a state directory that nobody leads any more; tells how many there were.
///
/// # Errors
/// When one cannot be found out about or does not end.
pub async fn end_all(config: &DockerConfig, state_dir: &Path) -> Result<usize, RuntimeError> {
    let host = Host::new(config.clone(), state_dir)?;
    let mut slices: Vec<SliceId> = host.engine.containers(None).await?.into_iter().map(|one| one.slice.id).collect();
    slices.sort_unstable();
    slices.dedup();
    for slice in &slices {
        host.stop(*slice, LEFTOVER_GRACE).await?;
    }
    Ok(slices.len())
}
