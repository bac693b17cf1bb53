//! Waiting for a slice that was started: until it answers, or is gone.

use std::time::Duration;

use anyhow::anyhow;
use tokio::time::{Instant, sleep};

use super::{RunningSlice, RuntimeError};
use crate::client::SliceClient;

/// Time for a fresh slice to answer. Too small restarts slices on a busy host, too large hides dead ones.
const LIMIT: Duration = Duration::from_secs(30);
/// Pause between two looks at a slice that starts; a person waits for the first code meanwhile.
const PAUSE: Duration = Duration::from_millis(25);

/// Waits until the slice answers; `words` tells the last words of one that is gone.
pub(super) async fn wait<F>(
    client: &SliceClient,
    slice: RunningSlice,
    mut words: impl FnMut() -> F + Send,
) -> Result<RunningSlice, RuntimeError>
where
    F: Future<Output = Result<Option<String>, RuntimeError>> + Send,
{
    let deadline = Instant::now() + LIMIT;
    loop {
        let error = match client.health(slice.address()).await {
            Ok(_) => return Ok(slice),
            Err(error) => error,
        };
        if let Some(words) = words().await? {
            return Err(RuntimeError::NotReady(anyhow!("the process ended: {words}")));
        }
        if Instant::now() > deadline {
            return Err(RuntimeError::NotReady(anyhow::Error::new(error).context("no answer in time")));
        }
        sleep(PAUSE).await;
    }
}

/// The end of what a slice said, for the operator.
pub(super) fn last_words(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let lines: Vec<&str> = text.lines().rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ").chars().take(500).collect()
}
