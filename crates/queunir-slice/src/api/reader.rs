//! What the page was built of when the reader missed something: to be looked at, and to be sent to whoever mends it.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use queunir_service::{ApiError, Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, records::RecordAbout};

/// The records that there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Records {
    /// Newest first.
    pub records: Vec<RecordAbout>,
}

/// Answers the records of the page's structure: elements and names of attributes, no texts, names or numbers.
#[utoipa::path(get, path = "/api/reader/records", tag = "status", responses((status = 200, body = Records)))]
pub async fn records(State(app): State<App>) -> Result<Json<Records>, ApiError> {
    Ok(Json(Records { records: app.records.list().await.map_err(ApiError::internal)? }))
}

/// Answers one record, to be saved.
#[utoipa::path(get, path = "/api/reader/records/{id}", tag = "status", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/json", body = Vec<u8>), (status = 404, body = Problem)))]
pub async fn record(State(app): State<App>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let text = app.records.read(&id).await.map_err(ApiError::internal)?.ok_or(ApiError::NotFound("record"))?;
    let mut answer = Response::new(Body::from(text));
    let saved_as = format!("attachment; filename=\"page-structure-{id}.json\"");
    for (name, value) in [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&saved_as).map_err(ApiError::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ] {
        answer.headers_mut().insert(name, value);
    }
    Ok(answer)
}
