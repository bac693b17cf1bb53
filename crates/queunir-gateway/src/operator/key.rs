//! Who may ask under `/orchestrator`: a program on this host that knows the key. To everybody else the routes are not
//! there.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};
use queunir_db::control::{
    ControlTx,
    events::{self, NewEvent},
    throttles::{self, Rate},
};
use queunir_service::{ApiError, request_id};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::app::App;

/// Where the operator's routes begin.
const PREFIX: &str = "/orchestrator";
/// What a proxy adds to what it passes on; its clients are somewhere else, whatever the address of the line is.
const FORWARDED: [&str; 8] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-original-url",
];

/// Proof that the request came from this host with the key; handlers cannot be reached without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operator;

/// Whether a path is one of the operator's.
pub(crate) fn is_operators(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the request was made on this host and not passed on for somebody else.
pub(crate) fn is_from_here(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback()) && !is_forwarded(request.headers())
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    FORWARDED.iter().any(|name| headers.contains_key(*name))
}

/// Lets requests under the prefix through only with the key, and counts them; others pass unseen.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, ApiError> {
    if !is_operators(request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let key = app.config.orchestrator_key.as_ref().filter(|_| is_from_here(&request));
    let key = key.ok_or(ApiError::NotFound("resource"))?;
    let mut tx = app.db.begin().await?;
    if is_right(request.headers(), key) {
        count(&mut tx, "orchestrator:calls", app.config.limits.operator_calls).await?;
        tx.commit().await?;
        request.extensions_mut().insert(Operator);
        return Ok(next.run(request).await);
    }
    // Only what is wrong is counted here, so that nobody locks the operator out by guessing.
    count(&mut tx, "orchestrator:refusals", app.config.limits.operator_refusals).await?;
    let id = request_id::current();
    let event = NewEvent {
        kind: "orchestrator_refused",
        request_id: id.as_ref().map(request_id::RequestId::as_str),
        detail: serde_json::json!({ "path": request.uri().path() }),
        ..NewEvent::default()
    };
    events::insert(&mut tx, &event).await?;
    tx.commit().await?;
    Err(ApiError::BadKey)
}

async fn count(tx: &mut ControlTx, key: &str, rate: Rate) -> Result<(), ApiError> {
    match throttles::take(tx, key, rate).await? {
        None => Ok(()),
        Some(wait_s) => Err(ApiError::Throttled { retry_after_s: (wait_s.ceil() as u64).max(1) }),
    }
}

/// Whether exactly one `Authorization: Bearer KEY` has the key. How long that takes tells nothing about it.
fn is_right(headers: &HeaderMap, key: &SecretString) -> bool {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(given), None) = (given.next(), given.next()) else { return false };
    let Some(given) = given.as_bytes().strip_prefix(b"Bearer ") else { return false };
    Sha256::digest(given).ct_eq(&Sha256::digest(key.expose_secret().as_bytes())).into()
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().copied().ok_or(ApiError::NotFound("resource"))
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::HeaderValue};

    use super::*;

    #[test]
    fn only_what_this_host_asks_for_itself_is_from_here() {
        let from = |peer: &str, header: Option<&'static str>| {
            let mut request = Request::new(Body::empty());
            request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            if let Some(name) = header {
                request.headers_mut().insert(name, HeaderValue::from_static("127.0.0.1"));
            }
            is_from_here(&request)
        };
        assert!(from("127.0.0.1:1", None) && from("[::1]:1", None) && from("[::ffff:127.0.0.1]:1", None));
        assert!(!from("198.51.100.1:1", None) && !from("[2001:db8::1]:1", None));
        for name in FORWARDED {
            assert!(!from("127.0.0.1:1", Some(name)), "{name}");
        }
        assert!(!is_from_here(&Request::new(Body::empty())), "a line without an address");
    }

    #[test]
    fn the_key_is_given_once_and_whole() {
        let key = SecretString::from("k".repeat(32));
        let given = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
            }
            is_right(&headers, &key)
        };
        let right = format!("Bearer {}", "k".repeat(32));
        assert!(given(&[&right]));
        for wrong in [&right[..right.len() - 1], &format!("{right}k"), "Bearer ", "", &"k".repeat(32)] {
            assert!(!given(&[wrong]), "{wrong}");
        }
        assert!(!given(&[]) && !given(&[&right, &right]) && !given(&["Bearer x", &right]));
    }

    #[test]
    fn paths_beside_the_prefix_are_not_the_operators() {
        assert!(is_operators("/orchestrator") && is_operators("/orchestrator/slices"));
        assert!(!is_operators("/orchestrators") && !is_operators("/api/orchestrator"));
    }
}
