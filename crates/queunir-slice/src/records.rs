//! Records of what the page was built of when the reader missed something: the structure alone, one file each, few.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use queunir_whatsapp::{Page, drift::Verdict, page::structure::Structure};
use serde::{Deserialize, Serialize};
use tokio::{fs, io::AsyncWriteExt};
use utoipa::ToSchema;

/// Least time between two records. Shorter, and a page that comes and goes fills the folder with the same.
const PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// The same for one that misses nothing else. Shorter, and the same page pushes out the one before it; longer, and
/// another look that misses the same leaves no trace.
const SAME_PAUSE: SignedDuration = SignedDuration::from_hours(24);
/// Records that are kept; the oldest goes first.
const MOST: usize = 10;
/// How long one is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long the page may take to tell.
const TELL: Duration = Duration::from_secs(20);
/// Names of files that are being written end so.
const UNFINISHED: &str = ".new";
const FORM: &str = "%Y%m%dT%H%M%SZ";

/// The folder of records.
#[derive(Debug)]
pub struct Records {
    folder: PathBuf,
    /// One at a time.
    taking: tokio::sync::Mutex<()>,
}

/// A record without its structure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordAbout {
    /// Its name.
    pub id: String,
    /// When it was taken.
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Timestamp,
    /// What was missed then, as in the link's `reader`.
    pub dead: Vec<String>,
    /// What could not be read then.
    pub unreadable: Vec<String>,
    /// How many elements the page had.
    pub elements: u32,
}

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    about: RecordAbout,
    #[serde(flatten)]
    structure: Rest,
}

/// The structure as it stands in a file.
#[derive(Serialize, Deserialize)]
struct Rest {
    html: String,
    cut: bool,
}

impl Records {
    /// The records in a folder, which need not be there yet.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), taking: tokio::sync::Mutex::default() }
    }

    /// Takes a record of the page, unless there is one that misses the same, or one of just now; a failure is logged and
    /// no more.
    pub async fn take(&self, page: &dyn Page, verdict: &Verdict, now: Timestamp) {
        let _alone = self.taking.lock().await;
        let known = self.list().await.unwrap_or_default();
        let told = |known: &RecordAbout| {
            let named = |name: &String| known.dead.contains(name) || known.unreadable.contains(name);
            let same = verdict.dead.iter().chain(&verdict.unreadable).all(named);
            now.duration_since(known.taken_at).abs() < if same { SAME_PAUSE } else { PAUSE }
        };
        if known.iter().any(told) {
            return;
        }
        let structure = match tokio::time::timeout(TELL, page.structure()).await {
            Ok(Ok(structure)) => structure,
            Ok(Err(error)) => return tracing::info!(%error, "the page did not tell its structure"),
            Err(_) => return tracing::info!("the page took too long to tell its structure"),
        };
        match self.keep(structure, verdict, now).await {
            Ok(id) => tracing::info!(id, "a record of the page's structure was written"),
            Err(error) => tracing::warn!(%error, "no record of the page's structure could be written"),
        }
    }

    async fn keep(&self, structure: Structure, verdict: &Verdict, now: Timestamp) -> io::Result<String> {
        let id = now.strftime(FORM).to_string();
        let Structure { html, elements, cut } = structure;
        let Verdict { dead, unreadable } = verdict.clone();
        let about = RecordAbout { id: id.clone(), taken_at: now, dead, unreadable, elements };
        let text = serde_json::to_vec(&Record { about, structure: Rest { html, cut } })?;
        fs::create_dir_all(&self.folder).await?;
        let half = self.folder.join(format!("{id}{UNFINISHED}"));
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half).await?;
        file.write_all(&text).await?;
        file.sync_all().await?;
        fs::rename(&half, self.path(&id)).await?;
        self.forget(now).await?;
        Ok(id)
    }

    /// Removes what is too old, too much, or half written.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub async fn forget(&self, now: Timestamp) -> io::Result<()> {
        let known = self.list().await?;
        for (place, record) in known.iter().enumerate() {
            if place >= MOST || now.duration_since(record.taken_at) > KEPT {
                fs::remove_file(self.path(&record.id)).await?;
            }
        }
        Ok(())
    }

    /// The records, newest first; what is none is left out.
    ///
    /// # Errors
    /// When the folder cannot be read; one that is not there is empty.
    pub async fn list(&self) -> io::Result<Vec<RecordAbout>> {
        let mut entries = match fs::read_dir(&self.folder).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let text = fs::read(entry.path()).await?;
            let about = serde_json::from_slice::<RecordAbout>(&text).ok();
            found.extend(about.filter(|about| entry.file_name() == *format!("{}.json", about.id)));
        }
        found.sort_by(|a, b| b.id.cmp(&a.id));
        Ok(found)
    }

    /// A record as it lies in its file.
    ///
    /// # Errors
    /// When it cannot be read; `None` when there is none of that name.
    pub async fn read(&self, id: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_id(id) {
            return Ok(None);
        }
        match fs::read(self.path(id)).await {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}

fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'T' | b'Z'))
}
