//! What the gateway may ask of a slice.

pub mod acts;
pub mod canary;
pub mod chats;
pub mod collection;
pub mod contacts;
pub mod events;
pub mod health;
pub mod history;
pub mod joins;
pub mod media;
pub mod messages;
pub mod new_chats;
pub mod opt_out_lists;
pub mod opt_outs;
pub mod outgoing;
pub mod pairing;
pub mod parting;
pub mod past;
pub mod pictures;
pub mod reader;
pub mod settings;
pub mod status;

use axum::{extract::FromRequestParts, http::request::Parts};
use queunir_core::id::UserId;
use queunir_service::ApiError;

use crate::ingest::IngestError;

/// The signed-in human behind a request, named by the gateway; trusted because of mTLS.
#[derive(Clone, Copy, Debug)]
pub struct Human(pub UserId);

impl<S: Send + Sync> FromRequestParts<S> for Human {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let value = parts.headers.get("x-qn-user").and_then(|value| value.to_str().ok());
        value.and_then(|text| text.parse().ok()).map(Self).ok_or(ApiError::Unauthenticated)
    }
}

/// The human behind a request, who owns the account; an agent is refused.
#[derive(Clone, Copy, Debug)]
pub struct Owner(pub UserId);

impl<S: Send + Sync> FromRequestParts<S> for Owner {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Human(user) = Human::from_request_parts(parts, state).await?;
        if parts.headers.get("x-qn-role").is_some_and(|role| role == "owner") {
            Ok(Self(user))
        } else {
            Err(ApiError::Forbidden { code: "owner_only", message: "only the owner changes the connection" })
        }
    }
}

/// A failed batch in the words of an answer.
pub(crate) fn failed(error: IngestError) -> ApiError {
    match error {
        IngestError::Fenced => ApiError::SliceUnavailable,
        IngestError::Db(error) => error.into(),
    }
}
