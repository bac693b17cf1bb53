//! Snapshots of a slice's browser profile: which there are, and putting one in the profile's place. Neither needs the
//! control database.

use std::{
    fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use queunir_core::id::SliceId;
use queunir_db::control::{
    ControlDb,
    events::{self, NewEvent},
};
use queunir_orchestrator::{
    folders::SliceFolders,
    snapshots::{
        Identities, Restore, RestoreError, Restored, restore,
        shelf::{self, Snapshot},
    },
};
use serde::Serialize;

use super::{may_read, now, print, print_json, who};

/// A snapshot as programs read it.
#[derive(Serialize)]
struct Listed {
    generation: i64,
    taken_at: jiff::Timestamp,
    bytes: u64,
    file: PathBuf,
}

/// Prints the snapshots of a slice, newest first.
///
/// # Errors
/// When there is no such slice on this host, or rights are missing.
pub fn list(state: &Path, slice: SliceId, json: bool) -> anyhow::Result<()> {
    let folders = SliceFolders::new(state, slice);
    if !folders.root().exists() && !folders.snapshots().exists() {
        return Err(RestoreError::NoSlice(slice).into());
    }
    if folders.snapshots().exists() {
        may_read(&folders.snapshots())?;
    }
    let found = shelf::list(&folders)?;
    if json {
        let listed = |one: Snapshot| Listed {
            generation: one.generation,
            taken_at: one.taken_at,
            bytes: one.bytes,
            file: one.path,
        };
        return print_json(&found.into_iter().map(listed).collect::<Vec<_>>());
    }
    print(&table(slice, &found))
}

fn table(slice: SliceId, found: &[Snapshot]) -> String {
    if found.is_empty() {
        return format!("There are no snapshots of slice {slice} (setting snapshots.recipient).");
    }
    let line = |one: &Snapshot| {
        let (mb, name) = (one.bytes.div_ceil(1 << 20), one.path.file_name().unwrap_or_default().display());
        format!("{:>5}  {:<20}  {mb:>4} MB  {name}", one.generation, one.taken_at.to_string())
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    format!("{:>5}  {:<20}  {:>7}  {}\n{}", "START", "TAKEN", "SIZE", "FILE", lines.join("\n"))
}

/// What is asked of [`put_back`].
pub struct PutBack {
    pub slice: SliceId,
    /// A path, or a name in the slice's own folder.
    pub snapshot: PathBuf,
    pub identity: PathBuf,
    pub may_be_dead: bool,
    /// How long to wait for the slice to end.
    pub patience: Duration,
    pub sure: bool,
}

/// Puts a snapshot in the place of a slice's profile, after a question.
///
/// # Errors
/// When it does not fit, the slice runs, or rights are missing; nothing is changed then.
pub async fn put_back(state: &Path, wish: &PutBack, record: anyhow::Result<ControlDb>) -> anyhow::Result<ExitCode> {
    let own = SliceFolders::new(state, wish.slice).snapshots();
    let bare = wish.snapshot.components().count() == 1 && !wish.snapshot.exists();
    let snapshot = if bare { own.join(&wish.snapshot) } else { wish.snapshot.clone() };
    may_read(&snapshot)?;
    may_read(&wish.identity)?;
    let text = fs::read_to_string(&wish.identity).context("reading the secret key")?;
    let keys: Identities = text.parse().with_context(|| wish.identity.display().to_string())?;
    if !wish.sure {
        ask(wish.slice, &mut io::stdin().lock(), &mut io::stderr().lock())?;
    }
    let done = restore(&Restore {
        state_dir: state,
        slice: wish.slice,
        snapshot: &snapshot,
        keys: &keys,
        may_be_dead: wish.may_be_dead,
        patience: wish.patience,
        now: now(),
    })
    .await;
    let done = match done {
        Err(error @ (RestoreError::Older { .. } | RestoreError::Unknown(_))) => {
            return Err(error).context("if the account may have to be linked anew, say so with --login-likely-dead");
        }
        other => other?,
    };
    let recorded = async { note(&record?, wish.slice, &snapshot).await };
    if let Err(error) = recorded.await {
        writeln!(io::stderr(), "queunir: this is not on record: {error:#}")?;
    }
    print(&told(wish.slice, &done))?;
    Ok(ExitCode::SUCCESS)
}

fn ask(slice: SliceId, answers: &mut impl BufRead, say: &mut impl Write) -> anyhow::Result<()> {
    writeln!(say, "This puts the snapshot in the place of slice {slice}'s browser profile, which is moved aside.")?;
    writeln!(say, "WhatsApp may have moved on since it was taken: expect that the account has to be linked anew.")?;
    write!(say, "Type the slice's number to go on: ")?;
    say.flush()?;
    let mut typed = String::new();
    answers.read_line(&mut typed)?;
    if typed.trim() != slice.to_string() {
        writeln!(say)?;
        bail!("nothing was changed; type the number, or give --yes");
    }
    Ok(())
}

fn told(slice: SliceId, done: &Restored) -> String {
    let aside = done.aside.as_ref().map(|path| format!(" The profile of before is {}.", path.display()));
    format!(
        "Slice {slice} has the profile of the snapshot: {} files and folders, {} MB.{} \
         `queunir slices start {slice} --linked` starts it; if its page shows a code, the login is dead.",
        done.count.entries,
        done.count.bytes.div_ceil(1 << 20),
        aside.unwrap_or_default()
    )
}

async fn note(db: &ControlDb, slice: SliceId, snapshot: &Path) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let name = snapshot.file_name().unwrap_or_default().to_string_lossy();
    let detail = serde_json::json!({ "by": who::operator(), "snapshot": name });
    let event = NewEvent { kind: "slice.profile_restored", slice: Some(slice), detail, ..NewEvent::default() };
    events::insert(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}
