//! Counting what somebody did lately, to the second: no more than so many within a span of time
//! that moves along.
//!
//! Not tower_governor: it counts by a bucket that refills while it is emptied, which lets twice
//! the limit through in the first minute; its table grows with every new key until somebody
//! sweeps it; and it sits before the handlers, which here give a place back where no guess was
//! made, and count by account as well.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// At most `most` within `span` for each key. Holds `keys` keys at most: where there are more, the
/// half that was quiet longest is forgotten.
pub struct Window<K> {
    most: usize,
    span: Duration,
    keys: usize,
    all: Mutex<HashMap<K, VecDeque<Instant>>>,
}

impl<K: Eq + Hash + Clone> Window<K> {
    /// Counts nothing yet.
    pub fn new(most: usize, span: Duration, keys: usize) -> Self {
        Self { most, span, keys, all: Mutex::default() }
    }

    /// Takes a place, if there is one.
    ///
    /// # Errors
    /// How long until there is.
    pub fn take(&self, key: &K) -> Result<(), Duration> {
        self.take_at(key, Instant::now())
    }

    fn take_at(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let mut all = self.lock();
        if all.len() >= self.keys && !all.contains_key(key) {
            self.make_room(&mut all, now);
        }
        let taken = all.entry(key.clone()).or_default();
        while taken.front().is_some_and(|first| now.saturating_duration_since(*first) >= self.span) {
            taken.pop_front();
        }
        match taken.front() {
            Some(first) if taken.len() >= self.most => {
                Err(self.span.saturating_sub(now.saturating_duration_since(*first)))
            }
            _ => {
                taken.push_back(now);
                Ok(())
            }
        }
    }

    /// Gives the last place back: what was counted was not meant.
    pub fn give_back(&self, key: &K) {
        let mut all = self.lock();
        if let Some(taken) = all.get_mut(key) {
            taken.pop_back();
            if taken.is_empty() {
                all.remove(key);
            }
        }
    }

    /// Forgets all that a key did.
    pub fn forget(&self, key: &K) {
        self.lock().remove(key);
    }

    fn make_room(&self, all: &mut HashMap<K, VecDeque<Instant>>, now: Instant) {
        let age = |taken: &VecDeque<Instant>| taken.back().map(|last| now.saturating_duration_since(*last));
        all.retain(|_, taken| age(taken).is_some_and(|age| age < self.span));
        if all.len() < self.keys {
            return;
        }
        let mut ages: Vec<_> = all.values().filter_map(age).collect();
        let middle = ages.len() / 2;
        let (_, median, _) = ages.select_nth_unstable(middle);
        let median = *median;
        all.retain(|_, taken| age(taken).is_some_and(|age| age < median));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, VecDeque<Instant>>> {
        // The map is whole after every step; a panic elsewhere does not spoil it.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(60);

    #[test]
    fn the_window_moves_along() {
        let window = Window::new(3, SPAN, 10);
        let start = Instant::now();
        let at = |seconds| window.take_at(&"a", start + Duration::from_secs(seconds));
        assert_eq!([at(0), at(10), at(20)], [Ok(()); 3]);
        assert_eq!(at(30), Err(Duration::from_secs(30)));
        assert_eq!(at(59), Err(Duration::from_secs(1)));
        // Each place is free again a minute after it was taken, no sooner.
        assert_eq!(at(60), Ok(()));
        assert_eq!(at(61), Err(Duration::from_secs(9)));
        assert_eq!(at(70), Ok(()));
        assert_eq!(window.take_at(&"b", start), Ok(()), "each key has its own");
    }

    #[test]
    fn places_come_back() {
        let window = Window::new(1, SPAN, 10);
        assert_eq!(window.take(&1), Ok(()));
        assert!(window.take(&1).is_err());
        window.give_back(&1);
        assert_eq!(window.take(&1), Ok(()));
        window.forget(&1);
        assert_eq!(window.take(&1), Ok(()));
        window.give_back(&2);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let window = Window::new(2, SPAN, 100);
        let start = Instant::now();
        for key in 0..100_000_u32 {
            let now = start + Duration::from_micros(u64::from(key));
            assert_eq!(window.take_at(&key, now), Ok(()));
            assert!(window.lock().len() <= 100);
        }
        // The latest are still counted.
        let now = start + Duration::from_secs(1);
        assert_eq!(window.take_at(&99_999, now), Ok(()));
        assert!(window.take_at(&99_999, now).is_err());
        // A minute later nobody is.
        assert_eq!(window.take_at(&0, now + SPAN), Ok(()));
        let all_at_once = Window::new(1, SPAN, 4);
        for key in 0..50 {
            assert_eq!(all_at_once.take_at(&key, start), Ok(()));
            assert!(all_at_once.lock().len() <= 4);
        }
    }
}
