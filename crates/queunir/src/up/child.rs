//! A supervised child process: restarted with a growing pause when it ends, ended with its parent.

use std::{
    ffi::OsString,
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::state::User;

/// A child that ran this long starts over with the shortest pause.
const STABLE: Duration = Duration::from_secs(60);
/// Longest pause between two starts; longer, and a person would think the service is gone.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What to run and how to end it.
#[derive(Clone, Debug)]
pub struct ChildSpec {
    /// Name in the log and of the log file.
    pub name: &'static str,
    /// Executable.
    pub program: PathBuf,
    /// Arguments.
    pub args: Vec<OsString>,
    /// Further environment; nothing else but `PATH`, `LANG`, `HOME` and `RUST_LOG` is handed on.
    pub env: Vec<(&'static str, OsString)>,
    /// User to run as; `None` keeps ours.
    pub user: Option<User>,
    /// Signal that asks for a clean end.
    pub stop_signal: Signal,
    /// How long a clean end may take before it is forced.
    pub grace: Duration,
    /// Where its output goes.
    pub log: PathBuf,
}

impl ChildSpec {
    /// Runs the child until `stop`, restarting it when it ends by itself.
    pub async fn supervise(self, stop: CancellationToken) -> anyhow::Result<()> {
        let _stop_all_on_panic = stop.clone().drop_guard();
        let mut pause = Duration::from_millis(200);
        loop {
            let started = Instant::now();
            let mut child = self.start()?;
            let pid = child.id();
            tokio::select! {
                () = stop.cancelled() => {
                    self.end(&mut child, pid).await;
                    return Ok(());
                }
                status = child.wait() => {
                    tracing::warn!(child = self.name, ?status, "ended by itself, starting again");
                }
            }
            pause =
                if started.elapsed() > STABLE { Duration::from_millis(200) } else { (pause * 2).min(LONGEST_PAUSE) };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Starts it through `setpriv`, so that it ends when we do, and in its own group, so that a Ctrl-C in the
    /// terminal reaches only us and the order of the end stays ours.
    fn start(&self) -> anyhow::Result<Child> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.log)
            .with_context(|| format!("cannot open {}", self.log.display()))?;
        let mut command = Command::new("setpriv");
        command.arg("--pdeathsig").arg(signal_name(self.stop_signal));
        if let Some(User { uid, gid }) = self.user {
            command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
        }
        command.arg("--").arg(&self.program).args(&self.args);
        command.env_clear();
        for name in ["PATH", "LANG", "HOME", "RUST_LOG"] {
            #[expect(clippy::disallowed_methods, reason = "a child gets these few of our own variables and no others")]
            let value = std::env::var_os(name);
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        command.envs(self.env.iter().map(|(name, value)| (*name, value)));
        command
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))
    }

    async fn end(&self, child: &mut Child, pid: Option<u32>) {
        if let Some(pid) = pid.and_then(|pid| Pid::from_raw(pid.cast_signed()))
            && let Err(error) = kill_process(pid, self.stop_signal)
        {
            tracing::debug!(child = self.name, %error, "was already gone");
        }
        if tokio::time::timeout(self.grace, child.wait()).await.is_err() {
            tracing::warn!(child = self.name, "did not end in time, killing it");
            if let Err(error) = child.kill().await {
                tracing::warn!(child = self.name, %error, "could not be killed");
            }
        }
    }
}

fn signal_name(signal: Signal) -> &'static str {
    if signal == Signal::INT { "INT" } else { "TERM" }
}
