//! Buttons.

use leptos::prelude::*;

use crate::dom::{Words, next_id, says, true_while};
use crate::{Icon, IconView, Spinner, tooltip};

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
    busy: Words,
    /// Why it can't be pressed; while this says something, presses are ignored.
    #[prop(optional, into)]
    disabled_reason: Words,
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
    let reason_id = next_id("why");
    let aria_label = Signal::derive(move || {
        let name = name.or(icon_only.then_some(label))?;
        Some(busy.get().unwrap_or_else(|| name.get()))
    });
    let tip = Signal::derive(move || disabled_reason.get().or_else(|| icon_only.then(|| label.get())));
    let described = crate::dom::described_by(vec![(reason_id.clone(), disabled_reason)]);
    let aria_pressed = Signal::derive(move || {
        pressed_state.map(|down| if down.get() { "true" } else { "false" }.to_owned())
    });
    let press = move |event: web_sys::MouseEvent| {
        if says(busy) || says(disabled_reason) {
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let working = move || {
        busy.get().map(|text| {
            view! { <span class="button-busy"><Spinner /><span class="button-label">{text}</span></span> }
                .into_any()
        })
    };
    let mut class = format!("button {}", kind.class());
    if icon_only {
        class.push_str(" icon-only");
    }
    if block {
        class.push_str(" block");
    }
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class
            aria-label=aria_label
            aria-disabled=true_while(move || busy.with(Option::is_some) || disabled_reason.with(Option::is_some))
            aria-describedby=described
            aria-pressed=aria_pressed
            data-tip=tip
            data-busy=true_while(move || busy.with(Option::is_some))
            autofocus=autofocus
            on:click=press
        >
            <span class="button-face">
                {icon.map(|icon| view! { <IconView icon /> })}
                {(!icon_only).then(|| view! { <span class="button-label">{label}</span> }.into_any())}
            </span>
            {working}
            <span hidden id=reason_id>{disabled_reason}</span>
        </button>
    }
    .into_any()
}
