//! Another card.

use atrium_domain::wire::PaymentInformation;
use atrium_ui::{Button, ButtonKind, Dialog, InlineError, Messages, derive, el, focus_first_error, spawn};
use atrium_words::t;
use leptos::prelude::*;

use super::card_field::CardField;
use super::payer::Payer;
use super::{cancel_or, close_unless};
use crate::api::{self, is_lost, not_known_yet, surely};
use crate::session::{Place, Session, changed};

/// The dialog "Change the card".
#[component]
pub fn AddCard(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let busy = RwSignal::new(None::<String>);
    let close = close_unless(busy, open);
    view! {
        <Dialog
            title=t!("Change the card")
            open
            on_close=close
            description=t!("The next payment is made with it, and one that failed is tried with it at once.")
        >
            <Form open busy />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Form(open: RwSignal<bool>, busy: RwSignal<Option<String>>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let card = CardField::new();
    let payer = Payer::new(derive(move || card.wants_holder()));
    let error = RwSignal::new(None::<String>);
    let key = StoredValue::new(api::new_key());
    let form = el("div").class("form");
    let root = StoredValue::new_local(form.node().clone());
    on_cleanup(move || _ = busy.try_set(None));
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        card.error.set(None);
        if !payer.check() {
            request_animation_frame(move || _ = root.try_with_value(focus_first_error));
            return;
        }
        busy.set(Some(t!("Changing the card").to_owned()));
        let billing_info = card.holder(payer.holder());
        let organization = place.organization_id();
        spawn(async move {
            let kept = match card.confirm(&billing_info).await {
                Err(sentence) => {
                    card.error.try_set(Some(sentence));
                    busy.try_set(None);
                    return;
                }
                Ok(setup_intent) => {
                    let payment = PaymentInformation { billing_info, setup_intent };
                    let key = key.try_get_value().unwrap_or_default();
                    surely(|| api::add_payment_method(organization.clone(), &payment, &key)).await
                }
            };
            busy.try_set(None);
            match kept {
                Ok(()) => {
                    open.try_set(false);
                    messages.success(t!("The card was changed."));
                    changed(session.changes.organization);
                }
                Err(failed) if is_lost(&failed) => {
                    error.try_set(Some(not_known_yet(t!("the card was changed"))));
                }
                Err(failed) => {
                    let _ = key.try_set_value(api::new_key());
                    card.forget();
                    let before = t!("The card before it is still in use.");
                    card.error.try_set(Some(format!("{} {before}", failed.sentence)));
                }
            }
        });
    });
    let no_card = derive(move || card.why_not());
    let act = view! {
        <Button label=t!("Change the card") kind=ButtonKind::Primary disabled_reason=no_card busy=busy on_press=act />
    };
    let cancel = close_unless(busy, open);
    form.with(card.view())
        .with(payer.holder_view())
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, act.into_any()))
        .view()
}
