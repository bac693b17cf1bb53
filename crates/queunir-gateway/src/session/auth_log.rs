//! One line per sign-in event in a fixed grammar, for fail2ban (AUTH-14). No text of a user gets in.

use std::sync::LazyLock;

use queunir_service::{request_id, telemetry};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use crate::client_address::ClientAddress;

/// New with every start: the log tells whether two lines mean one account, and nothing more.
static KEY: LazyLock<[u8; 32]> = LazyLock::new(|| {
    let mut key = [0; 32];
    // Without chance the account column is only weaker, so the key may stay zero.
    let _ = OsRng.try_fill_bytes(&mut key);
    key
});

/// Writes a line; `email` is hashed.
pub(super) fn write(event: &'static str, reason: &'static str, address: ClientAddress, email: Option<&str>) {
    let line = line(event, reason, address, email, request_id::current().as_ref().map_or("-", |id| id.as_str()));
    tracing::info!(target: telemetry::AUTH_TARGET, "{line}");
}

fn line(event: &str, reason: &str, address: ClientAddress, email: Option<&str>, rid: &str) -> String {
    let account = email.map_or_else(|| "-".to_owned(), account);
    format!("queunir-auth v1 event={event} ip={} reason={reason} acct={account} rid={rid}", address.0)
}

fn account(email: &str) -> String {
    let digest = Sha256::new().chain_update(*KEY).chain_update(email.as_bytes()).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_15_a_line_keeps_its_grammar_whatever_the_mail_address_holds() {
        let address = ClientAddress("203.0.113.7".parse().unwrap());
        let text = line("login_failed", "bad_password", address, Some("x\nip=1.2.3.4 event=login_failed"), "01JABC");
        let (before, rest) = text.split_once("acct=").unwrap();
        assert_eq!(before, "queunir-auth v1 event=login_failed ip=203.0.113.7 reason=bad_password ");
        let (account, rid) = rest.split_once(' ').unwrap();
        assert!(account.len() == 16 && account.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(rid, "rid=01JABC");
    }
}
