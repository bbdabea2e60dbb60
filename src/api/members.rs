//! Members of an organization and invitations to it.

use atrium_domain::json::Json;
use atrium_domain::wire::{Invitation, InvitationCreate, Member, MemberPatch, OrganizationMembers};
use gloo_net::http::Method;

use super::transport::{Answer, Scope, by_key, change, command, get, json};

/// All members and all open invitations.
pub fn members(organization: String) -> Answer<OrganizationMembers> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/members")
}

/// The membership of one account, as a list of one, or empty; a key has none that it could name.
pub fn membership(organization: String, account: &str) -> Answer<Vec<Member>> {
    if by_key() {
        return Answer::known(Json::List(Vec::new()));
    }
    get(
        Scope::Organization(organization),
        format!("/api/v1/orgs/current/members/active?ls_user_ids={account}"),
    )
}

/// Invites people, all or none.
pub fn invite(organization: String, people: &[InvitationCreate]) -> Answer<Vec<Invitation>> {
    change(Method::POST, Scope::Organization(organization), "/api/v1/orgs/current/members/batch", &people)
}

/// Gives a member another organization role.
pub fn change_member_role(organization: String, identity: &str, role: String) -> Answer<()> {
    let body = json(&MemberPatch { role_id: Some(role) });
    command(
        Method::PATCH,
        Scope::Organization(organization),
        format!("/api/v1/orgs/current/members/{identity}"),
        body,
    )
}

/// Removes a member.
pub fn remove_member(organization: String, identity: &str) -> Answer<()> {
    command(
        Method::DELETE,
        Scope::Organization(organization),
        format!("/api/v1/orgs/current/members/{identity}"),
        None,
    )
}

/// Revokes an invitation.
pub fn revoke_invitation(organization: String, identity: &str) -> Answer<()> {
    let path = format!("/api/v1/orgs/current/members/{identity}/pending");
    command(Method::DELETE, Scope::Organization(organization), path, None)
}
