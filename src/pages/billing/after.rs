//! What those who manage billing see of it once there is a plan: the card, the business, the way out.

use atrium_domain::billing::State;
use atrium_domain::wire::{BusinessInfo, PaymentMethod};
use atrium_ui::{Button, ButtonKind, El, Icon, IconView, all, derive, dynamic, el, memo, text, when};
use atrium_words::t;
use leptos::prelude::*;

use super::{Known, Open};
use crate::api::{self, query};
use crate::components::{Loaded, card_text, day};
use crate::forms::{EditBusiness, KeepPlan, address_line};
use crate::session::{Place, Session};

/// The regions "Payment method" and "Business information", and the end of the plan.
#[component]
pub fn After(
    /// What billing tells.
    known: Known,
    /// What a press opens.
    open: Open,
    /// Takes the end of the plan back.
    keep: KeepPlan,
) -> impl IntoView {
    let card = memo(move || {
        known.billing.data.with(|data| data.as_ref().and_then(|data| data.payment_method.clone()))
    });
    let ends = memo(move || known.facts.with(|facts| facts.ends_on.as_ref().map(|time| day(time))));
    let sold = memo(move || known.tier.with(|tier| tier.is_self_service()));
    let end = move || {
        let press = Callback::new(move |()| open.end.set(true));
        let words = t!(
            "Cancelled, the plan goes on until the end of the month that is paid, and can be taken back until then."
        );
        el("div")
            .class("panel-row")
            .with(el("p").class("muted").with(words))
            .with(view! { <Button label=t!("Cancel the plan") kind=ButtonKind::Quiet on_press=press /> })
            .view()
    };
    // Where the banner is about something else, the way back is here.
    let aside = memo(move || {
        known.facts.with(|facts| facts.ends_on.is_some() && !matches!(State::of(facts), State::Cancelled(_)))
    });
    let back = move || {
        let words = move || t!("The plan ends on {day}.", day = ends.get().unwrap_or_default());
        el("div").class("panel-row").with(el("p").class("muted").with(text(words))).with(keep.button()).view()
    };
    all([
        el("div").class("panels").with(payment_method(card, open)).with(view! { <Business /> }).view(),
        when(move || sold.get() && ends.with(Option::is_none), end),
        when(move || aside.get(), back),
    ])
}

/// The card on file, and another one in its place.
fn payment_method(card: Memo<Option<PaymentMethod>>, open: Open) -> El {
    let on_file = move || match card.get() {
        Some(card) => el("p")
            .class("card-on-file")
            .with(view! { <IconView icon=Icon::CreditCard /> })
            .with(el("span").with(card_text(&card)))
            .view(),
        None => el("p")
            .class("muted")
            .with(t!("No card is on file. This plan was set by the operator of the installation."))
            .view(),
    };
    let label = derive(move || {
        let words = if card.with(Option::is_some) { t!("Replace the card") } else { t!("Add a card") };
        words.to_owned()
    });
    let press = Callback::new(move |()| open.card.set(true));
    el("section")
        .class("panel")
        .attr("aria-label", t!("Payment method"))
        .with(
            el("div")
                .class("panel-head")
                .with(el("h2").with(t!("Payment method")))
                .with(view! { <Button label kind=ButtonKind::Secondary on_press=press /> }),
        )
        .with(dynamic(on_file))
}

/// The business behind the organization, and where its invoices go.
#[component]
fn Business() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let kept = query(
        move || place.organization.get(),
        move || {
            session.changes.organization.track();
            Some(api::business_info(place.organization.get()))
        },
    );
    let editing = RwSignal::new(None::<BusinessInfo>);
    let press = Callback::new(move |()| {
        editing.set(Some(kept.data.get_untracked().unwrap_or_default()));
    });
    let waits = derive(move || {
        kept.data.with(Option::is_none).then(|| t!("The business information is still loading.").to_owned())
    });
    let facts = move || {
        let info = kept.data.get().unwrap_or_default();
        let fact = |name: &str, value: String| el("div").with(el("dt").with(name)).with(el("dd").with(value));
        let company = info.company_info.unwrap_or_default();
        let address = company.address.as_ref().map(address_line).unwrap_or_default();
        let all = [
            (t!("Business"), company.name),
            (t!("Address"), address),
            (t!("Tax ID"), info.tax_id.map(|id| id.value).unwrap_or_default()),
            (t!("Invoice email"), info.invoice_email.unwrap_or_default()),
        ];
        let some: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        if some.is_empty() {
            let words = t!("Nothing is kept. What you add stands on the invoices from then on.");
            return el("p").class("muted").with(words).view();
        }
        some.into_iter()
            .fold(el("dl").class("facts"), |list, (name, value)| list.with(fact(name, value)))
            .view()
    };
    let section = el("section")
        .class("panel")
        .attr("aria-label", t!("Business information"))
        .with(el("div").class("panel-head").with(el("h2").with(t!("Business information"))).with(view! {
            <Button label=t!("Edit") name=t!("Edit the business information") disabled_reason=waits on_press=press />
        }))
        .with(view! {
            <Loaded query=kept what=t!("the business information") rows=1>
                {dynamic(facts)}
            </Loaded>
        });
    all([section.view(), view! { <EditBusiness editing /> }.into_any()])
}
