//! Atrium: the organization console.

mod api;
mod app;
mod change_set;
mod components;
mod config;
mod download;
mod forms;
mod language;
mod layouts;
mod pages;
mod palette;
mod parts;
mod paths;
mod session;
mod table;
mod trouble;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

// Some of what is tested wants a document and a storage.
#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn main() {
    trouble::catch_panics();
    let place = document()
        .get_element_by_id("app")
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    language::start(move || match place {
        Some(element) => mount_to(element, app::App).forget(),
        None => mount_to_body(app::App),
    });
}
