//! What a place shows instead of its content, or above it: nothing yet, loading, a warning, an error.

use leptos::prelude::*;

use crate::dom::Words;
use crate::{Icon, IconView, Tone};

/// Something is going on. Decorative: words beside it say what.
#[component]
pub fn Spinner() -> impl IntoView {
    view! { <span class="spinner" aria-hidden="true"></span> }.into_any()
}

/// Stands where a list would, while there is nothing to list: what belongs here, why it helps, how to begin.
#[component]
pub fn EmptyState(
    /// What is not here yet: "No pending invitations"; empty where the page's heading says it.
    #[prop(into)]
    title: String,
    /// One sentence on what belongs here and why it helps.
    #[prop(into)]
    text: String,
    /// The kind of thing.
    icon: Icon,
    /// The one action that makes the first.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><IconView icon /></span>
            {(!title.is_empty()).then(|| view! { <h2 class="empty-title">{title}</h2> }.into_any())}
            <p class="empty-text">{text}</p>
            {children.map(|action| view! { <div class="empty-action">{action()}</div> }.into_any())}
        </div>
    }
    .into_any()
}

/// The shape of rows that are on their way. The words are for those who do not see it.
#[component]
pub fn Skeleton(
    /// How many rows the shape has.
    rows: usize,
    /// What is loading: "Loading members".
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let bars: Vec<AnyView> = (0..rows)
        .map(|_| {
            view! {
                <span class="loading-row">
                    <span class="loading-bar"></span><span class="loading-bar"></span><span class="loading-bar"></span>
                </span>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="loading">
            <span class="visually-hidden" role="status">{label}</span>
            <span class="loading-rows" aria-hidden="true">{bars}</span>
        </div>
    }
    .into_any()
}

/// Something about the whole page that stays until it is settled: a pending organization, a failed payment.
#[component]
pub fn Banner(
    /// How urgent.
    tone: Tone,
    /// What is the matter; also the section's name.
    #[prop(into)]
    title: Signal<String>,
    /// What it means and what to do.
    #[prop(into)]
    text: Signal<String>,
    /// The way out, if there is one.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = match tone {
        Tone::Warn | Tone::Bad => Icon::AlertTriangle,
        Tone::Good => Icon::Check,
        Tone::Neutral | Tone::Accent => Icon::Info,
    };
    view! {
        <section class=format!("banner {}", tone.class()) aria-label=title>
            <IconView icon />
            <div class="banner-words">
                <strong class="banner-title">{title}</strong>
                <span class="banner-text">{text}</span>
            </div>
            {children.map(|action| view! { <div class="banner-actions">{action()}</div> }.into_any())}
        </section>
    }
    .into_any()
}

/// An error that belongs to no single field: above a form's buttons, in a confirmation. Its live region is there
/// from the start; one that arrives together with its text is not announced.
#[component]
pub fn InlineError(
    /// What happened, what it means, what to do; nothing while all is well.
    #[prop(into)]
    text: Words,
) -> impl IntoView {
    let shown = move || {
        text.get().map(|text| {
            view! { <div class="inline-error"><IconView icon=Icon::AlertTriangle /><p>{text}</p></div> }
                .into_any()
        })
    };
    view! { <div role="alert" class="inline-error-region">{shown}</div> }.into_any()
}
