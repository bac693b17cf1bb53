//! The private PostgreSQL cluster: made on first use, reachable through a Unix socket only.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use queunir_core::slice::TenancyMode;
use queunir_db::{Endpoint, provision};
use rustix::process::Signal;
use secrecy::{ExposeSecret, SecretString};
use tokio::process::Command;

use super::{
    child::ChildSpec,
    state::{State, User, is_root, write_private},
};

/// Port number in the socket's name; nothing listens on TCP.
const PORT: u16 = 5432;
/// A cluster that was killed may replay its log for a while.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Settings of the cluster: no network, small memory, and connections for 220 slices, four each, and 120 for gateway and
/// orchestrator (ISO-11).
const CONF: &str = "\
listen_addresses = ''
unix_socket_permissions = 0777
password_encryption = 'scram-sha-256'
max_connections = 1000
shared_buffers = '64MB'
max_locks_per_transaction = 64
autovacuum_naptime = '10min'
max_wal_size = '512MB'
timezone = 'UTC'
log_timezone = 'UTC'
";

/// The private cluster.
#[derive(Debug)]
pub struct Cluster {
    binaries: PathBuf,
    data: PathBuf,
    run: PathBuf,
    log: PathBuf,
    user: Option<User>,
    superuser: SecretString,
}

impl Cluster {
    /// Finds the server's binaries and makes the cluster if there is none yet.
    pub async fn prepare(state: &State, tenancy: TenancyMode) -> anyhow::Result<Self> {
        let user = if is_root() { Some(system_user("postgres")?) } else { None };
        // Ours, not PostgreSQL's: root writes here.
        let home = state.subdir("postgres", 0o711, None)?;
        let cluster = Self {
            binaries: find_binaries()?,
            data: home.join("data"),
            run: state.subdir("postgres/run", 0o755, user)?,
            log: state.subdir("logs", 0o700, None)?.join("postgres.log"),
            user,
            superuser: state.secret("superuser.password", None)?,
        };
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.initialise(state, &home).await?;
        }
        cluster.write_settings(tenancy)?;
        Ok(cluster)
    }

    /// How to run the server as a child; SIGINT is its "fast shutdown".
    pub fn child(&self) -> ChildSpec {
        ChildSpec {
            name: "postgres",
            program: self.binaries.join("postgres"),
            args: ["-D".into(), self.data.clone().into(), "-k".into(), self.run.clone().into()]
                .into_iter()
                .chain(["-p".into(), PORT.to_string().into()])
                .collect(),
            env: Vec::new(),
            user: self.user,
            stop_signal: Signal::INT,
            grace: Duration::from_secs(30),
            log: self.log.clone(),
        }
    }

    /// Waits until the server answers.
    pub async fn wait(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            match self.superuser().pool(None, 1).await {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() > deadline => {
                    return Err(error)
                        .with_context(|| format!("PostgreSQL does not start; its log is {}", self.log.display()));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// The superuser, for bootstrapping and migrations only.
    pub fn superuser(&self) -> Endpoint {
        self.endpoint("postgres", "postgres", self.superuser.clone())
    }

    /// A role's way to a database.
    pub fn endpoint(&self, database: &str, role: &str, password: SecretString) -> Endpoint {
        Endpoint { socket: self.run.clone(), port: PORT, database: database.into(), role: role.into(), password }
    }

    /// Directory of the socket and the port in its name.
    pub fn socket(&self) -> (&Path, u16) {
        (&self.run, PORT)
    }

    /// Runs `initdb` into a folder beside the final one, so that a half-made cluster is never taken for a whole one.
    async fn initialise(&self, state: &State, home: &Path) -> anyhow::Result<()> {
        if home.join("data.new").exists() {
            fs::remove_dir_all(home.join("data.new"))?;
        }
        let unfinished = state.subdir("postgres/data.new", 0o700, self.user)?;
        let password = home.join("superuser.password");
        write_private(&password, self.superuser.expose_secret().as_bytes(), self.user)?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL"]);
        if let Some(User { uid, gid }) = self.user {
            command.args([&format!("--reuid={uid}"), &format!("--regid={gid}"), "--clear-groups"]);
        }
        let output = command
            .arg("--")
            .arg(self.binaries.join("initdb"))
            .args(["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--pwfile"])
            .arg(&password)
            .arg("-D")
            .arg(&unfinished)
            .current_dir("/")
            .stdin(Stdio::null())
            .output()
            .await
            .context("cannot run initdb")?;
        fs::remove_file(&password)?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        fs::rename(&unfinished, &self.data)?;
        Ok(())
    }

    fn write_settings(&self, tenancy: TenancyMode) -> anyhow::Result<()> {
        write_private(&self.data.join("pg_hba.conf"), provision::hba(tenancy).as_bytes(), self.user)?;
        write_private(&self.data.join("postgresql.auto.conf"), CONF.as_bytes(), self.user)
    }
}

/// Newest server binaries of the distribution between 15 and 17.
fn find_binaries() -> anyhow::Result<PathBuf> {
    [17, 16, 15]
        .iter()
        .map(|major| PathBuf::from(format!("/usr/lib/postgresql/{major}/bin")))
        .find(|dir| dir.join("postgres").exists() && dir.join("initdb").exists())
        .context("no PostgreSQL server (15 to 17) is installed; run scripts/setup.sh")
}

/// A system user: PostgreSQL refuses to run as root.
fn system_user(name: &str) -> anyhow::Result<User> {
    let passwd = fs::read_to_string("/etc/passwd")?;
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name));
    let number = |field: usize| line.and_then(|line| line.split(':').nth(field)).and_then(|id| id.parse().ok());
    match (number(2), number(3)) {
        (Some(uid), Some(gid)) => Ok(User { uid, gid }),
        _ => bail!("there is no user {name}; run scripts/setup.sh"),
    }
}
