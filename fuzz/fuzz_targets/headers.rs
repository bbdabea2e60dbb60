//! Headers: credentials, cookies, ids, proxies' addresses.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::headers(bytes));
