//! What passes between browser and slice, what does not, and whose slice it is.

use rcgen::ExtendedKeyUsagePurpose;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    slice::Slice,
    world::{World, eventually, problem},
};

#[sqlx::test(migrations = false)]
async fn iso_17_a_slice_gets_only_listed_headers_and_who_is_asking(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let request = browser
        .request(Method::POST, "/api/chats/chat_1/messages?before=a%20b&limit=5")
        .header("idempotency-key", "k-1")
        .header("accept-language", "pt-BR")
        .header("if-none-match", "\"1\"")
        .header("last-event-id", "12")
        .header("authorization", "Bearer x")
        .header("x-qn-user", "user_forged")
        .header("x-qn-role", "owner")
        .header("x-qn-request-id", "forged")
        .header("x-slice", "9")
        .header("x-real-ip", "203.0.113.9")
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-forwarded-host", "evil.example")
        .header("x-original-url", "/internal")
        .header("forwarded", "for=203.0.113.9")
        .header("range", "bytes=0-9")
        .header("connection", "x-qn-user, cookie, Range")
        .header("upgrade", "websocket")
        .header("te", "trailers")
        .header("proxy-authorization", "x")
        .header("referer", "https://evil.example/")
        .header("user-agent", "Spy/1.0")
        .json(&json!({"text": "olá"}));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let outside_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let echo: Value = answer.json().await.unwrap();
    assert_eq!(echo["uri"], "/api/chats/chat_1/messages?before=a%20b&limit=5");
    assert_eq!((echo["method"].as_str(), echo["body"].as_str()), (Some("POST"), Some("{\"text\":\"olá\"}")));
    let mut seen: Vec<(String, String)> = serde_json::from_value(echo["headers"].clone()).unwrap();
    seen.sort();
    let names: Vec<&str> = seen.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "accept",
        "accept-language",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "if-none-match",
        "last-event-id",
        "x-qn-request-id",
        "x-qn-role",
        "x-qn-user",
    ];
    assert_eq!(names, wanted);
    let value = |wanted: &str| seen.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    let me: Value = browser.get("/auth/me").await.json().await.unwrap();
    assert_eq!(value("x-qn-user"), me["id"].as_str().unwrap());
    assert_eq!((value("x-qn-role").as_str(), value("x-qn-request-id")), ("owner", outside_id));
    assert_eq!(slice.arrived(), 1);
}

#[sqlx::test(migrations = false)]
async fn iso_17_a_browser_gets_only_listed_headers(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let _slice = Slice::of(&browser).await;
    let answer = browser.post("/api/chats/created", &json!({})).await;
    assert_eq!(answer.status(), 201);
    let headers = answer.headers();
    assert_eq!((&headers["etag"], &headers["retry-after"]), (&"\"7\"".parse().unwrap(), &"3".parse().unwrap()));
    for name in
        ["set-cookie", "location", "clear-site-data", "access-control-allow-origin", "x-powered-by", "refresh", "link"]
    {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(headers["strict-transport-security"].to_str().unwrap().starts_with("max-age=31536000"));
    assert_eq!(headers.get_all("content-security-policy").iter().count(), 1);
    assert_eq!(answer.text().await.unwrap(), r#"{"ok":true}"#);
}

#[sqlx::test(migrations = false)]
async fn atk_27_a_hostile_slice_sends_nobody_anywhere(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let _slice = Slice::of(&browser).await;
    for how in ["redirect", "permanent", "html", "svg", "text", "script", "file", "none", "huge"] {
        let answer = browser.get(&format!("/api/chats/bad/{how}")).await;
        assert!(!answer.headers().contains_key("location"), "{how}");
        assert_eq!(problem(answer).await, (502, "bad_upstream".to_owned()), "{how}");
    }
}

#[sqlx::test(migrations = false)]
async fn atk_19_files_pass_by_their_kind_and_are_no_page(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let _slice = Slice::of(&browser).await;
    for (kind, is_picture) in [
        ("image-jpeg", true),
        ("image-webp", true),
        ("audio-ogg", false),
        ("video-mp4", false),
        ("application-pdf", false),
        ("application-octet-stream", false),
    ] {
        let request = browser.request(Method::GET, &format!("/api/media/kinds/{kind}?v=1"));
        let answer = request.header("range", "bytes=0-3").header("accept-encoding", "gzip, br").send().await.unwrap();
        assert_eq!(answer.status(), 206, "{kind}");
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("sandbox") && policy.starts_with("default-src 'none'"), "{kind} {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{kind}");
        assert_eq!(headers["cache-control"], "private, max-age=31536000, immutable", "{kind}");
        assert_eq!(headers["content-range"], "bytes 0-3/9", "{kind}");
        let saved = headers.get("content-disposition").map(|value| value.to_str().unwrap());
        assert_eq!(saved, (!is_picture).then_some("attachment"), "{kind}");
        assert!(!headers.contains_key("set-cookie") && !headers.contains_key("content-encoding"), "{kind}");
    }
    for kind in
        ["image-svg_xml", "text-html", "text-plain", "application-xhtml_xml", "application-javascript", "text-css"]
    {
        let answer = browser.get(&format!("/api/media/kinds/{kind}")).await;
        assert_eq!(problem(answer).await, (502, "bad_upstream".to_owned()), "{kind}");
    }
}

#[sqlx::test(migrations = false)]
async fn only_listed_groups_and_methods_reach_a_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    for path in
        ["/api/internal/browser/stop", "/internal/browser/stop", "/api/unknown", "/api/chats/%2e%2e/x", "/api/chats//x"]
    {
        let answer = browser.get(path).await;
        let is_page = !path.starts_with("/api") && !path.starts_with("/internal");
        assert!(is_page || answer.status() == 404, "{path} {}", answer.status());
    }
    let answer = browser.request(Method::DELETE, "/api/chats").send().await.unwrap();
    assert_eq!(problem(answer).await, (405, "method_not_allowed".to_owned()));
    let big = browser.post("/api/chats/chat_1/messages", &json!({"text": "x".repeat(1_100_000)})).await;
    assert_eq!(problem(big).await, (413, "too_large".to_owned()));
    assert_eq!(slice.arrived(), 0);
    let fits = browser.post("/api/chats/chat_1/messages", &json!({"text": "🦀".repeat(65_536)})).await;
    assert_eq!(fits.json::<Value>().await.unwrap()["length"], 65_536 * 4 + 11);
}

#[sqlx::test(migrations = false)]
async fn a_file_is_handed_over_as_its_bytes_and_nowhere_else(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let bytes = "application/octet-stream";
    let hand_over = async |path: &str, kind: &str, size: usize| {
        let request = browser.request(Method::POST, path).header("content-type", kind);
        request.body(vec![7; size]).send().await.unwrap()
    };
    let size = 3 << 20;
    let answer = hand_over("/api/media?name=a%20b.pdf", bytes, size).await;
    let echo: Value = answer.json().await.unwrap();
    assert_eq!((&echo["length"], &echo["uri"]), (&json!(size), &json!("/api/media?name=a%20b.pdf")));
    assert!(echo["headers"].as_array().unwrap().contains(&json!(["content-type", bytes])));
    let arrived = slice.arrived();
    for (path, kind, size, wanted) in [
        ("/api/media", bytes, 65 << 20, 413),
        ("/api/chats", bytes, 9, 415),
        ("/api/media/x/retry", bytes, 9, 415),
        ("/api/media", "multipart/form-data; boundary=x", 9, 415),
        ("/api/media", "text/plain", 9, 415),
        ("/api/media", "image/png", 9, 415),
    ] {
        assert_eq!(hand_over(path, kind, size).await.status(), wanted, "{path} {kind}");
    }
    assert_eq!(slice.arrived(), arrived);
}

#[sqlx::test(migrations = false)]
async fn inv_1_everybody_reaches_their_own_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let (ana, bia) = (world.register("ana@example.org").await, world.register("bia@example.org").await);
    let (of_ana, of_bia) = (Slice::of(&ana).await, Slice::of(&bia).await);
    for (browser, slice) in [(&ana, &of_ana), (&bia, &of_bia)] {
        for path in ["/api/chats", "/api/chats?slice=1", "/api/chats?user=2"] {
            let request = browser.request(Method::GET, path).header("x-slice", "1").header("x-qn-user", "user_0");
            let echo: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(echo["slice"], slice.number);
        }
    }
}

#[sqlx::test(migrations = false)]
async fn a_browser_that_leaves_ends_the_request_at_the_slice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let mut answer = browser.get("/api/chats/slow").await;
    assert!(answer.chunk().await.unwrap().is_some());
    assert_eq!(slice.streams(), 1);
    drop(answer);
    eventually("the slice's stream ends", async || slice.streams() == 0).await;
}

#[sqlx::test(migrations = false)]
async fn a_stopped_slice_is_wanted_again_by_a_request(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    world.run("update slices set desired = 'stopped', phase = 'stopped', stop_reason = 'idle'").await;
    let answer = browser.get("/api/chats").await;
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(problem(answer).await, (503, "slice_unavailable".to_owned()));
    assert_eq!((world.count("slices where desired = 'service'").await, slice.arrived()), (1, 0));
    assert_eq!(browser.get("/api/chats").await.status(), 200);
    world.run("update slices set last_request_at = now() - interval '2 minutes'").await;
    assert_eq!(browser.get("/api/chats").await.status(), 200);
    assert_eq!(world.count("slices where last_request_at > now() - interval '1 minute'").await, 1);
    slice.stop();
    eventually("the slice is gone", async || browser.get("/api/chats").await.status() == 503).await;
}

#[sqlx::test(migrations = false)]
async fn certificates_are_taken_up_when_they_appear_and_change(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::new(options).await;
    let browser = world.register("ana@example.org").await;
    let slice = Slice::of(&browser).await;
    let (cert, key) = (world.tls.dir().join("gateway.pem"), world.tls.dir().join("gateway.key"));
    for path in [&cert, &key] {
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(problem(browser.get("/api/chats").await).await, (503, "slice_unavailable".to_owned()));
    world.tls.leaf("gateway", ExtendedKeyUsagePurpose::ClientAuth);
    assert_eq!(browser.get("/api/chats").await.status(), 200);
    assert_eq!(slice.arrived(), 1);
}
