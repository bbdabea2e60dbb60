//! The picker of the workspace, in the bar above the page.

use atrium_domain::Action;
use atrium_domain::wire::Workspace;
use atrium_ui::{Button, ButtonKind, Icon, Picker, PickerItem, all, derive, effect, el, memo, when};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::Link;
use crate::forms::AddWorkspace;
use crate::paths::{self, Settings};
use crate::session::{Place, Session, newest_first, recall_all, remember_all};

/// So many workspaces come first as those that somebody was in last.
const RECENT: usize = 5;

/// Where the workspaces are kept that an account was in last, each organization's by themselves.
fn recent_key(account: &str, organization: &str) -> String {
    format!("atrium.recent.{account}.{organization}")
}

/// Somebody is in an organization, and perhaps in a workspace of it: those that they were in last, with this
/// one first.
fn note_visit(account: &str, organization: &str, here: Option<String>) -> Vec<String> {
    let key = recent_key(account, organization);
    let before = recall_all(&key);
    match here.filter(|_| !account.is_empty()) {
        Some(here) => {
            let all = newest_first(before, &here, RECENT);
            remember_all(&key, &all);
            all
        }
        None => before,
    }
}

/// The picker of the workspace. In the settings it shows the workspace one came from.
#[component]
pub fn WorkspacePicker() -> impl IntoView {
    let place = Place::current();
    let account = Session::current().account;
    let navigate = use_navigate();
    let latest = super::navigation::latest_workspace(place);
    let name = derive(move || latest.with(|latest| latest.as_ref().map(|one| one.display_name.clone())));
    let button_text = derive(move || name.get().unwrap_or_else(|| t!("Choose a workspace").to_owned()));
    let button_name = derive(move || match name.get() {
        Some(name) => t!("Workspace: {name}", name),
        None => t!("Workspace: none chosen").to_owned(),
    });
    // Only a place that somebody turned out to be able to be in.
    let visited = RwSignal::new(Vec::new());
    effect(move || {
        let here = place.current_workspace().map(|one| one.id);
        visited.set(note_visit(&account.get(), &place.organization.get(), here));
    });
    let items = memo(move || {
        let mut all = place.workspaces.data.get().unwrap_or_default();
        let recent = visited.get();
        let rank = |one: &Workspace| recent.iter().position(|id| *id == one.id).unwrap_or(RECENT);
        // The others keep their order.
        all.sort_by_key(rank);
        let several = all.len() > RECENT;
        all.into_iter()
            .map(|one| PickerItem {
                note: (several && rank(&one) < RECENT).then(|| t!("Recent").to_owned()),
                seed: one.seed(),
                id: one.id,
                label: one.display_name,
            })
            .collect::<Vec<_>>()
    });
    let selected = derive(move || latest.get().map(|one| one.id).unwrap_or_default());
    let go = Callback::new(move |id: String| {
        // In the settings of members or billing, too, a picked workspace leads to its resources.
        navigate(&paths::workspace(&place.organization_id(), &id), NavigateOptions::default());
    });
    let adding = RwSignal::new(false);
    let reason = derive(move || place.why_not(&Action::CreateWorkspace));
    let footer = move || {
        let add = Callback::new(move |()| adding.set(true));
        let limit = move || place.reached_max_workspaces() && reason.with(Option::is_some);
        // The way up, where the plan is what stands in the way.
        let up = move || {
            let to = derive(move || paths::settings(&place.organization.get(), Settings::Billing));
            view! { <Link to class="link">{t!("See the plans")}</Link> }.into_any()
        };
        let why = move || el("p").class("picker-why").with(reason).with(" ").with(when(limit, up)).view();
        all([
            view! {
                <Button
                    label=t!("Add workspace")
                    kind=ButtonKind::Quiet
                    icon=Icon::Plus
                    block=true
                    disabled_reason=reason
                    on_press=add
                />
            }
            .into_any(),
            when(move || reason.with(Option::is_some), why),
        ])
    };
    let some = move || place.workspaces.data.with(|all| all.as_ref().is_some_and(|all| !all.is_empty()));
    let picker = when(some, move || {
        let picker = view! {
            <Picker
                button_name
                button_text
                list_name=t!("Workspaces")
                filter_name=t!("Find a workspace")
                items
                selected
                on_pick=go
                footer
            />
        };
        let slash = el("span").class("shell-slash").attr("aria-hidden", "true").with("/");
        all([slash.view(), picker.into_any()])
    });
    all([picker, view! { <AddWorkspace open=adding on_made=go /> }.into_any()])
}
