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

use std::{fs, net::TcpListener, path::Path, time::Duration};

use anyhow::{Context, bail};
use child::ChildSpec;
use postgres::Cluster;
use queunir_db::control;
use queunir_service::lifecycle;
use rustix::process::Signal;
use state::User;
pub use state::{State, is_root, reset};
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
    let stop = lifecycle::stop_on_signal().context("cannot listen for signals")?;
    let outcome = start(&state, &settings, &stop).await;
    stop.cancel();
    outcome
}

async fn start(state: &State, settings: &Settings, stop: &CancellationToken) -> anyhow::Result<()> {
    println!("Starting Queunir, state in {}", state.dir().display());
    let cluster = Cluster::prepare(state).await?;
    let (database, roles, simulator) = (TaskTracker::new(), TaskTracker::new(), TaskTracker::new());
    let (stop_database, stop_roles) = (CancellationToken::new(), CancellationToken::new());

    database.spawn(cluster.child().supervise(stop_database.clone()));
    let result = async {
        cluster.wait().await?;
        migrate(state, &cluster).await?;
        let program = state.executable(&std::env::current_exe()?)?;
        let effective = write_settings(state, settings, &cluster)?;
        if settings.demo.enabled {
            simulator.spawn(demo::child(state, settings)?.supervise(stop_roles.clone()));
        }
        for (name, user) in [("orchestrator", None), ("gateway", is_root().then_some(GATEWAY))] {
            let spec = role(state, name, &program, &effective, user)?;
            roles.spawn(spec.supervise(stop_roles.clone()));
        }
        announce(state, settings, stop).await?;
        stop.cancelled().await;
        println!("Stopping…");
        anyhow::Ok(())
    }
    .await;

    stop_roles.cancel();
    for tracker in [&roles, &simulator] {
        tracker.close();
        tracker.wait().await;
    }
    stop_database.cancel();
    database.close();
    database.wait().await;
    result
}

/// A role of this executable as a child.
fn role(
    state: &State,
    name: &'static str,
    program: &Path,
    settings: &Path,
    user: Option<User>,
) -> anyhow::Result<ChildSpec> {
    Ok(ChildSpec {
        name,
        program: program.to_owned(),
        args: ["--state".into(), state.dir().into(), "--settings".into(), settings.into(), name.into()].into(),
        env: Vec::new(),
        user,
        stop_signal: Signal::TERM,
        grace: Duration::from_secs(70),
        log: state.subdir("logs", 0o700, None)?.join(format!("{name}.log")),
    })
}

/// Roles and schema of the control database, brought to this version.
async fn migrate(state: &State, cluster: &Cluster) -> anyhow::Result<()> {
    let gateway = state.secret("gateway.password", Some(GATEWAY))?;
    let orchestrator = state.secret("orchestrator.password", None)?;
    queunir_db::provision::bootstrap_cluster(&cluster.superuser(), &gateway, &orchestrator)
        .await
        .context("cannot set up the database's roles")?;
    let mut owner = cluster.superuser();
    owner.database = control::DATABASE.into();
    control::migrate(&owner).await.context("cannot migrate the control tables")
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
async fn announce(state: &State, settings: &Settings, stop: &CancellationToken) -> anyhow::Result<()> {
    let url = settings.public_url();
    tokio::select! {
        () = stop.cancelled() => return Ok(()),
        ready = demo::wait_for(settings.server.listen, "/health") => ready.with_context(|| {
            format!("the gateway does not answer; its log is {}", state.dir().join("logs/gateway.log").display())
        })?,
    }
    println!();
    println!("  Queunir      {url}");
    if settings.demo.enabled {
        demo::wait_for(settings.demo.listen, "/_sim/health").await.context("the simulator does not answer")?;
        if let Some(sign_in) = demo::sign_in(state, settings).await? {
            println!("  Sign in      {}   {}", sign_in.email, sign_in.password);
        }
        println!("  Demo phone   http://localhost:{}/phone", settings.demo.listen.port());
    }
    println!();
    println!("  Ctrl-C stops everything. State is kept; `queunir up --reset` deletes it.");
    Ok(())
}

fn refuse_taken_port(address: std::net::SocketAddr, setting: &str) -> anyhow::Result<()> {
    if TcpListener::bind(address).is_err() {
        bail!("{address} is in use by another program; stop it, or change the setting {setting}");
    }
    Ok(())
}
