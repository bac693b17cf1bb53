//! Takes the bytes of a file from the addresses that the page itself has drawn.
//!
//! `blob:` and `data:` addresses lead into the browser and nowhere else: nothing is asked of the network, nothing is
//! clicked. The reader tells the address; a function of a few lines holds what is behind it, so that the page may let
//! go of it meanwhile, and hands it over in pieces.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{AskError, Called, Driver, EVALUATE, is_target};
use crate::{
    cdp::CdpError,
    page::raw,
    page_api::{ChatTarget, MediaError, MediaTicket, PageError},
};

/// Bytes in one piece. Larger, and a piece keeps the page's own work waiting; smaller, and a film takes hundreds of calls.
const PIECE: u64 = 256 << 10;

/// Holds what is behind an address of the page's own.
const HOLD: &str = r#"async function (address, serial) {
  try {
    const blob = await (await fetch(address)).blob();
    globalThis.__qnFile = { serial, blob };
    return JSON.stringify({ bytes: blob.size });
  } catch (error) {
    return JSON.stringify({ error: String(error).slice(0, 200).toWellFormed() });
  }
}"#;

/// A piece of what is held, as base64; nothing when something else is held by now.
const PIECE_OF: &str = r#"async function (serial, from, count) {
  const held = globalThis.__qnFile;
  if (held?.serial !== serial) return "";
  try {
    const bytes = new Uint8Array(await held.blob.slice(from, from + count).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return JSON.stringify({ piece: btoa(text) });
  } catch (error) {
    return JSON.stringify({ error: String(error).slice(0, 200).toWellFormed() });
  }
}"#;

/// Lets go.
const LET_GO: &str = r#"function (serial) {
  if (globalThis.__qnFile?.serial === serial) delete globalThis.__qnFile;
  return "";
}"#;

/// Tells one file held from the next.
static SERIALS: AtomicU64 = AtomicU64::new(1);

#[derive(Deserialize)]
struct Held {
    bytes: Option<u64>,
    piece: Option<String>,
    error: Option<String>,
}

/// Where the bytes of a ticket are.
enum Source {
    /// They came with the address.
    Here(Option<Vec<u8>>),
    /// In the page, under this number.
    Held { driver: Arc<Driver>, context: String, serial: u64, at: u64 },
}

/// See [`MediaTicket`].
pub(crate) struct LiveFile {
    whole: bool,
    bytes: u64,
    source: Source,
}

impl Driver {
    /// Takes hold of a file; see [`crate::Page::media`].
    pub(crate) async fn media(
        self: &Arc<Self>,
        target: &ChatTarget,
        key: &str,
        place: u32,
    ) -> Result<LiveFile, MediaError> {
        let Some(context) = self.world.borrow().clone() else { return Err(MediaError::NotHere) };
        let found: raw::MediaAddress = match self.ask("media", json!({"key": key, "place": place})).await {
            Err(PageError::Unexpected(_)) => return Err(MediaError::NotHere),
            other => other?,
        };
        let header = raw::Header { present: !found.title.is_empty(), title: found.title, subtitle: None };
        if !found.drawn || !is_target(&header, target) {
            return Err(MediaError::NotHere);
        }
        let (whole, address) = match (found.whole, found.preview) {
            (Some(address), _) => (true, address),
            (None, Some(address)) => (false, address),
            (None, None) => return Err(MediaError::NotShown),
        };
        if address.starts_with("data:") && !whole {
            let bytes = of_data(&address).ok_or_else(|| MediaError::Broken("no data in a data address".into()))?;
            return Ok(LiveFile { whole, bytes: bytes.len() as u64, source: Source::Here(Some(bytes)) });
        }
        if !address.starts_with("blob:") {
            return Err(MediaError::NotShown);
        }
        let serial = SERIALS.fetch_add(1, Ordering::Relaxed);
        let held = self.in_world(&context, HOLD, json!([{"value": address}, {"value": serial}])).await?;
        let bytes = held.bytes.ok_or_else(|| MediaError::Broken(held.error.unwrap_or_default()))?;
        Ok(LiveFile { whole, bytes, source: Source::Held { driver: self.clone(), context, serial, at: 0 } })
    }

    /// Runs one of the functions above in the reader's world of one document, and of no other.
    async fn in_world(&self, context: &str, function: &str, arguments: Value) -> Result<Held, MediaError> {
        let params = json!({
            "functionDeclaration": function,
            "uniqueContextId": context,
            "arguments": arguments,
            "returnByValue": true,
            "awaitPromise": true,
        });
        let called: Called =
            match self.unless_navigated(self.page.call("Runtime.callFunctionOn", params, EVALUATE)).await {
                Err(CdpError::Refused { .. } | CdpError::Navigated) => return Err(MediaError::NotHere),
                other => other.map_err(|error| MediaError::Page(error.into()))?,
            };
        let text = called.result.value.unwrap_or_default();
        if text.is_empty() {
            return Err(MediaError::NotHere);
        }
        serde_json::from_str(&text).map_err(|_| AskError::NoReader.into_page().into())
    }
}

/// The bytes of `data:TYPE;base64,...`.
fn of_data(address: &str) -> Option<Vec<u8>> {
    let (head, data) = address.strip_prefix("data:")?.split_once(',')?;
    head.strip_suffix(";base64")?;
    BASE64_STANDARD.decode(data).ok().filter(|bytes| !bytes.is_empty())
}

#[async_trait]
impl MediaTicket for LiveFile {
    fn is_whole(&self) -> bool {
        self.whole
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, MediaError> {
        match &mut self.source {
            Source::Here(bytes) => Ok(bytes.take()),
            Source::Held { driver, context, serial, at } => {
                if *at >= self.bytes {
                    return Ok(None);
                }
                let count = PIECE.min(self.bytes - *at);
                let arguments = json!([{"value": serial}, {"value": at}, {"value": count}]);
                let held = driver.in_world(context, PIECE_OF, arguments).await?;
                let piece = held.piece.ok_or_else(|| MediaError::Broken(held.error.unwrap_or_default()))?;
                let piece = BASE64_STANDARD.decode(piece).map_err(|_| MediaError::Broken("not base64".into()))?;
                if piece.len() as u64 != count {
                    return Err(MediaError::Broken("a piece of another length".into()));
                }
                *at += count;
                Ok(Some(piece))
            }
        }
    }
}

impl Drop for LiveFile {
    fn drop(&mut self) {
        if let Source::Held { driver, context, serial, .. } = &self.source {
            let (letting, context, serial) = (driver.clone(), context.clone(), *serial);
            driver.tracker.spawn(async move {
                // Gone with its document, or let go: either is the end of it.
                let _gone = letting.in_world(&context, LET_GO, json!([{"value": serial}])).await;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_data_in_base64_is_taken() {
        assert_eq!(of_data("data:image/jpeg;base64,aGVsbG8="), Some(b"hello".to_vec()));
        for strange in ["data:image/jpeg,hello", "data:;base64,", "data:x;base64,%%%", "blob:x", "data:"] {
            assert_eq!(of_data(strange), None, "{strange}");
        }
    }
}
