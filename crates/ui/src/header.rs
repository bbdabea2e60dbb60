//! The top of a page.

use leptos::prelude::*;

/// The page's heading and, beside it, what can be done on the page. The heading can take the focus: the router
/// puts it there after a change of page, so that the new page is read from its start.
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The page's actions; at most one of them primary.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <h1 class="page-title" tabindex="-1">{title}</h1>
            {children.map(|actions| view! { <div class="page-actions">{actions()}</div> }.into_any())}
        </header>
    }
    .into_any()
}
