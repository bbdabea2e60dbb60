//! Failed sign-ins, counted by address, so that a password cannot be guessed by trying.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most failures for an address within [`WINDOW`].
pub const MOST: usize = 10;
/// How long a failure counts.
pub const WINDOW: Duration = Duration::from_secs(5 * 60);
/// Addresses kept at most before old ones are swept out.
const SWEEP: usize = 10_000;

/// The failures of the last minutes.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<String, VecDeque<Instant>>>);

impl Attempts {
    /// Takes an attempt for an address. It counts as failed until [`Attempts::succeeded`] says
    /// otherwise, so that many at once are no way around.
    ///
    /// # Errors
    /// How long to wait, where there were too many.
    pub fn begin(&self, address: &str) -> Result<(), Duration> {
        let now = Instant::now();
        let mut all = self.lock();
        if all.len() > SWEEP {
            all.retain(|_, failures| failures.back().is_some_and(|last| now.duration_since(*last) < WINDOW));
        }
        let failures = all.entry(address.to_owned()).or_default();
        while failures.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            failures.pop_front();
        }
        match failures.front() {
            Some(first) if failures.len() >= MOST => Err(WINDOW.saturating_sub(now.duration_since(*first))),
            _ => {
                failures.push_back(now);
                Ok(())
            }
        }
    }

    /// Forgets the failures of an address whose owner signed in.
    pub fn succeeded(&self, address: &str) {
        self.lock().remove(address);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Instant>>> {
        // The map is whole after every step; a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_failures_wait_and_a_success_clears() {
        let attempts = Attempts::default();
        for _ in 0..MOST {
            assert_eq!(attempts.begin("a@b.co"), Ok(()));
        }
        let wait = attempts.begin("a@b.co").unwrap_err();
        assert!(wait <= WINDOW && wait > WINDOW - Duration::from_secs(10), "{wait:?}");
        assert_eq!(attempts.begin("other@b.co"), Ok(()));
        attempts.succeeded("a@b.co");
        assert_eq!(attempts.begin("a@b.co"), Ok(()));
    }
}
