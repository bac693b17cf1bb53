//! The pictures of chats.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use queunir_core::id::ChatId;
use queunir_db::slice::pictures;
use queunir_service::{ApiError, Path, Problem, Query};

use super::media::{VersionQuery, answer, tag};
use crate::app::App;

/// What a photograph is; nothing else is ever kept as one.
const WEBP: HeaderValue = HeaderValue::from_static("image/webp");

/// Answers the picture of a chat as WhatsApp's list showed it.
#[utoipa::path(get, path = "/api/chats/{id}/picture", tag = "chats", params(("id" = ChatId, Path), VersionQuery),
    responses((status = 200, content_type = "image/webp", body = Vec<u8>), (status = 304), (status = 404, body = Problem)))]
pub async fn picture(
    State(app): State<App>,
    Path(id): Path<ChatId>,
    Query(query): Query<VersionQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut tx = app.db.begin().await?;
    let stored = pictures::find(&mut tx, id).await?.ok_or(ApiError::NotFound("picture"))?;
    drop(tx);
    let path = app.files.folder.file(&stored.hash);
    answer(&path, WEBP, "inline", &tag(&stored, "p"), query.v.as_deref() == Some(&stored.version()), &headers).await
}
