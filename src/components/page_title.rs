//! The heading of a page, which also names the tab and takes the focus after a navigation.

use std::cell::Cell;

use atrium_ui::{PageHeader, effect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

thread_local! {
    /// Whether a page was shown before. The first one leaves the focus where the browser has it.
    static SHOWN: Cell<bool> = const { Cell::new(false) };
}

/// The `h1` of a page. After a navigation it takes the focus, so that a screen reader announces
/// the page and the keyboard goes on from its top.
#[component]
pub fn PageTitle(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// The actions of the whole page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    effect(move || document().set_title(&format!("{} – Atrium", title.get())));
    effect(move || {
        if SHOWN.replace(true) {
            request_animation_frame(focus_heading);
        }
    });
    match children {
        Some(children) => view! { <PageHeader title>{children()}</PageHeader> }.into_any(),
        None => view! { <PageHeader title /> }.into_any(),
    }
}

fn focus_heading() {
    // A dialog that is open keeps the focus, and so does a field that took it for itself.
    let taken = document().active_element().is_some_and(|element| {
        element.closest("dialog").ok().flatten().is_some() || element.has_attribute("autofocus")
    });
    if taken {
        return;
    }
    if let Ok(Some(heading)) = document().query_selector("#content h1, .page-alone h1")
        && let Ok(heading) = heading.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = heading.focus();
    }
}
