//! A stand-in for a slice, behind a real certificate: says back what it was sent, or answers as badly as it can.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use queunir_core::id::SliceId;
use queunir_service::{
    lifecycle,
    tls::{self, Peer, TlsListener},
};
use rcgen::ExtendedKeyUsagePurpose;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use tokio_util::sync::CancellationToken;

use crate::world::{Browser, World};

#[derive(Clone)]
pub struct Slice {
    pub number: i64,
    pub port: u16,
    stop: CancellationToken,
    inner: Arc<Inner>,
}

struct Inner {
    /// Every request that arrived, streams included.
    arrived: AtomicUsize,
    /// What each of them said: method, target, body.
    heard: std::sync::Mutex<Vec<String>>,
    /// Streams open now.
    streams: AtomicUsize,
    /// `Last-Event-ID` of each stream, in order.
    resumed: std::sync::Mutex<Vec<Option<String>>>,
    events: broadcast::Sender<String>,
}

impl Slice {
    /// Starts a slice under the name of `number` and `generation`.
    pub async fn start(world: &World, number: i64, generation: i64) -> Self {
        let (cert, key) =
            world.tls.leaf(&tls::slice_name(SliceId(number), generation), ExtendedKeyUsagePurpose::ServerAuth);
        let config = tls::server_config(&cert, &key, &world.tls.dir().join("ca.pem"), &[tls::GATEWAY]).unwrap();
        let listener = loop {
            let listener = TlsListener::bind("127.0.0.1:0".parse().unwrap(), config.clone()).await.unwrap();
            // The table wants an odd port.
            if listener.address().unwrap().port() % 2 == 1 {
                break listener;
            }
        };
        let inner = Arc::new(Inner {
            arrived: AtomicUsize::new(0),
            heard: std::sync::Mutex::new(Vec::new()),
            streams: AtomicUsize::new(0),
            resumed: std::sync::Mutex::new(Vec::new()),
            events: broadcast::channel(1_000).0,
        });
        let stop = CancellationToken::new();
        let slice = Self { number, port: listener.address().unwrap().port(), stop: stop.clone(), inner };
        let router = router(slice.clone());
        tokio::spawn(async move { lifecycle::serve::<_, Peer>(listener, router, stop).await.unwrap() });
        slice
    }

    /// Gives the browser's user a slice that runs here, as connect and the orchestrator would.
    pub async fn of(browser: &Browser<'_>) -> Self {
        assert_eq!(browser.connect().await.status(), 202);
        let number: i64 =
            sqlx::query_scalar("select max(id) from slices").fetch_one(&browser.world.owner).await.unwrap();
        let slice = Self::start(browser.world, number, 1).await;
        slice.observe(browser.world, slice.port, 1).await;
        slice
    }

    /// Writes what the orchestrator would have observed.
    pub async fn observe(&self, world: &World, port: u16, generation: i64) {
        world
            .run(&format!(
                "update slices set phase = 'qr', phase_since = now(), port = {port}, generation = {generation} where id = {}",
                self.number
            ))
            .await;
    }

    pub fn stop(&self) {
        self.stop.cancel();
    }

    pub fn arrived(&self) -> usize {
        self.inner.arrived.load(Ordering::SeqCst)
    }

    /// What arrived since this was asked last: method, target, body.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.heard.lock().unwrap())
    }

    pub fn streams(&self) -> usize {
        self.inner.streams.load(Ordering::SeqCst)
    }

    pub fn resumed(&self) -> Vec<Option<String>> {
        self.inner.resumed.lock().unwrap().clone()
    }

    /// Events that the slowest stream has not taken yet.
    pub fn waiting(&self) -> usize {
        self.inner.events.len()
    }

    /// Tells everybody who listens to fetch everything again.
    pub fn reset(&self, last: u64) {
        let data = json!({"type": "reset", "last_event_id": last});
        self.inner.events.send(format!("event: reset\ndata: {data}\n\n")).unwrap();
    }

    /// Sends a stored event to everybody who listens.
    pub fn emit(&self, id: u64, text: &str) {
        let data = json!({"type": "message.stored", "text": text});
        self.inner.events.send(format!("event: message.stored\nid: {id}\ndata: {data}\n\n")).unwrap();
    }
}

fn router(slice: Slice) -> Router {
    Router::new()
        .route("/api/events", get(events))
        .route("/api/chats/bad/{how}", any(bad))
        .route("/api/media/kinds/{kind}", get(file))
        .route("/api/chats/slow", get(slow))
        .route("/api/chats/created", post(created))
        .fallback(echo)
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(slice)
}

/// Says back what arrived.
async fn echo(State(slice): State<Slice>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Json<Value> {
    slice.inner.arrived.fetch_add(1, Ordering::SeqCst);
    slice.inner.heard.lock().unwrap().push(format!("{method} {uri} {}", String::from_utf8_lossy(&body)));
    let headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Json(json!({
        "slice": slice.number, "method": method.as_str(), "uri": uri.to_string(), "headers": headers,
        "body": String::from_utf8_lossy(&body), "length": body.len(),
    }))
}

/// An answer with headers that may and may not pass.
async fn created() -> Response {
    let headers = [
        ("content-type", "application/json"),
        ("etag", "\"7\""),
        ("retry-after", "3"),
        ("set-cookie", "__Host-qn=stolen; Path=/; Secure"),
        ("location", "https://evil.example/"),
        ("clear-site-data", "\"*\""),
        ("access-control-allow-origin", "*"),
        ("content-security-policy", "default-src *"),
        ("strict-transport-security", "max-age=0"),
        ("x-powered-by", "slice"),
        ("refresh", "0; url=https://evil.example/"),
        ("link", "</evil.css>; rel=stylesheet"),
    ];
    let headers = headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    (StatusCode::CREATED, HeaderMap::from_iter(headers), r#"{"ok":true}"#).into_response()
}

/// Each forbidden thing once.
async fn bad(uri: Uri) -> Response {
    let kind = |kind: &'static str| [(header::CONTENT_TYPE, kind)];
    match uri.path().rsplit('/').next().unwrap() {
        "redirect" => (StatusCode::FOUND, [(header::LOCATION, "https://evil.example/")], "{}").into_response(),
        "permanent" => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/x")]).into_response(),
        "html" => (kind("text/html"), "<script>alert(1)</script>").into_response(),
        "svg" => (kind("image/svg+xml"), "<svg onload='alert(1)'/>").into_response(),
        "text" => (kind("text/plain"), "hello").into_response(),
        "script" => (kind("application/javascript"), "alert(1)").into_response(),
        // A file where only data is expected.
        "file" => (kind("image/png"), "png").into_response(),
        "none" => Response::new(Body::from("<html>")),
        "huge" => Response::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, 10_u64 << 30)
            .body(Body::from_stream(tokio_stream::iter(std::iter::repeat_n(
                Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b' '; 65_536])),
                163_840,
            ))))
            .unwrap(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file of the kind that the path ends in, with `-` for `/` and `_` for `+`; the slice says nothing about how to show it.
async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let kind = uri.path().rsplit('/').next().unwrap().replacen('-', "/", 1).replace('_', "+");
    let partial = headers.contains_key(header::RANGE);
    let mut answer = Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::ETAG, "\"7\"")
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable")
        .header(header::CONTENT_SECURITY_POLICY, "default-src *")
        .header("set-cookie", "__Host-qn=stolen; Path=/; Secure");
    if partial {
        answer = answer.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, "bytes 0-3/9");
    }
    answer.body(Body::from("<svg onload=alert(1)>")).unwrap()
}

/// Counts as an open stream while somebody reads it.
struct OpenStream(Arc<Inner>);

impl OpenStream {
    fn new(slice: &Slice) -> Self {
        slice.inner.streams.fetch_add(1, Ordering::SeqCst);
        Self(slice.inner.clone())
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Sends a byte now and then, for ever.
async fn slow(State(slice): State<Slice>) -> Response {
    let open = OpenStream::new(&slice);
    let (sender, receiver) = mpsc::channel::<Result<Bytes, std::convert::Infallible>>(1);
    tokio::spawn(async move {
        let _open = open;
        while sender.send(Ok(Bytes::from_static(b" "))).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(ReceiverStream::new(receiver))).into_response()
}

/// The slice's own stream: a snapshot, then what [`Slice::emit`] sends.
async fn events(State(slice): State<Slice>, headers: HeaderMap) -> Response {
    slice.inner.arrived.fetch_add(1, Ordering::SeqCst);
    let last = headers.get("last-event-id").map(|value| value.to_str().unwrap().to_owned());
    let mut events = slice.inner.events.subscribe();
    let open = OpenStream::new(&slice);
    slice.inner.resumed.lock().unwrap().push(last);
    let (sender, receiver) = mpsc::channel::<Result<String, std::convert::Infallible>>(8);
    tokio::spawn(async move {
        let _open = open;
        let hello = "retry: 9\n\n: comment\n\nevent: slice\ndata: {\"forged\":true}\n\nevent: link\ndata: {\"type\":\"link\"}\n\n";
        if sender.send(Ok(hello.to_owned())).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                () = slice.stop.cancelled() => return,
                () = sender.closed() => return,
                event = events.recv() => if sender.send(Ok(event.unwrap())).await.is_err() { return },
            }
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receiver).map(|chunk| chunk.map(Bytes::from)));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}
