//! Making a role, and changing one: its name, and what it permits, resource by resource.

mod fields;
mod review;

use std::collections::BTreeSet;

use atrium_domain::names::check_full_name;
use atrium_domain::permissions::missing;
use atrium_domain::wire::{Role, RoleDefinition};
use atrium_ui::{
    Button, ButtonKind, DialogKind, InlineError, Messages, TextField, all, derive, effect, el,
    focus_first_error, memo, spawn,
};
use atrium_words::{commas, plain, t};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use self::fields::permission_fields;
use self::review::Review;
pub use self::review::who_has;
use super::{cancel_or, undo};
use crate::api::{self, ApiError, Failure};
use crate::components::Permissions;
use crate::components::dialog_about;
use crate::forms::keep_or_discard;
use crate::session::{Place, Session, changed};

/// What the editor is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Editing {
    /// A role from nothing.
    New,
    /// A new role that begins with what this one permits.
    Copy(Role),
    /// This role.
    Edit(Role),
}

impl Editing {
    fn title(&self) -> String {
        match self {
            Self::New | Self::Copy(_) => t!("Create role").to_owned(),
            Self::Edit(role) => t!("Edit {name}", name = role.display_name),
        }
    }

    /// What the fields begin with.
    fn start(&self) -> RoleDefinition {
        let of = |role: &Role, name: String| RoleDefinition { display_name: name, ..definition_of(role) };
        match self {
            Self::New => RoleDefinition {
                display_name: String::new(),
                description: String::new(),
                permissions: Vec::new(),
            },
            // It is stored.
            Self::Copy(role) => of(role, plain(&t!("Copy of {name}", name = role.label()))),
            Self::Edit(role) => of(role, role.display_name.clone()),
        }
    }
}

/// The dialog, and the question before what was entered is thrown away.
#[component]
pub fn RoleEditor(
    /// What it is about; `None` while it is closed.
    editing: RwSignal<Option<Editing>>,
    /// What roles can permit.
    permissions: Permissions,
) -> impl IntoView {
    let dirty = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let close = Callback::new(move |()| {
        asking.set(false);
        editing.set(None);
    });
    let leave = Callback::new(move |()| if dirty.get_untracked() { asking.set(true) } else { close.run(()) });
    let form = move |about| view! { <Form about permissions dirty leave close /> }.into_any();
    let dialog = dialog_about(editing, DialogKind::Side, Some(leave), Editing::title, form);
    let words = t!("What you entered and chose is not kept.");
    let sure = keep_or_discard(asking, (t!("Discard this role?"), words, t!("Keep editing")), close);
    all([dialog, sure])
}

/// What the person entered and what came of it.
#[derive(Clone, Copy)]
struct Draft {
    /// The role as it was when it was last looked at; `None` for a new one.
    base: RwSignal<Option<Role>>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    chosen: RwSignal<BTreeSet<String>>,
    name_error: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<Option<String>>,
}

impl Draft {
    /// What would be saved. Reads no signals.
    fn definition(self) -> RoleDefinition {
        RoleDefinition {
            display_name: self.name.get_untracked().trim().to_owned(),
            description: self.description.get_untracked().trim().to_owned(),
            permissions: self.chosen.get_untracked().into_iter().collect(),
        }
    }
}

#[component]
fn Form(
    about: Editing,
    permissions: Permissions,
    dirty: RwSignal<bool>,
    leave: Callback<()>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let start = about.start();
    let base = if let Editing::Edit(role) = &about { Some(role.clone()) } else { None };
    let draft = Draft {
        base: RwSignal::new(base),
        name: RwSignal::new(start.display_name.clone()),
        description: RwSignal::new(start.description.clone()),
        chosen: RwSignal::new(start.permissions.iter().cloned().collect()),
        name_error: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(None),
    };
    let reviewing = RwSignal::new(None::<Review>);
    let first: BTreeSet<String> = start.permissions.iter().cloned().collect();
    effect(move || {
        let same = draft.name.with(|name| *name == start.display_name)
            && draft.description.with(|text| *text == start.description)
            && draft.chosen.with(|chosen| *chosen == first);
        dirty.set(!same);
    });
    on_cleanup(move || _ = dirty.try_set(false));

    let node = StoredValue::new_local(None::<Element>);
    let to_error = move || {
        request_animation_frame(move || {
            let _ = node.try_with_value(|node| node.iter().for_each(focus_first_error));
        });
    };
    let save = Callback::new(move |()| {
        if draft.busy.with_untracked(Option::is_some) {
            return;
        }
        let wanted = draft.definition();
        let before = draft.base.get_untracked();
        draft.busy.set(Some(if before.is_some() { t!("Saving") } else { t!("Creating") }.to_owned()));
        spawn(async move {
            let organization = place.organization_id();
            let result = match &before {
                Some(before) => save_over(&organization, before, &wanted, draft).await,
                None => api::create_role(organization, &wanted).await.map(Some),
            };
            draft.busy.try_set(None);
            reviewing.try_set(None);
            match result {
                Ok(Some(saved)) => {
                    let organization = place.organization_id();
                    let name = saved.display_name.clone();
                    let (said, undo) = match before {
                        Some(before) => (
                            t!("The role {name} was saved.", name),
                            undo::edited_role(session, messages, organization, before, saved),
                        ),
                        None => (
                            t!("The role {name} was created.", name),
                            undo::made_role(session, messages, organization, saved),
                        ),
                    };
                    messages.undoable(said, undo);
                    // Nothing of it is lost any more.
                    dirty.try_set(false);
                    close.try_run(());
                    changed(session.changes.organization);
                    changed(session.changes.members);
                }
                Ok(None) => changed(session.changes.organization),
                Err(failed) => {
                    if draft.name.try_get_untracked().is_some() {
                        show(draft, permissions, &wanted, failed);
                        to_error();
                    }
                }
            }
        });
    });
    let submit = move |event: Event| {
        event.prevent_default();
        if draft.busy.with_untracked(Option::is_some) {
            return;
        }
        let wanted = draft.definition();
        draft.name_error.set(check_full_name(&wanted.display_name).err());
        draft
            .error
            .set(wanted.permissions.is_empty().then(|| t!("Choose at least one permission.").to_owned()));
        if draft.name_error.with_untracked(Option::is_some) {
            to_error();
            return;
        }
        if draft.error.with_untracked(Option::is_some) {
            return;
        }
        let review = draft.base.get_untracked().map(|role| Review {
            gained: missing(&wanted.permissions, &role.permissions),
            lost: missing(&role.permissions, &wanted.permissions),
            role,
        });
        match review.filter(|review| !review.gained.is_empty() || !review.lost.is_empty()) {
            // Whoever has it is told of before, not after.
            Some(review) => reviewing.set(Some(review)),
            None => save.run(()),
        }
    };
    let verb =
        derive(move || if draft.base.with(Option::is_some) { t!("Save") } else { t!("Create") }.to_owned());
    let busy = memo(move || draft.busy.get());
    let act = view! { <Button label=verb kind=ButtonKind::Primary submit=true busy /> };
    let form = el("form").class("form role-editor").attr("novalidate", "").on("submit", submit);
    node.set_value(Some(form.node().clone().unchecked_into()));
    let form = form
        .with(view! {
            <TextField label=t!("Role name") value=draft.name autofocus=true required=true error=draft.name_error />
        })
        .with(view! { <TextField label=t!("Description") value=draft.description /> })
        .with(permission_fields(permissions, draft.chosen, draft.base))
        .with(view! { <InlineError text=draft.error /> })
        .with(cancel_or(leave, false, act.into_any()));
    all([form.view(), review::dialog(reviewing, permissions, draft.busy, save)])
}

/// Saves what a role is to be, unless somebody else changed it meanwhile: then that is said, and
/// the next time it is saved over what is there now.
async fn save_over(
    organization: &str,
    before: &Role,
    wanted: &RoleDefinition,
    draft: Draft,
) -> Result<Option<Role>, ApiError> {
    let now = api::roles(organization.to_owned()).await?;
    match now.into_iter().find(|role| role.id == before.id) {
        None => {
            draft.base.try_set(None);
            draft.error.try_set(Some(t!(
                "Somebody else deleted {name} meanwhile. What you entered is still here: creating makes it anew, \
                 and nobody has it then.",
                name = before.display_name
            )));
            Ok(None)
        }
        Some(now) if differs(before, &now).is_some() => {
            draft.error.try_set(Some(t!(
                "Somebody else changed {name} meanwhile: {changes} What you entered is still here; saving again \
                 puts it in place of theirs.",
                name = before.display_name,
                changes = differs(before, &now).unwrap_or_default()
            )));
            draft.base.try_set(Some(now));
            Ok(None)
        }
        Some(_) => api::update_role(organization.to_owned(), &before.id, wanted).await.map(Some),
    }
}

/// What makes such a role.
pub(super) fn definition_of(role: &Role) -> RoleDefinition {
    RoleDefinition {
        display_name: role.display_name.clone(),
        description: role.description.clone(),
        permissions: role.permissions.clone(),
    }
}

/// What somebody else made of a role, as a sentence; `None` where they left it alone.
pub(super) fn differs(before: &Role, now: &Role) -> Option<String> {
    let mut parts = Vec::new();
    if now.display_name != before.display_name {
        parts.push(t!("it is now named {name}", name = now.display_name));
    }
    if now.description != before.description {
        parts.push(t!("its description differs").to_owned());
    }
    let (more, fewer) =
        (missing(&now.permissions, &before.permissions), missing(&before.permissions, &now.permissions));
    if !more.is_empty() {
        parts.push(t!("it permits {permissions} too", permissions = commas(&more)));
    }
    if !fewer.is_empty() {
        parts.push(t!("it no longer permits {permissions}", permissions = commas(&fewer)));
    }
    let parts = parts.into_iter().reduce(|first, next| t!("{first}; {next}", first, next));
    parts.map(|changes| t!("{changes}.", changes))
}

/// Shows a refusal where it belongs.
fn show(draft: Draft, permissions: Permissions, wanted: &RoleDefinition, failed: ApiError) {
    // The one thing that can be there already is the name.
    let of_name = failed.of_field("display_name");
    let of_name = of_name.or_else(|| (failed.failure == Failure::Conflict).then(|| failed.sentence.clone()));
    if of_name.is_some() {
        draft.name_error.set(of_name);
        return;
    }
    // Each permission that was refused is named.
    let rows = failed.rows();
    let names: Vec<_> = rows
        .iter()
        .filter_map(|(index, _)| wanted.permissions.get(*index))
        .map(|name| untrack(|| permissions.description(name)))
        .collect();
    draft.error.set(Some(match rows.first() {
        Some((_, reason)) if !names.is_empty() => {
            t!("Not permitted: {permissions}. {reason}", permissions = commas(&names), reason)
        }
        _ => failed.sentence,
    }));
}
