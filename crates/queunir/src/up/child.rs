//! A supervised child process: restarted with a growing pause when it ends, ended with its parent.

use std::{
    ffi::OsString,
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context;
use queunir_service::logfile;
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::state::User;

/// A child that ran this long starts over with the shortest pause.
const STABLE: Duration = Duration::from_secs(60);
/// Pause before the first restart is twice this.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Longest pause between two starts; longer, and a person would think the service is gone.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How often the size of its log is looked at. Longer, and a child that writes as fast as it can fills more of the disk.
const LOG_LOOK: Duration = Duration::from_secs(10);

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
    ///
    /// # Errors
    /// When it cannot be started the first time; later that is waited out like an end.
    pub async fn supervise(self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut pause = FIRST_PAUSE;
        let mut started = Instant::now();
        let mut running = Some(self.start()?);
        loop {
            if let Some(mut child) = running {
                let pid = child.id();
                tokio::select! {
                    () = stop.cancelled() => {
                        self.end(&mut child, pid).await;
                        return Ok(());
                    }
                    status = self.wait(&mut child) => {
                        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                        tracing::warn!(child = self.name, status, log = %self.log.display(), "ended by itself, starting again");
                    }
                }
            }
            pause = if started.elapsed() > STABLE { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            started = Instant::now();
            running = match self.start() {
                Ok(child) => Some(child),
                Err(error) => {
                    tracing::error!(child = self.name, error = format!("{error:#}"), "cannot be started, trying again");
                    None
                }
            };
        }
    }

    /// Waits for its end, and keeps its log small meanwhile.
    async fn wait(&self, child: &mut Child) -> std::io::Result<ExitStatus> {
        loop {
            if let Ok(ended) = tokio::time::timeout(LOG_LOOK, child.wait()).await {
                return ended;
            }
            if let Err(error) = logfile::keep_small(&self.log, logfile::MOST) {
                tracing::warn!(child = self.name, %error, "its log cannot be kept small");
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

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, pin::pin};

    use super::*;

    fn child(dir: &Path, script: &str) -> ChildSpec {
        ChildSpec {
            name: "test",
            program: "/bin/sh".into(),
            args: ["-c".into(), script.into()].into(),
            env: Vec::new(),
            user: None,
            stop_signal: Signal::TERM,
            grace: Duration::from_secs(5),
            log: dir.join("logs/test.log"),
        }
    }

    #[tokio::test]
    async fn a_child_that_cannot_be_started_at_first_is_an_error_and_later_is_waited_out() {
        let dir = tempfile::tempdir().unwrap();
        let stop = CancellationToken::new();
        assert!(child(dir.path(), "exit").supervise(stop.clone()).await.is_err(), "there is no folder for its log");

        fs::create_dir(dir.path().join("logs")).unwrap();
        // Its first end takes the folder of its log away, so that the second start fails.
        let script = "echo run >> DIR/runs; [ $(wc -l < DIR/runs) -gt 1 ] && exec sleep 60; mv DIR/logs DIR/gone";
        let spec = child(dir.path(), &script.replace("DIR", &dir.path().display().to_string()));
        let mut running = pin!(spec.supervise(stop.clone()));
        let runs = || fs::read_to_string(dir.path().join("runs")).unwrap_or_default().lines().count();
        let brief = || tokio::time::sleep(Duration::from_millis(10));
        let fails_once = async {
            while runs() == 0 || dir.path().join("logs").exists() {
                brief().await;
            }
            // The second start comes after 0.4 s and fails; then the folder is back.
            tokio::time::sleep(Duration::from_millis(600)).await;
            fs::rename(dir.path().join("gone"), dir.path().join("logs")).unwrap();
            while runs() < 2 {
                brief().await;
            }
        };
        tokio::select! {
            ended = running.as_mut() => panic!("one failed restart ended the supervision: {ended:?}"),
            () = fails_once => {}
        }
        stop.cancel();
        running.await.unwrap();
    }
}
