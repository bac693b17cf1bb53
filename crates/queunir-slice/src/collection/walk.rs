//! One conversation from its newest message up to where its past ends, with its files and its info panel.

use std::time::Duration;

use queunir_core::{
    collection::{Boundary, CollectionState},
    history::Older,
    id::ChatId,
};
use queunir_db::slice::{chats::StoredChat, messages};
use queunir_whatsapp::{HistoryTop, Page, Priority};
use tokio::time::Instant;

use super::stopped;
use crate::{
    app::{App, target},
    ingest::IngestError,
    media,
    past::older::{self, Walk},
    people,
    reading::ReadError,
};

/// How long the files of one window are waited for. Shorter, and slow pictures are scrolled away before they are there;
/// longer, and one that never comes holds everything up.
const FILES: Duration = Duration::from_secs(8);
/// Pause between two looks at them.
const LOOK: Duration = Duration::from_millis(150);
/// So many scrolls in a row that bring nothing although the page shows no end are an end.
const IN_VAIN: u32 = 2;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The past ends here.
    Reached(Boundary),
    /// Something is in the way.
    Stopped(CollectionState),
    /// WhatsApp is still bringing what is older.
    Syncing,
}

/// Collects a conversation; what came until it ended is stored.
///
/// # Errors
/// When the page does not do it or the store refuses.
pub(super) async fn to_the_end(
    app: &App,
    page: &dyn Page,
    chat: &StoredChat,
    priority: Priority,
) -> Result<End, ReadError> {
    let walk = Walk { app, page, chat, priority };
    let (mut read, came) = walk.open().await?;
    app.collection.came(came);
    if let Some(why) = stopped(app, chat.id).await? {
        return Ok(End::Stopped(why));
    }
    people::once(app, page, chat, priority).await?;
    let mut in_vain = 0;
    loop {
        if let Some(why) = files(app, chat.id).await? {
            return Ok(End::Stopped(why));
        }
        let top = page.history_top(&target(chat)).await?;
        let boundary = match top {
            HistoryTop::Start => Some(Boundary::Start),
            HistoryTop::Phone => Some(Boundary::OnPhone),
            HistoryTop::Syncing => {
                older::note(app, chat.id, Older::Syncing).await?;
                return Ok(End::Syncing);
            }
            HistoryTop::More if stored(app, chat.id).await? >= u64::from(app.spec.collection.messages) => {
                Some(Boundary::Limit)
            }
            HistoryTop::More => None,
        };
        if let Some(boundary) = boundary {
            // That its owner has to permit it on the phone is known only after a person has asked.
            if boundary != Boundary::OnPhone || chat.older != Older::NeedsPermission {
                let older = if boundary == Boundary::OnPhone { Older::OnPhone } else { Older::MayCome };
                older::note(app, chat.id, older).await?;
            }
            return Ok(End::Reached(boundary));
        }
        let up = walk.up(&read).await?;
        app.collection.came(up.came);
        in_vain = if up.stands { in_vain + 1 } else { 0 };
        if in_vain >= IN_VAIN {
            return Ok(End::Reached(Boundary::NothingMore));
        }
        read = up.read;
    }
}

/// Waits for the files that the page shows now, as long as nothing is in the way; answers what is.
async fn files(app: &App, chat: ChatId) -> Result<Option<CollectionState>, IngestError> {
    let began = Instant::now();
    app.wake_media.notify_one();
    loop {
        let why = stopped(app, chat).await?;
        if why.is_some() || began.elapsed() >= FILES || !media::waits(app, chat).await {
            return Ok(why);
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn stored(app: &App, chat: ChatId) -> Result<u64, IngestError> {
    let mut tx = app.db.begin().await?;
    Ok(messages::counts(&mut tx, chat).await?.rows)
}
