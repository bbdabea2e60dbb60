//! Organization role, workspaces and workspace role: for everybody, or for one who differs.

use std::collections::BTreeSet;

use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole, WorkspaceRole};
use atrium_ui::{Checkbox, El, Group, Select, SelectOption, all, derive, dynamic, el, keyed, memo, when};
use atrium_words::{commas, look, t, tn};
use leptos::prelude::*;

use super::people::Access;
use crate::forms::change_role::role_options;
use crate::session::Place;

/// What can be chosen here.
#[derive(Clone, Copy)]
pub struct Choices {
    /// Where this is.
    pub place: Place,
    roles: Signal<Vec<SelectOption>>,
    workspace_roles: Signal<Vec<SelectOption>>,
    /// Whether workspace roles differ between members.
    pub rbac: Memo<bool>,
}

impl Choices {
    /// What the person who invites can give.
    pub fn new(place: Place) -> Self {
        let roles = derive(move || {
            let roles = place.roles.data.get().unwrap_or_default();
            role_options(&roles, |role| place.why_not(&Action::Invite(role)))
        });
        let workspace_roles = derive(move || {
            let option = |role: &Role| SelectOption::new(role.id.clone(), role.label());
            place.roles.data.with(|all| {
                let of_workspaces = all.iter().flatten().filter(|role| role.workspace_role().is_some());
                of_workspaces.map(option).collect::<Vec<_>>()
            })
        });
        let rbac = memo(move || {
            place.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.can_use_rbac))
        });
        Self { place, roles, workspace_roles, rbac }
    }

    /// The access with what was not chosen filled in: Organization User is what most people need,
    /// and where it is not offered, whatever is; an Editor works in a workspace. Reads signals.
    pub fn filled(self, access: &Access) -> Access {
        let id_of = |is: &dyn Fn(&Role) -> bool| {
            self.place.roles.data.with(|all| {
                let found = all.iter().flatten().find(|role| is(role));
                found.map(|role| role.id.clone()).unwrap_or_default()
            })
        };
        let mut filled = access.clone();
        if filled.role.is_empty() {
            let user = id_of(&|role| role.organization_role() == Some(OrganizationRole::User));
            filled.role = self.roles.with(|options| {
                let offered = || options.iter().filter(|option| option.disabled_reason.is_none());
                let found = offered().find(|option| option.value == user).or_else(|| offered().next());
                found.map(|option| option.value.clone()).unwrap_or_default()
            });
        }
        if filled.workspace_role.is_empty() {
            filled.workspace_role = id_of(&|role| role.workspace_role() == Some(WorkspaceRole::Editor));
        }
        filled
    }

    /// Whether this role makes somebody an Organization Admin. Reads signals.
    pub fn is_admin(self, role: &str) -> bool {
        self.with_role(role, |role| role.organization_role() == Some(OrganizationRole::Admin))
            .unwrap_or(false)
    }

    /// A role's name for people. Reads signals.
    pub fn role_name(self, id: &str) -> String {
        self.with_role(id, |role| role.label().into_owned()).unwrap_or_default()
    }

    /// Why the person who invites cannot give a role. Reads signals.
    pub fn why_not(self, id: &str) -> Option<String> {
        let role = self.with_role(id, Role::organization_role).flatten()?;
        self.place.why_not(&Action::Invite(&role))
    }

    /// The workspaces that an invitation with this access opens: of those chosen, the ones that the
    /// person who invites may open with the role in it. Reads signals.
    pub fn opened(self, access: &Access) -> BTreeSet<String> {
        let may = |id: &&String| self.place.why_not_open(id, &access.workspace_role).is_none();
        access.workspaces.iter().filter(may).cloned().collect()
    }

    fn with_role<T>(self, id: &str, read: impl Fn(&Role) -> T) -> Option<T> {
        self.place.roles.data.with(|all| all.iter().flatten().find(|role| role.id == id).map(read))
    }

    /// The names of some workspaces, in the order of the picker. Reads signals.
    pub fn workspace_names<'a>(self, ids: impl Fn(&str) -> bool + 'a) -> Vec<String> {
        self.place.workspaces.data.with(|all| {
            let chosen = all.iter().flatten().filter(|one| ids(&one.id));
            chosen.map(|one| one.display_name.clone()).collect()
        })
    }

    /// An access in a few words, for a chip: what differs from the others. Reads signals.
    pub fn in_words(self, access: &Access, others: &Access) -> String {
        let mut words = Vec::new();
        if access.role != others.role {
            words.push(self.role_name(&access.role));
        }
        let (opened, usual) = (self.opened(access), self.opened(others));
        if !self.is_admin(&access.role) && opened != usual {
            words.push(match opened.len() {
                0 => t!("no workspace").to_owned(),
                1 => self.workspace_names(|id| opened.contains(id)).concat(),
                many => tn!(many, "{count} workspace", "{count} workspaces"),
            });
        }
        let with_role = self.rbac.get() && !self.is_admin(&access.role);
        if with_role && access.workspace_role != others.workspace_role {
            words.push(self.role_name(&access.workspace_role));
        }
        if words.is_empty() { t!("the same as the others").to_owned() } else { commas(&words) }
    }
}

/// The fields for an access. `who` names the person whose it is; nobody means everybody's. `before`
/// and `after` stand beside the role.
pub fn access_fields(
    choices: Choices,
    value: Signal<Access>,
    set: Callback<Access>,
    who: Option<&str>,
    (before, after): (Option<AnyView>, Option<AnyView>),
) -> AnyView {
    let as_admin = memo(move || value.with(|access| choices.is_admin(&access.role)));
    let name = |everybody: &str, one: fn(&str) -> String| who.map_or_else(|| everybody.to_owned(), one);
    let change = move |edit: &dyn Fn(&mut Access)| {
        let mut access = value.get_untracked();
        edit(&mut access);
        set.run(access);
    };
    let role = view! {
        <Select
            label=name(t!("Organization role"), |who| t!("Role for {who}", who))
            value=derive(move || value.with(|access| access.role.clone()))
            options=choices.roles
            on_change=Callback::new(move |id: String| change(&|access| access.role.clone_from(&id)))
        />
    };
    let group_name = name(t!("Workspaces"), |who| t!("Workspaces for {who}", who));
    let role_in = name(t!("Workspace role"), |who| t!("Role in workspaces for {who}", who));
    let for_one = who.is_some();
    let role_in_workspaces = move || {
        if choices.rbac.get() {
            let set_role =
                Callback::new(move |id: String| change(&|access| access.workspace_role.clone_from(&id)));
            view! {
                <Select
                    label=role_in.clone()
                    value=derive(move || value.with(|access| access.workspace_role.clone()))
                    options=choices.workspace_roles
                    on_change=set_role
                />
            }
            .into_any()
        } else if for_one {
            ().into_any()
        } else {
            note(t!(
                "On this plan everybody in a workspace is its Admin. With Enterprise each person is Admin, \
                 Editor, Viewer or has a role of your own making there, and the role is chosen here."
            ))
            .view()
        }
    };
    let in_workspaces = move || {
        if as_admin.get() {
            note(t!("An Organization Admin is Admin of every workspace. There is nothing to choose.")).view()
        } else {
            let group = workspace_choice(choices.place, group_name.clone(), for_one, value, set);
            all([group, dynamic(role_in_workspaces.clone())])
        }
    };
    let role = el("div").class("access-role").with(before).with(role).with(after);
    all([role.view(), dynamic(in_workspaces)])
}

fn note(text: &str) -> El {
    el("p").class("note").with(text)
}

fn workspace_choice(
    place: Place,
    name: String,
    for_one: bool,
    value: Signal<Access>,
    set: Callback<Access>,
) -> AnyView {
    let known = place.workspaces.or_default();
    let keys = derive(move || known.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>()));
    let row = move |id: String| {
        let name = place.workspaces.data.with_untracked(|all| {
            let found = all.iter().flatten().find(|one| one.id == id);
            found.map(|one| one.display_name.clone()).unwrap_or_default()
        });
        let (toggled, asked) = (id.clone(), id.clone());
        let why_not = derive(move || value.with(|access| place.why_not_open(&asked, &access.workspace_role)));
        // What may not be opened with this role shows unchecked, and is not opened.
        let checked = derive(move || {
            value.with(|access| access.workspaces.contains(&id)) && why_not.with(Option::is_none)
        });
        let on_change = Callback::new(move |on: bool| {
            let mut access = value.get_untracked();
            if on {
                access.workspaces.insert(toggled.clone());
            } else {
                access.workspaces.remove(&toggled);
            }
            set.run(access);
        });
        view! { <Checkbox label=name checked on_change disabled_reason=why_not /> }.into_any()
    };
    let usable = move || place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.usable().is_ok()));
    let none = || {
        note(t!(
            "Workspaces can be chosen once the organization has a plan; until then people join without any."
        ))
        .view()
    };
    // Those that the person cannot enter are not listed: who may not open them is told why, once.
    let elsewhere = move || match place.caller.get().and_then(|caller| caller.may_open(None, &[]).err()) {
        Some(denied) if usable() && !for_one => note(look(denied.0)).view(),
        _ => ().into_any(),
    };
    view! {
        <Group legend=name>
            {all([
                when(move || known.with(Vec::is_empty) && !usable(), none),
                el("div").class("workspace-choice").with(keyed(keys, row)).view(),
                dynamic(elsewhere),
            ])}
        </Group>
    }
    .into_any()
}
