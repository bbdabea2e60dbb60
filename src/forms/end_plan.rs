//! The end of a plan, and taking it back.

use atrium_domain::Tier;
use atrium_domain::wire::BillingInfo;
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogActions, DialogKind, InlineError, Messages, all, derive, el, spawn,
    text,
};
use atrium_words::t;
use leptos::prelude::*;

use super::close_unless;
use crate::api::{self, Query, is_lost, not_known_yet, surely};
use crate::components::day;
use crate::session::{Place, Session, changed};

/// The question before a plan is ended.
#[component]
pub fn EndPlan(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The plan.
    tier: Memo<Tier>,
    /// What is known of billing.
    billing: Query<BillingInfo>,
) -> impl IntoView {
    let busy = RwSignal::new(None::<String>);
    let close = close_unless(busy, open);
    let title =
        derive(move || t!("Cancel the {plan} plan?", plan = tier.with(|tier| tier.label().to_owned())));
    view! {
        <Dialog title kind=DialogKind::Alert open on_close=close>
            <Question open busy billing />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Question(
    open: RwSignal<bool>,
    busy: RwSignal<Option<String>>,
    billing: Query<BillingInfo>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    on_cleanup(move || _ = busy.try_set(None));
    let error = RwSignal::new(None::<String>);
    let key = StoredValue::new(api::new_key());
    let until = move || {
        let told =
            billing.data.with(|data| data.as_ref().and_then(|data| data.end_of_billing_period.clone()));
        match told.map(|time| day(&time)).filter(|day| !day.is_empty()) {
            Some(day) => {
                t!("Until {day}, the end of the month that is paid, everything works as before.", day)
            }
            None => t!("Until the end of the month that is paid everything works as before.").to_owned(),
        }
    };
    let lost = el("ul")
        .class("losses")
        .with(el("li").with(text(until)))
        .with(el("li").with(t!("After it the organization is pending: nobody can work in its workspaces, and API keys of it are refused.")))
        .with(el("li").with(t!("Members, workspaces and what is in them stay as they are, for whenever it has a plan again.")))
        .with(el("li").with(t!("You can take this back until then, on this page.")));
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(t!("Cancelling").to_owned()));
        error.set(None);
        let organization = place.organization_id();
        spawn(async move {
            let sent = key.try_get_value().unwrap_or_default();
            let done = surely(|| api::end_plan(organization.clone(), &sent)).await;
            busy.try_set(None);
            match done {
                Ok(()) => {
                    open.try_set(false);
                    messages.success(t!("The plan ends with the month that is paid."));
                    changed(session.changes.organization);
                }
                Err(failed) if is_lost(&failed) => {
                    error.try_set(Some(not_known_yet(t!("the plan was cancelled"))));
                }
                Err(failed) => {
                    let _ = key.try_set_value(api::new_key());
                    let stays = t!("The plan was not cancelled.");
                    error.try_set(Some(format!("{stays} {}", failed.sentence)));
                }
            }
        });
    });
    let cancel = close_unless(busy, open);
    let act = view! { <Button label=t!("Cancel the plan") kind=ButtonKind::Danger busy=busy on_press=act /> }
        .into_any();
    let keep = view! { <Button label=t!("Keep the plan") autofocus=true on_press=cancel /> }.into_any();
    all([
        lost.view(),
        view! { <InlineError text=error /> }.into_any(),
        view! { <DialogActions>{all([keep, act])}</DialogActions> }.into_any(),
    ])
}

/// Takes the end of a plan back. Cheap to copy.
#[derive(Clone, Copy)]
pub struct KeepPlan {
    tier: Memo<Tier>,
    busy: RwSignal<Option<String>>,
}

impl KeepPlan {
    /// For the plan that ends.
    pub fn new(tier: Memo<Tier>) -> Self {
        Self { tier, busy: RwSignal::new(None) }
    }

    /// The button that does it.
    pub fn button(self) -> AnyView {
        let session = Session::current();
        let place = Place::current();
        let messages = Messages::expect();
        let act = Callback::new(move |()| {
            if self.busy.with_untracked(Option::is_some) {
                return;
            }
            self.busy.set(Some(t!("Taking it back").to_owned()));
            let (organization, tier) = (place.organization_id(), self.tier.get_untracked());
            spawn(async move {
                let key = api::new_key();
                let done = surely(|| api::change_plan(organization.clone(), tier.clone(), &key)).await;
                self.busy.try_set(None);
                match done {
                    Ok(()) => messages.success(t!("The {plan} plan goes on.", plan = tier.label())),
                    Err(failed) => messages.failure(
                        format!("{} {}", t!("The end of the plan was not taken back."), failed.sentence),
                        None,
                    ),
                }
                changed(session.changes.organization);
            });
        });
        let busy = self.busy;
        view! { <Button label=t!("Keep the plan") busy=busy on_press=act /> }.into_any()
    }
}
