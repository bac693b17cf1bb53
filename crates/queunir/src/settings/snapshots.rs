//! Whether browser profiles are kept, and for whom.

use anyhow::anyhow;
use queunir_orchestrator::snapshots::Recipient;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotSettings {
    pub recipient: String,
}

impl SnapshotSettings {
    /// The public key that profiles are encrypted for; none if they are not kept.
    ///
    /// # Errors
    /// When it is no such key. What was given is not repeated: it may be a secret.
    pub fn recipient(&self) -> anyhow::Result<Option<Recipient>> {
        match self.recipient.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|error| anyhow!("snapshots.recipient: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret as _;

    use crate::settings::tests::load;

    #[test]
    fn profiles_are_kept_for_a_public_key_only() {
        let pair = age::x25519::Identity::generate();
        let with = |key: &str| load(&format!("[snapshots]\nrecipient = \"{key}\"\n"), false);
        assert!(load("", false).unwrap().snapshots.recipient().unwrap().is_none(), "off unless asked for");
        let public = pair.to_public().to_string();
        let read = with(&public).unwrap().snapshots.recipient().unwrap();
        assert_eq!(read.map(|key| key.to_string()), Some(public.clone()));
        for wrong in ["age1", &public[..40], "ssh-ed25519 AAAA", "/etc/queunir/key"] {
            let refused = with(wrong).unwrap_err().to_string();
            assert!(refused.contains("snapshots.recipient") && refused.contains("age1"), "{wrong}: {refused}");
        }
        let secret = pair.to_string().expose_secret().to_owned();
        let refused = with(&secret).unwrap_err().to_string();
        assert!(refused.contains("secret key") && !refused.contains(&secret), "{refused}");
    }
}
