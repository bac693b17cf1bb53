//! Opening a chat by its telephone number: the page's own address for it, which loads the page again (evidence 4.5).

use std::time::Duration;

use queunir_core::{link::PageState, phone::PhoneNumber, text::clean_name};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Driver, EVALUATE, LOOK, STARTING, is_target};
use crate::{
    page::{normalise, raw},
    page_api::{ByNumber, ChatTarget, PageError},
    seen::SeenConversation,
};

/// How long a navigation may take until it commits.
const COMMIT: Duration = Duration::from_secs(60);
/// How long a dialog that is not in the catalogue may cover the page. Shorter, and one that says in unknown words that
/// the chat is being begun is reported; longer, and a person waits for nothing.
const DOUBT: Duration = Duration::from_secs(8);

/// Takes the number out of the address, so that a later reload of the page opens no chat by itself.
const FORGET_ADDRESS: &str = r#"function () {
  history.replaceState(null, "", "/");
  return "null";
}"#;

impl Driver {
    /// See [`crate::Page::open_number`].
    pub(crate) async fn open_number(&self, number: &PhoneNumber) -> Result<ByNumber, PageError> {
        self.ready().await?;
        for form in number.forms() {
            match self.go_to(&form).await {
                Err(PageError::NotOnWhatsApp) => {}
                Err(error) => return Err(error),
                Ok(header) => return self.opened(&form, &header).await,
            }
        }
        Err(PageError::NotOnWhatsApp)
    }

    /// Opens a chat that was begun by its number and that the list does not have.
    pub(super) async fn open_unlisted(&self, target: &ChatTarget) -> Result<SeenConversation, PageError> {
        let number = target.phone.as_deref().and_then(|phone| PhoneNumber::parse(phone).ok());
        let number = number.ok_or(PageError::ChatNotFound)?;
        let header = self.go_to(&number).await?;
        if !is_target(&header, target) {
            return Err(PageError::WrongChat);
        }
        self.drawn(target, &[]).await
    }

    /// What the opened chat shows. A header that shows a number must show this one. One that shows a name belongs to the
    /// number because the document was loaded for it, and a document opens no other chat by itself.
    async fn opened(&self, form: &PhoneNumber, header: &raw::Header) -> Result<ByNumber, PageError> {
        let title = clean_name(&header.title);
        let shown = normalise::phone(&title);
        let target = ChatTarget { title, phone: shown.clone(), unlisted: false, archived: false };
        let seen = self.drawn(&target, &[]).await?;
        let shown = shown.or_else(|| seen.phone.clone());
        if shown.as_deref().is_some_and(|shown| !form.is(shown)) {
            return Err(PageError::WrongChat);
        }
        Ok(ByNumber { number: shown.unwrap_or_else(|| form.as_str().to_owned()), seen })
    }

    /// Goes to the address of a number and waits for the chat's header, or for the dialog that says that there is none.
    async fn go_to(&self, number: &PhoneNumber) -> Result<raw::Header, PageError> {
        self.load(number).await?;
        let outcome = self.chat_or_dialog().await;
        if let Err(error) = self.evaluate(FORGET_ADDRESS, json!([])).await {
            tracing::warn!(error = %error.into_page(), "the page keeps a number in its address");
        }
        let header = outcome?;
        let shown = normalise::phone(&clean_name(&header.title));
        if shown.is_some_and(|shown| !number.is(&shown)) { Err(PageError::WrongChat) } else { Ok(header) }
    }

    /// Loads the page anew at the number's address; what is asked from then on is asked of the new document.
    async fn load(&self, number: &PhoneNumber) -> Result<(), PageError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Navigated {
            #[serde(default)]
            error_text: Option<String>,
        }

        let mut world = self.world.clone();
        world.mark_unchanged();
        let url = format!("{}{}", self.number_address, number.as_str().trim_start_matches('+'));
        let done: Navigated = self.page.call("Page.navigate", json!({"url": url}), COMMIT).await?;
        if let Some(why) = done.error_text {
            return Err(PageError::Unexpected(format!("the address of a number cannot be reached: {why}")));
        }
        match tokio::time::timeout(EVALUATE, world.changed()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(PageError::Gone),
            Err(_) => Err(PageError::Deadline),
        }
    }

    async fn chat_or_dialog(&self) -> Result<raw::Header, PageError> {
        let mut doubt: Option<Instant> = None;
        loop {
            tokio::time::sleep(LOOK).await;
            let state: raw::State = match self.ask("state", json!(null)).await {
                Ok(state) => state,
                // Between two documents nobody answers.
                Err(PageError::Unexpected(_)) => continue,
                Err(error) => return Err(error),
            };
            match normalise::state(&state).state {
                PageState::Linked => {}
                PageState::Starting | PageState::Syncing | PageState::Offline | PageState::Unknown => continue,
                _ => return Err(PageError::NotLinked),
            }
            if !state.visible {
                let _: Value = self.page.call("Page.bringToFront", json!({}), EVALUATE).await?;
                continue;
            }
            match state.dialog.filter(|dialog| dialog.present) {
                None => doubt = None,
                Some(dialog) => match dialog.known.as_deref() {
                    Some(STARTING) => continue,
                    Some("invalid_phone" | "not_on_whatsapp") => {
                        self.dismiss(&dialog).await?;
                        return Err(PageError::NotOnWhatsApp);
                    }
                    Some("fresh_look") => {
                        self.dismiss(&dialog).await?;
                        continue;
                    }
                    _ if doubt.get_or_insert_with(Instant::now).elapsed() < DOUBT => continue,
                    _ => return self.dismiss(&dialog).await.and(Err(PageError::UnknownDialog)),
                },
            }
            let header = self.header().await?;
            if header.present && !clean_name(&header.title).is_empty() {
                return Ok(header);
            }
        }
    }
}
