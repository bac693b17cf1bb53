//! `queunir slices`: what an operator does at a terminal. It writes what is wanted and shows what is observed; only the
//! orchestrator acts.

mod capacity;
mod log;
pub mod look;
mod order;
mod snapshots;
mod table;
mod who;

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use queunir_core::{id::SliceId, operator::Order};
use queunir_db::control::{ControlDb, operator};
use queunir_orchestrator::{folders::SliceFolders, room};
use serde::Serialize;

use crate::{roles, settings::Settings};

/// What to do.
#[derive(Subcommand)]
pub enum SlicesCommand {
    /// Lists all slices.
    List {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Shows everything that is known of one slice.
    Show {
        /// The slice's number.
        slice: i64,
        /// Print JSON instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Wants a slice to run, and waits until it does.
    Start {
        #[command(flatten)]
        what: Ordering,
        /// With its browser; without this a slice that was stopped starts without one.
        #[arg(long)]
        linked: bool,
    },
    /// Wants a slice not to run. Data stay; the next request of its tenant starts it again, without a browser.
    Stop(Ordering),
    /// Wants a slice to end and to start again at the same level.
    Restart(Ordering),
    /// Wants a slice deleted with everything in it; asks before.
    Destroy {
        #[command(flatten)]
        what: Ordering,
        /// Answers the question.
        #[arg(long)]
        yes: bool,
    },
    /// Prints the end of a slice's log.
    Logs {
        /// The slice's number.
        slice: i64,
        /// Go on printing what is added, until Ctrl-C.
        #[arg(short, long)]
        follow: bool,
        /// How many lines.
        #[arg(long, default_value_t = 100)]
        lines: usize,
    },
    /// Tells how many more slices fit on this host, and from what that follows.
    Capacity {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Lists the snapshots of a slice's browser profile, newest first.
    Snapshots {
        /// The slice's number.
        slice: i64,
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Puts a snapshot in the place of a slice's browser profile, which is moved aside; asks before. The slice must have
    /// ended.
    Restore {
        /// The slice's number.
        slice: i64,
        /// The snapshot: a name that `snapshots` prints, or a path.
        #[arg(long, value_name = "FILE")]
        snapshot: PathBuf,
        /// File with the secret key (age), from the machine where it is kept; remove it from here afterwards.
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// Also if a later start has run since, so that the account likely has to be linked anew.
        #[arg(long)]
        login_likely_dead: bool,
        /// Seconds to wait for the slice to end. One that its tenant's open app starts again at once is stopped meanwhile.
        #[arg(long, value_name = "SECONDS", default_value_t = 5)]
        wait: u64,
        /// Answers the question.
        #[arg(long)]
        yes: bool,
    },
    /// Asks a running slice something, with the orchestrator's certificate, and prints its answer.
    Curl {
        /// The slice's number.
        slice: i64,
        /// What to ask for, as in `/api/health`.
        path: String,
    },
}

/// Which slice, and how to wait.
#[derive(Args)]
pub struct Ordering {
    /// The slice's number.
    slice: i64,
    /// Write down what is wanted, and leave.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait at most, in seconds.
    #[arg(long, default_value_t = 120)]
    timeout: u64,
    /// Print the slice as JSON at the end; what happens meanwhile goes to the error output.
    #[arg(long)]
    json: bool,
}

impl Ordering {
    fn slice(&self) -> SliceId {
        SliceId(self.slice)
    }

    fn waiting(&self) -> order::Waiting {
        let limit = (!self.no_wait).then(|| Duration::from_secs(self.timeout));
        order::Waiting { limit, json: self.json }
    }
}

/// Does it; exits with 1 when what was wanted is not reached.
///
/// # Errors
/// When there is no such slice, it cannot take the order, or rights are missing, in words that name the remedy.
pub fn run(state: &Path, settings: Option<&Path>, command: SlicesCommand) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            SlicesCommand::List { json } => {
                let db = open(state, settings).await?;
                let mut tx = db.begin().await?;
                let cards = operator::list(&mut tx, None).await?;
                if json {
                    print_json(&cards)?
                } else {
                    print(&table::list(&cards, now()))?
                }
                Ok(ExitCode::SUCCESS)
            }
            SlicesCommand::Show { slice, json } => {
                let db = open(state, settings).await?;
                let mut tx = db.begin().await?;
                let card = operator::find(&mut tx, SliceId(slice)).await?.ok_or_else(|| unknown(SliceId(slice)))?;
                if json {
                    print_json(&card)?
                } else {
                    let bound = room::bound(SliceFolders::new(state, SliceId(slice)).root()).await;
                    print(&table::one(&card, bound.as_ref(), now()))?
                }
                Ok(ExitCode::SUCCESS)
            }
            SlicesCommand::Start { what, linked } => {
                let order = if linked { Order::Link } else { Order::Start };
                order::give(&open(state, settings).await?, what.slice(), order, what.waiting()).await
            }
            SlicesCommand::Stop(what) => {
                order::give(&open(state, settings).await?, what.slice(), Order::Stop, what.waiting()).await
            }
            SlicesCommand::Restart(what) => {
                order::give(&open(state, settings).await?, what.slice(), Order::Restart, what.waiting()).await
            }
            SlicesCommand::Destroy { what, yes } => {
                let db = open(state, settings).await?;
                if !yes {
                    order::ask(&db, what.slice(), &mut io::stdin().lock(), &mut io::stderr().lock()).await?;
                }
                order::give(&db, what.slice(), Order::Destroy, what.waiting()).await
            }
            SlicesCommand::Logs { slice, follow, lines } => {
                log::print(state, SliceId(slice), lines, follow).await?;
                Ok(ExitCode::SUCCESS)
            }
            SlicesCommand::Capacity { json } => {
                let size = queunir_service::host::size().context("cannot tell how large this machine is")?;
                let db = open(state, settings).await?;
                let mut tx = db.begin().await?;
                let capacity = operator::capacity(&mut tx, size).await?;
                if json {
                    print_json(&capacity)?
                } else {
                    print(&capacity::text(&capacity))?
                }
                Ok(ExitCode::SUCCESS)
            }
            SlicesCommand::Snapshots { slice, json } => {
                snapshots::list(state, SliceId(slice), json)?;
                Ok(ExitCode::SUCCESS)
            }
            SlicesCommand::Restore { slice, snapshot, identity, login_likely_dead, wait, yes } => {
                let (slice, record) = (SliceId(slice), open(state, settings).await);
                let wish = snapshots::PutBack {
                    slice,
                    snapshot,
                    identity,
                    may_be_dead: login_likely_dead,
                    patience: Duration::from_secs(wait),
                    sure: yes,
                };
                snapshots::put_back(state, &wish, record).await
            }
            SlicesCommand::Curl { slice, path } => {
                let record = open(state, settings).await;
                look::curl(state, SliceId(slice), &path, record).await
            }
        }
    })
}

/// The control tables as the role that writes what is wanted.
async fn open(state: &Path, settings: Option<&Path>) -> anyhow::Result<ControlDb> {
    // `queunir up` leaves what it runs with in its state directory.
    let own = state.join("settings.toml");
    let file = settings.or_else(|| own.exists().then_some(own.as_path()));
    let settings = Settings::load(file, false)?;
    may_read(&state.join("secrets").join(roles::GATEWAY_PASSWORD))?;
    let endpoint = roles::endpoint(state, &settings, roles::GATEWAY_ROLE, roles::GATEWAY_PASSWORD)?;
    ControlDb::open(&endpoint, 2).await.with_context(|| {
        format!("the control database does not answer in {}; does Queunir run?", settings.database.socket.display())
    })
}

/// Refuses with the remedy what this user may not read.
fn may_read(path: &Path) -> anyhow::Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => {
            anyhow!("you may not read {}; do this as root, or as the user whom Queunir belongs to", path.display())
        }
        io::ErrorKind::NotFound => {
            anyhow!("there is no {}; give the state directory of this Queunir with --state DIR", path.display())
        }
        _ => anyhow!("cannot read {}: {error}", path.display()),
    })
}

fn unknown(slice: SliceId) -> anyhow::Error {
    anyhow!("there is no slice {slice}; `queunir slices list` shows all")
}

fn now() -> jiff::Timestamp {
    use queunir_core::time::Clock as _;
    queunir_service::clock::SystemClock.now()
}

fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?)
}

/// Prints a text and a line's end. A reader that went away, as `head` does, is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => bail!("cannot print: {error}"),
        _ => Ok(()),
    }
}
