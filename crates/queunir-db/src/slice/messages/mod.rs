//! Messages of one tenant. The caller owns the transaction.

mod stored;

use jiff::Timestamp;
use queunir_core::{
    id::{ChatId, MessageId},
    media::Media,
    message::{Quote, Reaction},
};
use sqlx::types::Json;
use uuid::Uuid;

pub use self::stored::StoredMessage;
use super::{
    SliceTx,
    words::{jiff, maybe, moment, optional, value, word},
};
use crate::DbError;

struct MessageRow {
    id: Uuid,
    chat_id: Uuid,
    direction: String,
    wa_msg_id: Option<String>,
    page_key: Option<String>,
    synthetic: bool,
    sender: Option<String>,
    kind: String,
    deleted: bool,
    text: String,
    cut: bool,
    sent_at: Option<jiff_sqlx::Timestamp>,
    sent_at_certain: bool,
    ack: Option<String>,
    failed: bool,
    quoted_sender: Option<String>,
    quoted_text: Option<String>,
    edited: bool,
    forwarded: bool,
    reactions: Json<Vec<Reaction>>,
    own_reaction: Option<String>,
    starred: bool,
    pinned: bool,
    deleted_for_me: bool,
    media: Option<Json<Vec<Media>>>,
    source: String,
    order_key: String,
    after_id: Option<Uuid>,
}

impl TryFrom<MessageRow> for StoredMessage {
    type Error = DbError;

    fn try_from(row: MessageRow) -> Result<Self, DbError> {
        Ok(Self {
            id: MessageId(row.id),
            chat_id: ChatId(row.chat_id),
            direction: value(&row.direction, "direction")?,
            key: row.wa_msg_id,
            page_key: row.page_key,
            synthetic: row.synthetic,
            sender: row.sender,
            kind: value(&row.kind, "kind")?,
            deleted: row.deleted,
            text: row.text,
            cut: row.cut,
            sent_at: jiff(row.sent_at),
            sent_at_certain: row.sent_at_certain,
            ack: optional(row.ack, "ack")?,
            failed: row.failed,
            quoted: row.quoted_text.map(|text| Quote { sender: row.quoted_sender, text }),
            edited: row.edited,
            forwarded: row.forwarded,
            reactions: row.reactions.0,
            own_reaction: row.own_reaction,
            starred: row.starred,
            pinned: row.pinned,
            deleted_for_me: row.deleted_for_me,
            media: row.media.map(|media| media.0).unwrap_or_default(),
            source: value(&row.source, "source")?,
            order_key: row.order_key,
            after: row.after_id.map(MessageId),
        })
    }
}

/// Selects whole messages; the argument is what follows the table's name.
macro_rules! select_messages {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            MessageRow,
            r#"select id, chat_id, direction, wa_msg_id, page_key, synthetic, sender, kind, deleted, text, cut,
                sent_at as "sent_at: jiff_sqlx::Timestamp", sent_at_certain, ack, failed, quoted_sender, quoted_text,
                edited, forwarded, reactions as "reactions: Json<Vec<Reaction>>", own_reaction, starred, pinned,
                deleted_for_me, source, order_key, after_id,
                case when kind <> 'text' then (select jsonb_agg(jsonb_build_object(
                    'id', 'media_' || replace(m.id::text, '-', ''), 'state', m.state, 'name', m.name,
                    'duration_s', m.duration_s, 'size_text', m.size_text,
                    'file', case when f.hash is not null then jsonb_build_object(
                        'version', left(encode(f.hash, 'hex'), 16), 'content_type', f.content_type, 'bytes', f.bytes,
                        'width', f.width, 'height', f.height, 'thumbnail', f.thumbnail) end) order by m.place)
                    from media m left join media_files f on f.hash = m.hash where m.message_id = messages.id)
                end as "media: Json<Vec<Media>>" from messages "# + $tail
            $(, $argument)*
        )
    };
}

fn all(rows: Vec<MessageRow>) -> Result<Vec<StoredMessage>, DbError> {
    rows.into_iter().map(StoredMessage::try_from).collect()
}

/// The stored messages whose key in the page is one of these, of every direction.
pub async fn by_keys(tx: &mut SliceTx, chat: ChatId, keys: &[String]) -> Result<Vec<StoredMessage>, DbError> {
    let rows = select_messages!(
        "where chat_id = $1 and (wa_msg_id = any($2) or (page_key is not null and page_key = any($2)))",
        chat.0,
        keys,
    )
    .fetch_all(tx.conn())
    .await?;
    all(rows)
}

/// Which messages of a chat to find with [`near`].
#[derive(Clone, Copy, Debug)]
pub struct Near<'a> {
    /// Those with these keys in the page.
    pub keys: &'a [String],
    /// Those without a key of these minutes.
    pub minutes: &'a [Option<Timestamp>],
    /// All that were read in the conversation in these minutes.
    pub keyless: &'a [Option<Timestamp>],
}

/// The messages that are asked for, and everything that waits for its own row to be read: previews and bubbles on their
/// way. In order.
pub async fn near(tx: &mut SliceTx, chat: ChatId, wanted: &Near<'_>) -> Result<Vec<StoredMessage>, DbError> {
    let known = |minutes: &[Option<Timestamp>]| minutes.iter().flatten().copied().map(moment).collect::<Vec<_>>();
    let mut rows = all(select_messages!(
        "where chat_id = $1 and (wa_msg_id = any($2) or (page_key <> wa_msg_id and page_key = any($2))
            or source = 'list' or ack = 'pending' or (synthetic and (sent_at = any($3) or sent_at is null)))
         order by order_key, id",
        chat.0,
        wanted.keys,
        known(wanted.minutes) as _,
    )
    .fetch_all(tx.conn())
    .await?)?;
    if wanted.keyless.is_empty() {
        return Ok(rows);
    }
    let of_minutes = all(select_messages!(
        "where chat_id = $1 and source = 'row' and (sent_at = any($2) or (sent_at is null and $3))",
        chat.0,
        known(wanted.keyless) as _,
        wanted.keyless.contains(&None),
    )
    .fetch_all(tx.conn())
    .await?)?;
    rows.extend(of_minutes);
    rows.sort_by(|a, b| (&a.order_key, a.id).cmp(&(&b.order_key, b.id)));
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// One page of a chat, oldest first: the newest `limit` messages before a place, or the newest of all.
pub async fn page(
    tx: &mut SliceTx,
    chat: ChatId,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<StoredMessage>, DbError> {
    let mut rows = all(select_messages!(
        r#"where chat_id = $1 and ($2::text is null or order_key < $2 collate "C") order by order_key desc limit $3"#,
        chat.0,
        before,
        limit,
    )
    .fetch_all(tx.conn())
    .await?)?;
    rows.reverse();
    Ok(rows)
}

/// Every message of a chat in order; for settling the order of runs that were read apart.
pub async fn whole_chat(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<StoredMessage>, DbError> {
    all(select_messages!("where chat_id = $1 order by order_key, id", chat.0).fetch_all(tx.conn()).await?)
}

/// Finds a message.
pub async fn find(tx: &mut SliceTx, id: MessageId) -> Result<Option<StoredMessage>, DbError> {
    let row = select_messages!("where id = $1", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredMessage::try_from).transpose()
}

/// Stores a message, or everything about a stored one but its chat.
pub async fn save(tx: &mut SliceTx, message: &StoredMessage) -> Result<(), DbError> {
    sqlx::query!(
        "insert into messages (id, chat_id, direction, wa_msg_id, page_key, synthetic, sender, kind, deleted, text,
            cut, sent_at, sent_at_certain, ack, failed, quoted_sender, quoted_text, edited, forwarded, source,
            order_key, after_id, reactions, own_reaction, starred, pinned, deleted_for_me)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27)
         on conflict (id) do update set
            direction = excluded.direction, wa_msg_id = excluded.wa_msg_id, page_key = excluded.page_key,
            synthetic = excluded.synthetic, sender = excluded.sender, kind = excluded.kind,
            deleted = excluded.deleted, text = excluded.text, cut = excluded.cut, sent_at = excluded.sent_at,
            sent_at_certain = excluded.sent_at_certain, ack = excluded.ack, failed = excluded.failed,
            quoted_sender = excluded.quoted_sender, quoted_text = excluded.quoted_text,
            edited = excluded.edited, forwarded = excluded.forwarded, source = excluded.source,
            order_key = excluded.order_key, after_id = excluded.after_id, reactions = excluded.reactions,
            own_reaction = excluded.own_reaction, starred = excluded.starred, pinned = excluded.pinned,
            deleted_for_me = excluded.deleted_for_me",
        message.id.0,
        message.chat_id.0,
        word(message.direction),
        message.key,
        message.page_key,
        message.synthetic,
        message.sender,
        word(message.kind),
        message.deleted,
        message.text,
        message.cut,
        maybe(message.sent_at) as _,
        message.sent_at_certain,
        message.ack.map(word),
        message.failed,
        message.quoted.as_ref().and_then(|quote| quote.sender.as_deref()),
        message.quoted.as_ref().map(|quote| quote.text.as_str()),
        message.edited,
        message.forwarded,
        word(message.source),
        message.order_key,
        message.after.map(|id| id.0),
        Json(&message.reactions) as _,
        message.own_reaction,
        message.starred,
        message.pinned,
        message.deleted_for_me,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a message that stood for another: a preview, or a bubble that never reached the server and belongs to none.
pub async fn remove_unconfirmed(tx: &mut SliceTx, id: MessageId) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "delete from messages where id = $1 and (source = 'list' or (ack = 'pending'
            and not exists (select from outgoing where bound_msg_id = $1)
            and not exists (select from acts where bound_msg_id = $1)))",
        id.0
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the text that an edit replaces.
pub async fn keep_revision(tx: &mut SliceTx, id: MessageId, text: &str) -> Result<(), DbError> {
    sqlx::query!(
        "insert into message_revisions (message_id, rev, text)
         select $1, coalesce(max(rev), 0) + 1, $2 from message_revisions where message_id = $1",
        id.0,
        text,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The texts that edits replaced, oldest first.
pub async fn revisions(tx: &mut SliceTx, id: MessageId) -> Result<Vec<String>, DbError> {
    Ok(sqlx::query_scalar!("select text from message_revisions where message_id = $1 order by rev", id.0)
        .fetch_all(tx.conn())
        .await?)
}

/// Some places with those directly above and below each, and the first and the last of the chat; rising.
pub async fn places_around(tx: &mut SliceTx, chat: ChatId, places: &[String]) -> Result<Vec<String>, DbError> {
    let mut around = sqlx::query_scalar!(
        r#"select distinct place as "place!" from (
             select place from unnest($2::text[]) as known (place)
             union all select (select min(order_key) from messages where chat_id = $1 and order_key > place collate "C")
               from unnest($2::text[]) as known (place)
             union all select (select max(order_key) from messages where chat_id = $1 and order_key < place collate "C")
               from unnest($2::text[]) as known (place)
             union all select min(order_key) from messages where chat_id = $1
             union all select max(order_key) from messages where chat_id = $1) as around (place)
           where place is not null"#,
        chat.0,
        places,
    )
    .fetch_all(tx.conn())
    .await?;
    around.sort_unstable();
    Ok(around)
}

/// The last place among messages not newer than a time.
pub async fn last_order_until(tx: &mut SliceTx, chat: ChatId, at: Timestamp) -> Result<Option<String>, DbError> {
    Ok(sqlx::query_scalar!(
        "select max(order_key) from messages where chat_id = $1 and sent_at <= $2",
        chat.0,
        maybe(Some(at)) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}

/// How many messages there are.
pub async fn count(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from messages"#).fetch_one(tx.conn()).await?)
}

/// How much is stored of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Rows read in the conversation itself.
    pub rows: u64,
    /// Previews that stand for a row.
    pub provisional: u64,
}

/// How much is stored of a chat.
pub async fn counts(tx: &mut SliceTx, chat: ChatId) -> Result<Counts, DbError> {
    let row = sqlx::query!(
        r#"select count(*) filter (where source = 'row') as "rows!",
              count(*) filter (where source = 'list') as "provisional!" from messages where chat_id = $1"#,
        chat.0,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Counts { rows: row.rows.unsigned_abs(), provisional: row.provisional.unsigned_abs() })
}
