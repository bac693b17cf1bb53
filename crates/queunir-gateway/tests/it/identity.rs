//! Whose slice answers: every way to stand at a slice's port without being that slice ends before a request is sent
//! (ISO-15, ATK-28).

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use queunir_core::id::SliceId;
use queunir_service::tls;
use rcgen::ExtendedKeyUsagePurpose;
use rustls_pki_types::ServerName;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::{
    slice::Slice,
    world::{Authority, Browser, World, problem},
};

const SECRET: &str = "the secret recipe";

/// A free port that the table accepts.
pub async fn odd_port() -> TcpListener {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        if listener.local_addr().unwrap().port() % 2 == 1 {
            return listener;
        }
    }
}

/// Somebody at a port who is not the slice: takes every line, answers if it may, notes each byte of what it was told.
struct Squatter {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Squatter {
    /// With a certificate of some kind, or speaking plainly.
    async fn sit(papers: Option<(PathBuf, PathBuf, PathBuf)>) -> Self {
        let listener = odd_port().await;
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let acceptor = papers
            .map(|(cert, key, ca)| TlsAcceptor::from(tls::server_config(&cert, &key, &ca, &[tls::GATEWAY]).unwrap()));
        let notes = heard.clone();
        tokio::spawn(async move {
            loop {
                let (line, _) = listener.accept().await.unwrap();
                let (acceptor, notes) = (acceptor.clone(), notes.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => answer(line, &notes).await,
                        Some(acceptor) => {
                            if let Ok(line) = acceptor.accept(line).await {
                                answer(line, &notes).await;
                            }
                        }
                    }
                });
            }
        });
        Self { port, heard }
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

/// Notes what comes and answers as if it were the slice.
async fn answer(mut line: impl AsyncRead + tokio::io::AsyncWrite + Unpin, notes: &Mutex<Vec<u8>>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(length @ 1..) = line.read(&mut bytes).await {
        notes.lock().unwrap().extend_from_slice(&bytes[..length]);
        let lie = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{\"chats\":\"x\"}";
        if line.write_all(lie).await.is_err() {
            return;
        }
    }
}

async fn refused(browser: &Browser<'_>) {
    let read = browser.get("/api/chats").await;
    assert_eq!(read.headers()["retry-after"], "1");
    assert_eq!(problem(read).await, (503, "slice_unavailable".to_owned()));
    let write = browser.post("/api/chats/chat_1/messages", &json!({"text": SECRET})).await;
    assert_eq!(problem(write).await, (503, "slice_unavailable".to_owned()));
}

async fn own(browser: &Browser<'_>, slice: &Slice) {
    let echo: Value = browser.get("/api/chats").await.json().await.unwrap();
    assert_eq!(echo["slice"], slice.number);
}

#[sqlx::test(migrations = false)]
async fn iso_15_swapped_ports_fail_closed_with_an_event(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let (of_ana, of_bia) = (Slice::of(&ana).await, Slice::of(&bia).await);
    // Both have open lines that could be taken for the other's.
    own(&ana, &of_ana).await;
    own(&bia, &of_bia).await;
    let before = (of_ana.arrived(), of_bia.arrived());
    // Faster than the tables let it happen.
    world.run("update slices set port = null; delete from released_ports").await;
    of_ana.observe(&world, of_bia.port, 1).await;
    of_bia.observe(&world, of_ana.port, 1).await;
    for browser in [&ana, &bia, &ana, &bia] {
        refused(browser).await;
    }
    // One event stands for what is repeated within a minute.
    assert_eq!(world.count("gateway.events where kind = 'slice_identity_refused'").await, 2);
    // The live stream tries as well, and shows nothing but what the gateway itself knows.
    let mut live = ana.get("/api/events").await;
    let mut shown = String::new();
    while !shown.contains("not_answering") {
        shown.push_str(&String::from_utf8_lossy(&live.chunk().await.unwrap().unwrap()));
    }
    assert!(!shown.contains("event: link") && !shown.contains("reset"), "{shown}");
    drop(live);
    assert_eq!((of_ana.arrived(), of_bia.arrived()), before);
    world.run("update slices set port = null; delete from released_ports").await;
    of_ana.observe(&world, of_ana.port, 1).await;
    of_bia.observe(&world, of_bia.port, 1).await;
    own(&ana, &of_ana).await;
    own(&bia, &of_bia).await;
}

#[sqlx::test(migrations = false)]
async fn iso_15_a_squatter_with_any_papers_is_told_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let (of_ana, of_bia) = (Slice::of(&ana).await, Slice::of(&bia).await);
    own(&ana, &of_ana).await;
    of_ana.stop();
    let name = |generation| tls::slice_name(SliceId(of_ana.number), generation);
    let bia_name = tls::slice_name(SliceId(of_bia.number), 1);
    let paper = |authority: &Authority, name: &str, usage| {
        let (cert, key) = authority.leaf(name, usage);
        Some((cert, key, authority.dir().join("ca.pem")))
    };
    let (server, client) = (ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth);
    let other = Authority::new();
    let squatters = [
        ("no papers", None),
        ("papers of another authority", paper(&other, &name(2), server.clone())),
        ("another tenant's papers", paper(&world.tls, &bia_name, server.clone())),
        ("papers of an earlier start", paper(&world.tls, &name(1), server.clone())),
        ("the gateway's own name", paper(&world.tls, "gateway", server.clone())),
        ("papers for asking, not for answering", paper(&world.tls, &name(2), client)),
        ("a name that only begins like it", paper(&world.tls, &format!("{}0", name(2)), server)),
    ];
    world.tls.leaf("gateway", ExtendedKeyUsagePurpose::ClientAuth);
    for (at, (who, papers)) in (1_i64..).zip(squatters) {
        let squatter = Squatter::sit(papers).await;
        of_ana.observe(&world, squatter.port, 2).await;
        refused(&ana).await;
        let heard = squatter.heard();
        assert!(!heard.contains(SECRET) && !heard.contains("GET") && !heard.contains("POST"), "{who}: {heard}");
        let events = world.count("gateway.events where kind = 'slice_identity_refused'").await;
        assert_eq!(events, at, "{who}");
        own(&bia, &of_bia).await;
    }
}

#[sqlx::test(migrations = false)]
async fn iso_15_a_squatter_that_says_nothing_holds_nobody_up_for_long(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let silent = odd_port().await;
    slice.observe(&world, silent.local_addr().unwrap().port(), 1).await;
    let began = std::time::Instant::now();
    assert_eq!(problem(browser.get("/api/chats").await).await, (503, "slice_unavailable".to_owned()));
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

#[sqlx::test(migrations = false)]
async fn iso_15_an_old_generation_gets_nothing_over_kept_lines_either(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    own(&browser, &slice).await;
    // The row says generation 2, the process is still 1.
    slice.observe(&world, slice.port, 2).await;
    refused(&browser).await;
    assert_eq!(slice.arrived(), 1);
}

#[sqlx::test(migrations = false)]
async fn iso_15_nobody_but_the_gateway_is_served_by_a_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let (of_ana, of_bia) = (Slice::of(&ana).await, Slice::of(&bia).await);
    let ask = async |name: &str, usage| {
        let (cert, key) = world.tls.leaf(name, usage);
        let config = tls::client_config(&cert, &key, &world.tls.dir().join("ca.pem")).unwrap();
        let wanted = ServerName::try_from(tls::slice_name(SliceId(of_ana.number), 1)).unwrap();
        let tcp = TcpStream::connect(("127.0.0.1", of_ana.port)).await?;
        let mut line = TlsConnector::from(config).connect(wanted, tcp).await?;
        line.write_all(b"GET /api/chats HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await?;
        let mut answer = String::new();
        line.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let asking = ExtendedKeyUsagePurpose::ClientAuth;
    assert!(ask("gateway", asking.clone()).await.unwrap().starts_with("HTTP/1.1 200"));
    let neighbour = tls::slice_name(SliceId(of_bia.number), 1);
    for name in [neighbour.as_str(), "gateway.example", "gateway2", "localhost"] {
        assert!(ask(name, asking.clone()).await.is_err(), "{name}");
    }
    assert!(ask(&neighbour, ExtendedKeyUsagePurpose::ServerAuth).await.is_err());
    assert_eq!(of_ana.arrived(), 1);
}
