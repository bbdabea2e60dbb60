//! Some of many, in a sentence.

use atrium_words::{commas, tn};

/// A few of some addresses, and how many more they are.
pub fn some_of<T: AsRef<str>>(addresses: &[T]) -> String {
    const MOST: usize = 3;
    let shown = commas(addresses.iter().take(MOST).map(AsRef::as_ref));
    match addresses.len().saturating_sub(MOST) {
        0 => shown,
        more => tn!(more, "{shown} and {count} more", "{shown} and {count} more", shown),
    }
}
