//! Chats of one tenant. The caller owns the transaction.

use jiff::Timestamp;
use queunir_core::{
    chat::{Chat, ChatKind, OptOut, OptOutReason, Preview},
    history::Older,
    id::{ChatId, MessageId},
    message::{Ack, MessageKind},
};
use uuid::Uuid;

use super::{
    SliceTx,
    media::version_of,
    words::{jiff, maybe, moment, optional, value, word},
};
use crate::DbError;

/// The last message as the list showed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPreview {
    /// Text, possibly cut by the page.
    pub text: String,
    /// Whether it is ours.
    pub from_me: bool,
    /// Author, in a group.
    pub sender: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// Delivery state, for ours.
    pub ack: Option<Ack>,
    /// When, as far as the words allowed.
    pub at: Option<Timestamp>,
    /// The page's words for the time.
    pub time_text: Option<String>,
}

/// A chat with what the browser does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredChat {
    /// Its id.
    pub id: ChatId,
    /// Cleaned title.
    pub title: String,
    /// Phone in `+digits` form.
    pub phone: Option<String>,
    /// Kind.
    pub kind: ChatKind,
    /// Last message.
    pub preview: Option<StoredPreview>,
    /// Badge number.
    pub unread: u32,
    /// How many of those are stored.
    pub unread_stored: u32,
    /// Badge without a number.
    pub marked_unread: bool,
    /// Pinned.
    pub pinned: bool,
    /// Muted.
    pub muted: bool,
    /// Archived.
    pub archived: bool,
    /// Two chats share the title.
    pub ambiguous: bool,
    /// Sparse sort key of the page's list.
    pub rank: Option<i64>,
    /// The start of the history is stored.
    pub history_complete: bool,
    /// What stands above the oldest message while it is not.
    pub older: Older,
    /// Since when the list has shown something that was not read in the conversation; absent when all is read.
    pub to_read_since: Option<Timestamp>,
    /// It waits for what it held when it was first seen, and nothing in it is unread: news goes first.
    pub for_history: bool,
    /// How often reading failed since.
    pub read_attempts: i32,
    /// Not tried again before this.
    pub read_not_before: Option<Timestamp>,
    /// They do not want to be written to; changed by [`super::opt_outs`] alone.
    pub opt_out: Option<OptOut>,
    /// Their latest message when a person last said that they may be written to.
    pub opt_out_declined: Option<MessageId>,
    /// Version of the picture; changed by [`super::pictures`] alone.
    pub picture: Option<String>,
}

impl StoredChat {
    /// A chat about which only its title is known.
    #[must_use]
    pub fn new(id: ChatId, title: String) -> Self {
        Self {
            id,
            title,
            phone: None,
            kind: ChatKind::Unknown,
            preview: None,
            unread: 0,
            unread_stored: 0,
            marked_unread: false,
            pinned: false,
            muted: false,
            archived: false,
            ambiguous: false,
            rank: None,
            history_complete: false,
            older: Older::MayCome,
            to_read_since: None,
            for_history: false,
            read_attempts: 0,
            read_not_before: None,
            opt_out: None,
            opt_out_declined: None,
            picture: None,
        }
    }

    /// The chat as the browser sees it.
    #[must_use]
    pub fn chat(&self) -> Chat {
        Chat {
            id: self.id,
            title: self.title.clone(),
            phone: self.phone.clone(),
            kind: self.kind,
            preview: self.preview.as_ref().map(|preview| Preview {
                text: preview.text.clone(),
                from_me: preview.from_me,
                ack: preview.ack,
                at: preview.at,
                time_text: preview.time_text.clone(),
            }),
            unread: self.unread,
            marked_unread: self.marked_unread,
            not_read_yet: self.unread.saturating_sub(self.unread_stored),
            pinned: self.pinned,
            muted: self.muted,
            archived: self.archived,
            ambiguous: self.ambiguous,
            position: self.rank.map(|rank| u32::try_from(rank.max(0)).unwrap_or(u32::MAX)),
            history_complete: self.history_complete,
            older: self.older,
            opt_out: self.opt_out,
            opt_out_declined: self.opt_out_declined,
            picture: self.picture.clone(),
        }
    }
}

struct ChatRow {
    id: Uuid,
    title: String,
    phone: Option<String>,
    kind: String,
    preview_text: Option<String>,
    preview_from_me: bool,
    preview_sender: Option<String>,
    preview_kind: String,
    preview_ack: Option<String>,
    preview_at: Option<jiff_sqlx::Timestamp>,
    preview_time_text: Option<String>,
    unread: i32,
    unread_stored: i32,
    marked_unread: bool,
    pinned: bool,
    muted: bool,
    archived: bool,
    ambiguous: bool,
    rank: Option<i64>,
    history_complete: bool,
    older: String,
    to_read_since: Option<jiff_sqlx::Timestamp>,
    for_history: bool,
    read_attempts: i32,
    read_not_before: Option<jiff_sqlx::Timestamp>,
    opted_out_at: Option<jiff_sqlx::Timestamp>,
    opt_out_reason: Option<String>,
    opt_out_declined: Option<Uuid>,
    picture: Option<Vec<u8>>,
}

impl TryFrom<ChatRow> for StoredChat {
    type Error = DbError;

    fn try_from(row: ChatRow) -> Result<Self, DbError> {
        let preview = match row.preview_text {
            None => None,
            Some(text) => Some(StoredPreview {
                text,
                from_me: row.preview_from_me,
                sender: row.preview_sender,
                kind: value(&row.preview_kind, "preview_kind")?,
                ack: optional(row.preview_ack, "preview_ack")?,
                at: jiff(row.preview_at),
                time_text: row.preview_time_text,
            }),
        };
        let reason: Option<OptOutReason> = optional(row.opt_out_reason, "opt_out_reason")?;
        let opt_out = jiff(row.opted_out_at).zip(reason).map(|(at, reason)| OptOut { at, reason });
        Ok(Self {
            id: ChatId(row.id),
            title: row.title,
            phone: row.phone,
            kind: value(&row.kind, "kind")?,
            preview,
            unread: u32::try_from(row.unread).unwrap_or(0),
            unread_stored: u32::try_from(row.unread_stored).unwrap_or(0),
            marked_unread: row.marked_unread,
            pinned: row.pinned,
            muted: row.muted,
            archived: row.archived,
            ambiguous: row.ambiguous,
            rank: row.rank,
            history_complete: row.history_complete,
            older: value(&row.older, "older")?,
            to_read_since: jiff(row.to_read_since),
            for_history: row.for_history,
            read_attempts: row.read_attempts,
            read_not_before: jiff(row.read_not_before),
            opt_out,
            opt_out_declined: row.opt_out_declined.map(MessageId),
            picture: row.picture.as_deref().map(version_of),
        })
    }
}

/// Selects whole chats; the argument is what follows the table's name.
macro_rules! select_chats {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            ChatRow,
            r#"select id, title, phone, kind, preview_text, preview_from_me, preview_sender, preview_kind, preview_ack,
                preview_at as "preview_at: jiff_sqlx::Timestamp", preview_time_text, unread, unread_stored,
                marked_unread, pinned, muted, archived, ambiguous, rank, history_complete, older,
                to_read_since as "to_read_since: jiff_sqlx::Timestamp", for_history, read_attempts,
                read_not_before as "read_not_before: jiff_sqlx::Timestamp",
                opted_out_at as "opted_out_at: jiff_sqlx::Timestamp", opt_out_reason, opt_out_declined,
                (select hash from chat_pictures p where p.chat_id = chats.id) as picture from chats "# + $tail
            $(, $argument)*
        )
    };
}

/// Finds a chat.
pub async fn find(tx: &mut SliceTx, id: ChatId) -> Result<Option<StoredChat>, DbError> {
    let row = select_chats!("where id = $1 and joined_into is null", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredChat::try_from).transpose()
}

/// Finds a chat whose messages belong to another now.
pub async fn find_joined(tx: &mut SliceTx, id: ChatId) -> Result<Option<StoredChat>, DbError> {
    let row = select_chats!("where id = $1 and joined_into is not null for update", id.0);
    row.fetch_optional(tx.conn()).await?.map(StoredChat::try_from).transpose()
}

/// Finds a chat and locks its row until the transaction ends.
pub async fn find_for_update(tx: &mut SliceTx, id: ChatId) -> Result<Option<StoredChat>, DbError> {
    let row = select_chats!("where id = $1 and joined_into is null for update", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredChat::try_from).transpose()
}

/// All chats in the order of WhatsApp's list, those that are not in it last.
pub async fn list(tx: &mut SliceTx) -> Result<Vec<StoredChat>, DbError> {
    let rows = select_chats!("where joined_into is null order by rank nulls last, preview_at desc nulls last, id")
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(StoredChat::try_from).collect()
}

/// The chats with these ids.
pub async fn list_by_ids(tx: &mut SliceTx, ids: &[Uuid]) -> Result<Vec<StoredChat>, DbError> {
    let rows = select_chats!("where id = any($1)", ids).fetch_all(tx.conn()).await?;
    rows.into_iter().map(StoredChat::try_from).collect()
}

/// Stores a chat that was not known.
pub async fn insert(tx: &mut SliceTx, chat: &StoredChat) -> Result<(), DbError> {
    sqlx::query!("insert into chats (id, title) values ($1, $2)", chat.id.0, chat.title).execute(tx.conn()).await?;
    update(tx, chat).await
}

/// Replaces everything about a chat.
pub async fn update(tx: &mut SliceTx, chat: &StoredChat) -> Result<(), DbError> {
    let preview = chat.preview.as_ref();
    sqlx::query!(
        "update chats set title = $2, phone = $3, kind = $4, preview_text = $5, preview_from_me = $6,
            preview_sender = $7, preview_kind = $8, preview_ack = $9, preview_at = $10, preview_time_text = $11,
            unread = $12, unread_stored = $13, marked_unread = $14, pinned = $15, muted = $16, archived = $17,
            ambiguous = $18, rank = $19, history_complete = $20, to_read_since = $21, read_attempts = $22,
            read_not_before = $23, for_history = $24, older = $25
         where id = $1",
        chat.id.0,
        chat.title,
        chat.phone,
        word(chat.kind),
        preview.map(|preview| preview.text.as_str()),
        preview.is_some_and(|preview| preview.from_me),
        preview.and_then(|preview| preview.sender.as_deref()),
        word(preview.map_or(MessageKind::Unknown, |preview| preview.kind)),
        preview.and_then(|preview| preview.ack).map(word),
        maybe(preview.and_then(|preview| preview.at)) as _,
        preview.and_then(|preview| preview.time_text.as_deref()),
        i32::try_from(chat.unread).unwrap_or(i32::MAX),
        i32::try_from(chat.unread_stored).unwrap_or(i32::MAX),
        chat.marked_unread,
        chat.pinned,
        chat.muted,
        chat.archived,
        chat.ambiguous,
        chat.rank,
        chat.history_complete,
        maybe(chat.to_read_since) as _,
        chat.read_attempts,
        maybe(chat.read_not_before) as _,
        chat.for_history,
        word(chat.older),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The nearest used sort key above (smaller than) a place, or the largest of all.
pub async fn rank_below(tx: &mut SliceTx, rank: Option<i64>) -> Result<Option<i64>, DbError> {
    Ok(sqlx::query_scalar!("select max(rank) from chats where $1::bigint is null or rank < $1", rank)
        .fetch_one(tx.conn())
        .await?)
}

/// The nearest used sort key larger than a place.
pub async fn rank_above(tx: &mut SliceTx, rank: i64) -> Result<Option<i64>, DbError> {
    Ok(sqlx::query_scalar!("select min(rank) from chats where rank > $1", rank).fetch_one(tx.conn()).await?)
}

/// Ids of the chats in the list, in its order.
pub async fn ranked(tx: &mut SliceTx) -> Result<Vec<(ChatId, i64)>, DbError> {
    let rows = sqlx::query!(r#"select id, rank as "rank!" from chats where rank is not null order by rank, id"#)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (ChatId(row.id), row.rank)).collect())
}

/// The chat whose turn it is to be read, among `only` if given: those of `first` before all others, then those with
/// news (or, if it is `history`'s turn, those without), and among equals the one that waits longest.
///
/// A chat that could not be read waits anew from the end of its pause. So among equals each other chat goes before a
/// waiting one at most once.
pub async fn next_to_read(
    tx: &mut SliceTx,
    only: Option<&[Uuid]>,
    first: &[Uuid],
    history: bool,
    now: Timestamp,
) -> Result<Option<StoredChat>, DbError> {
    let row = select_chats!(
        "where to_read_since is not null and joined_into is null and (rank is not null or archived) and not ambiguous
           and ($1::uuid[] is null or id = any($1))
           and (read_not_before is null or read_not_before <= $2)
         order by id = any($3) desc, for_history = $4 desc, greatest(to_read_since, read_not_before), id limit 1",
        only,
        moment(now) as _,
        first,
        history,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredChat::try_from).transpose()
}

/// Lets chats be read again in which something was stored in part since a moment: without direction, kind, time or
/// state. Answers how many.
pub async fn read_again(tx: &mut SliceTx, since: Timestamp, now: Timestamp) -> Result<u64, DbError> {
    let done = sqlx::query!(
        "update chats set to_read_since = $2, for_history = true, read_attempts = 0, read_not_before = null
         where to_read_since is null and joined_into is null and exists (
            select from messages where chat_id = chats.id and source = 'row' and created_at >= $1
               and (direction = 'unknown' or kind = 'unknown' or sent_at is null or (direction = 'out' and ack is null)))",
        moment(since) as _,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// How many chats there are.
pub async fn count(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from chats where joined_into is null"#)
        .fetch_one(tx.conn())
        .await?)
}
