//! The query string: every way in which a field of it is read.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::query(bytes));
