//! A state directory with certificates, and slices' specs and processes in it.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use queunir_core::{
    collection::CollectionLimits,
    id::SliceId,
    media::MediaLimits,
    slice::{Egress, Engine, Pacing, SliceSpec},
    time::Clock as _,
};
use queunir_orchestrator::{
    client::SliceClient,
    folders::SliceFolders,
    pki::{self, Pki},
    runtime::process::ProcessRuntime,
};
use queunir_service::clock::SystemClock;
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;

pub struct Host {
    pub dir: TempDir,
    pub pki: Pki,
    pub client: SliceClient,
}

impl Host {
    pub fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// One whose state directory is in a folder of the test's.
    pub fn within(folder: &Path) -> Self {
        let dir = tempfile::tempdir_in(folder).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).unwrap();
        let pki = pki::ensure(&dir.path().join("tls")).unwrap();
        let client = SliceClient::new(&pki.orchestrator()).unwrap();
        Self { dir, pki, client }
    }

    pub fn runtime(&self) -> ProcessRuntime {
        ProcessRuntime::new(self.dir.path(), &stub(), self.client.clone(), Arc::new(Notify::new())).unwrap()
    }

    pub fn folders(&self, slice: SliceId) -> SliceFolders {
        SliceFolders::new(self.dir.path(), slice)
    }

    /// Everything a start needs but the database.
    pub fn spec(&self, slice: SliceId, generation: i64) -> SliceSpec {
        let folders = self.folders(slice);
        folders.prepare().unwrap();
        let password_file = folders.write_password(&SecretString::from("x".to_owned())).unwrap();
        let identity =
            self.pki.issue_slice(&folders.tls(), slice, generation, folders.owner(), SystemClock.now()).unwrap();
        SliceSpec {
            slice,
            generation,
            epoch: 1,
            port: free_port(),
            bind: Ipv4Addr::LOCALHOST,
            lock_file: None,
            database_socket: "/nowhere/socket".into(),
            database_port: 5432,
            database: "none".into(),
            role: "none".into(),
            password_file,
            profile_dir: folders.session(),
            media_dir: folders.media(),
            records_dir: folders.records(),
            ca_file: identity.ca,
            cert_file: identity.cert,
            key_file: identity.key,
            whatsapp_url: "http://localhost/".into(),
            reader_profiles: "/nowhere/profiles".into(),
            locale: "en".into(),
            time_zone: "UTC".into(),
            engine: Engine::Chromium,
            egress: Egress::Direct,
            reading_mode: None,
            start_linked: true,
            pacing: Pacing::default(),
            media: MediaLimits::default(),
            collection: CollectionLimits::default(),
            disk_quota_bytes: 0,
        }
    }

    /// Tells the stub something by a file on its desk, a folder that it has in every runtime.
    pub fn tell(&self, slice: SliceId, file: &str, content: &str) {
        let path = self.folders(slice).records().join(file);
        let unfinished = path.with_extension("tmp");
        fs::write(&unfinished, content).unwrap();
        // The stub, another user as root, replaces and reads it.
        fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o666)).unwrap();
        fs::rename(unfinished, path).unwrap();
    }

    pub fn untell(&self, slice: SliceId, file: &str) {
        fs::remove_file(self.folders(slice).records().join(file)).unwrap();
    }

    pub fn page(&self, slice: SliceId, state: &str, stop_reason: Option<&str>) {
        self.tell(slice, "page.json", &json!({ "state": state, "stop_reason": stop_reason }).to_string());
    }

    /// The pid on record.
    pub fn pid(&self, slice: SliceId) -> i32 {
        let record: Value = serde_json::from_str(&fs::read_to_string(self.folders(slice).record()).unwrap()).unwrap();
        i32::try_from(record["pid"].as_i64().unwrap()).unwrap()
    }

    pub fn doubled(&self, slice: SliceId) -> bool {
        self.folders(slice).records().join("doubled").exists()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Slices survive their orchestrator on purpose; a test's must not survive the test.
        let Ok(slices) = fs::read_dir(self.dir.path().join("slices")) else { return };
        for slice in slices.flatten() {
            let Ok(text) = fs::read_to_string(slice.path().join("process.json")) else { continue };
            let Ok(record) = serde_json::from_str::<Value>(&text) else { continue };
            if let Some(pid) = record["pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()) {
                kill(pid);
            }
        }
    }
}

pub fn kill(pid: i32) {
    if let Some(pid) = rustix::process::Pid::from_raw(pid) {
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).ok();
    }
}

/// An odd port below those that outgoing connections use, with free ones after it.
pub fn free_port() -> u16 {
    loop {
        let port = rand::random_range(5_000_u16..16_000) * 2 + 1;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}

/// The stub that `cargo test` builds beside the tests.
pub fn stub() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().and_then(|deps| deps.parent()).unwrap().join("examples/stub_slice");
    assert!(path.exists(), "build it with `cargo build --examples -p queunir-orchestrator`");
    path
}
