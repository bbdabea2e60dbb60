//! JSON bodies, as the operations with the richest ones read them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::body(bytes));
