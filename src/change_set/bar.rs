//! "Collect changes", and the bar that counts what is collected.

use atrium_ui::{
    Button, ButtonKind, Dialog, DialogActions, DialogKind, Icon, IconView, all, derive, el, text, when,
};
use leptos::prelude::*;

use super::Tray;
use super::review::ReviewChanges;

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

/// The button that stays down while changes are collected.
#[component]
pub fn CollectButton(
    /// Where they are collected.
    tray: Tray,
) -> impl IntoView {
    let press = Callback::new(move |()| tray.collecting.update(|on| *on = !*on));
    view! {
        <Button
            label="Collect changes"
            icon=Icon::Layers
            icon_only=true
            kind=ButtonKind::Quiet
            pressed_state=tray.collecting
            on_press=press
        />
    }
    .into_any()
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
            0 => "What you change here is collected, and not made before you apply it.".to_owned(),
            _ => format!("{}. Nothing of it is made yet.", tray.set.with(|set| set.in_words())),
        });
        let review = Callback::new(move |()| reviewing.set(true));
        let empty = derive(move || (count.get() == 0).then(|| "Nothing has been collected yet.".to_owned()));
        let stop = Callback::new(move |()| {
            if count.get_untracked() == 0 { tray.collecting.set(false) } else { discarding.set(true) }
        });
        let stop_label =
            derive(move || if count.get() == 0 { "Stop collecting" } else { "Discard all" }.to_owned());
        let review_label = derive(move || match count.get() {
            0 => "Review changes".to_owned(),
            some => format!("Review {}", changes(some)),
        });
        el("section")
            .class("changes-bar")
            .attr("aria-label", "Collected changes")
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
        view! { <DiscardAll tray open=discarding /> }.into_any(),
    ])
}

fn memo_count(tray: Tray) -> Memo<usize> {
    atrium_ui::memo(move || tray.set.with(|set| set.len()))
}

#[component]
fn DiscardAll(tray: Tray, open: RwSignal<bool>) -> impl IntoView {
    let keep = Callback::new(move |()| open.set(false));
    let discard = Callback::new(move |()| {
        open.set(false);
        tray.failed.update(std::collections::BTreeMap::clear);
        tray.update(|set| *set = atrium_domain::change_set::ChangeSet::default());
        tray.collecting.set(false);
    });
    let question = move || {
        let words = el("p").with("None of them is made, and they are not kept.").view();
        let act = view! { <Button label="Discard" kind=ButtonKind::Danger on_press=discard /> };
        let stay = view! { <Button label="Keep them" autofocus=true on_press=keep /> };
        let buttons = view! { <DialogActions>{all([stay.into_any(), act.into_any()])}</DialogActions> };
        all([words, buttons.into_any()])
    };
    view! {
        <Dialog title="Discard the collected changes?" kind=DialogKind::Alert open on_close=keep>
            {question()}
        </Dialog>
    }
    .into_any()
}
