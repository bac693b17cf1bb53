//! The step that draws thumbnails, alone, for tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    match queunir_slice::media::thumbnail::main() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
