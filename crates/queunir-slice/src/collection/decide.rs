//! Whether a conversation may be collected now, and which; pure, so that what it never does can be proven.

use queunir_core::{collection::CollectionState, id::ChatId, link::ReadingMode};
use queunir_whatsapp::Priority;

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nobody has the app open.
    Away,
    /// Somebody has, and does nothing in it.
    Idle,
    /// Somebody works.
    Working,
}

/// Everything that decides, at one moment.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The operator has switched it on.
    pub enabled: bool,
    /// A person paused it.
    pub paused: bool,
    /// WhatsApp is connected.
    pub linked: bool,
    /// The tenant's choice.
    pub mode: ReadingMode,
    /// Whether somebody is there.
    pub presence: Presence,
    /// Something is to be sent or done for a person, or news are to be read.
    pub busy: bool,
    /// The pause since the last conversation is over.
    pub rested: bool,
    /// Chats that a person looks at.
    pub viewed: Vec<ChatId>,
}

/// What there is to be collected, as far as the mode lets us look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// This one is next.
    Chat(ChatId),
    /// What is left rests for now, or may not be opened.
    Others,
    /// Nothing.
    Nothing,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Collect this one from now on.
    Begin(ChatId, Priority),
    /// Go on with the one that is being collected.
    GoOn(Priority),
    /// Touch nothing; why.
    Rest(CollectionState),
}

/// What keeps everything from being collected, whatever is left.
#[must_use]
pub fn hindrance(moment: &Moment) -> Option<CollectionState> {
    match moment {
        Moment { enabled: false, .. } => Some(CollectionState::Off),
        Moment { paused: true, .. } => Some(CollectionState::Paused),
        Moment { linked: false, .. } => Some(CollectionState::NotLinked),
        Moment { presence: Presence::Working, .. } => Some(CollectionState::Working),
        Moment { busy: true, .. } => Some(CollectionState::Busy),
        _ => None,
    }
}

/// What to do at a moment, while `current` is being collected or nothing is.
///
/// In the mode *only what I open* a chat is touched only while a person looks at it: opening any other, or staying in
/// it, could tell its customer that something was read.
#[must_use]
pub fn decide(moment: &Moment, current: Option<ChatId>, left: Left) -> Step {
    if let Some(why) = hindrance(moment) {
        return Step::Rest(why);
    }
    let chat = match (current, left) {
        (Some(chat), _) | (None, Left::Chat(chat)) => chat,
        (None, Left::Others) if moment.mode == ReadingMode::OnOpen => return Step::Rest(CollectionState::OnlyOpened),
        (None, Left::Others) => return Step::Rest(CollectionState::Later),
        (None, Left::Nothing) => return Step::Rest(CollectionState::Done),
    };
    if moment.mode == ReadingMode::OnOpen && !moment.viewed.contains(&chat) {
        return Step::Rest(CollectionState::OnlyOpened);
    }
    let priority = if moment.presence == Presence::Away { Priority::Collect } else { Priority::Fill };
    match current {
        Some(_) => Step::GoOn(priority),
        None if moment.rested => Step::Begin(chat, priority),
        None => Step::Rest(CollectionState::Running),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn chat() -> impl Strategy<Value = ChatId> {
        (1u128..5).prop_map(|n| ChatId(Uuid::from_u128(n)))
    }

    fn moment() -> impl Strategy<Value = Moment> {
        let presence = prop_oneof![Just(Presence::Away), Just(Presence::Idle), Just(Presence::Working)];
        let mode = prop_oneof![Just(ReadingMode::Background), Just(ReadingMode::OnOpen)];
        let rarely = || prop::bool::weighted(0.15);
        let often = || prop::bool::weighted(0.85);
        let viewed = prop::collection::vec(chat(), 0..3);
        (often(), rarely(), often(), mode, presence, rarely(), often(), viewed).prop_map(
            |(enabled, paused, linked, mode, presence, busy, rested, viewed)| Moment {
                enabled,
                paused,
                linked,
                mode,
                presence,
                busy,
                rested,
                viewed,
            },
        )
    }

    fn left() -> impl Strategy<Value = Left> {
        prop_oneof![4 => chat().prop_map(Left::Chat), 1 => Just(Left::Others), 1 => Just(Left::Nothing)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        /// A day of moments: what is touched, and in which chat, as a controller that obeys would do it.
        #[test]
        fn nothing_forbidden_is_touched_never_two_at_once_and_never_while_somebody_works(
            day in prop::collection::vec((moment(), left(), prop::bool::weighted(0.2)), 1..30)
        ) {
            let mut current: Option<ChatId> = None;
            for (moment, left, over) in day {
                let step = decide(&moment, current, left);
                let touched = match step {
                    Step::Begin(chat, _) => {
                        prop_assert_eq!(current, None, "two at once");
                        prop_assert_eq!(Left::Chat(chat), left);
                        prop_assert!(moment.rested, "without the pause");
                        Some(chat)
                    }
                    Step::GoOn(_) => {
                        prop_assert!(current.is_some());
                        current
                    }
                    Step::Rest(_) => None,
                };
                if let Some(chat) = touched {
                    let receipt_is_forbidden = moment.mode == ReadingMode::OnOpen && !moment.viewed.contains(&chat);
                    prop_assert!(!receipt_is_forbidden, "{:?}", moment);
                    prop_assert!(moment.presence != Presence::Working && !moment.busy && moment.linked, "{:?}", moment);
                    prop_assert!(moment.enabled && !moment.paused);
                }
                // It also goes on whenever nothing is in its way, and says that it does.
                let free = moment.enabled && !moment.paused && moment.linked && !moment.busy
                    && moment.presence != Presence::Working && moment.mode == ReadingMode::Background;
                if free && (current.is_some() || (moment.rested && matches!(left, Left::Chat(_)))) {
                    prop_assert!(touched.is_some(), "{:?}", moment);
                }
                current = touched.filter(|_| !over);
            }
        }
    }

    #[test]
    fn somebody_who_is_there_and_idle_comes_before_nobody() {
        let chat = ChatId(Uuid::from_u128(1));
        let moment = |presence| Moment {
            enabled: true,
            paused: false,
            linked: true,
            mode: ReadingMode::Background,
            presence,
            busy: false,
            rested: true,
            viewed: Vec::new(),
        };
        assert_eq!(decide(&moment(Presence::Idle), None, Left::Chat(chat)), Step::Begin(chat, Priority::Fill));
        assert_eq!(decide(&moment(Presence::Away), None, Left::Chat(chat)), Step::Begin(chat, Priority::Collect));
        assert_eq!(decide(&moment(Presence::Away), None, Left::Nothing), Step::Rest(CollectionState::Done));
    }
}
