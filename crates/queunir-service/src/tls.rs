//! Mutual TLS between gateway, orchestrator and slices: TLS 1.3, own CA, names checked on both sides (ISO-15).
//!
//! Leafs are PEM files that the orchestrator writes: the gateway's and the orchestrator's carry the extended usage
//! *client*, a slice's the usage *server*. A slice's name holds its generation (`slice-N.gG`), so a certificate of an
//! earlier start opens nothing.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use queunir_core::id::SliceId;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme,
    client::{Resumption, danger::HandshakeSignatureValid},
    crypto::{CryptoProvider, aws_lc_rs},
    server::{
        WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// The gateway's name in its certificate.
pub const GATEWAY: &str = "gateway";
/// The orchestrator's name in its certificate.
pub const ORCHESTRATOR: &str = "orchestrator";
/// How long a client may take for its handshake.
/// Too small refuses a loaded host; too large lets silent clients hold places.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(5);
/// Handshakes under way at once. Too small lets a few silent clients delay others; too large costs memory only.
const MAX_HANDSHAKES: usize = 256;

/// Why a TLS configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A PEM file is missing, unreadable or holds something else.
    #[error("cannot use {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: rustls_pki_types::pem::Error,
    },
    /// Files that do not belong together, or an unusable CA.
    #[error("certificate, key and CA do not work together")]
    Config(#[source] Error),
    /// The CA cannot verify anything.
    #[error("the CA cannot verify clients")]
    Verifier(#[source] rustls::server::VerifierBuilderError),
}

/// The name in a slice's certificate: number and generation.
#[must_use]
pub fn slice_name(slice: SliceId, generation: i64) -> String {
    format!("slice-{slice}.g{generation}")
}

/// A server that accepts only clients of this CA whose certificate bears one of the `allowed` names.
///
/// # Errors
/// When a file is missing or they do not belong together.
pub fn server_config(cert: &Path, key: &Path, ca: &Path, allowed: &[&str]) -> Result<Arc<ServerConfig>, TlsError> {
    let provider = provider();
    let inner = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(ca)?), provider.clone())
        .build()
        .map_err(TlsError::Verifier)?;
    let verifier = NamedClients { inner, allowed: allowed.iter().map(|name| (*name).to_owned()).collect() };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Config)?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(certificates(cert)?, private_key(key)?)
        .map_err(TlsError::Config)?;
    // No resumption: every connection proves its name anew.
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// A client that shows its certificate and trusts only this CA; the caller names the server it expects.
///
/// # Errors
/// When a file is missing or they do not belong together.
pub fn client_config(cert: &Path, key: &Path, ca: &Path) -> Result<Arc<ClientConfig>, TlsError> {
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Config)?
        .with_root_certificates(roots(ca)?)
        .with_client_auth_cert(certificates(cert)?, private_key(key)?)
        .map_err(TlsError::Config)?;
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// Who is at the other end of a connection; handlers get it as `ConnectInfo<Peer>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The allowed name in the client's certificate.
    pub name: String,
    /// Where it connects from.
    pub address: SocketAddr,
}

/// Accepts TLS connections; each handshake is its own task with a time limit, so a silent client blocks nobody.
pub struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, Peer)>>,
}

impl TlsListener {
    /// Listens on `address`.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr, config: Arc<ServerConfig>) -> io::Result<Self> {
        Ok(Self::new(TcpListener::bind(address).await?, config))
    }

    /// Takes over a listening socket.
    #[must_use]
    pub fn new(tcp: TcpListener, config: Arc<ServerConfig>) -> Self {
        Self { tcp, acceptor: TlsAcceptor::from(config), handshakes: JoinSet::new() }
    }

    /// The socket's own address.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    fn greet(&mut self, stream: TcpStream, address: SocketAddr) {
        let acceptor = self.acceptor.clone();
        self.handshakes.spawn(async move {
            match tokio::time::timeout(HANDSHAKE_LIMIT, handshake(acceptor, stream, address)).await {
                Ok(Ok(connection)) => Some(connection),
                Ok(Err(error)) => {
                    tracing::warn!(peer.address = %address, error = %error, "refused a connection");
                    None
                }
                Err(_) => {
                    tracing::warn!(peer.address = %address, "a handshake took too long");
                    None
                }
            }
        });
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = Peer;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let room = self.handshakes.len() < MAX_HANDSHAKES;
            tokio::select! {
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
                accepted = self.tcp.accept(), if room => match accepted {
                    Ok((stream, address)) => self.greet(stream, address),
                    Err(error) => {
                        tracing::warn!(error = %error, "accept failed");
                        // Usually no file descriptors are left; a pause lets some return.
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { name: String::new(), address: self.tcp.local_addr()? })
    }
}

async fn handshake(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    address: SocketAddr,
) -> io::Result<(TlsStream<TcpStream>, Peer)> {
    stream.set_nodelay(true)?;
    let stream = acceptor.accept(stream).await?;
    let leaf = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let name = leaf.and_then(|leaf| dns_names(leaf).ok()).and_then(|names| names.into_iter().next());
    let name = name.ok_or_else(|| io::Error::other("the client has no name"))?;
    Ok((stream, Peer { name, address }))
}

/// Verifies as rustls does, then wants the leaf to have exactly one name and that name to be allowed.
#[derive(Debug)]
struct NamedClients {
    inner: Arc<dyn ClientCertVerifier>,
    allowed: Vec<String>,
}

impl ClientCertVerifier for NamedClients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now)?;
        match dns_names(end_entity)?.as_slice() {
            [name] if self.allowed.contains(name) => Ok(verified),
            _ => Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn dns_names(leaf: &CertificateDer<'_>) -> Result<Vec<String>, Error> {
    let leaf =
        webpki::EndEntityCert::try_from(leaf).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    Ok(leaf.valid_dns_names().map(str::to_owned).collect())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = || CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>();
    let found = read().map_err(|source| TlsError::File { path: path.to_owned(), source })?;
    if found.is_empty() {
        return Err(TlsError::File { path: path.to_owned(), source: rustls_pki_types::pem::Error::NoItemsFound });
    }
    Ok(found)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|source| TlsError::File { path: path.to_owned(), source })
}

fn roots(ca: &Path) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(TlsError::Config)?;
    }
    Ok(roots)
}

/// A slice's name as TLS wants it.
///
/// # Errors
/// Never for real numbers; the type has to say it could.
pub fn slice_server_name(slice: SliceId, generation: i64) -> Result<ServerName<'static>, TlsError> {
    ServerName::try_from(slice_name(slice, generation))
        .map_err(|_| TlsError::Config(Error::General("a slice has an impossible name".to_owned())))
}
