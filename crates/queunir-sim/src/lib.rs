//! A local WhatsApp Web: the page's server, a phone beside it, a control API and a ledger of what truly happened.

pub mod boot;
pub mod chance;
pub mod clock;
pub mod control;
pub mod customer;
pub mod hub;
pub mod journal;
pub mod ledger;
pub mod locale;
pub mod media;
pub mod phone;
pub mod picture;
pub mod scenario;
pub mod tls;
pub mod wire;
pub mod world;
pub mod ws;

use std::fmt::Debug;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use axum::serve::Listener;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::hub::Hub;
use crate::journal::Journal;
use crate::tls::{Authority, TlsListener, TlsSettings};
use crate::world::World;

/// The largest file a page may send; WhatsApp's own limit for documents is higher.
const UPLOAD_MOST: usize = 64 << 20;

/// How to start a simulator.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address; port 0 takes a free one. Loopback, or with `tls` an address of a private network.
    pub listen: SocketAddr,
    /// HTTPS instead of HTTP.
    pub tls: Option<TlsSettings>,
    /// Built-in name or path of the scenario.
    pub scenario: String,
    /// Where to keep what happens; nothing is kept without it.
    pub state: Option<PathBuf>,
    /// Divides every wait.
    pub speed: f64,
    /// Language of pages that name none; the scenario's if absent.
    pub locale: Option<String>,
}

/// A running simulator.
#[derive(Debug)]
pub struct Simulator {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its heart, for tests in the same process.
    pub hub: Arc<Hub>,
    tracker: TaskTracker,
}

impl Simulator {
    /// Starts listening; everything ends when `stop` is cancelled.
    pub async fn start(settings: Settings, stop: CancellationToken) -> anyhow::Result<Self> {
        check_address(&settings)?;
        let (world, journal) = match &settings.state {
            Some(path) => {
                let (journal, world) = Journal::open(path)?;
                (world, Some(journal))
            }
            None => (World::default(), None),
        };
        let locale = settings.locale.clone().or_else(|| world.accounts.values().next().map(|a| a.locale.clone()));
        let fresh = world.accounts.is_empty();
        let scenario = if fresh || locale.is_none() { Some(scenario::load(&settings.scenario)?) } else { None };
        let locale = locale.or_else(|| scenario.as_ref().map(|s| s.account.locale.clone())).unwrap_or_default();
        let hub = Arc::new(Hub::new(world, journal, settings.speed, locale));
        if let (true, Some(scenario)) = (fresh, &scenario) {
            let account = scenario.account(clock::now_ms())?;
            hub.with(|inner| inner.add_account(account))?;
        }
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("cannot listen on {}", settings.listen))?;
        let address = listener.local_addr()?;
        let tracker = TaskTracker::new();
        let app = router(Arc::clone(&hub), stop.clone());
        match &settings.tls {
            Some(tls) => {
                let authority = Authority::open(tls)?;
                let listener = TlsListener::new(listener, authority.server(&tls.names)?);
                let certificate = authority.certificate();
                let key_hash = authority.key_hash();
                tracing::info!(ca.certificate = %certificate.display(), ca.key_hash = %key_hash, "browsers have to trust the test CA");
                tracker.spawn(serve(listener, app, stop.clone()));
            }
            None => drop(tracker.spawn(serve(listener, app, stop.clone()))),
        }
        tracker.spawn(Arc::clone(&hub).run(stop));
        tracker.close();
        Ok(Self { address, hub, tracker })
    }

    /// Returns when everything has ended.
    pub async fn ended(&self) -> anyhow::Result<()> {
        self.tracker.wait().await;
        self.hub.with(hub::Inner::retire);
        Ok(())
    }
}

/// Whoever reaches it reads everything and needs no password: the machine itself may, and with TLS the containers on it.
fn check_address(settings: &Settings) -> anyhow::Result<()> {
    let ip = settings.listen.ip();
    let private = match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    if settings.tls.is_some() {
        anyhow::ensure!(ip.is_loopback() || private, "{ip} is neither a loopback address nor one of a private network");
    } else {
        anyhow::ensure!(ip.is_loopback(), "{ip} is not a loopback address");
    }
    Ok(())
}

async fn serve<L>(listener: L, app: Router, stop: CancellationToken)
where
    L: Listener,
    L::Addr: Debug,
{
    let ending = stop.clone();
    let server = axum::serve(listener, app);
    // Streams of the phone page have no end of their own, so the server is dropped instead of drained.
    tokio::select! {
        () = stop.cancelled() => {}
        result = server => {
            if let Err(error) = result {
                tracing::error!(error = %error, "the listener failed");
            }
        }
    }
    ending.cancel();
}

#[derive(Clone)]
struct Sockets {
    hub: Arc<Hub>,
    stop: CancellationToken,
}

fn router(hub: Arc<Hub>, stop: CancellationToken) -> Router {
    let locale = hub.with(|inner| inner.locale.clone());
    let boot_page = move |query| boot::page(locale.clone(), query);
    Router::new()
        .route("/", get(boot_page.clone()))
        .route("/send", get(boot_page))
        .route("/assets/{*path}", get(boot::asset))
        .route("/phone", get(phone::page))
        .route("/phone/{*path}", get(phone::file))
        .route("/_picture/{name}", get(picture::serve))
        .route("/_ws", get(socket))
        .with_state(Sockets { hub: Arc::clone(&hub), stop })
        .route("/_upload", post(media::upload).with_state(Arc::clone(&hub)).layer(DefaultBodyLimit::max(UPLOAD_MOST)))
        .route("/_media/{account}/{chat}/{key}/{index}", get(media::serve).with_state(Arc::clone(&hub)))
        .merge(control::router(hub))
}

async fn socket(State(sockets): State<Sockets>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(ws::FRAME_MOST).on_upgrade(|socket| ws::serve(socket, sockets.hub, sockets.stop))
}
