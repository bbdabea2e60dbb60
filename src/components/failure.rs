//! Failures of what a page asked for.

use atrium_ui::{Banner, Button, EmptyState, Icon, Skeleton, Tone, all, derive, dynamic, el, memo, when};
use atrium_words::t;
use leptos::prelude::*;

use super::PageTitle;
use crate::api::Query;

/// A whole page that could not be shown.
#[component]
pub fn FailurePage(
    /// What could not be done.
    #[prop(into)]
    title: String,
    /// What happened and what to do.
    text: Signal<String>,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let reason = dynamic(move || {
        view! {
            <EmptyState title="" text=text.get() icon=Icon::AlertTriangle>
                <Button label=t!("Try again") icon=Icon::Refresh on_press=retry />
            </EmptyState>
        }
        .into_any()
    });
    el("div")
        .class("page-alone")
        .attr("role", "alert")
        .with(view! { <PageTitle title /> })
        .with(reason)
        .view()
}

/// What shows of something that was asked for.
#[derive(Clone, Copy, PartialEq)]
pub enum Shown {
    /// Nothing yet.
    Waiting,
    /// Why it did not come.
    Failed,
    /// That it is not there, or not for this person.
    Missing,
    /// The thing itself.
    Ready,
}

/// What was asked for: a skeleton before it comes, the reason and "Try again" where it does not,
/// and what `children` makes of it. Data that were shown stay when asking again fails, with the
/// reason above them.
#[component]
pub fn Loaded<T: Clone + Send + Sync + 'static>(
    /// What was asked for.
    query: Query<T>,
    /// What it is, as in "Loading the members".
    #[prop(into)]
    what: String,
    /// How many rows the skeleton has.
    #[prop(optional, default = 4)]
    rows: usize,
    /// Shows the data; made once when the first data come, and reads the newest by itself.
    children: ChildrenFn,
) -> impl IntoView {
    let shown = memo(move || {
        if query.data.with(Option::is_some) {
            Shown::Ready
        } else if query.error.with(Option::is_some) {
            Shown::Failed
        } else {
            Shown::Waiting
        }
    });
    let error = derive(move || query.error.get().map(|error| error.sentence));
    let retry = Callback::new(move |()| query.reload());
    loaded(shown, error, retry, what, rows, children)
}

/// The part that does not depend on the kind of data.
fn loaded(
    shown: Memo<Shown>,
    error: Signal<Option<String>>,
    retry: Callback<()>,
    what: String,
    rows: usize,
    children: ChildrenFn,
) -> AnyView {
    let title = t!("Could not load {what}", what);
    let loading = t!("Loading {what}", what);
    let failed = move || error.with(Option::is_some);
    let banner = when(failed, move || {
        let text = derive(move || error.get().unwrap_or_default());
        view! {
            <Banner tone=Tone::Bad title=title.clone() text>
                <Button label=t!("Try again") icon=Icon::Refresh on_press=retry />
            </Banner>
        }
        .into_any()
    });
    let body = dynamic(move || match shown.get() {
        Shown::Waiting => view! { <Skeleton rows label=loading.clone() /> }.into_any(),
        Shown::Failed | Shown::Missing => ().into_any(),
        Shown::Ready => children(),
    });
    all([el("div").attr("role", "alert").with(banner).view(), body])
}
