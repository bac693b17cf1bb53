//! The operator's routes: what slices are and use, and what is wanted of them. Nothing here starts or stops anything.

mod key;

use axum::{extract::State, http::StatusCode};
pub(crate) use key::{guard, is_from_here, is_operators};
use queunir_core::{
    capacity::Capacity,
    id::SliceId,
    operator::{Order, SliceCard, Summary},
};
use queunir_db::control::{
    leadership,
    operator::{self, Author, Ordered},
};
use queunir_service::{ApiError, Json, Path, Problem, Query, host, request_id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::key::Operator;
use crate::{
    app::{App, Changed},
    client_address::ClientAddress,
};

/// Every slice, by number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SliceList {
    slices: Vec<SliceCard>,
}

/// Lists all slices.
#[utoipa::path(get, path = "/orchestrator/slices", tag = "orchestrator", security(("orchestrator_key" = [])), responses(
    (status = 200, body = SliceList),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(app): State<App>, _: Operator) -> Result<Json<SliceList>, ApiError> {
    let mut tx = app.db.begin().await?;
    Ok(Json(SliceList { slices: operator::list(&mut tx, None).await? }))
}

/// Shows one slice.
#[utoipa::path(get, path = "/orchestrator/slices/{number}", tag = "orchestrator", params(("number" = i64, Path)),
    security(("orchestrator_key" = [])), responses(
    (status = 200, body = SliceCard),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn one(
    State(app): State<App>,
    _: Operator,
    Path(number): Path<i64>,
) -> Result<Json<SliceCard>, ApiError> {
    let mut tx = app.db.begin().await?;
    operator::find(&mut tx, SliceId(number)).await?.map(Json).ok_or(ApiError::NotFound("slice"))
}

/// At which level to start.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StartLevel {
    /// With its browser.
    #[serde(default)]
    linked: bool,
}

/// Wants a slice to run: with its browser if asked so, else at least without.
#[utoipa::path(post, path = "/orchestrator/slices/{number}/start", tag = "orchestrator",
    params(("number" = i64, Path), StartLevel), security(("orchestrator_key" = [])), responses(
    (status = 202, body = SliceCard),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn start(
    State(app): State<App>,
    _: Operator,
    address: ClientAddress,
    Path(number): Path<i64>,
    Query(level): Query<StartLevel>,
) -> Result<(StatusCode, Json<SliceCard>), ApiError> {
    order(&app, address, number, if level.linked { Order::Link } else { Order::Start }).await
}

/// Wants a slice not to run. Data stay, and the next request of its tenant starts it again, without a browser.
#[utoipa::path(post, path = "/orchestrator/slices/{number}/stop", tag = "orchestrator",
    params(("number" = i64, Path)), security(("orchestrator_key" = [])), responses(
    (status = 202, body = SliceCard),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn stop(
    State(app): State<App>,
    _: Operator,
    address: ClientAddress,
    Path(number): Path<i64>,
) -> Result<(StatusCode, Json<SliceCard>), ApiError> {
    order(&app, address, number, Order::Stop).await
}

/// Wants a later start of a slice than the present one.
#[utoipa::path(post, path = "/orchestrator/slices/{number}/restart", tag = "orchestrator",
    params(("number" = i64, Path)), security(("orchestrator_key" = [])), responses(
    (status = 202, body = SliceCard),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn restart(
    State(app): State<App>,
    _: Operator,
    address: ClientAddress,
    Path(number): Path<i64>,
) -> Result<(StatusCode, Json<SliceCard>), ApiError> {
    order(&app, address, number, Order::Restart).await
}

/// Wants a slice deleted with everything in it. Nothing turns that back.
#[utoipa::path(post, path = "/orchestrator/slices/{number}/destroy", tag = "orchestrator",
    params(("number" = i64, Path)), security(("orchestrator_key" = [])), responses(
    (status = 202, body = SliceCard),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn destroy(
    State(app): State<App>,
    _: Operator,
    address: ClientAddress,
    Path(number): Path<i64>,
) -> Result<(StatusCode, Json<SliceCard>), ApiError> {
    order(&app, address, number, Order::Destroy).await
}

/// Tells how all slices are.
#[utoipa::path(get, path = "/orchestrator/health", tag = "orchestrator", security(("orchestrator_key" = [])), responses(
    (status = 200, body = Summary),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn health(State(app): State<App>, _: Operator) -> Result<Json<Summary>, ApiError> {
    let mut tx = app.db.begin().await?;
    let led = leadership::is_led(&mut tx).await?;
    Ok(Json(Summary::of(&operator::list(&mut tx, None).await?, led)))
}

/// Tells how many more slices fit on this host.
#[utoipa::path(get, path = "/orchestrator/capacity", tag = "orchestrator", security(("orchestrator_key" = [])),
    responses(
    (status = 200, body = Capacity),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn capacity(State(app): State<App>, _: Operator) -> Result<Json<Capacity>, ApiError> {
    let size = host::size().map_err(ApiError::internal)?;
    let mut tx = app.db.begin().await?;
    Ok(Json(operator::capacity(&mut tx, size).await?))
}

async fn order(
    app: &App,
    address: ClientAddress,
    number: i64,
    order: Order,
) -> Result<(StatusCode, Json<SliceCard>), ApiError> {
    let slice = SliceId(number);
    let id = request_id::current();
    let author = Author {
        by: "orchestrator key",
        ip: Some(address.0),
        request_id: id.as_ref().map(request_id::RequestId::as_str),
    };
    let mut tx = app.db.begin().await?;
    match operator::order(&mut tx, slice, order, &author).await? {
        Ordered::Unknown => return Err(ApiError::NotFound("slice")),
        Ordered::Refused(refusal) => return Err(ApiError::conflict(refusal.code(), refusal.to_string())),
        Ordered::Written(_) => {}
    }
    let card = operator::find(&mut tx, slice).await?.ok_or(ApiError::NotFound("slice"))?;
    tx.commit().await?;
    app.hint(Changed::Slice(slice));
    Ok((StatusCode::ACCEPTED, Json(card)))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{body::Body, extract::ConnectInfo};
    use http::Request;
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    use tower::ServiceExt as _;

    use crate::{app::fixture, router};

    /// Method and path of every route of the operator's.
    const ROUTES: [(&str, &str); 9] = [
        ("GET", "/orchestrator/slices"),
        ("GET", "/orchestrator/slices/1"),
        ("POST", "/orchestrator/slices/1/start"),
        ("POST", "/orchestrator/slices/1/stop"),
        ("POST", "/orchestrator/slices/1/restart"),
        ("POST", "/orchestrator/slices/1/destroy"),
        ("GET", "/orchestrator/health"),
        ("GET", "/orchestrator/capacity"),
        ("DELETE", "/orchestrator/slices"),
    ];

    #[sqlx::test(migrations = false)]
    async fn from_another_machine_no_route_is_there_even_with_the_key(_: PgPoolOptions, options: PgConnectOptions) {
        let key = "k".repeat(32);
        let router = router::build(fixture::app(options, Some(&key)).await);
        for (method, path) in ROUTES {
            let status = async |peer: &str| {
                let peer: SocketAddr = peer.parse().unwrap();
                let request = Request::builder().method(method).uri(path).extension(ConnectInfo(peer));
                let request = request.header("authorization", format!("Bearer {key}")).body(Body::empty()).unwrap();
                router.clone().oneshot(request).await.unwrap().status().as_u16()
            };
            for stranger in ["198.51.100.1:4000", "10.0.0.2:4000", "[2001:db8::1]:4000"] {
                assert_eq!(status(stranger).await, 404, "{stranger} {method} {path}");
            }
            let here = status("127.0.0.1:4000").await;
            let wanted = match (method, path) {
                ("DELETE", _) => 405,
                (_, "/orchestrator/slices" | "/orchestrator/health" | "/orchestrator/capacity") => 200,
                _ => 404,
            };
            assert_eq!(here, wanted, "{method} {path}");
        }
    }
}
