//! Photographs a chat's own picture where the list draws it (decision 0002): its address is not needed, and nothing is
//! clicked, scrolled or asked of the network.
//!
//! Rows move while the page lives. What was photographed counts only if the same row showed the same picture at the same
//! place at two looks before and at one after.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use queunir_core::link::PageState;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Driver, EVALUATE, LOOK};
use crate::{
    page::{normalise, raw},
    page_api::{ChatTarget, PageError, Priority},
    seen::Captured,
};

/// Width of a photograph in points. Less, and a face is blurred in the panel; more, and it only enlarges what is drawn.
const WIDTH: f64 = 160.0;
/// Of WebP. Less, and flat colours show steps; more, and a photograph takes twice the room.
const QUALITY: u32 = 88;
/// A photograph this large is none of a picture of that size.
const MOST: usize = 256 << 10;

#[derive(Deserialize)]
struct Shot {
    data: String,
}

impl Driver {
    /// See [`crate::Page::picture`].
    pub(crate) async fn picture(&self, target: &ChatTarget, priority: Priority) -> Result<Option<Captured>, PageError> {
        let state: raw::State = self.ask("state", json!(null)).await?;
        if !matches!(normalise::state(&state).state, PageState::Linked | PageState::Offline) {
            return Err(PageError::NotLinked);
        }
        if !state.visible || self.in_archive() {
            return Ok(None);
        }
        let Some(place) = self.place_of_picture(target).await? else { return Ok(None) };
        tokio::time::sleep(LOOK).await;
        if self.turns.more_urgent_than(priority) {
            return Err(PageError::Cancelled);
        }
        if self.place_of_picture(target).await?.as_ref() != Some(&place) {
            return Ok(None);
        }
        self.holds.at("photograph").await;
        let bytes = self.photograph(&place).await?;
        if self.place_of_picture(target).await?.as_ref() != Some(&place) {
            return Ok(None);
        }
        Ok(Some(Captured { token: place.token, bytes }))
    }

    /// Where the whole of a chat's picture is drawn, if it is.
    async fn place_of_picture(&self, target: &ChatTarget) -> Result<Option<raw::Picture>, PageError> {
        let which = json!({"title": target.title, "phone": target.phone});
        let place: raw::Picture = self.ask("picture", which).await?;
        Ok(place.present.then_some(place))
    }

    async fn photograph(&self, place: &raw::Picture) -> Result<Vec<u8>, PageError> {
        let clip = json!({
            "x": place.x, "y": place.y, "width": place.width, "height": place.height,
            "scale": WIDTH / place.width.max(1.0),
        });
        let params: Value = json!({"format": "webp", "quality": QUALITY, "clip": clip});
        let shot: Shot = self.unless_navigated(self.page.call("Page.captureScreenshot", params, EVALUATE)).await?;
        let bytes = BASE64_STANDARD.decode(shot.data).unwrap_or_default();
        if bytes.is_empty() || bytes.len() > MOST {
            return Err(PageError::Unexpected(format!("a photograph of {} bytes", bytes.len())));
        }
        Ok(bytes)
    }
}
