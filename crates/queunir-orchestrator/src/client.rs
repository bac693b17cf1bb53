//! The orchestrator's way to talk to a slice: one request per connection, over mutual TLS, by name and generation.

use std::{
    net::Ipv4Addr,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use queunir_core::{
    id::SliceId,
    slice::{SliceHealth, StopReason},
};
use queunir_service::tls::{self, TlsError};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::pki::Identity;

/// Longest answer that is read. A health report has a few hundred bytes.
const MAX_ANSWER: usize = 64 * 1024;
/// The same for what a person looks at: a page's structure has a few hundred kilobytes.
const MAX_LOOK: usize = 2 * 1024 * 1024;
/// Time for such a look; the page itself is asked.
const LOOK_LIMIT: Duration = Duration::from_secs(30);
/// Time for one request. Too small takes a busy slice for a dead one; too large delays noticing a dead one.
const LIMIT: Duration = Duration::from_secs(5);

/// Which start of which slice, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its number.
    pub slice: SliceId,
    /// The start that must answer.
    pub generation: i64,
    /// Loopback port.
    pub port: u16,
}

/// What a slice answered, whatever it was.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Body; 2 MiB at most.
    pub body: Bytes,
}

/// A slice did not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens, or somebody else.
    #[error("cannot reach the slice")]
    Connect(#[source] std::io::Error),
    /// The connection broke.
    #[error("the slice broke off")]
    Broken(#[source] hyper::Error),
    /// It took too long.
    #[error("the slice did not answer in time")]
    Slow,
    /// Another status than wanted.
    #[error("the slice answered {0}")]
    Refused(StatusCode),
    /// Not what a slice says.
    #[error("the slice's answer makes no sense")]
    Nonsense,
}

/// Talks to slices as `orchestrator`.
#[derive(Clone)]
pub struct SliceClient {
    config: Arc<RwLock<Arc<ClientConfig>>>,
}

impl SliceClient {
    /// Reads the orchestrator's identity.
    ///
    /// # Errors
    /// When a file is missing or they do not belong together.
    pub fn new(identity: &Identity) -> Result<Self, TlsError> {
        Ok(Self { config: Arc::new(RwLock::new(read(identity)?)) })
    }

    /// Reads the identity again after it was signed anew; all clones use the new one.
    ///
    /// # Errors
    /// As [`Self::new`]; the old identity stays in use then.
    pub fn reload(&self, identity: &Identity) -> Result<(), TlsError> {
        let fresh = read(identity)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Asks for the slice's own evidence of its health.
    ///
    /// # Errors
    /// When it does not answer, or not as this generation.
    pub async fn health(&self, address: Address) -> Result<SliceHealth, CallError> {
        let (status, body) = self.call(address, Method::GET, "/api/health", None).await?;
        if status != StatusCode::OK && status != StatusCode::SERVICE_UNAVAILABLE {
            return Err(CallError::Refused(status));
        }
        let health: SliceHealth = serde_json::from_slice(&body).map_err(|_| CallError::Nonsense)?;
        if health.generation == address.generation { Ok(health) } else { Err(CallError::Nonsense) }
    }

    /// Asks for something with this identity, as it stands.
    ///
    /// # Errors
    /// When the slice does not answer.
    pub async fn get(&self, address: Address, path: &str) -> Result<Answer, CallError> {
        let exchange = self.exchange(address, Method::GET, path, None, MAX_LOOK);
        let (status, body) = tokio::time::timeout(LOOK_LIMIT, exchange).await.map_err(|_| CallError::Slow)??;
        Ok(Answer { status, body })
    }

    /// Starts the browser if none runs.
    ///
    /// # Errors
    /// When the slice does not accept.
    pub async fn start_browser(&self, address: Address) -> Result<(), CallError> {
        self.post(address, "/api/status/initialize", None).await
    }

    /// Ends the browser; the slice stays.
    ///
    /// # Errors
    /// When the slice does not accept.
    pub async fn stop_browser(&self, address: Address, reason: StopReason) -> Result<(), CallError> {
        self.post(address, "/internal/browser/stop", Some(serde_json::json!({ "reason": reason }))).await
    }

    async fn post(&self, address: Address, path: &str, body: Option<serde_json::Value>) -> Result<(), CallError> {
        let (status, _) = self.call(address, Method::POST, path, body).await?;
        if status.is_success() { Ok(()) } else { Err(CallError::Refused(status)) }
    }

    async fn call(
        &self,
        address: Address,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> Result<(StatusCode, Bytes), CallError> {
        tokio::time::timeout(LIMIT, self.exchange(address, method, path, body, MAX_ANSWER))
            .await
            .map_err(|_| CallError::Slow)?
    }

    async fn exchange(
        &self,
        address: Address,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
        most: usize,
    ) -> Result<(StatusCode, Bytes), CallError> {
        let name = tls::slice_server_name(address.slice, address.generation).map_err(|_| CallError::Nonsense)?;
        let host = tls::slice_name(address.slice, address.generation);
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, address.port)).await.map_err(CallError::Connect)?;
        stream.set_nodelay(true).map_err(CallError::Connect)?;
        let connector = TlsConnector::from(Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)));
        let stream = connector.connect(name, stream).await.map_err(CallError::Connect)?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(CallError::Broken)?;
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", host)
            .header("content-type", "application/json")
            .header("connection", "close")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| CallError::Nonsense)?;
        let answer = async {
            let response = sender.send_request(request).await.map_err(CallError::Broken)?;
            let status = response.status();
            let body = Limited::new(response.into_body(), most).collect().await;
            Ok((status, body.map_err(|_| CallError::Nonsense)?.to_bytes()))
        };
        // The connection is driven beside the exchange and ends with it.
        tokio::pin!(answer, connection);
        let mut open = true;
        loop {
            tokio::select! {
                done = &mut answer => return done,
                // A connection that ends first has handed over what it had.
                _ = &mut connection, if open => open = false,
            }
        }
    }
}

fn read(identity: &Identity) -> Result<Arc<ClientConfig>, TlsError> {
    tls::client_config(&identity.cert, &identity.key, &identity.ca)
}
