//! The members that groups' info panels showed.

use jiff::Timestamp;
use queunir_core::{
    contact::{ListedMember, Member, Members},
    id::ChatId,
};

use super::{SliceTx, words::moment};
use crate::DbError;

/// The members of a group that its panel showed, each with the chat that alone has their number; none if it never
/// showed any.
pub async fn of(tx: &mut SliceTx, chat: ChatId) -> Result<Option<Members>, DbError> {
    let roster = sqlx::query!(
        r#"select total, since as "since: jiff_sqlx::Timestamp", seen_at as "seen_at: jiff_sqlx::Timestamp"
           from group_rosters where chat_id = $1"#,
        chat.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(roster) = roster else { return Ok(None) };
    let rows = sqlx::query!(
        r#"select name, push_name, phone, admin, (select min(id::text)::uuid from chats
              where chats.phone = m.phone and joined_into is null having count(*) = 1) as "chat_id: uuid::Uuid"
           from group_members m where chat_id = $1 order by place"#,
        chat.0,
    )
    .fetch_all(tx.conn())
    .await?;
    let shown = rows
        .into_iter()
        .map(|row| ListedMember {
            member: Member { name: row.name, push_name: row.push_name, phone: row.phone, admin: row.admin },
            chat_id: row.chat_id.map(ChatId),
        })
        .collect();
    Ok(Some(Members {
        shown,
        total: roster.total.and_then(|total| u32::try_from(total).ok()),
        since: roster.since.to_jiff(),
        seen_at: roster.seen_at.to_jiff(),
    }))
}

/// Replaces the members of a group and how many it has. The same ones, in whatever order, keep the moment since when
/// they have been shown.
pub async fn put(
    tx: &mut SliceTx,
    chat: ChatId,
    told: &[Member],
    total: Option<u32>,
    now: Timestamp,
) -> Result<(), DbError> {
    let known = of(tx, chat).await?;
    let mut before: Vec<Member> = known.into_iter().flat_map(|known| known.shown).map(|one| one.member).collect();
    let mut after = told.to_vec();
    before.sort();
    after.sort();
    sqlx::query!(
        "insert into group_rosters (chat_id, total, since, seen_at) values ($1, $2, $3, $3)
         on conflict (chat_id) do update set total = $2, seen_at = $3,
            since = case when $4 then group_rosters.since else $3 end",
        chat.0,
        total.and_then(|total| i32::try_from(total).ok()),
        moment(now) as _,
        before == after,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("delete from group_members where chat_id = $1", chat.0).execute(tx.conn()).await?;
    for (place, member) in (0..).zip(told) {
        sqlx::query!(
            "insert into group_members (chat_id, place, name, push_name, phone, admin) values ($1, $2, $3, $4, $5, $6)",
            chat.0,
            place,
            member.name,
            member.push_name,
            member.phone,
            member.admin,
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
