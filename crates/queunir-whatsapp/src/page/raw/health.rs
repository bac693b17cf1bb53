//! Observation `health`: what the latest reads hit and missed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Capped, Rejected, short};

/// Report on the latest reads of list and conversation together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealthReport {
    /// `g2`, `g3`, `unknown`.
    pub generation: String,
    /// Row nodes seen.
    pub rows_seen: u32,
    /// Rows read.
    pub rows_read: u32,
    /// Field to family.
    pub anchors: BTreeMap<String, String>,
    /// Field to count.
    pub empty: BTreeMap<String, u32>,
    /// Field, or field and family, to how often it was found and missed.
    pub tallies: BTreeMap<String, (u32, u32)>,
    /// Rows, but nothing read from them.
    pub alarm: bool,
}

impl Capped for HealthReport {
    fn check(&self) -> Result<(), Rejected> {
        if self.anchors.len() > 200 || self.empty.len() > 200 || self.tallies.len() > 600 {
            return Err(Rejected::Cap("health"));
        }
        short("health", &self.generation)?;
        self.anchors.iter().try_for_each(|(field, family)| short("health", field).and(short("health", family)))?;
        self.empty.keys().chain(self.tallies.keys()).try_for_each(|field| short("health", field))
    }
}

/// Kind `health`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Version of the schema.
    pub v: u32,
    /// `health`.
    pub kind: String,
    /// The report.
    pub health: HealthReport,
}

impl Capped for Health {
    fn check(&self) -> Result<(), Rejected> {
        self.health.check()
    }
}
