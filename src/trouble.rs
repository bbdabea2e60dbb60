//! The last resort: a panic shows a page with a way back instead of a page that no longer answers.

use leptos::prelude::document;

/// Shows the section `stopped` of `index.html` when the app panics, and hides all else. It is
/// static HTML, since nothing of the app can be relied on then.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let document = document();
        for id in ["skeleton", "app"] {
            if let Some(element) = document.get_element_by_id(id) {
                let _ = element.set_attribute("hidden", "");
            }
        }
        if let Some(stopped) = document.get_element_by_id("stopped") {
            let _ = stopped.remove_attribute("hidden");
        }
    }));
}
