//! A slice that says exactly the bytes it is told to, behind its proper certificate.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use queunir_core::id::SliceId;
use queunir_service::tls;
use rcgen::ExtendedKeyUsagePurpose;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{identity::odd_port, world::Browser};

/// What happens after the bytes were said.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// Waits for the next request on the same line.
    Keep,
    /// Closes the line.
    Close,
    /// Says and reads nothing more, but stays.
    Hang,
    /// Says these bytes again and again.
    Repeat(&'static [u8]),
}

/// Bytes for a request, known by the last segment of its path.
pub type Script = fn(&str) -> (Vec<u8>, Then);

#[derive(Clone)]
pub struct Scripted {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Number of the line and first line of each request.
    heard: Mutex<Vec<(usize, String)>>,
    lines: AtomicUsize,
    closed: AtomicUsize,
}

/// An ordinary answer.
pub fn plain(json: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{json}", json.len()).into()
}

impl Scripted {
    /// Gives the browser's user such a slice.
    pub async fn of(browser: &Browser<'_>, script: Script) -> Self {
        assert_eq!(browser.connect().await.status(), 202);
        let world = browser.world;
        let number: i64 = sqlx::query_scalar("select max(id) from slices").fetch_one(&world.owner).await.unwrap();
        let (cert, key) = world.tls.leaf(&tls::slice_name(SliceId(number), 1), ExtendedKeyUsagePurpose::ServerAuth);
        let config = tls::server_config(&cert, &key, &world.tls.dir().join("ca.pem"), &[tls::GATEWAY]).unwrap();
        let (listener, acceptor) = (odd_port().await, TlsAcceptor::from(config));
        let port = listener.local_addr().unwrap().port();
        let slice = Self { inner: Arc::default() };
        let server = slice.clone();
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let (server, acceptor) = (server.clone(), acceptor.clone());
                tokio::spawn(async move {
                    let number = server.inner.lines.fetch_add(1, Ordering::SeqCst);
                    if let Ok(line) = acceptor.accept(tcp).await {
                        server.converse(line, number, script).await;
                    }
                    server.inner.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        world
            .run(&format!(
                "update slices set phase = 'qr', phase_since = now(), port = {port}, generation = 1 where id = {number}"
            ))
            .await;
        slice
    }

    async fn converse(&self, mut line: TlsStream<TcpStream>, number: usize, script: Script) {
        let mut read = Vec::new();
        loop {
            let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
                let mut bytes = [0; 4096];
                match line.read(&mut bytes).await {
                    Ok(length @ 1..) => read.extend_from_slice(&bytes[..length]),
                    _ => return,
                }
                continue;
            };
            let head = String::from_utf8(read.drain(..end + 4).collect()).unwrap();
            let first = head.lines().next().unwrap().to_owned();
            let path = first.split(' ').nth(1).unwrap().rsplit('/').next().unwrap().to_owned();
            self.inner.heard.lock().unwrap().push((number, first));
            let (bytes, then) = script(&path);
            // A gateway that has heard enough closes.
            if line.write_all(&bytes).await.is_err() || line.flush().await.is_err() {
                return;
            }
            match then {
                Then::Keep => {}
                Then::Close => return drop(line.shutdown().await),
                Then::Hang => return self.until_closed(line).await,
                Then::Repeat(bytes) => while line.write_all(bytes).await.is_ok() {},
            }
        }
    }

    async fn until_closed(&self, mut line: TlsStream<TcpStream>) {
        let mut bytes = [0; 4096];
        while let Ok(1..) = line.read(&mut bytes).await {}
    }

    /// Number of the line and first line of each request.
    pub fn heard(&self) -> Vec<(usize, String)> {
        self.inner.heard.lock().unwrap().clone()
    }

    /// How many lines have ended.
    pub fn closed(&self) -> usize {
        self.inner.closed.load(Ordering::SeqCst)
    }
}
