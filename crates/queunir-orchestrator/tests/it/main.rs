//! The orchestrator against a private PostgreSQL cluster and real processes.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

#[path = "../../../queunir-db/tests/it/cluster.rs"]
mod cluster;
mod containers;
mod contract;
mod engine;
mod host;
mod isolation;
mod leading;
mod life;
mod process;
mod tenancy;
