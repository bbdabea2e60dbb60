//! Deleting an API key: what stops working is said first.

use atrium_ui::{Button, ButtonKind, DialogKind, InlineError, Messages, all, el, spawn};
use atrium_words::{commas, t};
use leptos::prelude::*;

use super::cancel_or;
use crate::api::{self, ApiKey, Scope};
use crate::components::{ago, dialog_about};
use crate::session::changed;

/// The dialog that asks before a key is deleted.
#[component]
pub fn DeleteKey(
    /// Which one; `None` while none is.
    deleting: RwSignal<Option<ApiKey>>,
    /// Where: the workspace that it is asked about in.
    scope: Signal<Scope>,
    /// Tells that there is a key less.
    gone: RwSignal<u32>,
) -> impl IntoView {
    let messages = Messages::expect();
    let title = |one: &ApiKey| t!("Delete the key {name}?", name = name_of(one));
    let question = move |one: ApiKey| {
        let busy = RwSignal::new(None::<String>);
        let error = RwSignal::new(None::<String>);
        let used = match one.last_used_at.as_deref().map(ago).filter(|ago| !ago.is_empty()) {
            Some(ago) => t!("It was used last: {ago}.", ago),
            None => t!("It was never used.").to_owned(),
        };
        let elsewhere = (one.workspaces.len() > 1).then(|| {
            let workspaces = commas(&one.workspaces);
            el("li").with(t!("It opens other workspaces as well: {workspaces}.", workspaces))
        });
        let ends = el("ul")
            .class("losses")
            .with(el("li").with(t!("Whatever uses {key} is refused at once.", key = one.short_key)))
            .with(el("li").with(used))
            .with(elsewhere);
        let act = Callback::new(move |()| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(t!("Deleting").to_owned()));
            error.set(None);
            let (one, scope) = (one.clone(), scope.get_untracked());
            spawn(async move {
                let made = api::delete_key(scope, &one.id).await;
                let _ = busy.try_set(None);
                match made {
                    Ok(()) => {
                        messages.success(t!("The key {name} was deleted.", name = name_of(&one)));
                        let _ = deleting.try_set(None);
                    }
                    Err(failed) => _ = error.try_set(Some(failed.sentence)),
                }
                changed(gone);
            });
        });
        let cancel = Callback::new(move |()| deleting.set(None));
        let act = view! { <Button label=t!("Delete key") kind=ButtonKind::Danger busy=busy on_press=act /> };
        all([
            el("p").with(t!("A deleted key does not come back:")).view(),
            ends.view(),
            view! { <InlineError text=error /> }.into_any(),
            cancel_or(cancel, true, act.into_any()),
        ])
    };
    dialog_about(deleting, DialogKind::Alert, None, title, question)
}

/// What a key is called: what it is for, else what may be shown of it.
fn name_of(one: &ApiKey) -> String {
    if one.description.is_empty() { one.short_key.clone() } else { one.description.clone() }
}
