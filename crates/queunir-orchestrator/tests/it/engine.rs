//! A Docker engine that is there for tests (`scripts/with-docker.sh CMD` provides it), with an image of the stub slice.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::UNIX_EPOCH,
};

use queunir_orchestrator::runtime::docker::{DockerConfig, DockerRuntime};
use tokio::sync::Notify;

use crate::host::{Host, stub};

/// What somebody who owns a slice may try, as a program of its own.
const ATTEMPT: &str = include_str!("isolation/attempt.c");

/// Where a machine's own engine listens; tests never touch that one.
const NOT_FOR_TESTS: [&str; 2] = ["/var/run/docker.sock", "/run/docker.sock"];

/// The engine, for one test at a time: containers have the names that they have in production.
pub struct TestEngine {
    pub config: DockerConfig,
    _alone: File,
}

impl TestEngine {
    /// The engine of `DOCKER_HOST`, emptied; `None`, and a word about it, where there is none.
    pub fn take(what: &str) -> Option<Self> {
        let Some(socket) = socket() else {
            eprintln!("skipped: {what}: no Docker engine for tests; run it under scripts/with-docker.sh");
            return None;
        };
        let alone = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("docker-engine.lock")).unwrap();
        alone.lock().unwrap();
        clear();
        let config = DockerConfig {
            socket,
            image: image(),
            subnets: "10.213.0.0/16".parse().unwrap(),
            resolver: None,
            memory_mb: 256,
            cpus: 1.0,
            extra_destinations: Vec::new(),
            extra_ca_file: None,
        };
        Some(Self { config, _alone: alone })
    }

    pub fn runtime(&self, host: &Host) -> DockerRuntime {
        self.runtime_with(host, self.config.clone())
    }

    pub fn runtime_with(&self, host: &Host, config: DockerConfig) -> DockerRuntime {
        DockerRuntime::new(config, host.dir.path(), host.client.clone(), Arc::new(Notify::new())).unwrap()
    }
}

impl Drop for TestEngine {
    fn drop(&mut self) {
        clear();
    }
}

/// The socket of an engine that tests may use.
fn socket() -> Option<PathBuf> {
    let host = std::env::var("DOCKER_HOST").ok()?;
    let socket = host.strip_prefix("unix://")?;
    (!NOT_FOR_TESTS.contains(&socket)).then(|| socket.into())
}

/// Runs the engine's own tool; answers what it says.
pub fn docker<const N: usize>(arguments: [&str; N]) -> String {
    let done = Command::new("docker").args(arguments).output().unwrap();
    assert!(done.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// What an inspection by the engine's own tool shows, as JSON.
pub fn inspect(kind: &str, name: &str) -> serde_json::Value {
    serde_json::from_str::<Vec<serde_json::Value>>(&docker([kind, "inspect", name])).unwrap().remove(0)
}

/// Removes what slices have on the engine.
fn clear() {
    let kinds: [(&str, &[&str], &[&str]); 2] = [("container", &["--all"], &["--force"]), ("network", &[], &[])];
    for (kind, all, force) in kinds {
        let mut list = Command::new("docker");
        list.args([kind, "ls", "--quiet", "--filter", "label=queunir.slice"]).args(all);
        let ids = String::from_utf8(list.output().unwrap().stdout).unwrap();
        for id in ids.lines() {
            Command::new("docker").args([kind, "rm"]).args(force).arg(id).stdout(Stdio::null()).status().unwrap();
        }
    }
}

/// An image of the stub, the libraries that it wants, and what attempts to get out of a container are made with; made once
/// for each build of it.
fn image() -> String {
    let stub = stub();
    let built = fs::metadata(&stub).unwrap();
    let age = built.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_micros();
    let mut attempt = DefaultHasher::new();
    ATTEMPT.hash(&mut attempt);
    let name = format!("wank-slice-stub:{:x}-{age:x}-{:x}", built.len(), attempt.finish());
    let mut known = Command::new("docker");
    known.args(["image", "inspect", &name]).stdout(Stdio::null()).stderr(Stdio::null());
    if known.status().unwrap().success() {
        return name;
    }
    let root = tempfile::tempdir().unwrap();
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = |from: &str, to: &str| {
        let to = root.path().join(to.trim_start_matches('/'));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    };
    copy(stub.to_str().unwrap(), "/usr/local/bin/queunir");
    let libraries = Command::new("ldd").arg(&stub).output().unwrap();
    for library in String::from_utf8(libraries.stdout).unwrap().split_whitespace().filter(|word| word.starts_with('/'))
    {
        copy(library, library);
    }
    fs::create_dir(root.path().join("tmp")).unwrap();
    add_attempts(root.path());
    let mut tar =
        Command::new("tar").arg("-C").arg(root.path()).args(["-c", "."]).stdout(Stdio::piped()).spawn().unwrap();
    let imported = Command::new("docker")
        .args(["import", "-", &name])
        .stdin(tar.stdout.take().unwrap())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(tar.wait().unwrap().success() && imported.success(), "the stub's image cannot be made");
    name
}

/// Adds the program of attempts, the same as one that runs as root, a folder for everybody and a file for root alone.
fn add_attempts(root: &Path) {
    let programs = root.join("usr/local/bin");
    let (source, attempt) = (root.join("attempt.c"), programs.join("attempt"));
    fs::write(&source, ATTEMPT).unwrap();
    let made = Command::new("cc").args(["-static", "-O1", "-o"]).arg(&attempt).arg(&source).status().unwrap();
    assert!(made.success(), "the program of attempts cannot be made");
    fs::remove_file(source).unwrap();
    let as_root = programs.join("attempt-as-root");
    fs::copy(attempt, &as_root).unwrap();
    let (folder, file) = (root.join("for-all"), root.join("for-root"));
    fs::create_dir(&folder).unwrap();
    fs::write(&file, "root's").unwrap();
    for (path, mode) in [(as_root, 0o4755), (folder, 0o1777), (file, 0o600)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}
