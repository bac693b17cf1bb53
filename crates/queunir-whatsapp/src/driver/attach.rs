//! Giving the page a file: the button, the item of its menu, the chooser that the browser hands to us instead of
//! showing it, and the screen that shows the file before it is sent.
//!
//! The page makes its file input when the item is clicked and removes it at once (evidence 4.3), so the input is known
//! from the chooser that it opens and from nothing else.

use std::{path::Path, time::Duration};

use queunir_core::{message::MessageKind, text::comparable_body};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Driver, EVALUATE, LOOK, hands::ESCAPE, text::same};
use crate::{
    browser::HandedOver,
    page::raw,
    page_api::{ChatTarget, FileToSend, PageError},
};

/// How long the menu and the chooser may take to open.
const OPENS: Duration = Duration::from_secs(5);
/// How long the page may take to show a file; a large film takes a while.
const SHOWN: Duration = Duration::from_secs(15);
/// The same for each megabyte of it.
const MEGABYTE: Duration = Duration::from_millis(500);
/// How long a screen may take to go away.
const GONE: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chooser {
    backend_node_id: Option<u64>,
}

#[derive(Deserialize)]
struct Described {
    node: Node,
}

#[derive(Deserialize)]
struct Node {
    /// Names and values in turn.
    #[serde(default)]
    attributes: Vec<String>,
}

impl Driver {
    /// Brings a file onto the screen that shows it before it is sent; nothing else is on that screen.
    pub(super) async fn attach(&self, target: &ChatTarget, file: &FileToSend) -> Result<HandedOver, PageError> {
        self.leave_preview().await?;
        let copy = self.outbox.hand_over(&file.path, &file.name).await;
        let copy = copy.map_err(|error| PageError::Unexpected(format!("the file was not handed over: {error}")))?;
        let bytes = std::fs::metadata(copy.path()).map_or(0, |data| data.len());
        self.verify_header(target).await?;
        self.intercept(true).await?;
        let chosen = self.choose(target, copy.path(), file.kind).await;
        self.intercept(false).await?;
        chosen?;
        let patience = SHOWN + MEGABYTE.saturating_mul(u32::try_from(bytes >> 20).unwrap_or(u32::MAX));
        self.shown(file, patience).await?;
        self.verify_header(target).await?;
        Ok(copy)
    }

    async fn intercept(&self, enabled: bool) -> Result<(), PageError> {
        let params = json!({"enabled": enabled});
        let _: Value = self.page.call("Page.setInterceptFileChooserDialog", params, EVALUATE).await?;
        Ok(())
    }

    /// Clicks through the menu to the chooser and puts the file into the input that opened it.
    async fn choose(&self, target: &ChatTarget, path: &Path, kind: MessageKind) -> Result<(), PageError> {
        let is_media = matches!(kind, MessageKind::Image | MessageKind::Video);
        let item = if is_media { "media" } else { "document" };
        let button = self.appears("attachButton", json!(null)).await?;
        self.click(button.x, button.y).await?;
        let entry = self.appears("attachItem", json!({"kind": item})).await?;
        self.verify_header(target).await?;
        let mut choosers = self.page.subscribe(&["Page.fileChooserOpened"]);
        self.click(entry.x, entry.y).await?;
        let opened = tokio::time::timeout(OPENS, choosers.next()).await;
        let chooser: Option<Chooser> = opened.ok().flatten().and_then(|event| event.params());
        let Some(node) = chooser.and_then(|chooser| chooser.backend_node_id) else {
            return Err(PageError::Unexpected("no file chooser opened".into()));
        };
        if self.takes_media(node).await? != is_media {
            return Err(PageError::Unexpected("the chooser is for another kind of file".into()));
        }
        let params = json!({"files": [path.to_string_lossy()], "backendNodeId": node});
        let _: Value = self.page.call("DOM.setFileInputFiles", params, EVALUATE).await?;
        Ok(())
    }

    /// Whether an input is the one for pictures and films; the one for documents takes everything.
    async fn takes_media(&self, node: u64) -> Result<bool, PageError> {
        let params = json!({"backendNodeId": node});
        let described: Described = self.page.call("DOM.describeNode", params, EVALUATE).await?;
        let attributes = described.node.attributes;
        let accept = attributes.chunks(2).find_map(|pair| match pair {
            [name, value] if name == "accept" => Some(value.as_str()),
            _ => None,
        });
        Ok(accept.is_some_and(|accept| accept.contains("image/")))
    }

    /// A button that may take a moment to be there.
    async fn appears(&self, call: &'static str, argument: Value) -> Result<raw::Point, PageError> {
        let patience = Instant::now() + OPENS;
        loop {
            let point: raw::Point = self.ask(call, argument.clone()).await?;
            if point.present {
                return Ok(point);
            }
            if Instant::now() > patience {
                return Err(PageError::Unexpected(format!("{call} is not there")));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the page shows the one file, ready to be sent. A page that shows nothing has refused it.
    async fn shown(&self, file: &FileToSend, patience: Duration) -> Result<(), PageError> {
        let until = Instant::now() + patience;
        loop {
            let now = self.preview().await?;
            if now.present && now.send.present {
                return if is_the_file(&now, file) { Ok(()) } else { Err(PageError::FileRefused) };
            }
            if Instant::now() > until {
                let dialog: raw::Dialog = self.ask("dialog", json!(null)).await?;
                let words: String = dialog.text.unwrap_or_default().chars().take(200).collect();
                tracing::warn!(words, "the page shows nothing of a file that was given to it");
                return Err(PageError::FileRefused);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    pub(super) async fn preview(&self) -> Result<raw::Preview, PageError> {
        self.ask("preview", json!(null)).await
    }

    /// Waits until the caption's editor is as it should be.
    pub(super) async fn preview_becomes(
        &self,
        wanted: impl Fn(&raw::Preview) -> bool,
        within: Duration,
    ) -> Result<bool, PageError> {
        let patience = Instant::now() + within;
        loop {
            let now = self.preview().await?;
            if now.present && wanted(&now) {
                return Ok(true);
            }
            if Instant::now() > patience {
                return Ok(false);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The screen with the one file and its caption, as they are to be sent; where its button is.
    pub(super) async fn ready_to_send(&self, file: &FileToSend, caption: &str) -> Result<raw::Point, PageError> {
        let now = self.preview().await?;
        if !now.present || !now.send.present || !is_the_file(&now, file) {
            return Err(PageError::FileRefused);
        }
        if !same(&now.text, caption) {
            return Err(PageError::TextMismatch);
        }
        Ok(now.send)
    }

    /// Leaves the menu and the screen with a file, if they are there.
    pub(super) async fn leave_preview(&self) -> Result<(), PageError> {
        for _ in 0..3 {
            if !self.covered().await? {
                return Ok(());
            }
            self.press_key(ESCAPE, 0).await?;
            let patience = Instant::now() + GONE;
            while Instant::now() < patience {
                tokio::time::sleep(LOOK).await;
                if !self.covered().await? {
                    return Ok(());
                }
            }
        }
        Err(PageError::Unexpected("a file stays before the conversation".into()))
    }

    /// Whether the menu or the screen with a file is there.
    async fn covered(&self) -> Result<bool, PageError> {
        if self.preview().await?.present {
            return Ok(true);
        }
        let item: raw::Point = self.ask("attachItem", json!({"kind": "document"})).await?;
        Ok(item.present)
    }
}

/// Whether a screen is about to send one file, and none of another name.
fn is_the_file(shown: &raw::Preview, file: &FileToSend) -> bool {
    let name = comparable_body(&file.name);
    shown.count == 1 && shown.names.iter().all(|other| comparable_body(other) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_of_its_own_name_or_of_none_is_the_one() {
        let file = FileToSend { path: "/a/b".into(), name: "bill.pdf".into(), kind: MessageKind::Document };
        let shown = |count, names: &[&str]| raw::Preview {
            present: true,
            count,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..raw::Preview::default()
        };
        assert!(is_the_file(&shown(1, &[]), &file) && is_the_file(&shown(1, &["bill.pdf"]), &file));
        assert!(!is_the_file(&shown(2, &["bill.pdf"]), &file) && !is_the_file(&shown(1, &["other.pdf"]), &file));
        assert!(!is_the_file(&shown(1, &["bill.pdf", "other.pdf"]), &file));
    }
}
