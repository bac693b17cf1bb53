//! The operator's routes: who reaches them, and that they write nothing but what is wanted.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::{World, loose, problem};
use queunir_gateway::{Limits, Rate};

const KEY: &str = "an-operators-key-of-forty-characters-ok";
const ORDERS: [&str; 4] = ["start", "stop", "restart", "destroy"];

fn routes() -> Vec<(Method, String)> {
    let reads = ["slices", "slices/1", "health", "capacity"].map(|path| (Method::GET, format!("/orchestrator/{path}")));
    let writes = ORDERS.map(|order| (Method::POST, format!("/orchestrator/slices/1/{order}")));
    reads.into_iter().chain(writes).collect()
}

async fn world(options: PgConnectOptions, limits: Limits) -> World {
    World::with(options, |config| {
        config.orchestrator_key = Some(KEY.to_owned().into());
        config.limits = limits;
    })
    .await
}

fn keyed(world: &World, method: Method, path: &str) -> RequestBuilder {
    world.bare(method, path).header("authorization", format!("Bearer {KEY}"))
}

async fn order(world: &World, path: &str) -> Response {
    keyed(world, Method::POST, &format!("/orchestrator/slices/{path}")).send().await.unwrap()
}

/// Everything wanted of slice 1, and who else wrote anything.
async fn wanted(world: &World) -> (String, Option<String>, i64) {
    sqlx::query_as("select desired, wanted_reason, outdated_generation from slices where id = 1")
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

#[sqlx::test(migrations = false)]
async fn without_a_key_in_the_settings_no_route_is_there(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    for (method, path) in routes() {
        for request in [keyed(&world, method.clone(), &path), browser.request(method.clone(), &path)] {
            assert_eq!(problem(request.send().await.unwrap()).await, (404, "not_found".to_owned()), "{method} {path}");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn every_route_refuses_whoever_lacks_the_key_or_comes_through_a_proxy(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = world(options, loose()).await;
    let browser = world.register("ana@example.org").await;
    browser.connect().await;
    let before = wanted(&world).await;
    let (bad_key, unseen) = ((401, "bad_key".to_owned()), (404, "not_found".to_owned()));
    for (method, path) in routes() {
        let send = async |request: RequestBuilder| problem(request.send().await.unwrap()).await;
        let bare = || world.bare(method.clone(), &path);
        assert_eq!(send(bare()).await, bad_key, "{method} {path} without a key");
        assert_eq!(send(browser.request(method.clone(), &path)).await, bad_key, "{method} {path} with a session");
        for wrong in [&KEY[1..], &format!("{KEY}x"), "", &KEY.to_uppercase()] {
            let request = bare().header("authorization", format!("Bearer {wrong}"));
            assert_eq!(send(request).await, bad_key, "{method} {path} {wrong}");
        }
        let basic = bare().header("authorization", format!("Basic {KEY}"));
        assert_eq!(send(basic).await, bad_key, "{method} {path}");
        for header in ["x-real-ip", "x-forwarded-for", "forwarded", "via", "x-forwarded-host", "x-original-url"] {
            let request = keyed(&world, method.clone(), &path).header(header, "127.0.0.1");
            assert_eq!(send(request).await, unseen, "{method} {path} {header}");
        }
    }
    assert_eq!(wanted(&world).await, before);
    let refused = world.count("events where kind = 'orchestrator_refused'").await;
    assert_eq!(refused, 8 * (2 + 4 + 1), "each refusal of a wrong key is on record");
    assert_eq!(world.count("events where kind like 'slice.%_wanted'").await, 0);
    assert_eq!(world.count("events where detail::text like '%operators-key%'").await, 0, "no key is on record");
}

#[sqlx::test(migrations = false)]
async fn orders_write_what_is_wanted_with_its_author_and_nothing_that_is_observed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = world(options, loose()).await;
    let browser = world.register("ana@example.org").await;
    browser.connect().await;
    world
        .run(
            "update slices set phase = 'linked', page_state = 'linked', generation = 7, port = 5001, \
        wa_phone = '+5511987654321', wa_connected = true",
        )
        .await;
    let observed = "select row(phase, stop_reason, generation, port, page_state, epoch, phase_since)::text from slices";
    let look = async || sqlx::query_scalar::<_, String>(observed).fetch_one(&world.owner).await.unwrap();
    let before = look().await;

    let admin = |desired: &str, outdated| (desired.to_owned(), Some("admin".to_owned()), outdated);
    for (path, wish) in [
        ("1/restart", admin("linked", 7)),
        ("1/start", admin("linked", 7)),
        ("1/stop", admin("stopped", 7)),
        ("1/start", admin("service", 7)),
        ("1/start?linked=true", admin("linked", 7)),
        ("1/stop", admin("stopped", 7)),
    ] {
        let answer = order(&world, path).await;
        assert_eq!(answer.status(), 202, "{path}");
        let card: Value = answer.json().await.unwrap();
        assert_eq!(
            (card["desired"].as_str(), card["account"].as_str()),
            (Some(wish.0.as_str()), Some("ana@example.org"))
        );
        assert_eq!(wanted(&world).await, wish, "{path}");
    }
    assert_eq!(problem(order(&world, "1/restart").await).await, (409, "not_wanted".to_owned()));
    browser.connect().await;
    assert_eq!(wanted(&world).await, ("linked".to_owned(), None, 7), "a tenant's wish has no reason of the operator's");
    assert_eq!(order(&world, "1/destroy").await.status(), 202);
    assert_eq!(problem(order(&world, "1/start").await).await, (409, "being_deleted".to_owned()));
    assert_eq!(wanted(&world).await, admin("deleted", 7));
    assert_eq!(look().await, before, "the gateway starts and stops nothing");
    let on_record = "events where kind like 'slice.%_wanted' and slice_id = 1 and detail->>'by' = 'orchestrator key' \
        and request_id is not null and host(ip) = '127.0.0.1'";
    assert_eq!(world.count(on_record).await, 7);
    for missing in ["2/stop", "x/stop", "-1/stop"] {
        assert_eq!(problem(order(&world, missing).await).await.0, 404, "{missing}");
    }
}

#[sqlx::test(migrations = false)]
async fn what_is_shown_hides_the_linked_number(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options, loose()).await;
    for mail in ["ana@example.org", "bia@example.org"] {
        world.register(mail).await.connect().await;
    }
    world
        .run(
            "update slices set generation = 1, phase = 'linked', page_state = 'linked', wa_connected = true, \
        wa_phone = '+5511987654321' where id = 1; update slices set phase = 'failed' where id = 2",
        )
        .await;
    let get = async |path: &str| keyed(&world, Method::GET, path).send().await.unwrap().text().await.unwrap();
    let list = get("/orchestrator/slices").await;
    let one: Value = serde_json::from_str(&get("/orchestrator/slices/1").await).unwrap();
    assert!(!list.contains("987654321"), "{list}");
    assert_eq!(one["wa_phone"], "+55•••••••••21");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["slices"][0], one);
    let health: Value = serde_json::from_str(&get("/orchestrator/health").await).unwrap();
    assert_eq!(
        health,
        serde_json::json!({"led": false, "total": 2, "phases": {"linked": 1, "failed": 1}, "browsers": 1,
            "connected": 1, "troubled": [2]})
    );
    let capacity: Value = serde_json::from_str(&get("/orchestrator/capacity").await).unwrap();
    assert_eq!(capacity["running"], serde_json::json!({"service": 0, "linked": 1}));
    assert!(capacity["host"]["memory_bytes"].as_u64().unwrap() > 0 && capacity["linked"]["careful"]["more"].is_u64());
    assert_eq!(capacity["linked"]["cost"]["basis"], "assumed", "nothing was measured");
    assert_eq!(one["usage"], Value::Null);
    assert_eq!(capacity["host"]["linked_cap"], Value::Null, "nobody has told");

    // What the orchestrator tells counts, and what is deleted is told of no more, unless somebody asks for it.
    world.run("insert into host values (true, 1, 500, 90000, now())").await;
    world.run("update slices set desired = 'deleted', phase = 'deleting' where id = 2").await;
    world.run("update slices set phase = 'deleted', user_id = null where id = 2").await;
    let capacity: Value = serde_json::from_str(&get("/orchestrator/capacity").await).unwrap();
    assert_eq!((&capacity["host"]["linked_cap"], &capacity["linked"]["careful"]["more"]), (&1.into(), &0.into()));
    let list: Value = serde_json::from_str(&get("/orchestrator/slices").await).unwrap();
    assert_eq!(list["slices"].as_array().unwrap().len(), 1, "{list}");
    let gone: Value = serde_json::from_str(&get("/orchestrator/slices/2").await).unwrap();
    assert_eq!((&gone["phase"], &gone["account"]), (&"deleted".into(), &Value::Null));
    let health: Value = serde_json::from_str(&get("/orchestrator/health").await).unwrap();
    assert_eq!(health["total"], 1);
}

#[sqlx::test(migrations = false)]
async fn what_was_measured_is_shown_and_what_fits_follows_from_it(_: PgPoolOptions, options: PgConnectOptions) {
    let world = world(options, loose()).await;
    world.register("ana@example.org").await;
    world
        .run(
            "insert into slices (user_id, desired, phase, page_state, generation)
                 select id, 'linked', 'linked', 'linked', 3 from users;
             insert into host values (true, 2, 500, 90000, now());
             select telemetry_prepare((now() at time zone 'UTC')::date + day) from generate_series(-1, 0) day;
             insert into telemetry (slice_id, at, generation, cpu_percent, rss_bytes, pss_bytes, processes, disk_bytes)
             values (1, now() - interval '2 minutes', 3, 1, 700, 500, 9, 60), (1, now() - interval '1 minute', 3, 2, 800, null, 9, 70),
                 (1, now() - interval '3 minutes', 2, 99, 999, 999, 9, 99);
             insert into telemetry_5m (slice_id, at, samples, cpu_percent, rss_bytes, rss_bytes_max, pss_bytes, swap_bytes,
                 processes, wa_state)
             select 1, date_bin('5 minutes', now(), 'epoch') - n * interval '5 minutes', 5, n, 1, 1, n << 20, 1 << 20, 9, 'linked'
             from generate_series(1, 21) n",
        )
        .await;
    let get =
        async |path: &str| -> Value { keyed(&world, Method::GET, path).send().await.unwrap().json().await.unwrap() };
    let mut usage = get("/orchestrator/slices/1").await["usage"].take();
    assert!(usage.as_object_mut().unwrap().remove("at").is_some());
    let newest = serde_json::json!({"cpu_percent": 2.0, "rss_bytes": 800, "pss_bytes": 500, "disk_bytes": 70});
    assert_eq!(usage, newest, "of this start, with the last memory that was measured page by page");
    let capacity = get("/orchestrator/capacity").await;
    assert_eq!(capacity["service"]["cost"]["basis"], "assumed", "no slice ran without its browser");
    assert_eq!(
        capacity["linked"]["cost"],
        serde_json::json!({"basis": "measured", "samples": 105,
            "median": {"memory_bytes": 12 << 20, "cpu_percent": 11.0},
            "p95": {"memory_bytes": 21 << 20, "cpu_percent": 20.0}})
    );
    assert_eq!(capacity["host"]["linked_cap"], 2, "as its orchestrator tells");
    assert_eq!(capacity["linked"]["careful"], serde_json::json!({"more": 1, "limited_by": "cap"}));
}

#[sqlx::test(migrations = false)]
async fn guessing_is_slowed_down_and_locks_nobody_out(_: PgPoolOptions, options: PgConnectOptions) {
    let limits =
        Limits { operator_refusals: Rate::new(2, 1, 3_600), operator_calls: Rate::new(4, 1, 3_600), ..loose() };
    let world = world(options, limits).await;
    let guess = async || problem(world.bare(Method::GET, "/orchestrator/health").send().await.unwrap()).await.0;
    assert_eq!([guess().await, guess().await, guess().await], [401, 401, 429]);
    let call = async || keyed(&world, Method::GET, "/orchestrator/health").send().await.unwrap().status().as_u16();
    assert_eq!([call().await, call().await, call().await, call().await, call().await], [200, 200, 200, 200, 429]);
}
