//! What is known of the people behind chats: facts with their source, and how far reading their panels has come.

use jiff::Timestamp;
use queunir_core::{
    contact::{Fact, FactKind, FactSource, PanelState},
    id::ChatId,
};
use uuid::Uuid;

use super::{
    SliceTx,
    chats::{self, StoredChat},
    words::{jiff, maybe, moment, value, word},
};
use crate::DbError;

/// How far reading a panel has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPanel {
    /// A person asked for it then.
    pub asked_at: Option<Timestamp>,
    /// It was last read then.
    pub read_at: Option<Timestamp>,
    /// It says that the number is hidden.
    pub number_hidden: bool,
    /// Failures in a row.
    pub attempts: i32,
    /// It rests until then.
    pub not_before: Option<Timestamp>,
    /// Why the latest attempt failed.
    pub reason: Option<String>,
}

impl StoredPanel {
    /// As a person sees it.
    #[must_use]
    pub fn state(&self) -> PanelState {
        match self {
            Self { asked_at: Some(_), .. } => PanelState::Wanted,
            Self { attempts: 1.., .. } => PanelState::Failed,
            Self { read_at: Some(_), .. } => PanelState::Read,
            _ => PanelState::Unread,
        }
    }
}

/// What is known of a chat, by kind and then by source, the surest first.
pub async fn facts(tx: &mut SliceTx, chat: ChatId) -> Result<Vec<Fact>, DbError> {
    let rows = sqlx::query!(
        r#"select kind, source, value, since as "since: jiff_sqlx::Timestamp"
           from contact_facts where chat_id = $1 order by place"#,
        chat.0,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut facts = rows
        .into_iter()
        .map(|row| {
            Ok(Fact {
                kind: value(&row.kind, "contact_facts.kind")?,
                source: value(&row.source, "contact_facts.source")?,
                value: row.value,
                since: row.since.to_jiff(),
            })
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    facts.sort_by_key(|fact| (fact.kind, fact.source));
    Ok(facts)
}

/// Replaces what a source says of the given kinds; what it said before with the same value keeps its moment. Answers
/// whether anything is different.
pub async fn put(
    tx: &mut SliceTx,
    chat: ChatId,
    source: FactSource,
    kinds: &[FactKind],
    told: &[(FactKind, String)],
    now: Timestamp,
) -> Result<bool, DbError> {
    let mut changed = 0;
    for kind in kinds {
        let values: Vec<String> = told.iter().filter(|(one, _)| one == kind).map(|(_, value)| value.clone()).collect();
        changed += sqlx::query_scalar!(
            r#"with told as (
                select (place - 1)::integer as place, value from unnest($4::text[]) with ordinality as t (value, place)
             ), gone as (
                delete from contact_facts where chat_id = $1 and kind = $2 and source = $3
                   and place >= cardinality($4::text[]) returning place
             ), kept as (
                insert into contact_facts (chat_id, kind, source, place, value, since)
                select $1, $2, $3, place, value, $5 from told
                on conflict (chat_id, kind, source, place) do update
                   set value = excluded.value, since = excluded.since
                   where contact_facts.value <> excluded.value
                returning place
             )
             select (select count(*) from gone) + (select count(*) from kept) as "n!""#,
            chat.0,
            word(*kind),
            word(source),
            &values,
            moment(now) as _,
        )
        .fetch_one(tx.conn())
        .await?;
    }
    Ok(changed > 0)
}

/// How far reading a chat's panel has come.
pub async fn panel(tx: &mut SliceTx, chat: ChatId) -> Result<StoredPanel, DbError> {
    let row = sqlx::query!(
        r#"select asked_at as "asked_at: jiff_sqlx::Timestamp", read_at as "read_at: jiff_sqlx::Timestamp",
              number_hidden, attempts, not_before as "not_before: jiff_sqlx::Timestamp", reason
           from contact_panels where chat_id = $1"#,
        chat.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map_or_else(StoredPanel::default, |row| StoredPanel {
        asked_at: jiff(row.asked_at),
        read_at: jiff(row.read_at),
        number_hidden: row.number_hidden,
        attempts: row.attempts,
        not_before: jiff(row.not_before),
        reason: row.reason,
    }))
}

/// Writes how far reading a chat's panel has come.
pub async fn put_panel(tx: &mut SliceTx, chat: ChatId, panel: &StoredPanel) -> Result<(), DbError> {
    sqlx::query!(
        "insert into contact_panels (chat_id, asked_at, read_at, number_hidden, attempts, not_before, reason)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (chat_id) do update set asked_at = $2, read_at = $3, number_hidden = $4, attempts = $5,
            not_before = $6, reason = $7",
        chat.0,
        maybe(panel.asked_at) as _,
        maybe(panel.read_at) as _,
        panel.number_hidden,
        panel.attempts,
        maybe(panel.not_before) as _,
        panel.reason,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The chat whose panel is to be read next, among `only` if given: what a person asked for, longest first; then, what
/// was never read, in the order of WhatsApp's list, and of chats with nothing unread alone.
pub async fn next(tx: &mut SliceTx, only: Option<&[Uuid]>, now: Timestamp) -> Result<Option<StoredChat>, DbError> {
    let id = sqlx::query_scalar!(
        "select chats.id from chats left join contact_panels p on p.chat_id = chats.id
         where rank is not null and not ambiguous and kind <> 'yourself' and ($1::uuid[] is null or id = any($1))
           and (p.not_before is null or p.not_before <= $2)
           and (p.asked_at is not null or (p.read_at is null and coalesce(p.attempts, 0) < 3 and to_read_since is null and unread = 0))
         order by p.asked_at nulls last, rank, id limit 1",
        only,
        moment(now) as _,
    )
    .fetch_optional(tx.conn())
    .await?;
    match id {
        Some(id) => chats::find(tx, ChatId(id)).await,
        None => Ok(None),
    }
}
