//! What an operator sees of a slice, and what may be ordered of it; the decision is pure.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase, StopReason},
};

/// What can be ordered of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// To run, at least at level *service*; one that is wanted linked stays so.
    Start,
    /// To run with its browser.
    Link,
    /// Not to run. The next request of its tenant starts it again, without a browser.
    Stop,
    /// To run in a later start than the present one, at the same level.
    Restart,
    /// To be gone, data included, after the delay.
    Destroy,
}

/// What an order makes of the wanted columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The level.
    pub desired: Desired,
    /// Whether the present start is to be replaced.
    pub replace: bool,
}

/// Why an order is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing turns a deletion back.
    #[error("it is being deleted, and nothing turns that back")]
    BeingDeleted,
    /// What is wanted stopped has no start to replace.
    #[error("it is not wanted to run; start it instead")]
    Stopped,
    /// Its tenant was never asked how messages are to be read.
    #[error("its tenant has not chosen how messages are read, so no browser may be started for it")]
    NoChoice,
}

impl Refusal {
    /// Stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BeingDeleted => "being_deleted",
            Self::Stopped => "not_wanted",
            Self::NoChoice => "reading_mode_required",
        }
    }
}

impl Order {
    /// What the order makes of a slice that is wanted like this; `chosen` is whether its tenant chose a reading mode.
    ///
    /// # Errors
    /// When the slice cannot take it.
    pub fn wish(self, desired: Desired, chosen: bool) -> Result<Wish, Refusal> {
        let wish = |desired| Ok(Wish { desired, replace: false });
        match (self, desired) {
            (Self::Destroy, _) => wish(Desired::Deleted),
            (_, Desired::Deleted) => Err(Refusal::BeingDeleted),
            (Self::Stop, _) => wish(Desired::Stopped),
            (Self::Restart, Desired::Stopped) => Err(Refusal::Stopped),
            (Self::Restart, desired) => Ok(Wish { desired, replace: true }),
            (Self::Link, _) if !chosen => Err(Refusal::NoChoice),
            (Self::Link, _) | (Self::Start, Desired::Linked) => wish(Desired::Linked),
            (Self::Start, _) => wish(Desired::Service),
        }
    }

    /// The event that tells of it.
    #[must_use]
    pub fn event(self) -> &'static str {
        match self {
            Self::Start | Self::Link => "slice.start_wanted",
            Self::Stop => "slice.stop_wanted",
            Self::Restart => "slice.restart_wanted",
            Self::Destroy => "slice.destroy_wanted",
        }
    }
}

/// How a slice stands with its operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SliceStatus {
    /// It serves its tenant, or would with the next request.
    Assigned,
    /// An operator or a bill stopped it.
    Suspended,
    /// It is on its way to be gone, or gone.
    Destroying,
}

/// What a slice used when it was last measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SliceUsage {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Percent of one core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_percent: Option<f32>,
    /// Resident memory; what its processes share counts for each of them.
    pub rss_bytes: i64,
    /// Memory with shared parts counted once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pss_bytes: Option<i64>,
    /// Its place on the disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_bytes: Option<i64>,
}

/// One slice as its operator sees it: who has it, what is wanted, what is observed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SliceCard {
    /// Its number.
    #[schema(value_type = i64)]
    pub number: SliceId,
    /// Mail address of its owner; absent once it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How it stands.
    pub status: SliceStatus,
    /// What is wanted.
    pub desired: Desired,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub wanted_at: Timestamp,
    /// Why, if neither its tenant nor idleness is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted_reason: Option<StopReason>,
    /// What is observed.
    pub phase: Phase,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub phase_since: Timestamp,
    /// Why no browser, or nothing, runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<StopReason>,
    /// The orchestrator's remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Failures since the last healthy while.
    pub failures: i32,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    /// Counter of its starts.
    pub generation: i64,
    /// Starts up to this one are to be replaced, or were.
    pub outdated_generation: i64,
    /// Loopback port, once given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// What its page shows; absent exactly while no process is believed to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_state: Option<PageState>,
    /// Whether WhatsApp is linked and reachable.
    pub wa_connected: bool,
    /// The linked number, all but its ends hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wa_phone: Option<String>,
    /// Stored chats.
    pub chats: i64,
    /// Stored messages.
    pub messages: i64,
    /// When it last answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_health_at: Option<Timestamp>,
    /// When its tenant last asked for something.
    #[schema(value_type = String, format = DateTime)]
    pub last_request_at: Timestamp,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// What it used when it was last measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<SliceUsage>,
}

/// How all slices are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// Whether an orchestrator acts; without one nothing that is wanted happens.
    pub led: bool,
    /// Slices that are not deleted.
    pub total: usize,
    /// How many are in which phase.
    pub phases: BTreeMap<String, usize>,
    /// How many have a browser.
    pub browsers: usize,
    /// How many are linked and reachable.
    pub connected: usize,
    /// Numbers of those that need somebody: failed, or running and not certain.
    #[schema(value_type = Vec<i64>)]
    pub troubled: Vec<SliceId>,
}

impl Summary {
    /// Counts; `led` is whether an orchestrator acts.
    #[must_use]
    pub fn of(cards: &[SliceCard], led: bool) -> Self {
        let mut phases = BTreeMap::new();
        for card in cards {
            if let Ok(serde_json::Value::String(phase)) = serde_json::to_value(card.phase) {
                *phases.entry(phase).or_insert(0) += 1;
            }
        }
        let count = |counts: fn(&&SliceCard) -> bool| cards.iter().filter(counts).count();
        Self {
            led,
            total: cards.len(),
            phases,
            browsers: count(|card| card.page_state.is_some_and(|page| page != PageState::NoBrowser)),
            connected: count(|card| card.wa_connected),
            troubled: cards
                .iter()
                .filter(|card| matches!(card.phase, Phase::Failed | Phase::Degraded))
                .map(|card| card.number)
                .collect(),
        }
    }
}

/// How far an order has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is on its way.
    UnderWay,
    /// It is reached.
    Reached,
    /// Nobody goes on trying: why, or at least when.
    GaveUp(String),
    /// Somebody wants something else meanwhile.
    Overtaken,
}

impl SliceCard {
    /// How far `order` has come, which was given when the slice was in its start `before`.
    #[must_use]
    pub fn progress(&self, order: Order, before: i64) -> Progress {
        let (wanted, reached) = match order {
            Order::Destroy => (self.desired == Desired::Deleted, self.is_down()),
            Order::Stop => (self.desired == Desired::Stopped, self.is_down()),
            Order::Start => (matches!(self.desired, Desired::Service | Desired::Linked), self.is_up()),
            Order::Restart => {
                let later = self.generation > before;
                (matches!(self.desired, Desired::Service | Desired::Linked), later && self.is_up())
            }
            Order::Link => {
                (self.desired == Desired::Linked, self.is_up() && self.page_state != Some(PageState::NoBrowser))
            }
        };
        let starts = !matches!(order, Order::Stop | Order::Destroy);
        // Of a failure from before the order nothing follows: it is tried again.
        let failed = self.phase == Phase::Failed && self.phase_since >= self.wanted_at;
        match (wanted, reached) {
            (_, true) => Progress::Reached,
            (false, _) => Progress::Overtaken,
            _ if starts && failed => Progress::GaveUp(self.detail.clone().unwrap_or_default()),
            _ => Progress::UnderWay,
        }
    }

    fn is_up(&self) -> bool {
        self.page_state.is_some_and(|page| page != PageState::Starting)
            && matches!(self.phase, Phase::Service | Phase::Qr | Phase::Linked | Phase::Stopped)
    }

    fn is_down(&self) -> bool {
        self.page_state.is_none() && !matches!(self.phase, Phase::Requested | Phase::Provisioning | Phase::Starting)
    }
}

/// How a slice stands, from what is wanted of it and why.
#[must_use]
pub fn status(desired: Desired, reason: Option<StopReason>) -> SliceStatus {
    match (desired, reason) {
        (Desired::Deleted, _) => SliceStatus::Destroying,
        (Desired::Stopped, Some(StopReason::Admin | StopReason::Billing)) => SliceStatus::Suspended,
        _ => SliceStatus::Assigned,
    }
}

/// A phone number of which only the ends are told.
#[must_use]
pub fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        0..=6 => "•".repeat(digits.len()),
        length => {
            let ends =
                |range: std::ops::Range<usize>| digits.iter().take(range.end).skip(range.start).collect::<String>();
            format!("+{}{}{}", ends(0..2), "•".repeat(length - 4), ends(length - 2..length))
        }
    }
}

#[cfg(test)]
mod tests;
