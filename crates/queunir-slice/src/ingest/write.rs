//! Loads what the rule of [`crate::merge`] asks about, and writes what it plans.

use jiff::SignedDuration;
use queunir_core::{id::ChatId, message::Ack};
use queunir_db::slice::{
    acts, audit, media,
    messages::{self, Near, StoredMessage},
    outgoing,
};
use queunir_whatsapp::seen::SeenConversation;
use uuid::Uuid;

use super::{Batch, IngestError};
use crate::{
    acts::record,
    merge::{Asked, Neighbourhood, Plan, Save, merge},
};

/// A window that was looked at before a message was sent may be stored after it, but not later than this.
const LATE: SignedDuration = SignedDuration::from_secs(20);

/// What a window makes of a chat.
pub(super) async fn plan(batch: &mut Batch, chat: ChatId, seen: &SeenConversation) -> Result<Plan, IngestError> {
    let asked = Asked::by(seen);
    let near = neighbourhood(batch, chat, &asked).await?;
    if let Some(plan) = merge(&near, chat, seen, &mut Uuid::now_v7) {
        return Ok(plan);
    }
    let rows = messages::whole_chat(&mut batch.tx, chat).await?;
    let near = Neighbourhood::whole(rows, near.bound, &asked);
    Ok(merge(&near, chat, seen, &mut Uuid::now_v7).unwrap_or_default())
}

async fn neighbourhood(batch: &mut Batch, chat: ChatId, asked: &Asked) -> Result<Neighbourhood, IngestError> {
    let tx = &mut batch.tx;
    let near = Near { keys: &asked.keys, minutes: &asked.minutes, keyless: &asked.keyless };
    let rows = messages::near(tx, chat, &near).await?;
    let waiting: Vec<Uuid> = rows.iter().filter(|row| row.ack == Some(Ack::Pending)).map(|row| row.id.0).collect();
    let mut bound = Vec::new();
    if !waiting.is_empty() {
        bound = outgoing::bound_among(tx, &waiting).await?;
        bound.extend(acts::bound_among(tx, &waiting).await?);
    }
    let until = match asked.first_at {
        Some(at) => messages::last_order_until(tx, chat, at).await?,
        None => None,
    };
    let around: Vec<String> = rows.iter().map(|row| row.order_key.clone()).chain(until.clone()).collect();
    let places = messages::places_around(tx, chat, &around).await?;
    Ok(Neighbourhood { rows, bound: bound.into_iter().collect(), places, until, whole: false })
}

/// Writes a plan and reports what a browser would see of it.
pub(super) async fn all(batch: &mut Batch, chat: ChatId, plan: &Plan) -> Result<(), IngestError> {
    for (from, to) in &plan.rekeyed {
        outgoing::follow_anchor(&mut batch.tx, chat, from, to).await?;
    }
    for _ in 0..plan.shared_keys {
        report_shared_key(batch, chat).await?;
    }
    save(batch, &plan.saves).await?;
    let settled = batch.now.saturating_sub(LATE).unwrap_or(batch.now);
    for id in &plan.vanished {
        if let Some(row) = outgoing::unbind(&mut batch.tx, *id, settled).await? {
            tracing::warn!(outgoing = %row.outgoing.id, "a bubble is gone before it reached the server");
            batch.outgoing(row.outgoing);
        }
        if let Some(row) = acts::unbind(&mut batch.tx, *id, settled).await? {
            tracing::warn!(act = %row.act.id, "a forward's bubble is gone before it reached the server; a person decides");
            record(&mut batch.tx, &row, "vanished").await?;
            batch.act(row.act);
        }
    }
    for id in plan.removals.iter().chain(&plan.vanished) {
        if messages::remove_unconfirmed(&mut batch.tx, *id).await? {
            batch.removed(chat, *id);
        }
    }
    Ok(())
}

/// Stores rows and reports those that look different now.
pub(super) async fn save(batch: &mut Batch, saves: &[Save]) -> Result<(), IngestError> {
    for Save { before, now, replaced_text } in saves {
        messages::save(&mut batch.tx, now).await?;
        if before.as_ref().map(|before| &before.media) != Some(&now.media) {
            media::save(&mut batch.tx, now.id, &now.media).await?;
        }
        if let Some(text) = replaced_text {
            messages::keep_revision(&mut batch.tx, now.id, text).await?;
        }
        match before.as_ref().map(StoredMessage::message) {
            None => batch.stored(now.message()),
            Some(before) if before != now.message() => batch.updated(now.message()),
            Some(_) => {}
        }
    }
    Ok(())
}

async fn report_shared_key(batch: &mut Batch, chat: ChatId) -> Result<(), IngestError> {
    tracing::warn!("two messages of one chat share a key; both are kept");
    let entry = audit::Entry {
        user: None,
        action: "key_collision",
        chat: Some(chat),
        outgoing: None,
        body_hash: None,
        result: "kept_both",
    };
    Ok(audit::record(&mut batch.tx, &entry).await?)
}
