//! "Set up billing": the team and what it costs, then the card and the business, then the plan.

mod pay;
mod team;

use atrium_domain::Tier;
use atrium_domain::wire::{BillingInfo, PaymentMethod};
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogActions, DialogKind, InlineError, Messages, Status, Steps, Tone, all,
    derive, dynamic, effect, el, focus, memo, spawn, when,
};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use self::pay::{Order, Paid, Paying};
use self::team::ReviewTeam;
use super::card_field::CardField;
use super::close_unless;
use super::payer::Payer;
use crate::api::{self, Query, query};
use crate::components::card_text;
use crate::paths;
use crate::session::{Place, Session, changed};

/// The dialog "Set up billing".
#[component]
pub fn SetUpBilling(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The plan that was chosen.
    tier: Tier,
    /// What is known of billing: a card that is on file is not asked for again.
    billing: Query<BillingInfo>,
) -> impl IntoView {
    let busy = RwSignal::new(None::<String>);
    let close = close_unless(busy, open);
    view! {
        <Dialog title=t!("Set up billing") open kind=DialogKind::Wide on_close=close>
            <Flow open busy tier=tier.clone() billing />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Flow(
    open: RwSignal<bool>,
    busy: RwSignal<Option<String>>,
    tier: Tier,
    billing: Query<BillingInfo>,
) -> impl IntoView {
    let step = RwSignal::new(0_usize);
    let elsewhere = derive(move || (step.get() != 0).then(String::new));
    // The second step stays once it was reached: what was entered there is there after a look back.
    let reached = RwSignal::new(false);
    let not_here = derive(move || (step.get() != 1).then(String::new));
    let next = Callback::new(move |()| {
        reached.set(true);
        step.set(1);
        focus_step();
    });
    let cancel = Callback::new(move |()| open.set(false));
    let tier_of_card = tier.clone();
    on_cleanup(move || _ = busy.try_set(None));
    all([
        view! { <Steps steps=vec![t!("Review team").to_owned(), t!("Add card").to_owned()] current=step /> }
            .into_any(),
        el("div")
            .class("billing-step")
            .live("hidden", elsewhere)
            .with(view! { <ReviewTeam tier cancel next /> })
            .view(),
        when(
            move || reached.get(),
            move || {
                let pay = view! { <Pay tier=tier_of_card.clone() open step busy billing /> };
                el("div").class("billing-step").live("hidden", not_here).with(pay).view()
            },
        ),
    ])
}

/// The button that leads to the other step is hidden with its own: the keyboard goes on in the one that shows.
fn focus_step() {
    request_animation_frame(|| {
        let first = "dialog[open] .billing-step:not([hidden]) :is(button, input, select)";
        document().query_selector(first).ok().flatten().iter().for_each(focus);
    });
}

/// The second step: the card, the business, and the purchase.
#[component]
fn Pay(
    tier: Tier,
    open: RwSignal<bool>,
    step: RwSignal<usize>,
    busy: RwSignal<Option<String>>,
    billing: Query<BillingInfo>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let card = CardField::new();
    let on_file =
        memo(move || billing.data.with(|data| data.as_ref().and_then(|data| data.payment_method.clone())));
    // Somebody may have another one.
    let another = RwSignal::new(false);
    let uses_file = memo(move || on_file.with(Option::is_some) && !another.get());
    let with_card = derive(move || !uses_file.get() && card.wants_holder());
    let payer = Payer::new(with_card);
    let kept =
        query(move || place.organization.get(), move || Some(api::business_info(place.organization.get())));
    let filled = StoredValue::new(false);
    effect(move || {
        let info = kept.data.get();
        // Once: what somebody types meanwhile is theirs.
        if let Some(info) = info.filter(|info| info.company_info.is_some() && !filled.get_value()) {
            filled.set_value(true);
            if payer.is_untouched() {
                payer.fill(&info);
            }
        }
    });
    let error = RwSignal::new(None::<String>);
    let paying = Paying::new();
    let form = el("div").class("form");
    let root = StoredValue::new_local(form.node().clone());
    let subscribe = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        card.error.set(None);
        if !payer.check() {
            request_animation_frame(move || _ = root.try_with_value(atrium_ui::focus_first_error));
            return;
        }
        busy.set(Some(t!("Subscribing").to_owned()));
        let info = payer.info();
        let had_business =
            kept.data.with_untracked(|kept| kept.as_ref().is_some_and(|kept| kept.is_business));
        let order = Order {
            organization: place.organization_id(),
            name: untrack(|| place.organization_name()),
            tier: tier.clone(),
            business: (info.is_business || had_business || info.invoice_email.is_some()).then_some(info),
            card: (!uses_file.get_untracked()).then(|| card.holder(payer.holder())),
        };
        let (navigate, tier) = (navigate.clone(), tier.clone());
        let (organization, name) = (order.organization.clone(), order.name.clone());
        spawn(async move {
            let paid = pay::pay(order, card, payer, paying).await;
            busy.try_set(None);
            match paid {
                Paid::Done => {
                    open.try_set(false);
                    messages.success(t!("{name} is on {plan} and ready to use.", name, plan = tier.label()));
                    changed(session.changes.organizations);
                    changed(session.changes.organization);
                    if place.is_in(&organization) {
                        navigate(&paths::organization(&organization), NavigateOptions::default());
                    }
                }
                Paid::Card(sentence) => {
                    another.try_set(true);
                    card.error.try_set(Some(sentence));
                }
                Paid::Field => {
                    request_animation_frame(move || _ = root.try_with_value(atrium_ui::focus_first_error));
                }
                Paid::Not(sentence) => _ = error.try_set(Some(sentence)),
            }
        });
    });
    let no_card = derive(move || if uses_file.get() { None } else { card.why_not() });
    let choice = move || match on_file.get().filter(|_| uses_file.get()) {
        Some(known) => filed(&known, another),
        None => card.view(),
    };
    let back = Callback::new(move |()| {
        if busy.with_untracked(Option::is_none) {
            step.set(0);
            focus_step();
        }
    });
    let back = view! { <Button label=t!("Back") kind=ButtonKind::Quiet on_press=back /> }.into_any();
    let subscribe = view! {
        <Button
            label=t!("Subscribe")
            kind=ButtonKind::Primary
            disabled_reason=no_card
            busy=busy
            on_press=subscribe
        />
    }
    .into_any();
    form.with(dynamic(choice))
        .with(payer.view(false))
        .with(view! { <InlineError text=error /> })
        .with(view! { <DialogActions>{all([back, subscribe])}</DialogActions> })
        .view()
}

/// A card that is on file already, as after a page that was closed half way.
fn filed(known: &PaymentMethod, another: RwSignal<bool>) -> AnyView {
    let text = t!("{card} is on file", card = card_text(known));
    let press = Callback::new(move |()| another.set(true));
    el("div")
        .class("card-choice filed")
        .with(view! { <Status text tone=Tone::Good /> })
        .with(view! { <Button label=t!("Use another card") kind=ButtonKind::Quiet on_press=press /> })
        .view()
}
