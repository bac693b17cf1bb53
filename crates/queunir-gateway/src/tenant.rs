//! Who is asking and where their slice is: from the session only, never from the request (ISO-16).

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use queunir_core::{id::UserId, user::Role};
use queunir_db::control::{
    sessions::{self, SignedIn, TokenHash},
    wanted::Place,
};
use queunir_service::ApiError;

use crate::{
    app::{App, Changed},
    session::{cookie, lookup},
};

/// A signed-in user; asking counts as activity.
#[derive(Clone, Debug)]
pub(crate) struct Caller(Arc<SignedIn>);

impl Deref for Caller {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl<S> FromRequestParts<S> for Caller
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Watcher { token, caller } = Watcher::from_request_parts(parts, state).await?;
        if caller.stale {
            let app = App::from_ref(state);
            let mut tx = app.db.begin().await?;
            sessions::touch(&mut tx, &token).await?;
            tx.commit().await?;
            app.memory.forget(Changed::User(caller.user));
        }
        Ok(Self(caller))
    }
}

/// A signed-in user whose watching does not count as activity (AUTH-06).
#[derive(Clone, Debug)]
pub(crate) struct Watcher {
    pub(crate) token: TokenHash,
    pub(crate) caller: Arc<SignedIn>,
}

impl<S> FromRequestParts<S> for Watcher
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let token = cookie::token(&parts.headers).ok_or(ApiError::Unauthenticated)?;
        let caller = lookup::find(&app, &token).await?.ok_or(ApiError::Unauthenticated)?;
        Ok(Self { token, caller })
    }
}

/// A signed-in user with a slice.
#[derive(Clone, Debug)]
pub(crate) struct TenantCtx {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) place: Place,
}

impl<S> FromRequestParts<S> for TenantCtx
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Caller(found) = Caller::from_request_parts(parts, state).await?;
        let place = found.place.clone().ok_or_else(|| ApiError::conflict("no_slice", "connect WhatsApp first"))?;
        Ok(Self { user: found.user, role: found.role, place })
    }
}
