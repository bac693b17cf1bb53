//! Who may write: our own pages (AUTH-07); and the headers of every answer (AUTH-16).

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::world::{World, problem};

#[sqlx::test(migrations = false)]
async fn auth_07_only_our_own_page_may_write(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let own = world.url("");
    let sites = [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none")];
    let origins = [None, Some(own.as_str()), Some("https://evil.example"), Some("null")];
    let kinds = [Some("application/json"), Some("text/plain"), None];
    let mut cells = 0;
    for site in sites {
        for origin in origins {
            for kind in kinds {
                for ours in [true, false] {
                    let mut request = world.bare(Method::PUT, "/auth/me").header("cookie", &browser.cookie);
                    for (name, value) in [("sec-fetch-site", site), ("origin", origin), ("content-type", kind)] {
                        if let Some(value) = value {
                            request = request.header(name, value);
                        }
                    }
                    if ours {
                        request = request.header("x-qn", "1");
                    }
                    let got = request.body(r#"{"locale":"es"}"#).send().await.unwrap().status().as_u16();
                    let same = site == Some("same-origin") || site.is_none() && origin == Some(own.as_str());
                    let wanted = match (same && ours, kind) {
                        (false, _) => 403,
                        (true, Some("application/json")) => 200,
                        (true, _) => 415,
                    };
                    assert_eq!(got, wanted, "{site:?} {origin:?} {kind:?} {ours}");
                    cells += 1;
                }
            }
        }
    }
    assert_eq!(cells, 120);
}

#[sqlx::test(migrations = false)]
async fn auth_07_a_foreign_page_changes_and_learns_nothing(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    for (method, path) in [
        (Method::POST, "/auth/login"),
        (Method::POST, "/auth/logout"),
        (Method::POST, "/api/connect"),
        (Method::POST, "/api/connection/cancel"),
        (Method::POST, "/api/chats/x/messages"),
        (Method::DELETE, "/anything"),
    ] {
        let request = world.bare(method.clone(), path).header("cookie", &browser.cookie).header("x-qn", "1");
        let request = request.header("origin", "https://evil.example").json(&json!({}));
        assert_eq!(problem(request.send().await.unwrap()).await, (403, "foreign_origin".to_owned()), "{method} {path}");
    }
    let request = world.bare(Method::POST, "/api/connect").header("cookie", &browser.cookie).json(&json!({}));
    let answer = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert_eq!(problem(answer).await, (403, "missing_header".to_owned()));
    let stream = world.bare(Method::GET, "/api/events").header("cookie", &browser.cookie);
    let stream = stream.header("sec-fetch-site", "same-site").send().await.unwrap();
    // A stream that was let through would have no end to read to.
    assert_eq!(stream.status(), 403);
    assert_eq!(problem(stream).await, (403, "foreign_origin".to_owned()));
    assert_eq!(world.count("slices").await, 0);
    assert_eq!(browser.get("/auth/me").await.status(), 200);
}

#[sqlx::test(migrations = false)]
async fn without_a_session_everything_of_a_tenant_is_closed(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    for (method, path) in [
        (Method::GET, "/auth/me"),
        (Method::GET, "/api/connection"),
        (Method::GET, "/api/events"),
        (Method::GET, "/api/chats"),
        (Method::GET, "/api/unknown"),
        (Method::POST, "/api/connection/cancel"),
        (Method::POST, "/api/connect"),
    ] {
        for cookie in ["", "__Host-qn=", "__Host-qn=AAAA", "other=1"] {
            let request = world.request(method.clone(), path).header("cookie", cookie).send().await.unwrap();
            assert_eq!(problem(request).await, (401, "unauthenticated".to_owned()), "{method} {path} {cookie}");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn auth_16_every_answer_carries_the_safety_headers(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let mut answers = Vec::new();
    for path in [
        "/health",
        "/",
        "/login",
        "/assets/none.js",
        "/api/config",
        "/api/openapi.json",
        "/auth/me",
        "/auth/x",
        "/api/chats",
    ] {
        answers.push((path, world.bare(Method::GET, path).send().await.unwrap()));
        answers.push((path, browser.get(path).await));
        answers.push((path, world.bare(Method::DELETE, path).send().await.unwrap()));
        answers.push((path, world.request(Method::DELETE, path).send().await.unwrap()));
    }
    for (path, answer) in answers {
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert!(headers["strict-transport-security"].to_str().unwrap().contains("max-age=31536000"), "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(headers.contains_key("x-request-id") && !headers.contains_key("access-control-allow-origin"));
        if path.starts_with("/api") || path.starts_with("/auth") {
            assert_eq!(headers["cache-control"], "no-store", "{path}");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn what_anybody_may_know_is_open(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let config: Value = world.bare(Method::GET, "/api/config").send().await.unwrap().json().await.unwrap();
    assert_eq!((config["sign_up"].as_bool(), config["billing"].as_bool()), (Some(true), Some(false)));
    assert_eq!(config["phone_url"], "http://localhost:3900/phone");
    let health: Value = world.bare(Method::GET, "/health").send().await.unwrap().json().await.unwrap();
    assert_eq!(health["status"], "ok");
    let document: Value = world.bare(Method::GET, "/api/openapi.json").send().await.unwrap().json().await.unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let unknown = world.bare(Method::GET, "/auth/unknown").send().await.unwrap();
    assert_eq!(problem(unknown).await, (404, "not_found".to_owned()));
    let wrong = world.request(Method::DELETE, "/auth/me").send().await.unwrap();
    assert_eq!(problem(wrong).await, (405, "method_not_allowed".to_owned()));
}
