//! Settings > Members and roles > Roles: the list, the matrix, the difference of two, and who can.

mod compare;
mod list;
mod matrix;
mod who;

use atrium_domain::Action;
use atrium_domain::wire::Role;
use atrium_ui::{
    Banner, Button, ButtonKind, Icon, SelectOption, ToggleGroup, Tone, all, derive, dynamic, el, memo,
    optional,
};
use atrium_words::{look, mark, t};
use leptos::prelude::*;

use crate::components::{Loaded, Permissions, address_state, take_errand};
use crate::forms::{DeleteRole, Editing, RoleEditor};
use crate::paths;
use crate::session::Place;

/// What the views of the roles share.
#[derive(Clone, Copy)]
struct Shared {
    place: Place,
    /// The roles.
    roles: Signal<Vec<Role>>,
    /// What roles can permit.
    permissions: Permissions,
    /// What is made or changed; `None` while nothing is.
    editing: RwSignal<Option<Editing>>,
    /// What is to be deleted.
    deleting: RwSignal<Option<Role>>,
}

/// The views, by their word in the address.
const VIEWS: [(&str, &str); 4] = [
    ("", mark!("List")),
    ("matrix", mark!("Matrix")),
    ("compare", mark!("Compare")),
    ("who", mark!("Who can")),
];

/// `/o/{organization}/settings/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let place = Place::current();
    let shared = Shared {
        place,
        roles: place.roles.or_default(),
        permissions: Permissions::ask(),
        editing: RwSignal::new(None),
        deleting: RwSignal::new(None),
    };
    let why_not = memo(move || {
        place
            .caller
            .with(|caller| caller.as_ref().is_some_and(|caller| !caller.can_use_rbac))
            .then(|| place.why_not(&Action::AssignWorkspaceRoles).unwrap_or_default())
    });
    let banner = move || {
        why_not.get().map(|text| {
            view! {
                <Banner
                    tone=Tone::Accent
                    title=t!("Roles that differ are part of Enterprise")
                    text=format!(
                        "{text} {}",
                        t!(
                            "It adds Editors and Viewers beside Admins, another role in each workspace, and \
                             custom roles made permission by permission, with who gains and loses what before you save."
                        ),
                    )
                />
            }
            .into_any()
        })
    };
    let view = address_state("view");
    let shown = memo(move || {
        view.value.with(|word| VIEWS.iter().find(|(own, _)| own == word).map_or("", |(own, _)| *own))
    });
    let options = VIEWS.iter().map(|&(word, label)| SelectOption::new(word, look(label))).collect();
    let reason = derive(move || place.why_not(&Action::ManageRoles));
    let create = Callback::new(move |()| shared.editing.set(Some(Editing::New)));
    take_errand(paths::CREATE_ROLE, reason, create);
    let bar = el("div")
        .class("toolbar roles-bar")
        .with(view! {
            <ToggleGroup label=t!("View") options value=derive(move || shown.get().to_owned()) on_change=view.set />
        })
        .with(el("span").class("toolbar-gap"))
        .with(view! {
            <Button
                label=t!("Create role")
                kind=ButtonKind::Primary
                icon=Icon::Plus
                disabled_reason=reason
                on_press=create
            />
        });
    let body = move || match shown.get() {
        "matrix" => matrix::matrix(shared),
        "compare" => compare::compare(shared),
        "who" => who::who_can(shared),
        _ => list::list(shared),
    };
    let loaded = view! {
        <Loaded query=place.roles what=t!("the roles") rows=5>
            {dynamic(body)}
        </Loaded>
    };
    let (permissions, editing, deleting) = (shared.permissions, shared.editing, shared.deleting);
    all([
        optional(banner),
        bar.view(),
        loaded.into_any(),
        view! { <RoleEditor editing permissions /> }.into_any(),
        view! { <DeleteRole deleting permissions /> }.into_any(),
    ])
}
