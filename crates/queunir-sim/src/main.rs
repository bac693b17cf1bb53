//! The simulator's executable: serves, or compares a store with the ledger.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio_util::sync::CancellationToken;

use queunir_sim::ledger::{self, Ledger, Receipts, Scope, Stored};
use queunir_sim::tls::TlsSettings;
use queunir_sim::{Settings, Simulator};

/// A place where WhatsApp Web would be: page, phone, control API and ledger.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Compares what somebody stored with the ledger; exits with 1 when they differ.
    Compare(Compare),
}

#[derive(Args)]
struct Serve {
    /// Address to listen on: loopback, or with --tls-dir one of a private network, such as a container bridge's.
    #[arg(long, default_value = "127.0.0.1:3900")]
    listen: SocketAddr,
    /// A built-in scenario (demo, test, busy-seller, huge-history, hostile, mixed-generations) or a TOML file.
    #[arg(long, default_value = "demo")]
    scenario: String,
    /// Keeps everything that happens in this file; an existing one is continued, whatever the scenario.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Divides every wait.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Language of the page when its address names none; the scenario's if absent.
    #[arg(long)]
    locale: Option<String>,
    /// Serves HTTPS with a test CA that is kept in this folder and made on first use.
    #[arg(long, value_name = "DIR")]
    tls_dir: Option<PathBuf>,
    /// A DNS name or address of the server besides localhost; repeat for more. A CA vouches for those of its first start.
    #[arg(long = "tls-name", value_name = "NAME", requires = "tls_dir")]
    tls_names: Vec<String>,
}

#[derive(Args)]
struct Compare {
    /// Address of the simulator, of its ledger, or a file with one.
    #[arg(long)]
    ledger: String,
    /// Certificate (PEM) of the CA of a ledger behind HTTPS.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// What is stored, as JSON.
    #[arg(long)]
    stored: PathBuf,
    /// How much must be stored.
    #[arg(long, value_enum, default_value_t = CliScope::All)]
    scope: CliScope,
    /// Every message at or after this moment (milliseconds since 1970) must be stored.
    #[arg(long)]
    since: Option<i64>,
    /// Which account; needed when the ledger has several.
    #[arg(long)]
    account: Option<String>,
    /// Read receipts are allowed only in chats of this title; repeat for more.
    #[arg(long = "receipts-in", value_name = "TITLE")]
    receipts_in: Vec<String>,
    /// No read receipt is allowed at all.
    #[arg(long, conflicts_with = "receipts_in")]
    no_receipts: bool,
    /// The same content may be submitted only once per chat.
    #[arg(long)]
    submitted_once: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum CliScope {
    All,
    Suffix,
}

/// What `compare` and a failed start end with; 1 is kept for differences.
const FAILED: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Compare(compare)) => run_compare(compare).await,
        None => serve(cli.serve).await.map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        tracing::error!("{error:#}");
        ExitCode::from(FAILED)
    })
}

async fn serve(serve: Serve) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let settings = Settings {
        listen: serve.listen,
        tls: serve.tls_dir.map(|dir| TlsSettings { dir, names: serve.tls_names }),
        scenario: serve.scenario,
        state: serve.state,
        speed: serve.speed,
        locale: serve.locale,
    };
    let simulator = Simulator::start(settings, stop.clone()).await?;
    tracing::info!(address = %simulator.address, "the simulator listens; the phone is at /phone");
    let ended = simulator.ended();
    tokio::pin!(ended);
    tokio::select! {
        result = &mut ended => return result,
        result = signal() => result?,
    }
    stop.cancel();
    ended.await
}

async fn signal() -> anyhow::Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result?,
        _ = term.recv() => {}
    }
    Ok(())
}

async fn run_compare(args: Compare) -> anyhow::Result<ExitCode> {
    let truth = fetch(&args.ledger, args.ca.as_deref()).await?;
    let text =
        std::fs::read_to_string(&args.stored).with_context(|| format!("cannot read {}", args.stored.display()))?;
    let stored: Stored = serde_json::from_str(&text).context("the stored file has another form")?;
    let receipts = if args.no_receipts || !args.receipts_in.is_empty() {
        Receipts::OnlyIn(args.receipts_in)
    } else {
        Receipts::Anywhere
    };
    let options = ledger::Options {
        account: args.account,
        scope: match args.scope {
            CliScope::All => Scope::All,
            CliScope::Suffix => Scope::Suffix,
        },
        since: args.since,
        receipts,
        submitted_once: args.submitted_once,
    };
    let faults = ledger::compare(&truth, &stored, &options);
    for fault in &faults {
        println!("{fault}");
    }
    let count: usize = stored.chats.iter().map(|chat| chat.messages.len()).sum();
    println!("{} stored messages in {} chats, {} differences", count, stored.chats.len(), faults.len());
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn fetch(place: &str, ca: Option<&Path>) -> anyhow::Result<Ledger> {
    let text = if place.starts_with("http://") || place.starts_with("https://") {
        let url = if place.contains("/_sim/") {
            place.to_owned()
        } else {
            format!("{}/_sim/ledger", place.trim_end_matches('/'))
        };
        let mut client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60));
        if let Some(path) = ca {
            let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            client = client.tls_certs_only([reqwest::Certificate::from_pem(&pem)?]);
        }
        let client = client.build()?;
        client.get(&url).send().await?.error_for_status()?.text().await?
    } else {
        std::fs::read_to_string(place).with_context(|| format!("cannot read {place}"))?
    };
    serde_json::from_str(&text).context("the ledger has another form")
}
