//! Slices as processes of this host: each in its own session and, as root, under its own user.
//!
//! A process outlives the orchestrator that started it and is adopted by the next one from its record. The file
//! `lock` is locked and handed to the process as its standard input, so the lock is held exactly as long as
//! anything of that start lives: whatever an orchestrator forgot, it cannot start a second one beside it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow};
use async_trait::async_trait;
use queunir_core::{id::SliceId, slice::SliceSpec};
use rustix::{
    fd::OwnedFd,
    io::Errno,
    process::{Pid, Signal, kill_process_group, pidfd_send_signal},
};
use tokio::{
    process::{Child, Command},
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    RunningSlice, RuntimeError, SliceRuntime, Stopped, lock, logs,
    ready::{self, last_words},
    record::{self, Record},
};
use crate::{
    client::SliceClient,
    files::{self, Owner},
    folders::{self, SliceFolders},
};

/// Pause between two looks at a slice that ends.
const END_PAUSE: Duration = Duration::from_millis(20);
/// Time for a slice that nobody leads; its browser comes first (CHR-05).
const LEFTOVER_GRACE: Duration = Duration::from_secs(45);
/// Time for a killed process to be gone.
const KILL_LIMIT: Duration = Duration::from_secs(5);

/// Starts slices as processes.
pub struct ProcessRuntime {
    state_dir: PathBuf,
    executable: PathBuf,
    client: SliceClient,
    ended: Arc<Notify>,
    children: TaskTracker,
}

impl ProcessRuntime {
    /// A runtime over `state_dir` that starts `executable` and rings `ended` whenever one of its children ends.
    ///
    /// # Errors
    /// `Refused` when other users could not reach their folders; `Unreachable` when the executable cannot be copied.
    pub fn new(
        state_dir: &Path,
        executable: &Path,
        client: SliceClient,
        ended: Arc<Notify>,
    ) -> Result<Self, RuntimeError> {
        let state_dir = state_dir.canonicalize().context("no state directory").map_err(RuntimeError::Refused)?;
        if files::is_root()
            && let Some(closed) = files::closed_ancestor(&folders::all(&state_dir).join("N"))
            && closed != folders::all(&state_dir)
        {
            let why = anyhow!("slices run as other users and cannot enter {}; give it mode 0711", closed.display());
            return Err(RuntimeError::Refused(why));
        }
        let executable = reachable(executable, &state_dir).map_err(RuntimeError::Unreachable)?;
        Ok(Self { state_dir, executable, client, ended, children: TaskTracker::new() })
    }

    fn folders(&self, slice: SliceId) -> SliceFolders {
        SliceFolders::new(&self.state_dir, slice)
    }

    fn find(&self, slice: SliceId) -> Result<Option<Record>, RuntimeError> {
        find(&self.folders(slice))
    }

    /// Starts the process; the caller knows that none runs.
    fn start(&self, spec: &SliceSpec, held: File) -> anyhow::Result<Result<(Record, Child), RuntimeError>> {
        let folders = self.folders(spec.slice);
        folders.write_spec(spec)?;
        let log = files::log(&folders.log())?;
        // `setsid` replaces itself by the slice, so the pid is the slice's. It does not fork, because a fresh child
        // leads no group.
        let mut command = Command::new("setsid");
        command
            .arg(&self.executable)
            .args(["slice", "--spec"])
            .arg(folders.spec())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("HOME", folders.run())
            .current_dir("/")
            .stdin(held)
            .stdout(log.try_clone()?)
            .stderr(log);
        #[expect(clippy::disallowed_methods, reason = "what is logged is no setting; every role asks its environment")]
        let filter = std::env::var("RUST_LOG");
        if let Ok(filter) = filter {
            command.env("RUST_LOG", filter);
        }
        if let Some(Owner(id)) = folders.owner() {
            // Changing the user also clears the supplementary groups.
            command.uid(id).gid(id);
        }
        let mut child = command.spawn().context("cannot start a process")?;
        let pid = child.id().and_then(|pid| i32::try_from(pid).ok());
        let Some(record) = pid.and_then(|pid| Record::of(pid, spec.generation, spec.port)) else {
            return Ok(Err(RuntimeError::NotReady(ended_at_once(&mut child, &folders.log()))));
        };
        record.write(&folders.record())?;
        Ok(Ok((record, child)))
    }

    /// Waits until the slice answers, or its process is gone.
    async fn ready(&self, record: Record, spec: &SliceSpec) -> Result<RunningSlice, RuntimeError> {
        let slice = RunningSlice { id: spec.slice, generation: record.generation, port: record.port };
        let log = self.folders(spec.slice).log();
        let words = || std::future::ready(Ok((!record.is_same()).then(|| words_in(&log))));
        ready::wait(&self.client, slice, words).await
    }

    /// Notices the end of a child at once; an adopted process is noticed at the next look.
    fn watch(&self, slice: SliceId, mut child: Child) {
        let ended = Arc::clone(&self.ended);
        self.children.spawn(async move {
            match child.wait().await {
                Ok(status) => tracing::info!(slice = %slice, %status, "a slice's process ended"),
                Err(error) => tracing::warn!(slice = %slice, %error, "cannot wait for a slice's process"),
            }
            ended.notify_one();
        });
    }
}

#[async_trait]
impl SliceRuntime for ProcessRuntime {
    async fn list(&self) -> Result<Vec<RunningSlice>, RuntimeError> {
        let running = all_running(&self.state_dir)?;
        let slice =
            |(id, found): (SliceId, Record)| RunningSlice { id, generation: found.generation, port: found.port };
        Ok(running.into_iter().map(slice).collect())
    }

    async fn pids(&self) -> Result<Vec<(SliceId, i32)>, RuntimeError> {
        Ok(all_running(&self.state_dir)?.into_iter().map(|(id, found)| (id, found.pid)).collect())
    }

    async fn ensure(&self, spec: &SliceSpec) -> Result<RunningSlice, RuntimeError> {
        if let Some(found) = self.find(spec.slice)? {
            if found.generation != spec.generation {
                return Err(RuntimeError::Busy);
            }
            return self.ready(found, spec).await;
        }
        let held = lock::hold(&self.folders(spec.slice).lock()).await?;
        let (record, child) = self.start(spec, held).map_err(RuntimeError::Unreachable)??;
        self.watch(spec.slice, child);
        let ready = self.ready(record, spec).await;
        if ready.is_err() {
            // What does not answer must not stay: the next start would find the folder taken.
            self.stop(spec.slice, KILL_LIMIT).await?;
        }
        ready
    }

    async fn log_tail(&self, id: SliceId, lines: usize) -> Result<Vec<String>, RuntimeError> {
        Ok(logs::tail(&self.folders(id).log(), &[], lines))
    }

    async fn stop(&self, id: SliceId, grace: Duration) -> Result<Stopped, RuntimeError> {
        stop(&self.folders(id), grace).await
    }
}

/// Ends every slice of a state directory that nobody leads any more; tells how many there were.
///
/// # Errors
/// When one cannot be found out about or does not end.
pub async fn end_all(state_dir: &Path) -> Result<usize, RuntimeError> {
    let running = all_running(state_dir)?;
    for (id, _) in &running {
        stop(&SliceFolders::new(state_dir, *id), LEFTOVER_GRACE).await?;
    }
    Ok(running.len())
}

/// Every slice that runs, by number.
fn all_running(state_dir: &Path) -> Result<Vec<(SliceId, Record)>, RuntimeError> {
    let entries = match fs::read_dir(folders::all(state_dir)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreachable(error)),
    };
    let mut running = Vec::new();
    for entry in entries.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()).map(SliceId) else { continue };
        if let Some(found) = find(&SliceFolders::new(state_dir, id))? {
            running.push((id, found));
        }
    }
    running.sort_by_key(|(id, _)| *id);
    Ok(running)
}

/// The living process of a slice: by its record or, if its starter died too early to write one, by its lock.
fn find(folders: &SliceFolders) -> Result<Option<Record>, RuntimeError> {
    let spec = folders.spec();
    let found = Record::read(&folders.record()).map_err(unreachable)?;
    if let Some(found) = found.filter(|found| found.lives(&spec)) {
        return Ok(Some(found));
    }
    let Some(text) = files::read(&spec).map_err(unreachable)? else { return Ok(None) };
    if lock::take(&folders.lock()).map_err(RuntimeError::Unreachable)?.is_some() {
        return Ok(None);
    }
    let Ok(described) = serde_json::from_str::<SliceSpec>(&text) else { return Ok(None) };
    Ok(record::find(&spec, described.generation, described.port))
}

async fn stop(folders: &SliceFolders, grace: Duration) -> Result<Stopped, RuntimeError> {
    let Some(found) = find(folders)? else {
        files::remove(&folders.record()).map_err(unreachable)?;
        return Ok(Stopped::Absent);
    };
    let stopped = match found.open(&folders.spec()) {
        Some(handle) => end(&found, handle, grace).await.map_err(RuntimeError::Unreachable)?,
        None => Stopped::Absent,
    };
    files::remove(&folders.record()).map_err(unreachable)?;
    Ok(stopped)
}

/// TERM, then after `grace` KILL for it and everything in its session's first group.
async fn end(record: &Record, handle: OwnedFd, grace: Duration) -> anyhow::Result<Stopped> {
    signal(&handle, Signal::TERM)?;
    if timeout(grace, gone(record)).await.is_ok() {
        return Ok(Stopped::Ended);
    }
    tracing::error!(pid = record.pid, "a slice did not end in time and is killed");
    signal(&handle, Signal::KILL)?;
    if let Some(group) = Pid::from_raw(record.pid)
        && let Err(error) = kill_process_group(group, Signal::KILL)
        && error != Errno::SRCH
    {
        tracing::warn!(%error, "cannot kill a slice's group");
    }
    timeout(KILL_LIMIT, gone(record)).await.context("a killed process does not go away")?;
    Ok(Stopped::Killed)
}

async fn gone(record: &Record) {
    while record.is_same() {
        sleep(END_PAUSE).await;
    }
}

fn signal(handle: &OwnedFd, signal: Signal) -> anyhow::Result<()> {
    match pidfd_send_signal(handle, signal) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error).context("cannot signal a slice"),
    }
}

/// The executable at a place that slices' users can enter: itself, or a copy named after its content's version.
fn reachable(executable: &Path, state_dir: &Path) -> anyhow::Result<PathBuf> {
    let executable = executable.canonicalize().with_context(|| format!("no {}", executable.display()))?;
    if !files::is_root() || files::closed_ancestor(&executable).is_none() {
        return Ok(executable);
    }
    let bin = state_dir.join("bin");
    files::folder(&bin, 0o755, None)?;
    let found = fs::metadata(&executable)?;
    let version = found.modified()?.duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    let copy = bin.join(format!("queunir-{:x}-{version:x}", found.len()));
    if !copy.exists() {
        let unfinished = copy.with_extension("new");
        fs::copy(&executable, &unfinished)?;
        fs::set_permissions(&unfinished, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        fs::rename(&unfinished, &copy)?;
    }
    Ok(copy)
}

fn ended_at_once(child: &mut Child, log: &Path) -> anyhow::Error {
    let status = child.try_wait();
    anyhow!("the process ended at once ({status:?}): {}", words_in(log))
}

/// The last words of a process.
fn words_in(log: &Path) -> String {
    last_words(&fs::read(log).unwrap_or_default())
}

fn unreachable(error: impl std::error::Error + Send + Sync + 'static) -> RuntimeError {
    RuntimeError::Unreachable(error.into())
}
