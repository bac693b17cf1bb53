//! The life of a slice: what is wanted, what is observed, and the spec a runtime starts from.

use std::{net::Ipv4Addr, path::PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    collection::CollectionLimits,
    id::SliceId,
    link::{Condition, PageState, ReadingMode},
    media::MediaLimits,
};

/// The file in a browser's profile that is locked as long as a browser has it.
pub const PROFILE_LOCK: &str = ".queunir.lock";
/// What the file holds when the last browser has ended by itself, and nothing wrong was found.
pub const CLEAN_END: &[u8] = b"ended by itself";

/// What is wanted of a slice; written by users, billing and operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Desired {
    /// Not running.
    Stopped,
    /// API without a browser.
    Service,
    /// API and browser.
    Linked,
    /// Gone, data included, after the documented delay.
    Deleted,
}

/// What the orchestrator observed; written by the orchestrator only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Wanted, nothing done yet.
    Requested,
    /// Database, role, folders and certificate are being made.
    Provisioning,
    /// The process starts, or its page state is not known yet.
    Starting,
    /// Runs without a browser.
    Service,
    /// A code waits to be scanned.
    Qr,
    /// Syncing or linked.
    Linked,
    /// Runs, but its state is not certain.
    Degraded,
    /// Ended on purpose; `stop_reason` says why.
    Stopped,
    /// Gave up; an operator or the user has to act.
    Failed,
    /// On its way to be gone; nothing turns it back.
    Deleting,
    /// Gone, data included; only the row is left.
    Deleted,
}

/// Why a browser or a slice was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// No request for a while.
    Idle,
    /// The user asked.
    User,
    /// The subscription ended.
    Billing,
    /// An operator asked.
    Admin,
    /// The host is being emptied.
    Drain,
    /// Nobody scanned the codes.
    QrTimeout,
    /// The phone removed the device.
    LoggedOut,
}

/// The snapshot `slice` of the gateway's stream: the orchestrator's view of the caller's slice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SliceView {
    /// What is wanted; absent while the user has no slice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired: Option<Desired>,
    /// What is observed; absent while the user has no slice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Why it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<StopReason>,
    /// When somebody last pressed Connect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub wanted_at: Option<Timestamp>,
    /// Since when the phase holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub phase_since: Option<Timestamp>,
    /// The place in the queue, while the browser waits for room on the host or for its turn to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
    /// Why the rest may be out of date, although the stream lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// A place in the host's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// 1 is next.
    pub position: u32,
    /// How long it will take, as far as can be told from how it went until now.
    pub seconds: u32,
}

/// What is wrong with the service itself, as far as its tenants are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The database does not answer: nothing can be read or written.
    DatabaseAway,
    /// The disk has no room left: nothing can be stored, so nothing is read from WhatsApp or sent.
    StorageFull,
    /// The slice runs as far as anybody knows, and does not answer.
    NotAnswering,
}

/// Which Chromium serves a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Debian's `chromium` with `--headless=new`.
    Chromium,
    /// `chromium-headless-shell`: lighter, a different browser.
    HeadlessShell,
}

/// How tenants are kept apart in PostgreSQL; fixed for an installation once it has tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenancyMode {
    /// A database for each.
    Database,
    /// A schema for each, in databases that up to five hundred share.
    Schema,
}

/// How a slice's browser reaches the internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Egress {
    /// The host's own route.
    Direct,
}

/// Everything a slice is started from; written as one JSON file (0600) that `queunir slice --spec FILE` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceSpec {
    /// Its number.
    pub slice: SliceId,
    /// Counter of its starts; certificates, the fence row and every outbox write carry it.
    pub generation: i64,
    /// Counter of leaders: the one who ordered this start.
    #[serde(default)]
    pub epoch: i64,
    /// Port of its API, on loopback as the host sees it.
    pub port: u16,
    /// Address that the port is opened on: loopback, or all of them where its runtime puts the slice into a network of
    /// its own.
    #[serde(default = "loopback")]
    pub bind: Ipv4Addr,
    /// File that the slice locks for its life, where its runtime cannot hand it a lock.
    #[serde(default)]
    pub lock_file: Option<PathBuf>,
    /// Directory of PostgreSQL's Unix socket.
    pub database_socket: PathBuf,
    /// Port number in the socket's name.
    pub database_port: u16,
    /// Database name.
    pub database: String,
    /// Role name, like the database's.
    pub role: String,
    /// File with the role's password.
    pub password_file: PathBuf,
    /// Chromium's user-data directory: a credential.
    pub profile_dir: PathBuf,
    /// Files of the tenant.
    pub media_dir: PathBuf,
    /// Records of the page's structure, for whoever has to teach the reader a new look.
    pub records_dir: PathBuf,
    /// The CA's certificate (PEM).
    pub ca_file: PathBuf,
    /// This generation's certificate, named `slice-N.gG` (PEM).
    pub cert_file: PathBuf,
    /// Its key (PEM).
    pub key_file: PathBuf,
    /// WhatsApp Web's address; the simulator's in the demo.
    pub whatsapp_url: String,
    /// Folder of reader profiles, for pages drawn in a way that this version does not know.
    pub reader_profiles: PathBuf,
    /// Language of the page, as in `pt-BR`.
    pub locale: String,
    /// IANA zone of the page.
    pub time_zone: String,
    /// Which browser.
    pub engine: Engine,
    /// Network route.
    pub egress: Egress,
    /// The user's choice at linking; the tenant's own later choice in its database wins.
    pub reading_mode: Option<ReadingMode>,
    /// Whether the browser starts with the slice.
    pub start_linked: bool,
    /// Sending pace and recovery waits.
    pub pacing: Pacing,
    /// How much room files may take.
    #[serde(default)]
    pub media: MediaLimits,
    /// Pace and bounds of collecting the past.
    #[serde(default)]
    pub collection: CollectionLimits,
    /// Room for everything of the tenant: profile, files, records and database. At nine tenths of it nothing new is
    /// written; 0 is no bound.
    #[serde(default)]
    pub disk_quota_bytes: u64,
}

fn loopback() -> Ipv4Addr {
    Ipv4Addr::LOCALHOST
}

/// Human pace of sending (POL-04). Other values are accepted only when `whatsapp_url` is not WhatsApp's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pacing {
    /// Least time between two sends, in milliseconds.
    pub min_gap_ms: u64,
    /// Typing time per character, in milliseconds.
    pub per_char_ms: u64,
    /// Longest typing time, in milliseconds.
    pub max_typing_ms: u64,
    /// Sends per minute.
    pub per_minute: u32,
    /// Sends per hour.
    pub per_hour: u32,
    /// Sends per day.
    pub per_day: u32,
    /// How long recovery waits for the page's own pending queue, in milliseconds (DEL-07: 60 s).
    pub recovery_wait_ms: u64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            min_gap_ms: 2_000,
            per_char_ms: 15,
            max_typing_ms: 6_000,
            per_minute: 20,
            per_hour: 200,
            per_day: 600,
            recovery_wait_ms: 60_000,
        }
    }
}

/// What `GET /api/health` of a slice answers; the orchestrator's and the monitor's evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SliceHealth {
    /// `ok` when the database answers.
    pub status: String,
    /// Version of the executable.
    pub version: String,
    /// The generation that answers.
    pub generation: i64,
    /// Page state with its reason.
    pub state: PageState,
    /// Why no browser runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<StopReason>,
    /// The linked number, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Rows in `chats`.
    pub chats: i64,
    /// Rows in `messages`.
    pub messages: i64,
    /// Whether the reader sees rows but reads no messages, or misses what belongs to the page (decision 6).
    pub reader_alarm: bool,
    /// What it misses, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reader_misses: Vec<String>,
    /// What the link is good for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Chats with one person.
    #[serde(default)]
    pub contacts: i64,
    /// When the latest message of somebody else was written, as of a minute ago at worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_inbound_at: Option<Timestamp>,
    /// Since when the browser runs; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub browser_since: Option<Timestamp>,
    /// Whether an end now would interrupt nobody: nobody works in the app or waits for a code, nothing waits to be sent
    /// or done, and nothing is being linked or ended.
    #[serde(default)]
    pub quiet: bool,
    /// Whether the tenant's room on the disk is used up so far that nothing new is written.
    #[serde(default)]
    pub over_quota: bool,
    /// When somebody last ended the link, and so had the profile deleted; nothing that was kept of it before may stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unlinked_at: Option<Timestamp>,
}
