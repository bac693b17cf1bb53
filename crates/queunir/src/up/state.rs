//! The state directory: its lock, its secrets, and its careful removal.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{BufRead, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use queunir_orchestrator::runtime::{
    docker::{self, DockerConfig},
    process,
};
use rand::{Rng, distr::Alphanumeric};
use rustix::fs::{FlockOperation, OFlags, flock};
use secrecy::SecretString;

/// Marks a directory as ours, so that `--reset` never removes anything else.
const MARKER: &str = "queunir-state";

/// Longest path of a Unix socket's directory: PostgreSQL appends `/.s.PGSQL.5432` and 107 bytes are the limit.
const LONGEST_SOCKET_DIR: usize = 90;

/// Another user of this machine, as which a child may run when we are root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// User id.
    pub uid: u32,
    /// Its own group.
    pub gid: u32,
}

impl User {
    /// A user that exists by its number alone.
    pub const fn numbered(id: u32) -> Self {
        Self { uid: id, gid: id }
    }
}

/// A state directory that this process alone uses.
#[derive(Debug)]
pub struct State {
    dir: PathBuf,
    _lock: File,
}

impl State {
    /// `/var/lib/queunir` for root, the user's own state directory otherwise.
    pub fn default_dir() -> anyhow::Result<PathBuf> {
        if is_root() {
            return Ok("/var/lib/queunir".into());
        }
        let base = variable("XDG_STATE_HOME").map(PathBuf::from);
        let base = base.or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".local/state")));
        Ok(base.context("neither XDG_STATE_HOME nor HOME is set; give --state DIR")?.join("queunir"))
    }

    /// Makes the directory if needed and takes its lock.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        let fresh = !dir.exists();
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let dir = dir.canonicalize()?;
        if fresh || fs::read_dir(&dir)?.next().is_none() {
            fs::write(dir.join(MARKER), "state of queunir; remove it with `queunir up --reset`\n")?;
        } else if !dir.join(MARKER).exists() {
            bail!("{} is not empty and not a state directory of queunir", dir.display());
        }
        if dir.join("postgres/run").as_os_str().len() > LONGEST_SOCKET_DIR {
            bail!("{} is too long a path for PostgreSQL's socket; give a shorter --state", dir.display());
        }
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o711))?;
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(dir.join("lock"))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!("another `queunir up` uses {}; stop it first or give another --state", dir.display());
        }
        Ok(Self { dir, _lock: lock })
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A subdirectory with the given mode, made if needed; where we may give things away it is `owner`'s, else ours.
    /// Nothing is done through a link: whoever owns a folder may put links into it.
    pub fn subdir(&self, name: &str, mode: u32, owner: Option<User>) -> anyhow::Result<PathBuf> {
        let path = self.dir.join(name);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let flags = (OFlags::NOFOLLOW | OFlags::DIRECTORY).bits().cast_signed();
        let folder = OpenOptions::new().read(true).custom_flags(flags).open(&path);
        let folder = folder.with_context(|| format!("{} is not a folder of ours", path.display()))?;
        if is_root() {
            let User { uid, gid } = owner.unwrap_or(User::numbered(0));
            fchown(&folder, Some(uid), Some(gid))?;
        }
        folder.set_permissions(fs::Permissions::from_mode(mode))?;
        Ok(path)
    }

    /// A secret of 32 random characters kept in `secrets/NAME` (0600), made on first use.
    pub fn secret(&self, name: &str, owner: Option<User>) -> anyhow::Result<SecretString> {
        let path = self.subdir("secrets", 0o711, None)?.join(name);
        if !path.exists() {
            write_private(&path, random_text(32).as_bytes(), owner)?;
        }
        if let (Some(owner), true) = (owner, is_root())
            && path.metadata()?.uid() != owner.uid
        {
            std::os::unix::fs::chown(&path, Some(owner.uid), Some(owner.gid))?;
        }
        Ok(fs::read_to_string(&path)?.into())
    }

    /// Copies an executable into the state directory, where roles under other users can reach it.
    pub fn executable(&self, from: &Path) -> anyhow::Result<PathBuf> {
        let bin = self.subdir("bin", 0o755, None)?;
        let name = from.file_name().context("an executable has a name")?;
        let to = bin.join(name);
        let unfinished = to.with_extension("new");
        fs::copy(from, &unfinished).with_context(|| format!("cannot copy {}", from.display()))?;
        fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o755))?;
        fs::rename(&unfinished, &to)?;
        Ok(to)
    }
}

/// Writes a file that only `owner` (else we) may read, whole or not at all, and never through a link.
pub fn write_private(path: &Path, content: &[u8], owner: Option<User>) -> anyhow::Result<()> {
    let unfinished = path.with_extension("unfinished");
    let attempt = || -> std::io::Result<()> {
        if let Err(error) = fs::remove_file(&unfinished)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&unfinished)?;
        if let (Some(User { uid, gid }), true) = (owner, is_root()) {
            fchown(&file, Some(uid), Some(gid))?;
        }
        file.write_all(content)?;
        fs::rename(&unfinished, path)
    };
    attempt().with_context(|| format!("cannot write {}", path.display()))
}

/// Removes all state after a question on the terminal; `sure` answers it.
pub fn reset(dir: &Path, sure: bool, engine: Option<&DockerConfig>) -> anyhow::Result<()> {
    if !dir.exists() {
        println!("Nothing to reset: {} does not exist.", dir.display());
        return Ok(());
    }
    let state = State::open(dir)?;
    if !sure {
        println!("This deletes every account, every linked WhatsApp session and every message under");
        println!("  {}", state.dir().display());
        print!("Type \"delete\" to go on: ");
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if answer.trim() != "delete" {
            bail!("nothing was deleted");
        }
    }
    // Slices outlive a killed orchestrator; without their records nobody could ever end them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(end_slices(state.dir(), engine)).context("a slice that still runs cannot be ended")?;
    if ended > 0 {
        println!("Ended {ended} slices that were still running.");
    }
    for entry in fs::read_dir(state.dir())? {
        let path = entry?.path();
        if path.ends_with(MARKER) || path.ends_with("lock") {
            continue;
        }
        if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    println!("Deleted.");
    Ok(())
}

/// Ends what runs of any kind; a state may have had both.
async fn end_slices(state: &Path, engine: Option<&DockerConfig>) -> anyhow::Result<usize> {
    let processes = process::end_all(state).await?;
    let containers = match engine {
        Some(engine) => docker::end_all(engine, state).await?,
        None => 0,
    };
    Ok(processes + containers)
}

/// Whether we may change users.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// So many characters that nobody can guess.
#[expect(clippy::disallowed_methods, reason = "passwords and keys that this command makes are drawn here")]
pub(super) fn random_text(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

#[expect(clippy::disallowed_methods, reason = "where a user keeps state is a convention of the environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_state_directory_is_used_by_one_process_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let first = State::open(&path).unwrap();
        assert!(State::open(&path).unwrap_err().to_string().contains("another"));
        drop(first);
        State::open(&path).unwrap();
    }

    #[test]
    fn a_foreign_directory_is_neither_used_nor_reset() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "years").unwrap();
        assert!(State::open(dir.path()).is_err());
        assert!(reset(dir.path(), true, None).is_err());
        assert!(dir.path().join("thesis.txt").exists());
    }

    #[test]
    fn a_reset_ends_a_slice_that_nobody_leads_any_more() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(&dir.path().join("s")).unwrap();
        let slice = state.subdir("slices/1", 0o711, None).unwrap();
        let mut child = std::process::Command::new("sh")
            .args(["-c", "read line", "slice", "--spec"])
            .arg(slice.join("spec.json"))
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        let start_time = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().nth(19).unwrap();
        let record = format!(r#"{{"pid":{},"start_time":{start_time},"generation":1,"port":5001}}"#, child.id());
        fs::write(slice.join("process.json"), record).unwrap();
        let path = state.dir().to_owned();
        drop(state);
        reset(&path, true, None).unwrap();
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        assert!(ended, "it outlived the reset");
        assert!(!slice.exists());
    }

    #[test]
    fn nothing_is_done_through_links_that_the_owner_of_a_folder_put_there() {
        let dir = tempfile::tempdir().unwrap();
        let victim = dir.path().join("victim");
        fs::create_dir(&victim).unwrap();
        fs::set_permissions(&victim, fs::Permissions::from_mode(0o700)).unwrap();
        fs::write(victim.join("file"), "untouched").unwrap();
        let state = State::open(&dir.path().join("s")).unwrap();
        state.subdir("postgres", 0o711, None).unwrap();
        std::os::unix::fs::symlink(&victim, state.dir().join("postgres/run")).unwrap();
        assert!(state.subdir("postgres/run", 0o755, Some(User::numbered(65_534))).is_err());
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&victim), 0o700);

        for (name, link) in [("final", "pg_hba.conf"), ("unfinished", "pg_hba.unfinished")] {
            std::os::unix::fs::symlink(victim.join("file"), state.dir().join(link)).unwrap();
            write_private(&state.dir().join("pg_hba.conf"), b"new", None).unwrap();
            assert_eq!(fs::read_to_string(victim.join("file")).unwrap(), "untouched", "{name}");
            assert_eq!(fs::read_to_string(state.dir().join("pg_hba.conf")).unwrap(), "new", "{name}");
            assert_eq!(mode(&state.dir().join("pg_hba.conf")), 0o600, "{name}");
        }
    }

    #[test]
    fn a_secret_stays_the_same_until_a_reset() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        let state = State::open(&path).unwrap();
        let first = state.secret("x", None).unwrap();
        assert_eq!(first.expose_secret(), state.secret("x", None).unwrap().expose_secret());
        drop(state);
        reset(&path, true, None).unwrap();
        let state = State::open(&path).unwrap();
        assert_ne!(first.expose_secret(), state.secret("x", None).unwrap().expose_secret());
    }
}
