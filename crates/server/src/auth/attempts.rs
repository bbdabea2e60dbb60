//! Failed sign-ins, counted by account address, so that a password cannot be guessed by trying.

use std::time::Duration;

use super::window::Window;

/// Most failures for an address within [`WINDOW`].
pub const MOST: usize = 10;
/// How long a failure counts.
pub const WINDOW: Duration = Duration::from_secs(5 * 60);
/// Addresses kept at most.
const ADDRESSES: usize = 10_000;

/// The failures of the last minutes.
pub struct Attempts(Window<String>);

impl Default for Attempts {
    fn default() -> Self {
        Self(Window::new(MOST, WINDOW, ADDRESSES))
    }
}

impl Attempts {
    /// Takes an attempt for an address. It counts as failed until [`Attempts::succeeded`] says
    /// otherwise, so that many at once are no way around.
    ///
    /// # Errors
    /// How long to wait, where there were too many.
    pub fn begin(&self, address: &str) -> Result<(), Duration> {
        self.0.take(&address.to_owned())
    }

    /// Forgets the failures of an address whose owner signed in.
    pub fn succeeded(&self, address: &str) {
        self.0.forget(&address.to_owned());
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
