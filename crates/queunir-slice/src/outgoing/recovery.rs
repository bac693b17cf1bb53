//! Settles the fate of messages that may have been sent, before anything new is sent (DEL-07).

use std::time::Duration;

use queunir_core::{message::Direction, outgoing::OutgoingState};
use queunir_db::slice::{
    chats::{self, StoredChat},
    messages,
    outgoing::{self, Step, StoredOutgoing},
};
use queunir_whatsapp::{
    Page, PageError, Priority,
    seen::{SeenConversation, SeenMessage},
};
use tokio::time::Instant;

use super::{
    JOB, Worker, evidence,
    evidence::{Evidence, Wanted},
};
use crate::{app::target, ingest::IngestError};

/// How often the history is scrolled up to find the anchor.
const SCROLLS: u32 = 5;
/// Longest time between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Settles every intent; answers how long to wait if the page could not be asked.
pub async fn recover_all(worker: &Worker, page: &dyn Page) -> Result<Option<Duration>, IngestError> {
    let rows = {
        let mut tx = worker.app.db.begin().await?;
        outgoing::list_in_state(&mut tx, OutgoingState::Intent).await?
    };
    for row in rows {
        let chat = {
            let mut tx = worker.app.db.begin().await?;
            chats::find(&mut tx, row.outgoing.chat_id).await?
        };
        let Some(chat) = chat else {
            doubt(worker, &row, "chat_not_found").await?;
            continue;
        };
        if !recover(worker, page, &chat, &row).await? {
            return Ok(Some(Duration::from_secs(2)));
        }
    }
    Ok(None)
}

/// Settles one intent; false if the page cannot be asked now.
async fn recover(
    worker: &Worker,
    page: &dyn Page,
    chat: &StoredChat,
    row: &StoredOutgoing,
) -> Result<bool, IngestError> {
    let wait = Duration::from_millis(worker.app.spec.pacing.recovery_wait_ms);
    let stop = worker.app.life.soft();
    let began = Instant::now();
    loop {
        let seen = match look(worker, page, chat, row).await? {
            Ok(seen) => seen,
            Err(PageError::ChatNotFound | PageError::Ambiguous) => {
                doubt(worker, row, "chat_not_found").await?;
                return Ok(true);
            }
            Err(error) => {
                tracing::info!(%error, outgoing = %row.outgoing.id, "the page cannot be asked for evidence now");
                return Ok(false);
            }
        };
        if seen.offline {
            return Ok(false);
        }
        let bound = bound_keys(worker, chat, &seen).await?;
        let over = began.elapsed() >= wait;
        match evidence::find(&seen, row.anchor.as_deref(), Wanted::of(&row.outgoing), &bound) {
            Evidence::Bubble(bubble) => {
                worker.bind(row, chat, above(&seen, &bubble).as_deref(), &bubble).await?;
                return Ok(true);
            }
            Evidence::Absent if over => {
                absent(worker, row).await?;
                return Ok(true);
            }
            Evidence::Several => {
                doubt(worker, row, "several_alike").await?;
                return Ok(true);
            }
            Evidence::AnchorAbove if over => {
                doubt(worker, row, "anchor_not_found").await?;
                return Ok(true);
            }
            Evidence::Pending if over => {
                doubt(worker, row, "still_pending").await?;
                return Ok(true);
            }
            Evidence::Absent | Evidence::AnchorAbove | Evidence::Pending => {}
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(false),
            () = tokio::time::sleep(LOOK.min(wait)) => {}
        }
    }
}

/// Opens the chat and scrolls up until the anchor is loaded; what is seen is stored on the way.
async fn look(
    worker: &Worker,
    page: &dyn Page,
    chat: &StoredChat,
    row: &StoredOutgoing,
) -> Result<Result<SeenConversation, PageError>, IngestError> {
    let mut seen = match page.open_chat(&target(chat), Priority::Send, JOB).await {
        Ok(seen) => seen,
        Err(error) => return Ok(Err(error)),
    };
    worker.app.set_open_chat(Some(chat.id));
    worker.app.ingest.conversation(&seen).await?;
    let at_end = seen.at_end;
    for _ in 0..SCROLLS {
        let found = row.anchor.as_ref().is_some_and(|anchor| seen.messages.iter().any(|m| m.key == *anchor));
        if found || seen.at_start {
            break;
        }
        let older = match page.load_older(&target(chat), Priority::Send, JOB).await {
            Ok(older) => older,
            Err(error) => return Ok(Err(error)),
        };
        worker.app.ingest.conversation(&older).await?;
        seen = joined(older, seen);
    }
    seen.at_end = at_end;
    Ok(Ok(seen))
}

/// Two windows of one chat as one; the page may have dropped rows at the far end while it scrolled.
fn joined(older: SeenConversation, newer: SeenConversation) -> SeenConversation {
    let mut messages = older.messages;
    let overlap =
        messages.iter().rev().find_map(|message| newer.messages.iter().position(|other| other.key == message.key));
    if let Some(from) = overlap {
        messages.extend(newer.messages.into_iter().skip(from + 1));
    } else {
        // Between two windows that do not touch nothing is known.
        let unknown = newer.messages.first().cloned().map(|message| SeenMessage {
            key: String::new(),
            drawn: false,
            direction: Direction::Unknown,
            ..message
        });
        messages.extend(unknown);
        messages.extend(newer.messages);
    }
    SeenConversation { messages, offline: older.offline || newer.offline, ..older }
}

fn above(seen: &SeenConversation, bubble: &SeenMessage) -> Option<String> {
    let at = seen.messages.iter().rposition(|message| message.key == bubble.key)?;
    Some(seen.messages.get(at.checked_sub(1)?)?.key.clone())
}

/// Keys of bubbles that belong to other outgoing messages.
async fn bound_keys(worker: &Worker, chat: &StoredChat, seen: &SeenConversation) -> Result<Vec<String>, IngestError> {
    let keys: Vec<String> = seen.messages.iter().map(|message| message.key.clone()).collect();
    let mut tx = worker.app.db.begin().await?;
    let rows = messages::by_keys(&mut tx, chat.id, &keys).await?;
    let ids: Vec<uuid::Uuid> = rows.iter().map(|row| row.id.0).collect();
    let bound = outgoing::bound_among(&mut tx, &ids).await?;
    Ok(rows.into_iter().filter(|row| bound.contains(&row.id)).filter_map(|row| row.page_key).collect())
}

/// Absence is proven: once the message is sent again, a second time a person decides.
async fn absent(worker: &Worker, row: &StoredOutgoing) -> Result<(), IngestError> {
    if row.requeued {
        return doubt(worker, row, "absent_twice").await;
    }
    tracing::info!(outgoing = %row.outgoing.id, "absence is proven; the message is queued once more");
    let step = Step::new(row.outgoing.id, &[OutgoingState::Intent], OutgoingState::Queued);
    worker.step(&Step { requeued: true, ..step }).await.map(drop)
}

async fn doubt(worker: &Worker, row: &StoredOutgoing, reason: &str) -> Result<(), IngestError> {
    tracing::warn!(outgoing = %row.outgoing.id, reason, "nothing proves whether a message was sent; a person decides");
    let step = Step::new(row.outgoing.id, &[OutgoingState::Intent], OutgoingState::Uncertain).because(reason);
    worker.step(&step).await.map(drop)
}
