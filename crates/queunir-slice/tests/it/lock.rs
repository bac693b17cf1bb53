//! A slice that locks its own folder, as its runtime tells it to.

use std::fs::File;

use queunir_core::{link::ReadingMode, slice::SliceSpec};
use tokio_util::sync::CancellationToken;

use crate::support::spec;

#[tokio::test]
async fn a_slice_that_another_start_holds_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lock");
    let other = File::create(&path).unwrap();
    let start = async || {
        let spec = SliceSpec { lock_file: Some(path.clone()), ..spec(ReadingMode::OnOpen) };
        format!("{:#}", queunir_slice::run(spec, CancellationToken::new()).await.unwrap_err())
    };
    other.lock().unwrap();
    assert_eq!(start().await, "another start of this slice still runs");
    other.unlock().unwrap();
    // With the lock it goes on to what it needs first, which is not there.
    for _ in 0..2 {
        assert!(start().await.contains("reading the database password"), "its end frees the lock");
    }
}
