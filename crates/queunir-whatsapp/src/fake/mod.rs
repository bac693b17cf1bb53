//! A page in memory for the tests of those who use one: chats, messages and the ways in which a press can go wrong.

mod acts;
mod page;
mod state;
mod tickets;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use queunir_core::{
    chat::ChatKind,
    link::PageState,
    message::{Ack, Direction, MessageKind},
    text::clean_name,
};
use tokio::sync::{OwnedMutexGuard, mpsc};

use self::state::{FakeChat, State, blank_row};
pub use self::{
    acts::OnAct,
    tickets::{AfterPress, FakeFile},
};
use crate::{
    page_api::{MediaError, PageError, PageEvent},
    seen::{Captured, RowPicture, SeenChat, SeenMessage, SeenPanel, SeenState},
};

/// What the fake's phone does when it is asked for older messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FakePhone {
    /// It gives all of them.
    Gives,
    /// It does not answer.
    Silent,
    /// Its owner has to permit it there.
    Refuses,
}

/// A scripted [`Page`](crate::Page); hold on to the `Arc` to steer it while the code under test uses it as `dyn Page`.
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
        #[expect(clippy::disallowed_methods, reason = "ends when the page or the listener is dropped")]
        let _forwarder = tokio::spawn(async move {
            while let Some(event) = queue.recv().await {
                if out.send(event).await.is_err() {
                    return;
                }
            }
        });
        let page = Arc::new_cyclic(|me| Self {
            state: Mutex::new(State::new(sender)),
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
        now.screen = SeenState { qr: qr.map(str::to_owned), sync_percent, phone, ..SeenState::plain(state) };
        now.emit_state();
    }

    /// Shows the characters to type on the phone and reports them.
    pub fn show_link_code(&self, code: &str) {
        let mut now = self.lock();
        now.screen = SeenState { link_code: Some(code.to_owned()), ..SeenState::plain(PageState::Pairing) };
        now.emit_state();
    }

    /// Becomes linked under a number and reports the state and the list.
    pub fn link(&self, phone: &str) {
        let mut now = self.lock();
        now.screen = SeenState { phone: Some(phone.to_owned()), ..SeenState::plain(PageState::Linked) };
        now.emit_state();
        now.emit_list();
    }

    /// Becomes linked without a row that shows the number.
    pub fn link_unseen(&self) {
        let mut now = self.lock();
        now.screen = SeenState::plain(PageState::Linked);
        now.emit_state();
        now.emit_list();
    }

    /// Adds an empty chat at the end of the list; two may have the same title.
    pub fn add_chat(&self, title: &str, kind: ChatKind) {
        let mut now = self.lock();
        let position = u32::try_from(now.chats.len()).unwrap_or(u32::MAX);
        now.chats.push(FakeChat {
            row: blank_row(title, kind, position),
            messages: Vec::new(),
            drawn_from: 0,
            on_phone: 0,
            listed: true,
        });
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

    /// What the page holds of a message's file from now on; an error is what asking for it gets.
    pub fn put_file(&self, key: &str, place: u32, file: Result<FakeFile, MediaError>) {
        self.lock().files.insert((key.to_owned(), place), file);
    }

    /// The whole of a text that its row shows the beginning of, once it is unfolded.
    pub fn put_whole(&self, key: &str, text: &str) {
        self.lock().folded.insert(key.to_owned(), text.to_owned());
    }

    /// What the info panel of a chat says from now on; an error is what asking for it gets.
    pub fn put_panel(&self, title: &str, panel: Result<SeenPanel, PageError>) {
        self.lock().panels.insert(clean_name(title), panel);
    }

    /// Titles of the chats whose info panel was opened, in order.
    #[must_use]
    pub fn panels_read(&self) -> Vec<String> {
        self.lock().panels_read.clone()
    }

    /// A chat's row shows a picture that `token` stands for; `looks` is `None` while the row is not in view.
    pub fn put_picture(&self, title: &str, token: &str, looks: Option<&[u8]>) {
        let captured = looks.map(|bytes| Captured { token: token.to_owned(), bytes: bytes.to_owned() });
        self.lock().pictures.insert(clean_name(title), captured);
        self.change_row(title, |row| row.picture = RowPicture::Own(token.to_owned()));
    }

    /// Titles of the chats whose pictures were asked for, in order.
    #[must_use]
    pub fn pictures_asked(&self) -> Vec<String> {
        self.lock().pictures_asked.clone()
    }

    /// How often texts were to be unfolded.
    #[must_use]
    pub fn unfolds(&self) -> usize {
        self.lock().unfolds
    }

    /// How often a file was asked for.
    #[must_use]
    pub fn files_asked(&self) -> usize {
        self.lock().files_asked
    }

    /// Adds a message to a chat's history without any event, as if it had been there before.
    pub fn history(&self, title: &str, message: SeenMessage) {
        if let Some(chat) = self.lock().chat_mut(title) {
            chat.messages.push(message);
        }
    }

    /// So many of a chat's oldest messages are on the phone alone, which does this when it is asked.
    pub fn keep_on_phone(&self, title: &str, messages: usize, phone: FakePhone) {
        let mut now = self.lock();
        now.phone = phone;
        if let Some(chat) = now.chat_mut(title) {
            chat.on_phone = messages;
        }
    }

    /// Only so many rows above and below the one that is looked at are drawn.
    pub fn draw_only(&self, reach: usize) {
        self.lock().reach = reach;
    }

    /// The next job that loads older messages answers only when this is notified; what it shows is told before.
    pub fn hold_older(&self, gate: &Arc<tokio::sync::Notify>) {
        self.lock().older_gate = Some(gate.clone());
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

    /// A message is gone from the page, as if it had never been there, and the conversation is reported if it is open.
    pub fn lose(&self, title: &str, key: &str) {
        let mut now = self.lock();
        if let Some(chat) = now.chat_mut(title) {
            chat.messages.retain(|message| message.key != key);
        }
        now.emit_conversation();
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

    /// The next job that sends, acts or forwards fails with this error, whatever looks at the page before it.
    pub fn fail_next_press(&self, error: PageError) {
        self.lock().next_press_errors.push(error);
    }

    /// Reports any event.
    pub fn emit(&self, event: PageEvent) {
        self.lock().emit(event);
    }

    /// Whether opening a chat fails from now on, and how.
    pub fn refuse(&self, title: &str, error: Option<PageError>) {
        let mut now = self.lock();
        match error {
            Some(error) => now.refused.insert(clean_name(title), error),
            None => now.refused.remove(&clean_name(title)),
        };
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

    /// The files among it: name and bytes.
    #[must_use]
    pub fn sent_files(&self) -> Vec<(String, Vec<u8>)> {
        self.lock().sent_files.clone()
    }

    /// How often the send key was pressed.
    #[must_use]
    pub fn presses(&self) -> usize {
        self.lock().presses
    }

    /// Every number that was typed to link by it.
    #[must_use]
    pub fn numbers(&self) -> Vec<String> {
        self.lock().numbers.clone()
    }

    /// What the address of a number leads to from now on: a chat's title, which is not in the list until somebody writes,
    /// or an error. Other numbers are not on WhatsApp.
    pub fn put_number(&self, number: &str, leads_to: Result<&str, PageError>) {
        self.lock().addresses.insert(number.to_owned(), leads_to.map(str::to_owned));
    }

    /// Every number whose address was loaded, in order.
    #[must_use]
    pub fn loaded(&self) -> Vec<String> {
        self.lock().loaded.clone()
    }

    /// How often "Use here" was pressed.
    #[must_use]
    pub fn used_here(&self) -> usize {
        self.lock().used_here
    }

    /// How often the page was loaded again on demand.
    #[must_use]
    pub fn reloads(&self) -> usize {
        self.lock().reloads
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

    /// What every job does first that may press something for a person.
    fn begin_press(&self) -> Result<MutexGuard<'_, State>, PageError> {
        let mut now = self.begin()?;
        if now.next_press_errors.is_empty() { Ok(now) } else { Err(now.next_press_errors.remove(0)) }
    }

    async fn turn(&self, deadline: Duration) -> Result<OwnedMutexGuard<()>, PageError> {
        tokio::time::timeout(deadline, self.driver.clone().lock_owned()).await.map_err(|_| PageError::Deadline)
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
        reactions: Vec::new(),
        starred: false,
        pinned: false,
        files: Vec::new(),
    }
}
