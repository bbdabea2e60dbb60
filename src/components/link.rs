//! Links inside the app.

use atrium_ui::{derive, el, memo};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{config, paths};

/// The path of the current address, inside the app.
pub fn current_path() -> Memo<String> {
    let location = use_location();
    let base = config::base_path();
    memo(move || location.pathname.with(|path| paths::inside(path, &base).to_owned()))
}

/// A link to a page of the app; the current page's link says so.
#[component]
pub fn Link(
    /// The page.
    #[prop(into)]
    to: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    class: &'static str,
    /// Whether pages below it count as the page itself.
    #[prop(optional)]
    with_pages_below: bool,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let path = current_path();
    let base = config::base_path();
    let href = derive(move || Some(format!("{base}{}", to.get())));
    let current = derive(move || {
        let here = path.with(|path| {
            to.with(|to| match path.strip_prefix(to.as_str()) {
                Some("") => true,
                Some(rest) => with_pages_below && rest.starts_with('/'),
                None => false,
            })
        });
        here.then(|| "page".to_owned())
    });
    el("a").class(class).live("href", href).live("aria-current", current).with(children()).view()
}
