//! Linking by phone number: to the form, the number with real keys, and one press.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    Driver, EVALUATE, LOOK,
    hands::{A, BACKSPACE, CONTROL},
};
use crate::{
    page::raw::{LoginStage, PhoneLogin},
    page_api::PageError,
};

/// How long a screen may take to follow a press.
const FOLLOW: Duration = Duration::from_secs(8);
/// How long the page may take to show a code; it asks WhatsApp for it.
const ANSWER: Duration = Duration::from_secs(20);

impl Driver {
    /// See [`crate::Page::link_by_phone`]. A code that is on screen already belongs to a number typed before, so the
    /// page is loaded again first.
    pub(crate) async fn link_by_phone(&self, number: &str) -> Result<(), PageError> {
        if self.login().await?.stage == LoginStage::Code {
            self.reload_page().await?;
        }
        let found =
            self.login_becomes(FOLLOW, |login| login.stage != LoginStage::Code && login.stage != LoginStage::None);
        let mut login = found.await?.ok_or_else(|| unexpected("no way to link by phone number is shown"))?;
        if login.stage == LoginStage::Offer {
            self.click(login.offer.x, login.offer.y).await?;
            let found = self.login_becomes(FOLLOW, |login| login.stage == LoginStage::Form).await?;
            login = found.ok_or_else(|| unexpected("the form for the number does not come"))?;
        }
        self.type_number(&login, number).await?;
        let login = self.login().await?;
        if login.stage != LoginStage::Form || !login.next.present {
            return Err(unexpected("the form for the number has no button"));
        }
        self.click(login.next.x, login.next.y).await?;
        let answered = self.login_becomes(ANSWER, |login| login.stage == LoginStage::Code || login.refused).await?;
        match answered {
            Some(login) if login.stage == LoginStage::Code => Ok(()),
            // A form that stays as it is takes the number as little as one that says so.
            _ => Err(PageError::NumberRefused),
        }
    }

    /// The field's whole content becomes the number; other separators and a country's name beside it do not matter.
    async fn type_number(&self, login: &PhoneLogin, number: &str) -> Result<(), PageError> {
        let wanted = digits(number);
        self.click(login.field.x, login.field.y).await?;
        if self.login_becomes(FOLLOW, |login| login.focused).await?.is_none() {
            return Err(unexpected("the field for the number does not take the focus"));
        }
        self.press_key(A, CONTROL).await?;
        self.press_key(BACKSPACE, 0).await?;
        self.insert_text(number).await?;
        match self.login_becomes(FOLLOW, |login| digits(&login.value) == wanted).await? {
            Some(_) => Ok(()),
            None => Err(PageError::TextMismatch),
        }
    }

    /// See [`crate::Page::reload`].
    pub(crate) async fn reload_page(&self) -> Result<(), PageError> {
        let mut world = self.world.clone();
        world.mark_unchanged();
        let _: Value = self.page.call("Page.reload", json!({}), EVALUATE).await?;
        // What is asked from here on is asked of the new document.
        match tokio::time::timeout(EVALUATE, world.changed()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(PageError::Gone),
            Err(_) => Err(PageError::Deadline),
        }
    }

    async fn login(&self) -> Result<PhoneLogin, PageError> {
        self.ask("phoneLogin", json!(null)).await
    }

    /// Looks until what is wanted is shown; nothing when it does not come.
    async fn login_becomes(
        &self,
        patience: Duration,
        wanted: impl Fn(&PhoneLogin) -> bool,
    ) -> Result<Option<PhoneLogin>, PageError> {
        let until = Instant::now() + patience;
        loop {
            match self.login().await {
                Ok(login) if wanted(&login) => return Ok(Some(login)),
                // Between two documents nobody answers.
                Ok(_) | Err(PageError::Unexpected(_)) => {}
                Err(error) => return Err(error),
            }
            if Instant::now() > until {
                return Ok(None);
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn unexpected(what: &str) -> PageError {
    PageError::Unexpected(what.to_owned())
}
