//! Numbers that do not want to be written to, with or without a chat (POL-05).

use jiff::Timestamp;
use queunir_core::{
    chat::{OptOut, OptOutReason},
    id::{ChatId, UserId},
    phone::PhoneNumber,
};
use uuid::Uuid;

use super::{
    SliceTx,
    words::{jiff, moment, optional, value, word},
};
use crate::DbError;

/// A number that is to be noted.
#[derive(Clone, Debug)]
pub struct New {
    /// In any of its forms.
    pub phone: PhoneNumber,
    /// Since when, and why.
    pub opt_out: OptOut,
}

/// What is known of a number.
#[derive(Clone, Debug)]
pub struct Known {
    /// In its longest form.
    pub phone: String,
    /// It is noted.
    pub noted: bool,
    /// A chat that is known by it.
    pub chat: Option<KnownChat>,
}

/// A chat with a number that was asked for.
#[derive(Clone, Debug)]
pub struct KnownChat {
    /// Which.
    pub id: ChatId,
    /// Its name.
    pub title: String,
    /// It opted out.
    pub opted_out: bool,
}

/// What is known of numbers; one that several chats are known by comes several times.
pub async fn known(tx: &mut SliceTx, numbers: &[New]) -> Result<Vec<Known>, DbError> {
    let pairs = numbers.iter().flat_map(|new| {
        let longest = new.phone.longest();
        new.phone.forms().into_iter().map(move |form| (longest.as_str().to_owned(), format!("phone:{}", form.as_str())))
    });
    let (phones, aliases): (Vec<String>, Vec<String>) = pairs.unzip();
    let rows = sqlx::query!(
        r#"select distinct p.phone as "phone!", n.phone is not null as "noted!", c.id as "id?", c.title as "title?",
              c.opted_out as "opted_out?"
           from unnest($1::text[], $2::text[]) as p (phone, alias)
              left join opt_out_numbers n on n.phone = p.phone
              left join (chat_alias a join chats c on c.id = a.chat_id and c.joined_into is null) on a.alias = p.alias
           order by 1, 3"#,
        &phones,
        &aliases,
    )
    .fetch_all(tx.conn())
    .await?;
    let chat = |id: Option<Uuid>, title: Option<String>, opted_out: Option<bool>| {
        Some(KnownChat { id: ChatId(id?), title: title?, opted_out: opted_out? })
    };
    let known = rows.into_iter().map(|row| Known {
        phone: row.phone,
        noted: row.noted,
        chat: chat(row.id, row.title, row.opted_out),
    });
    Ok(known.collect())
}

/// Notes numbers; one that is noted already stays as it is.
pub async fn insert(tx: &mut SliceTx, numbers: &[New], by: UserId, now: Timestamp) -> Result<(), DbError> {
    let forms = |new: &New| new.phone.forms().iter().map(|form| form.as_str().to_owned()).collect::<Vec<_>>().join(" ");
    let column = |of: &dyn Fn(&New) -> String| numbers.iter().map(of).collect::<Vec<_>>();
    sqlx::query!(
        "insert into opt_out_numbers (phone, forms, opted_out_at, reason, added_by, added_at)
         select phone, string_to_array(forms, ' '), at::timestamptz, reason, $5::uuid, $6::timestamptz
         from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as new (phone, forms, at, reason)
         on conflict do nothing",
        &column(&|new| new.phone.longest().as_str().to_owned()),
        &column(&forms),
        &column(&|new| new.opt_out.at.to_string()),
        &column(&|new| word(new.opt_out.reason)),
        by.0,
        moment(now) as _,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many are noted.
pub async fn count(tx: &mut SliceTx) -> Result<i64, DbError> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "n!" from opt_out_numbers"#).fetch_one(tx.conn()).await?)
}

/// A number may be written to again; false if it was not noted.
pub async fn remove(tx: &mut SliceTx, phone: &PhoneNumber) -> Result<bool, DbError> {
    let longest = phone.longest();
    let done =
        sqlx::query!("delete from opt_out_numbers where phone = $1", longest.as_str()).execute(tx.conn()).await?;
    Ok(done.rows_affected() == 1)
}

/// A chat that has not opted out does so with its number, if that is noted: since when, why, and who noted it.
pub async fn recall(tx: &mut SliceTx, chat: ChatId) -> Result<Option<(OptOut, UserId)>, DbError> {
    let row = sqlx::query!(
        r#"update chats set opted_out = true, opted_out_at = n.opted_out_at, opt_out_reason = n.reason
           from (select opted_out_at, reason, added_by from opt_out_numbers where forms && numbers_of($1)
                 order by opted_out_at limit 1) n
           where id = $1 and not opted_out
           returning n.opted_out_at as "at!: jiff_sqlx::Timestamp", n.reason as "reason!", n.added_by as "added_by!""#,
        chat.0,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let reason = value(&row.reason, "opt_out_numbers.reason")?;
        Ok((OptOut { at: row.at.to_jiff(), reason }, UserId(row.added_by)))
    })
    .transpose()
}

/// Those of these chats that have not opted out do so with their numbers.
pub async fn recall_all(tx: &mut SliceTx, chats: &[Uuid]) -> Result<(), DbError> {
    sqlx::query!(
        "update chats c set opted_out = true, opted_out_at = n.opted_out_at, opt_out_reason = n.reason
         from (select distinct on (id) id, opted_out_at, reason
               from unnest($1::uuid[]) id join opt_out_numbers on forms && numbers_of(id)
               order by id, opted_out_at) n
         where c.id = n.id and not c.opted_out",
        chats,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// One who does not want to be written to.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Their chat, if there is one.
    pub chat: Option<ChatId>,
    /// Its name.
    pub title: Option<String>,
    /// Their number, where it is known.
    pub phone: Option<String>,
    /// Since when, and why.
    pub opt_out: OptOut,
}

/// All who do not want to be written to, the latest first: chats, and numbers of which no chat says so.
pub async fn list(tx: &mut SliceTx, limit: i64) -> Result<Vec<Listed>, DbError> {
    let rows = sqlx::query!(
        r#"select id as "id?", title as "title?", coalesce(phone, (numbers_of(id))[1]) as "phone?", opted_out_at as "at?: jiff_sqlx::Timestamp",
              opt_out_reason as "reason?"
           from chats where opted_out and joined_into is null
           union all
           select null, null, n.phone, n.opted_out_at, n.reason from opt_out_numbers n
           where not exists (select from chat_alias a join chats c on c.id = a.chat_id and c.opted_out
              where a.alias in (select 'phone:' || form from unnest(n.forms) form))
           order by 4 desc nulls last, 3, 1 limit $1"#,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        let reason: Option<OptOutReason> = optional(row.reason, "opt_out_reason")?;
        if let Some((at, reason)) = jiff(row.at).zip(reason) {
            let opt_out = OptOut { at, reason };
            listed.push(Listed { chat: row.id.map(ChatId), title: row.title, phone: row.phone, opt_out });
        }
    }
    Ok(listed)
}
