//! What can be done with keys, in the dialog "Keyboard shortcuts".

use atrium_ui::{El, el};
use leptos::prelude::*;

type Section = (&'static str, &'static [(&'static [&'static str], &'static str)]);

const SECTIONS: [Section; 3] = [
    (
        "On every page",
        &[
            (&["Ctrl+K"], "Go to anything, or do something: the command palette, from texts as well"),
            (&["g", "o"], "Open your organizations: one key after the other"),
            (&["?"], "Show these shortcuts"),
            (&["Ctrl+Z"], "Take the last change back, while its message offers it"),
            (&["Esc"], "Close what is open, and go back to where you were"),
        ],
    ),
    (
        "In your organizations",
        &[
            (&["↑", "↓"], "Walk through them"),
            (&["1", "…", "9"], "Go to one of the first nine"),
            (&["A", "…", "Z"], "Find one by its name, where there are eight or more"),
            (&["Enter"], "Go to the one in focus, or to the first that was found"),
        ],
    ),
    (
        "In the table of members",
        &[
            (&["↑", "↓"], "Go from row to row; with Home, End, Page Up and Page Down further"),
            (&["←", "→"], "Go to the controls of a row"),
            (&["Space"], "Select a row; with Shift all rows up to it"),
            (&["Ctrl+F"], "Search"),
        ],
    ),
];

/// The list of shortcuts.
pub fn shortcuts() -> AnyView {
    let line = |list: El, (keys, what): &(&[&str], &str)| {
        let key = |term: El, key: &&str| {
            let is_gap = *key == "…";
            term.with(if is_gap { el("span").with(*key) } else { el("kbd").with(*key) }).with(" ")
        };
        list.with(el("div").with(keys.iter().fold(el("dt"), key)).with(el("dd").with(*what)))
    };
    let section = |(title, lines): Section| {
        el("section").with(el("h3").with(title)).with(lines.iter().fold(el("dl"), line))
    };
    let note = "They work outside of texts. On a Mac, Ctrl is Cmd.";
    el("div")
        .class("shortcuts")
        .with(SECTIONS.into_iter().map(section).collect::<Vec<_>>())
        .with(el("p").class("muted").with(note))
        .view()
}
