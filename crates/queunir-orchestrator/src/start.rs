//! One start of a slice: port, generation, folders, certificate, database, process; and what follows if it fails.

use std::net::Ipv4Addr;

use anyhow::Context;
use jiff::SignedDuration;
use queunir_core::{
    link::PageState,
    slice::{Egress, Phase, SliceSpec},
};
use queunir_db::{
    control::observed::{self, Observed, SliceRow},
    provision::ProvisionError,
};
use rand::{Rng, distr::Alphanumeric};
use secrecy::SecretString;

use crate::{
    folders::SliceFolders,
    hands::{Deposed, Hands},
    plan::{Memory, after_failure, still_counted},
    ports,
    runtime::RuntimeError,
};

/// Pause after trouble that is not the slice's fault.
const OUTAGE_PAUSE: SignedDuration = SignedDuration::from_secs(3);

impl Hands {
    /// Starts the next generation of a slice and writes down what became of it.
    pub(crate) async fn start(&self, row: &SliceRow, linked: bool, afresh: bool) -> anyhow::Result<()> {
        let _place = self.starts.acquire().await?;
        let mut row = row.clone();
        if afresh {
            row.observed.failures = 0;
        }
        let began = self.now();
        match self.try_start(&row, linked).await {
            Ok(()) => {
                let took_ms = self.now().duration_since(began).as_millis();
                tracing::info!(slice = %row.id, linked, took_ms, "started a slice");
                self.note_started(&row, linked).await
            }
            Err(error) if error.is::<Deposed>() => Err(error),
            Err(error) => self.note_failure(&row, &error).await,
        }
    }

    async fn try_start(&self, row: &SliceRow, linked: bool) -> anyhow::Result<()> {
        let tenant = self.provisioner.place(row.id).await?;
        let (port, generation) = self.begin(row, &tenant.database).await?;
        let folders = SliceFolders::new(&self.template.state_dir, row.id);
        folders.prepare()?;
        let password = new_password();
        let password_file = folders.write_password(&password)?;
        let identity = self.pki.issue_slice(&folders.tls(), row.id, generation, folders.owner(), self.now())?;
        self.provisioner.provision(row.id, &password, generation).await?;
        let spec = SliceSpec {
            slice: row.id,
            generation,
            epoch: self.epoch,
            port,
            bind: Ipv4Addr::LOCALHOST,
            lock_file: None,
            database_socket: self.template.database.socket.clone(),
            database_port: self.template.database.port,
            database: tenant.database,
            role: tenant.role,
            password_file,
            profile_dir: folders.session(),
            media_dir: folders.media(),
            records_dir: folders.records(),
            ca_file: identity.ca,
            cert_file: identity.cert,
            key_file: identity.key,
            whatsapp_url: self.template.whatsapp_url.clone(),
            reader_profiles: self.template.reader_profiles.clone(),
            locale: row.locale.clone(),
            time_zone: row.time_zone.clone(),
            engine: self.template.engine,
            egress: Egress::Direct,
            reading_mode: row.reading_mode,
            start_linked: linked,
            pacing: self.template.pacing,
            media: self.template.media,
            collection: self.template.collection,
        };
        self.must_lead().await?;
        self.runtime.ensure(&spec).await?;
        Ok(())
    }

    /// Takes a port and the next generation.
    async fn begin(&self, row: &SliceRow, database: &str) -> anyhow::Result<(u16, i64)> {
        let mut tx = self.db.begin().await?;
        let others = observed::list_ports_of_others(&mut tx, row.id).await?;
        let port = ports::choose(self.template.base_port, row.id, row.port, &others, ports::is_free)
            .context("no loopback port is free")?;
        let generation = observed::begin_start(&mut tx, self.epoch, row.id, port, database, self.now()).await?;
        let generation = generation.ok_or(Deposed)?;
        let detail = serde_json::json!({ "generation": generation, "port": port });
        observed::record_event(&mut tx, "slice.start", row.id, &detail).await?;
        tx.commit().await?;
        Ok((port, generation))
    }

    async fn note_started(&self, row: &SliceRow, linked: bool) -> anyhow::Result<()> {
        let now = self.now();
        self.remember(row.id, |memory| {
            *memory = Memory { seen: true, healthy_since: Some(now), ..memory.after_end() };
        });
        let (phase, page) =
            if linked { (Phase::Starting, PageState::Starting) } else { (Phase::Service, PageState::NoBrowser) };
        let observed = Observed {
            phase,
            stop_reason: row.observed.stop_reason.filter(|_| !linked),
            page_state: Some(page),
            next_attempt_at: None,
            detail: None,
            wa_connected: false,
            last_health_at: Some(now),
            ..row.observed.clone()
        };
        self.save(row.id, &observed).await
    }

    /// Writes a failure down, and when to try again. An outage of ours is not counted against the slice.
    pub(crate) async fn note_failure(&self, row: &SliceRow, error: &anyhow::Error) -> anyhow::Result<()> {
        let now = self.now();
        let (counted, failing_since) = still_counted(&self.rules, row.observed.failures, &self.memory_of(row.id), now);
        self.remember(row.id, |memory| *memory = Memory { failing_since: Some(failing_since), ..memory.after_end() });
        let detail: String = format!("{error:#}").chars().take(500).collect();
        tracing::warn!(slice = %row.id, error = detail, "a slice failed");
        let before = &row.observed;
        let (phase, failures, next_attempt_at) = match blame(error) {
            Blame::Slice => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "spreads the next attempts; the rule takes it as an argument"
                )]
                let chance = rand::random();
                let verdict = after_failure(&self.rules, counted, now, chance);
                let phase = if verdict.gave_up { Phase::Failed } else { Phase::Starting };
                (phase, verdict.failures, verdict.next_attempt_at)
            }
            Blame::Us => (Phase::Starting, before.failures, Some(now + OUTAGE_PAUSE)),
            Blame::Host => (Phase::Failed, before.failures, None),
        };
        let observed = Observed {
            phase,
            page_state: None,
            failures,
            next_attempt_at,
            detail: Some(detail),
            wa_connected: false,
            ..before.clone()
        };
        self.save(row.id, &observed).await
    }
}

/// A slice's password for its database, new with every start.
#[expect(clippy::disallowed_methods, reason = "the orchestrator's one place for secrets")]
fn new_password() -> SecretString {
    let text: String = rand::rng().sample_iter(Alphanumeric).take(43).map(char::from).collect();
    text.into()
}

enum Blame {
    Slice,
    Us,
    Host,
}

fn blame(error: &anyhow::Error) -> Blame {
    // Its tables cannot be brought to this version: trying again and again changes nothing.
    if error.downcast_ref::<ProvisionError>().is_some_and(ProvisionError::is_lasting) {
        return Blame::Slice;
    }
    match error.downcast_ref::<RuntimeError>() {
        Some(RuntimeError::NotReady(_)) => Blame::Slice,
        Some(RuntimeError::Refused(_)) => Blame::Host,
        Some(RuntimeError::Unreachable(_) | RuntimeError::Busy) => Blame::Us,
        None if error.is::<SliceEnded>() => Blame::Slice,
        None => Blame::Us,
    }
}

/// A slice that ran and does not any more.
#[derive(Debug, thiserror::Error)]
#[error("the slice {0}")]
pub(crate) struct SliceEnded(pub &'static str);
