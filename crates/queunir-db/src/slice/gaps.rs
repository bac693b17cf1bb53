//! Ranges in which messages may be missing (DEL-04): every row of the page remembers the row above it, and a row that
//! remembers none although something older is stored has a gap above it.

use jiff::Timestamp;
use queunir_core::{
    history::{Gap, GapState},
    id::{ChatId, GapId, MessageId},
};
use uuid::Uuid;

use super::{
    SliceTx,
    words::{jiff, maybe, moment, value, word},
};
use crate::DbError;

/// So many rows are followed upwards at once; a chain that is longer is followed further at the next look.
const LONGEST_CHAIN: i32 = 20_000;

struct GapRow {
    id: Uuid,
    chat_id: Uuid,
    state: String,
    after_id: Uuid,
    before_id: Uuid,
    missing_from: Option<jiff_sqlx::Timestamp>,
    missing_until: Option<jiff_sqlx::Timestamp>,
    found: i32,
    attempts: i32,
    not_before: Option<jiff_sqlx::Timestamp>,
    asked: bool,
}

/// A gap with what the browser does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredGap {
    /// As the browser sees it.
    pub gap: Gap,
    /// A person asked for it.
    pub asked: bool,
}

impl TryFrom<GapRow> for StoredGap {
    type Error = DbError;

    fn try_from(row: GapRow) -> Result<Self, DbError> {
        let gap = Gap {
            id: GapId(row.id),
            chat_id: ChatId(row.chat_id),
            state: value(&row.state, "state")?,
            after_id: MessageId(row.after_id),
            before_id: MessageId(row.before_id),
            from: jiff(row.missing_from),
            until: jiff(row.missing_until),
            found: u32::try_from(row.found).unwrap_or(0),
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            next_try: jiff(row.not_before),
        };
        Ok(Self { gap, asked: row.asked })
    }
}

/// Selects whole gaps; the argument is what follows the table's name.
macro_rules! select_gaps {
    ($tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            GapRow,
            r#"select id, chat_id, state, after_id, before_id,
                missing_from as "missing_from: jiff_sqlx::Timestamp",
                missing_until as "missing_until: jiff_sqlx::Timestamp", found, attempts,
                not_before as "not_before: jiff_sqlx::Timestamp", asked from gaps "# + $tail
            $(, $argument)*
        )
    };
}

/// Notes a gap above each of these rows that remembers no row above it although something older is stored.
pub async fn note(tx: &mut SliceTx, chat: ChatId, rows: &[Uuid], now: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "insert into gaps (id, chat_id, state, after_id, before_id, missing_from, missing_until, found_at)
         select gen_random_uuid(), $1, 'reading', above.id, below.id, above.sent_at, below.sent_at, $3
         from messages below cross join lateral (
            select id, sent_at from messages
            where chat_id = $1 and source = 'row' and order_key < below.order_key order by order_key desc limit 1) above
         where below.id = any($2) and below.after_id is null
         on conflict (chat_id, before_id) where state <> 'closed' do nothing",
        chat.0,
        rows,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The gaps of a chat that are not closed.
pub async fn unclosed(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<StoredGap>, DbError> {
    let rows = select_gaps!("where chat_id = $1 and state <> 'closed' order by found_at, id", chat.0)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(StoredGap::try_from).collect()
}

/// The gaps of a chat that people are told of: open ones, and those that were open and are closed.
pub async fn list(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<StoredGap>, DbError> {
    let rows = select_gaps!("where chat_id = $1 and state <> 'reading' order by found_at, id", chat.0)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(StoredGap::try_from).collect()
}

/// Finds a gap.
pub async fn find(tx: &mut SliceTx, id: GapId) -> Result<Option<StoredGap>, DbError> {
    let row = select_gaps!("where id = $1", id.0).fetch_optional(tx.conn()).await?;
    row.map(StoredGap::try_from).transpose()
}

/// The gap whose turn it is to be tried, among the chats `only` if given.
pub async fn due(tx: &mut SliceTx, only: Option<&[Uuid]>, now: Timestamp) -> Result<Option<StoredGap>, DbError> {
    let row = select_gaps!(
        "where state <> 'closed' and (not_before is null or not_before <= $2)
           and ($1::uuid[] is null or chat_id = any($1))
           and exists (select from chats where chats.id = chat_id and not ambiguous and joined_into is null)
         order by asked desc, coalesce(not_before, found_at), id limit 1",
        only,
        moment(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(StoredGap::try_from).transpose()
}

/// What is found above the lower end of a gap.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The uppermost row that hangs together with the lower end.
    pub top: MessageId,
    /// Its time.
    pub top_at: Option<Timestamp>,
    /// Whether known ground is reached.
    pub grounded: bool,
    /// How many rows lie between known ground, or nothing, and the lower end.
    pub between: u32,
}

/// Follows a gap's lower end upwards, row by row.
pub async fn chain(tx: &mut SliceTx, gap: &Gap) -> Result<Option<Chain>, DbError> {
    let row = sqlx::query!(
        r#"with recursive ground as (
             select order_key from messages where id = $2 and chat_id = $1
           ), chain as (
             select id, after_id, order_key, sent_at, 0 as n from messages where id = $3 and chat_id = $1
             union all
             select m.id, m.after_id, m.order_key, m.sent_at, chain.n + 1
             from chain join messages m on m.id = chain.after_id and m.chat_id = $1
             where chain.n < $4 and not coalesce(chain.order_key <= (select order_key from ground), false)
           )
           select id as "id!", sent_at as "sent_at: jiff_sqlx::Timestamp", n as "n!",
              coalesce(order_key <= (select order_key from ground), false) as "grounded!"
           from chain order by n desc limit 1"#,
        gap.chat_id.0,
        gap.after_id.0,
        gap.before_id.0,
        LONGEST_CHAIN,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Chain {
        top: MessageId(row.id),
        top_at: jiff(row.sent_at),
        grounded: row.grounded,
        between: u32::try_from(if row.grounded { row.n - 1 } else { row.n }).unwrap_or(0),
    }))
}

/// Replaces everything about a gap but its chat and its upper end.
pub async fn update(tx: &mut SliceTx, stored: &StoredGap, now: Timestamp) -> Result<(), DbError> {
    let gap = &stored.gap;
    sqlx::query!(
        "update gaps set state = $2, before_id = $3, missing_until = $4, found = $5, attempts = $6, not_before = $7,
            asked = $8, closed_at = case when $2 = 'closed' then coalesce(closed_at, $9) end
         where id = $1",
        gap.id.0,
        word(gap.state),
        gap.before_id.0,
        maybe(gap.until) as _,
        i32::try_from(gap.found).unwrap_or(i32::MAX),
        i32::try_from(gap.attempts).unwrap_or(i32::MAX),
        maybe(gap.next_try) as _,
        stored.asked,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets a gap that nobody was told of.
pub async fn forget(tx: &mut SliceTx, id: GapId) -> Result<(), DbError> {
    sqlx::query!("delete from gaps where id = $1 and state = $2", id.0, word(GapState::Reading))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many gaps people are told of and are not closed.
pub async fn count_open(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from gaps where state = 'open'"#).fetch_one(tx.conn()).await?)
}

/// In how many chats something may be missing from a range of time: the gap is not closed, and its own range, open where
/// a time is not known, touches the one asked for.
pub async fn chats_between(tx: &mut SliceTx, from: Timestamp, until: Timestamp) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(
        r#"select count(distinct chat_id) as "n!" from gaps where state <> 'closed'
           and (missing_from is null or missing_from <= $2) and (missing_until is null or missing_until >= $1)"#,
        moment(from) as _,
        moment(until) as _,
    )
    .fetch_one(tx.conn())
    .await?)
}
