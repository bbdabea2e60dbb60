//! API keys: their form, and how long they may live.

use atrium_words::{t, tn};

/// Longest description of a key, in characters.
pub const MAX_DESCRIPTION: usize = 200;

/// Microseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A personal access token: acts as its owner.
    Personal,
    /// A service key: acts for itself.
    Service,
}

impl KeyKind {
    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Service => "service",
        }
    }

    /// The beginning of such a key, by which people and secret scanners know it.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "lsv2_pt_",
            Self::Service => "lsv2_sk_",
        }
    }
}

/// What may be shown of a key after it was made: its kind and its last four characters.
pub fn short_key(key: &str) -> String {
    let last = key.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let prefix = key.char_indices().nth(8).map_or(key, |(at, _)| &key[..at]);
    format!("{prefix}...{}", &key[last..])
}

/// Checks the life of a key to be made. Times are microseconds since 1970; `most_days` is the
/// organization's limit; `maker_ends` is when the key ends with which this one is made.
///
/// # Errors
/// A sentence where it ends before it begins, or lives longer than it may.
pub fn check_expiry(
    now: i64,
    expires: Option<i64>,
    most_days: Option<u32>,
    maker_ends: Option<i64>,
) -> Result<(), String> {
    if expires.is_some_and(|expires| expires <= now) {
        return Err(t!("A key ends in the future.").to_owned());
    }
    let latest = |limit: i64| expires.is_some_and(|expires| expires <= limit);
    // A key that ends must not go on in one that it made.
    if maker_ends.is_some_and(|ends| !latest(ends)) {
        return Err(t!("A key cannot make one that lives longer than itself.").to_owned());
    }
    match most_days {
        Some(days) if !latest(now.saturating_add(i64::from(days).saturating_mul(DAY))) => Err(tn!(
            days,
            "Keys of this organization live at most {count} day. Choose when this one ends.",
            "Keys of this organization live at most {count} days. Choose when this one ends.",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_shown_of_a_key() {
        assert_eq!(short_key("lsv2_sk_0123456789abcdef_89abcdef01"), "lsv2_sk_...ef01");
        assert_eq!(short_key("abc"), "abc...abc");
        assert_eq!(short_key(""), "...");
    }

    #[test]
    fn a_key_ends_in_time() {
        let (now, day) = (1_000_000, DAY);
        assert_eq!(check_expiry(now, None, None, None), Ok(()));
        assert_eq!(check_expiry(now, Some(now + 1), None, None), Ok(()));
        assert!(check_expiry(now, Some(now), None, None).is_err());
        assert!(check_expiry(now, None, Some(30), None).unwrap_err().contains("30 days"));
        assert_eq!(check_expiry(now, Some(now + 30 * day), Some(30), None), Ok(()));
        assert!(check_expiry(now, Some(now + 30 * day + 1), Some(30), None).is_err());
        assert_eq!(check_expiry(now, Some(i64::MAX), Some(u32::MAX), None), Ok(()));
        assert_eq!(check_expiry(now, Some(now + 5), None, Some(now + 5)), Ok(()));
        assert!(check_expiry(now, Some(now + 6), None, Some(now + 5)).is_err());
        assert!(check_expiry(now, None, None, Some(now + 5)).is_err());
    }
}
