//! The stream of what happens.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event as Frame, KeepAlive},
    },
};
use futures::Stream;

use crate::{app::App, events::sse};

/// How often a silent stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Streams events after `Last-Event-ID`, and snapshots.
#[utoipa::path(get, path = "/api/events", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "Number of the last event received")),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub async fn stream(State(app): State<App>, headers: HeaderMap) -> Response {
    let stream = sse::open(app, place(&headers));
    let mut response = frames(stream).into_response();
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn frames<S>(stream: S) -> Sse<impl Stream<Item = Result<Frame, Infallible>>>
where
    S: Stream<Item = Result<Frame, Infallible>> + Send + 'static,
{
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive"))
}

/// The client's place; what is not a number cannot be one.
fn place(headers: &HeaderMap) -> Option<Result<i64, ()>> {
    let value = headers.get("last-event-id")?;
    let text = value.to_str().unwrap_or("?").trim();
    if text.is_empty() {
        return None;
    }
    Some(text.parse::<i64>().map_err(drop).and_then(|place| if place >= 0 { Ok(place) } else { Err(()) }))
}
