//! Buttons.

use atrium_words::t;
use leptos::prelude::*;

use crate::dom::{Words, described_by, next_id, says, true_or_false, true_while, true_while_said};
use crate::icon::draw;
use crate::state::spinner;
use crate::{El, Icon, derive, el, tooltip};

/// How much weight a button has.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum ButtonKind {
    /// What the view is for; at most one in it.
    Primary,
    /// The ordinary one.
    #[default]
    Secondary,
    /// Beside content, without a frame.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button. It stays focusable while it can't be pressed, so that the keyboard reaches the reason why, and says
/// what it is doing while it is busy.
#[component]
pub fn Button(
    /// What it does, in its own verb.
    #[prop(into)]
    label: Signal<String>,
    /// Its weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// A picture before the label.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Shows the icon only; the label becomes the accessible name and the tooltip.
    #[prop(optional)]
    icon_only: bool,
    /// The accessible name where it must say more than the label ("Remove ada@acme.com").
    #[prop(optional, into)]
    name: Option<Signal<String>>,
    /// What it is doing right now; while this says something, presses are ignored.
    #[prop(optional, into)]
    busy: Option<Words>,
    /// Why it can't be pressed; while this says something, presses are ignored.
    #[prop(optional, into)]
    disabled_reason: Option<Words>,
    /// What is to be known before it is pressed, as its description and in the tooltip of an icon.
    #[prop(optional, into)]
    about: Option<Words>,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    /// What a press does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// For a button that stays down: whether it is.
    #[prop(optional, into)]
    pressed_state: Option<Signal<bool>>,
    /// Takes the focus when the dialog around it opens.
    #[prop(optional)]
    autofocus: bool,
    /// As wide as its container.
    #[prop(optional)]
    block: bool,
) -> impl IntoView {
    tooltip::install();
    let (reason_id, about_id) = (next_id("why"), next_id("about"));
    let name = name.or(icon_only.then_some(label));
    let aria_label =
        name.map(|name| derive(move || busy.and_then(|busy| busy.get()).or_else(|| Some(name.get()))));
    let tip = icon_only.then(|| {
        let words = move || match about.and_then(|about| about.get()) {
            Some(about) => t!("{label}. {about}", label = label.get(), about),
            None => label.get(),
        };
        derive(move || disabled_reason.and_then(|reason| reason.get()).or_else(|| Some(words())))
    });
    let held = (busy.is_some() || disabled_reason.is_some()).then(|| {
        let says = |said: Option<Words>| said.is_some_and(|said| said.with(Option::is_some));
        true_while(move || says(busy) || says(disabled_reason))
    });
    let press = move |event: web_sys::Event| {
        if says(busy) || says(disabled_reason) {
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let mut class = format!("button {}", kind.class());
    if icon_only {
        class.push_str(" icon-only");
    }
    if block {
        class.push_str(" block");
    }
    let face = el("span")
        .class("button-face")
        .with(icon.map(draw))
        .with((!icon_only).then(|| el("span").class("button-label").with(label)));
    let working = busy.map(|busy| {
        el("span")
            .class("button-busy")
            .live("hidden", derive(move || busy.with(Option::is_none).then(String::new)))
            .with(spinner())
            .with(el("span").class("button-label").with(busy))
    });
    el("button")
        .attr("type", if submit { "submit" } else { "button" })
        .class(&class)
        .live_if("aria-label", aria_label)
        .live_if("aria-disabled", held)
        .live_if(
            "aria-describedby",
            described_by(vec![(reason_id.clone(), disabled_reason), (about_id.clone(), about)]),
        )
        .live_if("aria-pressed", pressed_state.map(|down| true_or_false(move || down.get())))
        .live_if("data-tip", tip.or(disabled_reason))
        .live_if("data-busy", true_while_said(busy))
        .attr_if("autofocus", autofocus.then_some(""))
        .on("click", press)
        .with(face)
        .with(working)
        .with(disabled_reason.map(|reason| hidden_reason(&reason_id, reason)))
        .with(about.map(|about| hidden_reason(&about_id, about)))
        .view()
}

/// Why something can't be used, for its description; the eye reads it in the tooltip.
pub(crate) fn hidden_reason(id: &str, reason: Words) -> El {
    el("span").attr("hidden", "").attr("id", id).with(reason)
}
