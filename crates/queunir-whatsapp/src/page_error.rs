//! Why the page did not do what was asked of it.

/// Why a job did not do what was asked; in every case but `Unclear` nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// No row and no search hit has that name.
    #[error("chat not found")]
    ChatNotFound,
    /// More than one row has that name.
    #[error("more than one chat has that name")]
    Ambiguous,
    /// Another chat than the one asked for is open.
    #[error("another chat opened")]
    WrongChat,
    /// The page does not take the phone number.
    #[error("the page does not take the number")]
    NumberRefused,
    /// The page says that nobody on WhatsApp has the number, in none of its forms.
    #[error("the number is not on whatsapp")]
    NotOnWhatsApp,
    /// A dialog that is not in the catalogue covers the page; it was not clicked.
    #[error("a dialog that is not known covers the page")]
    UnknownDialog,
    /// The page is not on its main screen.
    #[error("whatsapp is not connected")]
    NotLinked,
    /// The chat accepts no messages.
    #[error("the chat is read-only")]
    ReadOnly,
    /// What stands in the composer is not what was typed.
    #[error("the page did not take the text as typed")]
    TextMismatch,
    /// The page does not take the file: it shows something else than the one file that was handed to it.
    #[error("the page does not take the file")]
    FileRefused,
    /// The message that is to be answered is not to be found, or the page quotes another.
    #[error("the message to answer is not there")]
    QuoteNotFound,
    /// The deadline passed.
    #[error("the page took too long")]
    Deadline,
    /// The browser or the page is gone.
    #[error("the browser is gone")]
    Gone,
    /// The job was cancelled by a more urgent one or by its caller.
    #[error("cancelled")]
    Cancelled,
    /// The page answered something unexpected.
    #[error("unexpected page: {0}")]
    Unexpected(String),
}

/// Why an act on a message was not brought to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// The chat is there, and the message is not in it as far back as was looked.
    #[error("the message is not in the chat")]
    NoMessage,
    /// The page does not offer this for the message, for example because it is too late.
    #[error("the page does not offer this")]
    NotOffered,
    /// Nothing was pressed.
    #[error(transparent)]
    Page(PageError),
    /// Something was pressed, and what came of it was not seen.
    #[error("not clear after a press: {0}")]
    Unclear(PageError),
}

impl From<PageError> for ActError {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

/// Why a file was not had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// Its chat is not open, its row is not drawn, or the page is between two documents: another time.
    #[error("the message is not on the page now")]
    NotHere,
    /// The page shows nothing of it.
    #[error("the page does not show the file")]
    NotShown,
    /// What the page shows leads to no bytes.
    #[error("the page's file cannot be read: {0}")]
    Broken(String),
    /// The page could not be asked.
    #[error(transparent)]
    Page(#[from] PageError),
}
