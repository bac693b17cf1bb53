//! Linking by phone number instead of a QR code: the number goes in, the characters for the phone come with the link.

use axum::{extract::State, http::StatusCode};
use queunir_core::{
    link::PairingStep,
    phone::{NoPhoneNumber, PhoneNumber},
};
use queunir_db::slice::audit;
use queunir_service::{ApiError, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Owner;
use crate::{
    app::App,
    browser::{Command, is_waiting},
};

/// The number of the phone that is to be linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PairByPhone {
    /// In the international form, `+5511987654321`; separators are let through. It is typed into WhatsApp's own page
    /// and stored nowhere.
    phone: String,
}

/// Asks WhatsApp for characters to type on the phone; they come with the snapshot `link`.
#[utoipa::path(post, path = "/api/status/pairing", tag = "status", request_body = PairByPhone, responses(
    (status = 202),
    (status = 403, body = Problem),
    (status = 409, body = Problem),
    (status = 422, body = Problem),
))]
pub async fn pair(
    State(app): State<App>,
    Owner(user): Owner,
    Json(body): Json<PairByPhone>,
) -> Result<StatusCode, ApiError> {
    let number = PhoneNumber::parse(&body.phone).map_err(refusal)?;
    let link = app.link.now();
    if !is_waiting(link.state) {
        return Err(ApiError::conflict("not_waiting", "WhatsApp does not wait for a phone now"));
    }
    if link.pairing.is_some_and(|pairing| pairing.step == PairingStep::Typing) {
        return Err(ApiError::conflict("pairing_under_way", "a number is being typed already"));
    }
    let mut tx = app.db.begin().await?;
    audit::note(&mut tx, user, "link_by_phone", "asked").await?;
    tx.commit().await?;
    super::status::order(&app, Command::Pair(number))
}

/// Goes back to QR codes.
#[utoipa::path(post, path = "/api/status/pairing/cancel", tag = "status",
    responses((status = 202), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(State(app): State<App>, Owner(_user): Owner) -> Result<StatusCode, ApiError> {
    if !is_waiting(app.link.state()) {
        return Err(ApiError::conflict("not_waiting", "WhatsApp does not wait for a phone now"));
    }
    super::status::order(&app, Command::Unpair)
}

pub(super) fn refusal(why: NoPhoneNumber) -> ApiError {
    let code = match why {
        NoPhoneNumber::Form => "not_international",
        NoPhoneNumber::Country => "unknown_country",
        NoPhoneNumber::Length => "wrong_length",
    };
    ApiError::Invalid { fields: [("phone".to_owned(), code)].into() }
}
