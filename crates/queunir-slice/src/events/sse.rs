//! Encodes the stream as server-sent events; each client has its own place in the log and a bounded buffer (DEL-10, 11).

use std::{convert::Infallible, time::Duration};

use axum::response::sse::Event as Frame;
use futures::Stream;
use queunir_core::event::Snapshot;
use queunir_db::DbError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::log::{self, Next};
use crate::app::App;

/// Frames that wait for a slow client before its reading of the log pauses.
const BUFFER: usize = 64;
/// A client that takes nothing for this long is disconnected; it resumes by its last id.
const STUCK: Duration = Duration::from_secs(60);
/// Looks at the log even if nobody was woken.
const LOOK: Duration = Duration::from_secs(2);

/// Why a stream ends.
enum End {
    Client,
    Slice,
    Store(DbError),
}

/// Opens a stream after `cursor`: `None` starts at the end, `Err` is a place that cannot be.
pub fn open(app: App, cursor: Option<Result<i64, ()>>) -> impl Stream<Item = Result<Frame, Infallible>> {
    let (frames, stream) = mpsc::channel(BUFFER);
    let counted = app.clone();
    app.life.spawn(async move {
        counted.streams.send_modify(|streams| *streams += 1);
        let end = feed(&counted, cursor, &frames).await;
        counted.streams.send_modify(|streams| *streams = streams.saturating_sub(1));
        match end {
            End::Client | End::Slice => {}
            End::Store(error) => tracing::warn!(%error, "an event stream ended; the client resumes"),
        }
    });
    ReceiverStream::new(stream)
}

async fn feed(app: &App, cursor: Option<Result<i64, ()>>, frames: &mpsc::Sender<Result<Frame, Infallible>>) -> End {
    let stop = app.life.soft();
    // Subscribe first, then read: nothing falls between.
    let mut wake = app.wake.listen();
    let mut link = app.link.listen();
    let mut activity = app.activity.listen();
    let mut collection = app.collection.listen();
    let hello = Frame::default().retry(Duration::from_secs(3)).comment("queunir");
    let place = match cursor {
        Some(Ok(place)) => Ok(place),
        // A place that no log can have is answered like one that is too old.
        Some(Err(())) => Ok(i64::MAX),
        None => log::newest(&app.db).await,
    };
    let mut place = match place {
        Ok(place) => place,
        Err(error) => return End::Store(error),
    };
    let opening = async {
        send(frames, hello).await?;
        let now = link.borrow_and_update().clone();
        send(frames, snapshot("link", &Snapshot::Link { link: Box::new(now) })).await?;
        let now = activity.borrow_and_update().clone();
        send(frames, snapshot("activity", &Snapshot::Activity { activity: now })).await?;
        let now = collection.borrow_and_update().clone();
        send(frames, snapshot("collection", &Snapshot::Collection { collection: now })).await
    };
    if let Err(end) = opening.await {
        return end;
    }
    loop {
        match drain(app, frames, &mut place).await {
            Ok(()) => {}
            Err(end) => return end,
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return End::Slice,
            () = frames.closed() => return End::Client,
            changed = link.changed() => {
                if changed.is_err() {
                    return End::Slice;
                }
                let now = link.borrow_and_update().clone();
                if let Err(end) = send(frames, snapshot("link", &Snapshot::Link { link: Box::new(now) })).await {
                    return end;
                }
            }
            changed = activity.changed() => {
                if changed.is_err() {
                    return End::Slice;
                }
                let now = activity.borrow_and_update().clone();
                if let Err(end) = send(frames, snapshot("activity", &Snapshot::Activity { activity: now })).await {
                    return end;
                }
            }
            changed = collection.changed() => {
                if changed.is_err() {
                    return End::Slice;
                }
                let now = collection.borrow_and_update().clone();
                if let Err(end) = send(frames, snapshot("collection", &Snapshot::Collection { collection: now })).await {
                    return end;
                }
            }
            _ = wake.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Sends everything after a place.
async fn drain(app: &App, frames: &mpsc::Sender<Result<Frame, Infallible>>, place: &mut i64) -> Result<(), End> {
    loop {
        match log::next(&app.db, *place).await.map_err(End::Store)? {
            Next::Reset(last) => {
                let reset = snapshot("reset", &Snapshot::Reset { last_event_id: last });
                // The id makes the client's next reconnect continue from here instead of being reset again.
                send(frames, reset.id(last.to_string())).await?;
                *place = last;
            }
            Next::Events(events) if events.is_empty() => return Ok(()),
            Next::Events(events) => {
                for event in events {
                    let frame = Frame::default().event(event.name).id(event.seq.to_string()).data(event.body);
                    send(frames, frame).await?;
                    *place = event.seq;
                }
            }
        }
    }
}

fn snapshot(name: &str, snapshot: &Snapshot) -> Frame {
    let frame = Frame::default().event(name);
    match serde_json::to_string(snapshot) {
        Ok(json) => frame.data(json),
        Err(_) => frame.data("{}"),
    }
}

async fn send(frames: &mpsc::Sender<Result<Frame, Infallible>>, frame: Frame) -> Result<(), End> {
    match frames.send_timeout(Ok(frame), STUCK).await {
        Ok(()) => Ok(()),
        Err(_) => Err(End::Client),
    }
}
