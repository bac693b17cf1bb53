//! `queunir inspect`: what the reader sees in a saved page. Exit code 2 means that the question is at fault.

use std::{io::Write, path::PathBuf, process::ExitCode};

use queunir_core::time::Clock;
use queunir_service::clock::SystemClock;
use queunir_slice::inspect::{InspectError, Inspection, Request, inspect};

use crate::up::is_root;

/// The browser's user when this is root: the one below all slices'.
const USER: u32 = 200_000;
const BAD_INPUT: u8 = 2;

/// Prints one JSON object, or one sentence on the error stream and nothing else.
pub fn run(html: PathBuf, locale: String, time_zone: String) -> ExitCode {
    let request = Request { html, locale, time_zone, now: SystemClock.now(), as_user: is_root().then_some(USER) };
    match read(&request).map(|seen| print(&seen)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("queunir: the answer cannot be written: {error}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("queunir: {error}");
            if error.is_of_input() { ExitCode::from(BAD_INPUT) } else { ExitCode::FAILURE }
        }
    }
}

fn read(request: &Request) -> Result<Inspection, InspectError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(inspect(request)),
        Err(error) => Err(InspectError::Page(error.to_string())),
    }
}

fn print(seen: &Inspection) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, seen)?;
    out.write_all(b"\n")
}
