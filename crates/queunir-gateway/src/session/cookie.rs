//! The session cookie: a random token outside, its SHA-256 inside (AUTH-04).

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use queunir_db::control::sessions::TokenHash;
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

/// `__Host-` makes the browser refuse it from another host, path or without TLS (localhost counts as safe).
const NAME: &str = "__Host-qn";
/// Bytes of chance in a token.
const LENGTH: usize = 32;

/// A token as the browser keeps it; does not print.
pub(super) struct Token {
    text: String,
    /// What the table keeps.
    pub(super) hash: TokenHash,
}

impl Token {
    /// Draws a token.
    pub(super) fn draw() -> Result<Self, rand::rand_core::OsError> {
        let mut bytes = [0; LENGTH];
        OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self { text: BASE64_URL_SAFE_NO_PAD.encode(bytes), hash: hash(bytes) })
    }

    /// The `Set-Cookie` value; the table, not the browser, decides how long it lives.
    pub(super) fn set_cookie(&self, max_age_s: i64) -> Result<HeaderValue, header::InvalidHeaderValue> {
        let text = format!("{NAME}={}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Lax", self.text);
        let mut value = HeaderValue::try_from(text)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// The `Set-Cookie` value that removes the cookie.
pub(super) const REMOVE: HeaderValue =
    HeaderValue::from_static("__Host-qn=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");

/// Hash of the token in a request; none when there is no cookie, several, or one that cannot be ours.
pub(crate) fn token(headers: &HeaderMap) -> Option<TokenHash> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == NAME)
        .map(|(_, value)| value);
    let (value, None) = (found.next()?, found.next()) else { return None };
    BASE64_URL_SAFE_NO_PAD.decode(value).ok()?.try_into().ok().map(hash)
}

/// What the table keeps of a token.
fn hash(token: [u8; LENGTH]) -> TokenHash {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookie: &str) -> Option<TokenHash> {
        token(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(cookie).unwrap())]))
    }

    #[test]
    fn a_token_is_found_among_others_and_never_stored_as_it_is() {
        let drawn = Token::draw().unwrap();
        assert_eq!(read(&format!("a=b; {NAME}={}; c=d", drawn.text)), Some(drawn.hash));
        assert!(!drawn.text.contains(&BASE64_URL_SAFE_NO_PAD.encode(drawn.hash)));
        let text = drawn.set_cookie(60).unwrap();
        assert!(text.to_str().unwrap().ends_with("; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax"));
    }

    #[test]
    fn two_cookies_or_a_short_token_are_no_token() {
        let (one, two) = (Token::draw().unwrap(), Token::draw().unwrap());
        assert_eq!(read(&format!("{NAME}={}; {NAME}={}", one.text, two.text)), None);
        assert_eq!(read(&format!("{NAME}=AAAA")), None);
        assert_eq!(read(&format!("__Host-qn2={}", one.text)), None);
        assert_eq!(read(&format!("{NAME}={}=", one.text)), None);
    }
}
