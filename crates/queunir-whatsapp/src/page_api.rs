//! The one door to the page: events that flow out, jobs that go in one at a time.

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use queunir_core::{act::Wish, message::MessageKind, phone::PhoneNumber};

use crate::page::{facts::FactReport, structure::Structure};
pub use crate::page_error::{ActError, MediaError, PageError};
use crate::seen::{Captured, ReaderHealth, SeenConversation, SeenList, SeenMessage, SeenPanel, SeenState};

/// Which chat is meant; resolved by content immediately before each click.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChatTarget {
    /// Cleaned title.
    pub title: String,
    /// Phone, where known.
    pub phone: Option<String>,
    /// Begun by its number, and nobody wrote in it yet, so that the list may not have it: then it is opened by its number
    /// once more, which loads the page again.
    pub unlisted: bool,
    /// It is among the archived chats.
    pub archived: bool,
}

/// A chat that the page opened for a telephone number.
#[derive(Clone, Debug, PartialEq)]
pub struct ByNumber {
    /// The form of the number that counts: the one that the header shows, or, where it shows a name, the one that the
    /// page took. In the form `+digits`.
    pub number: String,
    /// What the chat shows.
    pub seen: SeenConversation,
}

/// What is to be sent to a chat as one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text; beside a file its caption, which may be empty.
    pub text: String,
    /// A file.
    pub file: Option<FileToSend>,
    /// Key of the message in the same chat that it answers.
    pub reply: Option<String>,
}

impl Draft {
    /// A text alone.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// A file on its way into the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileToSend {
    /// Where it lies; this process may read it.
    pub path: PathBuf,
    /// The name that the page is told; it has no slash in it, and its ending says what it is.
    pub name: String,
    /// Image, video or document: which item of the menu.
    pub kind: MessageKind,
}

/// Order of jobs in the driver's queue; the first is served first (decision 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Send for a person.
    Send,
    /// Open for a person.
    Open,
    /// Load older for a person.
    Older,
    /// Fill while idle.
    Fill,
    /// Collection.
    Collect,
}

/// What the page reports without being asked; observers never wait and never report a busy page as empty.
#[derive(Clone, Debug)]
pub enum PageEvent {
    /// The state, or something that belongs to it, changed.
    State(SeenState),
    /// The list, or its rendered window, changed.
    List(SeenList),
    /// The open conversation changed.
    Conversation(SeenConversation),
    /// Health of the latest read.
    Health(ReaderHealth),
    /// Other reader profiles are in use from now on: what was said of the reader's health is void.
    Profiles {
        /// Generations that were taken.
        taken: Vec<String>,
    },
    /// The browser ended; the channel closes after this.
    Gone {
        /// Why, for the log.
        reason: String,
    },
}

/// What the page shows above the oldest row of the open chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryTop {
    /// The encryption notice: the chat begins here.
    Start,
    /// The button that asks the phone for older messages.
    Phone,
    /// The words that older messages are being synchronised.
    Syncing,
    /// Nothing of that: there may be more to load.
    More,
}

/// What came of asking the phone for older messages.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// It gave some; the chat as it is drawn then.
    Given(Box<SeenConversation>),
    /// The page says that the phone's owner has to permit it there.
    Refused,
    /// Nothing came in time.
    Silent,
    /// There is no such button.
    NoButton,
}

/// What followed the press of the send key.
#[derive(Clone, Debug, PartialEq)]
pub enum Pressed {
    /// A new outgoing bubble below the anchor with the same body.
    Bubble(Box<SeenMessage>),
    /// No such bubble within the deadline: uncertain.
    NotSeen,
}

/// What the page shows after an act on a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Acted {
    /// Something was pressed; false when the row showed what was wished already.
    pub pressed: bool,
    /// The page shows what was wished.
    pub shown: bool,
    /// The conversation at the end.
    pub seen: SeenConversation,
}

/// A file that the page shows, held so that it can be read in pieces even if the page lets go of its address. A new
/// document ends it with [`MediaError::NotHere`].
#[async_trait]
pub trait MediaTicket: Send {
    /// Whether this is the file itself and not a preview of it.
    fn is_whole(&self) -> bool;
    /// How many bytes there are.
    fn bytes(&self) -> u64;
    /// The next piece, at most 256 KiB; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError>;
}

/// A message typed into the right chat and read back, with the driver held until it is pressed or dropped.
/// Dropping it without pressing clears the composer.
#[async_trait]
pub trait SendTicket: Send {
    /// Key of the last message bubble before the press, if any.
    fn anchor(&self) -> Option<&str>;
    /// Verifies header and composer once more, presses Enter, and waits for the bubble at most `wait`.
    /// An error means the key was certainly not pressed.
    async fn press(self: Box<Self>, wait: Duration) -> Result<Pressed, PageError>;
}

/// The live page, a recorded one, or a fake: callers cannot tell.
///
/// Jobs queue by priority and carry a deadline; a dropped future cancels its job if it has not begun.
/// The header is verified before every read and write.
#[async_trait]
pub trait Page: Send + Sync {
    /// Opens a chat, waits until its rows are drawn, and returns what they show.
    async fn open_chat(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError>;

    /// Opens the chat of a telephone number by the page's own address for it, which loads the page again, tries the other
    /// form of a Brazilian mobile number when nobody has the first, verifies the header by the number, and returns what
    /// the chat shows. Nothing is written. [`PageError::NotOnWhatsApp`] when the page says so.
    async fn open_number(
        &self,
        number: &PhoneNumber,
        priority: Priority,
        deadline: Duration,
    ) -> Result<ByNumber, PageError>;

    /// Leaves the open chat (Escape, intro panel), so that arriving messages are not marked read.
    async fn leave_chat(&self) -> Result<(), PageError>;

    /// Scrolls the named open chat up once and returns what is drawn then.
    async fn load_older(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError>;

    /// Presses "Read more" on the texts that the open chat shows only the beginning of, and returns the chat with them
    /// whole. Nothing is told to anybody by that. A text that does not unfold stays marked as cut.
    async fn unfold(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError>;

    /// Scrolls the named open chat until the row of a key is drawn, and returns what is drawn then; the row may be gone.
    async fn show_row(
        &self,
        target: &ChatTarget,
        key: &str,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError>;

    /// What stands above the oldest row of the named open chat. Nothing is clicked or scrolled.
    async fn history_top(&self, target: &ChatTarget) -> Result<HistoryTop, PageError>;

    /// Presses the page's own button that asks the phone for older messages of the named open chat, and waits for them.
    async fn ask_phone(&self, target: &ChatTarget, priority: Priority, deadline: Duration) -> Result<Asked, PageError>;

    /// Reads the info panel of the open chat: presses the header, reads, and closes the panel again. Nothing is told to
    /// anybody by that. [`PageError::WrongChat`] when another chat is open, [`PageError::Cancelled`] as soon as a more
    /// urgent job waits. With `all_members` the members of a group are those of the dialog that lists all of them, which is
    /// opened and closed for it; [`PageError::UnknownDialog`] when another one comes, which is not clicked.
    async fn read_panel(
        &self,
        target: &ChatTarget,
        all_members: bool,
        priority: Priority,
        deadline: Duration,
    ) -> Result<SeenPanel, PageError>;

    /// Walks the whole chat list and returns it complete.
    async fn walk_list(&self, priority: Priority, deadline: Duration) -> Result<SeenList, PageError>;

    /// Puts a message into a chat's composer, or beside a file into the screen that shows it before it is sent, and
    /// reads it back; nothing is sent yet.
    async fn prepare(
        &self,
        target: &ChatTarget,
        draft: &Draft,
        typing: Duration,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, PageError>;

    /// The same for a text alone.
    async fn compose(
        &self,
        target: &ChatTarget,
        text: &str,
        typing: Duration,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, PageError> {
        self.prepare(target, &Draft::text(text), typing, deadline).await
    }

    /// Brings a message of a chat to what is wished, unless it is there already: opens the chat, brings the row into
    /// view, chooses from its menu, answers the dialogs that belong to it, and looks at the row. A forward is refused.
    async fn act(&self, target: &ChatTarget, key: &str, wish: &Wish, deadline: Duration) -> Result<Acted, ActError>;

    /// Prepares to forward a message to one other chat; nothing is sent yet. The anchor is the other chat's last bubble.
    async fn forward(
        &self,
        target: &ChatTarget,
        key: &str,
        to: &ChatTarget,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, ActError>;

    /// Takes hold of a file of a message that is drawn in the open chat. Nothing is clicked, played or scrolled and
    /// nothing is asked of the network, so this waits for no turn and nothing waits for it.
    async fn media(&self, target: &ChatTarget, key: &str, place: u32) -> Result<Box<dyn MediaTicket>, MediaError>;

    /// Photographs a chat's own picture as the list draws it now. `None` when not all of it is in view, or when the row,
    /// its place or its picture was another afterwards. Nothing is clicked or scrolled and nothing is asked of the
    /// network. [`PageError::Cancelled`] as soon as a more urgent job waits.
    async fn picture(
        &self,
        target: &ChatTarget,
        priority: Priority,
        deadline: Duration,
    ) -> Result<Option<Captured>, PageError>;

    /// Opens the drawer of archived chats, reads it complete, and leaves it.
    async fn walk_archive(&self, priority: Priority, deadline: Duration) -> Result<SeenList, PageError>;

    /// What the row says that leads to the archived chats; `None` if there are none. Nothing is clicked.
    async fn archive_label(&self) -> Result<Option<String>, PageError>;

    /// What the page is built of, without what it says. Nothing is clicked, and nothing waits for it.
    async fn structure(&self) -> Result<Structure, PageError>;

    /// Which of the facts that are relied on hold on the page as it is drawn now. Nothing is clicked.
    async fn facts(&self) -> Result<Vec<FactReport>, PageError>;

    /// Presses the page's own "reload QR code" button.
    async fn reload_qr(&self) -> Result<(), PageError>;

    /// Leads the page from its QR code to the form for linking by phone number, types `number` there (international
    /// form, with its plus sign), reads it back and asks for a code. The code comes as a state.
    /// [`PageError::NumberRefused`] when the page shows none.
    async fn link_by_phone(&self, number: &str, deadline: Duration) -> Result<(), PageError>;

    /// Presses "Use here" in the dialog that says that another window is in use.
    async fn use_here(&self) -> Result<(), PageError>;

    /// Loads the page again, so that it shows its first screen: a QR code while nobody is linked.
    async fn reload(&self) -> Result<(), PageError>;

    /// Whether the browser has ended; true before [`PageEvent::Gone`] is heard.
    fn is_gone(&self) -> bool;

    /// Closes the browser cleanly (`Browser.close`, wait, TERM, KILL; CHR-05).
    async fn close(&self);
}
