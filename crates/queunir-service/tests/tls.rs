//! Who may talk to whom: real handshakes with certificates of the right and the wrong kind (ISO-15).
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts")]

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo, routing::get};
use queunir_core::id::SliceId;
use queunir_service::{
    lifecycle,
    tls::{self, Peer, TlsListener},
};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

struct Authority {
    dir: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        std::fs::write(dir.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { dir, issuer: Issuer::new(params, key) }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn leaf(&self, names: &[&str], usage: ExtendedKeyUsagePurpose) -> (std::path::PathBuf, std::path::PathBuf) {
        let key = KeyPair::generate().unwrap();
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        params.extended_key_usages = vec![usage];
        let cert = params.signed_by(&key, &self.issuer).unwrap();
        let file = names.join("+");
        let paths = (self.path().join(format!("{file}.pem")), self.path().join(format!("{file}.key")));
        std::fs::write(&paths.0, cert.pem()).unwrap();
        std::fs::write(&paths.1, key.serialize_pem()).unwrap();
        paths
    }

    fn client(&self, names: &[&str]) -> Arc<ClientConfig> {
        let (cert, key) = self.leaf(names, ExtendedKeyUsagePurpose::ClientAuth);
        tls::client_config(&cert, &key, &self.path().join("ca.pem")).unwrap()
    }
}

/// A slice that answers with the name of whoever asks.
async fn slice(authority: &Authority, generation: i64, stop: CancellationToken) -> SocketAddr {
    let name = tls::slice_name(SliceId(7), generation);
    let (cert, key) = authority.leaf(&[&name], ExtendedKeyUsagePurpose::ServerAuth);
    let config =
        tls::server_config(&cert, &key, &authority.path().join("ca.pem"), &[tls::GATEWAY, tls::ORCHESTRATOR]).unwrap();
    let listener = TlsListener::bind("127.0.0.1:0".parse().unwrap(), config).await.unwrap();
    let address = listener.address().unwrap();
    let router = Router::new().route("/who", get(async |ConnectInfo(peer): ConnectInfo<Peer>| peer.name));
    tokio::spawn(async move { lifecycle::serve::<_, Peer>(listener, router, stop).await.unwrap() });
    address
}

/// Asks for `/who`, expecting the given generation at the other end.
async fn ask(address: SocketAddr, client: Arc<ClientConfig>, generation: i64) -> Result<String, std::io::Error> {
    let name = ServerName::try_from(tls::slice_name(SliceId(7), generation)).unwrap();
    let tcp = TcpStream::connect(address).await?;
    let mut stream = TlsConnector::from(client).connect(name, tcp).await?;
    stream.write_all(b"GET /who HTTP/1.1\r\nHost: slice\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.rsplit("\r\n").next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn iso_15_gateway_and_orchestrator_are_let_in_and_known_by_name() {
    let authority = Authority::new();
    let stop = CancellationToken::new();
    let address = slice(&authority, 3, stop.clone()).await;
    assert_eq!(ask(address, authority.client(&["gateway"]), 3).await.unwrap(), "gateway");
    assert_eq!(ask(address, authority.client(&["orchestrator"]), 3).await.unwrap(), "orchestrator");
    stop.cancel();
}

#[tokio::test]
async fn iso_15_wrong_names_other_authorities_and_bare_clients_are_refused() {
    let (authority, other) = (Authority::new(), Authority::new());
    let stop = CancellationToken::new();
    let address = slice(&authority, 3, stop.clone()).await;

    for names in [&["slice-8.g1"][..], &["gateway.example"], &["gateway", "slice-8.g1"], &["Gateway2"]] {
        assert!(ask(address, authority.client(names), 3).await.is_err(), "{names:?}");
    }

    // A client certificate of another authority, though it trusts ours.
    let (cert, key) = other.leaf(&["gateway"], ExtendedKeyUsagePurpose::ClientAuth);
    let foreign = tls::client_config(&cert, &key, &authority.path().join("ca.pem")).unwrap();
    assert!(ask(address, foreign, 3).await.is_err());

    // A slice's own certificate is for serving only.
    let (cert, key) = authority.leaf(&["gateway"], ExtendedKeyUsagePurpose::ServerAuth);
    let serving = tls::client_config(&cert, &key, &authority.path().join("ca.pem")).unwrap();
    assert!(ask(address, serving, 3).await.is_err());

    // No certificate at all.
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(authority.path().join("ca.pem")).unwrap();
    roots.add(rustls_pki_types::pem::PemObject::from_pem_slice(&pem).unwrap()).unwrap();
    let bare = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    assert!(ask(address, Arc::new(bare), 3).await.is_err());

    assert_eq!(ask(address, authority.client(&["gateway"]), 3).await.unwrap(), "gateway");
    stop.cancel();
}

#[tokio::test]
async fn iso_15_another_generation_or_authority_is_not_talked_to() {
    let (authority, other) = (Authority::new(), Authority::new());
    let stop = CancellationToken::new();
    let old = slice(&authority, 2, stop.clone()).await;
    let impostor = slice(&other, 3, stop.clone()).await;
    let client = authority.client(&["gateway"]);
    assert!(ask(old, client.clone(), 3).await.is_err());
    assert!(ask(impostor, client.clone(), 3).await.is_err());
    assert!(ask(old, client, 2).await.is_ok());
    stop.cancel();
}

#[tokio::test]
async fn a_silent_client_does_not_keep_others_waiting() {
    let authority = Authority::new();
    let stop = CancellationToken::new();
    let address = slice(&authority, 1, stop.clone()).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    let answer = tokio::time::timeout(Duration::from_secs(3), ask(address, authority.client(&["gateway"]), 1)).await;
    assert_eq!(answer.unwrap().unwrap(), "gateway");
    stop.cancel();
}
