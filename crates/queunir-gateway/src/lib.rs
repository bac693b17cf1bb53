//! The front door: sessions, the caller's slice behind mTLS, live events, and the web app.

mod answer_body;
mod app;
mod client_address;
mod connect;
mod csrf;
mod events;
mod housekeeping;
mod info;
mod metrics;
mod operator;
mod proxy;
mod router;
mod security_headers;
mod session;
mod sse;
mod strangers;
mod streams;
mod tenant;
mod upstream;
mod web;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context;
use axum::serve::ListenerExt;
use queunir_db::{Endpoint, control::ControlDb};
use queunir_service::lifecycle::{self, Lifecycle};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use app::{App, Limits};
pub use queunir_db::control::throttles::Rate;
pub use queunir_service::strict::Patience;
pub use session::memory::SESSION_MEMORY;
pub use upstream::SlicePatience;

/// Connections to the control database. Too few makes requests wait for each other; too many starves the slices.
const POOL: u32 = 16;

/// Everything the gateway needs to know.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Where it listens; loopback.
    pub listen: SocketAddr,
    /// The control database as role `queunir_gw`.
    pub database: Endpoint,
    /// Directory of `gateway.pem`, `gateway.key` and `ca.pem`; they may appear later.
    pub tls_dir: PathBuf,
    /// The address people type, without a slash at its end; its origin is the only one that may write.
    pub public_url: String,
    /// Whether strangers may sign up.
    pub sign_up: bool,
    /// The demo's phone page.
    pub phone_url: Option<String>,
    /// What opens the operator's routes under `/orchestrator`, at least 32 characters; they are not there without.
    pub orchestrator_key: Option<SecretString>,
    /// Attempts allowed.
    pub limits: Limits,
    /// How long clients may keep us waiting.
    pub client_patience: Patience,
    /// How long slices may.
    pub slice_patience: SlicePatience,
    /// How long a session is remembered that nobody changed, [`SESSION_MEMORY`]; zero asks the tables each time.
    pub session_memory: Duration,
    /// The document served at `/api/openapi.json`.
    pub openapi: serde_json::Value,
}

/// Serves until `stop`.
///
/// # Errors
/// When the database or the address cannot be had, or the server fails.
pub async fn run(config: GatewayConfig, stop: CancellationToken) -> anyhow::Result<()> {
    let db = ControlDb::open(&config.database, POOL).await.context("cannot open the control database")?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    tracing::info!(address = %config.listen, "the gateway listens");
    serve(config, db, listener, stop).await
}

/// Serves on a socket that is already open; tests choose the port this way.
///
/// # Errors
/// When the server fails.
pub async fn serve(
    config: GatewayConfig,
    db: ControlDb,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let lifecycle = Lifecycle::new(stop);
    let patience = config.client_patience;
    let app = App::new(config, db, lifecycle.clone());
    lifecycle.spawn(housekeeping::watch_changes(app.clone()));
    lifecycle.spawn(housekeeping::clean_up(app.clone()));
    // Without it the kernel holds small events back until the browser has acknowledged the last one.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "a connection keeps its delay");
        }
    });
    lifecycle::serve_patiently::<_, SocketAddr>(listener, router::build(app), lifecycle.soft(), patience).await;
    lifecycle.shut_down(Duration::from_secs(5)).await;
    Ok(())
}

/// The gateway's own part of the API description.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    router::openapi()
}
