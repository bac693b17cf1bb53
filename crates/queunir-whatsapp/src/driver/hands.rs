//! Mouse and keys, as real input events of the browser.

use std::time::Duration;

use serde_json::{Value, json};

use super::Driver;
use crate::{
    cdp::CdpError,
    page::raw::{Aimed, Point},
    page_api::PageError,
};

/// How long one input event may take; a busy page answers late.
const INPUT: Duration = Duration::from_secs(5);

/// Shift held.
pub(super) const SHIFT: u8 = 8;
/// Control held.
pub(super) const CONTROL: u8 = 2;

/// A key as the browser wants it described.
#[derive(Clone, Copy)]
pub(super) struct Key {
    name: &'static str,
    code: &'static str,
    number: u16,
    text: Option<&'static str>,
    command: Option<&'static str>,
    /// Where a test may hold it while it is down.
    held: &'static str,
}

pub(super) const ENTER: Key =
    Key { name: "Enter", code: "Enter", number: 13, text: Some("\r"), command: None, held: "enter_down" };
pub(super) const ESCAPE: Key =
    Key { name: "Escape", code: "Escape", number: 27, text: None, command: None, held: "escape_down" };
pub(super) const BACKSPACE: Key =
    Key { name: "Backspace", code: "Backspace", number: 8, text: None, command: None, held: "backspace_down" };
pub(super) const A: Key =
    Key { name: "a", code: "KeyA", number: 65, text: None, command: Some("selectAll"), held: "a_down" };

impl Driver {
    /// Moves to a point and clicks.
    pub(super) async fn click(&self, x: f64, y: f64) -> Result<(), PageError> {
        self.point(x, y).await?;
        self.press_here(x, y).await
    }

    /// Moves to a point.
    pub(super) async fn point(&self, x: f64, y: f64) -> Result<(), PageError> {
        self.mouse(("mouseMoved", "none", 0, 0), x, y).await
    }

    /// Presses and releases where the pointer is.
    pub(super) async fn press_here(&self, x: f64, y: f64) -> Result<(), PageError> {
        self.mouse(("mousePressed", "left", 1, 1), x, y).await?;
        self.mouse(("mouseReleased", "left", 0, 1), x, y).await
    }

    /// The same on what is meant, wherever it stands at this moment; the reader lets the press reach nothing else.
    /// Whether it reached that.
    pub(super) async fn press_aimed(&self, at: Value) -> Result<bool, PageError> {
        let meant: Point = self.ask("takeAim", at).await?;
        let pressed = if meant.present { self.press_moving(meant.x, meant.y).await } else { Ok(()) };
        self.aimed(pressed).await.map(|reached| reached && meant.present)
    }

    /// The same on a point within what is meant.
    pub(super) async fn press_aimed_at(&self, at: Value, x: f64, y: f64) -> Result<bool, PageError> {
        let _: Value = self.ask_loose("takeAim", at).await?;
        self.aimed(self.press_here(x, y).await).await
    }

    async fn aimed(&self, pressed: Result<(), PageError>) -> Result<bool, PageError> {
        let aimed: Aimed = self.ask("aimed", json!(null)).await?;
        pressed.map(|()| !aimed.stopped)
    }

    /// Moves to a point, presses and releases without waiting for each to be confirmed: what is there may be on its way.
    async fn press_moving(&self, x: f64, y: f64) -> Result<(), PageError> {
        let (moved, down, up) = tokio::join!(
            self.point(x, y),
            self.mouse(("mousePressed", "left", 1, 1), x, y),
            self.mouse(("mouseReleased", "left", 0, 1), x, y)
        );
        moved.and(down).and(up)
    }

    async fn mouse(&self, what: (&str, &str, u8, u8), x: f64, y: f64) -> Result<(), PageError> {
        let (kind, button, buttons, count) = what;
        let params = json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": count});
        Ok(self.input("Input.dispatchMouseEvent", params).await?)
    }

    /// Presses and releases a key.
    pub(super) async fn press_key(&self, key: Key, modifiers: u8) -> Result<(), CdpError> {
        let mut down = json!({
            "type": if key.text.is_some() { "keyDown" } else { "rawKeyDown" },
            "key": key.name,
            "code": key.code,
            "windowsVirtualKeyCode": key.number,
            "nativeVirtualKeyCode": key.number,
            "modifiers": modifiers,
        });
        let mut up = down.clone();
        if let Some(text) = key.text {
            down["text"] = json!(text);
            down["unmodifiedText"] = json!(text);
        }
        if let Some(command) = key.command {
            down["commands"] = json!([command]);
        }
        up["type"] = json!("keyUp");
        // Written in this order; the second does not wait for the first to be confirmed.
        let release = async {
            self.holds.at(key.held).await;
            self.input("Input.dispatchKeyEvent", up).await
        };
        let (down, up) = tokio::join!(self.input("Input.dispatchKeyEvent", down), release);
        down.and(up)
    }

    /// Enters text as an input method does; it must not hold a line break.
    pub(super) async fn insert_text(&self, text: &str) -> Result<(), PageError> {
        Ok(self.input("Input.insertText", json!({"text": text})).await?)
    }

    /// One input event; given up when the document goes away, because then nobody confirms it.
    async fn input(&self, method: &'static str, params: Value) -> Result<(), CdpError> {
        let done: Value = self.unless_navigated(self.page.call(method, params, INPUT)).await?;
        drop(done);
        Ok(())
    }
}
