//! What broken requests are answered.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]

use axum::{
    Router,
    body::Body,
    http::{Request, Response, header},
    middleware::from_fn,
    routing::{get, post},
};
use http_body_util::BodyExt;
use queunir_service::{ApiError, Json, Path, request_id};
use serde::Deserialize;
use tower::ServiceExt;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[expect(dead_code, reason = "only its type matters")]
    text: String,
    #[expect(dead_code, reason = "only its type matters")]
    count: Option<u32>,
}

fn router() -> Router {
    Router::new()
        .route("/orders", post(async |Json(_): Json<Order>| "taken"))
        .route("/orders/{id}", get(async |Path(_): Path<u32>| "found"))
        .route("/broken", get(async || ApiError::internal(anyhow::anyhow!("the secret cause"))))
        .layer(from_fn(request_id::fresh))
}

async fn send(kind: &str, body: &str) -> (u16, serde_json::Value) {
    let request = Request::post("/orders").header(header::CONTENT_TYPE, kind).body(Body::from(body.to_owned()));
    read(router().oneshot(request.unwrap()).await.unwrap()).await
}

async fn read(response: Response<Body>) -> (u16, serde_json::Value) {
    let status = response.status().as_u16();
    if status < 400 {
        return (status, serde_json::Value::Null);
    }
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let id = response.headers()[request_id::PUBLIC_HEADER].to_str().unwrap().to_owned();
    let body: serde_json::Value =
        serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
    assert_eq!(body["request_id"], id.as_str());
    assert_eq!(body["status"], status);
    (status, body)
}

#[tokio::test]
async fn a_broken_body_is_answered_with_what_is_wrong_and_not_with_the_parsers_words() {
    let json = "application/json";
    assert_eq!(send(json, r#"{"text":"a"}"#).await.0, 200);
    assert_eq!(send("application/json; charset=utf-8", r#"{"text":"a"}"#).await.0, 200);
    for (kind, body, status, code) in [
        (json, "{", 400, "bad_json"),
        (json, "", 400, "bad_json"),
        (json, r#"{"text":"a"} x"#, 400, "bad_json"),
        ("text/plain", r#"{"text":"a"}"#, 415, "unsupported_media_type"),
        ("application/json, text/plain", r#"{"text":"a"}"#, 415, "unsupported_media_type"),
        ("application/x-www-form-urlencoded", "text=a", 415, "unsupported_media_type"),
    ] {
        let (got, problem) = send(kind, body).await;
        assert_eq!((got, problem["code"].as_str()), (status, Some(code)), "{kind} {body}");
    }
    for (body, field, code) in [
        ("{}", "text", "required"),
        (r#"{"text":1}"#, "text", "wrong_type"),
        (r#"{"text":"a","count":-1}"#, "count", "wrong_type"),
        (r#"{"text":"a","slice_id":5}"#, "slice_id", "unknown_field"),
    ] {
        let (got, problem) = send(json, body).await;
        assert_eq!((got, problem["fields"][field].as_str()), (422, Some(code)), "{body} {problem}");
    }
}

#[tokio::test]
async fn a_cause_stays_inside() {
    let request = Request::get("/broken").body(Body::empty()).unwrap();
    let (status, problem) = read(router().oneshot(request).await.unwrap()).await;
    assert_eq!(status, 500);
    assert!(!problem.to_string().contains("secret"));
    let request = Request::get("/orders/x").body(Body::empty()).unwrap();
    assert_eq!(read(router().oneshot(request).await.unwrap()).await.0, 404);
}
