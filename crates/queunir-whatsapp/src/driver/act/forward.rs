//! Forwarding to one other chat: everything but the press, then the press, then the bubble over there.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use queunir_core::{
    message::{Ack, Direction},
    text::clean_name,
};
use tokio::time::Instant;

use super::{Hand, LOOK, SETTLE, TIDY, words, words::Name};
use crate::{
    driver::{
        Driver,
        hands::{A, BACKSPACE, CONTROL},
        text::same_in_bubble,
        turn::Turn,
    },
    page::raw::Control,
    page_api::{ActError, ChatTarget, PageError, Pressed, Priority, SendTicket},
    seen::SeenMessage,
};

/// How long the search of the dialog may take.
const SEARCH: Duration = Duration::from_secs(8);
/// How long the found rows have to stand still; a search begins when nothing is typed for a while.
const STILL: Duration = Duration::from_millis(700);
/// How often the other chat is chosen anew.
const PICKS: u32 = 3;
/// How long a choice may take to show.
const PICKED: Duration = Duration::from_millis(1_500);
/// How long a bubble's clock is watched.
const CLOCK: Duration = Duration::from_secs(12);

/// What is prepared, with the driver's turn.
struct Prepared {
    hand: Hand,
    to: ChatTarget,
    source: SeenMessage,
    before: HashSet<String>,
    anchor: Option<String>,
    turn: Turn,
}

/// See [`SendTicket`].
pub(crate) struct ForwardTicket {
    prepared: Option<Prepared>,
    anchor: Option<String>,
}

impl Driver {
    /// Opens both chats, the dialog, and chooses the other chat in it.
    pub(crate) async fn forward(
        self: &Arc<Self>,
        target: &ChatTarget,
        key: &str,
        to: &ChatTarget,
        deadline: Duration,
    ) -> Result<ForwardTicket, ActError> {
        let until = Instant::now() + deadline;
        let turn = self.turn(Priority::Send, until).await?;
        let hand = Hand {
            driver: self.clone(),
            target: target.clone(),
            key: key.to_owned(),
            pressed: Arc::new(AtomicBool::new(false)),
        };
        let to = to.clone();
        let running = self.tracker.spawn(async move {
            let preparing = hand.prepare(&to);
            let time = deadline.saturating_sub(TIDY);
            match tokio::time::timeout(time, preparing).await.unwrap_or(Err(PageError::Deadline.into())) {
                Ok((source, before, anchor)) => {
                    let prepared = Prepared { hand, to, source, before, anchor: anchor.clone(), turn };
                    Ok(ForwardTicket { prepared: Some(prepared), anchor })
                }
                Err(error) => {
                    hand.tidy().await;
                    Err(error)
                }
            }
        });
        running.await.unwrap_or_else(|_| Err(PageError::Unexpected("a job of the driver panicked".into()).into()))
    }
}

impl Hand {
    async fn prepare(&self, to: &ChatTarget) -> Result<(SeenMessage, HashSet<String>, Option<String>), ActError> {
        let other = self.driver.open(to).await?;
        let anchor = other.messages.last().map(|message| message.key.clone());
        let before = other.messages.into_iter().map(|message| message.key).collect();
        self.driver.open(&self.target).await?;
        let source = self.row().await?;
        self.choose(Name::Forward, false).await?;
        let dialog = self.dialog(|controls| search(controls).is_some()).await?;
        let Some(field) = search(&dialog.controls) else { return Err(ActError::NotOffered) };
        self.driver.click(field.x, field.y).await?;
        self.dialog(|controls| search(controls).is_some_and(|field| field.focused)).await?;
        self.driver.press_key(A, CONTROL).await.map_err(PageError::from)?;
        self.driver.press_key(BACKSPACE, 0).await.map_err(PageError::from)?;
        let wanted = clean_name(&to.title);
        self.driver.insert_text(&wanted).await?;
        self.pick(&wanted).await?;
        Ok((source, before, anchor))
    }

    /// Chooses the one row of the dialog with that name. The list may change under the pointer while the search goes
    /// on, so a press that chose nothing is made again; one that chose anything else ends it.
    async fn pick(&self, wanted: &str) -> Result<(), ActError> {
        for _ in 0..PICKS {
            let row = self.found(wanted).await?;
            self.driver.click(row.x, row.y).await?;
            let patience = Instant::now() + PICKED;
            while Instant::now() < patience {
                let dialog = self.controls("dialog").await?;
                if is_chosen(&dialog.controls, wanted) && words::find(&dialog.controls, Name::ForwardSend).is_some() {
                    return Ok(());
                }
                if rows(&dialog.controls).any(|row| row.on == Some(true) && !is_row(row, wanted)) {
                    return Err(PageError::WrongChat.into());
                }
                tokio::time::sleep(LOOK).await;
            }
        }
        Err(PageError::Unexpected("the other chat cannot be chosen".into()).into())
    }

    /// The one row of the dialog with that name, once the list has stood still for longer than a search takes to begin.
    async fn found(&self, wanted: &str) -> Result<Control, ActError> {
        let patience = Instant::now() + SEARCH;
        let mut last: Vec<Control> = Vec::new();
        let mut since = Instant::now();
        loop {
            let dialog = self.controls("dialog").await?;
            let typed = search(&dialog.controls).and_then(|field| field.text.as_deref()).map(clean_name);
            let rows: Vec<Control> = rows(&dialog.controls).cloned().collect();
            if typed.as_deref() != Some(wanted) || last != rows {
                since = Instant::now();
            } else if since.elapsed() > STILL {
                let named: Vec<&Control> = rows.iter().filter(|row| is_row(row, wanted)).collect();
                match named.as_slice() {
                    [one] => return Ok((*one).clone()),
                    [] => {}
                    _ => return Err(PageError::Ambiguous.into()),
                }
            }
            if Instant::now() > patience {
                return Err(PageError::ChatNotFound.into());
            }
            last = rows;
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Prepared {
    /// The checks, the one press, and the search for the bubble. An error means that nothing was pressed.
    async fn press(self, wait: Duration) -> Result<Pressed, PageError> {
        let button = match tokio::time::timeout(SETTLE, self.last_check()).await.unwrap_or(Err(PageError::Deadline)) {
            Ok(button) => button,
            Err(error) => {
                self.hand.tidy().await;
                return Err(error);
            }
        };
        self.hand.pressed.store(true, Ordering::SeqCst);
        // From here on nothing is an error: what was written to the browser may have arrived.
        if let Err(error) = self.hand.driver.click(button.x, button.y).await {
            tracing::warn!(%error, "the press of a forward was not confirmed");
        }
        let bubble = tokio::time::timeout(wait, self.watch()).await.unwrap_or(None);
        drop(self.turn);
        Ok(bubble.map_or(Pressed::NotSeen, |bubble| Pressed::Bubble(Box::new(bubble))))
    }

    /// Header and choice once more.
    async fn last_check(&self) -> Result<Control, PageError> {
        self.hand.driver.verify_header(&self.hand.target).await?;
        let dialog = self.hand.controls("dialog").await?;
        if !dialog.present || !is_chosen(&dialog.controls, &clean_name(&self.to.title)) {
            return Err(PageError::WrongChat);
        }
        words::find(&dialog.controls, Name::ForwardSend)
            .cloned()
            .ok_or_else(|| PageError::Unexpected("the forward's button is gone".into()))
    }

    /// Looks in the other chat, which the page opens by itself, until the bubble is there and its clock is gone.
    async fn watch(&self) -> Option<SeenMessage> {
        let driver = &self.hand.driver;
        let began = Instant::now();
        let mut found: Option<(Instant, SeenMessage)> = None;
        loop {
            if let Ok(seen) = driver.seen_in(&self.to).await {
                if let Some(bubble) = self.bubble(&seen.messages) {
                    let since = found.as_ref().map_or_else(Instant::now, |(since, _)| *since);
                    if bubble.failed || bubble.ack.is_some_and(|ack| ack > Ack::Pending) || since.elapsed() > CLOCK {
                        return Some(bubble.clone());
                    }
                    found = Some((since, bubble.clone()));
                }
            } else if began.elapsed() > SETTLE
                && let Err(error) = driver.open(&self.to).await
            {
                tracing::debug!(%error, "the chat of a forward does not open");
            }
            if !driver.page.client().is_alive() {
                return found.map(|(_, bubble)| bubble);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The one new bubble of ours that carries what the source carries; what others wrote is marked as forwarded.
    fn bubble<'a>(&self, messages: &'a [SeenMessage]) -> Option<&'a SeenMessage> {
        let after = self.anchor.as_ref().and_then(|key| messages.iter().position(|message| message.key == *key));
        messages.iter().skip(after.map_or(0, |place| place + 1)).find(|message| {
            message.drawn
                && (message.forwarded || self.source.direction == Direction::Out)
                && message.direction == Direction::Out
                && !self.before.contains(&message.key)
                && message.kind == self.source.kind
                && (message.text == self.source.text || same_in_bubble(&self.source.text, &message.text, message.cut))
        })
    }
}

/// The search field of the dialog.
fn search(controls: &[Control]) -> Option<&Control> {
    controls.iter().find(|control| control.text.is_some())
}

fn rows(controls: &[Control]) -> impl Iterator<Item = &Control> {
    controls.iter().filter(|control| control.role == "checkbox" && control.on.is_some())
}

fn is_row(row: &Control, wanted: &str) -> bool {
    clean_name(&row.label) == wanted
}

/// Whether that chat and no other is chosen: in the list, and in the line that says who is.
fn is_chosen(controls: &[Control], wanted: &str) -> bool {
    let chosen: Vec<&Control> = rows(controls).filter(|row| row.on == Some(true)).collect();
    let said = controls.iter().filter(|control| control.live).any(|line| clean_name(&line.label) == wanted);
    matches!(chosen.as_slice(), [one] if is_row(one, wanted)) && said
}

#[async_trait]
impl SendTicket for ForwardTicket {
    fn anchor(&self) -> Option<&str> {
        self.anchor.as_deref()
    }

    async fn press(mut self: Box<Self>, wait: Duration) -> Result<Pressed, PageError> {
        let Some(prepared) = self.prepared.take() else { return Err(PageError::Cancelled) };
        let tracker = prepared.hand.driver.tracker.clone();
        // In a task of its own: a caller that goes away must not leave a press without its outcome being awaited.
        let pressing = tracker.spawn(async move { prepared.press(wait).await });
        pressing.await.unwrap_or(Ok(Pressed::NotSeen))
    }
}

impl Drop for ForwardTicket {
    fn drop(&mut self) {
        let Some(prepared) = self.prepared.take() else { return };
        let tracker = prepared.hand.driver.tracker.clone();
        if tokio::runtime::Handle::try_current().is_ok() {
            tracker.spawn(async move {
                prepared.hand.tidy().await;
                drop(prepared.turn);
            });
        }
    }
}
