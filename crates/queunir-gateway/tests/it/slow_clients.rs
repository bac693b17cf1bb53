//! Clients that take their time: slow heads, slow bodies, answers nobody reads (ATK-10). What the slice hears of them is
//! nothing, and others do not wait.

use std::time::{Duration, Instant};

use queunir_gateway::Patience;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    raw::{Line, answers},
    scripted::{Scripted, Then},
    slice::Slice,
    world::{World, eventually},
};

const SHORT: Duration = Duration::from_millis(600);

async fn impatient(options: PgConnectOptions) -> World {
    let patience = Patience { idle: SHORT * 4, head: SHORT, body: SHORT, unread: SHORT };
    World::with(options, |config| config.client_patience = patience).await
}

fn post(cookie: &str, length: usize) -> String {
    format!(
        "POST /api/chats/c/messages HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nX-Qn: 1\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Sends byte by byte until the gateway has had enough; its answer.
async fn drip(world: &World, at_once: &str, slowly: &str) -> Vec<u8> {
    let mut line = Line::open(world).await;
    line.say(at_once).await;
    let mut pause = tokio::time::interval(SHORT / 10);
    for byte in slowly.as_bytes() {
        pause.tick().await;
        if line.closing().await {
            break;
        }
        line.say([*byte]).await;
    }
    line.rest().await
}

#[sqlx::test(migrations = false)]
async fn atk_10_slow_heads_and_bodies_are_cut_off_with_an_answer(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let whole = format!("GET /api/chats/a HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", browser.cookie);
    let (head, body) = (post(&browser.cookie, 500), " ".repeat(500));
    let cases = [
        ("a dripping head", "", whole.as_str()),
        ("a head that stops", &whole[..60], ""),
        ("a second head that stops", &format!("{whole}{}", &whole[..60]), ""),
        ("a dripping body", &head, &body),
        ("a body that stops", &format!("{head}{{\"a\":"), ""),
    ];
    for (what, at_once, slowly) in cases {
        let began = Instant::now();
        let got = answers(&drip(&world, at_once, slowly).await);
        assert!(began.elapsed() < SHORT * 6, "{what} took {:?}", began.elapsed());
        let last = got.last().unwrap_or_else(|| panic!("{what}: no answer"));
        assert_eq!((last.status, last.json()["code"].as_str()), (408, Some("too_slow")), "{what}");
        let heard = slice.heard();
        assert_eq!(heard.len(), usize::from(what.contains("second")), "{what} {heard:?}");
    }
}

#[sqlx::test(migrations = false)]
async fn atk_10_a_slow_network_is_not_a_slow_attack(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let mut line = Line::open(&world).await;
    let piece = " ".repeat(4_096);
    line.say(post(&browser.cookie, 8 * piece.len()).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
    let mut pause = tokio::time::interval(SHORT / 2);
    for _ in 0..8 {
        pause.tick().await;
        line.say(&piece).await;
    }
    assert_eq!(answers(&line.rest().await)[0].status, 200);
    assert_eq!(slice.heard().len(), 1);
}

#[sqlx::test(migrations = false)]
async fn atk_10_many_slow_clients_hold_nobody_up_and_all_end(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let mut lines = Vec::new();
    for number in 0..300 {
        let mut line = Line::open(&world).await;
        match number % 3 {
            0 => {}
            1 => line.say("GET / HTTP/1.1\r\nHost:").await,
            _ => line.say(post(&browser.cookie, 1_000)).await,
        }
        lines.push(line);
    }
    let echo: Value = browser.get("/api/chats").await.json().await.unwrap();
    assert_eq!(echo["slice"], slice.number);
    for mut line in lines {
        line.rest().await;
    }
    assert_eq!(slice.heard(), ["GET /api/chats "]);
}

#[sqlx::test(migrations = false)]
async fn atk_10_an_answer_that_nobody_reads_is_given_up(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Scripted::of(&browser, |_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 60000000\r\n\r\n";
        (head.into(), Then::Repeat(&[b' '; 8_192]))
    })
    .await;
    let mut line = Line::open(&world).await;
    line.say(format!("GET /api/chats/a HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", browser.cookie)).await;
    eventually("the slice is told", async || slice.heard().len() == 1).await;
    eventually("the slice's line ends", async || slice.closed() == 1).await;
    drop(line);
}
