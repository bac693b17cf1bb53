//! The orchestrator against a private PostgreSQL cluster and real processes.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

mod admission;
#[path = "../../../queunir-db/tests/it/cluster.rs"]
mod cluster;
mod containers;
mod contract;
mod deletion;
mod engine;
mod host;
mod isolation;
mod leading;
mod life;
mod monitor;
mod monitor_scale;
mod orchestrator;
mod orders;
mod ports;
mod process;
mod restore;
mod room;
mod snapshots;
mod speed;
mod takeover;
mod tenancy;
mod trouble;
