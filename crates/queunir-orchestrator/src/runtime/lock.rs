//! The lock on a slice's folder: held as long as anything of one start lives, in whatever runtime.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use anyhow::Context;
use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};
use tokio::time::{Instant, sleep};

use super::RuntimeError;

/// Time to get a slice's lock. Too small mistakes a look for a living slice; longer only delays saying so.
const LIMIT: Duration = Duration::from_millis(300);
/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// Takes a slice's lock for a start or its end. A look of `list` holds it for a moment, an earlier start for its life.
pub(crate) async fn hold(path: &Path) -> Result<File, RuntimeError> {
    hold_within(path, LIMIT).await
}

/// The same for whoever can wait longer: what is left of an ended slice lets go of it a moment later.
pub(crate) async fn hold_within(path: &Path, limit: Duration) -> Result<File, RuntimeError> {
    let deadline = Instant::now() + limit;
    loop {
        match take(path).map_err(RuntimeError::Unreachable)? {
            Some(held) => return Ok(held),
            None if Instant::now() > deadline => return Err(RuntimeError::Busy),
            None => sleep(PAUSE).await,
        }
    }
}

/// Takes a slice's lock; `None` while something of an earlier start lives.
pub(crate) fn take(path: &Path) -> anyhow::Result<Option<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}
