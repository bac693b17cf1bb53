//! The words of Queunir as types: ids, chats, messages, events and the states of a slice, without any I/O.

pub mod act;
pub mod capacity;
pub mod chat;
pub mod collection;
pub mod contact;
pub mod event;
pub mod history;
pub mod id;
pub mod join;
pub mod link;
pub mod media;
pub mod message;
pub mod operator;
pub mod outgoing;
pub mod phone;
pub mod slice;
pub mod text;
pub mod time;
pub mod user;
