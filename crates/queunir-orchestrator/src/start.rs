//! One start of a slice: port, generation, folders, certificate, database, process; and what follows if it fails.

use std::net::Ipv4Addr;

use anyhow::Context;
use queunir_core::slice::{Egress, SliceSpec};
use queunir_db::control::{
    counters,
    observed::{self, Observed, SliceRow},
};
use rand::{Rng, distr::Alphanumeric};
use secrecy::SecretString;

use crate::{
    folders::SliceFolders,
    hands::{Deposed, Hands},
    plan::Memory,
    ports,
    rows::{self, Blame},
    sandbox,
};

impl Hands {
    /// Starts the next generation of a slice and writes down what became of it.
    pub(crate) async fn start(&self, row: &SliceRow, linked: bool, afresh: bool) -> anyhow::Result<()> {
        let mut row = row.clone();
        if afresh {
            row.observed.failures = 0;
            self.close_alert("slice.crash_loop", row.id).await?;
        }
        let began = self.now();
        match self.try_start(&row, linked).await {
            Ok(()) => {
                let took_ms = self.now().duration_since(began).as_millis();
                tracing::info!(slice = %row.id, linked, took_ms, "started a slice");
                self.note_started(&row, linked).await?;
                self.count_start(i64::try_from(took_ms).unwrap_or(i64::MAX)).await
            }
            Err(error) if error.is::<Deposed>() => Err(error),
            Err(error) => self.note_failure(&row, &error).await,
        }
    }

    /// How long it takes until a slice answers is what its tenant waits for; operators watch the classes.
    async fn count_start(&self, took_ms: i64) -> anyhow::Result<()> {
        let mut tx = self.db.begin().await?;
        counters::add_duration(&mut tx, "starts", took_ms).await?;
        tx.commit().await.context("cannot count a start")
    }

    async fn try_start(&self, row: &SliceRow, linked: bool) -> anyhow::Result<()> {
        if linked {
            sandbox::check()?;
        }
        let tenant = self.provisioner.place(row.id).await?;
        let (port, generation) = self.begin(row, &tenant.database).await?;
        let folders = SliceFolders::new(&self.template.state_dir, row.id);
        self.room.prepare(&folders).await;
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
            disk_quota_bytes: self.template.disk_quota_bytes,
        };
        self.must_lead().await?;
        self.runtime.ensure(&spec).await?;
        Ok(())
    }

    /// Takes a port and the next generation.
    async fn begin(&self, row: &SliceRow, database: &str) -> anyhow::Result<(u16, i64)> {
        let mut tx = self.db.begin().await?;
        let others = observed::list_closed_ports(&mut tx, row.id).await?;
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
        self.save(row.id, &rows::started(&row.observed, linked, now)).await
    }

    /// Writes a failure down, and when to try again. An outage of ours is not counted against the slice.
    pub(crate) async fn note_failure(&self, row: &SliceRow, error: &anyhow::Error) -> anyhow::Result<()> {
        let now = self.now();
        #[expect(clippy::disallowed_methods, reason = "spreads the next attempts; the rule takes it as an argument")]
        let chance = rand::random();
        let blame = Blame::of(error);
        let failed = rows::failed(&self.rules, row, &self.memory_of(row.id), blame, now, chance);
        self.remember(row.id, |memory| *memory = failed.memory);
        let detail: String = format!("{error:#}").chars().take(500).collect();
        tracing::warn!(slice = %row.id, error = detail, "a slice failed");
        let observed = Observed { detail: Some(detail), ..failed.observed };
        self.save(row.id, &observed).await?;
        if failed.gave_up {
            self.report_crash_loop(row, &observed).await?;
        }
        let mut tx = self.db.begin().await?;
        counters::add(&mut tx, "failures", blame.word(), 1).await?;
        tx.commit().await.context("cannot count a failure")
    }
}

/// A slice's password for its database, new with every start.
#[expect(clippy::disallowed_methods, reason = "the orchestrator's one place for secrets")]
fn new_password() -> SecretString {
    let text: String = rand::rng().sample_iter(Alphanumeric).take(43).map(char::from).collect();
    text.into()
}
