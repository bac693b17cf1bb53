//! Bytes on a socket and the answers that come back, with nothing in between that would make them proper.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::world::World;

/// One answer as it stood on the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// An open connection to the gateway.
pub struct Line(TcpStream);

impl Line {
    pub async fn open(world: &World) -> Self {
        Self(TcpStream::connect(world.address).await.unwrap())
    }

    /// Sends; a gateway that has had enough and closed is no failure of the sender.
    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        drop(self.0.write_all(bytes.as_ref()).await);
    }

    /// Whether an answer waits to be read, or the end.
    pub async fn closing(&self) -> bool {
        let mut byte = [0];
        tokio::select! {
            biased;
            _ = self.0.peek(&mut byte) => true,
            () = std::future::ready(()) => false,
        }
    }

    /// Everything that comes until the gateway closes the line.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), self.0.read_to_end(&mut bytes)).await;
        read.expect("the line is closed").expect("the line is closed in order");
        bytes
    }

    /// The next bytes, at least one, or none at the end.
    pub async fn some(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; 65_536];
        let read = tokio::time::timeout(Duration::from_secs(20), self.0.read(&mut bytes)).await;
        bytes.truncate(read.expect("something comes").unwrap());
        bytes
    }
}

/// Sends the bytes on a line of their own and reads all answers until it is closed.
pub async fn exchange(world: &World, bytes: impl AsRef<[u8]>) -> Vec<Answer> {
    let mut line = Line::open(world).await;
    line.say(bytes).await;
    answers(&line.rest().await)
}

/// Takes the bytes apart; fails on a cut or unframed answer.
pub fn answers(bytes: &[u8]) -> Vec<Answer> {
    let (mut rest, mut found) = (bytes, Vec::new());
    while !rest.is_empty() {
        let whole = || panic!("not an answer: {:?}", String::from_utf8_lossy(rest));
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(whole);
        let head = std::str::from_utf8(&rest[..end]).unwrap();
        let (line, lines) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = line.strip_prefix("HTTP/1.1 ").or(line.strip_prefix("HTTP/1.0 ")).unwrap()[..3].parse().unwrap();
        let headers: BTreeMap<String, String> = lines
            .lines()
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
        assert!(rest.len() >= end + 4 + length, "a cut answer: {head}");
        let body = String::from_utf8(rest[end + 4..][..length].to_vec()).unwrap();
        rest = &rest[end + 4 + length..];
        found.push(Answer { status, headers, body });
    }
    found
}
