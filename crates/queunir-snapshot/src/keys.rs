//! Keys as `age-keygen` makes them: a public one that this host has, and secret ones that it should not have.

use std::fmt;

/// A text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The secret half of a pair where the public one belongs.
    #[error("this is a secret key; take the public one (age1...), and take the secret one off this host")]
    Secret,
    /// Not `age1...`, or mistyped.
    #[error("this is no public key of age (age1...)")]
    NotPublic,
    /// No `AGE-SECRET-KEY-1...`, or mistyped.
    #[error("this holds no secret key of age (AGE-SECRET-KEY-1...)")]
    NotSecret,
}

/// The public key that is written for.
#[derive(Clone)]
pub struct Recipient(pub(crate) age::x25519::Recipient);

impl std::str::FromStr for Recipient {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            return Err(KeyError::Secret);
        }
        text.parse().map(Self).map_err(|_| KeyError::NotPublic)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({self})")
    }
}

/// The secret keys of one file.
pub struct Identities(pub(crate) Vec<age::x25519::Identity>);

impl std::str::FromStr for Identities {
    type Err = KeyError;

    /// Reads a file of `age-keygen`: a key a line, and remarks after `#`.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Result<Vec<_>, _> = lines.map(|line| line.parse().map_err(|_| KeyError::NotSecret)).collect();
        keys.and_then(|keys| if keys.is_empty() { Err(KeyError::NotSecret) } else { Ok(Self(keys)) })
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.0.len())
    }
}
