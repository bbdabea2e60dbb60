//! A row of the members table.

use atrium_domain::access::keeps_an_admin;
use atrium_domain::change_set::{Change, Inside, Kind, RoleHeld};
use atrium_domain::roles::role_label;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Avatar, Badge, Button, ButtonKind, El, Icon, Messages, Status, Tone, cell, derive, dynamic, el, lower,
    memo, optional, text,
};
use atrium_words::{look, t};
use leptos::prelude::*;

use super::line::workspaces_text;
use super::{Column, MemberLine, Pages, Selection, line_of, select_one};
use crate::change_set::{Tray, role_held};
use crate::components::{ago, day};
use crate::forms::{BringBackButton, Changing, ResendInvitation, RoleOfMember};
use crate::session::Place;

/// What all rows share.
#[derive(Clone, Copy)]
pub struct RowContext {
    /// Where the person is.
    pub place: Place,
    /// The people.
    pub pages: Pages,
    /// How many Organization Admins can sign in; `None` while that is not known.
    pub admins: Memo<Option<u64>>,
    /// Whose role is about to change.
    pub changing: RwSignal<Option<Changing>>,
    /// Who is about to be removed.
    pub leaving: RwSignal<Option<MemberLine>>,
    /// Who is about to be brought back.
    pub returning: RwSignal<Option<MemberLine>>,
    /// Who is selected.
    pub selection: Selection,
    /// Whose workspaces are listed.
    pub listed: RwSignal<Option<MemberLine>>,
    /// Whose access is explained.
    pub explained: RwSignal<Option<String>>,
}

/// The row with a key: of a person, or of somebody who is still on the way.
pub fn member_row(key: String, context: RowContext) -> El {
    match line_with(&key, context) {
        Some(first) => row_of(key, first, context),
        None => waiting_row(),
    }
}

fn line_with(key: &str, RowContext { place, pages, .. }: RowContext) -> Option<MemberLine> {
    let person = pages.person(key)?;
    let own = place.own_identity();
    Some(place.roles.data.with(|roles| {
        place.workspaces.data.with(|workspaces| {
            let (roles, workspaces) =
                (roles.as_deref().unwrap_or_default(), workspaces.as_deref().unwrap_or_default());
            line_of(person, roles, workspaces, own.as_deref())
        })
    }))
}

fn column(column: Column) -> El {
    cell(column.label()).attr("data-column", column.word())
}

fn cell_text() -> El {
    el("span").class("cell-text")
}

/// The shape of a row that is on its way.
fn waiting_row() -> El {
    let bar = || el("span").class("loading-bar").attr("aria-hidden", "true");
    let first = el("td")
        .attr("role", "cell")
        .with(el("span").class("visually-hidden").with(t!("Loading")))
        .with(bar());
    el("tr")
        .attr("role", "row")
        .class("waiting")
        .with(el("td").attr("role", "cell").class("selection"))
        .with(first)
        .with(
            [Column::Status, Column::Role, Column::Workspaces, Column::Joined]
                .map(|one| column(one).with(bar())),
        )
        .with(el("td").attr("role", "cell").class("actions"))
}

/// The row of a person. It finds what changes by its key, so that it stays, with the focus in it,
/// when the line changes.
fn row_of(key: String, first: MemberLine, context: RowContext) -> El {
    let RowContext { place, admins, changing, leaving, returning, listed, .. } = context;
    // Where a row is on its way out, the last that was known of it stays.
    let last = StoredValue::new(first.clone());
    let line = memo(move || {
        if let Some(line) = line_with(&key, context) {
            let _ = last.try_set_value(line);
        }
        last.get_value()
    });
    let tray = Tray::current();
    let messages = Messages::expect();
    let role = memo(move || line.with(|line| line.role.clone()));
    let disabled = memo(move || line.with(|line| line.is_disabled));
    // The same rule by which the server keeps the last admin, on all members who can sign in.
    let last_admin = move || {
        let is_admin = role.get() == OrganizationRole::Admin && !disabled.get();
        // What is collected happens together with what is chosen here.
        let others = |tray: Tray| tray.admins_but(line.with(|line| line.email.clone()));
        let more = tray.filter(|tray| tray.is_collecting()).map_or(0, others);
        match admins.get().map(|admins| admins.saturating_add_signed(more)) {
            Some(admins) => keeps_an_admin(admins, is_admin).err().map(|denied| look(denied.0).to_owned()),
            None => is_admin.then(|| t!("Organization Admins are still being counted.").to_owned()),
        }
    };
    let (is_self, invited) = (first.is_self, first.invited);
    let locked = derive(move || {
        let role = role.get();
        let to_user = place.why_not(&Action::ChangeRole(&role, &OrganizationRole::User));
        let to_admin = place.why_not(&Action::ChangeRole(&role, &OrganizationRole::Admin));
        to_user.and(to_admin).or(last_admin())
    });
    let kept = derive(move || {
        let denied = if is_self { None } else { place.why_not(&Action::Remove(&role.get())) };
        if invited { denied } else { denied.or(last_admin()) }
    });
    // Collected instead of done; what says so takes it back.
    let collect = move |kind: Kind, to: Option<RoleHeld>| -> bool {
        let Some(tray) = tray.filter(|tray| untrack(|| tray.is_collecting())) else { return false };
        let change = change_of(line.get_untracked(), kind, to);
        let (email, planned) = (change.email.clone(), planned_words(&change));
        tray.collect([change]);
        let said = t!("{email}: {planned} Nothing is done before you apply it.", email, planned);
        tray.say(messages, said, email);
        true
    };
    let collect_role =
        Callback::new(move |id: String| collect(Kind::Role, Some(untrack(|| role_held(place, &id)))));
    let ask = Callback::new(move |()| {
        if collect(if invited { Kind::Revoke } else { Kind::Remove }, None) {
            return;
        }
        leaving.set(Some(line.get_untracked()));
    });
    let select = match first.removed {
        None => select_one(context.selection, &first),
        Some(_) => el("td").attr("role", "cell").class("selection"),
    };
    let MemberLine { email, name, removed, .. } = first;
    let is_removed = removed.is_some();
    let status = dynamic(move || {
        let (status, tone) = match (invited, disabled.get()) {
            _ if is_removed => (t!("Removed"), Tone::Neutral),
            (true, _) => (t!("Invited"), Tone::Neutral),
            (_, true) => (t!("Disabled"), Tone::Warn),
            _ => (t!("Active"), Tone::Good),
        };
        view! { <Status text=status tone /> }.into_any()
    });
    let since = text(move || {
        line.with(|line| match &line.removed {
            Some(removed_on) => day(removed_on),
            None if invited => t!("Sent {ago}", ago = ago(&line.since)),
            None => day(&line.since),
        })
    });
    let removed_note = is_removed.then(|| el("span").class("row-note cell-text").with(t!("removed")));
    let (label, icon) = if invited {
        (t!("Revoke invitation to {email}", email), Icon::X)
    } else {
        (t!("Remove {email}", email), Icon::Trash)
    };
    let action = if is_removed {
        view! { <BringBackButton line returning /> }.into_any()
    } else {
        view! {
            <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=kept on_press=ask />
        }
        .into_any()
    };
    let why = (!invited && !is_removed).then(|| why_button(&email, context.explained));
    let resend = invited.then(|| view! { <ResendInvitation email=email.clone() icon_only=true /> });
    let role_cell = if invited || is_removed {
        cell_text().with(text(move || line.with(|line| role_label(&line.role_name).into_owned()))).view()
    } else {
        view! { <RoleOfMember line changing locked collect=collect_role /> }.into_any()
    };
    let you = is_self.then(|| view! { <Badge text=t!("You") tone=Tone::Accent /> });
    let shown = if name.is_empty() { email.clone() } else { name.clone() };
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(cell_text().attr("title", &email).with(&email)).with(you))
        .with(planned_or_name(tray, &email, name.clone()));
    let person = el("span").class("with-avatar").with(view! { <Avatar name=shown seed=email /> }).with(words);
    let selected = memo(move || line.with(|line| context.selection.holds(&line.identity)));
    el("tr")
        .attr("role", "row")
        .attr_if("class", is_self.then_some("own"))
        .live("data-selected", derive(move || selected.get().then(String::new)))
        .with(select)
        .with(el("td").attr("role", "cell").with(person))
        .with(column(Column::Status).with(status))
        .with(column(Column::Role).with(role_cell))
        .with(column(Column::Workspaces).with(workspaces_cell(line, listed)))
        .with(
            column(Column::Joined)
                .with(el("span").class("two-lines").with(cell_text().with(since)).with(removed_note)),
        )
        .with(el("td").attr("role", "cell").class("actions").with(why).with(resend).with(action))
}

/// What opens the picture of somebody's access.
fn why_button(email: &str, explained: RwSignal<Option<String>>) -> AnyView {
    let label = t!("Why {email} has access", email);
    let email = email.to_owned();
    let press = Callback::new(move |()| explained.set(Some(email.clone())));
    view! { <Button label icon=Icon::Info icon_only=true kind=ButtonKind::Quiet on_press=press /> }.into_any()
}

/// The change that is collected of a line.
fn change_of(line: MemberLine, kind: Kind, to: Option<RoleHeld>) -> Change {
    let inside = |one: crate::api::PersonWorkspace| Inside { id: one.id, name: one.name, role: one.role };
    Change {
        kind,
        email: lower(&line.email),
        identity: line.identity,
        is_self: line.is_self,
        is_disabled: line.is_disabled,
        from: Some(RoleHeld {
            id: line.role_id,
            name: line.role_name,
            is_admin: line.role == OrganizationRole::Admin,
        }),
        to,
        workspaces: line.workspaces.into_iter().map(inside).collect(),
        workspace_role: None,
    }
}

/// What is collected of a person, as a sentence.
fn planned_words(change: &Change) -> String {
    match (change.kind, &change.to) {
        (Kind::Remove, _) => t!("Collected: to be removed.").to_owned(),
        (Kind::Revoke, _) => t!("Collected: invitation to be revoked.").to_owned(),
        (_, Some(role)) => t!("Collected: to become {role}.", role = role_label(&role.name)),
        (_, None) => String::new(),
    }
}

/// The second line of a row: what is collected of the person, else the name.
fn planned_or_name(tray: Option<Tray>, email: &str, name: String) -> AnyView {
    let planned = tray.map(|tray| tray.of(email));
    optional(move || {
        let planned = planned.and_then(|planned| planned.with(|change| change.as_ref().map(planned_words)));
        let class = if planned.is_some() { "row-note cell-text planned" } else { "row-note cell-text" };
        let words = planned.or_else(|| (!name.is_empty()).then(|| name.clone()))?;
        Some(el("span").class(class).with(words).view())
    })
}

/// The workspace, or how many they are, behind which their list is.
fn workspaces_cell(line: Memo<MemberLine>, listed: RwSignal<Option<MemberLine>>) -> AnyView {
    let words = memo(move || line.with(workspaces_text));
    let several =
        memo(move || line.with(|line| line.role != OrganizationRole::Admin && line.workspaces.len() > 1));
    // What the role in the one workspace is; where there are several, their list tells.
    let note = memo(move || {
        line.with(|line| match line.workspaces.as_slice() {
            [one] if line.role != OrganizationRole::Admin => role_label(&one.role).into_owned(),
            _ => String::new(),
        })
    });
    dynamic(move || {
        if several.get() {
            let open = move |_| listed.set(Some(line.get_untracked()));
            let name = derive(move || {
                line.with(|line| {
                    Some(t!("{workspaces} of {email}", workspaces = words.get(), email = line.email))
                })
            });
            return el("button")
                .attr("type", "button")
                .class("cell-link")
                .attr("aria-haspopup", "dialog")
                .live("aria-label", name)
                .on("click", open)
                .with(words)
                .view();
        }
        el("span")
            .class("two-lines")
            .with(cell_text().with(words))
            .with(el("span").class("row-note cell-text").with(note))
            .view()
    })
}
