//! The orchestrator's way to talk to a slice, over mutual TLS, by name and generation.
//!
//! A slice at rest is asked every few seconds for as long as it runs, so the line for that is kept open: a handshake
//! costs both sides a hundred times what the question does. Orders have a line each: one that was perhaps taken must not
//! be given twice because an old line broke.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper_util::rt::TokioIo;
use queunir_core::{
    id::SliceId,
    slice::{SliceHealth, StopReason},
};
use queunir_service::tls::{self, TlsError};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::task::TaskTracker;

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

/// What a request is written to.
type Sender = SendRequest<Full<Bytes>>;
/// What carries it; to be driven as long as the sender is used.
type Carrier = Connection<TokioIo<TlsStream<TcpStream>>, Full<Bytes>>;

/// Talks to slices as `orchestrator`.
#[derive(Clone)]
pub struct SliceClient {
    config: Arc<RwLock<Arc<ClientConfig>>>,
    /// Lines that wait for the next question, one a slice at most.
    lines: Arc<Mutex<HashMap<SliceId, (Address, Sender)>>>,
    carriers: TaskTracker,
}

impl SliceClient {
    /// Reads the orchestrator's identity.
    ///
    /// # Errors
    /// When a file is missing or they do not belong together.
    pub fn new(identity: &Identity) -> Result<Self, TlsError> {
        let config = Arc::new(RwLock::new(read(identity)?));
        Ok(Self { config, lines: Arc::default(), carriers: TaskTracker::new() })
    }

    /// Reads the identity again after it was signed anew; all clones use the new one.
    ///
    /// # Errors
    /// As [`Self::new`]; the old identity stays in use then.
    pub fn reload(&self, identity: &Identity) -> Result<(), TlsError> {
        let fresh = read(identity)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    /// Asks for the slice's own evidence of its health.
    ///
    /// # Errors
    /// When it does not answer, or not as this generation.
    pub async fn health(&self, address: Address) -> Result<SliceHealth, CallError> {
        let ask = self.ask(address, "/api/health");
        let (status, body) = tokio::time::timeout(LIMIT, ask).await.map_err(|_| CallError::Slow)??;
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
        let exchange = self.exchange(address, Method::POST, path, body, MAX_ANSWER);
        let (status, _) = tokio::time::timeout(LIMIT, exchange).await.map_err(|_| CallError::Slow)??;
        if status.is_success() { Ok(()) } else { Err(CallError::Refused(status)) }
    }

    /// Asks over the line that is kept for the slice, or over a new one, which is kept then.
    async fn ask(&self, address: Address, path: &str) -> Result<(StatusCode, Bytes), CallError> {
        let kept = self.lines.lock().unwrap_or_else(PoisonError::into_inner).remove(&address.slice);
        if let Some((_, mut sender)) = kept.filter(|(of, sender)| *of == address && !sender.is_closed()) {
            // A slice may have closed an old line; only a new one says how things are.
            if let Ok(answer) = send(&mut sender, address, Method::GET, path, None, MAX_ANSWER).await {
                self.keep(address, sender);
                return Ok(answer);
            }
        }
        let (mut sender, carrier) = self.connect(address).await?;
        self.carriers.spawn(carrier);
        let answer = send(&mut sender, address, Method::GET, path, None, MAX_ANSWER).await?;
        self.keep(address, sender);
        Ok(answer)
    }

    fn keep(&self, address: Address, sender: Sender) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|_, (_, sender)| !sender.is_closed());
        lines.insert(address.slice, (address, sender));
    }

    async fn connect(&self, address: Address) -> Result<(Sender, Carrier), CallError> {
        let name = tls::slice_server_name(address.slice, address.generation).map_err(|_| CallError::Nonsense)?;
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, address.port)).await.map_err(CallError::Connect)?;
        stream.set_nodelay(true).map_err(CallError::Connect)?;
        let connector = TlsConnector::from(Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)));
        let stream = connector.connect(name, stream).await.map_err(CallError::Connect)?;
        handshake(TokioIo::new(stream)).await.map_err(CallError::Broken)
    }

    /// One request over a line of its own.
    async fn exchange(
        &self,
        address: Address,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
        most: usize,
    ) -> Result<(StatusCode, Bytes), CallError> {
        let (mut sender, carrier) = self.connect(address).await?;
        let answer = send(&mut sender, address, method, path, body, most);
        // The line is driven beside the exchange and ends with it.
        tokio::pin!(answer, carrier);
        let mut open = true;
        loop {
            tokio::select! {
                done = &mut answer => return done,
                // A line that ends first has handed over what it had.
                _ = &mut carrier, if open => open = false,
            }
        }
    }
}

/// Sends a request and takes the whole answer.
async fn send(
    sender: &mut Sender,
    address: Address,
    method: Method,
    path: &str,
    body: Option<serde_json::Value>,
    most: usize,
) -> Result<(StatusCode, Bytes), CallError> {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", tls::slice_name(address.slice, address.generation))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|_| CallError::Nonsense)?;
    sender.ready().await.map_err(CallError::Broken)?;
    let response = sender.send_request(request).await.map_err(CallError::Broken)?;
    let status = response.status();
    let body = Limited::new(response.into_body(), most).collect().await;
    Ok((status, body.map_err(|_| CallError::Nonsense)?.to_bytes()))
}

fn read(identity: &Identity) -> Result<Arc<ClientConfig>, TlsError> {
    tls::client_config(&identity.cert, &identity.key, &identity.ca)
}
