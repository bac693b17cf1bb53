//! The one place where an error becomes an answer: `application/problem+json` with `code` and `request_id`.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use queunir_core::slice::Queue;
use queunir_db::DbError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::request_id;

/// Why a request failed, in the words the browser may see.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 401: no valid session.
    #[error("sign in first")]
    Unauthenticated,
    /// 401: wrong mail or wrong password, never which of them.
    #[error("mail or password is wrong")]
    BadCredentials,
    /// 401: the operator's key is missing or wrong.
    #[error("the key is missing or wrong")]
    BadKey,
    /// 403: known, but not allowed; `code` says why.
    #[error("{message}")]
    Forbidden {
        /// Stable code.
        code: &'static str,
        /// For people who read answers.
        message: &'static str,
    },
    /// 404: not there, or not yours.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// 405.
    #[error("method not allowed here")]
    MethodNotAllowed,
    /// 400: the request itself is broken.
    #[error("{message}")]
    Malformed {
        /// Stable code.
        code: &'static str,
        /// For people who read answers.
        message: String,
    },
    /// 413.
    #[error("request is too large")]
    TooLarge,
    /// 408: the request did not come in time.
    #[error("the request came too slowly")]
    TooSlow,
    /// 431.
    #[error("request head is too large")]
    HeadTooLarge,
    /// 415.
    #[error("send application/json")]
    UnsupportedMediaType,
    /// 422 with one code per field.
    #[error("some fields are not acceptable")]
    Invalid {
        /// Field to code.
        fields: BTreeMap<String, &'static str>,
    },
    /// 422: understood and refused.
    #[error("{message}")]
    Rejected {
        /// Stable code.
        code: &'static str,
        /// For people who read answers.
        message: String,
    },
    /// 409: not in this state.
    #[error("{message}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// For people who read answers.
        message: String,
    },
    /// 429.
    #[error("too many attempts")]
    Throttled {
        /// Seconds until another attempt may succeed.
        retry_after_s: u64,
    },
    /// 429 with a reason of its own: a limit that protects the account.
    #[error("{message}")]
    Limited {
        /// Stable code.
        code: &'static str,
        /// For people who read answers.
        message: String,
        /// Seconds until it is allowed again.
        retry_after_s: u64,
    },
    /// 429: every place on this host is taken.
    #[error("the host is full")]
    HostFull {
        /// The place in its queue; none for whom the queue is too long as well.
        queue: Option<Queue>,
        /// Seconds until another attempt may succeed.
        retry_after_s: u64,
    },
    /// 503: we are at our limit, or the database is away.
    #[error("busy, try again")]
    Busy {
        /// Seconds until another attempt may succeed.
        retry_after_s: u64,
    },
    /// 507: there is no room left to store anything.
    #[error("the server's disk is full")]
    StorageFull,
    /// 503: the caller's slice does not answer (yet).
    #[error("this account is still starting")]
    SliceUnavailable,
    /// 502: the slice answered something that may not be passed on.
    #[error("this account gave an unusable answer")]
    BadUpstream,
    /// 500: everything unknown; the chain goes to the log, once.
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

/// The body of every error answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`, or `urn:queunir:problem:CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, the same for every occurrence of the code.
    pub title: String,
    /// The status again.
    pub status: u16,
    /// Stable code for programs.
    pub code: String,
    /// This occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// For asking the operator.
    pub request_id: String,
    /// One code per refused field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, String>>,
    /// The place in the queue of a host that is full: what was wished is kept and done when its turn comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
}

impl ApiError {
    /// A refusal with status 422.
    pub fn rejected(code: &'static str, message: impl Into<String>) -> Self {
        Self::Rejected { code, message: message.into() }
    }

    /// A refusal with status 409.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::Conflict { code, message: message.into() }
    }

    /// A refusal of one field, status 422.
    pub fn field(name: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid { fields: BTreeMap::from([(name.into(), code)]) }
    }

    /// Anything unknown.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(error.into())
    }

    /// Status and stable code.
    #[must_use]
    pub fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Self::BadCredentials => (StatusCode::UNAUTHORIZED, "bad_credentials"),
            Self::BadKey => (StatusCode::UNAUTHORIZED, "bad_key"),
            Self::Forbidden { code, .. } => (StatusCode::FORBIDDEN, code),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::Malformed { code, .. } => (StatusCode::BAD_REQUEST, code),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too_slow"),
            Self::HeadTooLarge => (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::Rejected { code, .. } => (StatusCode::UNPROCESSABLE_ENTITY, code),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, code),
            Self::Throttled { .. } => (StatusCode::TOO_MANY_REQUESTS, "throttled"),
            Self::Limited { code, .. } => (StatusCode::TOO_MANY_REQUESTS, code),
            Self::HostFull { .. } => (StatusCode::TOO_MANY_REQUESTS, "host_full"),
            Self::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::StorageFull => (StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
            Self::SliceUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "slice_unavailable"),
            Self::BadUpstream => (StatusCode::BAD_GATEWAY, "bad_upstream"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Throttled { retry_after_s }
            | Self::Limited { retry_after_s, .. }
            | Self::HostFull { retry_after_s, .. }
            | Self::Busy { retry_after_s } => Some(*retry_after_s),
            Self::SliceUnavailable => Some(1),
            Self::StorageFull => Some(30),
            _ => None,
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Malformed { message, .. }
            | Self::Rejected { message, .. }
            | Self::Conflict { message, .. }
            | Self::Limited { message, .. } => Some(message.clone()),
            _ => None,
        }
    }

    fn fields(&self) -> Option<BTreeMap<String, String>> {
        match self {
            Self::Invalid { fields } => {
                Some(fields.iter().map(|(name, code)| (name.clone(), (*code).to_owned())).collect())
            }
            _ => None,
        }
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            full if full.is_full() => {
                tracing::error!(error = %full, "the database's disk is full");
                Self::StorageFull
            }
            DbError::Unavailable(_) => {
                tracing::warn!(error = %error, "the database is away");
                Self::Busy { retry_after_s: 1 }
            }
            other => Self::internal(other),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        if let Self::Internal(error) = &self {
            tracing::error!(error = format!("{error:#}"), "request failed");
        }
        let problem = Problem {
            kind: format!("urn:queunir:problem:{code}"),
            title: match &self {
                Self::Malformed { .. } | Self::Rejected { .. } | Self::Conflict { .. } | Self::Limited { .. } => {
                    code.replace('_', " ")
                }
                other => other.to_string(),
            },
            status: status.as_u16(),
            code: code.to_owned(),
            detail: self.detail(),
            request_id: request_id::current().map_or_else(String::new, |id| id.as_str().to_owned()),
            fields: self.fields(),
            queue: match &self {
                Self::HostFull { queue, .. } => *queue,
                _ => None,
            },
        };
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
