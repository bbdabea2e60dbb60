//! Messages that claim to be Stripe's: the signature in the first line, the body after it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::webhook(bytes));
