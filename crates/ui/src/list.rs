//! A list whose rows keep their elements, and with them focus and state, while the list changes around them.

use leptos::prelude::*;

/// Rows by key. One compiled copy serves every list of the app, since both key and row are concrete types.
/// A row is built once for its key; what changes inside it is a signal, or part of the key.
#[component]
pub fn KeyedList(
    /// The keys in their order, without doubles.
    #[prop(into)]
    keys: Signal<Vec<String>>,
    /// Builds the row of a key.
    #[prop(into)]
    row: Callback<String, AnyView>,
) -> impl IntoView {
    view! { <For each=move || keys.get() key=String::clone children=move |key| row.run(key) /> }.into_any()
}
