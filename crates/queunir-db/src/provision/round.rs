//! One round over all tenants that brings each to this version (ISO-14): a few first, then the others side by side.
//!
//! Each tenant is one transaction that also stamps it, so a round that is killed is simply begun again: what is done is
//! passed over, what was under way was undone. Running slices go on meanwhile; migrations expand before they contract.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use queunir_core::id::SliceId;
use sqlx::Connection as _;

use super::{Layout, ProvisionError, Provisioner, connect, tenant::chain};
use crate::control::{
    observed,
    tenants::{self, Tenant},
};

/// Tenants that go first. If most of them fail, so would the others.
const CANARIES: usize = 5;
/// Tenants at once. More, and a round costs those who work their answers.
const SIDE_BY_SIDE: usize = 8;
/// How often a tenant is tried whose tables somebody holds, and how long until the next time.
const TRIES: usize = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// What came of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Brought to this version.
    pub migrated: usize,
    /// Left as they were, and why.
    pub failed: Vec<(SliceId, String)>,
    /// Not tried, because most of the first ones failed.
    pub held_back: usize,
}

impl Provisioner {
    /// Brings every tenant to this version that is not. A tenant that fails is written down with the reason, and stops
    /// the round only if it is among the first ones and most of those fail.
    ///
    /// # Errors
    /// When the control tables do not answer.
    pub async fn migrate_all(&self) -> Result<Round, ProvisionError> {
        let mut first = self.waiting().await?;
        let others = first.split_off(first.len().min(CANARIES));
        let (mut round, canaries) = (Round::default(), first.len());
        self.migrate_some(first, &mut round).await?;
        if round.failed.len() * 2 > canaries {
            round.held_back = others.len();
        } else {
            self.migrate_some(others, &mut round).await?;
        }
        Ok(round)
    }

    /// Tenants that are not of this version, those that have failed on the way to it last.
    async fn waiting(&self) -> Result<Vec<Tenant>, ProvisionError> {
        let wanted = self.layout.fingerprint();
        let mut tx = self.control.begin().await?;
        let mut waiting: Vec<Tenant> = tenants::list(&mut tx)
            .await?
            .into_iter()
            .filter(|one| {
                one.retired_at.is_none() && one.version.is_some() && one.fingerprint.as_deref() != Some(wanted)
            })
            .collect();
        waiting.sort_by_key(|one| one.failed_fingerprint.as_deref() == Some(wanted));
        Ok(waiting)
    }

    async fn migrate_some(&self, some: Vec<Tenant>, round: &mut Round) -> Result<(), ProvisionError> {
        let attempts = some.into_iter().map(|one| async move {
            let outcome = self.migrate_one(&one).await;
            (one, outcome)
        });
        let mut outcomes = stream::iter(attempts).buffer_unordered(SIDE_BY_SIDE);
        while let Some((tenant, outcome)) = outcomes.next().await {
            match outcome {
                Ok(()) => round.migrated += 1,
                Err(error) => {
                    let why = chain(&error);
                    tracing::warn!(slice = %tenant.slice, error = why, "a tenant's tables could not be migrated");
                    if tenant.failure.as_deref() != Some(&why) {
                        self.tell_failure(tenant.slice, &why).await?;
                    }
                    round.failed.push((tenant.slice, why));
                }
            }
        }
        Ok(())
    }

    async fn tell_failure(&self, slice: SliceId, why: &str) -> Result<(), ProvisionError> {
        let mut tx = self.control.begin().await?;
        let detail = serde_json::json!({ "version": self.layout.version(), "why": why });
        observed::record_event(&mut tx, "slice.migration_failed", slice, &detail).await?;
        Ok(tx.commit().await?)
    }

    async fn migrate_one(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let mut tries = 1;
        loop {
            match self.try_one(tenant).await {
                Err(error) if error.is_busy() && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn try_one(&self, tenant: &Tenant) -> Result<(), ProvisionError> {
        let mut connection = connect(&self.endpoint, &tenant.database, Some(&tenant.schema)).await?;
        if self.layout.is_current(&mut connection).await? {
            self.note_migrated(tenant.slice).await?;
        } else {
            self.bring_up(&mut connection, tenant).await?;
        }
        Ok(connection.close().await.map_err(crate::DbError::from)?)
    }

    /// Every tenant as it was last noted, for people.
    ///
    /// # Errors
    /// When the control tables do not answer.
    pub async fn status(&self) -> Result<Vec<Tenant>, ProvisionError> {
        let mut tx = self.control.begin().await?;
        Ok(tenants::list(&mut tx).await?)
    }

    /// What this version's tables look like.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }
}
