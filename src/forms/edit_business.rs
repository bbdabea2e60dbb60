//! The business behind an organization, and where its invoices go.

use atrium_domain::wire::BusinessInfo;
use atrium_ui::{
    Button, ButtonKind, DialogKind, InlineError, Messages, derive, el, focus_first_error, spawn,
};
use atrium_words::t;
use leptos::prelude::*;

use super::cancel_or;
use super::payer::Payer;
use crate::api;
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};

/// The dialog "Business information".
#[component]
pub fn EditBusiness(
    /// What is kept; `None` while nothing is edited.
    editing: RwSignal<Option<BusinessInfo>>,
) -> impl IntoView {
    let title = |_: &BusinessInfo| t!("Business information").to_owned();
    dialog_about(editing, DialogKind::Dialog, None, title, move |info| form(&info, editing))
}

fn form(info: &BusinessInfo, editing: RwSignal<Option<BusinessInfo>>) -> AnyView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let payer = Payer::new(derive(|| false));
    payer.fill(info);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(None::<String>);
    let form = el("div").class("form");
    let root = StoredValue::new_local(form.node().clone());
    let show_errors = move || request_animation_frame(move || _ = root.try_with_value(focus_first_error));
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        if !payer.check() {
            show_errors();
            return;
        }
        busy.set(Some(t!("Saving").to_owned()));
        let (organization, info) = (place.organization_id(), payer.info());
        spawn(async move {
            let saved = api::set_business_info(organization, &info).await;
            busy.try_set(None);
            match saved {
                Ok(()) => {
                    editing.try_set(None);
                    messages.success(t!("The business information was saved."));
                    changed(session.changes.organization);
                }
                Err(failed) if payer.refused(&failed) => show_errors(),
                Err(failed) => _ = error.try_set(Some(failed.sentence)),
            }
        });
    });
    let cancel = Callback::new(move |()| editing.set(None));
    let act = view! { <Button label=t!("Save") kind=ButtonKind::Primary busy=busy on_press=act /> };
    form.with(payer.view(true))
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, act.into_any()))
        .view()
}
