//! Everything random: message keys, pairing codes, secrets and small delays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};

/// A source of chance; seeded for scenarios, from the system for what happens live.
#[derive(Debug)]
pub struct Chance(StdRng);

/// The kind of phone or browser a message was written on; it decides the form of its key (evidence 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// WhatsApp Web: `3EB0` and 18 characters.
    Web,
    /// An iPhone: `3A` and 18 characters.
    Iphone,
    /// An Android phone: 32 characters.
    Android,
}

impl Chance {
    /// The same seed gives the same scenario.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// Never the same twice; keys must not repeat after a restart.
    #[must_use]
    pub fn live() -> Self {
        Self(StdRng::from_os_rng())
    }

    /// Upper-case hexadecimal characters.
    pub fn hex(&mut self, length: usize) -> String {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
        (0..length).map(|_| DIGITS[self.0.random_range(0..16)]).collect()
    }

    /// A message key as a device of this kind makes it.
    pub fn key(&mut self, origin: Origin) -> String {
        match origin {
            Origin::Web => format!("3EB0{}", self.hex(18)),
            Origin::Iphone => format!("3A{}", self.hex(18)),
            Origin::Android => {
                let prefix = if self.0.random_bool(0.5) { "AC" } else { "A5" };
                format!("{prefix}{}", self.hex(30))
            }
        }
    }

    /// Base64 of so many random bytes.
    pub fn base64(&mut self, bytes: usize) -> String {
        let mut buffer = vec![0_u8; bytes];
        self.0.fill_bytes(&mut buffer);
        STANDARD.encode(buffer)
    }

    /// The text behind a QR code, in the form of evidence 1.3.
    pub fn pairing_ref(&mut self, noise: &str, identity: &str, adv: &str) -> String {
        format!("2@{},{noise},{identity},{adv},1", self.base64(96))
    }

    /// A number in a range.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if low >= high { low } else { self.0.random_range(low..=high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_shape_of_their_device() {
        let mut chance = Chance::seeded(1);
        let web = chance.key(Origin::Web);
        assert!(web.starts_with("3EB0") && web.len() == 22);
        assert_eq!(chance.key(Origin::Iphone).len(), 20);
        assert_eq!(chance.key(Origin::Android).len(), 32);
    }

    #[test]
    fn a_pairing_ref_has_five_parts() {
        let code = Chance::seeded(1).pairing_ref("a", "b", "c");
        assert!(code.starts_with("2@"));
        assert_eq!(code.split(',').count(), 5);
    }
}
