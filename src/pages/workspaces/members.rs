//! The members of a workspace: who is in it, with which role, and who is invited.

use std::collections::BTreeMap;

use atrium_domain::access::ADMIN_OF_ALL;
use atrium_domain::roles::{permission, role_label};
use atrium_domain::wire::{Invitation, InvitationCreate, Member, Role, Workspace};
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Badge, Button, ButtonKind, DialogKind, EmptyState, Icon, InlineError, Messages, Select, TableFrame, all,
    cell, derive, dynamic, el, heading_row, keyed, memo, spawn, table_parts, text, when,
};
use atrium_words::{look, t, tn};
use leptos::prelude::*;

use super::Shown;
use crate::api::{self, Answer, ApiError, Failure, Paged, Query, Scope, query};
use crate::components::{Listing, Loaded, ago, day, dialog_about, last_page, pager, person_cell};
use crate::forms::{AddToWorkspace, cancel_or, roles_to_give, undo_by};
use crate::session::{changed, organization_role_of};

/// How many people a page of the list has.
const PAGE: usize = 25;
/// Most invitations that show.
const MOST_INVITED: usize = 100;

/// What the signed-in person is about to do to themselves.
#[derive(Clone, PartialEq)]
enum OwnChange {
    /// Leave the workspace, by the id of the membership.
    Leave(String),
    /// Have another role there, by the ids of membership and role and the role's name.
    Role(String, String, String),
}

/// What the rows share.
#[derive(Clone, Copy)]
struct Rows {
    shown: Shown,
    messages: Messages,
    /// Why the person may not manage members here.
    why_not: Signal<Option<String>>,
    /// What the person is asked about before it is done to themselves.
    own: RwSignal<Option<OwnChange>>,
    /// The roles that are on their way to members, by the membership; an empty one for who is removed.
    under_way: RwSignal<BTreeMap<String, String>>,
}

/// The list with its toolbar, the invitations, and the dialogs.
pub fn members(shown: Shown) -> AnyView {
    let listing = Listing::read();
    let adding = RwSignal::new(false);
    let rows = Rows {
        shown,
        messages: Messages::expect(),
        why_not: derive(move || shown.why_not(permission::WORKSPACES_MANAGE_MEMBERS)),
        own: RwSignal::new(None),
        under_way: RwSignal::new(BTreeMap::new()),
    };
    let asked = query(
        move || shown.id(),
        move || {
            shown.session.changes.members.track();
            let offset = listing.page.value.get() * PAGE;
            Some(api::workspace_people(shown.scope(), &listing.text(), offset, PAGE))
        },
    );
    let add = Callback::new(move |()| adding.set(true));
    let total = memo(move || asked.data.with(|page| page.as_ref().and_then(|page| page.total)));
    let summary = move || match total.get() {
        Some(total) if listing.is_all() => tn!(total, "{count} member", "{count} members"),
        Some(total) => tn!(total, "{count} found", "{count} found"),
        None => String::new(),
    };
    let toolbar = el("div")
        .class("toolbar")
        .with(listing.field(t!("Search members")))
        .with(el("span").class("toolbar-gap").attr("role", "status").with(text(summary)))
        .with(view! {
            <Button
                label=t!("Add members")
                kind=ButtonKind::Primary
                icon=Icon::UserPlus
                disabled_reason=rows.why_not
                on_press=add
            />
        });
    // Without differing roles there is nothing to choose, which is said once and not in each row.
    let alike = dynamic(move || match shown.place.why_not(&Action::AssignWorkspaceRoles) {
        Some(why) if !shown.rbac() => el("p").class("lead").with(why).view(),
        _ => ().into_any(),
    });
    let table = move || list(rows, asked, listing, total);
    all([
        alike,
        toolbar.view(),
        view! { <Loaded query=asked what=t!("the members") rows=6>{table()}</Loaded> }.into_any(),
        invitations(rows, listing),
        view! { <AddToWorkspace open=adding workspace=shown.workspace /> }.into_any(),
        own_change(rows),
    ])
}

/// A row is built anew when anything that it shows has changed.
fn key(one: &Member) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (email, name) = (text(&one.email), text(&one.full_name));
    let (role, of_organization) = (text(&one.role_id), text(&one.org_role_id));
    format!("{}\n{email}\n{name}\n{role}\n{of_organization}", one.id)
}

fn list(rows: Rows, asked: Query<Paged<Member>>, listing: Listing, total: Memo<Option<u64>>) -> AnyView {
    let length = memo(move || asked.data.with(|page| page.as_ref().map_or(0, |page| page.rows.len())));
    let known = move || total.get().and_then(|total| usize::try_from(total).ok());
    listing.stay_within(move || known().map(|total| last_page(total, PAGE)));
    listing.stay_inside(asked.loading, move || {
        total.get().is_none() && length.get() == 0 && asked.data.with(Option::is_some)
    });
    let keys = derive(move || {
        asked.data.with(|page| page.iter().flat_map(|page| &page.rows).map(key).collect::<Vec<_>>())
    });
    let row_of = move |wanted: String| {
        let found = asked.data.with_untracked(|page| {
            page.iter().flat_map(|page| &page.rows).find(|one| key(one) == wanted).cloned()
        });
        found.map_or_else(|| ().into_any(), |one| row(one, rows))
    };
    let headings = [
        (t!("Member"), ""),
        (t!("Organization role"), ""),
        (t!("Workspace role"), ""),
        (t!("Added"), ""),
        (t!("Actions"), "actions"),
    ];
    let table = move || {
        // Where nobody tells how many there are, as many as are here.
        let row_count = derive(move || {
            let known = total.get().and_then(|total| usize::try_from(total).ok());
            known.unwrap_or_else(|| length.get()) + 1
        });
        view! {
            <TableFrame label=t!("Workspace members") row_count busy=asked.loading>
                {table_parts(heading_row(&headings), keyed(keys, row_of))}
            </TableFrame>
        }
        .into_any()
    };
    let nobody = move || {
        let clear = Callback::new(move |()| listing.clear());
        view! {
            <EmptyState
                title=t!("Nobody matches")
                text=t!("No member of this workspace has this in the address or the name.")
                icon=Icon::Search
            >
                <Button label=t!("Show everybody") on_press=clear />
            </EmptyState>
        }
        .into_any()
    };
    let more = derive(move || match total.get() {
        Some(total) => usize::try_from(total).unwrap_or(usize::MAX) > (listing.page.value.get() + 1) * PAGE,
        None => length.get() == PAGE,
    });
    all([
        when(move || length.get() > 0, table),
        when(move || length.get() == 0 && !asked.loading.get(), nobody),
        pager(listing.page, PAGE, length.into(), total.into(), more),
    ])
}

fn row(one: Member, rows: Rows) -> AnyView {
    let Rows { shown, why_not, own, .. } = rows;
    let email = one.email.clone().unwrap_or_default();
    let name = one.full_name.clone().unwrap_or_default();
    let is_self = shown.session.account.with_untracked(|account| *account == one.ls_user_id);
    let of_organization = said_role(one.org_role_name.as_deref());
    let (id, added) = (one.id.clone(), day(&one.created_at));
    let member = StoredValue::new(one);
    let admin = memo(move || {
        let roles = shown.place.roles.data.get().unwrap_or_default();
        let role = member.try_with_value(|one| {
            organization_role_of(&roles, one.org_role_id.as_ref(), one.org_role_name.as_ref())
        });
        role.flatten() == Some(OrganizationRole::Admin)
    });
    let reason = derive(move || {
        if admin.get() {
            return Some(look(ADMIN_OF_ALL.0).to_owned());
        }
        // Everybody may leave.
        if is_self { None } else { why_not.get() }
    });
    let (label, icon) = match is_self {
        true => (t!("Leave this workspace").to_owned(), Icon::LogOut),
        false => (t!("Remove {email}", email), Icon::Trash),
    };
    let label = derive(move || label.clone());
    let press = Callback::new(move |()| {
        if is_self {
            own.set(Some(OwnChange::Leave(id.clone())));
        } else {
            remove(rows, member.get_value());
        }
    });
    let role = dynamic(move || {
        if admin.get() {
            return el("span")
                .class("two-lines")
                .with(el("span").with(t!("Admin")))
                .with(el("span").class("row-note").with(t!("through the organization")))
                .view();
        }
        if shown.rbac() {
            return role_select(rows, member, is_self);
        }
        el("span").with(member.with_value(|one| said_role(one.role_name.as_deref()))).view()
    });
    let you = is_self.then(|| view! { <Badge text=derive(|| t!("You").to_owned()) /> });
    let person = el("span").class("with-badge").with(person_cell(&email, &name)).with(you);
    el("tr")
        .attr("role", "row")
        .with(cell(t!("Member")).with(person))
        .with(cell(t!("Organization role")).with(of_organization))
        .with(cell(t!("Workspace role")).with(role))
        .with(cell(t!("Added")).with(added))
        .with(cell(t!("Actions")).class("actions nowrap").with(view! {
            <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=reason on_press=press />
        }))
        .view()
}

/// The name of a role, as it is said.
fn said_role(name: Option<&str>) -> String {
    name.map(|name| role_label(name).into_owned()).unwrap_or_default()
}

fn role_select(rows: Rows, member: StoredValue<Member>, is_self: bool) -> AnyView {
    let Rows { shown, why_not, own, under_way, .. } = rows;
    let (id, email, held) = member.with_value(|one| {
        (one.id.clone(), one.email.clone().unwrap_or_default(), one.role_id.clone().unwrap_or_default())
    });
    let label = derive(move || t!("Workspace role of {email}", email));
    let options = derive(move || roles_to_give(shown.place, &shown.workspace.get()));
    let on_its_way = {
        let id = id.clone();
        memo(move || under_way.with(|all| all.get(&id).cloned()))
    };
    let value = derive(move || on_its_way.get().filter(|role| !role.is_empty()).unwrap_or(held.clone()));
    let reason = derive(move || {
        let busy = on_its_way.with(Option::is_some);
        if busy { Some(t!("This is being changed.").to_owned()) } else { why_not.get() }
    });
    let on_change = Callback::new(move |role: String| {
        if is_self {
            let name = role_name(shown, &role);
            own.set(Some(OwnChange::Role(id.clone(), role, name)));
        } else {
            give(rows, member.get_value(), role);
        }
    });
    view! { <Select label hide_label=true compact=true value options on_change disabled_reason=reason /> }
        .into_any()
}

fn role_name(shown: Shown, id: &str) -> String {
    shown.place.roles.data.with_untracked(|all: &Option<Vec<Role>>| {
        let found = all.iter().flatten().find(|role| role.id == id);
        found.map(|role| role.label().into_owned()).unwrap_or_default()
    })
}

fn meanwhile(sentence: &str) -> ApiError {
    ApiError::new(Failure::Conflict, sentence)
}

/// Gives a member another role in the workspace.
fn give(rows: Rows, member: Member, role: String) {
    let Rows { shown, messages, under_way, .. } = rows;
    let Workspace { id: workspace, display_name: name, .. } = shown.workspace.get_untracked();
    let (organization, given) = (shown.place.organization_id(), role_name(shown, &role));
    let email = member.email.clone().unwrap_or_default();
    under_way.update(|all| _ = all.insert(member.id.clone(), role.clone()));
    spawn(async move {
        let changed_to = role.clone();
        let made =
            api::change_workspace_role(organization.clone(), workspace.clone(), &member.id, role).await;
        let _ = under_way.try_update(|all| all.remove(&member.id));
        match made {
            Ok(()) => {
                let (before, held) =
                    (member.role_id.unwrap_or_default(), said_role(member.role_name.as_deref()));
                let said = (
                    t!("{email} is {held} in {name} again.", email, held, name),
                    t!("The role of {email} was not changed back.", email),
                );
                let (id, address) = (member.id, email.clone());
                let undo = undo_by(shown.session, messages, said, move || {
                    let (organization, workspace) = (organization.clone(), workspace.clone());
                    let (id, address) = (id.clone(), address.clone());
                    let (before, given) = (before.clone(), changed_to.clone());
                    Answer::done(async move {
                        // What somebody else has given since is not taken away.
                        let scope = Scope::Workspace(organization.clone(), workspace.clone());
                        let there = api::inside(scope, &address, false).await?;
                        let now = there.into_iter().find(|one| one.id == id).map(|one| one.role_id);
                        match now {
                            Some(role) if role.as_deref().is_none_or(|role| role == given) => {
                                api::change_workspace_role(organization, workspace, &id, before).await
                            }
                            Some(_) => {
                                Err(meanwhile(t!("Somebody else gave this member another role meanwhile.")))
                            }
                            None => Err(meanwhile(t!("Somebody else took this member out meanwhile."))),
                        }
                    })
                });
                messages.undoable(t!("{email} is {given} in {name} now.", email, given, name), undo);
            }
            Err(error) => {
                let said = t!("The role of {email} was not changed.", email);
                messages.failure(format!("{said} {}", error.sentence), None);
            }
        }
        changed(shown.session.changes.members);
    });
}

/// Takes a member out of the workspace.
fn remove(rows: Rows, member: Member) {
    let Rows { shown, messages, under_way, .. } = rows;
    if under_way.with_untracked(|all| all.contains_key(&member.id)) {
        return;
    }
    let (scope, name, rbac) = untrack(|| (shown.scope(), shown.name(), shown.rbac()));
    let email = member.email.clone().unwrap_or_default();
    under_way.update(|all| _ = all.insert(member.id.clone(), String::new()));
    spawn(async move {
        let made = api::take_out(scope.clone(), &member.id, false).await;
        let _ = under_way.try_update(|all| all.remove(&member.id));
        match made {
            Ok(()) => {
                let said = (
                    t!("{email} is in {name} again.", email, name),
                    t!("{email} was not added to {name} again.", email, name),
                );
                let role = member.role_id.clone().filter(|_| rbac);
                let undo = undo_by(shown.session, messages, said, move || {
                    api::add_account(scope.clone(), &member.ls_user_id, role.as_deref())
                });
                messages.undoable(t!("{email} was removed from {name}.", email, name), undo);
            }
            Err(error) => {
                let said = t!("{email} was not removed from {name}.", email, name);
                messages.failure(format!("{said} {}", error.sentence), None);
            }
        }
        changed(shown.session.changes.members);
    });
}

/// The question before the signed-in person leaves the workspace or takes rights from themselves.
fn own_change(rows: Rows) -> AnyView {
    let Rows { shown, messages, own, .. } = rows;
    let title = move |change: &OwnChange| {
        let name = untrack(|| shown.name());
        match change {
            OwnChange::Leave(_) => t!("Leave {name}?", name),
            OwnChange::Role(..) => t!("Change your own role in {name}?", name),
        }
    };
    let question = move |change: OwnChange| {
        let busy = RwSignal::new(None::<String>);
        let error = RwSignal::new(None::<String>);
        let (words, verb, doing) = match &change {
            OwnChange::Leave(_) => (
                t!("You lose what your role permits here, at once. An Admin of the workspace can add you \
                     again; you cannot do that yourself.")
                .to_owned(),
                t!("Leave"),
                t!("Leaving"),
            ),
            OwnChange::Role(_, _, name) => (
                t!(
                    "You are {name} here then, at once. What that role does not permit you can no longer do, \
                     and perhaps not change it back either.",
                    name
                ),
                t!("Change my role"),
                t!("Changing"),
            ),
        };
        let act = Callback::new(move |()| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(doing.to_owned()));
            error.set(None);
            let (scope, id, name) = untrack(|| (shown.scope(), shown.id(), shown.name()));
            let (organization, change) = (shown.place.organization_id(), change.clone());
            spawn(async move {
                let (said, made) = match change {
                    OwnChange::Leave(identity) => {
                        (t!("You left {name}.", name), api::take_out(scope, &identity, false).await)
                    }
                    OwnChange::Role(identity, role, role_name) => (
                        t!("You are {role_name} in {name} now.", role_name, name),
                        api::change_workspace_role(organization, id, &identity, role).await,
                    ),
                };
                busy.try_set(None);
                match made {
                    Ok(()) => {
                        messages.success(said);
                        own.try_set(None);
                    }
                    Err(failed) => _ = error.try_set(Some(failed.sentence)),
                }
                changed(shown.session.changes.members);
                changed(shown.session.changes.workspaces);
            });
        });
        let cancel = Callback::new(move |()| own.set(None));
        let act = view! { <Button label=verb kind=ButtonKind::Danger busy=busy on_press=act /> };
        all([
            el("p").with(words).view(),
            view! { <InlineError text=error /> }.into_any(),
            cancel_or(cancel, true, act.into_any()),
        ])
    };
    dialog_about(own, DialogKind::Alert, None, title, question)
}

/// Who is invited: an invitation that opens this workspace waits to be accepted.
fn invitations(rows: Rows, listing: Listing) -> AnyView {
    let shown = rows.shown;
    let asked = query(
        move || shown.id(),
        move || {
            shown.session.changes.members.track();
            // One more than shows, to know whether there are others.
            Some(api::workspace_invited(shown.scope(), &listing.text(), 0, MOST_INVITED + 1))
        },
    );
    let invited = asked.or_default();
    let key = |one: &Invitation| {
        format!("{}\n{}\n{}", one.id, one.role_name.as_deref().unwrap_or_default(), one.created_at)
    };
    let keys = derive(move || invited.with(|all| all.iter().take(MOST_INVITED).map(key).collect::<Vec<_>>()));
    let count = memo(move || keys.with(Vec::len));
    let row_of = move |wanted: String| {
        let found = invited.with_untracked(|all| all.iter().find(|one| key(one) == wanted).cloned());
        found.map_or_else(|| ().into_any(), |one| invitation(one, rows))
    };
    let headings =
        [(t!("Invited"), ""), (t!("Workspace role"), ""), (t!("Sent"), ""), (t!("Actions"), "actions")];
    let table = move || {
        let others = when(
            move || invited.with(|all| all.len() > MOST_INVITED),
            || {
                let words = t!("More are invited than show here. Search for an address to see the others.");
                el("p").class("muted").with(words).view()
            },
        );
        el("section")
            .class("below")
            .with(el("h2").class("section-title").with(t!("Invited")))
            .with(view! {
                <TableFrame label=t!("Invitations to this workspace") row_count=derive(move || count.get() + 1)>
                    {table_parts(heading_row(&headings), keyed(keys, row_of))}
                </TableFrame>
            })
            .with(others)
            .view()
    };
    view! {
        <Loaded query=asked what=t!("the invitations") rows=1>
            {when(move || count.get() > 0, table)}
        </Loaded>
    }
    .into_any()
}

fn invitation(one: Invitation, rows: Rows) -> AnyView {
    let email = one.email.clone();
    let role = said_role(one.role_name.as_deref());
    let sent = ago(&one.created_at);
    let busy = RwSignal::new(None::<String>);
    let press = Callback::new(move |()| {
        if busy.with_untracked(Option::is_none) {
            revoke(rows, one.clone(), busy);
        }
    });
    let label = t!("Revoke invitation to {email}", email);
    let label = derive(move || label.clone());
    let actions = cell(t!("Actions")).class("actions nowrap").with(view! {
        <Button
            label
            icon=Icon::X
            icon_only=true
            kind=ButtonKind::Quiet
            busy=busy
            disabled_reason=rows.why_not
            on_press=press
        />
    });
    el("tr")
        .attr("role", "row")
        .with(cell(t!("Invited")).with(person_cell(&email, "")))
        .with(cell(t!("Workspace role")).with(role))
        .with(cell(t!("Sent")).with(sent))
        .with(actions)
        .view()
}

/// Takes the workspace out of an invitation. One to the organization stands without it.
fn revoke(rows: Rows, one: Invitation, busy: RwSignal<Option<String>>) {
    let Rows { shown, messages, .. } = rows;
    busy.set(Some(t!("Revoking").to_owned()));
    let (scope, name, rbac) = untrack(|| (shown.scope(), shown.name(), shown.rbac()));
    spawn(async move {
        let made = api::take_out(scope.clone(), &one.id, true).await;
        busy.try_set(None);
        let email = one.email;
        match made {
            Ok(()) => {
                let again = InvitationCreate {
                    email: email.clone(),
                    workspace_role_id: one.workspace_role_id.filter(|_| rbac),
                    ..Default::default()
                };
                let said = (
                    t!("{email} is invited to {name} again.", email, name),
                    t!("{email} was not invited to {name} again.", email, name),
                );
                let undo = undo_by(shown.session, messages, said, move || {
                    let invited = api::invite_inside(scope.clone(), std::slice::from_ref(&again));
                    api::Answer::done(async { invited.await.map(drop) })
                });
                let said = t!("The invitation of {email} to {name} was revoked.", email, name);
                messages.undoable(said, undo);
            }
            Err(error) => {
                let said = t!("The invitation of {email} was not revoked.", email);
                messages.failure(format!("{said} {}", error.sentence), None);
            }
        }
        changed(shown.session.changes.members);
    });
}
