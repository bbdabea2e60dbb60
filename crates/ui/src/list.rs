//! A list whose rows keep their elements, and with them focus and state, while the list changes around them.

use leptos::prelude::*;

/// Rows by key, in the order of the keys and without doubles. One compiled copy serves every list of the app, since
/// both key and row are concrete types. A row is built once for its key; what changes inside it is a signal, or part
/// of the key.
pub fn keyed(
    keys: impl Into<Signal<Vec<String>>>,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    fn shared(keys: Signal<Vec<String>>, row: Callback<String, AnyView>) -> AnyView {
        view! { <For each=move || keys.get() key=String::clone children=move |key| row.run(key) /> }
            .into_any()
    }
    shared(keys.into(), Callback::new(row))
}
