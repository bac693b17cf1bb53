//! Every public route on one screen.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use queunir_service::{
    ApiError, request_id,
    strict::{REFUSED, refused},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{app::App, connect, csrf, events, info, metrics, operator, proxy, security_headers, session, web};

/// Largest body that a handler of the gateway itself reads.
const LARGEST_BODY: usize = 64 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(title = "Queunir", description = "WhatsApp customers, served by people."),
    modifiers(&OperatorKey)
)]
struct Description;

/// How the operator's routes want to be asked.
struct OperatorKey;

impl Modify for OperatorKey {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components.get_or_insert_default().add_security_scheme("orchestrator_key", scheme);
    }
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(info::health))
        .routes(routes!(session::register))
        .routes(routes!(session::login))
        .routes(routes!(session::logout))
        .routes(routes!(session::me, session::change_me))
        .routes(routes!(info::app_config))
        .routes(routes!(connect::connect))
        .routes(routes!(connect::connection))
        .routes(routes!(connect::cancel))
        .routes(routes!(events::events))
        .routes(routes!(operator::list))
        .routes(routes!(operator::one))
        .routes(routes!(operator::start))
        .routes(routes!(operator::stop))
        .routes(routes!(operator::restart))
        .routes(routes!(operator::destroy))
        .routes(routes!(operator::health))
        .routes(routes!(operator::capacity))
}

/// The gateway's part of the API description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}

/// The whole public surface.
pub(crate) fn build(app: App) -> Router {
    routes()
        .split_for_parts()
        .0
        .route("/api/openapi.json", get(info::openapi_document))
        .route("/metrics", get(metrics::metrics))
        .route("/api/{*path}", any(proxy::forward))
        .route(REFUSED, any(refused))
        .fallback(web::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), operator::guard))
        .layer(from_fn_with_state(app.clone(), csrf::guard))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(worth_it()))
        .layer(from_fn(security_headers::add))
        .layer(from_fn(request_id::fresh))
        .with_state(app)
}

async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}

fn panicked(_cause: Box<dyn std::any::Any + Send>) -> Response {
    ApiError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}

/// Files of messages are packed already, or asked for in parts.
fn worth_it() -> impl Predicate {
    let not = NotForContentType::const_new;
    DefaultPredicate::new()
        .and(not("audio/"))
        .and(not("video/"))
        .and(not("application/octet-stream"))
        .and(not("application/pdf"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_route_of_the_gateway() {
        let api = openapi();
        let mut paths: Vec<&str> = api.paths.paths.keys().map(String::as_str).collect();
        paths.sort_unstable();
        let wanted = [
            "/api/config",
            "/api/connect",
            "/api/connection",
            "/api/connection/cancel",
            "/api/events",
            "/auth/login",
            "/auth/logout",
            "/auth/me",
            "/auth/register",
            "/health",
            "/orchestrator/capacity",
            "/orchestrator/health",
            "/orchestrator/slices",
            "/orchestrator/slices/{number}",
            "/orchestrator/slices/{number}/destroy",
            "/orchestrator/slices/{number}/restart",
            "/orchestrator/slices/{number}/start",
            "/orchestrator/slices/{number}/stop",
        ];
        assert_eq!(paths, wanted);
        let schemas = api.components.map(|components| components.schemas).unwrap_or_default();
        for name in ["Me", "SliceView", "Snapshot", "Problem", "Registration", "SignIn", "ConnectRequest"] {
            assert!(schemas.contains_key(name), "{name}");
        }
    }
}
