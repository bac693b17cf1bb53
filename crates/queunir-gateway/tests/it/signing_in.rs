//! Accounts and sessions: what is accepted, what is refused, and that refusals change and tell nothing.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::{Browser, PASSWORD, World, cookie, eventually, loose, problem};
use queunir_gateway::{Limits, Rate};

fn registration(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "locale": "en", "time_zone": "Europe/Lisbon"})
}

#[sqlx::test(migrations = false)]
async fn signing_up_in_and_out_is_one_round(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let response =
        world.request(Method::POST, "/auth/register").json(&registration(" Ana@Example.org ", PASSWORD)).send().await;
    let response = response.unwrap();
    assert_eq!(response.status(), 201);
    let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set.starts_with("__Host-qn=") && set.contains("; Secure; HttpOnly; SameSite=Lax"), "{set}");
    assert!(set.contains("; Path=/;") && !set.contains("Domain"));
    let first = Browser { world: &world, cookie: cookie(&response).unwrap() };
    let me: Value = response.json().await.unwrap();
    assert_eq!((me["email"].as_str(), me["has_slice"].as_bool()), (Some("ana@example.org"), Some(false)));
    assert!(me["id"].as_str().unwrap().starts_with("user_"));
    assert_eq!(world.count("slices").await, 0);

    let changed = first.request(Method::PUT, "/auth/me").json(&json!({"locale": "es"})).send().await.unwrap();
    assert_eq!(changed.json::<Value>().await.unwrap()["locale"], "es");
    let refused = first.request(Method::PUT, "/auth/me").json(&json!({"locale": "de"})).send().await.unwrap();
    assert_eq!(problem(refused).await, (422, "invalid".to_owned()));

    let out = first.request(Method::POST, "/auth/logout").send().await.unwrap();
    assert_eq!(out.status(), 204);
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(out.headers().contains_key("clear-site-data"));
    assert_eq!(problem(first.get("/auth/me").await).await, (401, "unauthenticated".to_owned()));

    let body = json!({"email": "ANA@example.org", "password": PASSWORD});
    let again = world.request(Method::POST, "/auth/login").json(&body).send().await.unwrap();
    assert_eq!(again.status(), 200);
    let again = Browser { world: &world, cookie: cookie(&again).unwrap() };
    assert_eq!(again.get("/auth/me").await.status(), 200);
    assert_eq!(world.count("gateway.events where kind in ('signed_up', 'signed_out', 'signed_in')").await, 3);
}

#[sqlx::test(migrations = false)]
async fn bad_input_is_refused_with_a_reason_and_changes_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let long = format!("{}@example.org", "a".repeat(250));
    for (body, field, code) in [
        (registration("not a mail", PASSWORD), "email", "invalid"),
        (registration(&long, PASSWORD), "email", "too_long"),
        (registration("ana@example.org", "short"), "password", "too_short"),
        (registration("ana@example.org", &"x y".repeat(43)), "password", "too_long"),
        (registration("ana@example.org", "password12345"), "password", "too_common"),
        (registration("ana@example.org", "queunir 2026"), "password", "contains_context"),
        (json!({"email": "a@b.org", "password": PASSWORD, "locale": "en"}), "time_zone", "required"),
        (json!({"email": 5, "password": PASSWORD, "locale": "en", "time_zone": "UTC"}), "email", "wrong_type"),
        (json!({"email": "a@b.org", "password": PASSWORD, "locale": "xx", "time_zone": "UTC"}), "locale", "invalid"),
        (
            json!({"email": "a@b.org", "password": PASSWORD, "locale": "en", "time_zone": "UTC", "role": "admin"}),
            "role",
            "unknown_field",
        ),
        (
            json!({"email": "a@b.org", "password": PASSWORD, "locale": "en", "time_zone": "UTC", "slice_id": 1}),
            "slice_id",
            "unknown_field",
        ),
    ] {
        let response = world.request(Method::POST, "/auth/register").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 422, "{body}");
        assert!(response.headers().get("set-cookie").is_none());
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["fields"][field].as_str(), Some(code), "{body} {answer}");
    }
    for (kind, body, status, code) in [
        ("application/json", "{\"email\": ", 400, "bad_json"),
        ("application/json", "", 400, "bad_json"),
        ("text/plain", "{}", 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", "email=a", 415, "unsupported_media_type"),
    ] {
        for path in ["/auth/register", "/auth/login", "/api/connect"] {
            let request = world.request(Method::POST, path).header("content-type", kind).body(body);
            let (got, why) = problem(request.send().await.unwrap()).await;
            if path == "/api/connect" && got == 401 {
                continue;
            }
            assert_eq!((got, why.as_str()), (status, code), "{path} {kind} {body}");
        }
    }
    let big = world.request(Method::POST, "/auth/register").json(&registration("a@b.org", &"x".repeat(100_000)));
    assert_eq!(problem(big.send().await.unwrap()).await, (413, "too_large".to_owned()));
    for table in ["users", "sessions", "slices", "gateway.events"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
}

#[sqlx::test(migrations = false)]
async fn auth_03_a_wrong_password_and_an_unknown_mail_look_alike(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    world.register("ana@example.org").await;
    let sessions = world.count("sessions").await;
    let mut answers = Vec::new();
    for email in ["ana@example.org", "nobody@example.org"] {
        let body = json!({"email": email, "password": "a wrong password"});
        let response = world.request(Method::POST, "/auth/login").json(&body).send().await.unwrap();
        assert!(response.headers().get("set-cookie").is_none());
        let mut names: Vec<String> = response.headers().keys().map(ToString::to_string).collect();
        names.sort();
        let status = response.status();
        let mut answer: Value = response.json().await.unwrap();
        answer["request_id"] = Value::Null;
        answers.push((status, names, answer.to_string()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, 401);
    assert_eq!(world.count("sessions").await, sessions);

    let taken = world.request(Method::POST, "/auth/register").json(&registration("ana@example.org", PASSWORD));
    assert_eq!(problem(taken.send().await.unwrap()).await, (409, "email_taken".to_owned()));
    let long = json!({"email": "ana@example.org", "password": "x".repeat(129)});
    let long = world.request(Method::POST, "/auth/login").json(&long).send().await.unwrap();
    assert_eq!(problem(long).await, (422, "invalid".to_owned()));
}

#[sqlx::test(migrations = false)]
async fn auth_05_a_sign_in_never_takes_over_the_token_it_came_with(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let before = world.register("ana@example.org").await;
    let body = json!({"email": "ana@example.org", "password": PASSWORD});
    let forged = format!("__Host-qn={}", "A".repeat(43));
    for presented in [before.cookie.as_str(), forged.as_str()] {
        let response = world.request(Method::POST, "/auth/login").header("cookie", presented).json(&body).send().await;
        let fresh = cookie(&response.unwrap()).unwrap();
        assert_ne!(fresh, presented);
        let old = world.request(Method::GET, "/auth/me").header("cookie", presented).send().await.unwrap();
        assert_eq!(old.status(), 401);
        let new = world.request(Method::GET, "/auth/me").header("cookie", &fresh).send().await.unwrap();
        assert_eq!(new.status(), 200);
    }
}

#[sqlx::test(migrations = false)]
async fn auth_04_the_tables_hold_no_usable_token_and_no_password(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let token = browser.cookie.strip_prefix("__Host-qn=").unwrap();
    let dump: String = sqlx::query_scalar(
        "select (select string_agg(u::text, ' ') from users u) || (select string_agg(encode(id, 'base64') || s::text, ' ')
            from sessions s) || coalesce((select string_agg(e::text, ' ') from gateway.events e), '')",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap();
    // A row as text shows bytes in hexadecimal.
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap();
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!dump.contains(token) && !dump.contains(&hexadecimal) && !dump.contains(PASSWORD));
    assert!(dump.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[sqlx::test(migrations = false)]
async fn auth_06_sessions_end_by_idleness_and_by_age(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    world.run("update sessions set last_seen_at = now() - interval '6 days 23 hours'").await;
    assert_eq!(browser.get("/auth/me").await.status(), 200);
    assert_eq!(world.count("sessions where last_seen_at > now() - interval '1 minute'").await, 1);
    world.run("update sessions set last_seen_at = now() - interval '7 days 1 second'").await;
    assert_eq!(browser.get("/auth/me").await.status(), 401);
    world.run("update sessions set last_seen_at = now(), expires_at = now() - interval '1 second'").await;
    assert_eq!(browser.get("/auth/me").await.status(), 401);
    assert_eq!(world.count("sessions where expires_at - created_at > interval '30 days'").await, 0);
}

#[sqlx::test(migrations = false)]
async fn requests_that_come_together_each_find_their_own_session(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let mut known = vec![(json!(null), format!("__Host-qn={}", "A".repeat(43)))];
    for number in 0..6 {
        let email = format!("ana{number}@example.org");
        let cookie = world.register(&email).await.cookie;
        known.push((json!(email), cookie));
    }
    let mut asked = tokio::task::JoinSet::new();
    for (email, cookie) in known.iter().cycle().take(100) {
        let (email, request) = (email.clone(), world.request(Method::GET, "/auth/me").header("cookie", cookie));
        asked.spawn(async move {
            let me: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(me["email"], email);
        });
    }
    assert_eq!(asked.join_all().await.len(), 100);
}

#[sqlx::test(migrations = false)]
async fn a_session_is_found_though_the_server_ended_every_connection(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    for _ in 0..3 {
        assert_eq!(browser.get("/auth/me").await.status(), 200);
        world
            .run(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await;
    }
}

#[sqlx::test(migrations = false)]
async fn auth_04_a_token_of_another_audience_opens_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    world.run("update sessions set audience = 'admin'").await;
    assert_eq!(browser.get("/auth/me").await.status(), 401);
}

#[sqlx::test(migrations = false)]
async fn auth_08_guesses_are_slowed_down_and_a_restart_forgets_none(_: PgPoolOptions, options: PgConnectOptions) {
    let strict = Limits { sign_in_per_prefix: Rate::new(5, 3, 60), ..loose() };
    let world = World::with_limits(options.clone(), strict).await;
    world.register("ana@example.org").await;
    let right = json!({"email": "ana@example.org", "password": PASSWORD});
    let wrong = json!({"email": "ana@example.org", "password": "a wrong password"});
    let try_with =
        async |world: &World, body: &Value| world.request(Method::POST, "/auth/login").json(body).send().await.unwrap();
    // Being right costs nothing.
    for _ in 0..7 {
        assert_eq!(try_with(&world, &right).await.status(), 200);
    }
    for _ in 0..5 {
        assert_eq!(try_with(&world, &wrong).await.status(), 401);
    }
    let refused = try_with(&world, &right).await;
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(problem(refused).await, (429, "throttled".to_owned()));

    let restarted = World::with_limits(options, strict).await;
    assert_eq!(try_with(&restarted, &right).await.status(), 429);
    restarted.run("update throttles set arrival_at = arrival_at - interval '21 seconds'").await;
    assert_eq!(try_with(&restarted, &right).await.status(), 200);
}

#[sqlx::test(migrations = false)]
async fn auth_08_a_clock_that_is_set_back_locks_nobody_out(_: PgPoolOptions, options: PgConnectOptions) {
    let strict = Limits { sign_in_per_prefix: Rate::new(5, 3, 60), ..loose() };
    let world = World::with_limits(options, strict).await;
    world.register("ana@example.org").await;
    let wrong = json!({"email": "ana@example.org", "password": "a wrong password"});
    let guess = async || world.request(Method::POST, "/auth/login").json(&wrong).send().await.unwrap();
    for _ in 0..5 {
        assert_eq!(guess().await.status(), 401);
    }
    assert_eq!(guess().await.status(), 429);
    // What was counted an hour from now, as the clock says now.
    world.run("update throttles set arrival_at = arrival_at + interval '1 hour'").await;
    assert_eq!(guess().await.status(), 401, "one attempt, and the count is full");
    let refused = guess().await;
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.status(), 429);
    assert!((1..=20).contains(&wait), "{wait}");
}

#[sqlx::test(migrations = false)]
async fn auth_02_many_sign_ins_at_once_leave_the_gateway_answering(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let body = json!({"email": "nobody@example.org", "password": "a wrong password"});
    let attempts: Vec<_> =
        (0..100).map(|_| tokio::spawn(world.request(Method::POST, "/auth/login").json(&body).send())).collect();
    eventually("the gateway answers while hashing", async || {
        world.bare(Method::GET, "/health").send().await.unwrap().status() == 200
    })
    .await;
    for attempt in attempts {
        let status = attempt.await.unwrap().unwrap().status().as_u16();
        assert!(matches!(status, 401 | 503), "{status}");
    }
}

#[sqlx::test(migrations = false)]
async fn auth_15_the_gateways_role_cannot_change_an_event(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options.clone()).await;
    world.register("ana@example.org").await;
    let role = PgPoolOptions::new().connect_with(options.options([("search_path", "gateway"), ("role", "queunir_gw")]));
    let role = role.await.unwrap();
    for sql in ["update events set kind = 'x'", "delete from events", "update slices set phase = 'linked'"] {
        let error = sqlx::raw_sql(sql).execute(&role).await.unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{sql}: {error}");
    }
}
