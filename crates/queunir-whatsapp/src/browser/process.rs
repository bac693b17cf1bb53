//! Chromium's process: its own group, dies with us, and is reaped whatever happens.
//!
//! A thread of its own starts it and waits for it: `PR_SET_PDEATHSIG` counts from the thread that forked, and a thread of
//! the async runtime may end early.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read},
    os::{fd::OwnedFd, unix::process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use command_fds::{CommandFdExt, FdMapping};
use rustix::{
    pipe::{PipeFlags, pipe_with},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid},
};
use tokio_util::sync::CancellationToken;

use super::{BrowserConfig, LaunchError, profile, profile::ProfileLock};
use crate::cdp::Client;

/// Lines of the browser's complaints that are kept.
const KEPT_LINES: usize = 12;

/// The running browser.
pub(super) struct Process {
    pid: Pid,
    shared: Arc<Shared>,
}

struct Shared {
    /// Present until the process is reaped; nobody signals a pid that may already be another's.
    alive: Mutex<Option<Pid>>,
    exited: CancellationToken,
    /// Whether it ended by itself and found nothing wrong; known when it has exited.
    in_order: AtomicBool,
    words: Mutex<VecDeque<String>>,
}

impl Process {
    /// Starts the browser and returns it with the line to it.
    pub(super) fn start(
        binary: &Path,
        arguments: &[String],
        config: &BrowserConfig,
        lock: &ProfileLock,
    ) -> Result<(Self, Client), LaunchError> {
        let io = |what| move |source| LaunchError::Io { what, source };
        let (browser_reads, we_write) = pipe()?;
        let (we_read, browser_writes) = pipe()?;
        let mut command = command(binary, arguments, config)?;
        command
            .fd_mappings(vec![
                FdMapping { parent_fd: browser_reads, child_fd: 3 },
                FdMapping { parent_fd: browser_writes, child_fd: 4 },
                FdMapping { parent_fd: lock.share()?, child_fd: 5 },
            ])
            .map_err(|_| LaunchError::Start("descriptor collision".into()))?;
        for end in [&we_write, &we_read] {
            rustix::io::ioctl_fionbio(end, true).map_err(|e| io("preparing the pipe")(e.into()))?;
        }
        let client = Client::over_pipe(we_write, we_read).map_err(io("opening the pipe"))?;
        let process = spawn(command).map_err(io("starting the browser"))?;
        Ok((process, client))
    }

    /// Its pid.
    pub(super) fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// Ends when the process has ended.
    pub(super) async fn exited(&self) {
        self.shared.exited.cancelled().await;
    }

    /// Whether it has ended by itself, and with success.
    pub(super) fn ended_in_order(&self) -> bool {
        self.shared.exited.is_cancelled() && self.shared.in_order.load(Ordering::Relaxed)
    }

    /// The last things it wrote to its error stream.
    pub(super) fn last_words(&self) -> String {
        lock(&self.shared.words).iter().cloned().collect::<Vec<_>>().join("; ")
    }

    /// Asks it to end.
    pub(super) fn terminate(&self) {
        if let Some(pid) = *lock(&self.shared.alive) {
            let _already_gone = kill_process(pid, Signal::TERM);
        }
    }

    /// Ends it and its children at once.
    pub(super) fn kill(&self) {
        if let Some(pid) = *lock(&self.shared.alive) {
            let _already_gone = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.terminate();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pipe() -> Result<(OwnedFd, OwnedFd), LaunchError> {
    pipe_with(PipeFlags::CLOEXEC).map_err(|errno| LaunchError::Io { what: "making a pipe", source: errno.into() })
}

fn command(binary: &Path, arguments: &[String], config: &BrowserConfig) -> Result<Command, LaunchError> {
    let home = profile::home(&config.profile_dir, config.as_user)?;
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if let Some(uid) = config.as_user {
        command.args([format!("--reuid={uid}"), format!("--regid={uid}"), "--clear-groups".into()]);
    }
    command
        .arg("--")
        .arg(binary)
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("LANG", "C.UTF-8")
        .env("LANGUAGE", config.locale.replace('-', "_"))
        .env("TZ", &config.time_zone)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0);
    Ok(command)
}

fn spawn(mut command: Command) -> std::io::Result<Process> {
    let shared = Arc::new(Shared {
        alive: Mutex::new(None),
        exited: CancellationToken::new(),
        in_order: AtomicBool::new(false),
        words: Mutex::default(),
    });
    let (started, pid) = std::sync::mpsc::sync_channel(1);
    let theirs = shared.clone();
    std::thread::Builder::new().name("browser".into()).spawn(move || {
        let child = command.spawn();
        drop(command);
        match child {
            Ok(child) => watch(child, &theirs, &started),
            Err(error) => {
                let _gave_up = started.send(Err(error));
            }
        }
        theirs.exited.cancel();
    })?;
    let pid = pid.recv().unwrap_or_else(|_| Err(std::io::Error::other("the starting thread ended")))?;
    Ok(Process { pid, shared })
}

/// Waits for the end without reaping first, so that signals never reach a stranger.
fn watch(mut child: Child, shared: &Arc<Shared>, started: &std::sync::mpsc::SyncSender<std::io::Result<Pid>>) {
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else {
        let _gave_up = started.send(Err(std::io::Error::other("no pid")));
        return;
    };
    *lock(&shared.alive) = Some(pid);
    if let Some(complaints) = child.stderr.take() {
        let shared = shared.clone();
        let _listener =
            std::thread::Builder::new().name("browser-log".into()).spawn(move || keep_words(complaints, &shared));
    }
    let _gave_up = started.send(Ok(pid));
    while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {}
    let mut alive = lock(&shared.alive);
    let _nobody_left = kill_process_group(pid, Signal::KILL);
    *alive = None;
    drop(alive);
    match child.wait() {
        Ok(status) => {
            shared.in_order.store(status.success(), Ordering::Relaxed);
            tracing::debug!(%status, "the browser ended");
        }
        Err(error) => tracing::warn!(%error, "the browser's end could not be read"),
    }
}

fn keep_words(complaints: impl Read, shared: &Shared) {
    for line in BufReader::new(complaints).split(b'\n').map_while(Result::ok) {
        let line: String = String::from_utf8_lossy(&line).chars().take(300).collect();
        if line.contains("dbus/") {
            continue;
        }
        tracing::trace!(line, "browser");
        let mut words = lock(&shared.words);
        if words.len() == KEPT_LINES {
            words.pop_front();
        }
        words.push_back(line);
    }
}
