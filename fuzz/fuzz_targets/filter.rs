//! Filters of projects, in LangSmith's language.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| atrium_server::fuzzing::filter(bytes));
