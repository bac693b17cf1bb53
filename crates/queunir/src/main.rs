//! The executable: every role of Queunir under one name.

mod openapi;
mod roles;
mod settings;
mod up;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use settings::Settings;

/// A multi-tenant WhatsApp CRM.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// Settings file; every setting has a default (see queunir.default.toml).
    #[arg(long, global = true)]
    settings: Option<PathBuf>,
    /// Directory that holds everything that must survive.
    #[arg(long, global = true)]
    state: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts everything: private database, gateway, orchestrator; ends all of it on Ctrl-C.
    Up {
        /// Adds the WhatsApp simulator with its phone page, so that no telephone is needed.
        #[arg(long)]
        demo: bool,
        /// Deletes all state first; asks before it does.
        #[arg(long)]
        reset: bool,
        /// Answers the question of --reset.
        #[arg(long, requires = "reset")]
        yes: bool,
    },
    /// Runs the gateway: accounts, sessions, live events and the proxy to the slices.
    Gateway,
    /// Runs the orchestrator: keeps running slices equal to the wanted ones.
    Orchestrator,
    /// Runs one tenant's slice.
    Slice {
        /// The spec file that the orchestrator wrote.
        #[arg(long)]
        spec: PathBuf,
    },
    /// Prints the description of the HTTP API.
    Openapi,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("queunir: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let state = match cli.state {
        Some(dir) => dir,
        None => up::State::default_dir()?,
    };
    let settings = cli.settings.as_deref();
    match cli.command {
        Command::Up { demo, reset, yes } => {
            // First, so that settings which are refused delete nothing.
            let settings = Settings::load(settings, demo)?;
            if reset {
                up::reset(&state, yes)?;
            }
            up::run(&state, settings)
        }
        Command::Gateway => roles::gateway(&state, &Settings::load(settings, false)?),
        Command::Orchestrator => roles::orchestrator(&state, &Settings::load(settings, false)?),
        Command::Slice { spec } => roles::slice(&spec),
        Command::Openapi => openapi::print(),
    }
}
