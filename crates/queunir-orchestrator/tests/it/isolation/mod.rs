//! The walls around a slice, tried from inside containers of the runtime's template. Each attempt is first shown to succeed
//! with the one wall taken down that it is about, so that a closed door is a wall and no chance.
//!
//! `docs/isolation.md` tells which attack is tried where, and which walls cannot be shown.

mod database;
mod files;
mod kernel;
mod life;
mod network;
mod twin;
mod walls;
