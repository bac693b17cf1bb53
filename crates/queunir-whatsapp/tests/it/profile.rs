//! What a profile is: the credential. A copy of it is the same device, and a deleted one is none.

use std::{path::Path, time::Duration};

use queunir_core::link::PageState;
use queunir_whatsapp::{BrowserConfig, PageError, PageEvent, browser, launch};
use tokio::sync::mpsc;

use crate::world::{PATIENCE, World};

/// The first state that fits.
async fn state(events: &mut mpsc::Receiver<PageEvent>, wanted: PageState) {
    let waiting = async {
        loop {
            match events.recv().await.expect("it lives") {
                PageEvent::State(state) if state.state == wanted => return,
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{wanted:?} did not come"));
}

/// Copies a folder with its owners; the browser that had it open has ended.
fn copy(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}

#[tokio::test]
async fn a_copied_profile_is_the_same_device_and_a_person_decides_between_two_windows() {
    let world = World::linked("test").await;
    world.page.close().await;
    let copied =
        BrowserConfig { profile_dir: world.config.profile_dir.with_file_name("copied"), ..world.config.clone() };
    copy(&world.config.profile_dir, &copied.profile_dir);

    let (page, mut events) = launch(world.config.clone()).await.unwrap();
    state(&mut events, PageState::Linked).await;
    let (other, mut other_events) = launch(copied).await.unwrap();
    state(&mut other_events, PageState::Linked).await;
    state(&mut events, PageState::Conflict).await;
    assert!(tokio::time::timeout(Duration::from_secs(2), state(&mut events, PageState::Linked)).await.is_err());

    page.use_here().await.unwrap();
    state(&mut events, PageState::Linked).await;
    state(&mut other_events, PageState::Conflict).await;
    assert!(matches!(page.use_here().await, Err(PageError::Unexpected(_))), "no other window is told of");
    other.close().await;
    page.close().await;
}

#[tokio::test]
async fn a_profile_is_deleted_whole_and_never_under_a_running_browser() {
    let world = World::linked("test").await;
    let in_use = browser::remove_profile(&world.config).await;
    assert!(matches!(in_use, Err(queunir_whatsapp::LaunchError::ProfileInUse)), "{in_use:?}");
    world.page.close().await;
    assert!(std::fs::read_dir(&world.config.profile_dir).unwrap().count() > 3);
    browser::remove_profile(&world.config).await.unwrap();
    let left: Vec<_> =
        std::fs::read_dir(&world.config.profile_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [".queunir.lock"]);
    let (page, mut events) = launch(world.config.clone()).await.unwrap();
    state(&mut events, PageState::Qr).await;
    page.close().await;
}
