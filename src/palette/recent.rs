//! What somebody chose last, kept in the browser: each thing by its kind and id alone, so that no name and
//! no address stays there.

use crate::session::{newest_first, recall_all, remember_all};

/// So many are kept.
const MOST: usize = 10;

fn key(account: &str) -> String {
    format!("atrium.palette.{account}")
}

/// The last things that an account chose, the newest first.
pub fn recent(account: &str) -> Vec<String> {
    recall_all(&key(account))
}

/// An account chose something.
pub fn note(account: &str, chosen: &str) {
    // Nobody's would be anybody's.
    if !account.is_empty() {
        remember_all(&key(account), &newest_first(recent(account), chosen, MOST));
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_newest_is_first_and_nothing_is_there_twice() {
        let names = |from: std::ops::Range<u32>| from.map(|number| format!("workspace:{number}"));
        let all = names(0..12).fold(Vec::new(), |all, one| newest_first(all, &one, MOST));
        assert_eq!(all, names(2..12).rev().collect::<Vec<_>>());
        let again = newest_first(all, "workspace:5", MOST);
        assert_eq!(again.len(), MOST);
        assert_eq!((again[0].as_str(), again[1].as_str()), ("workspace:5", "workspace:11"));
    }

    #[wasm_bindgen_test]
    fn each_account_has_its_own() {
        note("ada", "action:invite");
        note("", "action:invite");
        assert_eq!(recent("ada"), ["action:invite"]);
        assert!(recent("bob").is_empty() && recent("").is_empty());
    }
}
