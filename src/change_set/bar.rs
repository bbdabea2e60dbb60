//! "Collect changes", and the bar that counts what is collected.

use atrium_ui::{Button, ButtonKind, Icon, IconView, all, derive, el, mend_focus, text, when};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Tray;
use super::review::ReviewChanges;
use crate::forms::keep_or_discard;

/// Finds [`CollectButton`]: where the focus goes when the bar goes with it.
pub const COLLECT: &str = "main .collect button";

/// The button that stays down while changes are collected.
#[component]
pub fn CollectButton(
    /// Where they are collected.
    tray: Tray,
) -> impl IntoView {
    let press = Callback::new(move |()| tray.collecting.update(|on| *on = !*on));
    let button = view! {
        <Button
            label=t!("Collect changes")
            icon=Icon::Layers
            icon_only=true
            kind=ButtonKind::Quiet
            pressed_state=tray.collecting
            on_press=press
        />
    };
    el("span").class("collect").with(button).view()
}

/// The region "Collected changes" at the window's edge; nothing while nothing is collected.
#[component]
pub fn ChangesBar(
    /// What is collected.
    tray: Tray,
) -> impl IntoView {
    let reviewing = RwSignal::new(false);
    let discarding = RwSignal::new(false);
    let count = memo_count(tray);
    let bar = move || {
        let words = text(move || match count.get() {
            0 => t!("Roles, removals and invitations are collected, and not made before you apply them.")
                .to_owned(),
            _ => t!("{changes}. Nothing of it is made yet.", changes = tray.set.with(|set| set.in_words())),
        });
        let review = Callback::new(move |()| reviewing.set(true));
        let empty =
            derive(move || (count.get() == 0).then(|| t!("Nothing has been collected yet.").to_owned()));
        let stop = Callback::new(move |()| {
            if count.get_untracked() > 0 {
                discarding.set(true);
            } else {
                tray.collecting.set(false);
                mend_focus(COLLECT);
            }
        });
        let stop_label = derive(move || {
            if count.get() == 0 { t!("Stop collecting") } else { t!("Discard all") }.to_owned()
        });
        let review_label = derive(move || match count.get() {
            0 => t!("Review changes").to_owned(),
            some => tn!(some, "Review {count} change", "Review {count} changes"),
        });
        el("section")
            .class("changes-bar")
            .attr("aria-label", t!("Collected changes"))
            .with(view! { <IconView icon=Icon::Layers /> })
            .with(el("p").class("changes-words").attr("role", "status").with(words))
            .with(
                el("span")
                    .class("changes-actions")
                    .with(view! { <Button label=stop_label kind=ButtonKind::Quiet on_press=stop /> })
                    .with(view! {
                        <Button
                            label=review_label
                            kind=ButtonKind::Primary
                            disabled_reason=empty
                            on_press=review
                        />
                    }),
            )
            .view()
    };
    let any = move || count.get() > 0 || tray.is_collecting();
    all([
        when(any, bar),
        view! { <ReviewChanges tray open=reviewing /> }.into_any(),
        discard_all(tray, discarding),
    ])
}

fn memo_count(tray: Tray) -> Memo<usize> {
    atrium_ui::memo(move || tray.set.with(|set| set.len()))
}

/// The question before what is collected is thrown away.
fn discard_all(tray: Tray, asking: RwSignal<bool>) -> AnyView {
    let discard = Callback::new(move |()| {
        asking.set(false);
        tray.clear();
        mend_focus(COLLECT);
    });
    let words = t!("None of them is made, and they are not kept.");
    keep_or_discard(asking, (t!("Discard the collected changes?"), words, t!("Keep them")), discard)
}
