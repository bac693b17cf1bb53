//! An orchestrator as a process of its own, for tests that stop it in its tracks.
//!
//! Arguments: the directory of PostgreSQL's socket, the state directory, the slices' executable, the first port.

use std::path::PathBuf;

use anyhow::Context;
use queunir_core::{
    collection::CollectionLimits,
    media::MediaLimits,
    slice::{Engine, Pacing, TenancyMode},
};
use queunir_db::{Endpoint, control};
use queunir_orchestrator::{OrchestratorConfig, monitor::MonitorConfig, plan::Rules, run};
use queunir_service::{lifecycle, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    telemetry::init(None);
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("too few arguments");
    let (socket, state_dir, executable) = (PathBuf::from(next()?), PathBuf::from(next()?), PathBuf::from(next()?));
    let config = OrchestratorConfig {
        database: Endpoint {
            socket,
            port: 5432,
            database: control::DATABASE.into(),
            role: "queunir_orch".into(),
            password: "orchestrator".to_owned().into(),
        },
        tenancy: TenancyMode::Database,
        tls_dir: state_dir.join("tls"),
        state_dir,
        gateway_user: None,
        executable,
        docker: None,
        whatsapp_url: "http://localhost/".to_owned(),
        reader_profiles: "/nowhere".into(),
        engine: Engine::Chromium,
        pacing: Pacing::default(),
        media: MediaLimits::default(),
        collection: CollectionLimits::default(),
        disk_quota_bytes: 0,
        snapshots: None,
        monitor: MonitorConfig::default(),
        base_port: next()?.parse()?,
        stop_slices: false,
        rules: Rules::default(),
    };
    run(config, lifecycle::stop_on_signal()?).await
}
