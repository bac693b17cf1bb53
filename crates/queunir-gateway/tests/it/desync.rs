//! Requests written byte by byte that two parsers could read in two ways, and what became of each (ISO-18, ATK-07 to
//! ATK-10): its own answer, what the slice behind heard of it, and whether the next request on the line is still itself.

use reqwest::header::{HeaderName, HeaderValue};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    desync_cases::{CANARY, all},
    raw::{Answer, exchange},
    slice::Slice,
    world::World,
};

/// What a slice may be told; everything else is a leak.
const LISTED: [&str; 14] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-length",
    "content-type",
    "host",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "range",
    "x-qn-request-id",
    "x-qn-role",
    "x-qn-user",
];

#[sqlx::test(migrations = false)]
async fn iso_18_bytes_that_could_be_read_in_two_ways_are_read_in_none(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let me: Value = browser.get("/auth/me").await.json().await.unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for case in all() {
        let bytes = [&case.bytes, CANARY.as_bytes()].concat();
        let bytes = replace(&bytes, b"{cookie}", browser.cookie.as_bytes());
        let answers: Vec<Answer> =
            exchange(&world, &bytes).await.into_iter().filter(|answer| answer.status != 100).collect();
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        let heard = slice.heard();
        if statuses != case.statuses || heard != case.heard {
            let shown = String::from_utf8_lossy(&case.bytes[..case.bytes.len().min(300)]).into_owned();
            wrong.push(format!("{shown:?}\n  statuses {statuses:?}, wanted {:?}\n  heard {heard:?}", case.statuses));
        }
        let echoes = answers.iter().filter(|answer| answer.status == 200).map(Answer::json);
        for (echo, heard) in echoes.zip(&heard) {
            assert!(heard.starts_with(&format!(
                "{} {}",
                echo["method"].as_str().unwrap(),
                echo["uri"].as_str().unwrap()
            )));
            check_headers(&echo, &me);
        }
        for answer in &answers {
            check_answer(answer);
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{count} cases");
    assert!(count >= 60, "{count}");
}

/// The slice was told nothing but what is listed, once, and who is asking.
fn check_headers(echo: &Value, me: &Value) {
    let seen: Vec<(String, String)> = serde_json::from_value(echo["headers"].clone()).unwrap();
    for (at, (name, value)) in seen.iter().enumerate() {
        assert!(LISTED.contains(&name.as_str()), "{name}");
        assert!(!seen[..at].iter().any(|(earlier, _)| earlier == name), "{name} twice");
        assert!(name != "x-qn-user" || value == me["id"].as_str().unwrap(), "{value}");
        assert!(name != "x-qn-request-id" || value.len() == 32, "{value}");
    }
}

/// Whatever was refused, the answer is one of ours: with a code, an id and the headers that every answer has (AUTH-16).
fn check_answer(answer: &Answer) {
    for (name, value) in &answer.headers {
        HeaderName::try_from(name.as_str()).unwrap();
        HeaderValue::from_str(value).unwrap();
    }
    assert_eq!(answer.headers.get("x-content-type-options").map(String::as_str), Some("nosniff"), "{answer:?}");
    assert!(answer.headers.contains_key("strict-transport-security"), "{answer:?}");
    if answer.status >= 400 {
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status);
        assert_eq!(problem["request_id"].as_str().unwrap().len(), 32);
        assert!(!problem["code"].as_str().unwrap().is_empty());
    }
}

fn replace(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let (mut rest, mut out) = (bytes, Vec::new());
    while let Some(at) = rest.windows(what.len()).position(|window| window == what) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(by);
        rest = &rest[at + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}
