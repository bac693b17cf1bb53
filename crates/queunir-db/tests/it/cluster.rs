//! A private PostgreSQL cluster with the product's roles and walls, gone with its test.

use std::{
    fs::{self, File},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use queunir_core::{id::SliceId, slice::TenancyMode};
use queunir_db::{
    Endpoint,
    control::{self, ControlDb},
    provision,
};
use rustix::process::{Pid, Signal, kill_process};
use secrecy::SecretString;
use sqlx::PgPool;
use tempfile::TempDir;

pub struct Cluster {
    pub mode: TenancyMode,
    server: Child,
    run: PathBuf,
    _dir: TempDir,
}

impl Cluster {
    /// A fresh cluster with roles, walls and control tables, for tenants with a database each.
    pub async fn start() -> Self {
        Self::start_for(TenancyMode::Database).await
    }

    /// The same for tenants of a mode.
    pub async fn start_for(mode: TenancyMode) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let (data, run) = (dir.path().join("data"), dir.path().join("run"));
        let user = rustix::process::geteuid().is_root().then(postgres_user);
        fs::create_dir(&run).unwrap();
        chown(&run, user, user).unwrap();
        copy(&template(user), &data);
        fs::write(data.join("pg_hba.conf"), provision::hba(mode)).unwrap();
        let server = command(user, "postgres")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&run)
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "max_connections=200"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self { mode, server, run, _dir: dir };
        until("the server answers", async || cluster.superuser("postgres").pool(None, 1).await.ok()).await;
        let (gateway, orchestrator) = (secret("gateway"), secret("orchestrator"));
        for _ in 0..2 {
            provision::bootstrap_cluster(&cluster.superuser("postgres"), &gateway, &orchestrator).await.unwrap();
            control::migrate(&cluster.superuser(control::DATABASE)).await.unwrap();
        }
        cluster
    }

    pub fn endpoint(&self, database: &str, role: &str, password: &str) -> Endpoint {
        Endpoint {
            socket: self.run.clone(),
            port: 5432,
            database: database.to_owned(),
            role: role.to_owned(),
            password: secret(password),
        }
    }

    pub fn superuser(&self, database: &str) -> Endpoint {
        self.endpoint(database, "postgres", "superuser")
    }

    pub fn orchestrator(&self) -> Endpoint {
        self.endpoint(control::DATABASE, "queunir_orch", "orchestrator")
    }

    pub fn gateway(&self) -> Endpoint {
        self.endpoint(control::DATABASE, "queunir_gw", "gateway")
    }

    /// The control tables as the gateway's role may use them.
    pub async fn as_gateway(&self) -> PgPool {
        self.gateway().pool(Some("gateway"), 2).await.unwrap()
    }

    pub async fn control(&self) -> ControlDb {
        ControlDb::open(&self.orchestrator(), 3).await.unwrap()
    }

    /// A user with a wanted slice, as the gateway writes them.
    pub async fn want(&self, gateway: &PgPool, desired: &str) -> SliceId {
        let user: sqlx::types::Uuid = sqlx::query_scalar(
            "insert into users (id, email, password_hash) values (gen_random_uuid(), gen_random_uuid() || '@x', '')
            returning id",
        )
        .fetch_one(gateway)
        .await
        .unwrap();
        let id = sqlx::query_scalar("insert into slices (user_id, desired) values ($1, $2) returning id")
            .bind(user)
            .bind(desired)
            .fetch_one(gateway)
            .await
            .unwrap();
        SliceId(id)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT is the server's immediate end.
        let pid = Pid::from_raw(self.server.id().cast_signed()).unwrap();
        kill_process(pid, Signal::QUIT).ok();
        self.server.wait().ok();
    }
}

/// Waits for a condition, ten seconds at most.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A cluster fresh from `initdb`, made by the first test of this build directory that needs one.
fn template(user: Option<u32>) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("postgres-template-{}", user.unwrap_or_default());
    let (made, lock) = (home.join(&name), File::create(home.join(format!("{name}.lock"))).unwrap());
    lock.lock().unwrap();
    if made.join("PG_VERSION").exists() {
        return made;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let (data, password) = (dir.path().join("data"), dir.path().join("password"));
    fs::create_dir(&data).unwrap();
    chown(&data, user, user).unwrap();
    fs::write(&password, "superuser").unwrap();
    chown(&password, user, user).unwrap();
    let output = command(user, "initdb")
        .args(["-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        .arg("--pwfile")
        .arg(&password)
        .arg("-D")
        .arg(&data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let unfinished = home.join(format!("{name}.new"));
    fs::remove_dir_all(&unfinished).ok();
    copy(&data, &unfinished);
    fs::rename(&unfinished, &made).unwrap();
    made
}

/// Copies a folder with its owners and modes.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").args(["--archive", "--reflink=auto"]).arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

fn command(user: Option<u32>, program: &str) -> Command {
    let binaries = ["17", "16", "15"].map(|major| format!("/usr/lib/postgresql/{major}/bin"));
    let binaries = binaries.iter().find(|path| Path::new(path).exists()).expect("PostgreSQL is installed");
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if let Some(user) = user {
        command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
    }
    command.arg("--").arg(Path::new(binaries).join(program)).current_dir("/");
    command
}

fn postgres_user() -> u32 {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("the user postgres exists");
    line.split(':').nth(2).unwrap().parse().unwrap()
}
