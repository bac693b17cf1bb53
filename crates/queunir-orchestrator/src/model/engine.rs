//! The engine of the model: one process per slice, whatever it is asked, and any answer.

use std::collections::HashSet;

use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{SliceHealth, StopReason},
};

use crate::runtime::RunningSlice;

/// What the next request meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// The slice ends at once.
    NotReady,
    /// The engine is away.
    Unreachable,
    /// It is done, and the answer says that it is not.
    Denied,
    /// It is carried out twice.
    Twice,
    /// No answer ever comes.
    Hangs,
}

/// What an answer to `list` is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    #[default]
    None,
    /// Nothing runs, it says.
    Empty,
    /// What ran before is said to run.
    Stale,
    /// Something runs, it says, that nobody started.
    Ghost,
    /// An earlier start runs, it says.
    Older,
    /// No answer.
    Away,
}

pub struct Process {
    pub slice: SliceId,
    pub generation: i64,
    pub port: u16,
    pub page: PageState,
    pub reason: Option<StopReason>,
    pub mute: bool,
}

pub struct Engine {
    pub live: Vec<Process>,
    /// Slices whose folders and database are gone.
    pub erased: HashSet<SliceId>,
    /// Ports that somebody else has taken.
    pub foreign: HashSet<u16>,
    pub fault: Fault,
    pub lie: Lie,
    /// Whether it has neither lied nor been used by two leaders until now.
    pub truthful: bool,
    last: Vec<RunningSlice>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            live: Vec::new(),
            erased: HashSet::new(),
            foreign: HashSet::new(),
            fault: Fault::None,
            lie: Lie::None,
            truthful: true,
            last: Vec::new(),
        }
    }
}

/// How a start went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    Ready,
    NotReady,
    Unreachable,
    Busy,
    NoAnswer,
}

impl Engine {
    pub fn is_free(&self, port: u16) -> bool {
        !self.foreign.contains(&port) && self.live.iter().all(|process| process.port != port)
    }

    pub fn find(&mut self, slice: SliceId) -> Option<&mut Process> {
        self.live.iter_mut().find(|process| process.slice == slice)
    }

    /// What runs, or what it says that runs.
    pub fn list(&mut self) -> Option<Vec<RunningSlice>> {
        let told =
            |process: &Process| RunningSlice { id: process.slice, generation: process.generation, port: process.port };
        let truth: Vec<RunningSlice> = self.live.iter().map(told).collect();
        let lie = std::mem::take(&mut self.lie);
        self.truthful &= lie == Lie::None || lie == Lie::Away;
        let answer = match lie {
            Lie::None => truth.clone(),
            Lie::Empty => Vec::new(),
            Lie::Stale => self.last.clone(),
            Lie::Ghost => {
                truth.iter().copied().chain([RunningSlice { id: SliceId(99), generation: 1, port: 1 }]).collect()
            }
            Lie::Older => {
                truth.iter().map(|slice| RunningSlice { generation: slice.generation - 1, ..*slice }).collect()
            }
            Lie::Away => return None,
        };
        self.last = truth;
        Some(answer)
    }

    pub fn ensure(&mut self, slice: SliceId, generation: i64, port: u16, linked: bool) -> Started {
        match std::mem::take(&mut self.fault) {
            Fault::None => self.start(slice, generation, port, linked),
            Fault::NotReady => Started::NotReady,
            Fault::Unreachable => Started::Unreachable,
            Fault::Denied => match self.start(slice, generation, port, linked) {
                Started::Ready => Started::Unreachable,
                other => other,
            },
            Fault::Twice => {
                self.start(slice, generation, port, linked);
                self.start(slice, generation, port, linked)
            }
            Fault::Hangs => {
                self.start(slice, generation, port, linked);
                Started::NoAnswer
            }
        }
    }

    fn start(&mut self, slice: SliceId, generation: i64, port: u16, linked: bool) -> Started {
        if let Some(found) = self.find(slice) {
            let same = found.generation == generation;
            // The slice's own lock; while nobody lied and one leads, nothing may ever run into it.
            assert!(same || !self.truthful, "a second start of slice {slice} was asked for");
            return if same { Started::Ready } else { Started::Busy };
        }
        if self.erased.contains(&slice) {
            return Started::Unreachable;
        }
        if !self.is_free(port) {
            return Started::NotReady;
        }
        let page = if linked { PageState::Starting } else { PageState::NoBrowser };
        self.live.push(Process { slice, generation, port, page, reason: None, mute: false });
        Started::Ready
    }

    /// False when no answer comes; the process may be gone all the same.
    pub fn stop(&mut self, slice: SliceId) -> bool {
        let fault = std::mem::take(&mut self.fault);
        if fault != Fault::Unreachable {
            self.live.retain(|process| process.slice != slice);
        }
        !matches!(fault, Fault::Unreachable | Fault::Denied | Fault::Hangs)
    }

    pub fn health(&mut self, slice: SliceId, generation: i64) -> Option<SliceHealth> {
        let process = self.find(slice).filter(|process| process.generation == generation && !process.mute)?;
        Some(SliceHealth {
            status: "ok".into(),
            version: "model".into(),
            generation,
            state: process.page,
            stop_reason: process.reason,
            phone: None,
            chats: 0,
            messages: 0,
            reader_alarm: false,
            reader_misses: Vec::new(),
            condition: None,
            contacts: 0,
            last_inbound_at: None,
            browser_since: None,
            quiet: true,
            over_quota: false,
            unlinked_at: None,
        })
    }
}
