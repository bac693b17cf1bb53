//! The live stream: snapshots of the slice, the slice's own events, and every way in which it goes on or ends.

use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    slice::Slice,
    world::{Browser, World, eventually},
};

/// Longest wait for one event. Two seconds of it is the poll that guarantees what a hint makes fast.
const PATIENCE: Duration = Duration::from_secs(8);

struct Stream {
    response: Response,
    unread: String,
}

#[derive(Debug)]
struct Event {
    name: String,
    id: Option<String>,
    data: Value,
}

impl Stream {
    async fn open(browser: &Browser<'_>, last: Option<&str>) -> Self {
        let mut request = browser.request(Method::GET, "/api/events").header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self { response, unread: String::new() }
    }

    /// The next event; none when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let block = block.to_owned();
                self.unread = rest.to_owned();
                let field = |name: &str| {
                    block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
                };
                if let (Some(name), Some(data)) = (field("event"), field("data")) {
                    return Some(Event { name, id: field("id"), data: serde_json::from_str(&data).unwrap() });
                }
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("an event in time");
            self.unread.push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }

    /// Skips to the next event of this name.
    async fn find(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }

    /// Skips to the next stored event.
    async fn stored(&mut self) -> (String, String) {
        let event = self.find("message.stored").await;
        (event.id.unwrap(), event.data["text"].as_str().unwrap().to_owned())
    }
}

#[sqlx::test(migrations = false)]
async fn a_stream_begins_before_there_is_a_slice_and_follows_it_into_life(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let mut stream = Stream::open(&browser, None).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.name.as_str(), first.id), ("slice", None));
    assert_eq!(first.data, json!({"type": "slice", "slice": {}}));

    let pressed = Instant::now();
    assert_eq!(browser.connect().await.status(), 202);
    let wanted = stream.find("slice").await;
    assert_eq!(wanted.data["slice"]["phase"], "requested");
    assert!(pressed.elapsed() < Duration::from_millis(1_500), "hints are faster than the poll");

    let slice = Slice::start(&world, 1, 1).await;
    slice.observe(&world, slice.port, 1).await;
    let seen: Vec<String> = vec![
        stream.find("slice").await.data["slice"]["phase"].as_str().unwrap().to_owned(),
        stream.find("link").await.data["type"].as_str().unwrap().to_owned(),
    ];
    assert_eq!(seen, ["qr", "link"]);
    slice.emit(1, "first");
    assert_eq!(stream.stored().await, ("1".to_owned(), "first".to_owned()));
}

#[sqlx::test(migrations = false)]
async fn a_browser_resumes_by_number_and_a_slices_restart_loses_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let old = Slice::of(&browser).await;
    let mut stream = Stream::open(&browser, Some("41")).await;
    // The browser knows where it is, so it is not told to fetch anew; a slice cannot forge the gateway's snapshot.
    for name in ["slice", "link"] {
        let event = stream.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.id), (name, None));
        assert!(event.data.get("forged").is_none());
    }
    old.emit(42, "before");
    assert_eq!(stream.stored().await, ("42".to_owned(), "before".to_owned()));

    old.stop();
    let new = Slice::start(&world, old.number, 2).await;
    new.observe(&world, new.port, 2).await;
    stream.find("link").await;
    eventually("the new one is followed", async || new.streams() == 1).await;
    new.emit(43, "after");
    assert_eq!(stream.stored().await, ("43".to_owned(), "after".to_owned()));
    assert_eq!(old.resumed(), [Some("41".to_owned())]);
    assert_eq!(new.resumed(), [Some("42".to_owned())]);

    // After a reset the stream goes on from where the slice said.
    new.reset(90);
    assert_eq!(stream.find("reset").await.data["last_event_id"], 90);
    new.stop();
    let third = Slice::start(&world, old.number, 3).await;
    third.observe(&world, third.port, 3).await;
    eventually("the third is followed", async || third.streams() == 1).await;
    assert_eq!(third.resumed(), [Some("90".to_owned())]);
}

#[sqlx::test(migrations = false)]
async fn atk_05_a_number_that_cannot_be_ours_is_as_good_as_none(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    for last in ["-1", "9223372036854775808", "abc", "1 or 1", ""] {
        let mut stream = Stream::open(&browser, Some(last)).await;
        assert_eq!(stream.find("reset").await.data["last_event_id"], 0);
    }
    assert!(slice.resumed().iter().all(Option::is_none));
}

#[sqlx::test(migrations = false)]
async fn atk_06_a_stream_ends_with_its_session(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    for end in ["update sessions set expires_at = now()", "logout"] {
        world.run("update sessions set expires_at = now() + interval '1 day'").await;
        let mut stream = Stream::open(&browser, None).await;
        stream.find("link").await;
        // Watching is not activity.
        world.run("update sessions set last_seen_at = now() - interval '1 hour'").await;
        if end == "logout" {
            browser.request(Method::POST, "/auth/logout").send().await.unwrap();
        } else {
            world.run(end).await;
        }
        let ended = Instant::now();
        while stream.next().await.is_some() {}
        assert!(ended.elapsed() < Duration::from_secs(5));
        eventually("the slice's stream ends, too", async || slice.streams() == 0).await;
        assert_eq!(world.count("sessions where last_seen_at > now() - interval '30 minutes'").await, 0);
    }
    assert_eq!(browser.get("/api/events").await.status(), 401);
}

#[sqlx::test(migrations = false)]
async fn atk_06_a_stream_that_nobody_reads_ends_with_its_session(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let mut stream = Stream::open(&browser, None).await;
    stream.find("link").await;
    // More than all buffers on the way hold; then the gateway waits for the browser.
    let text = "x".repeat(100_000);
    for id in 1..=400 {
        slice.emit(id, &text);
    }
    let mut waiting = (slice.waiting(), Instant::now());
    eventually("the stream stands still", async || {
        if slice.waiting() != waiting.0 {
            waiting = (slice.waiting(), Instant::now());
        }
        waiting.0 > 0 && waiting.1.elapsed() > Duration::from_millis(500)
    })
    .await;
    // There is something to say, and no room to say it.
    world.run("update slices set phase = 'linked'").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    browser.request(Method::POST, "/auth/logout").send().await.unwrap();
    eventually("the slice's stream ends", async || slice.streams() == 0).await;
}

#[sqlx::test(migrations = false)]
async fn a_browser_that_leaves_ends_the_stream_at_the_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let mut stream = Stream::open(&browser, None).await;
    stream.find("link").await;
    assert_eq!(slice.streams(), 1);
    drop(stream);
    eventually("the slice's stream ends", async || slice.streams() == 0).await;
}

#[sqlx::test(migrations = false)]
async fn the_gateway_stops_in_spite_of_open_streams(_: PgPoolOptions, options: PgConnectOptions) {
    let mut world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let _slice = Slice::of(&browser).await;
    let mut stream = Stream::open(&browser, None).await;
    stream.find("link").await;
    let asked = Instant::now();
    world.stop.cancel();
    while stream.next().await.is_some() {}
    let served = std::mem::replace(&mut world.served, tokio::spawn(async {}));
    served.await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
}
