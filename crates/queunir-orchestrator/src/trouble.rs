//! What takes too long, or ends again and again: reported once, with the evidence, and brought to an end (ORC-05, ORC-06).

use std::time::Duration;

use anyhow::Context;
use queunir_core::slice::{Phase, StopReason};
use queunir_db::control::observed::{self, Observed, SliceRow};
use queunir_service::storage::Gauge;
use serde_json::json;

use crate::{
    evidence,
    hands::Hands,
    plan::{Asked, Step},
    rows::{self, SliceEnded},
    runtime::RunningSlice,
};

impl Hands {
    /// Reports a phase that lasts longer than its bound.
    pub(crate) async fn note_overdue(&self, row: &SliceRow) -> anyhow::Result<()> {
        let bound_s = self.rules.bound(row.observed.phase).unwrap_or_default().as_secs();
        let detail = json!({ "phase": row.observed.phase, "since": row.phase_since, "bound_s": bound_s });
        self.alert("slice.stuck", Some(row.id), &detail).await?;
        self.remember(row.id, |memory| memory.overdue_since = Some(row.phase_since));
        Ok(())
    }

    /// Ends a browser that got nowhere for three times its bound. The slice stays and serves what is stored; codes that
    /// nobody scanned are the end of that wish, everything else is tried again later.
    pub(crate) async fn fail_forward(&self, row: &SliceRow, found: RunningSlice) -> anyhow::Result<()> {
        let now = self.now();
        // Also if it is left alone now: it is looked at before it is decided anew.
        self.remember(row.id, |memory| memory.asked = Some((Asked::Stop, now)));
        let over_quota = self.health_of(row.id).is_some_and(|health| health.over_quota);
        if over_quota || Gauge::new(&self.template.state_dir).is_short() {
            // The slice waits for room on the disk, not for its page.
            return Ok(());
        }
        let nobody_scans = row.observed.phase == Phase::Qr;
        let reason = if nobody_scans { StopReason::QrTimeout } else { StopReason::Admin };
        if let Err(error) = self.client.stop_browser(found.address(), reason).await {
            tracing::warn!(slice = %row.id, %error, "the slice did not take the order");
            self.remember(row.id, |memory| {
                memory.unanswered_since.get_or_insert(now);
            });
            return Ok(());
        }
        tracing::warn!(slice = %row.id, phase = ?row.observed.phase, "a browser got nowhere and was ended");
        if !nobody_scans {
            return self.save(row.id, &rows::failed_forward(&self.rules, &row.observed, now)).await;
        }
        let mut tx = self.db.begin().await?;
        if !observed::withdraw_link(&mut tx, self.epoch, row.id, row.wanted_at).await? {
            // Somebody pressed Connect just now; the next look decides with that in view.
            return Ok(());
        }
        tx.commit().await?;
        self.save(row.id, &rows::asked(&row.observed, Asked::Stop, StopReason::QrTimeout, false)).await
    }

    /// Reports that the runtime did not carry out a step in time. A start counts as a failure of the slice.
    pub(crate) async fn note_hang(&self, row: &SliceRow, step: Step, limit: Duration) -> anyhow::Result<()> {
        let detail = json!({ "step": format!("{step:?}"), "bound_s": limit.as_secs() });
        if matches!(step, Step::Start { .. }) {
            self.note_failure(row, &SliceEnded("did not start in time").into()).await?;
        }
        // After the failure is noted: a change of phase closes what lasted too long.
        self.alert("slice.stuck", Some(row.id), &detail).await
    }

    /// Tells the operator once that a slice was given up, and keeps what shows why.
    pub(crate) async fn report_crash_loop(&self, row: &SliceRow, now: &Observed) -> anyhow::Result<()> {
        let lines = self.runtime.log_tail(row.id, evidence::LINES).await.unwrap_or_default();
        let bundle = evidence::bundle(row, now, lines, self.now());
        let file = evidence::keep(&self.template.state_dir, row, &bundle).context("cannot keep the evidence")?;
        let detail = json!({ "failures": now.failures, "generation": row.generation, "detail": now.detail,
            "evidence": file });
        self.alert("slice.crash_loop", Some(row.id), &detail).await
    }
}
