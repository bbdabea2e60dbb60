//! Some of many, in a sentence.

/// A few of some addresses, and how many more they are.
pub fn some_of<T: AsRef<str>>(addresses: &[T]) -> String {
    const MOST: usize = 3;
    let shown = addresses.iter().take(MOST).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match addresses.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
