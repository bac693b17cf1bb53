//! The end of a slice that is wanted deleted: tables, role and folders go, its port rests, a tombstone stays.

use anyhow::Context;
use queunir_db::control::observed::{self, SliceRow};

use crate::{
    folders::SliceFolders,
    hands::{Deposed, Hands},
    runtime::lock,
};

impl Hands {
    /// Erases everything of a slice. May be repeated: what is gone already is no trouble, and only when all is gone the
    /// row says so.
    pub(crate) async fn erase(&self, row: &SliceRow) -> anyhow::Result<()> {
        self.snapshots.give_up(row.id).await;
        // Whatever was told before: nothing of it may live when its folders go.
        self.end(row.id, "slice.stop").await?;
        self.must_lead().await?;
        self.provisioner.erase(row.id, self.now()).await?;
        self.erase_folders(SliceFolders::new(&self.template.state_dir, row.id)).await?;
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

    /// Only when nobody has the profile: not a snapshot of a leader before, not an operator who puts one back.
    async fn erase_folders(&self, folders: SliceFolders) -> anyhow::Result<()> {
        let held = match folders.root().exists() {
            true => Some(lock::hold(&folders.lock()).await.context("somebody has the profile")?),
            false => None,
        };
        let erased = tokio::task::spawn_blocking(move || {
            let erased = folders.remove();
            drop(held);
            erased
        });
        Ok(erased.await.context("a slice's folders stay")??)
    }
}
