//! What a page is told before it is sent to WhatsApp: who it is, where it is, and the reader it carries.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    browser::{Browser, BrowserConfig, LaunchError},
    cdp::Events,
    page::{BINDING, READER_JS, WORLD},
};

const CALL: Duration = Duration::from_secs(10);

/// What the feed listens to.
const LISTENED: &[&str] = &[
    "Runtime.bindingCalled",
    "Runtime.executionContextCreated",
    "Runtime.executionContextDestroyed",
    "Runtime.executionContextsCleared",
    "Page.frameNavigated",
    "Page.javascriptDialogOpening",
    "Inspector.targetCrashed",
];

/// Prepares the page and returns the stream of its events; nothing has been loaded yet.
pub(super) async fn prepare(browser: &Browser, config: &BrowserConfig) -> Result<Events, LaunchError> {
    let page = browser.page();
    let events = page.subscribe(LISTENED);
    let script = json!({"source": READER_JS, "worldName": WORLD});
    let calls = [
        ("Inspector.enable", json!({})),
        ("Page.enable", json!({})),
        ("Emulation.setUserAgentOverride", browser.identity().as_override(&config.locale)),
        ("Emulation.setLocaleOverride", json!({"locale": config.locale.replace('-', "_")})),
        ("Emulation.setTimezoneOverride", json!({"timezoneId": config.time_zone})),
        ("Emulation.setFocusEmulationEnabled", json!({"enabled": true})),
        ("Runtime.addBinding", json!({"name": BINDING, "executionContextName": WORLD})),
        ("Runtime.enable", json!({})),
        ("Page.addScriptToEvaluateOnNewDocument", script),
        ("Page.bringToFront", json!({})),
    ];
    for (method, params) in calls {
        let _: Value = page.call(method, params, CALL).await?;
    }
    let deny = json!({"behavior": "deny"});
    let _: Value = page.client().browser().call("Browser.setDownloadBehavior", deny, CALL).await?;
    Ok(events)
}

/// The address with its language.
pub(super) fn address(config: &BrowserConfig) -> String {
    if !config.locale_in_url {
        return config.whatsapp_url.clone();
    }
    let joint = if config.whatsapp_url.contains('?') { '&' } else { '?' };
    format!("{}{joint}locale={}", config.whatsapp_url, config.locale.replace('-', "_"))
}
