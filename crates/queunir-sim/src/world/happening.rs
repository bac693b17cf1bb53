//! What can happen to a message or to a chat after it came to be.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Deletion, Edit, Pinned, Reaction};
use super::{Body, Chat, Member, Message, Reach};
use crate::clock::Millis;

/// Something that happens to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ToMessage {
    /// Its author changes the words.
    Edit {
        /// The new words.
        text: String,
    },
    /// It is deleted for everyone.
    Delete {
        /// The group admin who does it; none means the author.
        #[serde(default)]
        admin: Option<String>,
    },
    /// Somebody puts a picture below it, or takes it away.
    React {
        /// The picture; none takes it away.
        emoji: Option<String>,
        /// Who: a number or name; the chat's other side if absent, the account's owner if empty.
        #[serde(default)]
        who: Option<String>,
    },
    /// What could not be read becomes readable, under the same key.
    Decrypt {
        /// What it says.
        body: Body,
    },
    /// Its files arrive.
    Arrive {},
    /// It is starred, or not any more.
    Star {
        /// Whether.
        on: bool,
    },
    /// It is put above the conversation; the oldest of more than three goes.
    Pin {
        /// For how long.
        seconds: u32,
        /// Who: a number or name; the chat's other side if absent, the account's owner if empty.
        #[serde(default)]
        who: Option<String>,
    },
    /// It stands above the conversation no more.
    Unpin {},
    /// The account's owner deletes it for themselves.
    Remove {},
    /// A voice note is listened to by the side that got it.
    Play {},
    /// Somebody chooses in a poll; choosing again takes it back.
    Vote {
        /// Position of the choice, from zero.
        option: usize,
        /// Who: a number or name; the chat's other side if absent, the account's owner if empty.
        #[serde(default)]
        who: Option<String>,
    },
}

/// Something that happens to a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ToChat {
    /// It gets another saved name or subject; none makes it an unsaved number.
    Rename {
        /// The name.
        name: Option<String>,
    },
    /// The number is not shown any more.
    HidePhone {
        /// What is shown instead, if no name is saved.
        shown: String,
    },
    /// It gets another picture, or shows the default one.
    Picture {
        /// Number of the picture.
        number: Option<u32>,
    },
    /// Kept on top, or not.
    Pin {
        /// Whether.
        on: bool,
    },
    /// Without notifications, or with.
    Mute {
        /// Whether.
        on: bool,
    },
    /// Out of the main list, or back.
    Archive {
        /// Whether.
        on: bool,
    },
    /// Among the favourites, or not.
    Favorite {
        /// Whether.
        on: bool,
    },
    /// Marked unread by hand, or not.
    MarkUnread {
        /// Whether.
        on: bool,
    },
    /// The other side switches its phone off or on.
    Reach {
        /// How it behaves from now on.
        reach: Reach,
    },
    /// Only admins may write, or everybody.
    Writable {
        /// Whether we may.
        on: bool,
    },
    /// Somebody joins a group.
    Join {
        /// Who.
        member: Member,
    },
    /// Somebody leaves a group.
    Leave {
        /// Number, saved or own name.
        who: String,
    },
}

impl Message {
    /// Applies what happened; `who` is a number already, empty for the account's owner.
    pub fn undergo(&mut self, what: &ToMessage, who: &str, at: Millis) {
        match what {
            ToMessage::Edit { text } => {
                if let Some(words) = self.body.text_mut() {
                    let before = std::mem::replace(words, text.clone());
                    self.later.edits.push(Edit { before, at });
                }
            }
            ToMessage::Delete { admin } => {
                self.later.deleted = Some(Deletion { at, admin: admin.clone() });
                self.later.pinned = None;
            }
            ToMessage::React { emoji, .. } => {
                self.later.reactions.retain(|reaction| reaction.who != who);
                if let Some(emoji) = emoji {
                    self.later.reactions.push(Reaction { who: who.to_owned(), emoji: emoji.clone(), at });
                }
            }
            ToMessage::Decrypt { body } => self.body = body.clone(),
            ToMessage::Arrive {} => {
                for media in self.body.media_mut() {
                    media.late = false;
                }
            }
            ToMessage::Star { on } => self.later.starred = *on,
            ToMessage::Pin { seconds, .. } => {
                let until = at + Millis::from(*seconds) * 1000;
                self.later.pinned = Some(Pinned { who: who.to_owned(), at, until });
            }
            ToMessage::Unpin {} => self.later.pinned = None,
            ToMessage::Remove {} => self.later.removed = Some(at),
            ToMessage::Play {} => self.later.played = true,
            ToMessage::Vote { option, .. } => self.vote(*option, who),
        }
    }

    fn vote(&mut self, option: usize, who: &str) {
        let Body::Poll(poll) = &mut self.body else { return };
        let several = poll.several;
        for (index, choice) in poll.options.iter_mut().enumerate() {
            let had = choice.voters.iter().any(|voter| voter == who);
            if index == option && !had {
                choice.voters.push(who.to_owned());
            } else if index == option || !several {
                choice.voters.retain(|voter| voter != who);
            }
        }
    }
}

impl Chat {
    /// Applies what happened.
    pub fn undergo(&mut self, what: &ToChat) {
        match what {
            ToChat::Rename { name } => self.name.clone_from(name),
            ToChat::HidePhone { shown } => self.hidden = Some(shown.clone()),
            ToChat::Picture { number } => self.picture = *number,
            ToChat::Pin { on } => self.pinned = *on,
            ToChat::Mute { on } => self.muted = *on,
            ToChat::Archive { on } => self.archived = *on,
            ToChat::Favorite { on } => self.favorite = *on,
            ToChat::MarkUnread { on } => self.marked_unread = *on,
            ToChat::Reach { reach } => self.reach = *reach,
            ToChat::Writable { on } => self.writable = *on,
            ToChat::Join { member } => self.members.push(member.clone()),
            ToChat::Leave { who } => {
                let gone = self.member_named(who).map(|member| member.phone.clone());
                self.members.retain(|member| Some(&member.phone) != gone.as_ref());
            }
        }
    }

    /// The member with this number, saved name or own name.
    #[must_use]
    pub fn member_named(&self, who: &str) -> Option<&Member> {
        let named = |member: &&Member| member.name.as_deref() == Some(who) || member.push.as_deref() == Some(who);
        self.members.iter().find(named).or_else(|| super::phone::is_phone(who).then(|| self.member(who)).flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::body::{Poll, PollOption};

    fn poll(several: bool) -> Message {
        let option = |text: &str| PollOption { text: text.to_owned(), voters: Vec::new() };
        let poll = Poll { question: "When?".into(), options: vec![option("Monday"), option("Friday")], several };
        Message::new("K".into(), false, 1, Body::Poll(poll))
    }

    fn votes(message: &Message) -> Vec<usize> {
        let Body::Poll(poll) = &message.body else { return Vec::new() };
        poll.options.iter().map(|option| option.voters.len()).collect()
    }

    #[test]
    fn a_vote_moves_or_adds_and_the_same_again_takes_it_back() {
        let vote = |option| ToMessage::Vote { option, who: None };
        let mut one = poll(false);
        one.undergo(&vote(0), "a", 2);
        one.undergo(&vote(1), "a", 3);
        assert_eq!(votes(&one), [0, 1]);
        let mut many = poll(true);
        many.undergo(&vote(0), "a", 2);
        many.undergo(&vote(1), "a", 3);
        many.undergo(&vote(0), "a", 4);
        assert_eq!(votes(&many), [0, 1]);
    }

    #[test]
    fn a_person_has_one_reaction_and_an_edit_keeps_what_it_replaced() {
        let mut message = Message::new("K".into(), false, 1, Body::words("first"));
        let react = |emoji: Option<&str>| ToMessage::React { emoji: emoji.map(str::to_owned), who: None };
        message.undergo(&react(Some("👍")), "a", 2);
        message.undergo(&react(Some("❤️")), "a", 3);
        message.undergo(&react(Some("👍")), "", 4);
        assert_eq!(message.later.reactions.len(), 2);
        message.undergo(&react(None), "a", 5);
        assert_eq!(message.later.reactions[0].who, "");
        message.undergo(&ToMessage::Edit { text: "second".into() }, "", 6);
        assert_eq!((message.body.text(), message.later.edits[0].before.as_str()), ("second", "first"));
    }
}
