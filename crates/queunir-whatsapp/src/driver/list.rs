//! Finding a chat in the list and reading the list as a whole.

use std::{sync::PoisonError, time::Duration};

use queunir_core::text::clean_name;
use serde_json::json;
use tokio::time::Instant;

use super::{AFTER_SCROLL, Driver, LOOK, is_called};
use crate::{
    page::{
        normalise::ListWalk,
        raw::{self, Found},
    },
    page_api::{ChatTarget, PageError, Priority},
    seen::SeenList,
};

/// How long the rows of a window may take to be drawn after scrolling.
const DRAWN: Duration = Duration::from_secs(3);
/// How long the last rows may be waited for when fewer were met than the page says there are.
const LATE: Duration = Duration::from_millis(1_500);
/// Most room that a heading takes above the first chat: less than two rows.
const HEADING: f64 = 100.0;
/// How long a row may stay unclickable in view.
const UNCLICKABLE: Duration = Duration::from_secs(5);
/// How much of what is visible is left above a row that is brought into view: as other chats rise it moves down.
const ABOVE: f64 = 0.2;
/// How often a chat is looked for where it should stand; each look tells more of where that is.
const GUESSES: u32 = 2;
/// Most walks over the list for one reading; a list that keeps moving is reported as incomplete.
const MOST_WALKS: u32 = 3;

impl Driver {
    async fn list_box(&self) -> Result<raw::ScrollBox, PageError> {
        let list: raw::ScrollBox = self.ask("listBox", json!({"archived": self.in_archive()})).await?;
        if list.present { Ok(list) } else { Err(PageError::NotLinked) }
    }

    /// Scrolls the list and waits until its rows are drawn and take clicks.
    async fn scroll_list(&self, top: f64) -> Result<raw::ScrollBox, PageError> {
        let _: serde_json::Value =
            self.ask_loose("scrollListTo", json!({"top": top.max(0.0), "archived": self.in_archive()})).await?;
        tokio::time::sleep(AFTER_SCROLL).await;
        self.list_box().await
    }

    /// Back to where new messages show.
    pub(super) async fn rest_list(&self) -> Result<(), PageError> {
        if self.list_box().await?.scroll_top > 1.0 {
            self.scroll_list(0.0).await?;
        }
        Ok(())
    }

    async fn chat_row(&self, target: &ChatTarget) -> Result<raw::ChatRow, PageError> {
        let which = json!({"title": target.title, "phone": target.phone, "archived": self.in_archive()});
        let row: raw::ChatRow = self.ask("chatRow", which).await?;
        if row.found == Found::Many { Err(PageError::Ambiguous) } else { Ok(row) }
    }

    /// Brings the chat's row into view, where it takes clicks.
    pub(super) async fn find_row(&self, target: &ChatTarget) -> Result<(), PageError> {
        let mut row = self.chat_row(target).await?;
        if row.found == Found::None {
            row = match self.seek_where_it_was(target).await? {
                Some(row) => row,
                None => self.seek_row(target).await?,
            };
        }
        let patience = Instant::now() + UNCLICKABLE;
        while Instant::now() < patience {
            if row.found == Found::One && row.clickable {
                return Ok(());
            }
            if row.found == Found::One && !row.in_view {
                let list = self.list_box().await?;
                self.scroll_list(row.top - list.client_height * ABOVE).await?;
            } else {
                tokio::time::sleep(LOOK).await;
            }
            row = self.chat_row(target).await?;
        }
        Err(PageError::Unexpected("the chat's row does not take a click".into()))
    }

    /// The rows that are drawn, once they fill what is visible.
    async fn window(&self, list: &raw::ScrollBox) -> Result<raw::List, PageError> {
        let patience = Instant::now() + DRAWN;
        loop {
            let window: raw::List = self.ask("list", json!({"archived": self.in_archive()})).await?;
            if !window.visible {
                return Err(PageError::Unexpected("the page is hidden".into()));
            }
            if fills(&window, list) || Instant::now() > patience {
                if !self.in_archive() && !window.searching {
                    self.met(window.rows.iter().map(|row| (row.title.as_str(), row.position)));
                }
                return Ok(window);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Takes up where rows of the list stand, which follow each other.
    pub(crate) fn met<'a>(&self, mut rows: impl Iterator<Item = (&'a str, u32)>) {
        let Some((first, place)) = rows.next() else { return };
        let names = std::iter::once(first).chain(rows.map(|(name, _)| name)).map(clean_name).collect();
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        self.order.lock().unwrap_or_else(PoisonError::into_inner).met(place, names);
    }

    /// Brings what should be the chat's place into view.
    async fn seek_where_it_was(&self, target: &ChatTarget) -> Result<Option<raw::ChatRow>, PageError> {
        let guesses = if self.in_archive() { 0 } else { GUESSES };
        for _ in 0..guesses {
            let part = self.order.lock().unwrap_or_else(PoisonError::into_inner).part(|name| is_called(name, target));
            let Some(part) = part else { return Ok(None) };
            let list = self.list_box().await?;
            let list = self.scroll_list(part * list.scroll_height - list.client_height * ABOVE).await?;
            self.window(&list).await?;
            let row = self.chat_row(target).await?;
            if row.found == Found::One {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Walks the list from its top until the row is drawn. Only a walk that met every row may say that it is not there.
    async fn seek_row(&self, target: &ChatTarget) -> Result<raw::ChatRow, PageError> {
        let mut list = self.scroll_list(0.0).await?;
        let mut walk = ListWalk::default();
        let mut walks = 1;
        loop {
            let window = self.window(&list).await?;
            let row = self.chat_row(target).await?;
            if row.found == Found::One {
                return Ok(row);
            }
            let next = next_top(&window, &list);
            walk.add(window);
            if !at_bottom(&list) {
                list = self.scroll_list(next).await?;
                continue;
            }
            self.await_the_last(&mut walk).await?;
            let row = self.chat_row(target).await?;
            if row.found == Found::One {
                return Ok(row);
            }
            if walk.complete() || walks == MOST_WALKS {
                self.rest_list().await?;
                return Err(PageError::ChatNotFound);
            }
            walks += 1;
            walk = ListWalk::default();
            list = self.scroll_list(0.0).await?;
        }
    }

    /// At the end of the list: looks until every row was met, or the page takes too long to draw the last ones.
    async fn await_the_last(&self, walk: &mut ListWalk) -> Result<(), PageError> {
        let patience = Instant::now() + LATE;
        while !walk.complete() && Instant::now() < patience {
            tokio::time::sleep(LOOK).await;
            walk.add(self.ask("list", json!({"archived": self.in_archive()})).await?);
        }
        Ok(())
    }

    /// Reads the whole list; gives way to more urgent jobs.
    pub(crate) async fn walk(&self, priority: Priority) -> Result<SeenList, PageError> {
        self.ready().await?;
        let mut best: Option<ListWalk> = None;
        for _ in 0..MOST_WALKS {
            let walk = self.walk_once(priority).await;
            self.rest_list().await?;
            let walk = walk?;
            let complete = walk.complete();
            if complete || best.as_ref().is_none_or(|best| walk.len() > best.len()) {
                best = Some(walk);
            }
            if complete {
                break;
            }
        }
        Ok(best.unwrap_or_default().finish(&self.context()))
    }

    pub(super) async fn walk_once(&self, priority: Priority) -> Result<ListWalk, PageError> {
        let mut walk = ListWalk::default();
        let mut list = self.list_box().await?;
        if list.scroll_top > 1.0 {
            list = self.scroll_list(0.0).await?;
        }
        loop {
            let window = self.window(&list).await?;
            let next = next_top(&window, &list);
            walk.add(window);
            if at_bottom(&list) {
                self.await_the_last(&mut walk).await?;
                return Ok(walk);
            }
            if self.turns.more_urgent_than(priority) {
                return Err(PageError::Cancelled);
            }
            list = self.scroll_list(next).await?;
        }
    }
}

/// Whether the drawn rows reach over the visible part of the list.
fn fills(window: &raw::List, list: &raw::ScrollBox) -> bool {
    let top = window.rows.iter().map(|row| row.y).fold(f64::INFINITY, f64::min);
    let bottom = window.rows.iter().map(|row| row.y + row.height).fold(0.0, f64::max);
    let visible_bottom = (list.scroll_top + list.client_height).min(list.scroll_height);
    // A heading is no chat; it leaves a little room above, the end of the list some below.
    top <= list.scroll_top + HEADING && bottom >= visible_bottom - 200.0
}

/// Where the next window begins: at the last row that is drawn, so that no row is missed whatever the page draws ahead.
fn next_top(window: &raw::List, list: &raw::ScrollBox) -> f64 {
    let last = window.rows.iter().map(|row| row.y).fold(0.0, f64::max);
    last.max(list.scroll_top + list.client_height * 0.8)
}

fn at_bottom(list: &raw::ScrollBox) -> bool {
    list.scroll_top + list.client_height >= list.scroll_height - 2.0
}
