//! Argon2id off the async threads, a few at a time (AUTH-02).

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Error, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use queunir_service::ApiError;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes that may wait. Too few refuses honest people at nine o'clock; too many only lengthens the wait.
const QUEUE: usize = 64;
/// How long one may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(2);
/// Verified for unknown accounts, so that they cost as much as known ones; no password belongs to it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The password is right; a new hash where the stored one is weaker than today's.
    Right {
        /// The hash to store from now on.
        better: Option<String>,
    },
    /// It is wrong, or there is no such account.
    Wrong,
}

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        let at_once = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
        Self { running: Arc::new(Semaphore::new(at_once)), waiting: Arc::new(Semaphore::new(at_once + QUEUE)) }
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.run(move || hash(&password)).await?.map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))
    }

    /// Checks a password against a stored hash, or against nobody's.
    pub(crate) async fn check(&self, password: String, stored: Option<String>) -> Result<Verdict, ApiError> {
        self.run(move || check(&password, stored.as_deref())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        const BUSY: ApiError = ApiError::Busy { retry_after_s: 2 };
        let _place = self.waiting.try_acquire().map_err(|_| BUSY)?;
        let turn = tokio::time::timeout(PATIENCE, self.running.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(BUSY) };
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(ApiError::internal)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN)).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String, Error> {
    Ok(argon2().hash_password(password.as_bytes())?.to_string())
}

fn check(password: &str, stored: Option<&str>) -> Verdict {
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else {
        tracing::error!("a stored password hash is not a PHC string");
        return Verdict::Wrong;
    };
    match argon2().verify_password(password.as_bytes(), &parsed) {
        Ok(()) if stored.is_some() => {
            Verdict::Right { better: if is_weak(&parsed) { hash(password).ok() } else { None } }
        }
        _ => Verdict::Wrong,
    }
}

fn is_weak(parsed: &PasswordHash) -> bool {
    Params::try_from(parsed).map_or(true, |params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_carries_the_agreed_parameters_and_checks_exactly_what_was_typed() {
        let stored = hash(" Ünïcode with spaces ").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(check(" Ünïcode with spaces ", Some(&stored)), Verdict::Right { better: None });
        assert_eq!(check("Ünïcode with spaces", Some(&stored)), Verdict::Wrong);
        assert_ne!(hash("same").unwrap(), hash("same").unwrap());
    }

    #[test]
    fn weaker_parameters_are_replaced_at_the_next_sign_in() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
        let stored = weak.hash_password(b"a long enough password").unwrap().to_string();
        let Verdict::Right { better: Some(better) } = check("a long enough password", Some(&stored)) else {
            panic!("not replaced");
        };
        assert_eq!(check("a long enough password", Some(&better)), Verdict::Right { better: None });
    }

    #[test]
    fn nobody_has_a_hash_that_is_really_computed() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert!(!is_weak(&parsed));
        assert_eq!(argon2().verify_password(b"x", &parsed), Err(Error::PasswordInvalid));
        assert_eq!(check("x", None), Verdict::Wrong);
    }
}
