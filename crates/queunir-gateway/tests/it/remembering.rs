//! A gateway that would remember sessions for an hour: what changed has to be forgotten for another reason.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    slice::Slice,
    world::{Browser, PASSWORD, World, cookie, eventually, problem},
};

async fn world(options: PgConnectOptions) -> World {
    World::with(options, |config| config.session_memory = Duration::from_secs(3_600)).await
}

/// The tables tell nobody any more.
async fn silence(world: &World) {
    world
        .run(
            "alter table users disable trigger user; alter table sessions disable trigger user;
             alter table slices disable trigger user",
        )
        .await;
}

async fn knows(browser: &Browser<'_>) -> bool {
    browser.get("/auth/me").await.status() == 200
}

#[sqlx::test(migrations = false)]
async fn auth_12_a_session_that_somebody_else_ended_opens_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options).await;
    for end in [
        "delete from sessions",
        "update sessions set expires_at = now()",
        "update sessions set last_seen_at = now() - interval '8 days'",
        "update sessions set audience = 'admin'",
        "delete from users",
    ] {
        let browser = world.register("ana@example.org").await;
        assert!(knows(&browser).await, "{end}");
        world.run(end).await;
        eventually(end, async || browser.get("/auth/me").await.status() == 401).await;
        world.run("delete from users").await;
    }
}

#[sqlx::test(migrations = false)]
async fn what_somebody_else_changed_holds(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    eventually("the slice is known", async || browser.get("/api/chats").await.status() == 200).await;
    world.run("update slices set port = null").await;
    eventually("it has no port", async || browser.get("/api/chats").await.status() == 503).await;
    world.run("update slices set desired = 'deleted'").await;
    eventually("it is deleted", async || browser.get("/api/chats").await.status() == 409).await;
    assert!(slice.arrived() > 0);
    world.run("update users set role = 'agent'").await;
    eventually("an agent does not connect", async || browser.connect().await.status() == 403).await;
}

#[sqlx::test(migrations = false)]
async fn auth_05_what_this_gateway_changed_holds_at_once(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options).await;
    let browser = world.register("ana@example.org").await;
    silence(&world).await;
    assert_eq!(problem(browser.get("/api/chats").await).await, (409, "no_slice".to_owned()));
    assert_eq!(browser.connect().await.status(), 202);
    assert_eq!(problem(browser.get("/api/chats").await).await, (503, "slice_unavailable".to_owned()));

    let body = json!({"email": "ana@example.org", "password": PASSWORD});
    let again = browser.request(Method::POST, "/auth/login").json(&body).send().await.unwrap();
    let fresh = Browser { world: &world, cookie: cookie(&again).expect("a cookie") };
    assert!(!knows(&browser).await, "the token that came with the sign-in is dead");
    assert!(knows(&fresh).await);
    assert_eq!(fresh.request(Method::POST, "/auth/logout").send().await.unwrap().status(), 204);
    assert!(!knows(&fresh).await, "signed out");
}

#[sqlx::test(migrations = false)]
async fn what_was_missed_while_nobody_listened_is_looked_at(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options).await;
    let browser = world.register("ana@example.org").await;
    assert!(knows(&browser).await);
    world.run("update users set role = 'agent'").await;
    eventually("it listens", async || browser.connect().await.status() == 403).await;
    silence(&world).await;
    world.run("delete from sessions").await;
    assert!(knows(&browser).await, "nobody told, so it is remembered");
    world
        .run(
            "select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and query ilike 'listen%'",
        )
        .await;
    eventually("everything is forgotten", async || !knows(&browser).await).await;
}
