//! Who is in a workspace, by the calls of a workspace's own members.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Invitation, InvitationCreate, Member};
use gloo_net::http::Method;
use serde::Serialize;

use super::members::encoded;
use super::transport::{Answer, Paged, Scope, change, command, get, get_page, json};

const MEMBERS: &str = "/api/v1/workspaces/current/members";

/// Somebody to add (`IdentityCreate`).
#[derive(Serialize)]
struct Added<'a> {
    org_identity_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<&'a str>,
}

/// The id of a membership of a workspace; none where the answer does not tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MembershipId(pub Option<String>);

impl FromJson for MembershipId {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self(json.read("id")))
    }
}

/// Adds a member of the organization to a workspace, with a role there where these differ.
pub fn add_to_workspace(scope: Scope, identity: &str, role: Option<&str>) -> Answer<MembershipId> {
    change(Method::POST, scope, MEMBERS, &Added { org_identity_id: identity, role_id: role })
}

/// Has the invitation of an address open a workspace too.
pub fn open_by_invitation(scope: Scope, email: &str) -> Answer<Vec<Invitation>> {
    let one = InvitationCreate { email: email.to_owned(), ..Default::default() };
    change(Method::POST, scope, format!("{MEMBERS}/batch"), &[one])
}

/// Somebody in a workspace: the id of the membership there, the address, and the role.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// The `identity_id` of the calls that change it.
    pub id: String,
    /// The address.
    pub email: String,
    /// The role there, where the answer tells.
    pub role_id: Option<String>,
}

impl FromJson for Inside {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("id")?,
            email: json.read_or_default("email"),
            role_id: json.read_or_default("role_id"),
        })
    }
}

/// Those with this address among the members of a workspace, or among its invitations.
pub fn inside(scope: Scope, email: &str, invited: bool) -> Answer<Vec<Inside>> {
    let list = if invited { "pending" } else { "active" };
    get(scope, format!("{MEMBERS}/{list}?emails={}", encoded(email)))
}

/// Takes somebody out of a workspace, or the workspace out of an invitation.
pub fn take_out(scope: Scope, id: &str, invited: bool) -> Answer<()> {
    let end = if invited { "/pending" } else { "" };
    command(Method::DELETE, scope, format!("{MEMBERS}/{id}{end}"), None)
}

/// A page of a list of people, in the order of the addresses: up to `limit` after the first `offset`, of
/// those with this text in the address or the name.
fn page_of(list: &str, text: &str, offset: usize, limit: usize) -> String {
    let text = if text.is_empty() { String::new() } else { format!("&q={}", encoded(text)) };
    format!("{list}?limit={limit}&offset={offset}&sort_by=email&sort_by_desc=false{text}")
}

/// The members of a workspace, Organization Admins among them, and how many they are where the server
/// tells.
pub fn workspace_people(scope: Scope, text: &str, offset: usize, limit: usize) -> Answer<Paged<Member>> {
    get_page(scope, page_of(&format!("{MEMBERS}/active"), text, offset, limit))
}

/// The invitations that open a workspace.
pub fn workspace_invited(scope: Scope, text: &str, offset: usize, limit: usize) -> Answer<Vec<Invitation>> {
    get(scope, page_of(&format!("{MEMBERS}/pending"), text, offset, limit))
}

/// The members of the organization.
pub fn colleagues(organization: String, text: &str, offset: usize, limit: usize) -> Answer<Vec<Member>> {
    let path = page_of("/api/v1/orgs/current/members/active", text, offset, limit);
    get(Scope::Organization(organization), path)
}

/// Invites people to a workspace, all or none: members of the organization to the workspace alone,
/// others to the organization by an invitation that opens the workspace.
pub fn invite_inside(scope: Scope, people: &[InvitationCreate]) -> Answer<Vec<Invitation>> {
    change(Method::POST, scope, format!("{MEMBERS}/batch"), &people)
}

/// Adds somebody to a workspace again who was taken out of it: by the account, since the membership and
/// its id are gone.
pub fn add_account(scope: Scope, account: &str, role: Option<&str>) -> Answer<()> {
    let body = AddedAccount { ls_user_id: account, role_id: role };
    command(Method::POST, scope, MEMBERS, json(&body))
}

/// Somebody to add (`IdentityCreate`), by the account.
#[derive(Serialize)]
struct AddedAccount<'a> {
    ls_user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<&'a str>,
}
