//! Connect writes what is wanted, once, and records who agreed to what.

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::{World, problem};

#[sqlx::test(migrations = false)]
async fn the_first_connect_needs_consent_and_a_reading_mode(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    for (body, code) in [
        (json!({}), "consent_required"),
        (json!({"reading_mode": "on_open"}), "consent_required"),
        (json!({"reading_mode": "on_open", "accepted": "2019-01"}), "consent_required"),
        (json!({"accepted": "2026-11"}), "reading_mode_required"),
        (json!({"reading_mode": "everything", "accepted": "2026-11"}), "invalid"),
        (json!({"reading_mode": "on_open", "accepted": "2026-11", "slice": 4}), "invalid"),
    ] {
        assert_eq!(problem(browser.post("/api/connect", &body).await).await, (422, code.to_owned()), "{body}");
    }
    assert_eq!(world.count("slices").await, 0);
    assert_eq!(browser.get("/api/connection").await.json::<Value>().await.unwrap(), json!({}));
    assert_eq!(problem(browser.get("/api/chats").await).await, (409, "no_slice".to_owned()));

    let first = browser.post("/api/connect", &json!({"reading_mode": "on_open", "accepted": "2026-11"})).await;
    assert_eq!(first.status(), 202);
    assert_eq!(first.json::<Value>().await.unwrap(), json!({"status": "provisioned"}));
    let again = browser.post("/api/connect", &json!({})).await;
    assert_eq!(again.json::<Value>().await.unwrap(), json!({"status": "initializing"}));

    let view: Value = browser.get("/api/connection").await.json().await.unwrap();
    assert_eq!((view["desired"].as_str(), view["phase"].as_str()), (Some("linked"), Some("requested")));
    let me: Value = browser.get("/auth/me").await.json().await.unwrap();
    assert_eq!((me["has_slice"].as_bool(), me["reading_mode"].as_str()), (Some(true), Some("on_open")));
    let recorded = "gateway.events where kind = 'connect_wanted' and user_id is not null and slice_id is not null";
    assert_eq!(world.count(recorded).await, 2);
    let agreed = "gateway.events where detail = '{\"consent\": \"2026-11\", \"reading_mode\": \"on_open\"}'";
    assert_eq!(world.count(agreed).await, 1);
    assert_eq!(world.count("slices where locale = 'pt-BR' and time_zone = 'America/Sao_Paulo'").await, 1);

    assert_eq!(browser.request(Method::POST, "/api/connection/cancel").send().await.unwrap().status(), 204);
    let view: Value = browser.get("/api/connection").await.json().await.unwrap();
    assert_eq!(view["desired"], "service");
}

#[sqlx::test(migrations = false)]
async fn atk_11_fifty_connects_at_once_make_one_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let body = json!({"reading_mode": "background", "accepted": "2026-11"});
    let presses: Vec<_> =
        (0..50).map(|_| tokio::spawn(browser.request(Method::POST, "/api/connect").json(&body).send())).collect();
    let mut provisioned = 0;
    for press in presses {
        let answer = press.await.unwrap().unwrap();
        assert_eq!(answer.status(), 202);
        provisioned += usize::from(answer.json::<Value>().await.unwrap()["status"] == "provisioned");
    }
    assert_eq!(provisioned, 1);
    assert_eq!(world.count("slices").await, 1);
    assert_eq!(world.count("users u join slices s on s.id = u.slice_id and s.user_id = u.id").await, 1);
}

#[sqlx::test(migrations = false)]
async fn an_agent_does_not_connect(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    world.run("update users set role = 'agent'").await;
    assert_eq!(problem(browser.connect().await).await, (403, "owner_only".to_owned()));
}
