//! The top of a page.

use leptos::prelude::*;

use crate::el;

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
    el("header")
        .class("page-header")
        .with(el("h1").class("page-title").attr("tabindex", "-1").with(title))
        .with(children.map(|actions| el("div").class("page-actions").with(actions())))
        .view()
}
