//! A client that acts like the page: it speaks the protocol and keeps its keys.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use queunir_sim::ledger::Ledger;
use queunir_sim::wire::{DeviceKeys, ToPage};
use queunir_sim::{Settings, Simulator};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

/// Longer than any wait at the speed of the tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// A scenario on a free port, fast.
pub fn settings(scenario: &str) -> Settings {
    Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        scenario: scenario.to_owned(),
        state: None,
        speed: 50.0,
        locale: None,
    }
}

/// A simulator with a stop.
pub struct Running {
    pub address: SocketAddr,
    stop: CancellationToken,
    simulator: Simulator,
}

impl Running {
    /// Starts the `test` scenario on a free port.
    pub async fn start(speed: f64, state: Option<&Path>) -> Self {
        Self::with(Settings { speed, state: state.map(Path::to_owned), ..settings("test") }).await
    }

    /// Starts as told.
    pub async fn with(settings: Settings) -> Self {
        let stop = CancellationToken::new();
        let simulator = Simulator::start(settings, stop.clone()).await.unwrap();
        Self { address: simulator.address, stop, simulator }
    }

    /// Ends it and waits for the end.
    pub async fn end(self) {
        self.stop.cancel();
        self.simulator.ended().await.unwrap();
    }

    /// What truly happened, without the way over HTTP.
    pub fn ledger(&self) -> Ledger {
        self.simulator.hub.with(|inner| Ledger::of(&inner.world, None))
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = reqwest::get(format!("http://{}/_sim/{path}", self.address)).await.unwrap();
        response.json().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = reqwest::Client::new().post(format!("http://{}/_sim/{path}", self.address)).json(&body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    }

    /// Links a page and gives it with its chats loaded.
    pub async fn linked(&self) -> (PageClient, DeviceKeys) {
        let mut page = PageClient::open(self.address, None).await;
        let code = page.code().await;
        let (status, _) = self.post("scan", json!({ "code": code })).await;
        assert_eq!(status, 200);
        let device = page.device().await;
        let mut page = PageClient::open(self.address, Some(&device)).await;
        page.ready().await;
        (page, device)
    }
}

/// A page.
pub struct PageClient {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl PageClient {
    pub async fn open(address: SocketAddr, device: Option<&DeviceKeys>) -> Self {
        let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{address}/_ws")).await.unwrap();
        let mut page = Self { socket };
        page.send(json!({ "type": "hello", "device": device, "locale": null, "visible": true })).await;
        page
    }

    pub async fn send(&mut self, frame: Value) {
        self.socket.send(Message::Text(frame.to_string().into())).await.unwrap();
    }

    pub async fn next(&mut self) -> ToPage {
        let wait = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Message::Text(text) = self.socket.next().await.unwrap().unwrap() {
                    return serde_json::from_str(&text).unwrap();
                }
            }
        });
        wait.await.expect("no frame came")
    }

    /// The first frame that `pick` accepts; others are passed over.
    pub async fn until<T>(&mut self, pick: impl Fn(&ToPage) -> Option<T>) -> T {
        loop {
            let frame = self.next().await;
            if let Some(found) = pick(&frame) {
                return found;
            }
        }
    }

    pub async fn code(&mut self) -> String {
        self.until(|frame| if let ToPage::Qr { r#ref, .. } = frame { Some(r#ref.clone()) } else { None }).await
    }

    pub async fn device(&mut self) -> DeviceKeys {
        self.until(|frame| if let ToPage::Paired { device } = frame { Some(device.clone()) } else { None }).await
    }

    pub async fn ready(&mut self) -> Vec<queunir_sim::wire::ChatRow> {
        self.until(|frame| if let ToPage::Ready { chats, .. } = frame { Some(chats.clone()) } else { None }).await
    }

    /// The line ends.
    pub async fn ended(&mut self) {
        let end = async { while let Some(Ok(_)) = self.socket.next().await {} };
        tokio::time::timeout(PATIENCE, end).await.expect("the line did not end");
    }

    pub async fn logged_out(&mut self) {
        self.until(|frame| matches!(frame, ToPage::LoggedOut).then_some(())).await;
    }
}
