//! `queunir up`: the whole service in one process tree.
//!
//! ```text
//! up ── postgres        (private cluster, Unix socket only)
//!    ├─ gateway         (unprivileged user when we are root)
//!    ├─ orchestrator ── slices, each with its Chromium
//!    └─ queunir-sim     (with --demo)
//! ```

mod child;
mod demo;
mod postgres;
mod state;

use std::{convert::Infallible, ffi::OsString, fs, io::Write, net::TcpListener, path::Path, time::Duration};

use anyhow::{Context, bail};
use child::ChildSpec;
use postgres::Cluster;
use queunir_db::{
    control::{self, ControlDb},
    provision,
};
use queunir_service::{lifecycle, storage, telemetry};
use rustix::process::Signal;
use state::User;
pub use state::{State, is_root, reset};
use tokio::sync::mpsc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::settings::Settings;

/// User of the gateway when we are root; slices are 200000+N.
pub const GATEWAY: User = User::numbered(199_998);
/// User of the simulator when we are root.
const SIMULATOR: User = User::numbered(199_999);

/// Starts everything and returns when all of it has ended.
///
/// # Errors
/// When something needed is missing or taken, in words that name the remedy.
pub fn run(dir: &Path, settings: Settings) -> anyhow::Result<()> {
    telemetry::init(Some("warn"));
    // One thread: a child's "end when the parent ends" is bound to the thread that started it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(tree(dir, settings))
}

async fn tree(dir: &Path, settings: Settings) -> anyhow::Result<()> {
    let state = State::open(dir)?;
    refuse_taken_port(settings.server.listen, "server.listen")?;
    if settings.demo.enabled {
        refuse_taken_port(settings.demo.listen, "demo.listen")?;
    }
    refuse_full_disk(state.dir())?;
    let stop = lifecycle::stop_on_signal().context("cannot listen for signals")?;
    let outcome = start(&state, &settings, &stop).await;
    stop.cancel();
    outcome
}

async fn start(state: &State, settings: &Settings, stop: &CancellationToken) -> anyhow::Result<()> {
    say(&format!("Starting Queunir, state in {}", state.dir().display()));
    let cluster = Cluster::prepare(state, settings.tenancy.mode).await?;
    let (failed, mut failure) = mpsc::channel(1);
    let (database, roles) = (Group::new(&failed), Group::new(&failed));
    database.spawn(cluster.child());
    let outcome = tokio::select! {
        biased;
        () = stop.cancelled() => Ok(()),
        () = storage::watch(state.dir()) => Ok(()),
        Some(error) = failure.recv() => Err(error),
        failed = serve(state, settings, &cluster, &roles) => failed.map(|never| match never {}),
    };
    say("Stopping…");
    roles.end().await;
    database.end().await;
    outcome
}

/// Starts what needs the database, says where it is, and never returns but with an error.
async fn serve(state: &State, settings: &Settings, cluster: &Cluster, roles: &Group) -> anyhow::Result<Infallible> {
    cluster.wait().await?;
    migrate(state, settings, cluster).await?;
    let program = state.executable(&std::env::current_exe()?)?;
    let effective = write_settings(state, settings, cluster)?;
    if settings.demo.enabled {
        roles.spawn(demo::child(state, settings)?);
    }
    roles.spawn(role(state, "orchestrator", &["--end-slices"], &program, &effective, None)?);
    roles.spawn(role(state, "gateway", &[], &program, &effective, is_root().then_some(GATEWAY))?);
    announce(state, settings).await?;
    std::future::pending().await
}

/// glibc (`man mallopt`) keeps what is freed below a limit that rises to the largest block freed so far: after one
/// password hash, 19 MiB stay for good. A limit that is set does not rise.
const GIVE_BACK: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "1048576");

/// Children that end together.
struct Group {
    children: TaskTracker,
    stop: CancellationToken,
    failed: mpsc::Sender<anyhow::Error>,
}

impl Group {
    fn new(failed: &mpsc::Sender<anyhow::Error>) -> Self {
        Self { children: TaskTracker::new(), stop: CancellationToken::new(), failed: failed.clone() }
    }

    /// Runs a child; one that cannot be run at all is everybody's end, with its error.
    fn spawn(&self, child: ChildSpec) {
        let (stop, failed) = (self.stop.clone(), self.failed.clone());
        self.children.spawn(async move {
            if let Err(error) = child.supervise(stop).await {
                // The first error is told; more of them say nothing new.
                drop(failed.try_send(error));
            }
        });
    }

    async fn end(self) {
        self.stop.cancel();
        self.children.close();
        self.children.wait().await;
    }
}

/// A role of this executable as a child.
fn role(
    state: &State,
    name: &'static str,
    flags: &[&str],
    program: &Path,
    settings: &Path,
    user: Option<User>,
) -> anyhow::Result<ChildSpec> {
    Ok(ChildSpec {
        name,
        program: program.to_owned(),
        args: ["--state".into(), state.dir().into(), "--settings".into(), settings.into(), name.into()]
            .into_iter()
            .chain(flags.iter().map(OsString::from))
            .collect(),
        env: vec![(GIVE_BACK.0, GIVE_BACK.1.into())],
        user,
        stop_signal: Signal::TERM,
        grace: Duration::from_secs(70),
        log: state.subdir("logs", 0o700, None)?.join(format!("{name}.log")),
    })
}

/// Roles and schema of the control database, brought to this version.
async fn migrate(state: &State, settings: &Settings, cluster: &Cluster) -> anyhow::Result<()> {
    let gateway = state.secret("gateway.password", Some(GATEWAY))?;
    let orchestrator = state.secret("orchestrator.password", None)?;
    provision::bootstrap_cluster(&cluster.superuser(), &gateway, &orchestrator)
        .await
        .context("cannot set up the database's roles")?;
    let mut owner = cluster.superuser();
    owner.database = control::DATABASE.into();
    control::migrate(&owner).await.context("cannot migrate the control tables")?;
    let control = ControlDb::open(&owner, 1).await?;
    provision::refuse_other_mode(&control, settings.tenancy.mode).await?;
    control.close().await;
    Ok(())
}

/// The settings as the children shall see them; they hold no secrets.
fn write_settings(state: &State, settings: &Settings, cluster: &Cluster) -> anyhow::Result<std::path::PathBuf> {
    let mut effective = settings.clone();
    let (socket, port) = cluster.socket();
    effective.database.socket = socket.to_owned();
    effective.database.port = port;
    let path = state.dir().join("settings.toml");
    fs::write(&path, toml::to_string_pretty(&effective)?)?;
    Ok(path)
}

/// Waits until the gateway answers, then says where everything is.
async fn announce(state: &State, settings: &Settings) -> anyhow::Result<()> {
    let url = settings.public_url();
    demo::wait_for(settings.server.listen, "/health").await.with_context(|| {
        format!("the gateway does not answer; its log is {}", state.dir().join("logs/gateway.log").display())
    })?;
    say("");
    say(&format!("  Queunir      {url}"));
    if settings.demo.enabled {
        demo::wait_for(settings.demo.listen, "/_sim/health").await.context("the simulator does not answer")?;
        if let Some(sign_in) = demo::sign_in(state, settings).await? {
            say(&format!("  Sign in      {}   {}", sign_in.email, sign_in.password));
        }
        say(&format!("  Demo phone   http://localhost:{}/phone", settings.demo.listen.port()));
    }
    say("");
    say("  Ctrl-C stops everything. State is kept; `queunir up --reset` deletes it.");
    Ok(())
}

/// Tells whoever started us. A closed pipe or terminal is no reason to stop, and none to stop in disorder.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn refuse_full_disk(dir: &Path) -> anyhow::Result<()> {
    if storage::Gauge::new(dir).is_short() {
        let (left, least) = (storage::room(dir)? >> 20, storage::LEAST >> 20);
        bail!("the disk of {} has {left} MB left and {least} MB are the least; make room first", dir.display());
    }
    Ok(())
}

fn refuse_taken_port(address: std::net::SocketAddr, setting: &str) -> anyhow::Result<()> {
    if TcpListener::bind(address).is_err() {
        bail!("{address} is in use by another program; stop it, or change the setting {setting}");
    }
    Ok(())
}
