//! What the monitor writes, over a connection of its own with short limits: if it cannot be written, nobody waits for it.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use queunir_core::id::SliceId;
use queunir_db::{
    DbError, Endpoint,
    control::{
        ControlDb, alerts,
        telemetry::{self, ServerSample, SliceSample, Storage},
    },
};

use super::judge::{Judgement, Key, Kind};

/// No statement takes longer.
const STATEMENT: Duration = Duration::from_secs(10);
/// No statement waits longer for a lock.
const LOCK: Duration = Duration::from_secs(2);
/// Days of samples that are kept beside today's, and of those that are rolled up (ORC-11).
const RAW_DAYS: i64 = 7;
const ROLLED_DAYS: i64 = 90;
/// Length of what is rolled up together, in seconds.
const TOGETHER: i64 = 300;
/// No more is rolled up at once; the rest follows at the next look.
const MOST_AT_ONCE: SignedDuration = SignedDuration::from_hours(6);

/// The tables of the monitor.
pub struct Ledger {
    /// The connection.
    pub db: ControlDb,
    epoch: i64,
    prepared: Option<Date>,
    rolled: Option<Timestamp>,
}

impl Ledger {
    /// Writes for one term of leadership.
    #[must_use]
    pub fn new(database: &Endpoint, epoch: i64) -> Self {
        Self { db: ControlDb::apart(database, STATEMENT, LOCK), epoch, prepared: None, rolled: None }
    }

    /// Writes what was seen, each part by itself: what fails is told in the log and left out.
    pub async fn write(&mut self, samples: &[SliceSample], server: &ServerSample, storage: &[Storage], now: Timestamp) {
        logged("what was used was not stored", self.store(samples, server, now).await);
        logged("what slices take was not noted", self.note_storage(storage).await);
        logged("samples were not rolled up", self.roll_up(now).await);
    }

    async fn store(&mut self, samples: &[SliceSample], server: &ServerSample, now: Timestamp) -> Result<(), DbError> {
        let today = day(now);
        if self.prepared != Some(today) {
            self.turn(today).await?;
            self.prepared = Some(today);
        }
        let mut tx = self.db.begin().await?;
        telemetry::insert_server(&mut tx, server).await?;
        telemetry::insert_slices(&mut tx, samples).await?;
        tx.commit().await
    }

    /// A new day: makes room for it, and drops the days that are too old.
    async fn turn(&self, today: Date) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        telemetry::prepare(&mut tx, today).await?;
        tx.commit().await?;
        let mut tx = self.db.begin().await?;
        let before = |days: i64| today.saturating_sub(SignedDuration::from_hours(24 * days));
        let dropped = telemetry::forget(&mut tx, before(RAW_DAYS), before(ROLLED_DAYS)).await?;
        tx.commit().await?;
        if dropped > 0 {
            tracing::info!(dropped, "days of telemetry that were too old are gone");
        }
        Ok(())
    }

    async fn note_storage(&self, storage: &[Storage]) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        telemetry::note_storage(&mut tx, self.epoch, storage).await?;
        tx.commit().await
    }

    /// Rolls up what is complete; after a while without a leader, what was left.
    async fn roll_up(&mut self, now: Timestamp) -> Result<(), DbError> {
        let complete = border(now);
        let first = telemetry::first_to_roll(&mut self.db.reads().await?, self.rolled).await?;
        let Some(since) = first.map(border) else { return Ok(()) };
        let until = complete.min(since.saturating_add(MOST_AT_ONCE).unwrap_or(complete));
        if until > since {
            let mut tx = self.db.begin().await?;
            telemetry::roll_up(&mut tx, since, until).await?;
            tx.commit().await?;
        }
        self.rolled = Some(until);
        Ok(())
    }

    /// What the slices' databases take, by their names.
    pub async fn database_sizes(&self) -> Result<HashMap<SliceId, i64>, DbError> {
        Ok(telemetry::database_sizes(&mut self.db.reads().await?).await?.into_iter().collect())
    }

    /// The monitor's alerts that are open.
    pub async fn open_alerts(&self) -> Result<BTreeSet<Key>, DbError> {
        let open = alerts::list_open(&mut self.db.reads().await?).await?;
        Ok(open.into_iter().filter_map(|alert| Some((Kind::parse(&alert.kind)?, alert.slice))).collect())
    }

    /// Opens and closes alerts.
    pub async fn alert(&self, judgement: &Judgement) -> Result<(), DbError> {
        let mut tx = self.db.begin().await?;
        for ((kind, slice), detail) in &judgement.opened {
            if alerts::open(&mut tx, kind.word(), *slice, detail).await? {
                tracing::warn!(kind = kind.word(), slice = slice.map(|id| id.0), %detail, "an operator should look");
            }
        }
        for (kind, slice) in &judgement.closed {
            if alerts::close(&mut tx, kind.word(), *slice).await? {
                tracing::info!(kind = kind.word(), slice = slice.map(|id| id.0), "an alert is over");
            }
        }
        tx.commit().await
    }
}

fn logged(what: &str, outcome: Result<(), DbError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "{what}");
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The last border of five minutes that is not after a moment.
fn border(at: Timestamp) -> Timestamp {
    let seconds = at.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(TOGETHER)).unwrap_or(at)
}
