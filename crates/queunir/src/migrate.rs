//! `queunir migrate`: the tables of all tenants, brought to this version or only looked at.

use std::{fmt::Write as _, io::Write as _, path::Path, process::ExitCode};

use anyhow::Context;
use queunir_db::{
    control::{ControlDb, tenants::Tenant},
    provision::{self, Provisioner},
};

use crate::{roles, settings::Settings};

/// Ends with 1 when a tenant could not be migrated, or with `status` when one is not of this version.
pub fn run(state: &Path, settings: &Settings, status: bool) -> anyhow::Result<ExitCode> {
    let mut endpoint = roles::endpoint(state, settings, "queunir_orch", "orchestrator.password")?;
    if endpoint.socket.as_os_str().is_empty() {
        // Where `queunir up` keeps its own.
        endpoint.socket = state.join("postgres/run");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let control = ControlDb::open(&endpoint, 4).await.context("is the database running?")?;
        provision::refuse_other_mode(&control, settings.tenancy.mode).await?;
        let provisioner = Provisioner::new(&endpoint, &control, settings.tenancy.mode);
        if status { print_status(&provisioner).await } else { migrate(&provisioner).await }
    })
}

async fn migrate(provisioner: &Provisioner) -> anyhow::Result<ExitCode> {
    let round = provisioner.migrate_all().await?;
    let mut text = format!("{} tenants brought to this version\n", round.migrated);
    for (slice, why) in &round.failed {
        writeln!(text, "slice {slice} failed: {why}")?;
    }
    if round.held_back > 0 {
        writeln!(text, "{} tenants were not tried, because most of the first ones failed", round.held_back)?;
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if round.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn print_status(provisioner: &Provisioner) -> anyhow::Result<ExitCode> {
    let (tenants, layout) = (provisioner.status().await?, provisioner.layout());
    let is_behind =
        |tenant: &Tenant| tenant.retired_at.is_none() && tenant.fingerprint.as_deref() != Some(layout.fingerprint());
    let mut text = format!(
        "this program has version {}\n{:>8}  {:>7}  {:<24}  state\n",
        layout.version(),
        "slice",
        "version",
        "place"
    );
    for tenant in &tenants {
        let version = tenant.version.map_or_else(|| "-".to_owned(), |version| version.to_string());
        let place = if tenant.schema == "public" {
            tenant.database.clone()
        } else {
            format!("{}.{}", tenant.database, tenant.schema)
        };
        let state = match (&tenant.failure, tenant.retired_at) {
            (_, Some(_)) => "deleted, waits to be dropped".to_owned(),
            (Some(failure), None) => format!("failed: {failure}"),
            (None, None) if is_behind(tenant) => "waits".to_owned(),
            (None, None) => "current".to_owned(),
        };
        writeln!(text, "{:>8}  {version:>7}  {place:<24}  {state}", tenant.slice.0)?;
    }
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if tenants.iter().any(is_behind) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
