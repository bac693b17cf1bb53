//! The pages that are connected, and what each of their frames does.

use std::ops::Range;

use super::due::Task;
use super::talk::{Sender, Written};
use super::{Attach, Inner, Outbox, PhoneEvent, SimError};
use crate::locale;
use crate::wire::{ChatRow, DeviceKeys, FromPage, Msg, Presence, Reason, ToPage};
use crate::world::{Account, Act, ActKind, Body, Change, Chat, ChatKind, Reach, ToChat};

/// A connection's number; never reused.
pub type PageId = u64;

/// How many messages opening a chat brings.
const OPEN_COUNT: usize = 40;
/// The most messages one request for older ones brings.
const OLDER_MOST: usize = 200;
/// What the server takes as one message; WhatsApp's own limit.
const TEXT_MOST: usize = 65_536;

/// What a page handed in, as it came.
struct Submission {
    temp_id: String,
    text: String,
    attach: Option<Attach>,
    quotes: Option<String>,
}

/// A connected page.
#[derive(Debug)]
pub(super) struct Page {
    pub outbox: Outbox,
    /// Whether it said `hello`; before that it is told nothing.
    pub greeted: bool,
    /// Account and device, once linked.
    pub link: Option<(String, String)>,
    /// Whether the list was sent.
    pub ready: bool,
    /// Not overtaken by another page of the same device.
    pub live: bool,
    /// The open chat.
    pub open: Option<String>,
    /// The chat that has the focus.
    pub focused: Option<String>,
    pub visible: bool,
    /// Its network is away: what it says and what it is told is lost.
    pub away: bool,
    pub locale: Option<String>,
    pub qr: super::linking::Screen,
}

impl Page {
    pub fn account(&self) -> Option<&str> {
        self.link.as_ref().map(|(account, _)| account.as_str())
    }

    fn watches(&self, chat: &str) -> bool {
        !self.away && self.visible && self.open.as_deref() == Some(chat) && self.focused.as_deref() == Some(chat)
    }
}

impl Inner {
    /// A socket came up; nothing is sent before its `hello`.
    pub fn connect(&mut self, outbox: Outbox) -> PageId {
        let id = self.next_page;
        self.next_page += 1;
        let page = Page {
            outbox,
            greeted: false,
            link: None,
            ready: false,
            live: true,
            open: None,
            focused: None,
            visible: true,
            away: false,
            locale: None,
            qr: super::linking::Screen::default(),
        };
        self.pages.insert(id, page);
        id
    }

    /// A socket went away.
    pub fn disconnect(&mut self, id: PageId) {
        self.pages.remove(&id);
        self.tell_phone(PhoneEvent::Devices);
    }

    /// Does what a frame asks; what makes no sense is dropped.
    pub fn receive(&mut self, id: PageId, frame: FromPage) {
        if self.pages.get(&id).is_some_and(|page| page.away) {
            return;
        }
        let done = match frame {
            FromPage::Hello { device, locale, visible } => self.hello(id, device, locale, visible),
            FromPage::ReloadQr => {
                self.start_batch(id);
                Ok(())
            }
            FromPage::OpenChat { chat } => self.open_chat(id, &chat),
            FromPage::LeaveChat => self.leave_chat(id),
            FromPage::Focus { chat, visible } => self.focus(id, chat, visible),
            FromPage::Send { chat, temp_id, text, attach, quotes } => {
                self.submit(id, &chat, Submission { temp_id, text, attach, quotes })
            }
            FromPage::Act { id: act, chat, key, what } => self.acted(id, act, &chat, &key, what),
            FromPage::Forward { id: act, chat, key, to } => self.forwarded(id, act, &chat, &key, to),
            FromPage::LoadOlder { chat, before_key, count, ask } => self.load_older(id, &chat, &before_key, count, ask),
            FromPage::Info { chat } => self.info(id, &chat),
            FromPage::Search { query } => self.search(id, query),
            FromPage::Resolve { phone } => self.resolve(id, phone),
            FromPage::LinkPhone { phone } => self.link_phone(id, &phone),
            FromPage::MarkUnread { chat, on } => self.mark_unread(id, &chat, on),
            FromPage::Typing { chat, on } => {
                if let Some((account, _)) = self.linked(id) {
                    self.tell_phone(PhoneEvent::Typing { account, chat, on });
                }
                Ok(())
            }
            FromPage::Play { chat, key } => self.played(id, &chat, &key),
            FromPage::Vote { chat, key, option } => self.voted(id, &chat, &key, option),
            FromPage::DialogClosed { id: dialog, button } => self.dialog_closed(id, dialog, button),
            FromPage::UseHere => self.use_here(id),
            FromPage::Logout => self.linked(id).map_or(Ok(()), |(_, device)| self.log_out(&device)),
            FromPage::Unknown => Ok(()),
        };
        if let Err(error) = done {
            tracing::warn!(page.id = id, error = %error, "a page's frame was not carried out");
        }
    }

    /// Account and device of a page that may act.
    pub(super) fn linked(&self, id: PageId) -> Option<(String, String)> {
        self.pages.get(&id).filter(|page| page.live && page.ready).and_then(|page| page.link.clone())
    }

    fn hello(
        &mut self,
        id: PageId,
        device: Option<DeviceKeys>,
        query: Option<String>,
        visible: bool,
    ) -> Result<(), SimError> {
        let known = device.as_ref().and_then(|keys| {
            let account = self.world.account_of_device(&keys.id, &keys.secret)?;
            let synced = account.devices.get(&keys.id).is_some_and(|device| device.synced);
            Some((account.id.clone(), keys.id.clone(), synced))
        });
        let Some(page) = self.pages.get_mut(&id) else { return Ok(()) };
        page.greeted = true;
        page.visible = visible;
        page.locale = query.filter(|text| !text.is_empty()).map(|text| locale::normalise(&text).to_owned());
        page.link = known.as_ref().map(|(account, device, _)| (account.clone(), device.clone()));
        self.push_config(id);
        match (device, known) {
            (None, _) => self.start_batch(id),
            (Some(_), None) => self.push(id, &ToPage::LoggedOut),
            (Some(_), Some((account, device, synced))) => {
                let act = Act { at: self.now(), device: Some(device.clone()), kind: ActKind::PageStarted };
                self.commit(vec![Change::Did { account, act }])?;
                self.take_over(id, &device);
                self.start_sync(id, synced);
                self.tell_phone(PhoneEvent::Devices);
            }
        }
        Ok(())
    }

    fn push_config(&self, id: PageId) {
        let Some(page) = self.pages.get(&id) else { return };
        let account = page.account().and_then(|account| self.world.accounts.get(account));
        let chosen = page.locale.as_deref().or(account.map(|account| account.locale.as_str()));
        let chosen = locale::normalise(chosen.unwrap_or(&self.locale));
        let config = ToPage::Config {
            locale: chosen.to_owned(),
            hour12: self
                .look
                .hour12
                .or(account.and_then(|account| account.hour12))
                .unwrap_or_else(|| locale::hour12(chosen)),
            generation: self.look.generation.clone(),
            speed: self.clock.speed(),
            own_name: account.map(|account| account.name.clone()),
            own_phone: account.map(|account| account.phone.clone()),
            time_zone: None,
            preview_share: self.look.preview_share,
            typing_bubble: self.look.typing_bubble,
            stranger_card: self.look.stranger_card,
        };
        self.push(id, &config);
    }

    /// Makes this page the live one of its device; others are told.
    fn take_over(&mut self, id: PageId, device: &str) {
        let same = |page: &Page| page.live && page.link.as_ref().is_some_and(|(_, linked)| linked == device);
        let others: Vec<PageId> =
            self.pages.iter().filter(|(other, page)| **other != id && same(page)).map(|(other, _)| *other).collect();
        for other in others {
            if let Some(page) = self.pages.get_mut(&other) {
                page.live = false;
                page.open = None;
                page.focused = None;
            }
            self.push(other, &ToPage::AnotherSession);
        }
        if let Some(page) = self.pages.get_mut(&id) {
            page.live = true;
        }
    }

    fn use_here(&mut self, id: PageId) -> Result<(), SimError> {
        let Some((account, device)) = self.pages.get(&id).and_then(|page| page.link.clone()) else { return Ok(()) };
        let act = Act { at: self.now(), device: Some(device.clone()), kind: ActKind::UsedHere };
        self.commit(vec![Change::Did { account, act }])?;
        self.take_over(id, &device);
        self.push_ready(id);
        Ok(())
    }

    /// Percentages the sync bar stops at, the first time.
    pub(super) const FIRST_SYNC: [u8; 12] = [0, 6, 14, 23, 35, 46, 58, 67, 79, 88, 96, 100];
    const LATER_SYNC: [u8; 3] = [0, 60, 100];

    fn start_sync(&mut self, id: PageId, synced: bool) {
        let skip = if synced { Self::FIRST_SYNC.len() } else { 0 };
        self.later(0.0, Task::Sync { page: id, step: skip });
    }

    /// Steps 0.. are the long first sync; those behind it are the short one of later starts.
    pub(super) fn sync_step(&mut self, id: PageId, step: usize) {
        let (percent, pause, end) = match Self::FIRST_SYNC.get(step) {
            Some(percent) => (*percent, 300.0, step + 1 == Self::FIRST_SYNC.len()),
            None => match Self::LATER_SYNC.get(step - Self::FIRST_SYNC.len()) {
                Some(percent) => (*percent, 200.0, *percent == 100),
                None => return,
            },
        };
        let linked = self.pages.get(&id).and_then(|page| page.link.clone());
        let Some((account, device)) = linked else { return };
        let percent = self.trouble.sync_stuck_at.map_or(percent, |stop| percent.min(stop));
        self.push(id, &ToPage::Sync { percent });
        if self.trouble.sync_stuck_at == Some(percent) {
            return;
        }
        if !end {
            self.later(pause, Task::Sync { page: id, step: step + 1 });
            return;
        }
        let unsynced = self.world.accounts.get(&account).and_then(|account| account.devices.get(&device));
        if unsynced.is_some_and(|device| !device.synced)
            && let Err(error) = self.commit(vec![Change::DeviceSynced { account, device }])
        {
            tracing::error!(error = %error, "the end of a sync was not written");
        }
        self.push_ready(id);
    }

    fn push_ready(&mut self, id: PageId) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        page.ready = true;
        page.open = None;
        page.focused = None;
        let Some(account) = page.account().and_then(|account| self.world.accounts.get(account)) else { return };
        let mut chats: Vec<ChatRow> = account.chats.values().map(ChatRow::of).collect();
        chats.sort_by(|a, b| (b.pinned, b.last_at).cmp(&(a.pinned, a.last_at)).then_with(|| a.id.cmp(&b.id)));
        let ready = ToPage::Ready { chats, own_name: account.name.clone(), own_phone: account.phone.clone() };
        self.push(id, &ready);
    }

    fn open_chat(&mut self, id: PageId, chat_id: &str) -> Result<(), SimError> {
        let (account_id, device) = self.linked(id).ok_or(SimError::Refused("the page is not linked"))?;
        let account = self.world.accounts.get(&account_id).ok_or(SimError::NotFound("account"))?;
        let chat = account.chats.get(chat_id).ok_or(SimError::NotFound("chat"))?;
        let start = chat.messages.len().saturating_sub(OPEN_COUNT.max(chat.unread as usize + 10));
        let reply = ToPage::Messages {
            chat: chat.id.clone(),
            messages: shown(account, chat, start..chat.messages.len()),
            at_start: start == 0,
            reason: Reason::Open,
            unread: chat.unread,
            on_phone: false,
        };
        let presence = match (chat.kind, chat.reach) {
            (ChatKind::Contact, Reach::Online) => (Presence::Online, None),
            (ChatKind::Contact, _) => (Presence::LastSeen, Some(chat.last_at())),
            _ => (Presence::None, None),
        };
        let act = Act { at: self.now(), device: Some(device), kind: ActKind::ChatOpened { chat: chat_id.to_owned() } };
        self.commit(vec![Change::Did { account: account_id.clone(), act }])?;
        let delay = self.chance.between(30, 90);
        #[expect(clippy::cast_precision_loss, reason = "a delay below a second")]
        if !self.trouble.rows_never_load {
            self.push_after(id, &reply, delay as f64);
        }
        self.push_pins(&account_id, chat_id, Some(id));
        let Some(page) = self.pages.get_mut(&id) else { return Ok(()) };
        page.open = Some(chat_id.to_owned());
        let visible = page.visible;
        self.push(id, &ToPage::Presence { chat: chat_id.to_owned(), state: presence.0, at: presence.1 });
        if visible { self.see_all(id, chat_id) } else { Ok(()) }
    }

    fn leave_chat(&mut self, id: PageId) -> Result<(), SimError> {
        let Some((account, device)) = self.linked(id) else { return Ok(()) };
        let Some(page) = self.pages.get_mut(&id) else { return Ok(()) };
        page.focused = None;
        let Some(chat) = page.open.take() else { return Ok(()) };
        let act = Act { at: self.now(), device: Some(device), kind: ActKind::ChatLeft { chat } };
        self.commit(vec![Change::Did { account, act }])
    }

    fn focus(&mut self, id: PageId, chat: Option<String>, visible: bool) -> Result<(), SimError> {
        let Some(page) = self.pages.get_mut(&id) else { return Ok(()) };
        page.visible = visible;
        page.focused = chat;
        let watched = page.open.clone().filter(|open| page.watches(open));
        match watched {
            Some(chat) if self.linked(id).is_some() => self.see_all(id, &chat),
            _ => Ok(()),
        }
    }

    /// The device of a live page that shows this chat to somebody.
    pub(super) fn watcher(&self, account: &str, chat: &str) -> Option<String> {
        let mut pages = self.pages.values().filter(|page| page.ready && page.live && page.account() == Some(account));
        pages.find(|page| page.watches(chat)).and_then(|page| page.link.clone()).map(|(_, device)| device)
    }

    /// Marks everything in a chat as seen by the page's device.
    fn see_all(&mut self, id: PageId, chat: &str) -> Result<(), SimError> {
        let Some((account, device)) = self.linked(id) else { return Ok(()) };
        self.see(&account, chat, Some(device))
    }

    fn submit(&mut self, id: PageId, chat: &str, submission: Submission) -> Result<(), SimError> {
        let Submission { temp_id, text, attach, quotes } = submission;
        let (account, device) = self.linked(id).ok_or(SimError::Refused("the page is not linked"))?;
        if (attach.is_none() && text.trim().is_empty()) || text.chars().count() > TEXT_MOST {
            return Err(SimError::Refused("the text is empty or too long"));
        }
        let sender = Sender { page: id, account, device };
        let (body, file) = match attach {
            Some(attach) => self.attached(attach, text).map(|(body, hash)| (body, Some(hash)))?,
            None => (Body::words(text), None),
        };
        self.submitted(&sender, chat, Written { temp_id, body, file, quotes })
    }

    fn load_older(&mut self, id: PageId, chat_id: &str, before: &str, count: usize, ask: bool) -> Result<(), SimError> {
        let (account, _) = self.linked(id).ok_or(SimError::Refused("the page is not linked"))?;
        let account = self.world.accounts.get(&account).ok_or(SimError::NotFound("account"))?;
        let chat = account.chats.get(chat_id).ok_or(SimError::NotFound("chat"))?;
        if ask && self.trouble.older_refused {
            self.push(id, &ToPage::OlderRefused { chat: chat.id.clone() });
            return Ok(());
        }
        let on_phone = self.trouble.older_on_phone && !ask;
        let end = chat.position(before).unwrap_or(0);
        let start = if on_phone { end } else { end.saturating_sub(count.clamp(1, OLDER_MOST)) };
        let reply = ToPage::Messages {
            chat: chat.id.clone(),
            messages: shown(account, chat, start..end),
            at_start: start == 0,
            reason: Reason::Older,
            unread: 0,
            on_phone: on_phone && end > 0,
        };
        let delay = self.chance.between(250, 500);
        #[expect(clippy::cast_precision_loss, reason = "a delay below a second")]
        self.push_after(id, &reply, delay as f64);
        Ok(())
    }

    fn mark_unread(&mut self, id: PageId, chat: &str, on: bool) -> Result<(), SimError> {
        let (account, _) = self.linked(id).ok_or(SimError::Refused("the page is not linked"))?;
        self.happens_to_chat(&account, chat, ToChat::MarkUnread { on })
    }
}

/// The rows of a part of a conversation, without what its owner deleted for themselves.
fn shown(account: &Account, chat: &Chat, part: Range<usize>) -> Vec<Msg> {
    let left = chat.messages[part].iter().filter(|message| message.later.removed.is_none());
    left.map(|message| Msg::of(account, chat, message)).collect()
}
