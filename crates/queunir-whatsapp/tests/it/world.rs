//! The simulator, a live page on it, and what the page has reported so far.

use std::{
    os::unix::fs::PermissionsExt,
    sync::{Arc, Mutex},
    time::Duration,
};

use queunir_core::{link::PageState, slice::Engine};
use queunir_sim::{Settings, Simulator, ledger::Ledger};
use queunir_whatsapp::{BrowserConfig, ChatTarget, Page, PageEvent, launch};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::site::other_user;

/// How long anything that is expected may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub struct World {
    pub url: String,
    pub page: Arc<dyn Page>,
    pub config: BrowserConfig,
    events: Arc<Mutex<Vec<PageEvent>>>,
    news: watch::Receiver<usize>,
    http: reqwest::Client,
    _dir: Arc<tempfile::TempDir>,
    _stop: tokio_util::sync::DropGuard,
}

impl World {
    /// A simulator with a scenario and a browser on its QR screen or beyond.
    pub async fn start(scenario: &str, speed: f64) -> Self {
        Self::start_in(scenario, speed, "en").await
    }

    /// The same in another language.
    pub async fn start_in(scenario: &str, speed: f64, locale: &str) -> Self {
        let _again = tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
            .with_test_writer()
            .try_init();
        let stop = CancellationToken::new();
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            tls: None,
            scenario: scenario.to_owned(),
            state: None,
            speed,
            locale: None,
        };
        let simulator = Simulator::start(settings, stop.clone()).await.unwrap();
        let url = format!("http://localhost:{}/", simulator.address.port());
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let config = BrowserConfig {
            engine: Engine::Chromium,
            profile_dir: dir.path().join("session"),
            whatsapp_url: url.clone(),
            locale: locale.to_owned(),
            time_zone: "America/Sao_Paulo".into(),
            reader_profiles: None,
            locale_in_url: true,
            as_user: other_user(),
            offline: false,
        };
        let (page, receiver) = launch(config.clone()).await.unwrap();
        let (events, news) = collect(receiver);
        let http = reqwest::Client::new();
        Self { url, page, config, events, news, http, _dir: Arc::new(dir), _stop: stop.drop_guard() }
    }

    /// The same, linked.
    pub async fn linked(scenario: &str) -> Self {
        let mut world = Self::start(scenario, 4.0).await;
        world.link().await;
        world
    }

    /// Scans the code and waits for the chat list.
    pub async fn link(&mut self) {
        let code = self.state(|state| state.state == PageState::Qr).await.qr.unwrap();
        self.post("scan", json!({"code": code})).await;
        self.state(|state| state.state == PageState::Linked).await;
        self.event(|event| matches!(event, PageEvent::List(list) if !list.rows.is_empty()).then_some(())).await;
    }

    /// The first state, past or future, that fits.
    pub async fn state(
        &mut self,
        fits: impl Fn(&queunir_whatsapp::seen::SeenState) -> bool,
    ) -> queunir_whatsapp::seen::SeenState {
        self.event(|event| match event {
            PageEvent::State(state) if fits(state) => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// The first event, past or future, that fits.
    pub async fn event<T>(&mut self, fits: impl Fn(&PageEvent) -> Option<T>) -> T {
        let mut looked = 0;
        let waiting = async {
            loop {
                {
                    let events = self.events.lock().unwrap();
                    if let Some(found) = events[looked..].iter().find_map(&fits) {
                        return found;
                    }
                    looked = events.len();
                }
                self.news.changed().await.expect("the page is still there");
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("no such event; the last ones: {:#?}", self.last(3)),
        }
    }

    /// Forgets what was reported so far.
    pub fn forget(&self) {
        self.events.lock().unwrap().clear();
    }

    pub fn last(&self, count: usize) -> Vec<PageEvent> {
        let events = self.events.lock().unwrap();
        events[events.len().saturating_sub(count)..].to_vec()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}_sim/{path}", self.url)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {} {:?}", answer.status(), answer.text().await);
        answer.json().await.unwrap_or_default()
    }

    pub async fn http_get(&self, path: &str) -> Value {
        self.http.get(format!("{}_sim/{path}", self.url)).send().await.unwrap().json().await.unwrap()
    }

    pub async fn ledger(&self) -> Ledger {
        self.http.get(format!("{}_sim/ledger", self.url)).send().await.unwrap().json().await.unwrap()
    }

    /// The words of a chat's messages, by the ledger.
    pub async fn truth(&self, title: &str) -> Vec<String> {
        let ledger = self.ledger().await;
        let chat = ledger.accounts[0].chats.iter().find(|chat| chat.title == title).unwrap();
        chat.messages.iter().filter(|m| m.kind == "text").map(|m| m.text.clone()).collect()
    }

    /// Titles of the chats that the page opened, in order.
    pub async fn opened(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let account = serde_json::to_value(&ledger.accounts[0]).unwrap();
        let title = |act: &Value| {
            let chat = account["chats"].as_array()?.iter().find(|chat| chat["id"] == act["chat"])?;
            Some(chat["title"].as_str()?.to_owned())
        };
        account["acts"].as_array().unwrap().iter().filter(|act| act["act"] == "chat_opened").filter_map(title).collect()
    }

    /// Titles of the chats in which blue ticks were sent.
    pub async fn receipts(&self) -> Vec<String> {
        let ledger = self.ledger().await;
        let account = &ledger.accounts[0];
        account
            .receipts
            .iter()
            .filter_map(|receipt| account.chats.iter().find(|chat| chat.id == receipt.chat))
            .map(|chat| chat.title.clone())
            .collect()
    }
}

fn collect(
    mut receiver: tokio::sync::mpsc::Receiver<PageEvent>,
) -> (Arc<Mutex<Vec<PageEvent>>>, watch::Receiver<usize>) {
    let events: Arc<Mutex<Vec<PageEvent>>> = Arc::default();
    let (tell, news) = watch::channel(0);
    let kept = events.clone();
    tokio::spawn(async move {
        while let Some(event) = receiver.recv().await {
            if std::env::var_os("SHOW_EVENTS").is_some() {
                eprintln!("{event:?}");
            }
            kept.lock().unwrap().push(event);
            tell.send_modify(|count| *count += 1);
        }
    });
    (events, news)
}

/// A scenario with many chats, and one of them with a long history; returns the file's directory to keep.
pub fn large_scenario(chats: usize, messages: usize) -> (tempfile::TempDir, String) {
    use std::fmt::Write as _;

    let mut text = String::from(
        "seed = 1\n[account]\nid = \"test\"\nname = \"Loja\"\nphone = \"+55 11 90000-0001\"\n\
         locale = \"en\"\ntime_zone = \"America/Sao_Paulo\"\n",
    );
    for number in 1..=chats {
        let script = format!("@ -{}m\n< hello from {number}", number + 10);
        let phone = 10_000 + number;
        write!(
            text,
            "[[chats]]\nname = \"Customer {number:04}\"\nphone = \"+55 11 92{phone}00\"\nscript = '''\n{script}\n'''\n"
        )
        .unwrap();
    }
    let mut script = String::from("@ -60d 10:00\n");
    for number in 1..=messages {
        let sign = if number % 3 == 0 { '>' } else { '<' };
        write!(script, "{sign} message {number}\n+ 7\n").unwrap();
    }
    write!(text, "[[chats]]\nname = \"Long Story\"\nphone = \"+55 11 93000-0001\"\nscript = '''\n{script}'''\n")
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large.toml");
    std::fs::write(&path, text).unwrap();
    (dir, path.display().to_string())
}

pub fn target(title: &str) -> ChatTarget {
    ChatTarget { title: title.to_owned(), phone: None, unlisted: false, archived: false }
}
