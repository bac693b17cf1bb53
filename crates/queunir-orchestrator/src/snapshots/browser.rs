//! What a profile's lock says of the browser that had it last. The profile belongs to a tenant's process.

use std::{io, path::Path};

use queunir_core::slice::{CLEAN_END, PROFILE_LOCK};
use rustix::{
    fd::OwnedFd,
    fs::{CWD, FlockOperation, Mode, OFlags, flock, openat},
    io::{Errno, read},
};

const CAREFUL: OFlags = OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);

/// The last browser of a profile.
pub(super) enum Browser {
    /// There was none.
    None,
    /// It has the profile, or something of it has.
    Alive,
    /// It has ended, and no other one begins while this is held.
    Ended { by_itself: bool, _lock: OwnedFd },
}

/// Opens a profile, through no link.
pub(super) fn open_profile(path: &Path) -> io::Result<OwnedFd> {
    Ok(openat(CWD, path, CAREFUL | OFlags::DIRECTORY, Mode::empty())?)
}

impl Browser {
    /// Looks at the lock in a profile and takes it.
    pub(super) fn of(profile: &OwnedFd) -> io::Result<Self> {
        let lock = match openat(profile, PROFILE_LOCK, CAREFUL, Mode::empty()) {
            Ok(lock) => lock,
            Err(Errno::NOENT) => return Ok(Self::None),
            Err(error) => return Err(error.into()),
        };
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Ok(Self::Alive),
            Err(error) => return Err(error.into()),
        }
        let mut said = [0; CLEAN_END.len()];
        let length = read(&lock, &mut said)?;
        Ok(Self::Ended { by_itself: said.get(..length) == Some(CLEAN_END), _lock: lock })
    }
}
