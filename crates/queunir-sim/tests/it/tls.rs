//! HTTPS and WSS with the simulator's own CA.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use futures::{SinkExt as _, StreamExt as _};
use queunir_sim::tls::TlsSettings;
use queunir_sim::wire::ToPage;
use queunir_sim::{Settings, Simulator};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::page::{Running, settings};

const NAME: &str = "sim.test";

fn with_tls(dir: &Path) -> Settings {
    Settings { tls: Some(TlsSettings { dir: dir.join("tls"), names: vec![NAME.to_owned()] }), ..settings("test") }
}

/// A client that finds every name at `address`.
fn client(address: SocketAddr, ca: Option<&Path>) -> reqwest::Client {
    let mut client = reqwest::Client::builder().no_proxy();
    for name in [NAME, "other.test"] {
        client = client.resolve(name, address);
    }
    if let Some(path) = ca {
        let pem = std::fs::read(path).unwrap();
        client = client.tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()]);
    }
    client.build().unwrap()
}

#[tokio::test]
async fn https_works_for_who_trusts_the_ca_and_for_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Running::with(with_tls(dir.path())).await;
    let ca = dir.path().join("tls/ca.pem");
    let port = sim.address.port();
    let trusting = client(sim.address, Some(&ca));
    for name in [NAME, "localhost", "127.0.0.1"] {
        let health = trusting.get(format!("https://{name}:{port}/_sim/health")).send().await.unwrap();
        assert_eq!(health.json::<serde_json::Value>().await.unwrap()["status"], "ok", "{name}");
    }
    let other = trusting.get(format!("https://other.test:{port}/_sim/health")).send().await;
    assert!(other.unwrap_err().is_connect(), "the certificate is not for that name");
    let stranger = client(sim.address, None).get(format!("https://{NAME}:{port}/_sim/health")).send().await;
    assert!(stranger.unwrap_err().is_connect(), "the CA is nobody's but ours");
    let plain = trusting.get(format!("http://{NAME}:{port}/_sim/health")).send().await;
    assert!(plain.is_err(), "there is no way around TLS");
    sim.end().await;

    let again = Running::with(with_tls(dir.path())).await;
    let health = client(again.address, Some(&ca)).get(format!("https://{NAME}:{}/_sim/health", again.address.port()));
    assert_eq!(health.send().await.unwrap().status(), 200, "the CA is the same after a restart");
    again.end().await;
}

#[tokio::test]
async fn the_page_s_socket_works_over_tls() {
    let dir = tempfile::tempdir().unwrap();
    let sim = Running::with(with_tls(dir.path())).await;
    let mut roots = rustls::RootCertStore::empty();
    let ca = std::fs::read(dir.path().join("tls/ca.pem")).unwrap();
    roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(sim.address).await.unwrap();
    let stream = connector.connect(ServerName::try_from(NAME).unwrap(), stream).await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(format!("wss://{NAME}/_ws"), stream).await.unwrap();
    socket.send(Message::text(r#"{"type":"hello","device":null,"locale":null,"visible":true}"#)).await.unwrap();
    let frame = socket.next().await.unwrap().unwrap();
    assert!(matches!(serde_json::from_str(frame.to_text().unwrap()).unwrap(), ToPage::Config { .. }));
    sim.end().await;
}

#[tokio::test]
async fn other_machines_are_kept_out_and_containers_come_in_with_tls_only() {
    let dir = tempfile::tempdir().unwrap();
    let refused = async |listen: &str, tls: bool| {
        let base = if tls { with_tls(dir.path()) } else { settings("test") };
        let settings = Settings { listen: listen.parse().unwrap(), ..base };
        Simulator::start(settings, CancellationToken::new()).await.unwrap_err().to_string()
    };
    for everybody in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        assert!(refused(everybody, true).await.contains("neither a loopback"), "{everybody}");
    }
    // No machine has this address, so the refusal after it is the system's.
    let bridge = "10.255.255.255:0";
    assert!(refused(bridge, false).await.contains("not a loopback"));
    assert!(refused(bridge, true).await.contains("cannot listen"));
}
