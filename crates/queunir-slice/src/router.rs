//! Every route of a slice on one screen, and who may call it.

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{any, get, post},
};
use queunir_service::{
    ApiError, request_id,
    strict::{REFUSED, refused},
    tls::{ORCHESTRATOR, Peer},
};
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::{
        acts, canary, chats, collection, contacts, events, health, history, joins, media, messages, new_chats,
        opt_out_lists, opt_outs, outgoing, pairing, parting, past, pictures, reader, settings, status,
    },
    app::App,
};

/// Longest body: a message of WhatsApp's limit, every character escaped.
const LONGEST_BODY: usize = 1024 * 1024;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(status::state))
        .routes(routes!(status::initialize))
        .routes(routes!(status::retry))
        .routes(routes!(pairing::pair))
        .routes(routes!(pairing::cancel))
        .routes(routes!(history::history))
        .routes(routes!(parting::disconnect))
        .routes(routes!(parting::wipe))
        .routes(routes!(parting::account))
        .routes(routes!(parting::use_here))
        .routes(routes!(chats::list))
        .routes(routes!(chats::one))
        .routes(routes!(chats::open))
        .routes(routes!(chats::close))
        .routes(routes!(pictures::picture))
        .routes(routes!(past::older))
        .routes(routes!(past::of_chat))
        .routes(routes!(past::retry_gap))
        .routes(routes!(opt_outs::set))
        .routes(routes!(opt_outs::words, opt_outs::set_words))
        .routes(routes!(opt_out_lists::list))
        .routes(routes!(opt_out_lists::file))
        .routes(routes!(opt_out_lists::import))
        .routes(routes!(opt_out_lists::lift))
        .routes(routes!(contacts::contact))
        .routes(routes!(contacts::read))
        .routes(routes!(contacts::read_members))
        .routes(routes!(joins::list))
        .routes(routes!(joins::say))
        .routes(routes!(new_chats::begin))
        .routes(routes!(new_chats::one))
        .routes(routes!(messages::list, outgoing::send))
        .routes(routes!(acts::ask))
        .routes(routes!(acts::list))
        .routes(routes!(acts::one))
        .routes(routes!(acts::cancel))
        .routes(routes!(acts::resolve))
        .routes(routes!(media::take))
        .routes(routes!(media::file))
        .routes(routes!(media::thumbnail))
        .routes(routes!(media::retry))
        .routes(routes!(reader::records))
        .routes(routes!(reader::record))
        .routes(routes!(outgoing::list))
        .routes(routes!(outgoing::cancel))
        .routes(routes!(outgoing::resolve))
        .routes(routes!(settings::reading_mode, settings::set_reading_mode))
        .routes(routes!(collection::view, collection::pause))
        .routes(routes!(collection::presence))
        .routes(routes!(new_chats::first_contacts, new_chats::set_first_contacts))
        .routes(routes!(events::stream))
}

/// The description of a slice's API, for the one that the gateway serves.
#[must_use]
pub fn openapi() -> OpenApi {
    use queunir_core::event::{Event, Snapshot};
    let mut api = described().into_openapi();
    // What travels inside the event stream is part of the contract as well.
    let components = api.components.get_or_insert_default();
    let mut schemas = Vec::new();
    <Event as utoipa::ToSchema>::schemas(&mut schemas);
    <Snapshot as utoipa::ToSchema>::schemas(&mut schemas);
    schemas.push(("Event".to_owned(), <Event as utoipa::PartialSchema>::schema()));
    schemas.push(("Snapshot".to_owned(), <Snapshot as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    api
}

/// The routes; the peer's name comes from its certificate through `ConnectInfo<Peer>`.
pub fn router(app: App) -> Router {
    let (public, _api) = described().split_for_parts();
    let internal = Router::new()
        .route("/internal/browser/stop", post(status::stop_browser))
        .route("/internal/canary", get(canary::canary))
        .layer(middleware::from_fn(orchestrator_only));
    public
        .merge(internal)
        .route(REFUSED, any(refused))
        .fallback(async || ApiError::NotFound("route"))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(middleware::from_fn_with_state(app.clone(), room_to_write))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(request_id::inherited))
        .with_state(app)
}

/// Takes no message or file for sending that there is no room to keep.
async fn room_to_write(State(app): State<App>, request: Request, next: Next) -> Result<Response, ApiError> {
    let path = request.uri().path();
    let asks = ["/messages", "/acts", "/new-chats"].iter().any(|end| path.ends_with(end)) || path == "/api/media";
    let writes = !request.method().is_safe() && asks;
    if writes && app.storage.is_short() {
        return Err(ApiError::StorageFull);
    }
    Ok(next.run(request).await)
}

async fn orchestrator_only(
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if peer.name == ORCHESTRATOR { Ok(next.run(request).await) } else { Err(ApiError::NotFound("route")) }
}
