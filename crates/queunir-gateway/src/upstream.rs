//! Connections to slices: loopback, mutual TLS, number and generation checked on every one (ISO-15).

use std::{
    error::Error,
    future::Future,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use axum::body::Body;
use http::{HeaderMap, Request, Response, Uri, header, uri::PathAndQuery};
use http_body::Body as _;
use hyper::{body::Incoming, rt};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{Connected, Connection, capture_connection},
    },
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use queunir_core::id::SliceId;
use queunir_db::control::wanted::Place;
use queunir_service::{strict::Patience, tls};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tower::Service;

/// Connect and handshake on loopback. Too small fails under load; too large makes a dead slice slow to report.
const CONNECT: Duration = Duration::from_secs(2);
/// Below the slice's own keep-alive, so that no request meets a closing connection.
const KEEP_IDLE: Duration = Duration::from_secs(20);
/// Connections kept to each slice. Too few makes handshakes under load; too many only waits for [`KEEP_IDLE`].
const KEEP: usize = 32;
/// Headers and bytes of an answer's head. Ours have a dozen; a hostile slice could send for ever.
const ANSWER_HEADERS: usize = 64;
const ANSWER_HEAD: usize = 64 * 1024;

/// How long slices may keep us waiting; event streams, which are quiet by nature, only for their head.
#[derive(Clone, Copy, Debug)]
pub struct SlicePatience {
    /// Until the answer's head, not counting the time that the request's body takes at its slowest.
    /// Too small cuts off honest work; too large lets requests pile up before a hung slice.
    pub head: Duration,
    /// Between two pieces of an answer.
    pub stall: Duration,
    /// Until the answer's end. Too small cuts off slow browsers; too large lets a trickle hold a connection.
    pub whole: Duration,
}

impl Default for SlicePatience {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), stall: Duration::from_secs(30), whole: Duration::from_secs(600) }
    }
}

/// Where one generation of a slice answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) slice: SliceId,
    pub(crate) generation: i64,
    pub(crate) port: u16,
}

impl Target {
    /// The address in a row, once it has one.
    pub(crate) fn of(place: &Place) -> Option<Self> {
        Some(Self { slice: place.slice, generation: place.generation, port: place.port? })
    }

    /// The address of a path there; name, generation and port are the key under which connections are kept.
    pub(crate) fn uri(self, path: &PathAndQuery) -> Result<Uri, http::Error> {
        let name = tls::slice_name(self.slice, self.generation);
        Uri::builder().scheme("https").authority(format!("{name}:{}", self.port)).path_and_query(path.clone()).build()
    }
}

/// Why a slice gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpstreamError {
    /// Nobody listens, or our own certificate is not there yet.
    #[error("not reachable")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// Somebody listens who is not this generation of this slice. Nothing was sent.
    #[error("somebody else answers at its port")]
    Stranger(#[source] Box<dyn Error + Send + Sync>),
    /// No answer in time.
    #[error("no answer in time")]
    Silent,
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
    /// What came was not HTTP, or too much of it.
    #[error("the answer cannot be read")]
    Nonsense(#[source] Box<dyn Error + Send + Sync>),
    /// The browser did not send the whole body.
    #[error("the request's body did not come whole")]
    Unsent(#[source] Box<dyn Error + Send + Sync>),
}

/// All slices.
pub(crate) struct Slices {
    client: Client<Connector, Body>,
    patience: SlicePatience,
}

impl Slices {
    pub(crate) fn new(tls_dir: &Path, patience: SlicePatience) -> Self {
        let connector =
            Connector { identity: Arc::new(Identity { dir: tls_dir.to_owned(), loaded: Mutex::new(None) }) };
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(KEEP_IDLE)
            .pool_max_idle_per_host(KEEP)
            .pool_timer(TokioTimer::new())
            .http1_max_headers(ANSWER_HEADERS)
            .http1_max_buf_size(ANSWER_HEAD)
            .build(connector);
        Self { client, patience }
    }

    /// Sends a request whose address is a [`Target::uri`]; dropping the future or the body ends it at the slice, too.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Result<Response<Incoming>, UpstreamError> {
        let body = Duration::from_secs(request.body().size_hint().lower() / Patience::BODY_RATE);
        let connection = capture_connection(&mut request);
        match timeout(self.patience.head + body, self.client.request(request)).await {
            Ok(Ok(response)) if has_one_framing(response.headers()) => Ok(response),
            Ok(Ok(_)) => {
                // Where one of its answers ends, two readers would not agree; no other is read from this line.
                connection.connection_metadata().iter().for_each(Connected::poison);
                Err(UpstreamError::Nonsense("its length is said in two ways".into()))
            }
            Ok(Err(error)) => Err(classify(error)),
            Err(_) => Err(UpstreamError::Silent),
        }
    }
}

fn has_one_framing(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let lengths = headers.get_all(header::CONTENT_LENGTH).iter().count();
    match (encodings.next(), encodings.next()) {
        (None, _) => lengths <= 1,
        (Some(encoding), None) => lengths == 0 && encoding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    }
}

fn classify(error: hyper_util::client::legacy::Error) -> UpstreamError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        match current.downcast_ref::<ConnectError>() {
            Some(ConnectError::Stranger(_)) => return UpstreamError::Stranger(error.into()),
            Some(_) => return UpstreamError::Unreachable(error.into()),
            None => {}
        }
        match current.downcast_ref::<hyper::Error>() {
            Some(http) if http.is_user() => return UpstreamError::Unsent(error.into()),
            Some(http) if http.is_parse() => return UpstreamError::Nonsense(error.into()),
            _ => cause = current.source(),
        }
    }
    if error.is_connect() { UpstreamError::Unreachable(error.into()) } else { UpstreamError::Broken(error.into()) }
}

#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error("not a slice's address")]
    Address,
    #[error("no connection in time")]
    Late,
    #[error("no connection")]
    Tcp(#[source] io::Error),
    #[error("the gateway has no certificate")]
    Identity(#[source] Box<dyn Error + Send + Sync>),
    #[error("the certificate is not this slice's")]
    Stranger(#[source] io::Error),
}

/// Our certificate; read again when the orchestrator has written a new one.
struct Identity {
    dir: PathBuf,
    loaded: Mutex<Option<(Stamp, Arc<ClientConfig>)>>,
}

type Stamp = [(u64, Option<SystemTime>); 3];

impl Identity {
    fn config(&self) -> Result<Arc<ClientConfig>, ConnectError> {
        let [cert, key, ca] = ["gateway.pem", "gateway.key", "ca.pem"].map(|name| self.dir.join(name));
        let stamp = |path: &Path| {
            let meta = std::fs::metadata(path).map_err(|error| ConnectError::Identity(error.into()))?;
            Ok::<_, ConnectError>((meta.len(), meta.modified().ok()))
        };
        let now = [stamp(&cert)?, stamp(&key)?, stamp(&ca)?];
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, config)) = loaded.as_ref()
            && *then == now
        {
            return Ok(config.clone());
        }
        let config = tls::client_config(&cert, &key, &ca).map_err(|error| ConnectError::Identity(error.into()))?;
        *loaded = Some((now, config.clone()));
        Ok(config)
    }
}

#[derive(Clone)]
struct Connector {
    identity: Arc<Identity>,
}

impl Connector {
    async fn connect(self, uri: Uri) -> Result<SliceConnection, ConnectError> {
        let (Some(host), Some(port)) = (uri.host(), uri.port_u16()) else { return Err(ConnectError::Address) };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| ConnectError::Address)?;
        let config = self.identity.config()?;
        let tcp = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(ConnectError::Tcp)?;
        tcp.set_nodelay(true).map_err(ConnectError::Tcp)?;
        let tls = TlsConnector::from(config).connect(name, tcp).await.map_err(|error| {
            let by_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            if by_tls { ConnectError::Stranger(error) } else { ConnectError::Tcp(error) }
        })?;
        Ok(SliceConnection(TokioIo::new(tls)))
    }
}

impl Service<Uri> for Connector {
    type Response = SliceConnection;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<SliceConnection, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { timeout(CONNECT, connector.connect(uri)).await.unwrap_or(Err(ConnectError::Late)) })
    }
}

/// An open line to one generation of one slice.
struct SliceConnection(TokioIo<TlsStream<TcpStream>>);

impl Connection for SliceConnection {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl rt::Read for SliceConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl rt::Write for SliceConnection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
