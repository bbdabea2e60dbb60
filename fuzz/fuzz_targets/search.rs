//! A text to look for and a text to find it in: SQLite's index of trigrams and LIKE agree with what is there.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::search(bytes));
