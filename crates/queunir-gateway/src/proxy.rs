//! Streams a request to the caller's own slice and its answer back, letting through only what is listed
//! (architecture 6.7, ISO-17).

use std::time::Instant;

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts, uri::PathAndQuery};
use http_body::Body as _;
use hyper::body::Incoming;
use queunir_core::{id::UserId, user::Role};
use queunir_db::control::{
    events::{self, NewEvent},
    wanted,
};
use queunir_service::{ApiError, request_id};

use crate::{
    answer_body::{self, AnswerBody},
    app::{App, Changed},
    session::recent,
    tenant::TenantCtx,
    upstream::{SlicePatience, Target, UpstreamError},
};

/// Largest request body. A message of 65,536 characters, escaped as badly as JSON can, fits.
const LARGEST_REQUEST: u64 = 1024 * 1024;

/// Largest file that may be handed over; a slice's own limit, of at most 60 MiB, comes first.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// First path segment after `/api/` and what may be done below it.
const OPEN: [(&str, &[Method]); 11] = [
    ("health", &[Method::GET, Method::HEAD]),
    ("status", &[Method::GET, Method::HEAD, Method::POST]),
    ("chats", &[Method::GET, Method::HEAD, Method::POST]),
    ("messages", &[Method::POST]),
    ("acts", &[Method::GET, Method::HEAD, Method::POST]),
    (MEDIA, &[Method::GET, Method::HEAD, Method::POST]),
    ("opt-outs", &[Method::GET, Method::HEAD, Method::POST]),
    ("new-chats", &[Method::GET, Method::HEAD, Method::POST]),
    ("outgoing", &[Method::GET, Method::HEAD, Method::POST]),
    ("reader", &[Method::GET, Method::HEAD]),
    ("settings", &[Method::GET, Method::HEAD, Method::PUT]),
];

/// What a slice may see of a request.
const TO_SLICE: [HeaderName; 9] = [
    header::CONTENT_TYPE,
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::ACCEPT_ENCODING,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::RANGE,
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("idempotency-key"),
];

/// What a browser may see of a slice's answer.
const FROM_SLICE: [HeaderName; 9] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::ETAG,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::RETRY_AFTER,
    header::VARY,
];

/// Kinds of content that a slice may answer with; never a page.
const KINDS: [&str; 2] = ["application/json", "application/problem+json"];

/// The group of paths below which files of messages are.
const MEDIA: &str = "media";

/// Kinds of content that files of messages may have besides; nothing that a browser would run.
const FILES: [&str; 15] = [
    "application/octet-stream",
    "application/pdf",
    "audio/aac",
    "audio/amr",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/3gpp",
    "video/mp4",
    "video/webm",
];

/// What a file may do as a document of its own: nothing.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// What a kind of content is to a browser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Data for the app.
    Data,
    /// A picture, which the app may show.
    Picture,
    /// Any other file, which is saved.
    File,
}

/// Passes any other `/api/` request to the caller's slice.
pub(crate) async fn forward(State(app): State<App>, tenant: TenantCtx, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let path = open_path(&parts)?;
    if recent::is_wanted(&parts.method, path.path()) {
        recent::require(&app, &parts.headers).await?;
    }
    let is_media = has_files(path.path());
    let largest = if is_file(&parts.method, path.path()) { LARGEST_FILE } else { LARGEST_REQUEST };
    if body.size_hint().lower() > largest {
        return Err(ApiError::TooLarge);
    }
    let target = running(&app, &tenant).await?;
    let mut outgoing = Request::new(body);
    *outgoing.method_mut() = parts.method;
    *outgoing.uri_mut() = target.uri(&path).map_err(ApiError::internal)?;
    *outgoing.headers_mut() = toward_slice(&parts.headers, tenant.user, tenant.role);
    match app.slices.send(outgoing).await {
        Ok(answer) => toward_browser(answer, app.config.slice_patience, is_media),
        Err(error) => Err(no_answer(&app, target, &error).await),
    }
}

/// Whether a request's body is a file itself, and no words about one.
pub(crate) fn is_file(method: &Method, path: &str) -> bool {
    *method == Method::POST && path == "/api/media"
}

/// Where the tenant's slice answers; notes the request, and wakes the slice if it was stopped.
async fn running(app: &App, tenant: &TenantCtx) -> Result<Target, ApiError> {
    use queunir_core::slice::Desired;

    let place = &tenant.place;
    match place.desired {
        Desired::Deleted => return Err(ApiError::conflict("no_slice", "connect WhatsApp first")),
        Desired::Stopped => {
            let mut tx = app.db.begin().await?;
            wanted::wake(&mut tx, place.slice).await?;
            tx.commit().await?;
            app.hint(Changed::User(tenant.user));
            return Err(ApiError::SliceUnavailable);
        }
        Desired::Service | Desired::Linked => {}
    }
    if place.stale {
        let mut tx = app.db.begin().await?;
        wanted::touch(&mut tx, place.slice).await?;
        tx.commit().await?;
        app.memory.forget(Changed::User(tenant.user));
    }
    Target::of(place).ok_or(ApiError::SliceUnavailable)
}

/// Words for a slice that gave no answer; a stranger at its port is an event.
pub(crate) async fn no_answer(app: &App, target: Target, error: &UpstreamError) -> ApiError {
    match error {
        UpstreamError::Stranger(cause) => {
            if app.strangers.met(target, Instant::now()) {
                tracing::warn!(slice.id = %target.slice, error = %cause, "somebody else answers at a slice's port");
                if let Err(error) = record_stranger(app, target).await {
                    tracing::warn!(error = %error, "the event could not be stored");
                }
            }
            ApiError::SliceUnavailable
        }
        UpstreamError::Nonsense(cause) => {
            tracing::warn!(slice.id = %target.slice, error = %cause, "a slice's answer cannot be read");
            ApiError::BadUpstream
        }
        UpstreamError::Unsent(cause) => {
            tracing::debug!(error = %cause, "a request's body did not come whole");
            ApiError::TooSlow
        }
        UpstreamError::Unreachable(_) | UpstreamError::Silent | UpstreamError::Broken(_) => {
            tracing::debug!(slice.id = %target.slice, error = ?error, "a slice gave no answer");
            ApiError::SliceUnavailable
        }
    }
}

async fn record_stranger(app: &App, target: Target) -> Result<(), queunir_db::DbError> {
    let mut tx = app.db.begin().await?;
    let id = request_id::current();
    let event = NewEvent {
        kind: "slice_identity_refused",
        slice: Some(target.slice),
        request_id: id.as_ref().map(request_id::RequestId::as_str),
        ..NewEvent::default()
    };
    events::insert(&mut tx, &event).await?;
    tx.commit().await
}

/// The path, if it is plain and open for the method. What is not open does not exist.
fn open_path(parts: &Parts) -> Result<PathAndQuery, ApiError> {
    const NOT_HERE: ApiError = ApiError::NotFound("resource");
    let path = parts.uri.path_and_query().ok_or(NOT_HERE)?;
    let rest = path.path().strip_prefix("/api/").ok_or(NOT_HERE)?;
    let plain = rest.split('/').all(|segment| {
        !segment.is_empty()
            && segment.bytes().any(|b| b != b'.')
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
    });
    let group = rest.split('/').next().unwrap_or_default();
    let (_, methods) = OPEN.iter().find(|(name, _)| plain && *name == group).ok_or(NOT_HERE)?;
    if methods.contains(&parts.method) { Ok(path.clone()) } else { Err(ApiError::MethodNotAllowed) }
}

/// The headers a slice gets: the listed ones, once each, and who is asking.
pub(crate) fn toward_slice(given: &HeaderMap, user: UserId, role: Role) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let between_two = named_by_connection(given);
    for name in TO_SLICE {
        let mut values = given.get_all(&name).iter();
        // A repeated header has no single meaning, and one that Connection names is for the next hop alone.
        if let (Some(value), None) = (values.next(), values.next())
            && !between_two.contains(&name)
        {
            headers.insert(name, value.clone());
        }
    }
    let role = match role {
        Role::Owner => HeaderValue::from_static("owner"),
        Role::Agent => HeaderValue::from_static("agent"),
    };
    headers.insert(HeaderName::from_static("x-qn-role"), role);
    if let Ok(user) = HeaderValue::from_str(&user.to_string()) {
        headers.insert(HeaderName::from_static("x-qn-user"), user);
    }
    if let Some(id) = request_id::current() {
        headers.insert(request_id::INTERNAL_HEADER, id.to_header());
    }
    headers
}

/// The answer with its listed headers; redirects, upgrades, pages and unknown kinds are refused whole.
fn toward_browser(
    answer: http::Response<Incoming>,
    patience: SlicePatience,
    is_media: bool,
) -> Result<Response, ApiError> {
    let (parts, body) = answer.into_parts();
    let status = parts.status;
    if status.is_informational() || (status.is_redirection() && status != StatusCode::NOT_MODIFIED) {
        tracing::warn!(status = status.as_u16(), "a slice answered with a status that is not passed on");
        return Err(ApiError::BadUpstream);
    }
    let kind = open_kind(&parts.headers, is_media);
    if !body.is_end_stream() && kind.is_none() {
        tracing::warn!("a slice answered with a kind of content that is not passed on");
        return Err(ApiError::BadUpstream);
    }
    if body.size_hint().lower() > answer_body::LARGEST as u64 {
        tracing::warn!("a slice's answer is too large");
        return Err(ApiError::BadUpstream);
    }
    let mut response = Body::new(AnswerBody::new(body, patience)).into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    let between_two = named_by_connection(&parts.headers);
    for name in FROM_SLICE {
        if let Some(value) = parts.headers.get(&name)
            && !between_two.contains(&name)
        {
            headers.insert(name, value.clone());
        }
    }
    if let Some(kind @ (Kind::Picture | Kind::File)) = kind {
        headers.insert(header::CONTENT_SECURITY_POLICY, NO_PAGE);
        let saved =
            headers.get(header::CONTENT_DISPOSITION).is_some_and(|how| how.as_bytes().starts_with(b"attachment"));
        if !saved && kind == Kind::File {
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        }
    }
    Ok(response)
}

/// The headers that `Connection` names; never the one that says what the content is.
fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|text| text.split(',')).filter_map(|name| name.trim().parse().ok());
    names.filter(|name| *name != header::CONTENT_TYPE).collect()
}

/// Whether what is behind a path may be a file: of a message, or the picture of a chat.
fn has_files(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["", "api", MEDIA, ..] | ["", "api", "chats", _, "picture"])
}

/// The one kind of an answer, if it may pass.
fn open_kind(headers: &HeaderMap, is_media: bool) -> Option<Kind> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let kind = value.to_str().ok()?.split(';').next()?.trim();
    let is = |open: &&str| kind.eq_ignore_ascii_case(open);
    if KINDS.iter().any(is) {
        return Some(Kind::Data);
    }
    let file = FILES.iter().find(|open| is(open)).filter(|_| is_media)?;
    Some(if file.starts_with("image/") { Kind::Picture } else { Kind::File })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: Method, path: &str) -> u16 {
        let Ok(request) = http::Request::builder().method(method).uri(path).body(()) else { return 400 };
        match open_path(&request.into_parts().0) {
            Ok(_) => 200,
            Err(error) => error.status_and_code().0.as_u16(),
        }
    }

    #[test]
    fn files_come_from_messages_and_pictures_of_chats_alone() {
        for (path, has) in [
            ("/api/media/media_0", true),
            ("/api/media/media_0/thumbnail", true),
            ("/api/chats/chat_0/picture", true),
            ("/api/chats/chat_0", false),
            ("/api/chats/picture", false),
            ("/api/chats/chat_0/messages/picture", false),
            ("/api/status/media", false),
        ] {
            assert_eq!(has_files(path), has, "{path}");
        }
    }

    #[test]
    fn atk_07_only_plain_paths_of_open_groups_pass() {
        for path in [
            "/api/chats",
            "/api/chats/chat_00ff/messages?before=a&limit=50",
            "/api/status/state",
            "/api/new-chats",
            "/api/media/media_0/thumbnail?v=0",
        ] {
            assert_eq!(check(Method::GET, path), 200, "{path}");
        }
        for path in [
            "/api/",
            "/api/internal/browser/stop",
            "/internal/browser/stop",
            "/api/chats/../../internal/browser/stop",
            "/api/chats/%2e%2e/x",
            "/api/chats/%2fx",
            "/api/chats//x",
            "/api/chats/..;/x",
            "/api/chats/.",
            "/api//chats",
            "/api/chats/%00",
            "/api/chats/a\\b",
            "/api/chats/",
            "/api/unknown",
        ] {
            assert!(matches!(check(Method::GET, path), 400 | 404), "{path}");
        }
        for method in [Method::DELETE, Method::TRACE, Method::CONNECT, Method::OPTIONS, Method::PATCH] {
            assert_eq!(check(method, "/api/chats"), 405);
        }
    }
}
