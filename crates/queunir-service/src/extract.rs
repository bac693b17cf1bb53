//! Extractors whose refusals are problem answers.

use std::{future::Future, time::Duration};

use axum::{
    RequestPartsExt,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::ApiError;

/// How long a whole body may take. Too small refuses slow telephones; too large lets a client that sends a byte a
/// second hold a request.
const BODY: Duration = Duration::from_secs(30);

/// A JSON body in either direction; a broken one is answered with the field that is wrong, never with the parser's words.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::UnsupportedMediaType);
        }
        let bytes = read(Bytes::from_request(request, state), BODY).await?;
        let mut parser = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut parser).map_err(|error| refused_json(&error))?;
        parser.end().map_err(|_| bad_json())?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Path parameters; what does not parse does not exist.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        match parts.extract::<axum::extract::Path<T>>().await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError::NotFound("resource")),
        }
    }
}

/// Query parameters.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + 'static> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        match parts.extract::<axum::extract::Query<T>>().await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError::Malformed {
                code: "bad_query",
                message: "a query parameter is not of its type".to_owned(),
            }),
        }
    }
}

/// `application/json`, with UTF-8 as only parameter.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let Ok(text) = value.to_str() else { return false };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|part| matches!(part.as_str(), "charset=utf-8" | "charset=\"utf-8\""))
}

async fn read(body: impl Future<Output = Result<Bytes, BytesRejection>>, limit: Duration) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(limit, body).await {
        Ok(read) => read.map_err(refused_body),
        Err(_) => Err(ApiError::Malformed { code: "slow_body", message: "the body took too long".to_owned() }),
    }
}

fn refused_body(rejection: BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        ApiError::TooLarge
    } else {
        ApiError::Malformed { code: "bad_body", message: "the body could not be read".to_owned() }
    }
}

fn bad_json() -> ApiError {
    ApiError::Malformed { code: "bad_json", message: "the body is not valid JSON".to_owned() }
}

fn refused_json(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    if error.inner().classify() != serde_json::error::Category::Data {
        return bad_json();
    }
    let text = error.inner().to_string();
    let path = error.path().to_string();
    // serde names a missing or unknown field only in its sentence, between back-ticks.
    let named = |prefix: &str| text.strip_prefix(prefix).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let (field, code) = if let Some(name) = named("missing field `") {
        (below(&path, &name), "required")
    } else if text.starts_with("unknown field `") {
        (path, "unknown_field")
    } else {
        (path, "wrong_type")
    };
    ApiError::field(field.chars().take(100).collect::<String>(), code)
}

fn below(path: &str, name: &str) -> String {
    if path == "." { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn atk_10_a_body_that_never_ends_is_refused() {
        let refused = read(std::future::pending(), Duration::from_millis(10)).await.unwrap_err();
        assert_eq!(refused.status_and_code(), (StatusCode::BAD_REQUEST, "slow_body"));
    }
}
