//! The fake as a [`Page`]: its jobs.

use std::{sync::MutexGuard, time::Duration};

use async_trait::async_trait;
use queunir_core::{act::Wish, chat::ChatKind, link::PageState, message::Quote, phone::PhoneNumber, text::clean_name};

use super::{
    FakePage, FakePhone,
    state::State,
    tickets::{FakeHeld, FakeTicket},
};
use crate::{
    page::{facts::FactReport, structure::Structure},
    page_api::{
        ActError, Acted, Asked, ByNumber, ChatTarget, Draft, HistoryTop, MediaError, MediaTicket, Page, PageError,
        Priority, SendTicket,
    },
    seen::{Captured, SeenConversation, SeenList, SeenPanel, SeenState},
};

impl FakePage {
    /// What a job on a chat that is open already does first.
    fn opened_as(&self, target: &ChatTarget) -> Result<MutexGuard<'_, State>, PageError> {
        let now = self.begin()?;
        if now.open.as_deref() == Some(clean_name(&target.title).as_str()) {
            Ok(now)
        } else {
            Err(PageError::WrongChat)
        }
    }
}

#[async_trait]
impl Page for FakePage {
    async fn open_chat(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        self.begin()?.open(target, self.page_size)
    }

    async fn open_number(
        &self,
        number: &PhoneNumber,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<ByNumber, PageError> {
        let _turn = self.turn(deadline).await?;
        self.begin()?.open_number(number, self.page_size)
    }

    async fn leave_chat(&self) -> Result<(), PageError> {
        let _turn = self.turn(Duration::from_secs(10)).await?;
        self.begin()?.open = None;
        Ok(())
    }

    async fn load_older(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        let gate = {
            let mut now = self.opened_as(target)?;
            if let Some(chat) = now.chat_mut(&clean_name(&target.title)) {
                chat.drawn_from = chat.drawn_from.saturating_sub(self.page_size).max(chat.on_phone);
                let first = chat.drawn_from;
                now.view = first;
            }
            now.emit_conversation();
            now.older_gate.take()
        };
        if let Some(gate) = gate {
            gate.notified().await;
        }
        self.lock().conversation().ok_or(PageError::WrongChat)
    }

    async fn unfold(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        let mut now = self.opened_as(target)?;
        now.unfold(&clean_name(&target.title));
        now.conversation().ok_or(PageError::WrongChat)
    }

    async fn show_row(
        &self,
        target: &ChatTarget,
        key: &str,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenConversation, PageError> {
        let _turn = self.turn(deadline).await?;
        let mut now = self.opened_as(target)?;
        let place = now.chat_mut(&target.title).and_then(|chat| chat.messages.iter().position(|m| m.key == key));
        now.view = place.unwrap_or(now.view);
        now.emit_conversation();
        now.conversation().ok_or(PageError::WrongChat)
    }

    async fn history_top(&self, target: &ChatTarget) -> Result<HistoryTop, PageError> {
        let mut now = self.opened_as(target)?;
        let chat = now.chat_mut(&target.title).ok_or(PageError::WrongChat)?;
        Ok(match chat.drawn_from {
            0 => HistoryTop::Start,
            first if first == chat.on_phone => HistoryTop::Phone,
            _ => HistoryTop::More,
        })
    }

    async fn ask_phone(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<Asked, PageError> {
        let _turn = self.turn(deadline).await?;
        let mut now = self.opened_as(target)?;
        let phone = now.phone;
        let chat = now.chat_mut(&target.title).ok_or(PageError::WrongChat)?;
        if chat.on_phone == 0 || chat.drawn_from != chat.on_phone {
            return Ok(Asked::NoButton);
        }
        match phone {
            FakePhone::Silent => return Ok(Asked::Silent),
            FakePhone::Refuses => return Ok(Asked::Refused),
            FakePhone::Gives => chat.on_phone = 0,
        }
        chat.drawn_from = chat.drawn_from.saturating_sub(self.page_size);
        now.emit_conversation();
        now.conversation().map(|seen| Asked::Given(Box::new(seen))).ok_or(PageError::WrongChat)
    }

    async fn read_panel(
        &self,
        target: &ChatTarget,
        all_members: bool,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<SeenPanel, PageError> {
        let _turn = self.turn(deadline).await?;
        // A panel that is read unasked takes no error that was meant for another job.
        let mut now = self.lock();
        if now.closed {
            return Err(PageError::Gone);
        }
        let title = clean_name(&target.title);
        if now.open.as_deref() != Some(title.as_str()) {
            return Err(PageError::WrongChat);
        }
        now.panels_read.push(title.clone());
        let bare = SeenPanel {
            kind: ChatKind::Unknown,
            facts: Vec::new(),
            number_hidden: false,
            members: Vec::new(),
            all_members: false,
            total: None,
        };
        let shown = now.panels.get(&title).cloned().unwrap_or(Ok(bare));
        match now.all_members.get(&title).filter(|_| all_members) {
            Some(Ok(members)) => shown.map(|panel| SeenPanel { members: members.clone(), all_members: true, ..panel }),
            Some(Err(error)) => Err(error.clone()),
            None => shown,
        }
    }

    async fn walk_list(&self, _priority: Priority, deadline: Duration) -> Result<SeenList, PageError> {
        let _turn = self.turn(deadline).await?;
        let now = self.begin()?;
        if matches!(now.screen.state, PageState::Linked | PageState::Offline) {
            Ok(now.list())
        } else {
            Err(PageError::NotLinked)
        }
    }

    async fn prepare(
        &self,
        target: &ChatTarget,
        draft: &Draft,
        _typing: Duration,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, PageError> {
        let turn = self.turn(deadline).await?;
        let bytes = match &draft.file {
            Some(file) => std::fs::read(&file.path).map_err(|error| PageError::Unexpected(error.to_string()))?,
            None => Vec::new(),
        };
        let (anchor, quoted) = {
            let mut now = self.begin_press()?;
            let conversation = now.open(target, self.page_size)?;
            let quoted = match &draft.reply {
                Some(key) => {
                    let answered = conversation.messages.iter().find(|message| message.key == *key);
                    let answered = answered.ok_or(PageError::QuoteNotFound)?;
                    Some(Quote { sender: answered.sender.clone(), text: answered.text.clone() })
                }
                None => None,
            };
            now.composer.clone_from(&draft.text);
            (conversation.messages.last().map(|m| m.key.clone()), quoted)
        };
        let page = self.me.upgrade().ok_or(PageError::Gone)?;
        Ok(Box::new(FakeTicket {
            page,
            title: clean_name(&target.title),
            draft: draft.clone(),
            bytes,
            quoted,
            anchor,
            _driver: turn,
        }))
    }

    async fn act(&self, target: &ChatTarget, key: &str, wish: &Wish, deadline: Duration) -> Result<Acted, ActError> {
        let _turn = self.turn(deadline).await?;
        self.act_now(target, key, wish)
    }

    async fn forward(
        &self,
        target: &ChatTarget,
        key: &str,
        to: &ChatTarget,
        deadline: Duration,
    ) -> Result<Box<dyn SendTicket>, ActError> {
        let turn = self.turn(deadline).await?;
        Ok(Box::new(self.forward_now(target, key, to, turn)?))
    }

    async fn media(&self, target: &ChatTarget, key: &str, place: u32) -> Result<Box<dyn MediaTicket>, MediaError> {
        let mut now = self.lock();
        if now.closed {
            return Err(MediaError::Page(PageError::Gone));
        }
        if now.open.as_deref() != Some(clean_name(&target.title).as_str()) {
            return Err(MediaError::NotHere);
        }
        now.files_asked += 1;
        let file = now.files.get(&(key.to_owned(), place)).cloned().unwrap_or(Err(MediaError::NotShown))?;
        Ok(Box::new(FakeHeld { file, pieces: 0 }))
    }

    async fn picture(
        &self,
        target: &ChatTarget,
        _priority: Priority,
        deadline: Duration,
    ) -> Result<Option<Captured>, PageError> {
        let _turn = self.turn(deadline).await?;
        let mut now = self.begin()?;
        let title = clean_name(&target.title);
        now.pictures_asked.push(title.clone());
        Ok(now.pictures.get(&title).cloned().flatten())
    }

    async fn walk_archive(&self, _priority: Priority, deadline: Duration) -> Result<SeenList, PageError> {
        let _turn = self.turn(deadline).await?;
        let now = self.begin()?;
        if now.screen.state == PageState::Linked { Ok(now.archive()) } else { Err(PageError::NotLinked) }
    }

    async fn archive_label(&self) -> Result<Option<String>, PageError> {
        let archived = self.lock().archive().rows.len();
        Ok((archived > 0).then(|| format!("Archived {archived}")))
    }

    async fn structure(&self) -> Result<Structure, PageError> {
        let _alive = self.begin()?;
        Ok(Structure { html: "<html><body></body></html>".into(), elements: 2, cut: false })
    }

    async fn facts(&self) -> Result<Vec<FactReport>, PageError> {
        let _alive = self.begin()?;
        Ok(Vec::new())
    }

    async fn reload_qr(&self) -> Result<(), PageError> {
        let mut now = self.begin()?;
        if now.screen.state != PageState::QrTimeout {
            return Err(PageError::Unexpected("no reload button".into()));
        }
        now.screen.state = PageState::Qr;
        now.screen.qr = Some("2@fake-again,a,b,c,1".into());
        now.emit_state();
        Ok(())
    }

    async fn link_by_phone(&self, number: &str, _deadline: Duration) -> Result<(), PageError> {
        let mut now = self.begin()?;
        now.numbers.push(number.to_owned());
        now.screen = SeenState { link_code: Some("ABCD2345".into()), ..SeenState::plain(PageState::Pairing) };
        now.emit_state();
        Ok(())
    }

    async fn use_here(&self) -> Result<(), PageError> {
        let mut now = self.begin()?;
        now.used_here += 1;
        if now.screen.state == PageState::Conflict {
            now.screen.state = PageState::Linked;
        }
        now.emit_state();
        Ok(())
    }

    async fn reload(&self) -> Result<(), PageError> {
        let mut now = self.begin()?;
        now.reloads += 1;
        if now.screen.state == PageState::Pairing {
            now.screen = SeenState { qr: Some("2@fake-anew,a,b,c,1".into()), ..SeenState::plain(PageState::Qr) };
        }
        now.emit_state();
        Ok(())
    }

    fn is_gone(&self) -> bool {
        self.lock().closed
    }

    async fn close(&self) {
        let mut now = self.lock();
        if !now.closed {
            now.die("closed");
        }
    }
}
