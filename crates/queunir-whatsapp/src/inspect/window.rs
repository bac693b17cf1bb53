//! A browser for one foreign file: no network, no scripts but the reader, read in stretches that fit.

use std::{os::unix::fs::PermissionsExt, time::Duration};

use queunir_core::slice::Engine;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::InspectError;
use crate::{
    browser::{Browser, BrowserConfig, LaunchError},
    cdp::CdpError,
    page::{
        WORLD,
        raw::{self, Capped},
        script,
    },
};

/// How long one call may take; the whole has a deadline of its own.
const CALL: Duration = Duration::from_secs(60);
/// Rows in the first stretch; halved while a stretch does not fit.
const STRETCH: usize = 1_000;
/// How long a browser may take to end by itself.
const END: Duration = Duration::from_secs(10);
/// Most rows that are read of one file.
const MAX_ROWS: usize = 100_000;

const PLACE_JS: &str = include_str!("place.js");

/// What the reader said of the whole file.
pub(super) struct Seen {
    pub(super) state: raw::State,
    pub(super) conversation: raw::Conversation,
    pub(super) list: raw::List,
    pub(super) archive: raw::List,
}

/// The browser and its temporary profile.
pub(super) struct Window {
    browser: Browser,
    _profile: TempDir,
}

#[derive(Deserialize)]
struct Evaluated {
    result: Remote,
    #[serde(rename = "exceptionDetails")]
    exception: Option<Value>,
}

#[derive(Deserialize)]
struct Remote {
    value: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct World {
    execution_context_id: i64,
}

impl From<CdpError> for InspectError {
    fn from(error: CdpError) -> Self {
        match error {
            CdpError::Timeout(_) => Self::Deadline,
            other => Self::Page(other.to_string()),
        }
    }
}

impl From<raw::Rejected> for InspectError {
    fn from(rejected: raw::Rejected) -> Self {
        Self::Page(rejected.to_string())
    }
}

impl Window {
    /// Starts a browser that reaches nothing.
    pub(super) async fn open(as_user: Option<u32>, locale: &str) -> Result<Self, LaunchError> {
        let io = |what| move |source| LaunchError::Io { what, source };
        let profile =
            tempfile::Builder::new().prefix("queunir-inspect-").tempdir().map_err(io("making a temporary profile"))?;
        // Another user's browser has to come in; its own folder inside is closed to others.
        let open = std::fs::Permissions::from_mode(0o711);
        std::fs::set_permissions(profile.path(), open).map_err(io("opening the temporary profile"))?;
        let config = BrowserConfig {
            engine: Engine::Chromium,
            profile_dir: profile.path().join("session"),
            whatsapp_url: "about:blank".into(),
            locale: locale.replace('_', "-"),
            time_zone: "UTC".into(),
            reader_profiles: None,
            locale_in_url: false,
            as_user,
            offline: true,
        };
        Ok(Self { browser: Browser::start(&config).await?, _profile: profile })
    }

    /// Ends the browser.
    pub(super) async fn close(&self) {
        if tokio::time::timeout(END, self.browser.close()).await.is_err() {
            tracing::warn!("the browser takes long to end");
        }
    }

    /// Puts the file into the page and asks the reader for everything.
    pub(super) async fn read(&self, html: &str, lang: &str) -> Result<Seen, InspectError> {
        let page = self.browser.page();
        // A document without anything of ours in it, then no script but by a call, and no address at all.
        let _: Value = page.call("Page.navigate", json!({"url": "about:blank"}), CALL).await?;
        for (method, params) in [
            ("Page.enable", json!({})),
            ("Network.enable", json!({})),
            ("Network.setBlockedURLs", json!({"urls": ["*"]})),
            ("Emulation.setScriptExecutionDisabled", json!({"value": true})),
            ("Emulation.setFocusEmulationEnabled", json!({"enabled": true})),
            ("Page.bringToFront", json!({})),
        ] {
            let _: Value = page.call(method, params, CALL).await?;
        }
        let frame: Value = page.call("Page.getFrameTree", json!({}), CALL).await?;
        let params = json!({"frameId": frame["frameTree"]["frame"]["id"], "worldName": WORLD});
        let world: World = page.call("Page.createIsolatedWorld", params, CALL).await?;
        let world = world.execution_context_id;
        let place = PLACE_JS.trim_end().trim_end_matches(';');
        self.call(world, place, &[json!(html), json!(lang.replace('_', "-"))]).await?;
        self.call(world, &format!("() => {{ {} }}", script(&[])), &[]).await?;
        let (list, archive) = (self.list(world, "chats").await?, self.list(world, "archive").await?);
        Ok(Seen {
            state: self.ask(world, "state", json!({})).await?,
            conversation: self.rows(world).await?,
            list,
            archive,
        })
    }

    /// Calls a function in the reader's world.
    async fn call(&self, world: i64, function: &str, arguments: &[Value]) -> Result<Option<Value>, InspectError> {
        let arguments: Vec<Value> = arguments.iter().map(|value| json!({"value": value})).collect();
        let params = json!({
            "functionDeclaration": function,
            "executionContextId": world,
            "arguments": arguments,
            "returnByValue": true,
        });
        let done: Evaluated = self.browser.page().call("Runtime.callFunctionOn", params, CALL).await?;
        match done.exception {
            Some(exception) => {
                let words = exception["exception"]["description"].as_str().unwrap_or("a script failed").lines().next();
                Err(InspectError::Page(words.unwrap_or_default().chars().take(200).collect()))
            }
            None => Ok(done.result.value),
        }
    }

    /// Asks the reader.
    async fn ask<T: DeserializeOwned + Capped>(
        &self,
        world: i64,
        name: &str,
        argument: Value,
    ) -> Result<T, InspectError> {
        const ASK: &str = "(name, argument) => JSON.stringify(globalThis.__qn[name](argument) ?? null, (_, value) => \
             typeof value === 'string' ? value.toWellFormed() : value)";
        let said = self.call(world, ASK, &[json!(name), argument]).await?;
        let text = said.as_ref().and_then(Value::as_str).unwrap_or("null");
        if text.len() > raw::MAX_BATCH {
            return Err(raw::Rejected::TooLarge(text.len()).into());
        }
        let value = serde_json::from_str(text).map_err(|_| InspectError::Page("the reader gave no JSON".into()))?;
        Ok(raw::answer(value)?)
    }

    /// The same for one stretch, which is halved until it fits; also says how many rows it was.
    async fn stretch<T: DeserializeOwned + Capped>(
        &self,
        world: i64,
        name: &str,
        from: usize,
        count: &mut usize,
    ) -> Result<T, InspectError> {
        loop {
            match self.ask(world, name, json!({"from": from, "count": *count})).await {
                Err(InspectError::Page(_)) if *count > 1 => *count /= 2,
                other => return other,
            }
        }
    }

    async fn rows(&self, world: i64) -> Result<raw::Conversation, InspectError> {
        let mut count = STRETCH;
        let mut whole: raw::Conversation = self.stretch(world, "rows", 0, &mut count).await?;
        let pieces = usize::try_from(whole.pieces.unwrap_or(0)).unwrap_or(0).min(MAX_ROWS);
        let mut from = count;
        while from < pieces {
            let next: raw::Conversation = self.stretch(world, "rows", from, &mut count).await?;
            from += count;
            whole.rows.extend(next.rows);
            join(&mut whole.health, next.health);
        }
        Ok(whole)
    }

    async fn list(&self, world: i64, name: &str) -> Result<raw::List, InspectError> {
        let mut count = STRETCH;
        let mut whole: raw::List = self.stretch(world, name, 0, &mut count).await?;
        let mut from = count;
        let mut full = whole.rows.len() == count;
        while full && from < MAX_ROWS {
            let next: raw::List = self.stretch(world, name, from, &mut count).await?;
            from += count;
            full = next.rows.len() == count;
            whole.rows.extend(next.rows);
        }
        Ok(whole)
    }
}

/// One report for stretches of one read.
fn join(whole: &mut Option<raw::HealthReport>, next: Option<raw::HealthReport>) {
    let (Some(whole), Some(next)) = (whole, next) else { return };
    whole.rows_seen += next.rows_seen;
    whole.rows_read += next.rows_read;
    for (field, family) in next.anchors {
        whole.anchors.entry(field).or_insert(family);
    }
    for (field, count) in next.empty {
        *whole.empty.entry(field).or_default() += count;
    }
    for (name, (found, missed)) in next.tallies {
        let sum = whole.tallies.entry(name).or_default();
        *sum = (sum.0 + found, sum.1 + missed);
    }
    whole.alarm = whole.rows_seen > 0 && whole.rows_read == 0;
}
