//! What somebody chose last, kept in the browser: each thing by its kind and id alone, so that no name and
//! no address stays there.

use crate::session::{recall, remember};

/// So many are kept.
const MOST: usize = 10;

fn key(account: &str) -> String {
    format!("atrium.palette.{account}")
}

/// The last things that an account chose, the newest first.
pub fn recent(account: &str) -> Vec<String> {
    let kept = recall(&key(account)).unwrap_or_default();
    kept.lines().filter(|line| !line.is_empty()).take(MOST).map(str::to_owned).collect()
}

/// An account chose something.
pub fn note(account: &str, chosen: &str) {
    // Nobody's would be anybody's.
    if !account.is_empty() {
        remember(&key(account), &with(recent(account), chosen).join("\n"));
    }
}

fn with(mut all: Vec<String>, chosen: &str) -> Vec<String> {
    all.retain(|other| other != chosen);
    all.insert(0, chosen.to_owned());
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_newest_is_first_and_nothing_is_there_twice() {
        let names = |from: std::ops::Range<u32>| from.map(|number| format!("workspace:{number}"));
        let all = names(0..12).fold(Vec::new(), |all, one| with(all, &one));
        assert_eq!(all, names(2..12).rev().collect::<Vec<_>>());
        let again = with(all, "workspace:5");
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
