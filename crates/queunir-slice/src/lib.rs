//! One tenant's service: the link to WhatsApp, its messages, its events and its outbox, behind one mTLS port.

pub mod acts;
pub mod api;
pub mod app;
pub mod archived;
pub mod browser;
pub mod clock;
pub mod collection;
pub mod events;
pub mod first_contacts;
pub mod folded;
pub mod guided;
pub mod history;
pub mod ingest;
pub mod link;
pub mod media;
pub mod merge;
pub mod new_chats;
pub mod opt_out_file;
pub mod order;
pub mod outgoing;
pub mod parting;
pub mod past;
pub mod people;
pub mod presence;
pub mod reading;
pub mod records;
pub mod restored;
pub mod router;
pub mod viewers;
pub mod vitals;
pub mod wake;
mod worker;

use std::{
    fs::{File, TryLockError},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use queunir_core::slice::SliceSpec;
use queunir_db::{
    Endpoint,
    slice::{SliceDb, fence},
};
use queunir_service::{
    clock::SystemClock,
    lifecycle::{DRAIN, Lifecycle, serve_patiently},
    strict::Patience,
    tls::{self, Peer, TlsListener},
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    browser::{Chromium, Launcher},
};

/// What the reader sees in a saved page; the executable reaches the reader through the slice alone.
pub use queunir_whatsapp::inspect;
/// Whether a fact holds on a live page.
pub use queunir_whatsapp::page::facts::Holds;
pub use router::openapi;

/// Connections to the tenant's database. Fewer, and a slow query holds up the stream; more, and ten thousand tenants
/// exhaust the server.
const CONNECTIONS: u32 = 4;

/// Time to get the slice's lock. Too small mistakes a look for a living slice; longer only delays saying so.
const LOCK_LIMIT: Duration = Duration::from_millis(300);

/// Runs a slice until `stop`.
///
/// # Errors
/// When the spec cannot be served: wrong generation, no database, no certificate, no port.
pub async fn run(spec: SliceSpec, stop: CancellationToken) -> anyhow::Result<()> {
    // Before anything of the slice is touched, and until this process ends.
    let _held = match &spec.lock_file {
        Some(lock) => Some(hold(lock).await?),
        None => None,
    };
    let password = tokio::fs::read_to_string(&spec.password_file).await.context("reading the database password")?;
    let endpoint = Endpoint {
        socket: spec.database_socket.clone(),
        port: spec.database_port,
        database: spec.database.clone(),
        role: spec.role.clone(),
        password: password.trim_end_matches('\n').into(),
    };
    let db = SliceDb::open(&endpoint, CONNECTIONS).await?;
    check_fence(&db, spec.generation).await?;
    let tls = tls::server_config(&spec.cert_file, &spec.key_file, &spec.ca_file, &[tls::GATEWAY, tls::ORCHESTRATOR])?;
    let listener = TlsListener::bind((spec.bind, spec.port).into(), tls).await.context("opening the port")?;
    let life = Lifecycle::new(stop.clone());
    let launcher = Arc::new(Chromium::new(&spec));
    let app = start(spec, db.clone(), life.clone(), launcher).await?;
    tracing::info!(slice = %app.spec.slice, generation = app.spec.generation, port = app.spec.port, "slice is ready");
    // Bodies come at the pace of the gateway's clients; it loses patience first, and says so.
    let patience = Patience { body: 2 * Patience::default().body, ..Patience::default() };
    serve_patiently::<_, Peer>(listener, router::router(app), stop, patience).await;
    life.shut_down(DRAIN).await;
    db.close().await;
    Ok(())
}

/// Takes the slice's lock, which another start of it may hold, in whatever runtime it lives. A runtime that looks whether
/// one lives holds it for a moment.
async fn hold(lock: &Path) -> anyhow::Result<File> {
    let file = File::open(lock).with_context(|| format!("opening {}", lock.display()))?;
    let deadline = Instant::now() + LOCK_LIMIT;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => sleep(Duration::from_millis(5)).await,
            Err(TryLockError::WouldBlock) => bail!("another start of this slice still runs"),
            Err(TryLockError::Error(error)) => return Err(error).context("locking the slice"),
        }
    }
}

/// Refuses to touch anything unless this generation is the one that may write.
async fn check_fence(db: &SliceDb, mine: i64) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let holds = fence::generation(&mut tx).await?;
    if holds != mine {
        bail!("generation {holds} holds the fence, this is generation {mine}");
    }
    Ok(())
}

/// Starts the loops of a slice around its store; the caller serves its router.
///
/// # Errors
/// When the database fails.
pub async fn start(spec: SliceSpec, db: SliceDb, life: Lifecycle, launcher: Arc<dyn Launcher>) -> anyhow::Result<App> {
    let (app, orders) = App::assemble(spec, db, SystemClock::shared(), life.clone(), launcher.thumbnails()).await?;
    restored::check(&app).await?;
    clock::recall(&app).await?;
    let book = history::Book::open(&app).await?;
    life.spawn(clock::watch(app.clone()));
    life.spawn(book.keep(app.clone()));
    life.spawn(browser::keep(app.clone(), launcher, orders));
    life.spawn(reading::run(app.clone()));
    life.spawn(archived::run(app.clone()));
    life.spawn(media::run(app.clone()));
    life.spawn(media::pictures::run(app.clone()));
    life.spawn(acts::Worker::new(app.clone()).run());
    life.spawn(outgoing::Worker::new(app.clone()).run());
    life.spawn(vitals::run(app.clone()));
    life.spawn(tidy(app.clone()));
    Ok(app)
}

/// Forgets old events and records once an hour.
async fn tidy(app: App) {
    let stop = app.life.soft();
    let mut tick = tokio::time::interval(Duration::from_secs(3600));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = events::log::trim(&app.db).await {
            tracing::warn!(%error, "old events were not forgotten");
        }
        if let Err(error) = history::trim(&app).await {
            tracing::warn!(%error, "the old history of the link was not forgotten");
        }
        if let Err(error) = app.records.forget(app.now()).await {
            tracing::warn!(%error, "old records of the page were not removed");
        }
    }
}
