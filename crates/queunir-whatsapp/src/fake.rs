//! A page in memory for the tests of those who use one: chats, messages and the ways in which a press can go wrong.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use queunir_core::{
    chat::ChatKind,
    link::PageState,
    message::{Ack, Direction, MessageKind},
    text::{clean_name, comparable_body},
};
use tokio::sync::{OwnedMutexGuard, mpsc};

use crate::{
    page_api::{ChatTarget, Page, PageError, PageEvent, Pressed, Priority, SendTicket},
    seen::{SeenChat, SeenConversation, SeenList, SeenMessage, SeenState},
};

/// What the fake does when the send key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterPress {
    /// The message is sent and its bubble is seen.
    Bubble,
    /// The message is sent, its bubble appears, but the driver does not see it in time: `NotSeen`.
    LoseBubble,
    /// Nothing is sent and nothing is seen: `NotSeen`.
    Swallow,
    /// The message is sent and the page dies before it can be seen: `NotSeen`, then `Gone`.
    DieAfter,
    /// The key is not pressed: `WrongChat`.
    WrongChat,
}

/// One chat of the fake with its whole history.
#[derive(Clone, Debug)]
struct FakeChat {
    row: SeenChat,
    messages: Vec<SeenMessage>,
    /// How many of the newest messages are drawn when the chat is opened.
    drawn_from: usize,
}

struct State {
    screen: SeenState,
    chats: Vec<FakeChat>,
    open: Option<String>,
    composer: String,
    after_press: AfterPress,
    next_errors: Vec<PageError>,
    opened: Vec<String>,
    sent: Vec<(String, String)>,
    presses: usize,
    next_key: u64,
    now: Timestamp,
    events: Option<mpsc::UnboundedSender<PageEvent>>,
    closed: bool,
}

/// A scripted [`Page`]; hold on to the `Arc` to steer it while the code under test uses it as `dyn Page`.
pub struct FakePage {
    state: Mutex<State>,
    driver: Arc<tokio::sync::Mutex<()>>,
    me: std::sync::Weak<FakePage>,
    page_size: usize,
}

impl FakePage {
    /// A page on its start screen, and the channel of its events.
    #[must_use]
    pub fn new() -> (Arc<Self>, mpsc::Receiver<PageEvent>) {
        let (sender, mut queue) = mpsc::unbounded_channel();
        let (out, events) = mpsc::channel(1024);
        let _forwarder = tokio::spawn(async move {
            while let Some(event) = queue.recv().await {
                if out.send(event).await.is_err() {
                    return;
                }
            }
        });
        let page = Arc::new_cyclic(|me| Self {
            state: Mutex::new(State {
                screen: SeenState { state: PageState::Starting, qr: None, sync_percent: None, phone: None },
                chats: Vec::new(),
                open: None,
                composer: String::new(),
                after_press: AfterPress::Bubble,
                next_errors: Vec::new(),
                opened: Vec::new(),
                sent: Vec::new(),
                presses: 0,
                next_key: 1,
                now: Timestamp::from_second(1_795_262_400).unwrap_or(Timestamp::UNIX_EPOCH),
                events: Some(sender),
                closed: false,
            }),
            driver: Arc::new(tokio::sync::Mutex::new(())),
            me: me.clone(),
            page_size: 20,
        });
        (page, events)
    }

    /// Shows a screen and reports it.
    pub fn show(&self, state: PageState, qr: Option<&str>, sync_percent: Option<u8>) {
        let mut now = self.lock();
        let phone = now.screen.phone.clone();
        now.screen = SeenState { state, qr: qr.map(str::to_owned), sync_percent, phone };
        now.emit_state();
    }

    /// Becomes linked under a number and reports the state and the list.
    pub fn link(&self, phone: &str) {
        let mut now = self.lock();
        now.screen =
            SeenState { state: PageState::Linked, qr: None, sync_percent: None, phone: Some(phone.to_owned()) };
        now.emit_state();
        now.emit_list();
    }

    /// Adds an empty chat at the end of the list; two may have the same title.
    pub fn add_chat(&self, title: &str, kind: ChatKind) {
        let mut now = self.lock();
        let position = u32::try_from(now.chats.len()).unwrap_or(u32::MAX);
        now.chats.push(FakeChat { row: blank_row(title, kind, position), messages: Vec::new(), drawn_from: 0 });
        now.emit_list();
    }

    /// Changes a chat's list row and reports the list.
    pub fn change_row(&self, title: &str, change: impl FnOnce(&mut SeenChat)) {
        let mut now = self.lock();
        if let Some(chat) = now.chat_mut(title) {
            change(&mut chat.row);
        }
        now.emit_list();
    }

    /// A message from the other side arrives; returns its key.
    pub fn receive(&self, title: &str, text: &str, at: Timestamp) -> String {
        self.put(title, Direction::In, text, at, None)
    }

    /// A message sent from the phone appears; returns its key.
    pub fn sent_elsewhere(&self, title: &str, text: &str, at: Timestamp) -> String {
        self.put(title, Direction::Out, text, at, Some(Ack::Sent))
    }

    /// Adds a message to a chat's history without any event, as if it had been there before.
    pub fn history(&self, title: &str, message: SeenMessage) {
        if let Some(chat) = self.lock().chat_mut(title) {
            chat.messages.push(message);
        }
    }

    /// Changes one message and reports the conversation if it is open.
    pub fn change_message(&self, title: &str, key: &str, change: impl FnOnce(&mut SeenMessage)) {
        let mut now = self.lock();
        if let Some(message) = now.chat_mut(title).and_then(|chat| chat.messages.iter_mut().find(|m| m.key == key)) {
            change(message);
        }
        now.emit_conversation();
        now.emit_list();
    }

    /// Sets the time that the bubbles of pressed messages carry; it does not run by itself.
    pub fn set_now(&self, now: Timestamp) {
        self.lock().now = now;
    }

    /// What the following presses do.
    pub fn after_press(&self, what: AfterPress) {
        self.lock().after_press = what;
    }

    /// The next job fails with this error; may be called several times.
    pub fn fail_next(&self, error: PageError) {
        self.lock().next_errors.push(error);
    }

    /// Reports any event.
    pub fn emit(&self, event: PageEvent) {
        self.lock().emit(event);
    }

    /// Ends the browser: `Gone`, then the channel closes and every job fails.
    pub fn die(&self, reason: &str) {
        self.lock().die(reason);
    }

    /// Everything that was truly sent: chat and text.
    #[must_use]
    pub fn sent(&self) -> Vec<(String, String)> {
        self.lock().sent.clone()
    }

    /// How often the send key was pressed.
    #[must_use]
    pub fn presses(&self) -> usize {
        self.lock().presses
    }

    /// Every chat that was opened, in order (read receipts).
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        self.lock().opened.clone()
    }

    /// The chat that is open now.
    #[must_use]
    pub fn open_title(&self) -> Option<String> {
        self.lock().open.clone()
    }

    /// What stands in the composer now.
    #[must_use]
    pub fn composer(&self) -> String {
        self.lock().composer.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, title: &str, direction: Direction, text: &str, at: Timestamp, ack: Option<Ack>) -> String {
        let mut now = self.lock();
        let key = now.new_key();
        now.append(title, message(&key, direction, text, Some(at), ack));
        key
    }

    /// What every job does first.
    fn begin(&self) -> Result<MutexGuard<'_, State>, PageError> {
        let mut now = self.lock();
        if now.closed {
            return Err(PageError::Gone);
        }
        if !now.next_errors.is_empty() {
            return Err(now.next_errors.remove(0));
        }
        Ok(now)
    }

    async fn turn(&self, deadline: Duration) -> Result<OwnedMutexGuard<()>, PageError> {
        tokio::time::timeout(deadline, self.driver.clone().lock_owned()).await.map_err(|_| PageError::Deadline)
    }
}

impl State {
    fn emit(&mut self, event: PageEvent) {
        if let Some(events) = &self.events {
            let _unheard = events.send(event);
        }
    }

    fn emit_state(&mut self) {
        let screen = self.screen.clone();
        self.emit(PageEvent::State(screen));
    }

    fn list(&self) -> SeenList {
        let rows: Vec<SeenChat> = self.chats.iter().map(|c| c.row.clone()).collect();
        SeenList { total: u32::try_from(rows.len()).ok(), rows, complete: true }
    }

    fn emit_list(&mut self) {
        if self.screen.state == PageState::Linked {
            let list = self.list();
            self.emit(PageEvent::List(list));
        }
    }

    fn emit_conversation(&mut self) {
        if let Some(conversation) = self.conversation() {
            self.emit(PageEvent::Conversation(conversation));
        }
    }

    fn conversation(&self) -> Option<SeenConversation> {
        let title = self.open.as_deref()?;
        let chat = self.chats.iter().find(|c| c.row.title == title)?;
        Some(SeenConversation {
            title: chat.row.title.clone(),
            phone: chat.row.phone.clone(),
            subtitle: None,
            kind: chat.row.kind,
            messages: chat.messages.get(chat.drawn_from..).unwrap_or_default().to_vec(),
            at_start: chat.drawn_from == 0,
            at_end: true,
            offline: self.screen.state == PageState::Offline,
            writable: true,
        })
    }

    fn chat_mut(&mut self, title: &str) -> Option<&mut FakeChat> {
        let title = clean_name(title);
        self.chats.iter_mut().find(|c| c.row.title == title)
    }

    fn new_key(&mut self) -> String {
        let key = format!("3EB0{:016X}", self.next_key);
        self.next_key += 1;
        key
    }

    fn append(&mut self, title: &str, message: SeenMessage) {
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
        self.chats.insert(0, chat);
        for (position, chat) in self.chats.iter_mut().enumerate() {
            chat.row.position = u32::try_from(position).unwrap_or(u32::MAX);
        }
        if open {
            self.emit_conversation();
        }
        self.emit_list();
    }

    fn die(&mut self, reason: &str) {
        self.emit(PageEvent::Gone { reason: reason.to_owned() });
        self.events = None;
        self.closed = true;
    }

    fn open(&mut self, target: &ChatTarget, page_size: usize) -> Result<SeenConversation, PageError> {
        if !matches!(self.screen.state, PageState::Linked | PageState::Offline) {
            return Err(PageError::NotLinked);
        }
        let title = clean_name(&target.title);
        match self.chats.iter().filter(|c| c.row.title == title).count() {
            0 => return Err(PageError::ChatNotFound),
            1 => {}
            _ => return Err(PageError::Ambiguous),
        }
        if self.open.as_deref() != Some(title.as_str()) {
            self.opened.push(title.clone());
            self.open = Some(title.clone());
            if let Some(chat) = self.chat_mut(&title) {
                chat.drawn_from = chat.messages.len().saturating_sub(page_size);
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

/// A drawn text message for scripts and tests.
#[must_use]
pub fn message(
    key: &str,
    direction: Direction,
    text: &str,
    sent_at: Option<Timestamp>,
    ack: Option<Ack>,
) -> SeenMessage {
    SeenMessage {
        key: key.to_owned(),
        drawn: true,
        direction,
        sender: None,
        kind: MessageKind::Text,
        text: text.to_owned(),
        cut: false,
        sent_at,
        sent_at_certain: sent_at.is_some(),
        ack,
        failed: false,
        quoted: None,
        edited: false,
        forwarded: false,
    }
}

fn blank_row(title: &str, kind: ChatKind, position: u32) -> SeenChat {
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
    }
}

struct FakeTicket {
    page: Arc<FakePage>,
    title: String,
    text: String,
    anchor: Option<String>,
    _driver: OwnedMutexGuard<()>,
}

impl Drop for FakeTicket {
    fn drop(&mut self) {
        self.page.lock().composer.clear();
    }
}

#[async_trait]
impl SendTicket for FakeTicket {
    fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    async fn press(self: Box<Self>, _wait: Duration) -> Result<Pressed, PageError> {
        let mut now = self.page.begin()?;
        let what = now.after_press;
        if what == AfterPress::WrongChat {
            return Err(PageError::WrongChat);
        }
        now.presses += 1;
        now.composer.clear();
        if what == AfterPress::Swallow {
            return Ok(Pressed::NotSeen);
        }
        now.sent.push((self.title.clone(), self.text.clone()));
        let key = now.new_key();
        let bubble = message(&key, Direction::Out, &comparable_body(&self.text), Some(now.now), Some(Ack::Sent));
        now.append(&self.title, bubble.clone());
        match what {
            AfterPress::Bubble => Ok(Pressed::Bubble(bubble)),
            AfterPress::DieAfter => {
                now.die("scripted");
                Ok(Pressed::NotSeen)
            }
            _ => Ok(Pressed::NotSeen),
        }
    }
}

#[async_trait]
impl Page for FakePage {
    async fn open_chat(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        self.begin()?.open(target, self.page_size)
    }

    async fn leave_chat(&self) -> Result<(), PageError> {
        let _turn = self.turn(Duration::from_secs(10)).await?;
        self.begin()?.open = None;
        Ok(())
    }

    async fn load_older(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        let mut now = self.begin()?;
        let title = clean_name(&target.title);
        if now.open.as_deref() != Some(title.as_str()) {
            return Err(PageError::WrongChat);
        }
        if let Some(chat) = now.chat_mut(&title) {
            chat.drawn_from = chat.drawn_from.saturating_sub(self.page_size);
        }
        now.emit_conversation();
        now.conversation().ok_or(PageError::WrongChat)
    }

    async fn walk_list(&self, _priority: Priority, deadline: Duration) -> Result<SeenList, PageError> {
        let _turn = self.turn(deadline).await?;
        let now = self.begin()?;
        if matches!(now.screen.state, PageState::Linked | PageState::Offline) {
            Ok(now.list())
        } else {
            Err(PageError::NotLinked)
        }
    }

    async fn compose(
        &self,
        target: &ChatTarget,
        text: &str,
        _typing: Duration,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, PageError> {
        let turn = self.turn(deadline).await?;
        let anchor = {
            let mut now = self.begin()?;
            let conversation = now.open(target, self.page_size)?;
            now.composer = text.to_owned();
            conversation.messages.last().map(|m| m.key.clone())
        };
        let page = self.me.upgrade().ok_or(PageError::Gone)?;
        Ok(Box::new(FakeTicket {
            page,
            title: clean_name(&target.title),
            text: text.to_owned(),
            anchor,
            _driver: turn,
        }))
    }

    async fn reload_qr(&self) -> Result<(), PageError> {
        let mut now = self.begin()?;
        if now.screen.state != PageState::QrTimeout {
            return Err(PageError::Unexpected("no reload button".into()));
        }
        now.screen.state = PageState::Qr;
        now.screen.qr = Some("2@fake-again,a,b,c,1".into());
        now.emit_state();
        Ok(())
    }

    async fn close(&self) {
        let mut now = self.lock();
        if !now.closed {
            now.die("closed");
        }
    }
}
