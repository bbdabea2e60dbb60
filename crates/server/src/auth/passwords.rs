//! Hashing passwords with argon2id, off the threads that answer requests.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::Semaphore;

use crate::error::{ApiError, Result};

/// Hashes and checks passwords, a few at a time: each takes 19 MiB while it runs.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    hashes: Counter,
}

/// OWASP's parameters for argon2id: 19 MiB, two passes, one lane
/// (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
fn argon2() -> std::result::Result<Argon2<'static>, String> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password, on the calling thread.
///
/// # Errors
/// Only where the system gives no random numbers.
pub fn hash_now(password: &str) -> std::result::Result<String, String> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| error.to_string())?;
    let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// Makes a password for somebody who was given none: 96 random bits in 16 characters.
///
/// # Errors
/// 500 where the system gives no random numbers.
pub fn generate() -> Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(ApiError::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn matches(password: &str, hash: &str) -> bool {
    match (argon2(), PasswordHash::new(hash)) {
        (Ok(argon2), Ok(hash)) => argon2.verify_password(password.as_bytes(), &hash).is_ok(),
        _ => false,
    }
}

/// A hash that no password is checked against in earnest: an unknown address must take as long as
/// a known one, or the time would tell which addresses have an account.
fn stand_in() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_now("no account has this password").unwrap_or_default())
}

impl Passwords {
    /// As many at a time as there are cores. `hashes` counts them.
    pub fn new(hashes: Counter) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { slots: Arc::new(Semaphore::new(cores)), hashes }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// 500 where the system fails.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || hash_now(&password)).await?.map_err(ApiError::internal)
    }

    /// Whether the password is the one behind `hash`; with no hash (no such account) it takes as
    /// long and says no.
    ///
    /// # Errors
    /// 500 where the system fails.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || match hash {
            Some(hash) => matches(&password, &hash),
            None => {
                matches(&password, stand_in());
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(ApiError::internal)?;
        self.hashes.inc();
        // The slot goes with the work, which goes on when nobody waits for it any more.
        let work = move || {
            let _slot = slot;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)
    }
}

/// Makes the stand-in ready, so that the first unknown address is not the slow one.
pub async fn warm_up() {
    let _ = tokio::task::spawn_blocking(stand_in).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_password_only() {
        let hash = hash_now("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(matches("correct horse", &hash));
        assert!(!matches("correct horsf", &hash));
        assert!(!matches("anything", "not a hash"));
        assert_ne!(hash, hash_now("correct horse").unwrap());
    }
}
