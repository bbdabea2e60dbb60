//! What a place shows instead of its content, or above it: nothing yet, loading, a warning, an error.

use leptos::prelude::*;

use crate::dom::Words;
use crate::icon::draw;
use crate::{El, Icon, Tone, derive, el};

/// Something is going on. Decorative: words beside it say what.
#[component]
pub fn Spinner() -> impl IntoView {
    spinner().view()
}

pub(crate) fn spinner() -> El {
    el("span").class("spinner").attr("aria-hidden", "true")
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
    let title = (!title.is_empty()).then(|| el("h2").class("empty-title").with(&title));
    el("div")
        .class("empty")
        .with(el("span").class("empty-icon").with(draw(icon)))
        .with(title)
        .with(el("p").class("empty-text").with(&text))
        .with(children.map(|action| el("div").class("empty-action").with(action())))
        .view()
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
    let bar = || el("span").class("loading-bar");
    let row = || el("span").class("loading-row").with(bar()).with(bar()).with(bar());
    let shape = el("span").class("loading-rows").attr("aria-hidden", "true");
    el("div")
        .class("loading")
        .with(el("span").class("visually-hidden").attr("role", "status").with(&label))
        .with((0..rows).fold(shape, |shape, _| shape.with(row())))
        .view()
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
    el("section")
        .class(&format!("banner {}", tone.class()))
        .live("aria-label", derive(move || Some(title.get())))
        .with(draw(icon))
        .with(
            el("div")
                .class("banner-words")
                .with(el("strong").class("banner-title").with(title))
                .with(el("span").class("banner-text").with(text)),
        )
        .with(children.map(|action| el("div").class("banner-actions").with(action())))
        .view()
}

/// An error that belongs to no single field: above a form's buttons, in a confirmation. Its live region is there
/// from the start; one that arrives together with its text is not announced.
#[component]
pub fn InlineError(
    /// What happened, what it means, what to do; nothing while all is well.
    #[prop(into)]
    text: Words,
) -> impl IntoView {
    let none = derive(move || text.with(Option::is_none).then(String::new));
    el("div")
        .class("inline-error-region")
        .attr("role", "alert")
        .with(
            el("div")
                .class("inline-error")
                .live("hidden", none)
                .with(draw(Icon::AlertTriangle))
                .with(el("p").with(text)),
        )
        .view()
}
