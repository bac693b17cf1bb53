//! A slice that is somebody else's by now: hangs, lies about lengths, floods, speaks out of turn. Its own user gets a
//! clear answer or a visibly broken one; nobody else notices (ISO-17, ATK-27).

use std::time::{Duration, Instant};

use queunir_gateway::SlicePatience;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    raw::{Line, answers},
    scripted::{Scripted, Then, plain},
    slice::Slice,
    world::{Browser, World, eventually, problem},
};

const SHORT: Duration = Duration::from_millis(800);

async fn impatient(options: PgConnectOptions) -> World {
    let patience = SlicePatience { head: SHORT, stall: SHORT, whole: SHORT * 4 };
    World::with(options, |config| config.slice_patience = patience).await
}

fn json(lines: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{lines}\r\n{body}").into()
}

/// Heads that are no head, or one that must not be passed on.
const HEADS: [(&str, &str); 22] = [
    ("garbage", "hello there\r\n\r\n"),
    ("old", "{\"chats\":[]}"),
    ("version", "HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ("status", "HTTP/1.1 99 Low\r\ncontent-length: 0\r\n\r\n"),
    ("letters", "HTTP/1.1 2OO OK\r\ncontent-length: 0\r\n\r\n"),
    ("switch", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
    (
        "both",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ),
    ("twice", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}"),
    ("differ", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}"),
    ("minus", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: -2\r\n\r\n{}"),
    ("coding", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: gzip\r\n\r\n{}"),
    (
        "codings",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ),
    ("fold", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx: a\r\n b\r\ncontent-length: 2\r\n\r\n{}"),
    ("nul", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx: a\0b\r\ncontent-length: 2\r\n\r\n{}"),
    ("colon", "HTTP/1.1 200 OK\r\ncontent-type : application/json\r\ncontent-length: 2\r\n\r\n{}"),
    (
        "kinds",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}",
    ),
    ("page", "HTTP/1.1 200 OK\r\ncontent-type: application/json-page\r\ncontent-length: 2\r\n\r\n{}"),
    ("comma", "HTTP/1.1 200 OK\r\ncontent-type: application/json, text/html\r\ncontent-length: 2\r\n\r\n{}"),
    ("stream", "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 2\r\n\r\n\n\n"),
    ("moved", "HTTP/1.1 307 Moved\r\nlocation: //evil.example/\r\ncontent-length: 0\r\n\r\n"),
    ("large", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10737418240\r\n\r\n{}"),
    ("choice", "HTTP/1.1 300 Choose\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"),
];

fn script(path: &str) -> (Vec<u8>, Then) {
    if let Some((_, bytes)) = HEADS.iter().find(|(name, _)| *name == path) {
        return (bytes.as_bytes().to_vec(), Then::Keep);
    }
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n".to_vec();
    match path {
        "headers" => ([head, b"x: y\r\n".repeat(200), b"\r\n".to_vec()].concat(), Then::Hang),
        "header" => ([head, b"x: ".to_vec(), b"y".repeat(200_000), b"\r\n\r\n".to_vec()].concat(), Then::Hang),
        "endless-head" => {
            (head, Then::Repeat(b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"))
        }
        "endless-hints" => (Vec::new(), Then::Repeat(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")),
        "nothing" => (Vec::new(), Then::Close),
        "silent" => (Vec::new(), Then::Hang),
        "half-head" => (b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec(), Then::Hang),
        "cut-head" => (b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec(), Then::Close),
        "hints" => {
            ([b"HTTP/1.1 103 Early Hints\r\nset-cookie: a=b\r\n\r\n".to_vec(), plain("{}")].concat(), Then::Keep)
        }
        "short" => (json("content-length: 100\r\n", "{\"half\":"), Then::Close),
        "stalled" => (json("content-length: 100\r\n", "{\"half\":"), Then::Hang),
        "chunk" => (json("transfer-encoding: chunked\r\n", "8\r\n{\"half\":\r\nzz\r\n"), Then::Hang),
        "unended" => (json("transfer-encoding: chunked\r\n", "8\r\n{\"half\":\r\n"), Then::Close),
        "endless" => (json("transfer-encoding: chunked\r\n", ""), Then::Repeat(&ENDLESS)),
        "extra" => ([plain("{}"), plain("{\"smuggled\":true}")].concat(), Then::Keep),
        "empty-extra" => {
            ([b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), plain("{\"smuggled\":true}")].concat(), Then::Keep)
        }
        "early" => (plain("{}"), Then::Hang),
        "trailers" => (
            json("transfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\nset-cookie: a=b\r\nx-trailer: y\r\n\r\n"),
            Then::Keep,
        ),
        "named" => {
            (json("connection: etag\r\netag: \"7\"\r\nset-cookie: a=b\r\ncontent-length: 2\r\n", "{}"), Then::Keep)
        }
        _ => (plain("{\"own\":true}"), Then::Keep),
    }
}

/// A chunk of 16 KiB.
static ENDLESS: [u8; 16_392] = {
    let (mut bytes, size) = ([b' '; 16_392], b"4000\r\n");
    let mut at = 0;
    while at < size.len() {
        bytes[at] = size[at];
        at += 1;
    }
    bytes[16_390] = b'\r';
    bytes[16_391] = b'\n';
    bytes
};

/// The user's next request and the neighbour's get their own answers.
async fn all_is_well(hostile: &Browser<'_>, neighbour: &Browser<'_>, of_neighbour: &Slice, after: &str) {
    let own: Value = hostile.get("/api/chats/own").await.json().await.unwrap();
    assert_eq!(own["own"], true, "after {after}");
    let echo: Value = neighbour.get("/api/chats").await.json().await.unwrap();
    assert_eq!(echo["slice"], of_neighbour.number, "after {after}");
}

#[sqlx::test(migrations = false)]
async fn atk_27_what_is_no_answer_becomes_a_clear_problem(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let of_bia = Slice::of(&bia).await;
    let _hostile = Scripted::of(&ana, script).await;
    let bad = HEADS.iter().map(|(name, _)| *name).chain(["headers", "header", "endless-head"]);
    let away = ["nothing", "silent", "half-head", "cut-head", "endless-hints"];
    let cases = bad.map(|name| (name, 502, "bad_upstream")).chain(away.map(|name| (name, 503, "slice_unavailable")));
    for (name, status, code) in cases {
        let began = Instant::now();
        let answer = ana.get(&format!("/api/chats/{name}")).await;
        assert!(!answer.headers().contains_key("location") && !answer.headers().contains_key("upgrade"), "{name}");
        assert_eq!(problem(answer).await, (status, code.to_owned()), "{name}");
        assert!(began.elapsed() < SHORT * 8, "{name} took {:?}", began.elapsed());
        all_is_well(&ana, &bia, &of_bia, name).await;
    }
}

#[sqlx::test(migrations = false)]
async fn atk_27_a_broken_body_never_looks_whole(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let of_bia = Slice::of(&bia).await;
    let _hostile = Scripted::of(&ana, script).await;
    for name in ["short", "stalled", "chunk", "unended", "endless"] {
        let answer = ana.get(&format!("/api/chats/{name}")).await;
        assert_eq!(answer.status(), 200, "{name}");
        let body = answer.bytes().await;
        assert!(body.is_err(), "{name} {:?}", body.map(|body| body.len()));
        all_is_well(&ana, &bia, &of_bia, name).await;
    }
}

#[sqlx::test(migrations = false)]
async fn atk_27_what_a_slice_says_out_of_turn_is_heard_by_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let of_bia = Slice::of(&bia).await;
    let _hostile = Scripted::of(&ana, script).await;
    for name in ["hints", "extra", "empty-extra", "trailers", "named"] {
        let answer = ana.get(&format!("/api/chats/{name}")).await;
        assert_eq!(answer.status().as_u16(), if name == "empty-extra" { 204 } else { 200 }, "{name}");
        for header in ["set-cookie", "x-trailer", "trailer", "etag", "link"] {
            assert!(!answer.headers().contains_key(header), "{name} {header}");
        }
        assert_eq!(answer.text().await.unwrap(), if name == "empty-extra" { "" } else { "{}" }, "{name}");
        all_is_well(&ana, &bia, &of_bia, name).await;
    }
    // Over one line of the browser's, too.
    let mut line = Line::open(&world).await;
    let request = |name: &str, more: &str| {
        format!("GET /api/chats/{name} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n{more}\r\n", ana.cookie)
    };
    line.say(["extra", "own", "empty-extra", "own"].map(|name| request(name, "")).concat()).await;
    line.say(request("own", "Connection: close\r\n")).await;
    let bodies: Vec<String> = answers(&line.rest().await).into_iter().map(|answer| answer.body).collect();
    assert_eq!(bodies, ["{}", "{\"own\":true}", "", "{\"own\":true}", "{\"own\":true}"]);
}

#[sqlx::test(migrations = false)]
async fn an_answer_before_the_requests_end_does_not_shift_the_next_one(_: PgPoolOptions, options: PgConnectOptions) {
    let world = impatient(options).await;
    let ana = world.register("ana@example.org").await;
    let hostile = Scripted::of(&ana, script).await;
    let mut line = Line::open(&world).await;
    let head = format!(
        "POST /api/chats/early HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nX-Qn: 1\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
        ana.cookie
    );
    line.say(format!("{head}{}", " ".repeat(1_000))).await;
    let first = line.some().await;
    assert!(first.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&first));
    // The rest looks like a request of its own; it is body, or never read.
    let smuggled = format!("GET /api/chats/smuggled HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", ana.cookie);
    line.say(smuggled.repeat(200)).await;
    drop(line);
    let own: Value = ana.get("/api/chats/own").await.json().await.unwrap();
    assert_eq!(own["own"], true);
    let heard = hostile.heard();
    assert!(heard.iter().all(|(_, first)| !first.contains("smuggled")), "{heard:?}");
    assert_ne!(heard[0].0, heard[1].0, "a line with half a body on it was used again: {heard:?}");
}

#[sqlx::test(migrations = false)]
async fn a_browser_that_leaves_in_the_middle_takes_the_slices_line_along(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let ana = world.register("ana@example.org").await;
    let slice = Scripted::of(&ana, script).await;
    let ask = |method: &str, name: &str, more: &str| {
        format!(
            "{method} /api/chats/{name} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nX-Qn: 1\r\nSec-Fetch-Site: same-origin\r\n{more}\r\n",
            ana.cookie
        )
    };
    // In the middle of its request, while it waits for an answer, and in the middle of one.
    let upload = ask("POST", "silent", "Content-Type: application/json\r\nContent-Length: 100\r\n") + "{\"text\":";
    for (at, (what, bytes)) in
        [("request", upload), ("wait", ask("GET", "silent", "")), ("answer", ask("GET", "stalled", ""))]
            .into_iter()
            .enumerate()
    {
        let mut line = Line::open(&world).await;
        line.say(bytes).await;
        eventually("the slice hears it", async || slice.heard().len() == 2 * at + 1).await;
        if what == "answer" {
            assert!(!line.some().await.is_empty());
        }
        drop(line);
        eventually("the slice's line ends", async || slice.closed() == at + 1).await;
        let own: Value = ana.get("/api/chats/own").await.json().await.unwrap();
        assert_eq!(own["own"], true, "{what}");
    }
}
