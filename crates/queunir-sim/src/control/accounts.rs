//! Accounts and their linked devices, as their owner's phone sees them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Answer, App, Problem, ProblemBody};
use crate::clock::now_ms;
use crate::hub::{Code, ScanRequest};
use crate::scenario;

/// An account as the phone sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountView {
    id: String,
    name: String,
    phone: String,
    locale: String,
    chats: usize,
    devices: Vec<DeviceView>,
}

/// A linked device as the phone lists it.
#[derive(Serialize, ToSchema)]
pub(super) struct DeviceView {
    id: String,
    linked_at: i64,
    /// Whether a page of it is connected now.
    connected: bool,
}

/// The accounts and their linked devices.
#[utoipa::path(get, path = "/_sim/accounts", responses((status = 200, body = Vec<AccountView>)))]
pub(super) async fn accounts(State(hub): App) -> Json<Vec<AccountView>> {
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
pub(super) struct NewAccount {
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
pub(super) struct AddedAccount {
    id: String,
}

/// Adds an account from a scenario.
#[utoipa::path(post, path = "/_sim/accounts", request_body = NewAccount,
    responses((status = 200, body = AddedAccount), (status = 422, body = ProblemBody)))]
pub(super) async fn add_account(State(hub): App, Json(new): Json<NewAccount>) -> Answer<AddedAccount> {
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

/// The codes on screens now.
#[utoipa::path(get, path = "/_sim/codes", responses((status = 200, body = Vec<Code>)))]
pub(super) async fn codes(State(hub): App) -> Json<Vec<Code>> {
    Json(hub.with(|inner| inner.codes()))
}

/// A device, by id.
#[derive(Serialize, Deserialize, ToSchema)]
pub(super) struct DeviceId {
    device: String,
}

/// The phone scans a code.
#[utoipa::path(post, path = "/_sim/scan", request_body = ScanRequest,
    responses((status = 200, body = DeviceId), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn scan(State(hub): App, Json(request): Json<ScanRequest>) -> Answer<DeviceId> {
    Ok(Json(DeviceId { device: hub.with(|inner| inner.scan(&request))? }))
}

/// The phone logs a device out.
#[utoipa::path(post, path = "/_sim/logout", request_body = DeviceId,
    responses((status = 204), (status = 404, body = ProblemBody)))]
pub(super) async fn logout(State(hub): App, Json(body): Json<DeviceId>) -> Result<StatusCode, Problem> {
    hub.with(|inner| inner.log_out(&body.device))?;
    Ok(StatusCode::NO_CONTENT)
}
