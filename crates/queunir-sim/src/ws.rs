//! The socket of a page: frames in, frames out in order, each not before its time.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::hub::{Frame, Hub, PageId};
use crate::wire::FromPage;

/// The largest frame a page may send; a message of 65,536 characters fits with room.
pub const FRAME_MOST: usize = 1 << 20;
const PING: Duration = Duration::from_secs(20);

/// Serves one page until either side ends or `stop`.
pub async fn serve(socket: WebSocket, hub: Arc<Hub>, stop: CancellationToken) {
    let (outbox, inbox) = mpsc::unbounded_channel();
    let id = hub.with(|inner| inner.connect(outbox));
    let (writer, reader) = socket.split();
    tokio::select! {
        () = stop.cancelled() => {}
        () = write(writer, inbox) => {}
        () = read(reader, &hub, id) => {}
    }
    hub.with(|inner| inner.disconnect(id));
}

async fn read(mut reader: SplitStream<WebSocket>, hub: &Hub, id: PageId) {
    while let Some(Ok(message)) = reader.next().await {
        let Message::Text(text) = message else { continue };
        match serde_json::from_str::<FromPage>(&text) {
            Ok(frame) => hub.with(|inner| inner.receive(id, frame)),
            Err(error) => tracing::warn!(page.id = id, error = %error, "a page sent what is not a frame"),
        }
    }
}

async fn write(mut writer: SplitSink<WebSocket, Message>, mut inbox: mpsc::UnboundedReceiver<Frame>) {
    let mut ping = tokio::time::interval(PING);
    ping.tick().await;
    loop {
        let message = tokio::select! {
            frame = inbox.recv() => {
                let Some(frame) = frame else { return };
                if let Some(time) = frame.not_before {
                    tokio::time::sleep_until(time.into()).await;
                }
                Message::Text(frame.text.into())
            }
            _ = ping.tick() => Message::Ping(Vec::new().into()),
        };
        if writer.send(message).await.is_err() {
            return;
        }
    }
}
