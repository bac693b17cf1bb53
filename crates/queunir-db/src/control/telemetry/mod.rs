//! What slices and the host use: written by the monitor, read by the gateway. Every moment is an argument.

mod read;
mod write;

use jiff::Timestamp;
use queunir_core::{id::SliceId, link::PageState};

pub use self::{read::*, write::*};

/// What one slice uses and says of itself at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceSample {
    /// The slice.
    pub slice: SliceId,
    /// The moment.
    pub at: Timestamp,
    /// Which start of it.
    pub generation: i64,
    /// Percent of one core since the sample before.
    pub cpu_percent: Option<f32>,
    /// Resident memory of all its processes; what they share counts for each.
    pub rss_bytes: i64,
    /// The same with shared memory in parts; not measured every time.
    pub pss_bytes: Option<i64>,
    /// Memory in swap, measured with it.
    pub swap_bytes: Option<i64>,
    /// How many processes it has.
    pub processes: i32,
    /// What it takes on disks.
    pub disk: Disk,
    /// What it says of itself; absent while it does not answer.
    pub told: Option<Told>,
}

/// What a slice takes on disks; absent what was not measured yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// Its browser's profile.
    pub session_bytes: Option<i64>,
    /// Files of messages.
    pub media_bytes: Option<i64>,
    /// Records of the page.
    pub records_bytes: Option<i64>,
    /// Its database.
    pub database_bytes: Option<i64>,
}

impl Disk {
    /// All of it, once anything was measured.
    #[must_use]
    pub fn bytes(&self) -> Option<i64> {
        let parts = [self.session_bytes, self.media_bytes, self.records_bytes, self.database_bytes];
        parts.iter().flatten().copied().reduce(i64::saturating_add)
    }
}

/// What a slice says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What its page shows.
    pub wa_state: PageState,
    /// Whether its page is not read as it should be.
    pub reader_alarm: bool,
    /// What is missed on it.
    pub reader_misses: Vec<String>,
    /// When somebody else last wrote.
    pub last_inbound_at: Option<Timestamp>,
    /// Chats with one person.
    pub contacts: i64,
    /// Chats.
    pub chats: i64,
    /// Messages.
    pub messages: i64,
}

/// What the host has and uses at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerSample {
    /// The moment.
    pub at: Timestamp,
    /// Its cores.
    pub cores: i32,
    /// Percent of all cores since the sample before.
    pub cpu_percent: Option<f32>,
    /// Load of the last minute.
    pub load_1: f32,
    /// Load of the last five.
    pub load_5: f32,
    /// Load of the last fifteen.
    pub load_15: f32,
    /// Memory.
    pub ram_total_bytes: i64,
    /// Memory that programs could not have.
    pub ram_used_bytes: i64,
    /// Swap.
    pub swap_total_bytes: i64,
    /// Swap in use.
    pub swap_used_bytes: i64,
    /// Disk of the state directory.
    pub disk_total_bytes: i64,
    /// What of it ordinary users could not write.
    pub disk_used_bytes: i64,
}

/// A step of a slice's course.
#[derive(Clone, Debug, PartialEq)]
pub struct SlicePoint {
    /// When it began.
    pub at: Timestamp,
    /// Mean share of one core in percent.
    pub cpu_percent: Option<f32>,
    /// Mean resident memory.
    pub rss_bytes: i64,
    /// The highest.
    pub rss_bytes_max: i64,
    /// Mean memory with shared parts counted once.
    pub pss_bytes: Option<i64>,
    /// The largest size on disks.
    pub disk_bytes: Option<i64>,
}

/// A step of the host's course.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerPoint {
    /// When it began.
    pub at: Timestamp,
    /// Mean share of all cores in percent.
    pub cpu_percent: Option<f32>,
    /// Mean load.
    pub load_5: f32,
    /// Mean memory in use.
    pub ram_used_bytes: i64,
    /// Memory.
    pub ram_total_bytes: i64,
    /// Mean swap in use.
    pub swap_used_bytes: i64,
    /// The largest size of what is on the disk.
    pub disk_used_bytes: i64,
    /// The disk.
    pub disk_total_bytes: i64,
}
