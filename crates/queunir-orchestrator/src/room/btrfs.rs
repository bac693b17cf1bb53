//! Walls of btrfs, by its own program: each slice's folder is a subvolume in a quota group.
//!
//! Subvolume ID is counted by the kernel in group `0/ID`; the wall stands around `200/ID`, which holds that group. Anybody
//! may make subvolumes in folders of their own, and one that a slice makes is in no group of its parent's level; with
//! simple quotas it belongs to the groups above, so the wall is around it, too.

use std::{collections::HashSet, ffi::OsStr, fs, os::unix::fs::MetadataExt, path::Path, time::Duration};

use anyhow::{Context, bail};
use tokio::{process::Command, time::timeout};

/// What the kernel calls it.
pub(super) const NAME: &str = "btrfs";
/// Level of the groups that are ours; those of other levels are not touched.
const LEVEL: &str = "200/";
/// Level of the groups that the kernel makes, one for each subvolume.
const KERNELS: &str = "0/";
/// Number of the topmost folder within every subvolume, which no other folder has.
const TOPMOST: u64 = 256;
/// Time for one command. A new subvolume waits until everything before it is on the disk.
const LIMIT: Duration = Duration::from_secs(30);

/// What the file system knows of a subvolume's room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    subvolume: u64,
    /// Whether it is in the group of ours.
    joined: bool,
    /// Where its writes are refused, in bytes.
    pub wall: Option<u64>,
    /// Bytes that it takes, as of the last commit.
    pub taken: u64,
}

/// Whether a folder of this file system is the top of a subvolume.
pub(super) fn is_subvolume(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir() && found.ino() == TOPMOST)
}

/// Makes a subvolume.
pub(super) async fn make(folder: &Path) -> anyhow::Result<()> {
    run(&["subvolume", "create"], folder).await.map(drop)
}

/// Puts the wall around a subvolume; none takes it away.
pub(super) async fn bound(folder: &Path, wall: Option<u64>) -> anyhow::Result<()> {
    let found = group(folder).await?;
    if found.wall == wall && (found.joined || wall.is_none()) {
        return Ok(());
    }
    let (own, ours) = (format!("{KERNELS}{}", found.subvolume), format!("{LEVEL}{}", found.subvolume));
    if !found.joined {
        // It is there already if a start was cut off here; then it can still be joined.
        let made = run(&["qgroup", "create", &ours], folder).await;
        if let Err(error) = run(&["qgroup", "assign", &own, &ours], folder).await {
            made?;
            return Err(error);
        }
    }
    let wall = wall.map_or_else(|| "none".to_owned(), |bytes| bytes.to_string());
    run(&["qgroup", "limit", &wall, &ours], folder).await.map(drop)
}

/// What is known of a subvolume's room; fails where quotas are not switched on.
pub(super) async fn group(folder: &Path) -> anyhow::Result<Group> {
    let told = run(&["qgroup", "show", "--raw", "-prF"], folder).await?;
    read_group(&told).context("btrfs tells of no quota group")
}

/// The line of the subvolume's own group comes with its parents, ours with the wall.
fn read_group(told: &str) -> Option<Group> {
    let mut lines = told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let own = lines.clone().find(|line| line.first().is_some_and(|id| id.starts_with(KERNELS)))?;
    let subvolume = own.first()?.strip_prefix(KERNELS)?.parse().ok()?;
    let ours = format!("{LEVEL}{subvolume}");
    let joined = own.get(4)?.split(',').any(|parent| parent == ours);
    let counted = lines.find(|line| joined && line.first() == Some(&ours.as_str()));
    let wall = counted.as_ref().and_then(|line| line.get(3)?.parse().ok());
    let taken = counted.as_ref().unwrap_or(&own).get(1)?.parse().ok()?;
    Some(Group { subvolume, joined, wall, taken })
}

/// The subvolumes that have a group of ours, or had one when they were there; fails where quotas are not switched on.
pub(super) async fn groups(folder: &Path) -> anyhow::Result<Vec<u64>> {
    let told = run(&["qgroup", "show", "--raw"], folder).await?;
    Ok(told.lines().filter_map(|line| line.split_whitespace().next()?.strip_prefix(LEVEL)?.parse().ok()).collect())
}

/// Removes groups whose subvolumes are gone; tells how many cannot go before the kernel has freed what was in them.
pub(super) async fn sweep(folder: &Path) -> anyhow::Result<usize> {
    let groups = groups(folder).await?;
    if groups.is_empty() {
        return Ok(0);
    }
    // Asked after the groups, and no number is given twice: what is not there now will never be there again.
    let told = run(&["subvolume", "list"], folder).await?;
    let present: HashSet<u64> = told.lines().filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
    let mut left = 0;
    for subvolume in groups.iter().filter(|id| !present.contains(id)) {
        // Later kernels take this one away themselves.
        run(&["qgroup", "destroy", &format!("{KERNELS}{subvolume}")], folder).await.ok();
        if let Err(error) = run(&["qgroup", "destroy", &format!("{LEVEL}{subvolume}")], folder).await {
            tracing::debug!(subvolume, error = format!("{error:#}"), "a quota group stays for now");
            left += 1;
        }
    }
    Ok(left)
}

/// Runs one command on a folder and gives what it prints.
async fn run(arguments: &[&str], folder: &Path) -> anyhow::Result<String> {
    let whole = arguments.iter().map(OsStr::new).chain([folder.as_os_str()]);
    let run = Command::new("btrfs").args(whole).env("LC_ALL", "C").kill_on_drop(true).output();
    let done = timeout(LIMIT, run).await.context("btrfs does not answer")?.context("cannot run btrfs")?;
    if !done.status.success() {
        bail!("btrfs {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\
Qgroupid    Referenced    Exclusive  Max referenced Parent     Path
--------    ----------    ---------  -------------- ------     ----
";

    #[test]
    fn a_group_is_read_with_its_wall_and_without() {
        let read = |lines: &str| read_group(&format!("{HEAD}{lines}"));
        let plain = Group { subvolume: 258, joined: false, wall: None, taken: 16_384 };
        assert_eq!(read("0/258            16384        16384            none -          slices/2"), Some(plain));
        let walled = "\
0/258            16384        16384            none 200/258    slices/2
200/258          32768        32768        20971520 -          <0 member qgroups>";
        assert_eq!(
            read(walled),
            Some(Group { joined: true, wall: Some(20_971_520), taken: 32_768, ..plain }),
            "with what a subvolume inside takes"
        );
        let lifted = walled.replace("20971520", "none");
        assert_eq!(read(&lifted), Some(Group { joined: true, taken: 32_768, ..plain }));
        let foreign = "\
0/258            16384        16384            none 1/7        slices/2
1/7              32768        32768        20971520 -          <0 member qgroups>";
        assert_eq!(read(foreign), Some(plain), "somebody else's group is no wall of ours");
        assert_eq!(read(""), None);
    }
}
