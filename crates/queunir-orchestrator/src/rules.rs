//! How patient the orchestrator is, and how much it starts at once.

use std::time::Duration;

use queunir_core::slice::Phase;

/// How patient the orchestrator is.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Pause after the first failure; a single crash should hardly be noticed.
    pub first_pause: Duration,
    /// Pause after the second failure, doubled after each further one (ORC-05).
    pub base_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
    /// So many failures within `give_up_within` make a slice `failed`.
    pub give_up_after: i32,
    /// Failures further apart are no crash loop (ORC-05).
    pub give_up_within: Duration,
    /// A failed slice is tried again after this time, `give_up_after` + 24 failures at most.
    pub failed_pause: Duration,
    /// Running well for so long forgets failures.
    pub healthy_after: Duration,
    /// A slice at level service that nobody asks anything stops after this time.
    pub idle_after: Duration,
    /// A slice that answers nothing for so long is ended and started again.
    pub unanswered_limit: Duration,
    /// Pause between looks at a slice whose page is not known yet.
    pub look_starting: Duration,
    /// Pause between looks at a slice that is not linked yet.
    pub look_linking: Duration,
    /// Pause between looks at a slice at rest, linked or without a browser.
    pub look_settled: Duration,
    /// How long a browser may take from being asked for to being seen.
    pub browser_limit: Duration,
    /// So many starts are under way at once (ORC-07): a start is a peak of CPU, and more of them at once end no sooner.
    pub starts_at_once: usize,
    /// Pause between the beginnings of two browsers.
    pub start_spacing: Duration,
    /// A browser whose page is not known after this time no longer counts as one that starts.
    pub boot_limit: Duration,
    /// So many slices may have a browser.
    pub linked_cap: usize,
    /// How long a slice may take to end, the browser first (CHR-05), before it is killed.
    pub end_grace: Duration,
    /// So many snapshots are written at once, over all slices. More, and ending many slices takes the whole machine.
    pub snapshots_at_once: usize,
    /// How long a start that is wanted waits for a snapshot, its turn included. Shorter, and large profiles are never kept
    /// when a slice is only started anew; longer, and a person waits.
    pub snapshot_wait: Duration,
    /// Time for one step. Shorter than what a step waits for itself, and slow hosts never get there.
    pub step_limit: Duration,
    /// How long a browser may take until its page is known, before that is an alert; three times as long, and it is
    /// failed forward. The same for the other phases that are on the way to another (ORC-06).
    pub starting_limit: Duration,
    /// The same for codes that somebody looks at and nobody scans.
    pub qr_limit: Duration,
    /// The same for a page that is not understood.
    pub degraded_limit: Duration,
    /// The same for a deletion, counted from the end of its delay; it is tried until it is done.
    pub deleting_limit: Duration,
    /// When what was failed forward is tried again.
    pub stuck_pause: Duration,
    /// How long a slice that is wanted deleted keeps its data.
    pub deletion_delay: Duration,
}

impl Rules {
    /// How long a slice may stay in a phase before that is an alert; none where a phase may last.
    #[must_use]
    pub fn bound(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Provisioning | Phase::Starting => Some(self.starting_limit),
            Phase::Qr => Some(self.qr_limit),
            Phase::Degraded => Some(self.degraded_limit),
            Phase::Deleting => Some(self.deletion_delay + self.deleting_limit),
            Phase::Requested | Phase::Service | Phase::Linked | Phase::Stopped | Phase::Failed | Phase::Deleted => None,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(1),
            base_pause: Duration::from_secs(10),
            longest_pause: Duration::from_secs(300),
            give_up_after: 5,
            give_up_within: Duration::from_secs(900),
            failed_pause: Duration::from_secs(3600),
            healthy_after: Duration::from_secs(600),
            idle_after: Duration::from_secs(600),
            unanswered_limit: Duration::from_secs(60),
            look_starting: Duration::from_millis(200),
            look_linking: Duration::from_secs(1),
            look_settled: Duration::from_secs(15),
            browser_limit: Duration::from_secs(10),
            starts_at_once: 2,
            start_spacing: Duration::from_millis(500),
            boot_limit: Duration::from_secs(20),
            linked_cap: 250,
            end_grace: Duration::from_secs(45),
            snapshots_at_once: 2,
            snapshot_wait: Duration::from_secs(15),
            step_limit: Duration::from_secs(120),
            starting_limit: Duration::from_secs(120),
            qr_limit: Duration::from_secs(1800),
            degraded_limit: Duration::from_secs(7200),
            deleting_limit: Duration::from_secs(600),
            stuck_pause: Duration::from_secs(1800),
            deletion_delay: Duration::from_secs(24 * 3600),
        }
    }
}
