//! Accounts as the browser sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::UserId;

/// What a user may do in the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Pays, and may do everything.
    Owner,
    /// Works the customers.
    Agent,
}

/// The signed-in user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Id.
    pub id: UserId,
    /// E-mail, lower case.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Language of the app: `en`, `pt-BR` or `es`.
    pub locale: String,
    /// Whether a slice exists.
    pub has_slice: bool,
    /// Chosen at linking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading_mode: Option<crate::link::ReadingMode>,
}
