//! Ending the link and erasing: what was asked, which steps are done, and the deleting itself.

use jiff::Timestamp;
use queunir_core::{
    id::UserId,
    link::{Parting, PartingKind, PartingStep},
};
use sqlx::AssertSqlSafe;

use super::{
    SliceTx,
    words::{jiff, moment, value, word},
};
use crate::DbError;

/// Tables that hold what was said and what is known of it, children before parents.
const MESSAGES: &[&str] = &[
    "event_log",
    "chat_join_moves",
    "chat_joins",
    "contact_facts",
    "contact_panels",
    "group_members",
    "group_rosters",
    "collections",
    "acts",
    "outgoing",
    "gaps",
    "media",
    "message_revisions",
    "messages",
    "chat_alias",
    "chat_pictures",
    "chats",
];
/// Tables that hold files.
const FILES: &[&str] = &["uploads", "media_files"];

/// One that was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its number.
    pub id: i64,
    /// Who asked.
    pub user: UserId,
    /// What, and how far it has come.
    pub parting: Parting,
}

/// Notes a wish; `None` if one is being carried out.
pub async fn ask(tx: &mut SliceTx, kind: PartingKind, user: UserId, at: Timestamp) -> Result<Option<i64>, DbError> {
    Ok(sqlx::query_scalar!(
        "insert into partings (kind, user_id, asked_at) values ($1, $2, $3) on conflict do nothing returning id",
        word(kind),
        user.0,
        moment(at) as _,
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The latest one.
pub async fn latest(tx: &mut SliceTx) -> Result<Option<Asked>, DbError> {
    let row = sqlx::query!(
        r#"select id, kind, user_id, done, ended_at as "ended_at: jiff_sqlx::Timestamp"
           from partings order by id desc limit 1"#
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let done = row.done.iter().map(|step| value(step, "partings.done")).collect::<Result<_, _>>()?;
        let parting = Parting { kind: value(&row.kind, "partings.kind")?, done, ended_at: jiff(row.ended_at) };
        Ok(Asked { id: row.id, user: UserId(row.user_id), parting })
    })
    .transpose()
}

/// When it was last asked that the profile be deleted; once that is done, when it was.
pub async fn last_unlinked(tx: &mut SliceTx) -> Result<Option<Timestamp>, DbError> {
    let last = sqlx::query_scalar!(
        r#"select max(greatest(asked_at, ended_at)) as "at: jiff_sqlx::Timestamp" from partings where kind in ('disconnect', 'wipe')"#
    );
    Ok(jiff(last.fetch_one(tx.conn()).await?))
}

/// Notes that a step is done, and that everything is when it was the last one.
pub async fn done(tx: &mut SliceTx, id: i64, step: PartingStep, last: bool, at: Timestamp) -> Result<(), DbError> {
    sqlx::query!(
        "update partings set done = array_append(done, $2), ended_at = case when $3 then $4::timestamptz end where id = $1",
        id,
        word(step),
        last,
        moment(at) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Deletes every chat with everything said in it; who did what (`audit`) and the tenant's choices stay.
pub async fn erase_messages(tx: &mut SliceTx) -> Result<(), DbError> {
    erase(tx, MESSAGES).await
}

/// Deletes the rows of files; the files themselves are nobody's then.
pub async fn erase_files(tx: &mut SliceTx) -> Result<(), DbError> {
    erase(tx, FILES).await
}

async fn erase(tx: &mut SliceTx, tables: &[&'static str]) -> Result<(), DbError> {
    for table in tables {
        // A name of the two lists above.
        sqlx::query(AssertSqlSafe(format!("delete from {table}"))).execute(tx.conn()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    /// What a wipe leaves: counters, the trail, choices, the history of the link, and whom nobody may write to.
    const KEPT: &[&str] = &[
        "_sqlx_migrations",
        "audit",
        "event_counter",
        "fence",
        "link_history",
        "link_state",
        "opt_out_numbers",
        "partings",
        "settings",
        "settings_history",
    ];

    #[sqlx::test(migrator = "crate::slice::MIGRATIONS")]
    async fn every_table_is_either_erased_or_kept_on_purpose(pool: PgPool) {
        let found: Vec<String> = sqlx::query_scalar(
            "select table_name::text from information_schema.tables
             where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let mut known: Vec<&str> = [MESSAGES, FILES, KEPT].concat();
        known.sort_unstable();
        assert_eq!(found, known);
    }
}
