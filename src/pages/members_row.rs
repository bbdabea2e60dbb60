//! A row of the members table.

use atrium_domain::access::keeps_an_admin;
use atrium_domain::wire::{Invitation, Member, OrganizationMembers, Role};
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Avatar, Badge, Button, ButtonKind, Icon, Status, Tone, cell, derive, dynamic, el, lower, memo, text,
};
use leptos::prelude::*;

use crate::components::day;
use crate::forms::{Leaving, RoleOfMember};
use crate::session::{Place, organization_role_of};

/// A member or an invitation, as the table shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberLine {
    /// The identity.
    pub identity: String,
    /// The address.
    pub email: String,
    /// The name, where it is known.
    pub name: Option<String>,
    /// Whether this is an invitation.
    pub invited: bool,
    /// Whether this is the signed-in person.
    pub is_self: bool,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// The organization role.
    pub role: OrganizationRole,
    /// Its id.
    pub role_id: String,
    /// Its name for people.
    pub role_name: String,
    /// The workspaces.
    pub workspaces: Vec<String>,
    /// When the person joined or was invited.
    pub since: String,
}

impl MemberLine {
    /// Whether a search (in lower case) and the filters leave it; empty ones leave everything.
    pub fn matches(&self, wanted: &str, role: &str, status: &str) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        let found = lower(&self.email).contains(wanted) || lower(name).contains(wanted);
        let has_role = role.is_empty() || self.role.as_str() == role;
        let has_status = status.is_empty() || (status == "invited") == self.invited;
        found && has_role && has_status
    }
}

/// Members and invitations as one list: invitations first, as they wait for something, then by
/// address.
pub fn lines(members: &OrganizationMembers, roles: &[Role], own: Option<&str>) -> Vec<MemberLine> {
    let active = members.members.iter().map(|one| active_line(one, roles, own));
    let mut lines: Vec<_> =
        members.pending.iter().map(|one| invited_line(one, roles)).chain(active).collect();
    lines.sort_by(|a, b| (!a.invited, &a.email).cmp(&(!b.invited, &b.email)));
    lines
}

fn role_parts(
    roles: &[Role],
    id: Option<&String>,
    name: Option<&String>,
) -> (OrganizationRole, String, String) {
    let role =
        organization_role_of(roles, id, name).unwrap_or_else(|| OrganizationRole::Other(String::new()));
    let listed = id.and_then(|id| roles.iter().find(|role| role.id == *id)).map(|role| &role.display_name);
    let shown = listed.or(name).cloned().unwrap_or_else(|| role.label().to_owned());
    (role, id.cloned().unwrap_or_default(), shown)
}

fn active_line(one: &Member, roles: &[Role], own: Option<&str>) -> MemberLine {
    let id = one.org_role_id.as_ref().or(one.role_id.as_ref());
    let (role, role_id, role_name) =
        role_parts(roles, id, one.org_role_name.as_ref().or(one.role_name.as_ref()));
    MemberLine {
        identity: one.id.clone(),
        email: one.email.clone().unwrap_or_default(),
        name: one.full_name.clone().filter(|name| !name.is_empty()),
        invited: false,
        is_self: own == Some(one.id.as_str()),
        is_disabled: one.is_disabled,
        role,
        role_id,
        role_name,
        workspaces: one.tenant_ids.clone(),
        since: one.created_at.clone(),
    }
}

fn invited_line(one: &Invitation, roles: &[Role]) -> MemberLine {
    let id = one.org_role_id.as_ref().or(one.role_id.as_ref());
    let (role, role_id, role_name) =
        role_parts(roles, id, one.org_role_name.as_ref().or(one.role_name.as_ref()));
    let workspaces = if one.tenant_ids.is_empty() {
        one.workspace_ids.clone().unwrap_or_default()
    } else {
        one.tenant_ids.clone()
    };
    MemberLine {
        identity: one.id.clone(),
        email: one.email.clone(),
        name: None,
        invited: true,
        is_self: false,
        is_disabled: false,
        role,
        role_id,
        role_name,
        workspaces,
        since: one.created_at.clone(),
    }
}

/// The workspaces of a line, for people.
fn workspaces_text(line: &MemberLine, place: Place) -> String {
    if line.role == OrganizationRole::Admin {
        return "All, as Organization Admin".to_owned();
    }
    place.workspaces.data.with(|all| {
        let names: Vec<_> = line
            .workspaces
            .iter()
            .filter_map(|id| all.iter().flatten().find(|one| one.id == *id))
            .map(|one| one.display_name.as_str())
            .collect();
        match (line.workspaces.len(), names.len()) {
            (0, _) => "None".to_owned(),
            // Names only where all are known: a list that hides some is worse than a number.
            (count, known) if count == known && count <= 3 => names.join(", "),
            (1, _) => "1 workspace".to_owned(),
            (count, _) => format!("{count} workspaces"),
        }
    })
}

/// A row. It gets the identity alone and finds the rest, so that it stays, with the focus in it,
/// when the line changes.
#[component]
pub fn MemberRow(
    /// The identity.
    identity: String,
    /// All lines.
    all: Memo<Vec<MemberLine>>,
    /// The identities that are shown, in their order.
    shown: Memo<Vec<String>>,
    /// How many active Organization Admins there are.
    admins: Memo<usize>,
    /// Whom the confirmation is about.
    leaving: RwSignal<Option<Leaving>>,
) -> impl IntoView {
    let place = Place::current();
    let id = identity.clone();
    let line = memo(move || all.with(|all| all.iter().find(|line| line.identity == id).cloned()));
    let Some(first) = line.get_untracked() else { return ().into_any() };
    let id = identity.clone();
    let index = derive(move || {
        let position = shown.with(|shown| shown.iter().position(|one| *one == id));
        Some(position.map_or(0, |position| position + 2).to_string())
    });

    let role = memo(move || {
        line.with(|line| line.as_ref().map(|line| line.role.clone()))
            .unwrap_or_else(|| OrganizationRole::Other(String::new()))
    });
    let role_id =
        memo(move || line.with(|line| line.as_ref().map(|line| line.role_id.clone())).unwrap_or_default());
    let role_name =
        move || line.with(|line| line.as_ref().map(|line| line.role_name.clone())).unwrap_or_default();
    let workspaces = memo(move || {
        line.with(|line| line.as_ref().map(|line| workspaces_text(line, place))).unwrap_or_default()
    });
    // The same rule by which the server keeps the last admin, on all members.
    let last_admin = move || {
        keeps_an_admin(admins.get() as u64, role.get() == OrganizationRole::Admin)
            .err()
            .map(|denied| denied.0.to_owned())
    };
    let (is_self, invited) = (first.is_self, first.invited);
    let locked = derive(move || {
        let role = role.get();
        let to_user = place.why_not(&Action::ChangeRole(&role, &OrganizationRole::User));
        let to_admin = place.why_not(&Action::ChangeRole(&role, &OrganizationRole::Admin));
        last_admin().or(to_user.and(to_admin))
    });
    let kept = derive(move || {
        let denied = if is_self { None } else { place.why_not(&Action::Remove(&role.get())) };
        if invited { denied } else { last_admin().or(denied) }
    });
    let ask = Callback::new(move |()| {
        if let Some(line) = line.get_untracked() {
            leaving.set(Some(Leaving {
                identity: line.identity,
                email: line.email,
                invited: line.invited,
                is_self: line.is_self,
                role: line.role_name,
                workspaces: workspaces.get_untracked(),
            }));
        }
    });
    let MemberLine { email, name, since, .. } = first;
    let disabled = memo(move || line.with(|line| line.as_ref().is_some_and(|line| line.is_disabled)));
    let status = dynamic(move || {
        let (status, tone) = match (invited, disabled.get()) {
            (true, _) => ("Invited", Tone::Neutral),
            (_, true) => ("Disabled", Tone::Warn),
            _ => ("Active", Tone::Good),
        };
        view! { <Status text=status tone /> }.into_any()
    });
    let since = if invited { format!("Sent {}", day(&since)) } else { format!("Joined {}", day(&since)) };
    let (label, icon) = if invited {
        (format!("Revoke invitation to {email}"), Icon::X)
    } else {
        (format!("Remove {email}"), Icon::Trash)
    };
    let action = view! {
        <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=kept on_press=ask />
    };
    let role_cell = if invited {
        el("span").class("role-text").with(text(role_name)).view()
    } else {
        view! { <RoleOfMember identity email=email.clone() role_id role is_self locked /> }.into_any()
    };
    let you = is_self.then(|| view! { <Badge text="You" tone=Tone::Accent /> });
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(&email).with(you))
        .with(name.as_ref().map(|name| el("span").class("row-note").with(name)));
    let person = el("span")
        .class("with-avatar")
        .with(view! { <Avatar name=name.unwrap_or_else(|| email.clone()) seed=email /> })
        .with(words);
    let status =
        el("span").class("two-lines").with(status).with(el("span").class("row-note nowrap").with(since));
    el("tr")
        .attr("role", "row")
        .live("aria-rowindex", index)
        .attr_if("class", is_self.then_some("own"))
        .with(el("td").attr("role", "cell").with(person))
        .with(cell("Status").with(status))
        .with(cell("Role").with(role_cell))
        .with(cell("Workspaces").with(text(move || workspaces.get())))
        .with(el("td").attr("role", "cell").class("actions").with(action))
        .view()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn line(email: &str, name: Option<&str>, invited: bool, role: OrganizationRole) -> MemberLine {
        MemberLine {
            identity: email.into(),
            email: email.into(),
            name: name.map(str::to_owned),
            invited,
            is_self: false,
            is_disabled: false,
            role_id: String::new(),
            role_name: role.label().to_owned(),
            role,
            workspaces: vec![],
            since: String::new(),
        }
    }

    #[wasm_bindgen_test]
    fn search_looks_at_address_and_name() {
        let ada = line("ada@acme.com", Some("Ada Lovelace"), false, OrganizationRole::Admin);
        assert!(ada.matches("", "", "") && ada.matches("acme", "", "") && ada.matches("lovel", "", ""));
        assert!(!ada.matches("bob", "", ""));
    }

    #[wasm_bindgen_test]
    fn filters_add_up() {
        let bob = line("bob@acme.com", None, true, OrganizationRole::User);
        assert!(bob.matches("bob", "ORGANIZATION_USER", "invited"));
        assert!(!bob.matches("bob", "ORGANIZATION_USER", "active"));
        assert!(!bob.matches("bob", "ORGANIZATION_ADMIN", "invited"));
    }
}
