//! What the fake holds and says: screen, chats, the open conversation and the events about them.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use queunir_core::{
    act::Wish,
    chat::ChatKind,
    contact::Member,
    link::PageState,
    message::{Direction, MessageKind},
    phone::PhoneNumber,
    text::clean_name,
};
use tokio::sync::{Notify, mpsc};

use super::{AfterPress, FakeFile, FakePage, FakePhone, OnAct};
use crate::{
    page::normalise::phone,
    page_api::{ByNumber, ChatTarget, MediaError, PageError, PageEvent},
    seen::{Captured, RowPicture, SeenChat, SeenConversation, SeenList, SeenMessage, SeenPanel, SeenState},
};

/// One chat of the fake with its whole history.
#[derive(Clone, Debug)]
pub(super) struct FakeChat {
    pub(super) row: SeenChat,
    pub(super) messages: Vec<SeenMessage>,
    /// How many of the newest messages are drawn when the chat is opened.
    pub(super) drawn_from: usize,
    /// How many of the oldest are on the phone alone.
    pub(super) on_phone: usize,
    /// Whether the list has it.
    pub(super) listed: bool,
}

pub(super) struct State {
    pub(super) screen: SeenState,
    pub(super) chats: Vec<FakeChat>,
    pub(super) open: Option<String>,
    pub(super) composer: String,
    pub(super) after_press: AfterPress,
    pub(super) next_errors: Vec<PageError>,
    /// By title, what opening a chat gets.
    pub(super) refused: HashMap<String, PageError>,
    pub(super) next_press_errors: Vec<PageError>,
    pub(super) opened: Vec<String>,
    pub(super) sent: Vec<(String, String)>,
    pub(super) sent_files: Vec<(String, Vec<u8>)>,
    pub(super) presses: usize,
    pub(super) next_key: u64,
    pub(super) now: Timestamp,
    pub(super) events: Option<mpsc::UnboundedSender<PageEvent>>,
    pub(super) closed: bool,
    pub(super) files: HashMap<(String, u32), Result<FakeFile, MediaError>>,
    pub(super) files_asked: usize,
    pub(super) numbers: Vec<String>,
    /// What a number's address leads to: a chat's title, or an error.
    pub(super) addresses: HashMap<String, Result<String, PageError>>,
    /// Every number whose address was loaded, in order.
    pub(super) loaded: Vec<String>,
    pub(super) reloads: usize,
    /// By key, texts of which a row shows only the beginning.
    pub(super) folded: HashMap<String, String>,
    pub(super) unfolds: usize,
    pub(super) used_here: usize,
    /// By title, what the info panel says, or the error that asking for it gets.
    pub(super) panels: HashMap<String, Result<SeenPanel, PageError>>,
    pub(super) panels_read: Vec<String>,
    /// By title, what the dialog with all members of a group says, or the error that asking for it gets.
    pub(super) all_members: HashMap<String, Result<Vec<Member>, PageError>>,
    /// By title, what a chat's picture looks like; `None` while it is not in view.
    pub(super) pictures: HashMap<String, Option<Captured>>,
    pub(super) pictures_asked: Vec<String>,
    pub(super) on_act: OnAct,
    pub(super) acts: Vec<(String, String, Wish)>,
    pub(super) own_reactions: HashMap<String, String>,
    pub(super) phone: FakePhone,
    /// How many rows above and below the place that is looked at are drawn.
    pub(super) reach: usize,
    /// What older messages wait for after they are shown and told, before the job answers.
    pub(super) older_gate: Option<Arc<Notify>>,
    /// The row that is looked at, by its place in the whole history.
    pub(super) view: usize,
}

impl FakePage {
    /// What the dialog with all members of a group says from now on; an error is what asking for it gets.
    pub fn put_all_members(&self, title: &str, members: Result<Vec<Member>, PageError>) {
        self.lock().all_members.insert(clean_name(title), members);
    }
}

impl State {
    /// The start screen, without chats.
    pub(super) fn new(events: mpsc::UnboundedSender<PageEvent>) -> Self {
        Self {
            screen: SeenState::plain(PageState::Starting),
            chats: Vec::new(),
            open: None,
            composer: String::new(),
            after_press: AfterPress::Bubble,
            next_errors: Vec::new(),
            refused: HashMap::new(),
            next_press_errors: Vec::new(),
            opened: Vec::new(),
            sent: Vec::new(),
            sent_files: Vec::new(),
            presses: 0,
            next_key: 1,
            now: Timestamp::from_second(1_795_262_400).unwrap_or(Timestamp::UNIX_EPOCH),
            events: Some(events),
            closed: false,
            files: HashMap::new(),
            files_asked: 0,
            numbers: Vec::new(),
            addresses: HashMap::new(),
            loaded: Vec::new(),
            reloads: 0,
            folded: HashMap::new(),
            unfolds: 0,
            used_here: 0,
            panels: HashMap::new(),
            panels_read: Vec::new(),
            all_members: HashMap::new(),
            pictures: HashMap::new(),
            pictures_asked: Vec::new(),
            on_act: OnAct::Do,
            acts: Vec::new(),
            own_reactions: HashMap::new(),
            phone: FakePhone::Gives,
            reach: usize::MAX,
            older_gate: None,
            view: 0,
        }
    }

    pub(super) fn emit(&mut self, event: PageEvent) {
        if let Some(events) = &self.events {
            let _unheard = events.send(event);
        }
    }

    pub(super) fn emit_state(&mut self) {
        let screen = self.screen.clone();
        self.emit(PageEvent::State(screen));
    }

    pub(super) fn list(&self) -> SeenList {
        let rows = self.listed(false);
        SeenList { total: u32::try_from(rows.len()).ok(), rows, complete: true, document: "fake".into() }
    }

    fn listed(&self, archived: bool) -> Vec<SeenChat> {
        let kept = self.chats.iter().filter(|chat| chat.listed && chat.row.archived == archived);
        kept.map(|chat| chat.row.clone()).collect()
    }

    /// The drawer of archived chats.
    pub(super) fn archive(&self) -> SeenList {
        let rows = self.listed(true);
        SeenList { total: u32::try_from(rows.len()).ok(), rows, complete: true, document: "fake".into() }
    }

    pub(super) fn emit_list(&mut self) {
        if self.screen.state == PageState::Linked {
            let list = self.list();
            self.emit(PageEvent::List(list));
        }
    }

    pub(super) fn emit_conversation(&mut self) {
        if let Some(conversation) = self.conversation() {
            self.emit(PageEvent::Conversation(conversation));
        }
    }

    pub(super) fn conversation(&self) -> Option<SeenConversation> {
        let title = self.open.as_deref()?;
        let chat = self.chats.iter().find(|c| c.row.title == title)?;
        let mut messages = chat.messages.get(chat.drawn_from..).unwrap_or_default().to_vec();
        for (place, message) in messages.iter_mut().enumerate() {
            message.drawn &= self.view.abs_diff(chat.drawn_from + place) <= self.reach;
        }
        Some(SeenConversation {
            title: chat.row.title.clone(),
            phone: chat.row.phone.clone(),
            address: None,
            subtitle: None,
            kind: chat.row.kind,
            messages,
            at_start: chat.drawn_from == 0,
            at_end: true,
            offline: self.screen.state == PageState::Offline,
            writable: true,
        })
    }

    pub(super) fn chat_mut(&mut self, title: &str) -> Option<&mut FakeChat> {
        let title = clean_name(title);
        self.chats.iter_mut().find(|c| c.row.title == title)
    }

    pub(super) fn unfold(&mut self, title: &str) {
        self.unfolds += 1;
        let folded = self.folded.clone();
        let Some(chat) = self.chat_mut(title) else { return };
        for message in &mut chat.messages {
            if let Some(whole) = folded.get(&message.key).filter(|_| message.cut) {
                (message.text, message.cut) = (whole.clone(), false);
            }
        }
    }

    pub(super) fn new_key(&mut self) -> String {
        let key = format!("3EB0{:016X}", self.next_key);
        self.next_key += 1;
        key
    }

    pub(super) fn append(&mut self, title: &str, message: SeenMessage) {
        let open = self.open.as_deref() == Some(clean_name(title).as_str());
        let Some(index) = self.chats.iter().position(|c| c.row.title == clean_name(title)) else { return };
        let mut chat = self.chats.remove(index);
        chat.row.preview = Some(message.text.clone());
        chat.row.preview_from_me = message.direction == Direction::Out;
        chat.row.preview_ack = message.ack;
        chat.row.time = message.sent_at;
        chat.row.unread = match message.direction {
            Direction::In if !open => chat.row.unread.saturating_add(1),
            Direction::In => chat.row.unread,
            _ => 0,
        };
        chat.messages.push(message);
        chat.listed = true;
        self.chats.insert(0, chat);
        for (position, chat) in self.chats.iter_mut().enumerate() {
            chat.row.position = u32::try_from(position).unwrap_or(u32::MAX);
        }
        if open {
            self.emit_conversation();
        }
        self.emit_list();
    }

    pub(super) fn die(&mut self, reason: &str) {
        self.emit(PageEvent::Gone { reason: reason.to_owned() });
        self.events = None;
        self.closed = true;
    }

    /// Loads the address of each form of a number until one leads to a chat.
    pub(super) fn open_number(&mut self, number: &PhoneNumber, page_size: usize) -> Result<ByNumber, PageError> {
        if self.screen.state != PageState::Linked {
            return Err(PageError::NotLinked);
        }
        for form in number.forms() {
            self.loaded.push(form.as_str().to_owned());
            self.open = None;
            let Some(title) = self.addresses.get(form.as_str()).cloned().transpose()? else { continue };
            if self.chat_mut(&title).is_none() {
                let mut row = blank_row(&title, ChatKind::Contact, 0);
                row.phone = phone(&title);
                self.chats.push(FakeChat { row, messages: Vec::new(), drawn_from: 0, on_phone: 0, listed: false });
            }
            let target = ChatTarget { title, phone: None, unlisted: true, archived: false };
            let seen = self.open(&target, page_size)?;
            let number = seen.phone.clone().unwrap_or_else(|| form.as_str().to_owned());
            return Ok(ByNumber { number, seen });
        }
        Err(PageError::NotOnWhatsApp)
    }

    pub(super) fn open(&mut self, target: &ChatTarget, page_size: usize) -> Result<SeenConversation, PageError> {
        if !matches!(self.screen.state, PageState::Linked | PageState::Offline) {
            return Err(PageError::NotLinked);
        }
        let title = clean_name(&target.title);
        if let Some(error) = self.refused.get(&title) {
            return Err(error.clone());
        }
        let open = self.open.as_deref() == Some(title.as_str());
        let there = |c: &&FakeChat| c.row.title == title && (c.listed || open || target.unlisted);
        match self.chats.iter().filter(there).count() {
            0 => return Err(PageError::ChatNotFound),
            1 => {}
            _ => return Err(PageError::Ambiguous),
        }
        if self.open.as_deref() != Some(title.as_str()) {
            self.opened.push(title.clone());
            self.open = Some(title.clone());
            if let Some(chat) = self.chat_mut(&title) {
                chat.drawn_from = chat.messages.len().saturating_sub(page_size).max(chat.on_phone);
                let newest = chat.messages.len().saturating_sub(1);
                self.view = newest;
            }
        }
        if let Some(chat) = self.chat_mut(&title) {
            chat.row.unread = 0;
            chat.row.marked_unread = false;
        }
        self.emit_list();
        self.emit_conversation();
        self.conversation().ok_or(PageError::WrongChat)
    }
}

pub(super) fn blank_row(title: &str, kind: ChatKind, position: u32) -> SeenChat {
    SeenChat {
        title: clean_name(title),
        phone: None,
        kind,
        preview: None,
        preview_from_me: false,
        preview_sender: None,
        preview_kind: MessageKind::Text,
        preview_ack: None,
        unread: 0,
        marked_unread: false,
        pinned: false,
        muted: false,
        archived: false,
        typing: false,
        time_text: String::new(),
        time: None,
        position,
        picture: RowPicture::Unknown,
        look: 0,
    }
}
