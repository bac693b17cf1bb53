//! Looking into a running slice with the orchestrator's certificate.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, bail};
use queunir_core::{id::SliceId, slice::SliceSpec};
use queunir_db::control::{
    ControlDb,
    events::{self, NewEvent},
};
use queunir_orchestrator::{
    client::{Address, Answer, SliceClient},
    folders::SliceFolders,
    pki::Identity,
};

use super::{may_read, who};

/// Asks the present start of a slice.
///
/// # Errors
/// When there is no such slice on this host, rights are missing, or it does not answer.
pub async fn ask(state: &Path, slice: SliceId, path: &str) -> anyhow::Result<Answer> {
    let identity = Identity::orchestrator(&state.join("tls"));
    may_read(&identity.key)?;
    let folders = SliceFolders::new(state, slice);
    if !folders.spec().exists() {
        bail!("slice {slice} was never started on this host");
    }
    may_read(&folders.spec())?;
    let spec: SliceSpec =
        serde_json::from_str(&fs::read_to_string(folders.spec())?).context("the slice's spec is not valid")?;
    let client = SliceClient::new(&identity).context("reading the certificates")?;
    let address = Address { slice: spec.slice, generation: spec.generation, port: spec.port };
    client.get(address, path).await.with_context(|| format!("slice {slice} gives no answer; does it run?"))
}

/// Prints the answer as it is; exits with 1 when it is a refusal. That somebody looked is on record where the control
/// tables can be reached: a tenant's data may be what is shown.
///
/// # Errors
/// As [`ask`].
pub async fn curl(
    state: &Path,
    slice: SliceId,
    path: &str,
    record: anyhow::Result<ControlDb>,
) -> anyhow::Result<ExitCode> {
    if !path.starts_with('/') {
        bail!("{path:?} is no path; it begins with a slash, as in /api/health");
    }
    let answer = ask(state, slice, path).await?;
    let recorded = async { note(&record?, slice, path).await };
    if let Err(error) = recorded.await {
        writeln!(io::stderr(), "queunir: this look is not on record: {error:#}")?;
    }
    io::stdout().write_all(&answer.body)?;
    if !answer.body.ends_with(b"\n") {
        writeln!(io::stdout())?;
    }
    if answer.status.is_success() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(io::stderr(), "queunir: the slice answered {}", answer.status)?;
    Ok(ExitCode::FAILURE)
}

async fn note(db: &ControlDb, slice: SliceId, path: &str) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    let asked = path.split('?').next().unwrap_or_default();
    let detail = serde_json::json!({ "by": who::operator(), "path": asked });
    let event = NewEvent { kind: "slice.looked_into", slice: Some(slice), detail, ..NewEvent::default() };
    events::insert(&mut tx, &event).await?;
    Ok(tx.commit().await?)
}
