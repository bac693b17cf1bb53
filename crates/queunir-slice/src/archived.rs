//! Looks through the archived chats: after each new link, whenever the list or the way to them says that something went in
//! or out, and now and then, because more messages in a chat with unread ones say nothing there.

use std::time::Duration;

use queunir_core::link::PageState;
use queunir_whatsapp::{Page, PageError, Priority};
use tokio::time::Instant;

use crate::{app::App, reading::ReadError};

/// How often is looked whether something went in or out; nothing is clicked for that.
const LOOK: Duration = Duration::from_secs(3);
/// After so long the drawer is looked through though nothing says that it changed.
const AGAIN: Duration = Duration::from_secs(600);
/// How long a page that does not show its archived chats is left alone.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
/// How long the walk over the list and the drawer may take each.
const WALK: Duration = Duration::from_secs(60);

/// What tells that something went in or out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Signs {
    /// What the way to the archived chats says.
    label: Option<String>,
    /// How many chats the list has.
    listed: Option<u32>,
}

/// What is known of this link's archive.
struct Known {
    signs: Signs,
    looked: Instant,
}

impl Known {
    /// Whether the drawer shows what it showed then. A list that grew has a new chat, or one that left the archive and
    /// says so itself.
    fn holds(&self, signs: &Signs) -> bool {
        let still = signs.label.is_none() || self.looked.elapsed() < AGAIN;
        still && self.signs.label == signs.label && self.signs.listed <= signs.listed
    }
}

/// Runs until the slice stops.
pub async fn run(app: App) {
    let stop = app.life.soft();
    let _stop_on_panic = stop.clone().drop_guard();
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut known = None;
    let mut not_before = Instant::now();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let Some(page) = app.page().filter(|_| app.link.state() == PageState::Linked) else {
            known = None;
            not_before = Instant::now();
            continue;
        };
        if !app.link.now().first_list_complete || Instant::now() < not_before {
            continue;
        }
        let step = tokio::select! {
            () = stop.cancelled() => return,
            step = look(&app, page.as_ref(), &mut known) => step,
        };
        match step {
            Ok(()) => {}
            Err(ReadError::Page(PageError::Cancelled | PageError::Gone | PageError::NotLinked)) => {
                tracing::debug!("something else was more urgent than the archived chats");
            }
            Err(error) => {
                tracing::info!(%error, "the archived chats were not looked through");
                not_before = Instant::now() + AFTER_FAILURE;
            }
        }
    }
}

/// Looks through the archived chats if something says that they are others than at the last time.
async fn look(app: &App, page: &dyn Page, known: &mut Option<Known>) -> Result<(), ReadError> {
    let signs = Signs { label: page.archive_label().await?, listed: app.ingest.listed().await };
    if !known.as_ref().is_some_and(|known| known.holds(&signs)) {
        sweep(app, page).await?;
        // As of before: what went on meanwhile is looked for again.
        *known = Some(Known { signs, looked: Instant::now() });
    } else if let Some(known) = known {
        known.signs = signs;
    }
    Ok(())
}

/// Reads the list and then the drawer, and stores both: a chat that is in neither place of its own then is in the other.
///
/// # Errors
/// When the page does not do it, the store refuses, or one of the two was not seen whole.
pub async fn sweep(app: &App, page: &dyn Page) -> Result<(), ReadError> {
    let list = page.walk_list(Priority::Fill, WALK).await?;
    // Without the whole list nobody can say of a name that it is in the archive alone.
    if !list.complete {
        return Err(PageError::Unexpected("the list moves".into()).into());
    }
    let archive = page.walk_archive(Priority::Fill, WALK).await?;
    let open = app.heard_chat();
    app.ingest.list(&list, open).await?;
    let read = app.ingest.archive(&archive, open).await?;
    if read.to_read {
        app.wake_reading.notify_one();
    }
    if archive.complete { Ok(()) } else { Err(PageError::Unexpected("the archive moves".into()).into()) }
}
