//! Attempts per network and per account (AUTH-08): taken before a password is looked at.

use queunir_db::{
    DbError,
    control::{
        ControlDb, ControlTx,
        throttles::{self, Rate},
    },
};
use queunir_service::ApiError;
use sha2::{Digest, Sha256};

use crate::{app::Limits, client_address::ClientAddress};

/// The counters of one attempt.
pub(super) struct Attempt {
    keys: Vec<(String, Rate)>,
}

impl Attempt {
    /// To sign in.
    pub(super) fn sign_in(limits: &Limits, address: ClientAddress, email: &str) -> Self {
        let (prefix, account) = (address.prefix(), account(email));
        Self {
            keys: vec![
                (format!("sign_in:net:{prefix}"), limits.sign_in_per_prefix),
                (format!("sign_in:acct_net:{account}:{prefix}"), limits.sign_in_per_account_and_prefix),
                (format!("sign_in:acct:{account}"), limits.sign_in_per_account),
            ],
        }
    }

    /// To sign up.
    pub(super) fn sign_up(limits: &Limits, address: ClientAddress) -> Self {
        Self { keys: vec![(format!("sign_up:net:{}", address.prefix()), limits.sign_up_per_prefix)] }
    }

    /// Counts it everywhere, or, if one counter is full, nowhere.
    pub(super) async fn take(&self, db: &ControlDb) -> Result<(), ApiError> {
        let mut tx = db.begin().await?;
        for (key, rate) in &self.keys {
            if let Some(wait_s) = throttles::take(&mut tx, key, *rate).await? {
                return Err(ApiError::Throttled { retry_after_s: (wait_s.ceil() as u64).max(1) });
            }
        }
        Ok(tx.commit().await?)
    }

    /// Uncounts it: the password was right, so it was no guess.
    pub(super) async fn give_back(&self, tx: &mut ControlTx) -> Result<(), DbError> {
        for (key, rate) in &self.keys {
            throttles::give_back(tx, key, *rate).await?;
        }
        Ok(())
    }
}

/// Stands for a mail address, so that the table holds none that was only tried.
fn account(email: &str) -> String {
    Sha256::digest(email.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
