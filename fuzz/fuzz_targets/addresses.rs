//! Email addresses, and pasted text with them.
#![no_main]

use std::collections::HashSet;

use atrium_domain::email::{MAX_ADDRESS, Pasted, is_address, normalize, parse_addresses};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if is_address(text) {
        assert!(text.len() <= MAX_ADDRESS);
        assert!(
            !text.chars().any(|c| c.is_whitespace() || c.is_control() || ",;<>\"\0".contains(c)),
            "{text:?}"
        );
        assert_eq!(text.matches('@').count(), 1);
    }
    let key = normalize(text);
    assert_eq!(key.trim(), key);
    let found = parse_addresses(text);
    let mut once = HashSet::new();
    for pasted in &found {
        assert!(!pasted.text().is_empty());
        assert!(once.insert(pasted.text().to_owned()) || matches!(pasted, Pasted::NotAnAddress(_)));
        if let Pasted::Address(address) = pasted {
            assert!(is_address(address), "{address:?}");
            assert_eq!(*address, normalize(address));
            // An address alone is found again, as itself.
            assert_eq!(parse_addresses(address), [pasted.clone()]);
        }
    }
});
