//! Moving what is stored of one chat to another, with a record of how it was, and moving it back. The caller owns the
//! transaction and decides which messages go where.

use jiff::Timestamp;
use queunir_core::id::{ChatId, JoinId, MessageId};
use uuid::Uuid;

use super::{SliceTx, opt_outs, words::jiff};
use crate::DbError;

/// A message as far as its place is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub id: MessageId,
    /// Its direction and key, by which it is the same message in two chats; none on a provisional row.
    pub key: Option<(String, String)>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// Its place.
    pub order_key: String,
    /// The row that stood directly above it.
    pub after: Option<MessageId>,
    /// It was stored after the join that was asked about.
    pub is_new: bool,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub id: MessageId,
    /// Its place.
    pub order_key: String,
    /// The row directly above it.
    pub after: Option<MessageId>,
}

/// All messages of a chat in their order; new is what was stored since a join.
pub async fn places(tx: &mut SliceTx, chat: ChatId, since: JoinId) -> Result<Vec<Placed>, DbError> {
    let rows = sqlx::query!(
        r#"select id, direction, wa_msg_id, sent_at as "sent_at: jiff_sqlx::Timestamp", order_key, after_id,
                  coalesce(created_at >= (select moved_at from chat_joins where id = $2), false) as "is_new!"
           from messages where chat_id = $1 order by order_key, id"#,
        chat.0,
        since.0,
    )
    .fetch_all(tx.conn())
    .await?;
    let placed = rows.into_iter().map(|row| Placed {
        id: MessageId(row.id),
        key: row.wa_msg_id.map(|key| (row.direction, key)),
        sent_at: jiff(row.sent_at),
        order_key: row.order_key,
        after: row.after_id.map(MessageId),
        is_new: row.is_new,
    });
    Ok(placed.collect())
}

/// How the messages were that a join moved.
pub async fn moved(tx: &mut SliceTx, join: JoinId) -> Result<Vec<Place>, DbError> {
    let rows = sqlx::query!(
        r#"select item::uuid as "id!", was ->> 'order_key' as "order_key!", (was ->> 'after_id')::uuid as after_id
           from chat_join_moves where join_id = $1 and what = 'message'"#,
        join.0,
    )
    .fetch_all(tx.conn())
    .await?;
    let places = rows.into_iter().map(|row| Place {
        id: MessageId(row.id),
        order_key: row.order_key,
        after: row.after_id.map(MessageId),
    });
    Ok(places.collect())
}

/// Gives messages their places in a chat.
pub async fn place(tx: &mut SliceTx, chat: ChatId, places: &[Place]) -> Result<(), DbError> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id.0).collect();
    let keys: Vec<String> = places.iter().map(|place| place.order_key.clone()).collect();
    let above: Vec<Option<Uuid>> = places.iter().map(|place| place.after.map(|id| id.0)).collect();
    sqlx::query!(
        "update messages m set chat_id = $1, order_key = p.order_key, after_id = p.after_id
         from unnest($2::uuid[], $3::text[], $4::uuid[]) as p (id, order_key, after_id) where m.id = p.id",
        chat.0,
        &ids,
        &keys,
        above.as_slice() as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves everything of `from` to `into`: the messages to their places, and with them what was sent, done, missed and known.
/// `same` are messages of `from` that `into` has as well, each with that one; they stay, and what refers to them follows.
pub async fn join(
    tx: &mut SliceTx,
    join: JoinId,
    (from, into): (ChatId, ChatId),
    places: &[Place],
    same: &[(MessageId, MessageId)],
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id.0).collect();
    let twins: Vec<Uuid> = same.iter().map(|(twin, _)| twin.0).collect();
    let kept: Vec<Uuid> = same.iter().map(|(_, kept)| kept.0).collect();
    sqlx::query!(
        "insert into chat_join_moves (join_id, what, item, was)
         select $1::uuid, 'message', id::text, jsonb_build_object('order_key', order_key, 'after_id', after_id)
           from messages where id = any($4)
         union all
         select $1::uuid, 'outgoing', id::text, jsonb_build_object('bound', bound_msg_id) from outgoing where chat_id = $2
         union all
         select $1::uuid, 'act', id::text, jsonb_build_object('chat', chat_id, 'to', to_chat_id, 'message', message_id,
             'bound', bound_msg_id) from acts where chat_id = $2 or to_chat_id = $2
         union all
         select $1::uuid, 'gap', id::text, jsonb_build_object('after', after_id)
           from gaps where chat_id = $2 and before_id = any($4)
         union all
         select $1::uuid, 'fact', concat_ws('/', kind, source, place), to_jsonb(f)
           from contact_facts f where chat_id = $2 and not exists (
             select from contact_facts k where k.chat_id = $3 and k.kind = f.kind and k.source = f.source)
         union all
         select $1::uuid, 'alias', alias, '{}'::jsonb from chat_alias where chat_id = $2",
        join.0,
        from.0,
        into.0,
        &ids,
    )
    .execute(tx.conn())
    .await?;
    place(tx, into, places).await?;
    sqlx::query!(
        "update outgoing o set chat_id = $2, bound_msg_id = coalesce((select s.kept
             from unnest($3::uuid[], $4::uuid[]) as s (twin, kept)
             where s.twin = o.bound_msg_id and not exists (select from outgoing where bound_msg_id = s.kept)), bound_msg_id)
         where chat_id = $1",
        from.0,
        into.0,
        &twins,
        &kept,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update acts a set chat_id = case when chat_id = $1 then $2 else chat_id end,
             to_chat_id = case when to_chat_id = $1 then $2 else to_chat_id end,
             message_id = coalesce((select s.kept from unnest($3::uuid[], $4::uuid[]) as s (twin, kept)
                 where s.twin = a.message_id), message_id),
             bound_msg_id = coalesce((select s.kept from unnest($3::uuid[], $4::uuid[]) as s (twin, kept)
                 where s.twin = a.bound_msg_id and not exists (select from acts where bound_msg_id = s.kept)), bound_msg_id)
         where chat_id = $1 or to_chat_id = $1",
        from.0,
        into.0,
        &twins,
        &kept,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update gaps g set chat_id = $2, after_id = coalesce((select s.kept
             from unnest($3::uuid[], $4::uuid[]) as s (twin, kept) where s.twin = g.after_id), after_id)
         where chat_id = $1 and id in (select item::uuid from chat_join_moves where join_id = $5 and what = 'gap')",
        from.0,
        into.0,
        &twins,
        &kept,
        join.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update contact_facts set chat_id = $2
         where chat_id = $1 and concat_ws('/', kind, source, place) in
             (select item from chat_join_moves where join_id = $3 and what = 'fact')",
        from.0,
        into.0,
        join.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("update chat_alias set chat_id = $2 where chat_id = $1", from.0, into.0).execute(tx.conn()).await?;
    opt_outs::inherit(tx, from, into).await?;
    sqlx::query!("update chat_joins set moved_at = now() where id = $1", join.0).execute(tx.conn()).await?;
    sqlx::query!("update chats set joined_into = $2, rank = null, to_read_since = null where id = $1", from.0, into.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Moves back what a join moved, as it was, and with it what came since and belongs to the messages in `places`, which are
/// all that go. The name stays with the number beside which the page showed it. Whoever wants nothing to be sent to them
/// stays so in both.
pub async fn part(
    tx: &mut SliceTx,
    join: JoinId,
    (from, into): (ChatId, ChatId),
    places: &[Place],
    kept_alias: &str,
) -> Result<(), DbError> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id.0).collect();
    place(tx, from, places).await?;
    sqlx::query!(
        "update outgoing o set chat_id = $2, bound_msg_id =
             coalesce((select id from messages where id = (m.was ->> 'bound')::uuid), o.bound_msg_id)
         from chat_join_moves m where m.join_id = $1 and m.what = 'outgoing' and o.id = m.item::uuid",
        join.0,
        from.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update outgoing set chat_id = $2 where chat_id = $1 and bound_msg_id = any($3)",
        into.0,
        from.0,
        &ids
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update acts a set chat_id = (m.was ->> 'chat')::uuid, to_chat_id = (m.was ->> 'to')::uuid,
             message_id = coalesce((select id from messages where id = (m.was ->> 'message')::uuid), a.message_id),
             bound_msg_id = coalesce((select id from messages where id = (m.was ->> 'bound')::uuid), a.bound_msg_id)
         from chat_join_moves m where m.join_id = $1 and m.what = 'act' and a.id = m.item::uuid",
        join.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("update acts set chat_id = $2 where chat_id = $1 and message_id = any($3)", into.0, from.0, &ids)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "update gaps g set chat_id = $2, after_id = (m.was ->> 'after')::uuid
         from chat_join_moves m where m.join_id = $1 and m.what = 'gap' and g.id = m.item::uuid",
        join.0,
        from.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("update gaps set chat_id = $2 where chat_id = $1 and before_id = any($3)", into.0, from.0, &ids)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "delete from contact_facts f using chat_join_moves m
         where m.join_id = $1 and m.what = 'fact' and f.chat_id = $2
           and m.item = concat_ws('/', f.kind, f.source, f.place)
           and to_jsonb(f) - 'chat_id' = m.was - 'chat_id'",
        join.0,
        into.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into contact_facts
         select (jsonb_populate_record(null::contact_facts, was)).* from chat_join_moves
          where join_id = $1 and what = 'fact'
         on conflict do nothing",
        join.0,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update chat_alias set chat_id = $3 where chat_id = $2 and alias <> $4 and alias in
             (select item from chat_join_moves where join_id = $1 and what = 'alias')",
        join.0,
        into.0,
        from.0,
        kept_alias,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("delete from chat_join_moves where join_id = $1", join.0).execute(tx.conn()).await?;
    opt_outs::inherit(tx, into, from).await?;
    sqlx::query!("update chats set joined_into = null, ambiguous = true where id = $1", from.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
