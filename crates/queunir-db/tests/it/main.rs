//! Tenants in a private PostgreSQL cluster with the product's roles and walls, in both modes of tenancy.
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

#[expect(dead_code, reason = "the orchestrator's tests use the rest of it")]
mod cluster;
mod ending;
mod provisioning;
mod rounds;
mod template;
mod world;
