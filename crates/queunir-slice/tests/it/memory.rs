//! A chat in memory that applies the plans of the merge rule, and holds each of them to what the rule promises.

use std::collections::{HashMap, HashSet};

use queunir_core::{
    id::{ChatId, MessageId},
    message::{Ack, Direction, MessageKind, Source},
};
use queunir_db::slice::{chats::StoredChat, messages::StoredMessage};
use queunir_slice::merge::{Asked, Neighbourhood, Save, list_row, merge, read_conversation};
use queunir_whatsapp::seen::{SeenChat, SeenConversation};
use uuid::Uuid;

use crate::world::{Seen, now};

/// One chat and its messages, in order.
pub struct Memory {
    pub chat: StoredChat,
    pub rows: Vec<StoredMessage>,
    pub revisions: HashMap<MessageId, Vec<String>>,
    is_new: bool,
    next: u128,
}

impl Memory {
    pub fn new(title: &str) -> Self {
        let chat = StoredChat::new(ChatId(Uuid::nil()), title.to_owned());
        Self { chat, rows: Vec::new(), revisions: HashMap::new(), is_new: true, next: 1 }
    }

    /// Takes a look in; answers whether anything changed.
    pub fn take(&mut self, seen: &Seen) -> bool {
        let before = (!self.is_new).then(|| self.chat.clone());
        let changed = match seen {
            Seen::Conversation(seen) => self.conversation(seen),
            Seen::List(seen) => seen.rows.iter().map(|row| self.listed(row)).collect::<Vec<_>>().contains(&true),
        };
        self.is_new = false;
        changed || before.as_ref() != Some(&self.chat)
    }

    fn listed(&mut self, row: &SeenChat) -> bool {
        let before = (!self.is_new).then(|| self.chat.clone());
        let listed = list_row(before.as_ref(), &mut self.chat, row);
        let needed = usize::try_from(listed.messages_needed(&self.chat)).unwrap();
        if needed == 0 {
            return false;
        }
        let recent = &self.rows[self.rows.len().saturating_sub(needed)..];
        let next = &mut self.next;
        let saves = listed.settle(&mut self.chat, recent, false, now(), &mut || new_id(next));
        self.save(&saves);
        !saves.is_empty()
    }

    fn conversation(&mut self, seen: &SeenConversation) -> bool {
        let near = Neighbourhood::whole(self.rows.clone(), HashSet::new(), &Asked::by(seen));
        let next = &mut self.next;
        let plan = merge(&near, self.chat.id, seen, &mut || new_id(next)).expect("a whole chat settles every window");
        for id in &plan.removals {
            let row = self.rows.iter().find(|row| row.id == *id).expect("what is removed is stored");
            let unsent = row.source == Source::Row && row.direction != Direction::In && row.ack == Some(Ack::Pending);
            assert!(row.source == Source::List || unsent, "a message was removed: {row:?}");
        }
        self.save(&plan.saves);
        self.rows.retain(|row| !plan.removals.contains(&row.id));
        let ids: HashSet<MessageId> = plan.rows.iter().map(|(_, row)| row.id).collect();
        assert_eq!(ids.len(), plan.rows.len(), "two rows of a window are one stored row");
        for (_, row) in &plan.rows {
            assert!(self.rows.contains(row), "the plan tells of a row that it does not store: {row:?}");
        }
        self.assert_order(seen, &plan.rows);
        read_conversation(&mut self.chat, seen);
        !plan.saves.is_empty() || !plan.removals.is_empty()
    }

    /// Rows that stand below one another in the page do so in the store, as far as all of them can be told.
    fn assert_order(&self, seen: &SeenConversation, rows: &[(String, StoredMessage)]) {
        if seen.messages.iter().all(|message| message.drawn && !message.key.is_empty()) {
            let places: Vec<&str> = rows.iter().map(|(_, row)| row.order_key.as_str()).collect();
            assert!(places.is_sorted_by(|a, b| a < b), "the window's rows do not stand as in the page: {places:?}");
        }
    }

    fn save(&mut self, saves: &[Save]) {
        for Save { before, now, replaced_text } in saves {
            let at = self.rows.iter().position(|row| row.id == now.id);
            assert_eq!(at.map(|at| &self.rows[at]), before.as_ref(), "the rule was told what is stored");
            assert_ne!(before.as_ref(), Some(now), "what does not change is not saved");
            if let Some(before) = before {
                assert_only_forward(before, now);
                self.rows.remove(at.unwrap());
            }
            if let Some(text) = replaced_text {
                self.revisions.entry(now.id).or_default().push(text.clone());
            }
            self.rows.push(now.clone());
        }
        self.rows.sort_by(|a, b| (&a.order_key, a.id).cmp(&(&b.order_key, b.id)));
        let mut keys = HashSet::new();
        for row in &self.rows {
            assert!(row.key.is_none() || keys.insert((row.direction, &row.key)), "a key is stored twice: {row:?}");
            assert!(row.source == Source::List || row.key.is_some(), "a row without a key: {row:?}");
        }
    }
}

fn new_id(next: &mut u128) -> Uuid {
    *next += 1;
    Uuid::from_u128(*next)
}

fn assert_only_forward(before: &StoredMessage, now: &StoredMessage) {
    assert!(now.source == Source::Row || before.source == Source::List, "a row became a preview");
    if before.source == Source::List {
        return;
    }
    assert!(now.ack >= before.ack, "a tick went back: {before:?} {now:?}");
    assert!(now.deleted >= before.deleted && now.edited >= before.edited, "{before:?} {now:?}");
    assert!(before.direction == Direction::Unknown || now.direction == before.direction, "{before:?} {now:?}");
    assert!(before.sender.is_none() || now.sender == before.sender, "{before:?} {now:?}");
    assert!(before.kind != MessageKind::Text || now.kind == MessageKind::Text, "{before:?} {now:?}");
    assert!(!now.text.is_empty() || before.text.is_empty(), "words went away: {before:?} {now:?}");
    assert!(!now.synthetic || before.synthetic, "a key went away: {before:?} {now:?}");
}
