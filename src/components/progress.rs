//! How far something with many calls has come.

use atrium_ui::{derive, el, text};
use atrium_words::t;
use leptos::prelude::*;

use super::number;
use crate::api::Pace;

/// How much is done, and of how much, where that is known.
pub type Progress = RwSignal<(usize, Option<usize>)>;

/// A progressbar with the numbers beside it, and a word where the server asks to wait.
pub fn progress_bar(label: &str, progress: Progress, pace: Pace) -> AnyView {
    let max = derive(move || progress.get().1.map(|all| all.max(1).to_string()));
    // Without a value a browser shows that something goes on.
    let value = derive(move || {
        let (done, all) = progress.get();
        all.map(|all| done.min(all).to_string())
    });
    let words = move || match progress.get() {
        (done, Some(all)) => t!("{done} of {all}", done = number(done as u64), all = number(all as u64)),
        (0, None) => String::new(),
        (done, None) => number(done as u64),
    };
    let waiting = move || {
        let seconds = pace.waiting.get();
        seconds.map(|seconds| t!("The server asks to wait for {seconds} s.", seconds)).unwrap_or_default()
    };
    el("div")
        .class("progress")
        .with(el("progress").attr("aria-label", label).live("max", max).live("value", value))
        .with(el("span").class("progress-words").with(text(words)))
        .with(el("span").class("muted").attr("role", "status").with(text(waiting)))
        .view()
}
