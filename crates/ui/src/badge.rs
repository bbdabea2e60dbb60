//! Small words that classify: a badge for what something is, a status for how it is doing.

use leptos::prelude::*;

use crate::el;

/// What a colour says. It never says it alone: the words do, and the mark's shape differs as well.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Tone {
    /// Nothing to note.
    #[default]
    Neutral,
    /// Belongs to what the user is looking at.
    Accent,
    /// As it should be.
    Good,
    /// Wants attention, soon.
    Warn,
    /// Wrong, or about to destroy something.
    Bad,
}

impl Tone {
    /// The class that the style sheets know it by.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A short classification beside a name: a plan, "Personal", "You".
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: Signal<String>,
    /// Its colour.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    el("span").class(&format!("badge {}", tone.class())).with(text).view()
}

/// A state in a word, with a mark whose shape differs by tone, so that a column of them can be scanned.
#[component]
pub fn Status(
    /// The word.
    #[prop(into)]
    text: Signal<String>,
    /// Its colour and the mark's shape.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    el("span")
        .class(&format!("status {}", tone.class()))
        .with(el("span").class("status-mark").attr("aria-hidden", "true"))
        .with(text)
        .view()
}
