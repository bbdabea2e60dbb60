//! What can be done with keys, in the dialog "Keyboard shortcuts".

use atrium_ui::{El, el};
use atrium_words::{look, mark, t};
use leptos::prelude::*;

type Section = (&'static str, &'static [(&'static [&'static str], &'static str)]);

const SECTIONS: [Section; 3] = [
    (
        mark!("On every page"),
        &[
            (
                &[mark!("Ctrl+K")],
                mark!("Go to anything, or do something: the command palette, from texts as well"),
            ),
            (&["g", "o"], mark!("Open your organizations: one key after the other")),
            (&["?"], mark!("Show these shortcuts")),
            (&[mark!("Ctrl+Z")], mark!("Take the last change back, while its message offers it")),
            (&[mark!("Esc")], mark!("Close what is open, and go back to where you were")),
        ],
    ),
    (
        mark!("In your organizations"),
        &[
            (&["↑", "↓"], mark!("Walk through them")),
            (&["1", "…", "9"], mark!("Go to one of the first nine")),
            (&["A", "…", "Z"], mark!("Find one by its name, where there are eight or more")),
            (&[mark!("Enter")], mark!("Go to the one in focus, or to the first that was found")),
        ],
    ),
    (
        mark!("In the table of members"),
        &[
            (&["↑", "↓"], mark!("Go from row to row; with Home, End, Page Up and Page Down further")),
            (&["←", "→"], mark!("Go to the controls of a row")),
            (&[mark!("Space")], mark!("Select a row; with Shift all rows up to it")),
            (&[mark!("Ctrl+F")], mark!("Search")),
        ],
    ),
];

/// The list of shortcuts.
pub fn shortcuts() -> AnyView {
    let line = |list: El, (keys, what): &(&[&'static str], &'static str)| {
        let key = |term: El, key: &&'static str| {
            let is_gap = *key == "…";
            term.with(if is_gap { el("span").with(*key) } else { el("kbd").with(look(key)) }).with(" ")
        };
        list.with(el("div").with(keys.iter().fold(el("dt"), key)).with(el("dd").with(look(what))))
    };
    let section = |(title, lines): Section| {
        el("section").with(el("h3").with(look(title))).with(lines.iter().fold(el("dl"), line))
    };
    let note = t!("They work outside of texts. On a Mac, Ctrl is Cmd.");
    el("div")
        .class("shortcuts")
        .with(SECTIONS.into_iter().map(section).collect::<Vec<_>>())
        .with(el("p").class("muted").with(note))
        .view()
}
