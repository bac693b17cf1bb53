//! Starts a slice anew because the monitor wishes so: ends it at a quiet moment, and leaves its start to the next pass.

use anyhow::Context;
use queunir_db::control::{
    counters,
    observed::{self, SliceRow},
};
use tokio::task::spawn_blocking;

use crate::{
    caches,
    folders::SliceFolders,
    hands::Hands,
    monitor::heal::{Reason, Recycle},
    rows,
    runtime::RunningSlice,
};

impl Hands {
    /// Ends a slice so that the next pass starts it. The wish is dropped if the slice, asked once more, is not quiet and
    /// that matters; the monitor wishes again if it still has reason to.
    pub(crate) async fn recycle(&self, row: &SliceRow, found: RunningSlice, wish: Recycle) -> anyhow::Result<()> {
        self.remember(row.id, |memory| memory.recycle = None);
        if wish.patient && !self.client.health(found.address()).await.is_ok_and(|health| health.quiet) {
            tracing::debug!(slice = %row.id, "not quiet any more, it is started anew at another time");
            return Ok(());
        }
        let reason = wish.reason.word();
        // Before it ends: whoever waits for a place must not get this one in between.
        self.save(row.id, &rows::recycled(&row.observed, reason)).await?;
        self.end_and_keep(row, Some(found), "slice.stop").await?;
        let freed_bytes = match wish.reason {
            Reason::Disk => {
                let session = SliceFolders::new(&self.template.state_dir, row.id).session();
                Some(spawn_blocking(move || caches::clear(&session)).await.context("clearing caches broke off")?)
            }
            Reason::Memory | Reason::Spin | Reason::Age => None,
        };
        let mut tx = self.db.begin().await?;
        let detail = serde_json::json!({ "reason": reason, "patient": wish.patient, "freed_bytes": freed_bytes });
        observed::record_event(&mut tx, "slice.recycle", row.id, &detail).await?;
        counters::add(&mut tx, "recycles", reason, 1).await?;
        tx.commit().await.context("cannot note that a slice is started anew")
    }
}
