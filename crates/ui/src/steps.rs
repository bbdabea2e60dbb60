//! Where one is in a task of several steps.

use leptos::prelude::*;

use crate::{Icon, IconView};

/// The steps of a task in their order. Says "done" or "current" in words as well as in looks.
#[component]
pub fn Steps(
    /// Their names.
    steps: Vec<String>,
    /// The index of the one being worked on.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let steps: Vec<AnyView> =
        steps.into_iter().enumerate().map(|(index, name)| step(index, name, current)).collect();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}

fn step(index: usize, name: String, current: Signal<usize>) -> AnyView {
    let aria_current = Signal::derive(move || (current.get() == index).then(|| "step".to_owned()));
    let mark = move || {
        if current.get() > index {
            view! { <IconView icon=Icon::Check /><span class="visually-hidden">"Done: "</span> }.into_any()
        } else {
            view! { <span aria-hidden="true">{index + 1}</span> }.into_any()
        }
    };
    view! {
        <li class="step" aria-current=aria_current data-done=crate::dom::true_while(move || current.get() > index)>
            <span class="step-mark">{mark}</span>
            <span class="step-name">{name}</span>
        </li>
    }
    .into_any()
}
