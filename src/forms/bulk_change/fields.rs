//! What a bulk change has to be told: the role, or the workspaces with a role in them.

use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole, WorkspaceRole};
use atrium_ui::{Checkbox, Group, Select, SelectOption, all, derive, el, keyed, memo, when};
use atrium_words::t;
use leptos::prelude::*;

use super::BulkAction;
use super::plan::{Choice, why_not_inside};
use crate::forms::change_role::role_options;
use crate::session::Place;

/// The fields of an action; none where it needs nothing.
pub fn fields(place: Place, action: BulkAction, choice: RwSignal<Choice>) -> AnyView {
    match action {
        BulkAction::ChangeRole => role(place, choice),
        BulkAction::AddToWorkspaces => {
            let rbac = memo(move || {
                place.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.can_use_rbac))
            });
            all([
                workspaces(place, action, choice),
                when(move || rbac.get(), move || workspace_role(place, choice)),
            ])
        }
        BulkAction::RemoveFromWorkspaces => workspaces(place, action, choice),
        BulkAction::Resend | BulkAction::Revoke | BulkAction::Remove => ().into_any(),
    }
}

fn role(place: Place, choice: RwSignal<Choice>) -> AnyView {
    let options = derive(move || {
        let why_not = |to: &OrganizationRole| place.why_not(&Action::ChangeRole(&OrganizationRole::User, to));
        let first = SelectOption::new("", t!("Choose a role"));
        let offered =
            place.roles.data.with(|roles| role_options(roles.as_deref().unwrap_or_default(), why_not));
        std::iter::once(first).chain(offered).collect::<Vec<_>>()
    });
    let value = derive(move || choice.with(|choice| choice.role.clone()));
    let on_change = Callback::new(move |id: String| choice.update(|choice| choice.role = id));
    view! { <Select label=t!("Organization role") value options on_change /> }.into_any()
}

fn workspace_role(place: Place, choice: RwSignal<Choice>) -> AnyView {
    let options = derive(move || {
        place.roles.data.with(|all| {
            let inside = all.iter().flatten().filter(|role| role.workspace_role().is_some());
            inside.map(|role| SelectOption::new(role.id.clone(), role.label())).collect::<Vec<_>>()
        })
    });
    // Who is told nothing else works in a workspace.
    let editor = untrack(|| {
        place.roles.data.with(|all| {
            let is_editor = |role: &&Role| role.workspace_role() == Some(WorkspaceRole::Editor);
            all.iter().flatten().find(is_editor).map(|role| role.id.clone()).unwrap_or_default()
        })
    });
    choice.update(|choice| choice.workspace_role = editor);
    let value = derive(move || choice.with(|choice| choice.workspace_role.clone()));
    let on_change = Callback::new(move |id: String| choice.update(|choice| choice.workspace_role = id));
    let note = t!("An invitation opens the workspace with the role that it was sent with.");
    all([
        view! { <Select label=t!("Workspace role") value options on_change /> }.into_any(),
        el("p").class("note").with(note).view(),
    ])
}

fn workspaces(place: Place, action: BulkAction, choice: RwSignal<Choice>) -> AnyView {
    let known = place.workspaces.or_default();
    let keys = derive(move || known.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>()));
    let row = move |id: String| {
        let name = known.with_untracked(|all| {
            all.iter().find(|one| one.id == id).map(|one| one.display_name.clone()).unwrap_or_default()
        });
        let (asked, toggled) = (id.clone(), id.clone());
        let why_not = derive(move || {
            let role = choice.with(|choice| choice.workspace_role.clone());
            let adds = action == BulkAction::AddToWorkspaces;
            let denied = if adds { place.why_not_open(&asked, &role) } else { None };
            why_not_inside(place, &asked).or(denied)
        });
        let checked = derive(move || choice.with(|choice| choice.workspaces.contains(&id)));
        let on_change = Callback::new(move |on: bool| {
            choice.update(|choice| {
                if on {
                    choice.workspaces.insert(toggled.clone());
                } else {
                    choice.workspaces.remove(&toggled);
                }
            });
        });
        view! { <Checkbox label=name checked on_change disabled_reason=why_not /> }.into_any()
    };
    let list = el("div").class("workspace-choice").with(keyed(keys, row)).view();
    view! { <Group legend=t!("Workspaces")>{list}</Group> }.into_any()
}
