//! A full host: the wish is kept with its place in the queue, a queue that is too long sends people away.

use reqwest::Response;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::{Browser, World};

/// Presses Connect and tells status, code, place in the queue and whether the answer says when to come back.
async fn press(browser: &Browser<'_>) -> (u16, Option<String>, Value, bool) {
    let answer: Response = browser.connect().await;
    let status = answer.status().as_u16();
    let retry = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let body: Value = answer.json().await.unwrap();
    (
        status,
        body["code"].as_str().map(str::to_owned),
        body["queue"].clone(),
        retry.is_some_and(|s| (30..=60).contains(&s)),
    )
}

/// As if the orchestrator had told so a moment ago.
async fn publish(world: &World, cap: i32) {
    world
        .run(&format!(
            "insert into host values (true, {cap}, 500, 90000, now())
             on conflict (singleton) do update set linked_cap = {cap}, updated_at = now()"
        ))
        .await;
}

#[sqlx::test(migrations = false)]
async fn orc_07_a_full_host_keeps_the_wish_and_tells_the_place(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let full = || Some("host_full".to_owned());
    let ana = world.register("ana@example.org").await;
    assert_eq!(press(&ana).await.0, 202, "nobody has told what the host can take");
    publish(&world, 1).await;
    assert_eq!(press(&ana).await.0, 202, "the only place is free");
    world.run("update slices set phase = 'starting', page_state = 'starting', generation = 1").await;
    assert_eq!(press(&ana).await.0, 202, "it is hers");

    let bia = world.register("bia@example.org").await;
    assert_eq!(press(&bia).await, (429, full(), json!({"position": 1, "seconds": 90}), true));
    let carla = world.register("carla@example.org").await;
    assert_eq!(press(&carla).await, (429, full(), json!({"position": 2, "seconds": 180}), true));
    assert_eq!(world.count("slices where desired = 'linked'").await, 3, "their wishes are kept");
    // What the orchestrator has said since wins.
    world.run("update slices set queue_position = 1, queue_seconds = 7 where id = (select max(id) from slices)").await;
    assert_eq!(press(&carla).await, (429, full(), json!({"position": 1, "seconds": 7}), true));
    let view: Value = carla.get("/api/connection").await.json().await.unwrap();
    assert_eq!(view["queue"], json!({"position": 1, "seconds": 7}));

    publish(&world, 3).await;
    assert_eq!(press(&bia).await.0, 202, "there is room");
    publish(&world, 1).await;
    world.run("update host set updated_at = now() - interval '2 minutes'").await;
    assert_eq!(press(&bia).await.0, 202, "what is told no more is not known");
}

#[sqlx::test(migrations = false)]
async fn orc_07_a_queue_of_a_hundred_sends_away_and_keeps_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    publish(&world, 0).await;
    world
        .run(
            "with u as (insert into users (id, email, password_hash)
                 select gen_random_uuid(), n || '@example.org', '' from generate_series(1, 99) n returning id)
             insert into slices (user_id, desired) select id, 'linked' from u",
        )
        .await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    assert_eq!(press(&ana).await.2, json!({"position": 100, "seconds": 9_000}));
    assert_eq!(press(&bia).await, (429, Some("host_full".to_owned()), Value::Null, true));
    assert_eq!(world.count("slices").await, 100, "nothing of hers is kept");
    assert_eq!(press(&ana).await.0, 429, "who waits may ask again");
    assert_eq!(world.count("slices").await, 100);
}

#[sqlx::test(migrations = false)]
async fn what_is_being_deleted_is_not_connected_and_what_is_gone_begins_anew(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::new(options).await;
    let ana = world.register("ana@example.org").await;
    assert_eq!(press(&ana).await.0, 202);
    world.run("update slices set desired = 'deleted', phase = 'deleting'").await;
    let (status, code, ..) = press(&ana).await;
    assert_eq!((status, code.as_deref()), (409, Some("being_deleted")));
    world.run("update slices set phase = 'deleted', user_id = null").await;
    assert_eq!(ana.get("/api/connection").await.json::<Value>().await.unwrap(), json!({}));
    assert_eq!(press(&ana).await.0, 202);
    assert_eq!(
        world.count("users u join slices s on s.id = u.slice_id and s.user_id = u.id and s.phase <> 'deleted'").await,
        1
    );
}
