//! A forward: pressed at most once, like a message (DEL-05..07). The intent is committed before the press; afterwards
//! the other chat's new bubble is the proof, and without it a person decides.

use std::time::Duration;

use queunir_core::{
    act::ActState,
    id::ChatId,
    message::{Ack, Direction, MessageKind},
    outgoing::OutgoingState,
    text::comparable_body,
};
use queunir_db::{
    DbError,
    slice::{
        acts::{self, Step, StoredAct},
        chats::{self, StoredChat},
        messages::{self, StoredMessage},
        outgoing,
    },
};
use queunir_whatsapp::{
    Page, PageError, Pressed, Priority,
    seen::{SeenConversation, SeenMessage},
};
use tokio::time::Instant;

use super::{JOB, Task, Worker, record};
use crate::{
    app::{App, target},
    ingest::IngestError,
    outgoing::around,
    restored,
};

/// How long the bubble is waited for after the press.
const BUBBLE: Duration = Duration::from_secs(30);
/// Longest time between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Whether the pace allows a forward now, and no message's fate is open that could be taken for it.
pub async fn may_go(app: &App) -> Result<bool, IngestError> {
    let mut tx = app.db.begin().await?;
    if outgoing::next_allowed(&mut tx, &app.spec.pacing, app.now()).await?.is_some() {
        return Ok(false);
    }
    Ok(outgoing::list_in_state(&mut tx, OutgoingState::Intent).await?.is_empty())
}

pub(super) async fn forward(worker: &Worker, page: &dyn Page, task: &Task, to: ChatId) -> Result<(), IngestError> {
    let row = &task.row;
    let other = {
        let mut tx = worker.app.db.begin().await?;
        chats::find(&mut tx, to).await?
    };
    let other = match other {
        Some(other) if !other.ambiguous => other,
        Some(_) => return worker.end(row, ActState::Failed, Some("ambiguous_chat")).await,
        None => return worker.end(row, ActState::Failed, Some("chat_not_found")).await,
    };
    // The page goes to the other chat and back, and to the other chat again.
    let _way = worker.app.on_the_way();
    let ticket = match page.forward(&target(&task.chat), &task.key, &target(&other), JOB).await {
        Ok(ticket) => ticket,
        Err(error) => return worker.not_done(row, &error).await,
    };
    let anchor = ticket.anchor().map(str::to_owned);
    if intend(worker, row, anchor.as_deref()).await?.is_none() {
        // Taken back, or the other chat may not be written to; dropping the ticket closes the dialog.
        drop(ticket);
        return worker.end(row, ActState::Failed, Some("chat_not_allowed")).await;
    }
    let pressed = match restored::note_press(&worker.app).await {
        Ok(()) => ticket.press(BUBBLE).await,
        Err(error) => Err(error),
    };
    match pressed {
        Ok(Pressed::Bubble(bubble)) => {
            worker.app.set_open_chat(Some(other.id));
            bind(worker, row, &other, anchor.as_deref(), &bubble).await
        }
        Ok(Pressed::NotSeen) => {
            tracing::warn!(act = %row.act.id, "no bubble was seen after a forward; looking for evidence");
            Ok(())
        }
        Err(error) => {
            {
                let (_turn, mut batch) = worker.app.ingest.begin().await?;
                acts::unintend(&mut batch.tx, row.act.id, worker.app.spec.generation).await?;
                worker.app.ingest.finish(batch).await?;
            }
            worker.not_done(row, &error.into()).await
        }
    }
}

async fn intend(worker: &Worker, row: &StoredAct, anchor: Option<&str>) -> Result<Option<StoredAct>, IngestError> {
    let app = &worker.app;
    let (_turn, mut batch) = app.ingest.begin().await?;
    let now = batch.now;
    let row = acts::intend(&mut batch.tx, row.act.id, anchor, now, app.spec.generation).await?;
    if let Some(row) = &row {
        batch.act(row.act.clone());
    }
    app.ingest.finish(batch).await?;
    Ok(row)
}

/// The bubble is there: stores it, binds it, and the forward is done.
async fn bind(
    worker: &Worker,
    row: &StoredAct,
    other: &StoredChat,
    anchor: Option<&str>,
    bubble: &SeenMessage,
) -> Result<(), IngestError> {
    let app = &worker.app;
    let (turn, mut batch) = app.ingest.begin().await?;
    let read = app.ingest.conversation_in(&mut batch, &around(other, anchor, bubble)).await?;
    let Some((_, message)) = read.rows.last() else { return Ok(()) };
    match acts::bind(&mut batch.tx, row.act.id, *message, app.spec.generation).await {
        Ok(Some(bound)) => {
            record(&mut batch.tx, &bound, "done").await?;
            batch.act(bound.act);
            app.ingest.finish(batch).await
        }
        Ok(None) => Ok(()),
        Err(DbError::Constraint(name)) => {
            tracing::error!(constraint = name, act = %row.act.id, "the bubble belongs to another forward");
            drop(batch);
            drop(turn);
            doubt(worker, row, "bubble_taken").await
        }
        Err(error) => Err(error.into()),
    }
}

/// Looks in the other chat for what became of a forward; false if the page cannot be asked now.
pub(super) async fn recover(worker: &Worker, page: &dyn Page, row: &StoredAct) -> Result<bool, IngestError> {
    let queunir_core::act::Wish::Forward { to } = row.act.wish else { return Ok(true) };
    let (other, source) = {
        let mut tx = worker.app.db.begin().await?;
        (chats::find(&mut tx, to).await?, messages::find(&mut tx, row.act.message_id).await?)
    };
    let (Some(other), Some(source)) = (other, source) else {
        doubt(worker, row, "chat_not_found").await?;
        return Ok(true);
    };
    let wait = Duration::from_millis(worker.app.spec.pacing.recovery_wait_ms);
    let stop = worker.app.life.soft();
    let began = Instant::now();
    loop {
        let seen = match page.open_chat(&target(&other), Priority::Send, JOB).await {
            Ok(seen) => seen,
            Err(PageError::ChatNotFound | PageError::Ambiguous) => {
                doubt(worker, row, "chat_not_found").await?;
                return Ok(true);
            }
            Err(error) => {
                tracing::info!(%error, act = %row.act.id, "the page cannot be asked for evidence now");
                return Ok(false);
            }
        };
        worker.app.set_open_chat(Some(other.id));
        worker.app.ingest.conversation(&seen).await?;
        if seen.offline {
            return Ok(false);
        }
        let bound = bound_keys(worker, &other, &seen).await?;
        match copies(&seen, row.anchor.as_deref(), &source, &bound).as_slice() {
            [one] if one.ack.is_some_and(|ack| ack > Ack::Pending) => {
                let above = seen.messages.iter().rposition(|message| message.key == one.key);
                let above = above.and_then(|at| at.checked_sub(1)).and_then(|at| seen.messages.get(at));
                let one = (*one).clone();
                bind(worker, row, &other, above.map(|message| message.key.as_str()), &one).await?;
                return Ok(true);
            }
            [] | [_] if began.elapsed() < wait => {}
            _ => {
                doubt(worker, row, "not_shown").await?;
                return Ok(true);
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(false),
            () = tokio::time::sleep(LOOK.min(wait)) => {}
        }
    }
}

/// Bubbles of ours below the anchor that carry what the source carries; what others wrote is marked as forwarded.
fn copies<'a>(
    seen: &'a SeenConversation,
    anchor: Option<&str>,
    source: &StoredMessage,
    bound: &[String],
) -> Vec<&'a SeenMessage> {
    let below = match anchor {
        Some(anchor) => match seen.messages.iter().rposition(|message| message.key == anchor) {
            Some(at) => &seen.messages[at + 1..],
            None => return Vec::new(),
        },
        None if seen.at_start => seen.messages.as_slice(),
        None => return Vec::new(),
    };
    let alike = |message: &&SeenMessage| {
        message.drawn
            && (message.forwarded || source.direction == Direction::Out)
            && message.direction == Direction::Out
            && !bound.contains(&message.key)
            && (message.kind == source.kind || source.kind == MessageKind::Unknown)
            && comparable_body(&message.text) == comparable_body(&source.text)
    };
    below.iter().filter(alike).collect()
}

/// Keys of bubbles that belong to messages or to other forwards.
async fn bound_keys(worker: &Worker, chat: &StoredChat, seen: &SeenConversation) -> Result<Vec<String>, IngestError> {
    let keys: Vec<String> = seen.messages.iter().map(|message| message.key.clone()).collect();
    let mut tx = worker.app.db.begin().await?;
    let rows = messages::by_keys(&mut tx, chat.id, &keys).await?;
    let ids: Vec<uuid::Uuid> = rows.iter().map(|row| row.id.0).collect();
    let mut bound = outgoing::bound_among(&mut tx, &ids).await?;
    bound.extend(acts::bound_among(&mut tx, &ids).await?);
    Ok(rows.into_iter().filter(|row| bound.contains(&row.id)).filter_map(|row| row.page_key).collect())
}

async fn doubt(worker: &Worker, row: &StoredAct, reason: &str) -> Result<(), IngestError> {
    tracing::warn!(act = %row.act.id, reason, "nothing proves whether a message was forwarded; a person decides");
    let step = Step { pressed: true, ..Step::new(row.act.id, &[ActState::Doing], ActState::Uncertain) };
    let (_turn, mut batch) = worker.app.ingest.begin().await?;
    if let Some(row) = acts::step(&mut batch.tx, &step.because(reason), worker.app.spec.generation).await? {
        record(&mut batch.tx, &row, "uncertain").await?;
        batch.act(row.act);
    }
    worker.app.ingest.finish(batch).await
}
