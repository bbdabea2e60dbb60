//! Discarding an organization that never got a plan.

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{Button, ButtonKind, DialogActions, DialogKind, InlineError, all, derive, el};
use atrium_words::{look, t};
use leptos::prelude::*;

use crate::components::dialog_about;
use crate::forms::{CANNOT_DELETE, Deleting, ends_of_organization};
use crate::session::Session;

/// The question before a pending organization is discarded.
#[component]
pub fn Discard(
    /// Which; `None` while nobody is asked.
    asked: RwSignal<Option<OrganizationSlim>>,
) -> impl IntoView {
    let title = |one: &OrganizationSlim| t!("Discard {name}?", name = one.display_name);
    let question = move |one: OrganizationSlim| view! { <Question one asked /> }.into_any();
    dialog_about(asked, DialogKind::Alert, None, title, question)
}

#[component]
fn Question(one: OrganizationSlim, asked: RwSignal<Option<OrganizationSlim>>) -> impl IntoView {
    let can = Session::current().info.with_untracked(|info| info.instance_flags.delete_organization);
    let keep = Callback::new(move |()| asked.set(None));
    let deleting = Deleting::new("discarded", keep);
    let act = {
        let (id, name) = (one.id.clone(), one.display_name.clone());
        Callback::new(move |()| deleting.run(id.clone(), name.clone()))
    };
    let why = derive(move || (!can).then(|| look(CANNOT_DELETE).to_owned()));
    let buttons = all([
        view! { <Button label=t!("Keep it") autofocus=true on_press=keep /> }.into_any(),
        view! {
            <Button
                label=t!("Discard")
                kind=ButtonKind::Danger
                busy=deleting.busy
                disabled_reason=why
                on_press=act
            />
        }
        .into_any(),
    ]);
    el("div")
        .with(el("p").with(t!(
            "It never had a plan, so nothing was charged. What was made in it meanwhile goes with it:"
        )))
        .with(ends_of_organization(&one.id))
        .with(view! { <InlineError text=deleting.error /> })
        .with(view! { <DialogActions>{buttons}</DialogActions> })
        .view()
}
