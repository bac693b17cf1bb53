//! The state of the simulated WhatsApp: accounts with chats, messages and linked devices, and the changes to them.

pub mod act;
pub mod body;
pub mod change;
pub mod happening;
pub mod model;
pub mod phone;

use std::collections::BTreeMap;

pub use act::{Act, ActKind, OnMessage, Outcome};
pub use body::Body;
pub use change::Change;
pub use happening::{ToChat, ToMessage};
pub use model::{Account, Ack, Business, Chat, ChatKind, Device, Member, Message, Reach};

/// All accounts, by id.
#[derive(Debug, Default)]
pub struct World {
    /// Accounts by id.
    pub accounts: BTreeMap<String, Account>,
}

impl World {
    /// Finds the account that a device with this secret belongs to.
    #[must_use]
    pub fn account_of_device(&self, device: &str, secret: &str) -> Option<&Account> {
        self.accounts.values().find(|account| account.devices.get(device).is_some_and(|known| known.secret == secret))
    }

    /// Finds one chat.
    #[must_use]
    pub fn chat(&self, account: &str, chat: &str) -> Option<&Chat> {
        self.accounts.get(account)?.chats.get(chat)
    }
}
