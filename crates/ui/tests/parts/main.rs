//! The parts in a real browser: what they are called, where the focus goes, what the keyboard does.
//! Run: `make test-ui`, or see docs/; a driver and a browser are needed, a server is not.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)] // clippy.toml allows it in #[test], and does not know #[wasm_bindgen_test]

mod avatar;
mod button;
mod chips;
mod controlled;
mod dialog;
mod messages;
mod node;
mod page;
mod picker;
mod tabs;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
