//! What a page is told before it is sent to WhatsApp: who it is, where it is, and the reader it carries.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    browser::{Browser, BrowserConfig, LaunchError},
    cdp::{CdpError, Events, Session},
    page::{BINDING, WORLD, script},
    profiles::Profile,
};

/// A script that every new document gets.
#[derive(serde::Deserialize)]
struct Added {
    identifier: String,
}

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

/// Gives every document from now on the reader with these profiles, instead of the script that it got until now.
pub(super) async fn carry_reader(
    page: &Session,
    profiles: &[Profile],
    instead: Option<&str>,
) -> Result<String, CdpError> {
    let script = json!({"source": script(profiles), "worldName": WORLD});
    let added: Added = page.call("Page.addScriptToEvaluateOnNewDocument", script, CALL).await?;
    if let Some(old) = instead {
        let done: Result<Value, _> =
            page.call("Page.removeScriptToEvaluateOnNewDocument", json!({"identifier": old}), CALL).await;
        if let Err(error) = done {
            tracing::warn!(%error, "an old script of the reader stays");
        }
    }
    Ok(added.identifier)
}

/// Prepares the page and returns the stream of its events, and the name of the reader's script; nothing has been
/// loaded yet.
pub(super) async fn prepare(
    browser: &Browser,
    config: &BrowserConfig,
    profiles: &[Profile],
) -> Result<(Events, String), LaunchError> {
    let page = browser.page();
    let events = page.subscribe(LISTENED);
    let calls = [
        ("Inspector.enable", json!({})),
        ("Page.enable", json!({})),
        ("Emulation.setUserAgentOverride", browser.identity().as_override(&config.locale)),
        ("Emulation.setLocaleOverride", json!({"locale": config.locale.replace('-', "_")})),
        ("Emulation.setTimezoneOverride", json!({"timezoneId": config.time_zone})),
        ("Emulation.setFocusEmulationEnabled", json!({"enabled": true})),
        ("Runtime.addBinding", json!({"name": BINDING, "executionContextName": WORLD})),
        ("Runtime.enable", json!({})),
        ("Page.bringToFront", json!({})),
    ];
    for (method, params) in calls {
        let _: Value = page.call(method, params, CALL).await?;
    }
    let script = carry_reader(page, profiles, None).await?;
    let deny = json!({"behavior": "deny"});
    let _: Value = page.client().browser().call("Browser.setDownloadBehavior", deny, CALL).await?;
    Ok((events, script))
}

/// The address with its language.
pub(super) fn address(config: &BrowserConfig) -> String {
    if !config.locale_in_url {
        return config.whatsapp_url.clone();
    }
    let joint = if config.whatsapp_url.contains('?') { '&' } else { '?' };
    format!("{}{joint}locale={}", config.whatsapp_url, config.locale.replace('-', "_"))
}

/// The address that begins a chat, up to the digits of its number (evidence 4.5).
pub(super) fn number_address(config: &BrowserConfig) -> String {
    let base = config.whatsapp_url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let locale = config.locale.replace('-', "_");
    let locale = if config.locale_in_url { format!("locale={locale}&") } else { String::new() };
    format!("{base}/send?{locale}type=phone_number&app_absent=0&phone=")
}
