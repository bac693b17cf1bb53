//! When the link was not good, for the tenant to read.

use axum::extract::{Query, State};
use queunir_core::link::LinkSpan;
use queunir_db::slice::link_history;
use queunir_service::{ApiError, Json, Problem};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;

/// Spans of one answer.
const PAGE: i64 = 50;

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Only spans with a smaller id.
    before: Option<i64>,
}

/// Times in which the link was not good.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkHistory {
    /// Newest first.
    pub spans: Vec<LinkSpan>,
    /// Whether there are no older ones.
    pub complete: bool,
}

/// Answers when the link was not good, newest first, 50 at a time; kept for 400 days.
#[utoipa::path(get, path = "/api/status/history", tag = "status", params(HistoryQuery),
    responses((status = 200, body = LinkHistory), (status = 400, body = Problem)))]
pub async fn history(State(app): State<App>, Query(query): Query<HistoryQuery>) -> Result<Json<LinkHistory>, ApiError> {
    let mut tx = app.db.begin().await?;
    let mut spans = link_history::page(&mut tx, query.before, PAGE + 1).await?;
    let complete = i64::try_from(spans.len()).is_ok_and(|found| found <= PAGE);
    spans.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok(Json(LinkHistory { spans, complete }))
}
