//! The executable: every role of Queunir under one name.

mod canary;
mod inspect;
mod migrate;
mod openapi;
mod roles;
mod settings;
mod slices;
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
    Orchestrator {
        /// Ends the slices when it ends, as `queunir up` wants it. Without this they go on serving, and the next
        /// orchestrator adopts them.
        #[arg(long)]
        end_slices: bool,
    },
    /// Runs one tenant's slice.
    Slice {
        /// The spec file that the orchestrator wrote.
        #[arg(long)]
        spec: PathBuf,
    },
    /// Shows slices, says what is wanted of them, and looks into them.
    Slices {
        #[command(subcommand)]
        command: slices::SlicesCommand,
    },
    /// Brings the tables of all tenants to this version now. The orchestrator does that by itself, in the background and
    /// before it starts a slice.
    Migrate {
        /// Only print of which version each tenant is, and why one could not be migrated.
        #[arg(long)]
        status: bool,
    },
    /// Prints what the reader sees in a saved page of WhatsApp Web, as JSON.
    Inspect {
        /// The saved page, or a piece of one.
        #[arg(long)]
        html: PathBuf,
        /// Language of the page, for one that does not name its own.
        #[arg(long, default_value = "en")]
        locale: String,
        /// Time zone of the times in it (IANA name).
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
    /// Says which of the facts that the reader relies on hold on the page of a running slice.
    Canary {
        /// The slice's number.
        slice: Option<i64>,
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// Then lead a person with a real phone through thirty checks, and write the answers to this file.
        #[arg(long, value_name = "FILE")]
        guided: Option<PathBuf>,
    },
    /// Draws the small picture of the file on its input; a slice starts it for each picture.
    #[command(hide = true)]
    Thumbnail,
    /// Prints the description of the HTTP API.
    Openapi,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("queunir: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let state = || cli.state.clone().map_or_else(up::State::default_dir, Ok);
    let settings = cli.settings.as_deref();
    match cli.command {
        Command::Up { demo, reset, yes } => {
            // First, so that settings which are refused delete nothing.
            let settings = Settings::load(settings, demo)?;
            if reset {
                up::reset(&state()?, yes, settings.docker()?.as_ref())?;
            }
            up::run(&state()?, settings)
        }
        Command::Gateway => roles::gateway(&state()?, &Settings::load(settings, false)?),
        Command::Orchestrator { end_slices } => {
            roles::orchestrator(&state()?, &Settings::load(settings, false)?, end_slices)
        }
        Command::Migrate { status } => return migrate::run(&state()?, &Settings::load(settings, false)?, status),
        Command::Slice { spec } => roles::slice(&spec),
        Command::Openapi => openapi::print(),
        Command::Thumbnail => queunir_slice::media::thumbnail::main().map_err(Into::into),
        Command::Canary { slice, json, guided } => {
            return canary::run(&state()?, &canary::Ask { slice, json, guided });
        }
        Command::Slices { command } => return slices::run(&state()?, settings, command),
        Command::Inspect { html, locale, time_zone } => return Ok(inspect::run(html, locale, time_zone)),
    }
    .map(|()| ExitCode::SUCCESS)
}
