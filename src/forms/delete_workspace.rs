//! "Delete workspace": what goes with it is counted, and its name is typed.

use atrium_domain::wire::{Workspace, WorkspaceStats};
use atrium_ui::{
    Button, ButtonKind, DialogKind, El, InlineError, Messages, TextField, derive, dynamic, el, spawn,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::cancel_or;
use crate::api::{self, Query, Scope, query};
use crate::components::{count_of, dialog_about};
use crate::paths::{self, Settings};
use crate::session::{Place, Session, changed};

/// The dialog that asks before a workspace is deleted.
#[component]
pub fn DeleteWorkspace(
    /// Which one; `None` while none is.
    deleting: RwSignal<Option<Workspace>>,
) -> impl IntoView {
    let title = |one: &Workspace| format!("Delete {}?", one.display_name);
    let question = move |one: Workspace| view! { <Question one deleting /> }.into_any();
    dialog_about(deleting, DialogKind::Alert, None, title, question)
}

#[component]
fn Question(one: Workspace, deleting: RwSignal<Option<Workspace>>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let name = one.display_name.clone();
    let wanted = StoredValue::new(name.clone());
    let reason = derive(move || {
        let name = wanted.get_value();
        let fits = typed.with(|typed| typed.trim() == name);
        (!fits).then(|| format!("Type {name} first, to show that this is the one."))
    });
    let contents = contents(place, &one.id);
    let act = {
        let one = one.clone();
        move || {
            if busy.with_untracked(Option::is_some) || reason.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some("Deleting".to_owned()));
            error.set(None);
            let (id, name, organization) =
                (one.id.clone(), one.display_name.clone(), place.organization_id());
            let navigate = navigate.clone();
            spawn(async move {
                let made = api::delete_workspace(organization.clone(), &id).await;
                let _ = busy.try_set(None);
                match made {
                    Ok(()) => {
                        messages.success(format!("{name} was deleted, with everything in it."));
                        let _ = deleting.try_set(None);
                        // From the page of what is there no more.
                        let here = place.path.try_with_untracked(|path| {
                            paths::workspace_in_settings(path) == Some(id.as_str())
                        });
                        if here == Some(true) {
                            let list = paths::settings(&organization, Settings::Workspaces);
                            navigate(&list, NavigateOptions { replace: true, ..Default::default() });
                        }
                        // The plan has room for another one now.
                        changed(session.changes.organization);
                    }
                    Err(failed) => _ = error.try_set(Some(failed.sentence)),
                }
                changed(session.changes.workspaces);
                changed(session.changes.members);
            });
        }
    };
    let cancel = Callback::new(move |()| deleting.set(None));
    let label = format!("Type {name} to confirm");
    let button = view! {
        <Button
            label="Delete workspace"
            kind=ButtonKind::Danger
            submit=true
            busy=busy
            disabled_reason=reason
        />
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        act();
    };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(el("p").with("This ends, and cannot be brought back:"))
        .with(contents)
        .with(el("p").class("muted").with(
            "Members stay in the organization. Whatever sends traces to this workspace is refused from then on.",
        ))
        .with(view! { <TextField label value=typed autofocus=true required=true /> })
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, button.into_any()))
        .view()
}

/// What is in a workspace, by count.
fn contents(place: Place, id: &str) -> El {
    let scope = Scope::Workspace(place.organization_id(), id.to_owned());
    let counts = {
        let scope = scope.clone();
        query(String::new, move || {
            let Scope::Workspace(organization, workspace) = scope.clone() else { return None };
            Some(api::workspace_stats(organization, workspace))
        })
    };
    let members = {
        let scope = scope.clone();
        query(String::new, move || Some(api::workspace_people(scope.clone(), "", 0, 1)))
    };
    let keys = query(String::new, move || Some(api::workspace_keys(scope.clone())));
    let resource = |one: &'static str, several: &'static str, count: fn(&WorkspaceStats) -> u64| {
        counted(counts, one, several, move |stats| Some(count(stats)))
    };
    let ends = |words: AnyView, what: &str| el("li").with(words).with(format!(" {what}"));
    el("ul")
        .class("losses")
        .attr("aria-label", "What is in it")
        .with(el("li").with(resource("tracing project", "tracing projects", |it| it.tracer_session_count)))
        .with(el("li").with(resource("dataset", "datasets", |it| it.dataset_count)))
        .with(
            el("li").with(resource("annotation queue", "annotation queues", |it| it.annotation_queue_count)),
        )
        .with(el("li").with(resource("prompt", "prompts", |it| it.repo_count)))
        .with(ends(counted(members, "member", "members", |page| page.total), "in it, who lose this access"))
        .with(ends(
            counted(keys, "API key", "API keys", |keys| Some(keys.len() as u64)),
            "that open it; those that open nothing else stop working",
        ))
}

/// "12 datasets", as soon as it is known.
fn counted<T: Clone + Send + Sync + 'static>(
    asked: Query<T>,
    one: &'static str,
    several: &'static str,
    count: impl Fn(&T) -> Option<u64> + Send + Sync + 'static,
) -> AnyView {
    dynamic(move || {
        let known = asked.data.with(|data| data.as_ref().map(&count));
        let words = match known {
            Some(Some(count)) => count_of(usize::try_from(count).unwrap_or(usize::MAX), one, several),
            Some(None) => format!("All {several}"),
            None if asked.error.with(Option::is_some) => format!("All {several} (they could not be counted)"),
            None => format!("Counting the {several}"),
        };
        el("span").with(words).view()
    })
}
