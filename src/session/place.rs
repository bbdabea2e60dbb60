//! The organization and the workspace of the address, and what the person may do there.

use atrium_domain::wire::{Member, OrganizationInfo, Role, Workspace};
use atrium_domain::{Action, Caller, Credential, OrganizationRole, Tier};
use atrium_ui::memo;
use atrium_words::{look, t, translated};
use leptos::prelude::*;

use super::Session;
use crate::api::{self, Query, query};
use crate::components::current_path;
use crate::paths::{self, Page};

/// Where the person is. There is one for as long as the app runs, so an answer that comes late still finds it;
/// outside of an organization it asks nothing and has forgotten what it knew.
#[derive(Clone, Copy)]
pub struct Place {
    /// The path inside the app.
    pub path: Memo<String>,
    /// The page of that path.
    pub page: Memo<Page>,
    /// The organization in the address.
    pub organization: Memo<String>,
    /// The workspace in the address.
    pub workspace: Memo<Option<String>>,
    /// The organization itself.
    pub info: Query<OrganizationInfo>,
    /// The person's own membership: a list of one.
    pub own: Query<Vec<Member>>,
    /// The roles of the organization.
    pub roles: Query<Vec<Role>>,
    /// The workspaces that the person can enter.
    pub workspaces: Query<Vec<Workspace>>,
    /// What decides about the person here; `None` until enough is known.
    pub caller: Memo<Option<Caller>>,
}

impl Place {
    /// Reads the address and asks for what is there.
    pub fn provide(session: Session) -> Self {
        let path = current_path();
        let page = memo(move || path.with(|path| Page::of(path)));
        let organization =
            memo(move || path.with(|path| paths::organization_of(path).unwrap_or_default().to_owned()));
        let workspace = memo(move || path.with(|path| paths::workspace_of(path).map(str::to_owned)));
        let changes = session.changes;
        // A person who signs in anew, or as somebody else, is asked for anew.
        let about = move || format!("{} {}", organization.get(), session.account.get());
        let asked = move || (!organization.with(String::is_empty)).then(|| organization.get());

        // Asked again on every page: somebody else may have changed the person's role or the plan, or
        // removed the person. What is known is shown meanwhile.
        let info = query(about, move || {
            path.track();
            session.state.track();
            changes.organization.track();
            Some(api::organization_info(asked()?))
        });
        let own = query(about, move || {
            path.track();
            session.state.track();
            changes.organization.track();
            changes.members.track();
            Some(api::membership(asked()?, &session.account.get()))
        });
        let roles = query(about, move || {
            changes.organization.track();
            Some(api::roles(asked()?))
        });
        let usable =
            memo(move || info.data.with(|info| info.as_ref().is_some_and(OrganizationInfo::is_usable)));
        let workspaces = query(about, move || {
            changes.workspaces.track();
            if !usable.get() {
                return None;
            }
            Some(api::workspaces(asked()?))
        });
        let caller = memo(move || {
            let info = info.data.get()?;
            let known = own.data.with(Option::is_some) && roles.data.with(Option::is_some);
            let failed = own.error.with(Option::is_some) || roles.error.with(Option::is_some);
            (known || failed).then(|| caller(&info, own_role(own, roles)))
        });
        let place = Self { path, page, organization, workspace, info, own, roles, workspaces, caller };
        provide_context(place);
        place
    }

    /// The place of the person. A part that is tested alone has one that asks nothing.
    pub fn current() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Session::current()))
    }

    /// The id of the organization, for a call.
    pub fn organization_id(self) -> String {
        self.organization.get_untracked()
    }

    /// Whether the page is still one of this organization, for what an answer leads to: by then, the
    /// person may be elsewhere.
    pub fn is_in(self, organization: &str) -> bool {
        self.organization.with_untracked(|here| here == organization)
    }

    /// Whether another workspace takes another plan. Reads a signal.
    pub fn reached_max_workspaces(self) -> bool {
        self.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.reached_max_workspaces))
    }

    /// The name of the organization; empty until it is known. Reads signals.
    pub fn organization_name(self) -> String {
        self.info
            .data
            .with(|info| info.as_ref().and_then(|info| info.display_name.clone()))
            .unwrap_or_default()
    }

    /// Why the person may not do something here; `None` where they may. Reads signals.
    pub fn why_not(self, action: &Action<'_>) -> Option<String> {
        match self.caller.get() {
            Some(caller) => caller.why_not(action).map(|why| translated(&why).into_owned()),
            None => Some(t!("Your role in this organization is still being looked up.").to_owned()),
        }
    }

    /// Why the person may not open a workspace for somebody with a workspace role; `None` where they
    /// may. A server that does not tell what the person may there is asked by trying. Reads signals.
    pub fn why_not_open(self, workspace: &str, role: &str) -> Option<String> {
        // Whoever may open everything is asked for nothing more.
        let all = self.caller.with(|caller| Some(caller.as_ref()?.role == OrganizationRole::Admin))?;
        if all {
            return None;
        }
        let caller = self.caller.get()?;
        let given = self.roles.data.with(|all| {
            let found = all.iter().flatten().find(|one| caller.can_use_rbac && one.id == role);
            found.map(|role| role.permissions.clone()).unwrap_or_default()
        });
        self.workspaces.data.with(|all| {
            let own = match all.as_ref()?.iter().find(|one| one.id == workspace) {
                Some(found) => Some(found.permissions.as_deref()?),
                None => None,
            };
            caller.may_open(own, &given).err().map(|denied| look(denied.0).to_owned())
        })
    }

    /// The workspace of the address, if the person can enter it.
    pub fn current_workspace(self) -> Option<Workspace> {
        let id = self.workspace.get()?;
        self.workspaces.data.with(|all| all.as_ref()?.iter().find(|one| one.id == id).cloned())
    }

    /// The id of the account that is signed in, by its own membership.
    pub fn own_identity(self) -> Option<String> {
        self.own.data.with(|own| own.as_ref()?.first().map(|member| member.id.clone()))
    }
}

/// The person's role, from their own membership. `None` where the server did not tell.
fn own_role(own: Query<Vec<Member>>, roles: Query<Vec<Role>>) -> Option<OrganizationRole> {
    own.data.with(|own| {
        let member = own.as_ref()?.first()?;
        let id = member.org_role_id.as_ref().or(member.role_id.as_ref());
        let name = member.org_role_name.as_ref().or(member.role_name.as_ref());
        roles.data.with(|roles| organization_role_of(roles.as_deref().unwrap_or_default(), id, name))
    })
}

/// The organization role behind a role's id, or behind its name where the list does not hold it.
pub fn organization_role_of(
    roles: &[Role],
    id: Option<&String>,
    name: Option<&String>,
) -> Option<OrganizationRole> {
    let listed = id.and_then(|id| roles.iter().find(|role| role.id == *id)).and_then(Role::organization_role);
    listed.or_else(|| {
        let name = name?;
        let known = OrganizationRole::KNOWN.iter().find(|role| role.label() == name || role.as_str() == name);
        Some(known.cloned().unwrap_or_else(|| OrganizationRole::Other(name.clone())))
    })
}

/// What an organization role permits in the organization: of a role that this version does not know,
/// what the backend's list of roles says; `None` where that does not have it either.
pub fn permitted_by(roles: &[Role], role: &OrganizationRole) -> Option<Vec<String>> {
    match role {
        OrganizationRole::Other(_) => {
            let listed = roles.iter().find(|one| one.organization_role().as_ref() == Some(role));
            listed.map(|role| role.permissions.clone())
        }
        known => Some(known.permissions().iter().map(|name| (*name).to_owned()).collect()),
    }
}

fn caller(info: &OrganizationInfo, role: Option<OrganizationRole>) -> Caller {
    // Without a role, or with one that is not known, what the server says of permissions has to do; the
    // server decides anyway.
    let manages = info.permissions.iter().any(|name| name == "organization:manage");
    let role = match (role, manages) {
        (None, true) => OrganizationRole::Admin,
        (Some(OrganizationRole::Other(_)), true) => OrganizationRole::Operator,
        (None | Some(OrganizationRole::Other(_)), false) => OrganizationRole::User,
        (Some(known), _) => known,
    };
    Caller {
        credential: Credential::Session,
        role,
        tier: info.tier.clone().unwrap_or_else(|| Tier::Other(String::new())),
        disabled: info.disabled,
        is_personal: info.is_personal,
        can_use_rbac: info.config.can_use_rbac,
        can_use_audit_logs: info.config.can_use_audit_logs,
        max_workspaces: info.config.max_workspaces,
        reached_max_workspaces: info.reached_max_workspaces,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn an_unknown_role_permits_what_the_list_says_and_else_nobody_knows() {
        let role = |name: &str, permissions: &[&str]| Role {
            id: name.to_lowercase(),
            name: name.into(),
            display_name: "Auditor".into(),
            description: String::new(),
            organization_id: None,
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
            access_scope: Some("organization".into()),
        };
        let all = [role("ORGANIZATION_AUDITOR", &["organization:read", "organization:audit"])];
        let found = organization_role_of(&all, Some(&"organization_auditor".to_owned()), None);
        let found = found.as_ref().map(|role| permitted_by(&all, role));
        assert_eq!(
            found.flatten(),
            Some(vec!["organization:read".to_owned(), "organization:audit".to_owned()])
        );
        assert_eq!(permitted_by(&[], &OrganizationRole::Other("Auditor".into())), None);
        let viewer = permitted_by(&[], &OrganizationRole::Viewer);
        assert_eq!(viewer, Some(vec!["organization:read".to_owned()]));
    }
}
