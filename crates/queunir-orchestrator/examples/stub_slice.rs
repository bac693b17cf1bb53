//! A slice without a browser or a database, for the tests of the orchestrator: it serves the same few routes over
//! mutual TLS and takes its page's state from files that a test writes.
//!
//! `run/page.json` is what it says of its page, `run/crash` makes it end at once, `run/stubborn` deaf to TERM,
//! `run/silent` mute; `run/doubled` is its own cry when it finds another start of itself alive.

use std::{
    fs::{self, OpenOptions},
    io,
    net::Ipv4Addr,
    path::PathBuf,
    sync::Arc,
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

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Page {
    state: PageState,
    stop_reason: Option<StopReason>,
}

#[derive(Clone)]
struct Stub {
    spec: Arc<SliceSpec>,
    run: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let path = std::env::args().nth(3).ok_or(io::ErrorKind::InvalidInput)?;
    let spec: SliceSpec = serde_json::from_str(&fs::read_to_string(path)?)?;
    let run = spec.password_file.parent().map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let stub = Stub { spec: Arc::new(spec), run };
    println!("generation {} starts as user {}", stub.spec.generation, rustix::process::geteuid().as_raw());
    if stub.run.join("crash").exists() {
        return Err(io::Error::other("told to crash"));
    }
    let alive = OpenOptions::new().create(true).append(true).open(stub.spec.profile_dir.join("alive"))?;
    if flock(&alive, FlockOperation::NonBlockingLockExclusive).is_err() {
        fs::write(stub.run.join("doubled"), "")?;
    }
    let state = if stub.spec.start_linked { PageState::Qr } else { PageState::NoBrowser };
    stub.show(state, None)?;
    // Proves that the secrets are readable as this user.
    fs::read_to_string(&stub.spec.password_file)?;
    let spec = &stub.spec;
    let config = tls::server_config(&spec.cert_file, &spec.key_file, &spec.ca_file, &[tls::GATEWAY, tls::ORCHESTRATOR])
        .map_err(io::Error::other)?;
    let listener = TlsListener::bind((Ipv4Addr::LOCALHOST, spec.port).into(), config).await?;
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

impl Stub {
    fn show(&self, state: PageState, stop_reason: Option<StopReason>) -> io::Result<()> {
        let unfinished = self.run.join("page.new");
        fs::write(&unfinished, serde_json::to_string(&Page { state, stop_reason })?)?;
        fs::rename(unfinished, self.run.join("page.json"))
    }
}

async fn told_to_end(stub: &Stub) {
    let Ok(mut term) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else { return };
    loop {
        term.recv().await;
        if !stub.run.join("stubborn").exists() {
            return;
        }
    }
}

async fn health(State(stub): State<Stub>) -> Result<Json<SliceHealth>, StatusCode> {
    if stub.run.join("silent").exists() {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let text = fs::read_to_string(stub.run.join("page.json")).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
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
