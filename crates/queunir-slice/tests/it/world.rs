//! Generated conversations and generated ways of looking at them: what a page shows of messages that come, change and
//! go, in windows, list rows, repetitions, splits and late looks.

use std::fmt;

use jiff::Timestamp;
use proptest::prelude::*;
use queunir_core::{
    chat::ChatKind,
    message::{Ack, Direction, MessageKind},
};
use queunir_whatsapp::{
    fake,
    seen::{RowPicture, SeenChat, SeenConversation, SeenFile, SeenList, SeenMessage, Shown},
};

use crate::support::{minute, window};

/// The last moment of every message's life.
const LAST: u8 = 4;
/// The time at which every message has reached it.
const END: u8 = 8;

/// How one message comes to be what it is in the end.
#[derive(Clone, Debug)]
pub struct Story {
    /// 0 is this account.
    author: u8,
    /// Its words; the first few are the same for several messages.
    words: usize,
    image: bool,
    born: u8,
    /// Its author cannot be told at first.
    unknown: bool,
    /// Its key cannot be read before this moment.
    keyless: u8,
    /// Its key is another one until the server has it.
    rekeyed: bool,
    /// Another author chose the same key.
    shared: bool,
    acks: u8,
    edited: bool,
    deleted: bool,
    minute: i64,
}

/// One look at the page.
#[derive(Clone, Debug)]
pub enum Look {
    /// Rows `from..end` of the conversation; one in the middle perhaps undrawn, the last perhaps drawn twice.
    Window { from: usize, end: usize, time: u8, gap: bool, twice: bool },
    /// The chat's row in the list.
    List { time: u8, unread: u32 },
}

/// Messages and looks at them.
#[derive(Clone)]
pub struct Case {
    stories: Vec<Story>,
    pub looks: Vec<Look>,
}

/// One line for each message and each look, also where the caller asks for many.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, story) in self.stories.iter().enumerate() {
            writeln!(f, "{n}: {}", format!("{story:?}").replace(": false", ": -"))?;
        }
        self.looks.iter().try_for_each(|look| writeln!(f, "{}", format!("{look:?}").replace(": false", ": -")))
    }
}

/// What the page shows of a chat.
#[derive(Clone, Debug)]
pub enum Seen {
    Conversation(SeenConversation),
    List(SeenList),
}

/// What is known of a message in the end.
pub type End = (String, Direction, String, Option<Ack>, bool, bool, Option<String>);

impl Story {
    fn mine(&self) -> bool {
        self.author == 0
    }

    fn text(&self, n: usize) -> String {
        match self.words {
            _ if self.shared => format!("shared {n}"),
            0 => "ok".to_owned(),
            1 if self.image => String::new(),
            2 => "a longer text,\n with a second line that no preview shows".to_owned(),
            _ => format!("text {n}"),
        }
    }

    fn key(&self, n: usize) -> String {
        if self.shared { "shared".to_owned() } else { format!("k{n}") }
    }

    /// What the page shows of it at a moment of its life.
    fn at(&self, n: usize, moment: u8) -> SeenMessage {
        let direction = match (self.unknown && moment == 0, self.mine()) {
            (true, _) => Direction::Unknown,
            (_, true) => Direction::Out,
            (_, false) => Direction::In,
        };
        let acks = [Ack::Pending, Ack::Sent, Ack::Delivered, Ack::Read, Ack::Read];
        let ack = self.mine().then(|| acks[usize::from(self.acks.min(moment))]);
        let key = match moment {
            0 if self.rekeyed => format!("t{n}"),
            _ if moment < self.keyless => String::new(),
            _ => self.key(n),
        };
        let edited = self.edited && moment >= 2;
        let text = if edited { format!("edited {n}") } else { self.text(n) };
        let message = fake::message(&key, direction, &text, Some(minute(self.minute)), ack);
        let told = direction == Direction::In;
        let sender = told.then(|| format!("Author {}", self.author));
        if self.deleted && moment >= 3 {
            return SeenMessage { kind: MessageKind::Deleted, text: String::new(), sender, ..message };
        }
        let file = SeenFile { shown: Shown::Nothing, name: None, duration_s: None, size_text: None };
        let files = if self.image { vec![file] } else { Vec::new() };
        let kind = if self.image { MessageKind::Image } else { MessageKind::Text };
        SeenMessage { edited, sender, kind, files, ..message }
    }

    fn end(&self, n: usize) -> End {
        let seen = self.at(n, LAST);
        let text = if self.edited { format!("edited {n}") } else { self.text(n) };
        (seen.key, seen.direction, text, seen.ack, self.edited, self.deleted, seen.sender)
    }
}

impl Case {
    fn time(&self, n: usize, time: u8) -> u8 {
        time.saturating_sub(self.stories[n].born).min(LAST)
    }

    /// How many messages there are at a time.
    fn born(&self, time: u8) -> usize {
        self.stories.iter().take_while(|story| story.born <= time).count()
    }

    /// What a look shows of the chat with this name.
    pub fn seen(&self, title: &str, look: &Look) -> Seen {
        match *look {
            Look::Window { from, end, time, gap, twice } => {
                let all = self.born(time);
                let (from, end) = (from.min(all - 1), end.clamp(from.min(all - 1) + 1, all));
                let middle = usize::midpoint(from, end);
                let mut messages: Vec<SeenMessage> = (from..end)
                    .map(|n| {
                        let message = self.stories[n].at(n, self.time(n, time));
                        SeenMessage { drawn: !(gap && n == middle && end - from > 2), ..message }
                    })
                    .collect();
                // Without a key nobody could tell the same row again from another one.
                messages.extend(messages.last().filter(|last| twice && !last.key.is_empty()).cloned());
                let mut seen = window(title, messages);
                seen.at_start = from == 0;
                seen.at_end = end == all;
                Seen::Conversation(seen)
            }
            Look::List { time, unread } => Seen::List(self.listed(title, time, unread)),
        }
    }

    fn listed(&self, title: &str, time: u8, unread: u32) -> SeenList {
        let newest = self.born(time) - 1;
        let story = &self.stories[newest];
        let message = story.at(newest, self.time(newest, time));
        let line = message.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let preview = if line.len() > 20 { format!("{}…", &line[..20]) } else { line };
        let row = SeenChat {
            title: title.to_owned(),
            phone: None,
            kind: ChatKind::Unknown,
            preview: Some(preview),
            preview_from_me: story.mine(),
            preview_sender: message.sender,
            preview_kind: message.kind,
            preview_ack: message.ack,
            unread: if story.mine() { 0 } else { unread },
            marked_unread: false,
            pinned: false,
            muted: false,
            archived: false,
            typing: false,
            time_text: "10:00".to_owned(),
            time: message.sent_at,
            position: 0,
            picture: RowPicture::Unknown,
            look: 0,
        };
        SeenList { rows: vec![row], total: Some(1), complete: false, document: "one".to_owned() }
    }

    /// All of it at once, in the end.
    pub fn sweep(&self) -> Look {
        Look::Window { from: 0, end: self.stories.len(), time: END, gap: false, twice: false }
    }

    /// What is to be known in the end, in order.
    pub fn end(&self) -> Vec<End> {
        self.stories.iter().enumerate().map(|(n, story)| story.end(n)).collect()
    }

    /// Whether every look shows rows that can be told apart by their keys, and nothing stands in for a row.
    pub fn is_plain(&self) -> bool {
        self.stories.iter().all(|story| story.keyless == 0 && !story.rekeyed)
            && !self.looks.iter().any(|look| matches!(look, Look::List { .. }))
    }
}

fn story(late: bool) -> impl Strategy<Value = Story> {
    let who = (0u8..3, 0usize..6, prop::bool::weighted(0.15), 0u8..4, prop::bool::weighted(0.2));
    let key = (prop_oneof![8 => Just(0u8), 1 => 1u8..4], prop::bool::weighted(0.2), prop::bool::weighted(0.05));
    let fate = (0u8..5, prop::bool::weighted(0.15), prop::bool::weighted(0.1), 0i64..2);
    (who, key, fate).prop_map(move |((author, words, image, born, unknown), (keyless, rekeyed, shared), fate)| {
        let (acks, edited, deleted, minute) = fate;
        let mine = author == 0;
        let rekeyed = rekeyed && mine && acks > 0;
        let shared = shared && !mine;
        let keyless = if rekeyed || shared { 0 } else { keyless };
        // What never reaches the server is not changed there, and two of one key are told apart by what they say. A row
        // without a key is known by its words alone: other words, or other ticks under the same, are another message.
        let settled = (!mine || acks > 0) && !shared && keyless == 0 && !(late && rekeyed);
        let words = if keyless > 0 && mine && acks > 0 { 5 } else { words };
        Story {
            author,
            words,
            image: image && !shared,
            born: if late { 0 } else { born },
            unknown: unknown && !shared,
            keyless,
            rekeyed,
            shared,
            acks,
            edited: edited && settled && !image,
            deleted: deleted && settled,
            minute,
        }
    })
}

fn look(count: usize) -> impl Strategy<Value = Look> {
    let window = (0..count, 1usize..9, 0..=END, prop::bool::weighted(0.3), prop::bool::weighted(0.1)).prop_map(
        move |(from, width, time, gap, twice)| {
            let end = (from + width).min(count);
            Look::Window { from, end, time, gap, twice }
        },
    );
    let list = (0..=END, 0u32..4).prop_map(|(time, unread)| Look::List { time, unread });
    prop_oneof![3 => window, 1 => list]
}

/// Cases of at most `most` messages. In half of them looks come in the order of their times, as one page shows them; in
/// the others in any order, as if old looks were told late. Together the looks show every neighbourhood and the end of
/// every story.
pub fn case(most: usize) -> impl Strategy<Value = Case> {
    (2..=most, 1usize..7, any::<bool>(), any::<bool>()).prop_flat_map(|(count, width, late, lists)| {
        let stories = prop::collection::vec(story(late), count);
        let looks = prop::collection::vec(look(count), 0..14);
        let cover: Vec<Look> = (0..count - 1)
            .step_by(width)
            .map(|from| {
                let end = (from + width + 1).min(count);
                Look::Window { from, end, time: END, gap: false, twice: false }
            })
            .collect();
        let cover = Just(cover).prop_shuffle();
        (stories, looks, cover).prop_flat_map(move |(stories, mut looks, cover)| {
            looks.retain(|look| lists || matches!(look, Look::Window { .. }));
            if !late {
                looks.sort_by_key(|look| match look {
                    Look::Window { time, .. } | Look::List { time, .. } => *time,
                });
            }
            looks.extend(cover);
            let looks = if late { Just(looks).prop_shuffle().boxed() } else { Just(looks).boxed() };
            (Just(in_time(stories)), looks).prop_map(|(stories, looks)| Case { stories, looks })
        })
    })
}

/// Messages are born and dated in their order; the first is there from the start, and one key has two authors at most.
fn in_time(mut stories: Vec<Story>) -> Vec<Story> {
    let (mut born, mut minute) = (0, 0);
    let mut sharing = Vec::new();
    for story in &mut stories {
        born = story.born.max(born);
        minute += story.minute;
        (story.born, story.minute) = (born, minute);
        story.shared &= sharing.len() < 2 && !sharing.contains(&story.author);
        if story.shared {
            sharing.push(story.author);
        }
    }
    stories[0].born = 0;
    stories
}

/// The present of every case.
pub fn now() -> Timestamp {
    minute(1_000)
}
