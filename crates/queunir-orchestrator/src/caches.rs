//! What a browser keeps in its profile only to be faster, and its removal while no browser runs. The login is in
//! IndexedDB, Local Storage and Cookies, which are not named here.

use std::{
    fs,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    time::Duration,
};

use queunir_service::usage::{self, Bounds};
use rustix::{
    fd::OwnedFd,
    fs::{CWD, Mode, OFlags, openat},
    io::Errno,
};

/// Folders of a Chromium profile, each with the way to it.
const CACHES: [&[&str]; 5] = [
    &["Default", "Cache"],
    &["Default", "Code Cache"],
    &["Default", "GPUCache"],
    &["Default", "Service Worker", "CacheStorage"],
    &["Default", "Service Worker", "ScriptCache"],
];
/// How far to count what is freed.
const COUNTED: usize = 200_000;

/// Whether something below a profile, named by its way from there, is one of its caches or in one.
pub fn holds(way: &Path) -> bool {
    CACHES.iter().any(|cache| way.starts_with(PathBuf::from_iter(*cache)))
}

/// Removes the caches of a profile; tells how many bytes that freed. It blocks.
///
/// The profile belongs to a tenant's process, which may have put links into it: none is followed.
pub fn clear(profile: &Path) -> u64 {
    CACHES.iter().map(|cache| remove(profile, cache)).sum()
}

fn remove(profile: &Path, way: &[&str]) -> u64 {
    let Some((name, above)) = way.split_last() else { return 0 };
    let folder = match open_above(profile, above) {
        Ok(folder) => folder,
        Err(error) => {
            if error != Errno::NOENT {
                tracing::warn!(profile = %profile.display(), cache = way.join("/"), %error, "a cache stays");
            }
            return 0;
        }
    };
    // The descriptor is the folder itself, wherever its name leads by now.
    let cache = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
    let taken = match fs::symlink_metadata(&cache) {
        Ok(found) if found.is_dir() => usage::of(&cache, &mut Bounds::new(COUNTED, Duration::from_secs(5))).bytes,
        _ => 0,
    };
    match fs::remove_dir_all(&cache) {
        Ok(()) => taken,
        Err(error) => {
            if error.kind() != std::io::ErrorKind::NotFound {
                tracing::warn!(profile = %profile.display(), cache = way.join("/"), %error, "a cache stays in part");
            }
            0
        }
    }
}

fn open_above(profile: &Path, above: &[&str]) -> Result<OwnedFd, Errno> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::RDONLY;
    let mut folder = openat(CWD, profile, flags, Mode::empty())?;
    for name in above {
        folder = openat(&folder, *name, flags, Mode::empty())?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn file(path: PathBuf) -> PathBuf {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, vec![1; 10_000]).unwrap();
        path
    }

    #[test]
    fn caches_go_and_the_login_stays() {
        let dir = tempfile::tempdir().unwrap();
        let of = |name: &str| dir.path().join("Default").join(name);
        let caches = CACHES.map(|way| file(dir.path().join(way.join("/")).join("Cache_Data/f_1")));
        let login = [
            "IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/000003.log",
            "Local Storage/leveldb/000003.log",
            "Cookies",
            "Service Worker/Database/000003.log",
            "Preferences",
        ]
        .map(|name| file(of(name)));
        assert!(clear(dir.path()) >= 50_000);
        assert!(caches.iter().all(|file| !file.exists()), "{caches:?}");
        assert!(login.iter().all(|file| file.exists()), "{login:?}");
        assert_eq!(clear(dir.path()), 0);
        assert_eq!(clear(&dir.path().join("nothing")), 0);
    }

    #[test]
    fn no_link_leads_out_of_the_profile() {
        let (profile, victim) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = file(victim.path().join("Cache/kept"));
        symlink(victim.path(), profile.path().join("Default")).unwrap();
        assert_eq!(clear(profile.path()), 0);
        assert!(kept.exists(), "the way to a cache is no link");
        fs::remove_file(profile.path().join("Default")).unwrap();
        fs::create_dir(profile.path().join("Default")).unwrap();
        symlink(victim.path().join("Cache"), profile.path().join("Default/Cache")).unwrap();
        assert_eq!(clear(profile.path()), 0);
        assert!(kept.exists(), "a cache is no link");
    }
}
