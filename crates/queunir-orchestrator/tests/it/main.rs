//! The orchestrator against a private PostgreSQL cluster and real processes.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]

mod cluster;
mod contract;
mod host;
mod leading;
mod life;
mod provisioning;
