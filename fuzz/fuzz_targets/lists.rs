//! Files of addresses and of invitations.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::lists(bytes));
