//! A slice around a test database and a fake page, and the shorthand of its tests.

use std::{
    net::Ipv4Addr,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::connect_info::MockConnectInfo,
    http::{Request, StatusCode},
};
use jiff::Timestamp;
use queunir_core::{
    chat::ChatKind,
    collection::CollectionLimits,
    id::{ChatId, SliceId, UserId},
    link::{PageState, ReadingMode},
    media::MediaLimits,
    message::Direction,
    outgoing::{Outgoing, OutgoingState},
    slice::{Egress, Engine, Pacing, SliceSpec},
};
use queunir_db::slice::{
    SliceDb, chats, events,
    messages::{self, StoredMessage},
    outgoing,
};
use queunir_service::{
    clock::SystemClock,
    lifecycle::Lifecycle,
    tls::{GATEWAY, ORCHESTRATOR, Peer},
};
use queunir_slice::{
    app::App, browser::Launcher, ingest::Ingest, media::thumbnail, restored::Mark, router, wake::EventWake,
};
use queunir_whatsapp::{
    Page, PageEvent,
    fake::{self, FakePage},
    seen::{SeenConversation, SeenMessage},
};
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use uuid::Uuid;

pub const GENERATION: i64 = 1;

/// How much longer the long runs are: 1 in CI.
pub fn soak() -> usize {
    std::env::var("QUEUNIR_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

pub fn user() -> UserId {
    UserId(Uuid::from_u128(42))
}

pub fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 / 60 * 60 + n * 60).unwrap()
}

pub async fn fence(pool: &PgPool, generation: i64) {
    sqlx::query("update fence set generation = $1").bind(generation).execute(pool).await.unwrap();
}

/// A writer without a page.
pub async fn writer(pool: &PgPool) -> Ingest {
    fence(pool, GENERATION).await;
    Ingest::new(SliceDb::from_pool(pool.clone()), GENERATION, SystemClock::shared(), EventWake::default())
}

/// The same at a moment that does not pass.
pub async fn writer_at(pool: &PgPool, at: Timestamp) -> Ingest {
    struct Still(Timestamp);
    impl queunir_core::time::Clock for Still {
        fn now(&self) -> Timestamp {
            self.0
        }
    }
    fence(pool, GENERATION).await;
    Ingest::new(SliceDb::from_pool(pool.clone()), GENERATION, Arc::new(Still(at)), EventWake::default())
}

pub fn incoming(key: &str, text: &str, at: i64) -> SeenMessage {
    fake::message(key, Direction::In, text, Some(minute(at)), None)
}

pub fn window(title: &str, messages: Vec<SeenMessage>) -> SeenConversation {
    SeenConversation {
        title: title.to_owned(),
        phone: None,
        address: None,
        subtitle: None,
        kind: ChatKind::Contact,
        messages,
        at_start: false,
        at_end: true,
        offline: false,
        writable: true,
    }
}

pub async fn last_event(pool: &PgPool) -> i64 {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    events::bounds(&mut tx).await.unwrap().last
}

/// All events after a place, as JSON.
pub async fn events_after(pool: &PgPool, place: i64) -> Vec<Value> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let rows = events::after(&mut tx, place, 1_000_000).await.unwrap();
    rows.into_iter().map(|row| serde_json::from_str(&row.body).unwrap()).collect()
}

pub async fn chat_id(pool: &PgPool, title: &str) -> Option<ChatId> {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    chats::list(&mut tx).await.unwrap().into_iter().find(|chat| chat.title == title).map(|chat| chat.id)
}

pub async fn rows(pool: &PgPool, title: &str) -> Vec<StoredMessage> {
    let Some(id) = chat_id(pool, title).await else { return Vec::new() };
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    messages::page(&mut tx, id, None, 100_000).await.unwrap()
}

pub async fn texts(pool: &PgPool, title: &str) -> Vec<String> {
    rows(pool, title).await.into_iter().map(|row| row.text).collect()
}

pub fn spec(mode: ReadingMode) -> SliceSpec {
    SliceSpec {
        slice: SliceId(1),
        generation: GENERATION,
        epoch: 1,
        port: 0,
        bind: Ipv4Addr::LOCALHOST,
        lock_file: None,
        database_socket: "/nowhere".into(),
        database_port: 0,
        database: "none".into(),
        role: "none".into(),
        password_file: "/nowhere".into(),
        profile_dir: "/nowhere".into(),
        media_dir: "/nowhere".into(),
        records_dir: Path::new(env!("CARGO_TARGET_TMPDIR")).join(Uuid::now_v7().to_string()),
        ca_file: "/nowhere".into(),
        cert_file: "/nowhere".into(),
        key_file: "/nowhere".into(),
        whatsapp_url: "http://localhost:3900/".into(),
        reader_profiles: "/nowhere".into(),
        locale: "en".into(),
        time_zone: "UTC".into(),
        engine: Engine::Chromium,
        egress: Egress::Direct,
        reading_mode: Some(mode),
        start_linked: true,
        pacing: Pacing {
            min_gap_ms: 0,
            per_char_ms: 0,
            max_typing_ms: 0,
            per_minute: 100_000,
            per_hour: 100_000,
            per_day: 100_000,
            recovery_wait_ms: 50,
        },
        media: MediaLimits { file_bytes: 100_000, tenant_bytes: 1_000_000 },
        disk_quota_bytes: 0,
        // Off, but where it is what is tested.
        collection: CollectionLimits { pause_ms: 0, idle_ms: 100, messages: 0 },
    }
}

/// A program of `examples/`, which is built with the tests.
fn example(name: &str) -> std::path::PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().with_file_name("examples").join(name)
}

/// The step that draws thumbnails.
pub fn thumbnails() -> thumbnail::Step {
    thumbnail::Step::new(example("thumbnail"), &[])
}

/// Hands out prepared pages, one per start of a browser.
#[derive(Default)]
pub struct Pages {
    waiting: Mutex<Vec<(Arc<FakePage>, mpsc::Receiver<PageEvent>)>>,
    pub launches: Mutex<usize>,
    pub profiles_removed: Mutex<usize>,
}

impl Pages {
    pub fn add(&self) -> Arc<FakePage> {
        let (page, events) = FakePage::new();
        self.waiting.lock().unwrap().push((page.clone(), events));
        page
    }
}

#[async_trait]
impl Launcher for Pages {
    async fn launch(&self) -> anyhow::Result<(Arc<dyn Page>, mpsc::Receiver<PageEvent>)> {
        *self.launches.lock().unwrap() += 1;
        let mut waiting = self.waiting.lock().unwrap();
        if waiting.is_empty() {
            anyhow::bail!("no page is prepared");
        }
        let (page, events) = waiting.remove(0);
        Ok((page, events))
    }

    async fn remove_profile(&self) -> anyhow::Result<()> {
        *self.profiles_removed.lock().unwrap() += 1;
        Ok(())
    }

    fn thumbnails(&self) -> thumbnail::Step {
        thumbnails()
    }
}

/// A whole slice.
pub struct Slice {
    pub app: App,
    pub pool: PgPool,
    pub page: Arc<FakePage>,
    pub pages: Arc<Pages>,
    life: Lifecycle,
}

impl Slice {
    pub async fn start(pool: &PgPool, mode: ReadingMode) -> Self {
        Self::start_with(pool, spec(mode)).await
    }

    pub async fn start_with(pool: &PgPool, spec: SliceSpec) -> Self {
        fence(pool, spec.generation).await;
        let pages = Arc::new(Pages::default());
        let page = pages.add();
        Self::start_on(pool, spec, pages, page).await
    }

    pub async fn start_on(pool: &PgPool, spec: SliceSpec, pages: Arc<Pages>, page: Arc<FakePage>) -> Self {
        let life = Lifecycle::new(CancellationToken::new());
        let mark = Mark::of(&spec);
        if mark.read().await.unwrap().is_none() {
            // Rows that a test put there are no restore.
            mark.write(0).await.unwrap();
        }
        let app =
            queunir_slice::start(spec, SliceDb::from_pool(pool.clone()), life.clone(), pages.clone()).await.unwrap();
        Self { app, pool: pool.clone(), page, pages, life }
    }

    /// Linked, with these chats in the list.
    pub async fn linked(pool: &PgPool, mode: ReadingMode, titles: &[&str]) -> Self {
        let slice = Self::start(pool, mode).await;
        for title in titles {
            slice.page.add_chat(title, ChatKind::Contact);
        }
        slice.page.link("+5511999990000");
        slice.until("the first list is complete", async || slice.app.link.now().first_list_complete).await;
        slice
    }

    pub async fn stop(self) {
        self.life.shut_down(Duration::from_secs(5)).await;
    }

    /// Waits for a condition.
    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        until(what, condition).await;
    }

    pub fn router(&self) -> Router {
        router::router(self.app.clone())
            .layer(MockConnectInfo(Peer { name: GATEWAY.to_owned(), address: ([127, 0, 0, 1], 1).into() }))
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<&str>) -> (StatusCode, Value) {
        self.call_with(method, path, body, &[]).await
    }

    pub async fn call_with(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path).header("x-qn-user", user().to_string());
        if !headers.iter().any(|(name, _)| *name == "x-qn-role") {
            request = request.header("x-qn-role", "owner");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap();
        let response = self.router().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub async fn chat(&self, title: &str) -> ChatId {
        chat_id(&self.pool, title).await.unwrap()
    }

    /// Asks to send and answers the outgoing message.
    pub async fn send(&self, chat: ChatId, key: &str, text: &str) -> Outgoing {
        let body = serde_json::json!({ "text": text }).to_string();
        let path = format!("/api/chats/{chat}/messages");
        let (status, json) = self.call_with("POST", &path, Some(&body), &[("idempotency-key", key)]).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{json}");
        serde_json::from_value(json).unwrap()
    }

    pub async fn outgoing(&self, key: &str) -> Outgoing {
        outgoing_by_key(&self.pool, key).await
    }

    pub async fn until_state(&self, key: &str, state: OutgoingState) {
        self.until(&format!("{key} becomes {state:?}"), async || self.outgoing(key).await.state == state).await;
    }

    pub async fn open(&self, chat: ChatId, viewer: u128) -> Value {
        let body = serde_json::json!({ "viewer": Uuid::from_u128(viewer) }).to_string();
        let (status, json) = self.call("POST", &format!("/api/chats/{chat}/open"), Some(&body)).await;
        assert_eq!(status, StatusCode::OK, "{json}");
        json
    }

    pub async fn close(&self, chat: ChatId, viewer: u128) {
        let body = serde_json::json!({ "viewer": Uuid::from_u128(viewer) }).to_string();
        let (status, json) = self.call("POST", &format!("/api/chats/{chat}/close"), Some(&body)).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{json}");
    }

    pub fn state(&self) -> PageState {
        self.app.link.state()
    }
}

pub async fn outgoing_by_key(pool: &PgPool, key: &str) -> Outgoing {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    outgoing::find_by_client_key(&mut tx, key).await.unwrap().unwrap().outgoing
}

pub async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "waited in vain until {what}");
}

pub fn orchestrator() -> MockConnectInfo<Peer> {
    MockConnectInfo(Peer { name: ORCHESTRATOR.to_owned(), address: ([127, 0, 0, 1], 1).into() })
}
