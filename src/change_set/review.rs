//! "Review changes": everything that is collected as one difference, and the button that makes it.

use std::collections::BTreeMap;

use atrium_ui::{
    Banner, Button, ButtonKind, Dialog, DialogActions, DialogKind, Messages, Tone, all, derive, effect, el,
    mend_focus, optional, spawn, text, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Tray;
use super::apply::{Applied, apply};
use super::bar::COLLECT;
use super::difference::difference;
use super::outlook::{Outlook, facts};
use crate::api::Pace;
use crate::components::{Progress, progress_bar};
use crate::forms::offer;
use crate::session::{Place, Session};

/// The dialog "Review changes".
#[component]
pub fn ReviewChanges(
    /// What is collected.
    tray: Tray,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let pace = Pace::new();
    // While changes are made there is something to stop first.
    let close = Callback::new(move |()| if busy.get_untracked() { pace.stop() } else { open.set(false) });
    view! {
        <Dialog title=t!("Review changes") open kind=DialogKind::Wide on_close=close>
            <Review tray open busy pace close />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Review(
    tray: Tray,
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    pace: Pace,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let outlook = Outlook::ask(place, session, tray);
    let progress: Progress = RwSignal::new((0, None));
    // The last one was taken out: there is nothing left to review.
    effect(move || {
        if tray.set.with(|set| set.is_empty()) && !busy.get() {
            open.set(false);
        }
    });
    let make = Callback::new(move |()| {
        if busy.get_untracked() || untrack(|| outlook.refusal()).is_some() {
            return;
        }
        pace.begin();
        tray.unsay(messages);
        tray.failed.update(BTreeMap::clear);
        let all = tray.set.with_untracked(|set| set.len());
        progress.set((0, Some(all)));
        busy.set(true);
        let lowers = untrack(|| outlook.lowers_self());
        let organization = place.organization_id();
        spawn(async move {
            let Applied { made, back } = apply((place, session), tray, pace, progress).await;
            let _ = busy.try_set(false);
            let mut said = vec![tn!(made, "{count} change was made.", "{count} changes were made.")];
            if made == all {
                let _ = open.try_set(false);
                mend_focus(COLLECT);
                let _ = tray.collecting.try_set(false);
            } else if made > 0 {
                said.push(tn!(all - made, "{count} stay collected.", "{count} stay collected."));
            } else {
                return;
            }
            // The own change is made last, and may have failed.
            let is_left = tray.set.try_with_untracked(|set| set.changes().iter().any(|one| one.is_self));
            let lowered = lowers.is_some() && is_left != Some(true);
            let back = if lowered { Vec::new() } else { back };
            match (back.len(), made) {
                (back, made) if back == made => {}
                (0, _) => said.push(t!("This cannot be undone.").to_owned()),
                (back, made) => said.push(tn!(
                    made - back,
                    "{count} of them cannot be undone.",
                    "{count} of them cannot be undone."
                )),
            }
            let said = said.join(" ");
            if back.is_empty() {
                messages.success(said);
            } else {
                // One after the other: the order in which they were made, backwards.
                offer((place, session, messages), organization, said, back, 1);
            }
        });
    });
    let label = derive(move || {
        let again = tray.failed.with(|failed| !failed.is_empty());
        let count = tray.set.with(|set| set.len());
        match (again, count) {
            (true, _) => t!("Try again").to_owned(),
            (false, count) => tn!(count, "Apply {count} change", "Apply {count} changes"),
        }
    });
    let at_work = derive(move || busy.get().then(|| t!("Applying").to_owned()));
    let refusal = derive(move || outlook.refusal());
    let lead = move || {
        let words = if busy.get() {
            t!("The changes are made from the first to the last. Whatever was made leaves this list.")
        } else if tray.failed.with(|failed| !failed.is_empty()) {
            t!("This is what is left. Nothing of it is made yet.")
        } else {
            t!("Nothing is made yet. This is what becomes of whom:")
        };
        words.to_owned()
    };
    let cancel_label = derive(move || if busy.get() { t!("Stop") } else { t!("Keep collecting") }.to_owned());
    let buttons = all([
        view! { <Button label=cancel_label on_press=close /> }.into_any(),
        view! {
            <Button
                label
                kind=ButtonKind::Primary
                busy=at_work
                disabled_reason=refusal
                on_press=make
            />
        }
        .into_any(),
    ]);
    let warning = optional(move || {
        refusal.get().map(|text| {
            view! { <Banner tone=Tone::Bad title=t!("These changes cannot be applied together") text /> }
                .into_any()
        })
    });
    all([
        el("p").class("muted").with(text(lead)).view(),
        difference(outlook, busy),
        facts(outlook),
        warning,
        failures(tray, busy),
        when(move || busy.get(), move || progress_bar(t!("Applying the changes"), progress, pace)),
        view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
    ])
}

/// What could not be made, in short: each row says why.
fn failures(tray: Tray, busy: RwSignal<bool>) -> AnyView {
    let count = move || tray.failed.with(BTreeMap::len);
    let shown = when(
        move || count() > 0 && !busy.get(),
        move || {
            let text = derive(move || {
                tn!(
                    count(),
                    "{count} change was not made, and stays collected. Its row says why.",
                    "{count} changes were not made, and stay collected. Their rows say why."
                )
            });
            view! { <Banner tone=Tone::Bad title=t!("Not everything could be applied") text /> }.into_any()
        },
    );
    el("div").attr("role", "alert").with(shown).view()
}
