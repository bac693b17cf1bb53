//! The control API `/_sim`: what the phone page, tests and measurements ask of the simulator.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::Stream;
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use utoipa::{OpenApi, ToSchema};

use crate::clock::now_ms;
use crate::customer::{self, CustomerChat, CustomerMessage};
use crate::hub::{Code, Disturbance, Hub, Incoming, Lag, PhoneEvent, ScanRequest, SimError, Trouble};
use crate::ledger::Ledger;
use crate::scenario;

type App = State<Arc<Hub>>;
type Answer<T> = Result<Json<T>, Problem>;

/// The largest request body; a scenario of a thousand chats fits.
const BODY_MOST: usize = 32 << 20;

/// The routes under `/_sim`.
pub fn router(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/openapi.json", get(async || Json(Api::openapi())))
        .route("/ledger", get(ledger))
        .route("/accounts", get(accounts).post(add_account))
        .route("/accounts/{account}/incoming", post(incoming))
        .route("/accounts/{account}/own", post(own))
        .route("/accounts/{account}/chats", get(chats))
        .route("/accounts/{account}/chats/{chat}/messages", get(messages))
        .route("/accounts/{account}/chats/{chat}/read", post(read))
        .route("/accounts/{account}/chats/{chat}/typing", post(typing))
        .route("/codes", get(codes))
        .route("/scan", post(scan))
        .route("/logout", post(logout))
        .route("/trouble", get(get_trouble).post(set_trouble))
        .route("/disturb", post(disturb))
        .route("/speed", get(get_speed).post(set_speed))
        .route("/events", get(events))
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .with_state(hub)
}

/// The description of this API.
#[derive(OpenApi)]
#[openapi(
    info(title = "WhatsApp Web simulator", description = "Control API of the simulator."),
    paths(
        health,
        ledger,
        accounts,
        add_account,
        incoming,
        own,
        chats,
        messages,
        read,
        typing,
        codes,
        scan,
        logout,
        get_trouble,
        set_trouble,
        disturb,
        get_speed,
        set_speed,
        events
    )
)]
struct Api;

/// Why a request was not carried out.
#[derive(Serialize, ToSchema)]
struct ProblemBody {
    /// Stable word for it.
    code: &'static str,
    /// A sentence.
    detail: String,
}

struct Problem(StatusCode, ProblemBody);

impl From<SimError> for Problem {
    fn from(error: SimError) -> Self {
        let (status, code) = match &error {
            SimError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            SimError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            SimError::CodeExpired => (StatusCode::GONE, "code_expired"),
            SimError::Ending => (StatusCode::SERVICE_UNAVAILABLE, "ending"),
            SimError::Journal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "journal"),
        };
        Self(status, ProblemBody { code, detail: error.to_string() })
    }
}

impl From<scenario::ScenarioError> for Problem {
    fn from(error: scenario::ScenarioError) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, ProblemBody { code: "scenario", detail: error.to_string() })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

/// How the simulator is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// Always `ok` when it answers.
    status: &'static str,
    /// How late its own scheduler runs.
    lag: Lag,
    /// The present factor.
    speed: f64,
    /// Accounts it holds.
    accounts: usize,
    /// Pages connected now.
    pages: usize,
    /// Since the start.
    uptime_ms: u64,
}

/// Says how the simulator is and how late it runs.
#[utoipa::path(get, path = "/_sim/health", responses((status = 200, body = Health)))]
async fn health(State(hub): App) -> Json<Health> {
    Json(hub.with(|inner| Health {
        status: "ok",
        lag: inner.lag(),
        speed: inner.clock.speed(),
        accounts: inner.world.accounts.len(),
        pages: inner.page_count(),
        uptime_ms: u64::try_from(inner.uptime().as_millis()).unwrap_or(u64::MAX),
    }))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct LedgerQuery {
    /// Only this account.
    account: Option<String>,
}

/// Everything that truly happened.
#[utoipa::path(get, path = "/_sim/ledger", params(LedgerQuery), responses((status = 200, body = Ledger)))]
async fn ledger(State(hub): App, Query(query): Query<LedgerQuery>) -> Json<Ledger> {
    Json(hub.with(|inner| Ledger::of(&inner.world, query.account.as_deref())))
}

/// An account as the phone sees it.
#[derive(Serialize, ToSchema)]
struct AccountView {
    id: String,
    name: String,
    phone: String,
    locale: String,
    chats: usize,
    devices: Vec<DeviceView>,
}

/// A linked device as the phone lists it.
#[derive(Serialize, ToSchema)]
struct DeviceView {
    id: String,
    linked_at: i64,
    /// Whether a page of it is connected now.
    connected: bool,
}

/// The accounts and their linked devices.
#[utoipa::path(get, path = "/_sim/accounts", responses((status = 200, body = Vec<AccountView>)))]
async fn accounts(State(hub): App) -> Json<Vec<AccountView>> {
    Json(hub.with(|inner| {
        let device = |device: &crate::world::Device| DeviceView {
            id: device.id.clone(),
            linked_at: device.linked_at,
            connected: inner.is_connected(&device.id),
        };
        let view = |account: &crate::world::Account| AccountView {
            id: account.id.clone(),
            name: account.name.clone(),
            phone: account.phone.clone(),
            locale: account.locale.clone(),
            chats: account.chats.len(),
            devices: account.devices.values().map(device).collect(),
        };
        inner.world.accounts.values().map(view).collect()
    }))
}

/// Which account to add.
#[derive(Deserialize, ToSchema)]
struct NewAccount {
    /// Name of a built-in scenario.
    scenario: Option<String>,
    /// Or a scenario's text.
    toml: Option<String>,
    /// Another id than the scenario's.
    id: Option<String>,
    /// Another profile name.
    name: Option<String>,
    /// Another number.
    phone: Option<String>,
}

/// The id of a new account.
#[derive(Serialize, ToSchema)]
struct AddedAccount {
    id: String,
}

/// Adds an account from a scenario.
#[utoipa::path(post, path = "/_sim/accounts", request_body = NewAccount,
    responses((status = 200, body = AddedAccount), (status = 422, body = ProblemBody)))]
async fn add_account(State(hub): App, Json(new): Json<NewAccount>) -> Answer<AddedAccount> {
    let mut scenario = match (&new.toml, &new.scenario) {
        (Some(text), _) => scenario::parse("posted", text)?,
        (None, name) => scenario::built_in(name.as_deref().unwrap_or("test"))?,
    };
    let owner = &mut scenario.account;
    owner.id = new.id.unwrap_or_else(|| owner.id.clone());
    owner.name = new.name.unwrap_or_else(|| owner.name.clone());
    owner.phone = new.phone.unwrap_or_else(|| owner.phone.clone());
    let account = scenario.account(now_ms())?;
    let id = account.id.clone();
    hub.with(|inner| inner.add_account(account))?;
    Ok(Json(AddedAccount { id }))
}

/// The key a message got.
#[derive(Serialize, ToSchema)]
struct Written {
    /// Chat id.
    chat: String,
    /// Key of the message.
    key: String,
}

/// A customer writes.
#[utoipa::path(post, path = "/_sim/accounts/{account}/incoming", request_body = Incoming,
    responses((status = 200, body = Written), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn incoming(State(hub): App, Path(account): Path<String>, Json(message): Json<Incoming>) -> Answer<Written> {
    let (chat, key) = hub.with(|inner| inner.incoming(&account, &message))?;
    Ok(Json(Written { chat, key }))
}

/// What the owner writes on the phone.
#[derive(Deserialize, ToSchema)]
struct OwnMessage {
    /// Chat id, title or number.
    chat: String,
    /// The words.
    text: String,
}

/// The owner writes on the phone itself, not through a linked page.
#[utoipa::path(post, path = "/_sim/accounts/{account}/own", request_body = OwnMessage,
    responses((status = 200, body = Written), (status = 404, body = ProblemBody)))]
async fn own(State(hub): App, Path(account): Path<String>, Json(message): Json<OwnMessage>) -> Answer<Written> {
    let key = hub.with(|inner| inner.own_phone(&account, &message.chat, &message.text))?;
    Ok(Json(Written { chat: message.chat, key }))
}

/// The chats as their customers see them, newest first.
#[utoipa::path(get, path = "/_sim/accounts/{account}/chats",
    responses((status = 200, body = Vec<CustomerChat>), (status = 404, body = ProblemBody)))]
async fn chats(State(hub): App, Path(account): Path<String>) -> Answer<Vec<CustomerChat>> {
    Ok(Json(hub.with(|inner| customer::chats(&inner.world, &account)).ok_or(SimError::NotFound("account"))?))
}

/// The last messages of a chat as its customer sees them.
#[utoipa::path(get, path = "/_sim/accounts/{account}/chats/{chat}/messages",
    responses((status = 200, body = Vec<CustomerMessage>), (status = 404, body = ProblemBody)))]
async fn messages(State(hub): App, Path((account, chat)): Path<(String, String)>) -> Answer<Vec<CustomerMessage>> {
    let list = hub.with(|inner| customer::messages(&inner.world, &account, &chat));
    Ok(Json(list.ok_or(SimError::NotFound("chat"))?))
}

/// The customer reads: our messages are delivered, and get blue ticks unless the customer hides them.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}/read",
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn read(State(hub): App, Path((account, chat)): Path<(String, String)>) -> Result<StatusCode, Problem> {
    hub.with(|inner| {
        let chat = inner.find_chat(&account, &chat).ok_or(SimError::NotFound("chat"))?;
        inner.customer_reads(&account, &chat)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the customer is typing.
#[derive(Deserialize, ToSchema)]
struct TypingBody {
    on: bool,
}

/// The customer types, or stops.
#[utoipa::path(post, path = "/_sim/accounts/{account}/chats/{chat}/typing", request_body = TypingBody,
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn typing(
    State(hub): App,
    Path((account, chat)): Path<(String, String)>,
    Json(body): Json<TypingBody>,
) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.customer_types(&account, &chat, body.on))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The codes on screens now.
#[utoipa::path(get, path = "/_sim/codes", responses((status = 200, body = Vec<Code>)))]
async fn codes(State(hub): App) -> Json<Vec<Code>> {
    Json(hub.with(|inner| inner.codes()))
}

/// A device, by id.
#[derive(Serialize, Deserialize, ToSchema)]
struct DeviceId {
    device: String,
}

/// The phone scans a code.
#[utoipa::path(post, path = "/_sim/scan", request_body = ScanRequest,
    responses((status = 200, body = DeviceId), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
async fn scan(State(hub): App, Json(request): Json<ScanRequest>) -> Answer<DeviceId> {
    Ok(Json(DeviceId { device: hub.with(|inner| inner.scan(&request))? }))
}

/// The phone logs a device out.
#[utoipa::path(post, path = "/_sim/logout", request_body = DeviceId,
    responses((status = 204), (status = 404, body = ProblemBody)))]
async fn logout(State(hub): App, Json(body): Json<DeviceId>) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.log_out(&body.device))?;
    Ok(StatusCode::NO_CONTENT)
}

/// What goes wrong on purpose now.
#[utoipa::path(get, path = "/_sim/trouble", responses((status = 200, body = Trouble)))]
async fn get_trouble(State(hub): App) -> Json<Trouble> {
    Json(hub.with(|inner| inner.trouble))
}

/// Sets every switch; those left out are switched off.
#[utoipa::path(post, path = "/_sim/trouble", request_body = Trouble, responses((status = 200, body = Trouble)))]
async fn set_trouble(State(hub): App, Json(trouble): Json<Trouble>) -> Json<Trouble> {
    hub.with(|inner| inner.trouble = trouble);
    Json(trouble)
}

/// How many pages something happened to.
#[derive(Serialize, ToSchema)]
struct Disturbed {
    pages: usize,
}

/// Lets something happen to pages: a dialog, a hanging renderer, a blank page, a cut line.
#[utoipa::path(post, path = "/_sim/disturb", request_body = Disturbance, responses((status = 200, body = Disturbed)))]
async fn disturb(State(hub): App, Json(what): Json<Disturbance>) -> Json<Disturbed> {
    Json(Disturbed { pages: hub.with(|inner| inner.disturb(&what)) })
}

/// The factor.
#[derive(Serialize, Deserialize, ToSchema)]
struct Speed {
    speed: f64,
}

/// The present factor.
#[utoipa::path(get, path = "/_sim/speed", responses((status = 200, body = Speed)))]
async fn get_speed(State(hub): App) -> Json<Speed> {
    Json(Speed { speed: hub.with(|inner| inner.clock.speed()) })
}

/// Changes the factor; waits under way go on at the new pace.
#[utoipa::path(post, path = "/_sim/speed", request_body = Speed,
    responses((status = 200, body = Speed), (status = 422, body = ProblemBody)))]
async fn set_speed(State(hub): App, Json(body): Json<Speed>) -> Answer<Speed> {
    if !(body.speed.is_finite() && body.speed > 0.0) {
        return Err(SimError::Refused("the speed must be above zero").into());
    }
    let speed = hub.with(|inner| {
        inner.set_speed(body.speed);
        inner.clock.speed()
    });
    Ok(Json(Speed { speed }))
}

/// Says what changed, as server-sent events; the phone page looks again.
#[utoipa::path(get, path = "/_sim/events", responses((status = 200, content_type = "text/event-stream")))]
async fn events(State(hub): App) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = BroadcastStream::new(hub.watch()).filter_map(|item| {
        let event = match item {
            Ok(event) => event,
            Err(BroadcastStreamRecvError::Lagged(_)) => PhoneEvent::Everything,
        };
        Event::default().json_data(event).ok().map(Ok)
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}
