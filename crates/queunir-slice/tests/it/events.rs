//! The log has no holes and a stream resumes where it was (DEL-09, DEL-10).

use std::time::{Duration, Instant};

use axum::{body::Body, http::Request};
use futures::StreamExt;
use queunir_core::{
    chat::Chat,
    event::Event,
    id::ChatId,
    link::{PageState, ReadingMode},
};
use queunir_db::slice::{SliceDb, chats::StoredChat, events};
use sqlx::PgPool;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::*;

/// What a stream begins with; such frames come again whenever something changes.
const SNAPSHOTS: [&str; 3] = ["link", "activity", "collection"];

fn some_event(n: u128) -> Event {
    let chat: Chat = StoredChat::new(ChatId(Uuid::from_u128(n)), format!("chat {n}")).chat();
    Event::ChatUpdated { chat }
}

async fn append(pool: &PgPool, count: u128) -> i64 {
    let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
    let all: Vec<Event> = (0..count).map(some_event).collect();
    let last = events::append(&mut tx, &all).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    last
}

/// One frame of a stream: name, id, data.
#[derive(Clone, Debug, Default, PartialEq)]
struct Frame {
    event: String,
    id: Option<i64>,
    data: String,
}

/// A client of the stream.
struct Client {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Client {
    async fn connect(slice: &Slice, last: Option<&str>) -> Self {
        let mut request = Request::builder().uri("/api/events").header("x-qn-user", user().to_string());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = slice.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next frame that is not a comment; `None` at the end.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let mut frame = Frame::default();
                for line in block.lines() {
                    match line.split_once(": ").or_else(|| line.split_once(':')) {
                        Some(("event", value)) => value.clone_into(&mut frame.event),
                        Some(("id", value)) => frame.id = value.parse().ok(),
                        Some(("data", value)) => frame.data.push_str(value),
                        _ => {}
                    }
                }
                if !frame.event.is_empty() {
                    return Some(frame);
                }
            }
            let chunk =
                tokio::time::timeout(Duration::from_secs(10), self.body.next()).await.expect("a frame in time")?;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// The ids of the next `count` stored events; snapshots are passed over.
    async fn ids(&mut self, count: usize) -> Vec<i64> {
        let mut ids = Vec::new();
        while ids.len() < count {
            let frame = self.next().await.unwrap();
            if !SNAPSHOTS.contains(&frame.event.as_str()) {
                ids.push(frame.id.unwrap());
            }
        }
        ids
    }
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_09_eight_writers_leave_no_hole_for_a_reader_by_cursor(pool: PgPool) {
    let each = 60 * soak();
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                for n in 0..each {
                    append(&pool, 1 + (n % 3) as u128).await;
                }
            })
        })
        .collect();
    let total = i64::try_from(8 * (0..each).map(|n| 1 + n % 3).sum::<usize>()).unwrap();
    let mut place = 0;
    while place < total {
        let mut tx = SliceDb::from_pool(pool.clone()).begin().await.unwrap();
        for event in events::after(&mut tx, place, 100).await.unwrap() {
            assert_eq!(event.seq, place + 1, "a hole, or out of order");
            place = event.seq;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(last_event(&pool).await, total);
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_10_a_stream_begins_with_the_link_and_resumes_after_the_last_id(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    append(&pool, 5).await;
    let mut client = Client::connect(&slice, Some("2")).await;
    let first = client.next().await.unwrap();
    assert_eq!((first.event.as_str(), first.id), (SNAPSHOTS[0], None));
    for snapshot in &SNAPSHOTS[1..] {
        assert_eq!(client.next().await.unwrap().event, *snapshot);
    }
    assert_eq!(client.ids(3).await, [3, 4, 5]);
    append(&pool, 2).await;
    slice.app.wake.reached(7);
    assert_eq!(client.ids(2).await, [6, 7]);
    drop(client);
    append(&pool, 1).await;
    let mut client = Client::connect(&slice, Some("6")).await;
    assert_eq!(client.ids(2).await, [7, 8]);
    // Without a place a stream starts at the end.
    let mut fresh = Client::connect(&slice, None).await;
    assert_eq!(fresh.next().await.unwrap().event, "link");
    append(&pool, 1).await;
    slice.app.wake.reached(9);
    assert_eq!(fresh.ids(1).await, [9]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn del_10_a_place_that_cannot_be_continued_gets_reset(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    append(&pool, 3).await;
    for place in ["4", "9223372036854775807", "9223372036854775808", "-1", "text", "1e3"] {
        let mut client = Client::connect(&slice, Some(place)).await;
        for snapshot in SNAPSHOTS {
            assert_eq!(client.next().await.unwrap().event, snapshot);
        }
        let reset = client.next().await.unwrap();
        assert_eq!((reset.event.as_str(), reset.id), ("reset", Some(3)), "after {place}");
        assert!(reset.data.contains("\"last_event_id\":3"));
    }
    sqlx::query("update event_counter set floor = 2").execute(&pool).await.unwrap();
    let mut client = Client::connect(&slice, Some("1")).await;
    for _ in SNAPSHOTS {
        client.next().await.unwrap();
    }
    assert_eq!(client.next().await.unwrap().event, "reset");
    let mut client = Client::connect(&slice, Some("2")).await;
    assert_eq!(client.ids(1).await, [3]);
    slice.stop().await;
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn a_stream_counts_as_somebody_who_is_there_and_ends_with_the_slice(pool: PgPool) {
    let slice = Slice::start(&pool, ReadingMode::OnOpen).await;
    let mut client = Client::connect(&slice, None).await;
    client.next().await.unwrap();
    assert_eq!(*slice.app.streams.borrow(), 1);
    slice.page.show(PageState::Qr, Some("2@a"), None);
    loop {
        let link = client.next().await.unwrap();
        if link.data.contains("\"value\":\"2@a\"") {
            break;
        }
    }
    let app = slice.app.clone();
    let other = Client::connect(&slice, None).await;
    drop(other);
    until("the dropped stream is noticed", async || *app.streams.borrow() == 1).await;
    slice.stop().await;
    while client.next().await.is_some() {}
}

#[sqlx::test(migrator = "queunir_db::slice::MIGRATIONS")]
async fn an_observation_reaches_the_stream_at_once(pool: PgPool) {
    let slice = Slice::linked(&pool, ReadingMode::Background, &["Ana"]).await;
    let chat = slice.chat("Ana").await;
    slice.open(chat, 1).await;
    let mut client = Client::connect(&slice, None).await;
    client.next().await.unwrap();
    let mut quickest = Duration::MAX;
    for n in 0..10 {
        let began = Instant::now();
        slice.page.receive("Ana", &format!("message {n}"), minute(n));
        loop {
            let frame = client.next().await.unwrap();
            if frame.event == "message.stored" && frame.data.contains(&format!("message {n}\"")) {
                break;
            }
        }
        quickest = quickest.min(began.elapsed());
    }
    // Without being woken each of them would wait for a whole look of the stream, two seconds after the last one.
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
    slice.stop().await;
}
