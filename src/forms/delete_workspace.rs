//! "Delete workspace": what goes with it is counted, and its name is typed.

use atrium_domain::wire::{Workspace, WorkspaceStats};
use atrium_ui::{
    Button, ButtonKind, DialogKind, El, InlineError, Messages, TextField, derive, dynamic, el, spawn,
};
use atrium_words::{t, tn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::cancel_or;
use crate::api::{self, Query, Scope, query};
use crate::components::dialog_about;
use crate::paths::{self, Settings};
use crate::session::{Place, Session, changed};

/// The dialog that asks before a workspace is deleted.
#[component]
pub fn DeleteWorkspace(
    /// Which one; `None` while none is.
    deleting: RwSignal<Option<Workspace>>,
) -> impl IntoView {
    let title = |one: &Workspace| t!("Delete {name}?", name = one.display_name);
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
        (!fits).then(|| t!("Type {name} first, to show that this is the one.", name))
    });
    let contents = contents(place, &one.id);
    let act = {
        let one = one.clone();
        move || {
            if busy.with_untracked(Option::is_some) || reason.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(t!("Deleting").to_owned()));
            error.set(None);
            let (id, name, organization) =
                (one.id.clone(), one.display_name.clone(), place.organization_id());
            let navigate = navigate.clone();
            spawn(async move {
                let made = api::delete_workspace(organization.clone(), &id).await;
                let _ = busy.try_set(None);
                match made {
                    Ok(()) => {
                        messages.success(t!("{name} was deleted, with everything in it.", name));
                        let _ = deleting.try_set(None);
                        // From the page of what is there no more.
                        let here = place
                            .path
                            .with_untracked(|path| paths::workspace_in_settings(path) == Some(id.as_str()));
                        if here {
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
    let label = t!("Type {name} to confirm", name);
    let button = view! {
        <Button
            label=t!("Delete workspace")
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
        .with(el("p").with(t!("This ends, and cannot be brought back:")))
        .with(contents)
        .with(el("p").class("muted").with(t!(
            "Members stay in the organization. Whatever sends traces to this workspace is refused from then on."
        )))
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
    let resource = |count: fn(&WorkspaceStats) -> u64, words: fn(Known) -> String| {
        counted(counts, move |stats| Some(count(stats)), words)
    };
    el("ul")
        .class("losses")
        .attr("aria-label", t!("What is in it"))
        .with(resource(|it| it.tracer_session_count, projects))
        .with(resource(|it| it.dataset_count, datasets))
        .with(resource(|it| it.annotation_queue_count, queues))
        .with(resource(|it| it.repo_count, prompts))
        .with(counted(members, |page| page.total, who_loses))
        .with(counted(keys, |keys| Some(keys.len() as u64), keys_that_end))
}

/// What is known of how many there are.
enum Known {
    Count(u64),
    /// Nobody tells.
    All,
    /// They could not be counted.
    Uncounted,
    /// They are being counted.
    Counting,
}

/// "12 datasets", as soon as it is known.
fn counted<T: Clone + Send + Sync + 'static>(
    asked: Query<T>,
    count: impl Fn(&T) -> Option<u64> + Send + Sync + 'static,
    words: fn(Known) -> String,
) -> El {
    let known = dynamic(move || {
        let known = match asked.data.with(|data| data.as_ref().map(&count)) {
            Some(Some(count)) => Known::Count(count),
            Some(None) => Known::All,
            None if asked.error.with(Option::is_some) => Known::Uncounted,
            None => Known::Counting,
        };
        el("span").with(words(known)).view()
    });
    el("li").with(known)
}

fn projects(known: Known) -> String {
    match known {
        Known::Count(count) => return tn!(count, "{count} tracing project", "{count} tracing projects"),
        Known::All => t!("All tracing projects"),
        Known::Uncounted => t!("All tracing projects (they could not be counted)"),
        Known::Counting => t!("Counting the tracing projects"),
    }
    .to_owned()
}

fn datasets(known: Known) -> String {
    match known {
        Known::Count(count) => return tn!(count, "{count} dataset", "{count} datasets"),
        Known::All => t!("All datasets"),
        Known::Uncounted => t!("All datasets (they could not be counted)"),
        Known::Counting => t!("Counting the datasets"),
    }
    .to_owned()
}

fn queues(known: Known) -> String {
    match known {
        Known::Count(count) => return tn!(count, "{count} annotation queue", "{count} annotation queues"),
        Known::All => t!("All annotation queues"),
        Known::Uncounted => t!("All annotation queues (they could not be counted)"),
        Known::Counting => t!("Counting the annotation queues"),
    }
    .to_owned()
}

fn prompts(known: Known) -> String {
    match known {
        Known::Count(count) => return tn!(count, "{count} prompt", "{count} prompts"),
        Known::All => t!("All prompts"),
        Known::Uncounted => t!("All prompts (they could not be counted)"),
        Known::Counting => t!("Counting the prompts"),
    }
    .to_owned()
}

fn who_loses(known: Known) -> String {
    match known {
        Known::Count(count) => {
            return tn!(
                count,
                "{count} member in it, who loses this access",
                "{count} members in it, who lose this access"
            );
        }
        Known::All => t!("All members in it, who lose this access"),
        Known::Uncounted => t!("All members (they could not be counted) in it, who lose this access"),
        Known::Counting => t!("Counting the members in it, who lose this access"),
    }
    .to_owned()
}

fn keys_that_end(known: Known) -> String {
    match known {
        Known::Count(count) => {
            return tn!(
                count,
                "{count} API key that opens it; those that open nothing else stop working",
                "{count} API keys that open it; those that open nothing else stop working"
            );
        }
        Known::All => t!("All API keys that open it; those that open nothing else stop working"),
        Known::Uncounted => t!(
            "All API keys (they could not be counted) that open it; those that open nothing else stop working"
        ),
        Known::Counting => {
            t!("Counting the API keys that open it; those that open nothing else stop working")
        }
    }
    .to_owned()
}
