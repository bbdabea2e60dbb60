//! Where one is in a task of several steps.

use atrium_words::t;
use leptos::prelude::*;

use crate::dom::{Words, true_while};
use crate::icon::draw;
use crate::{El, Icon, derive, el};

/// The steps of a task in their order. Says "done" or "current" in words as well as in looks.
#[component]
pub fn Steps(
    /// Their names.
    steps: Vec<String>,
    /// The index of the one being worked on.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let list = el("ol").class("steps");
    let add = |list: El, (index, name): (usize, String)| list.with(step(index, &name, current));
    steps.into_iter().enumerate().fold(list, add).view()
}

fn step(index: usize, name: &str, current: Signal<usize>) -> El {
    let here = derive(move || (current.get() == index).then(|| "step".to_owned()));
    let done = true_while(move || current.get() > index);
    let not_done = derive(move || (current.get() <= index).then(String::new));
    el("li")
        .class("step")
        .live("aria-current", here)
        .live("data-done", done)
        .with(
            el("span")
                .class("step-mark")
                .with(
                    el("span")
                        .attr("aria-hidden", "true")
                        .live("hidden", hidden_while(done))
                        .with((index + 1).to_string()),
                )
                .with(
                    el("span")
                        .live("hidden", not_done)
                        .with(draw(Icon::Check))
                        .with(hidden_words(&format!("{} ", t!("Done:")))),
                ),
        )
        .with(el("span").class("step-name").with(name))
}

fn hidden_while(said: Words) -> Words {
    derive(move || said.with(Option::is_some).then(String::new))
}

fn hidden_words(text: &str) -> El {
    el("span").class("visually-hidden").with(text)
}
