//! What the operator asks a live page: which facts it keeps, and what it is built of. For the orchestrator's identity
//! only, and in no description of the public API.

use axum::extract::State;
use queunir_core::link::PageState;
use queunir_service::{ApiError, Json};
use queunir_whatsapp::page::{
    facts::{FactReport, Holds},
    structure::Structure,
};
use serde::{Deserialize, Serialize};

use crate::app::App;

/// What a live page keeps of what is relied on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Canary {
    /// Queunir's version.
    pub version: String,
    /// Which screen the page shows.
    pub state: PageState,
    /// Every fact, in the order of the evidence.
    pub facts: Vec<FactReport>,
    /// What the page is built of, without texts, names and numbers.
    pub structure: Structure,
}

impl Canary {
    /// Facts that do not hold.
    #[must_use]
    pub fn broken(&self) -> usize {
        self.facts.iter().filter(|fact| fact.holds == Holds::No).count()
    }
}

/// Looks at the page as it is drawn now; nothing is clicked.
pub async fn canary(State(app): State<App>) -> Result<Json<Canary>, ApiError> {
    let page = app.page().ok_or(ApiError::SliceUnavailable)?;
    let facts = page.facts().await.map_err(ApiError::internal)?;
    let structure = page.structure().await.map_err(ApiError::internal)?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Json(Canary { version, state: app.link.state(), facts, structure }))
}
