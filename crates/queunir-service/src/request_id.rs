//! One id per request: in the log, in the answer's header and in every problem body.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;
use uuid::Uuid;

/// Carries the id from the gateway to a slice; believed only behind mTLS.
pub const INTERNAL_HEADER: HeaderName = HeaderName::from_static("x-qn-request-id");
/// Tells the browser the id.
pub const PUBLIC_HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longer ids are refused, so that a log line keeps its grammar (AUTH-14).
const MAX_LENGTH: usize = 32;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of a request: 1 to 32 letters and digits. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// A fresh id.
    #[must_use]
    pub fn fresh() -> Self {
        let mut text = [0; MAX_LENGTH];
        let text = Uuid::now_v7().simple().encode_lower(&mut text);
        // Hexadecimal digits always are a value.
        Self(HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("0")))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// As the value of a header.
    #[must_use]
    pub fn to_header(&self) -> HeaderValue {
        self.0.clone()
    }

    fn parse(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let fits = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Self(value.clone()))
    }
}

/// The id of the request that this task answers, if it answers one.
#[must_use]
pub fn current() -> Option<RequestId> {
    CURRENT.try_with(Clone::clone).ok()
}

/// Middleware for the public edge: always a fresh id, whatever the client sends.
pub async fn fresh(request: Request, next: Next) -> Response {
    run(RequestId::fresh(), request, next).await
}

/// Middleware for a slice: takes the gateway's id, else a fresh one.
pub async fn inherited(request: Request, next: Next) -> Response {
    let id = request.headers().get(INTERNAL_HEADER).and_then(RequestId::parse).unwrap_or_else(RequestId::fresh);
    run(id, request, next).await
}

async fn run(id: RequestId, mut request: Request, next: Next) -> Response {
    let span =
        tracing::info_span!("request", id = id.as_str(), method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(id.clone());
    let mut response = CURRENT.scope(id.clone(), next.run(request).instrument(span)).await;
    response.headers_mut().insert(PUBLIC_HEADER, id.to_header());
    response
}
