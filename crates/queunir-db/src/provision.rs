//! What the orchestrator does in a tenant database: create, migrate, fence.
