//! Keeps tenants' tables as they must be while this orchestrator leads: of this version, walled in, and gone when retired.

use std::time::Duration;

use queunir_db::{
    control::observed,
    provision::{ProvisionError, Provisioner},
};
use tokio::time::Instant;

use crate::hands::Hands;

/// How often tenants are looked for that are not of this version. What failed is tried again then.
const ROUND_EVERY: Duration = Duration::from_secs(600);
/// When, after the term began and then again, all tenants are audited, and what is left of retired ones is dropped.
const FIRST_NIGHT: Duration = Duration::from_secs(900);
const NIGHT_EVERY: Duration = Duration::from_secs(24 * 3600);
/// How long a tenant's statement may run whatever the tenant has set, and how often that is looked at.
const STATEMENT_LIMIT: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How much of the cluster's room for notices (8 GB) may be used before tenants' transactions of this age are ended. Ours
/// are read at once; more is left only because somebody keeps it.
const NOTICES: f64 = 0.01;
const NOTICES_AGE: Duration = Duration::from_secs(5);

/// Never returns.
pub async fn tenants(hands: &Hands) {
    tokio::join!(rounds(&hands.provisioner), nights(hands), looks(&hands.provisioner));
}

async fn rounds(provisioner: &Provisioner) {
    loop {
        if let Err(error) = round(provisioner).await {
            tracing::warn!(error = told(error), "tenants' tables stay as they are for now");
        }
        tokio::time::sleep(ROUND_EVERY).await;
    }
}

async fn round(provisioner: &Provisioner) -> Result<(), ProvisionError> {
    // Without it a new tenant's tables are made step by step, which is slower and no harm.
    if let Err(error) = provisioner.prepare_template().await {
        tracing::warn!(error = told(error), "there is no template of this version");
    }
    let began = Instant::now();
    let round = provisioner.migrate_all().await?;
    if round.migrated > 0 || !round.failed.is_empty() {
        tracing::info!(
            migrated = round.migrated,
            failed = round.failed.len(),
            held_back = round.held_back,
            took_ms = began.elapsed().as_millis(),
            "brought tenants' tables to this version"
        );
    }
    Ok(())
}

async fn nights(hands: &Hands) {
    tokio::time::sleep(FIRST_NIGHT).await;
    loop {
        if let Err(error) = night(hands).await {
            tracing::warn!(error = format!("{error:#}"), "tenants could not be looked through");
        }
        tokio::time::sleep(NIGHT_EVERY).await;
    }
}

async fn night(hands: &Hands) -> anyhow::Result<()> {
    let dropped = hands.provisioner.drop_retired(hands.now()).await?;
    if dropped > 0 {
        tracing::info!(dropped, "dropped the tables of deleted slices");
    }
    for (slice, findings) in hands.provisioner.audit_all().await? {
        tracing::error!(%slice, ?findings, "a tenant's rights are not as they must be");
        let mut tx = hands.db.begin().await?;
        observed::record_event(&mut tx, "slice.audit", slice, &serde_json::json!({ "findings": findings })).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn looks(provisioner: &Provisioner) {
    loop {
        match provisioner.end_overlong(STATEMENT_LIMIT).await {
            Ok(0) => {}
            Ok(ended) => tracing::warn!(ended, "ended statements of tenants that ran for too long"),
            Err(error) => tracing::debug!(error = told(error), "cannot look for overlong statements"),
        }
        match provisioner.free_notices(NOTICES, NOTICES_AGE).await {
            Ok(0) => {}
            Ok(ended) => tracing::error!(ended, "ended transactions of tenants that kept the room for notices filled"),
            Err(error) => tracing::debug!(error = told(error), "cannot look for the room for notices"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn told(error: ProvisionError) -> String {
    format!("{:#}", anyhow::Error::from(error))
}
