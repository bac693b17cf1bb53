//! The end of a slice that is wanted deleted: tables, role and folders go, its port rests, a tombstone stays.

use std::time::Duration;

use anyhow::Context;
use queunir_db::control::observed::{self, SliceRow};
use tokio::task::spawn_blocking;

use crate::{
    folders::SliceFolders,
    hands::{Deposed, Hands},
    plan::is_past,
    runtime::lock,
};

/// The longest that an operator's restore may take.
const HELD_MOST: Duration = Duration::from_secs(600);

impl Hands {
    /// Erases everything of a slice. May be repeated: what is gone already is no trouble, and only when all is gone the
    /// row says so.
    pub(crate) async fn erase(&self, row: &SliceRow) -> anyhow::Result<()> {
        self.snapshots.give_up(row.id).await;
        // Whatever was told before: nothing of it may live when its folders go.
        self.end(row.id, "slice.stop").await?;
        self.must_lead().await?;
        self.provisioner.erase(row.id, self.now()).await?;
        self.erase_folders(row).await?;
        self.room.note_erased();
        self.close_alert("slice.stuck", row.id).await?;
        self.close_alert("slice.crash_loop", row.id).await?;
        let mut tx = self.db.begin().await?;
        if !observed::bury(&mut tx, self.epoch, row.id, self.now()).await? {
            return Err(Deposed.into());
        }
        tx.commit().await.context("cannot note that a slice is gone")?;
        tracing::info!(slice = %row.id, "deleted a slice with all its data");
        self.forget(row.id);
        Ok(())
    }

    /// Only when nobody has the profile: not a snapshot of a leader before, not an operator who puts one back. What holds
    /// it for longer than either would is of the tenant, and cannot keep what is to be deleted.
    async fn erase_folders(&self, row: &SliceRow) -> anyhow::Result<()> {
        let folders = SliceFolders::new(&self.template.state_dir, row.id);
        let _held = match folders.root().exists() {
            true => match lock::hold(&folders.lock()).await {
                Ok(held) => Some(held),
                Err(error) if is_past(row.phase_since, self.rules.deletion_delay + HELD_MOST, self.now()) => {
                    tracing::warn!(slice = %row.id, %error, "its folders are erased although something has its lock");
                    None
                }
                Err(error) => return Err(error).context("somebody has the profile"),
            },
            false => None,
        };
        Ok(spawn_blocking(move || folders.remove()).await.context("a slice's folders stay")??)
    }
}
