//! The past of chats: older messages for a person who asks, and the gaps that could not be read at once.

pub mod activity;
pub mod gaps;
pub mod older;
