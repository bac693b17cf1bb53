//! A slice without a browser or a database, for the tests of the orchestrator: it serves the same few routes over
//! mutual TLS and takes its page's state from files that a test writes.
//!
//! In its folder `records`, `page.json` is what it says of its page, `crash` makes it end at once, `end` later,
//! `stubborn` deaf to TERM, `silent` mute; `doubled` is its own cry when it finds another start of itself alive. `busy`
//! says that somebody works, `browser_since` since when its browser runs, `over_quota` that its room is used up,
//! `unlinked_at` when its profile was deleted on demand. It obeys
//! `eat` (megabytes of memory), `fill` (megabytes and a file in its profile) and `spin` once, and takes them away then: the
//! next start is a sound one. As `probe` it tells what a process in its place can see and reach.

mod probe;

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use queunir_core::{
    link::PageState,
    slice::{SliceHealth, SliceSpec, StopReason},
};
use queunir_service::tls::{self, TlsListener};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

/// How often the desk is looked at.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Page {
    state: PageState,
    stop_reason: Option<StopReason>,
}

#[derive(Clone)]
struct Stub {
    spec: Arc<SliceSpec>,
    desk: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|role| role == "probe") {
        return probe::run(&arguments[1..]).await;
    }
    let path = arguments.get(2).ok_or(io::ErrorKind::InvalidInput)?;
    let spec: SliceSpec = serde_json::from_str(&fs::read_to_string(path)?)?;
    // As the real slice does, before anything else.
    let _held = match &spec.lock_file {
        Some(lock) => Some(locked(lock)?),
        None => None,
    };
    let stub = Stub { desk: spec.records_dir.clone(), spec: Arc::new(spec) };
    println!("generation {} starts as user {}", stub.spec.generation, rustix::process::geteuid().as_raw());
    if stub.desk.join("crash").exists() {
        return Err(io::Error::other("told to crash"));
    }
    let alive = OpenOptions::new().create(true).append(true).open(stub.spec.profile_dir.join("alive"))?;
    if flock(&alive, FlockOperation::NonBlockingLockExclusive).is_err() {
        fs::write(stub.desk.join("doubled"), "")?;
    }
    // Of the start before.
    stub.take("browser_since");
    let state = if stub.spec.start_linked { PageState::Qr } else { PageState::NoBrowser };
    stub.show(state, None)?;
    // Proves that the secrets are readable as this user.
    fs::read_to_string(&stub.spec.password_file)?;
    let spec = &stub.spec;
    let config = tls::server_config(&spec.cert_file, &spec.key_file, &spec.ca_file, &[tls::GATEWAY, tls::ORCHESTRATOR])
        .map_err(io::Error::other)?;
    let listener = TlsListener::bind((spec.bind, spec.port).into(), config).await?;
    let greedy = stub.clone();
    thread::spawn(move || greedy.be_greedy());
    let router = Router::new()
        .route("/api/health", get(health))
        .route("/api/status/initialize", post(initialize))
        .route("/internal/browser/stop", post(stop))
        .with_state(stub.clone());
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served,
        () = told_to_end(&stub) => Ok(()),
    }
}

fn locked(lock: &Path) -> io::Result<File> {
    let file = File::open(lock)?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    Ok(file)
}

impl Stub {
    /// Does what a test asks for, as long as the process lives.
    fn be_greedy(&self) {
        let mut eaten: Vec<Vec<u8>> = Vec::new();
        loop {
            if let Some(megabytes) = self.take("eat").and_then(|text| text.trim().parse::<usize>().ok()) {
                eaten.push(vec![1; megabytes << 20]);
            }
            if let Some((megabytes, file)) = self.take("fill").as_deref().and_then(|text| text.split_once(' ')) {
                let path = self.spec.profile_dir.join(file);
                let written = path
                    .parent()
                    .map_or(Ok(()), fs::create_dir_all)
                    .and_then(|()| fs::write(path, vec![1; megabytes.parse::<usize>().unwrap_or_default() << 20]));
                println!("filled: {written:?}");
            }
            if self.take("spin").is_some() {
                // Several, so that a core is used also where others want it.
                for _ in 0..8 {
                    thread::spawn(|| {
                        let began = Instant::now();
                        while began.elapsed() < Duration::from_secs(600) {
                            std::hint::spin_loop();
                        }
                    });
                }
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a file of the test says, which is gone then.
    fn take(&self, name: &str) -> Option<String> {
        let path = self.desk.join(name);
        let text = fs::read_to_string(&path).ok()?;
        fs::remove_file(path).ok()?;
        Some(text)
    }

    fn show(&self, state: PageState, stop_reason: Option<StopReason>) -> io::Result<()> {
        let unfinished = self.desk.join("page.new");
        fs::write(&unfinished, serde_json::to_string(&Page { state, stop_reason })?)?;
        fs::rename(unfinished, self.desk.join("page.json"))
    }
}

async fn told_to_end(stub: &Stub) {
    let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
    loop {
        tokio::select! {
            _ = term.recv() => if !stub.desk.join("stubborn").exists() { return },
            () = sleep(LOOK) => if stub.desk.join("end").exists() { return },
        }
    }
}

async fn health(State(stub): State<Stub>) -> Result<Json<SliceHealth>, StatusCode> {
    if stub.desk.join("silent").exists() {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let text = fs::read_to_string(stub.desk.join("page.json")).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let page: Page = serde_json::from_str(&text).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(SliceHealth {
        status: "ok".to_owned(),
        version: "stub".to_owned(),
        generation: stub.spec.generation,
        state: page.state,
        stop_reason: page.stop_reason,
        phone: (page.state == PageState::Linked).then(|| "+5511987654321".to_owned()),
        chats: 3,
        messages: 40,
        reader_alarm: false,
        reader_misses: Vec::new(),
        condition: None,
        contacts: 2,
        last_inbound_at: None,
        browser_since: fs::read_to_string(stub.desk.join("browser_since")).ok().and_then(|text| text.parse().ok()),
        quiet: !stub.desk.join("busy").exists(),
        over_quota: stub.desk.join("over_quota").exists(),
        unlinked_at: fs::read_to_string(stub.desk.join("unlinked_at")).ok().and_then(|text| text.parse().ok()),
    }))
}

async fn initialize(State(stub): State<Stub>) -> StatusCode {
    stub.show(PageState::Qr, None).map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::ACCEPTED)
}

#[derive(Deserialize)]
struct Stop {
    reason: StopReason,
}

async fn stop(State(stub): State<Stub>, Json(stop): Json<Stop>) -> StatusCode {
    stub.show(PageState::NoBrowser, Some(stop.reason))
        .map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::ACCEPTED)
}
