//! Members of an organization and invitations to it.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Invitation, InvitationCreate, Member, OrganizationMembers};
use atrium_ui::lower;
use gloo_net::http::Method;

use super::error::ApiError;
use super::people::{MOST_PEOPLE, Person};
use super::transport::{Answer, Paged, Scope, by_key, change, command, get, get_page};

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

/// Most addresses that [`who_is_there`] and [`invitations_among`] are asked about at once: an
/// address of a request has to stay short enough for whatever stands before the server.
pub const MOST_ADDRESSES: usize = 100;

fn among(organization: String, list: &str, addresses: &[String]) -> (Scope, String) {
    let path = format!("/api/v1/orgs/current/members/{list}?limit={MOST_ADDRESSES}");
    let path = addresses.iter().fold(path, |path, one| format!("{path}&emails={}", encoded(one)));
    (Scope::Organization(organization), path)
}

/// A text as a part of a query.
pub(super) fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// Those of some addresses that are members'.
fn members_among(organization: String, addresses: &[String]) -> Answer<Vec<Member>> {
    let (scope, path) = among(organization, "active", addresses);
    get(scope, path)
}

/// The invitations to some addresses.
pub fn invitations_among(organization: String, addresses: &[String]) -> Answer<Vec<Invitation>> {
    let (scope, path) = among(organization, "pending", addresses);
    get(scope, path)
}

/// Those of some addresses that are members' or invited. Both questions are sent at once.
///
/// # Errors
/// Where one of them got no answer.
pub async fn who_is_there(
    organization: String,
    addresses: &[String],
) -> Result<(Vec<Member>, Vec<Invitation>), ApiError> {
    let mut members = members_among(organization.clone(), addresses);
    let mut invited = invitations_among(organization, addresses);
    let (mut first, mut second) = (None, None);
    let (members, invited) = poll_fn(move |context| {
        if first.is_none()
            && let Poll::Ready(answer) = Pin::new(&mut members).poll(context)
        {
            first = Some(answer);
        }
        if second.is_none()
            && let Poll::Ready(answer) = Pin::new(&mut invited).poll(context)
        {
            second = Some(answer);
        }
        match (first.take(), second.take()) {
            (Some(members), Some(invited)) => Poll::Ready((members, invited)),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await;
    Ok((members?, invited?))
}

/// Those of some addresses that are members' or invited, each with the role in each workspace and, where
/// the backend gives them, the entity tag. The list finds addresses that have one of these in them as
/// well; it is read until its end, and they are left out.
///
/// # Errors
/// Where a call got no answer.
pub async fn people_among(organization: String, addresses: &[String]) -> Result<Vec<Person>, ApiError> {
    let filters =
        addresses.iter().fold(String::new(), |query, one| format!("{query}&email_like={}", encoded(one)));
    let wanted: BTreeSet<String> = addresses.iter().map(|one| lower(one)).collect();
    let mut found = Vec::new();
    for offset in (0..).step_by(MOST_PEOPLE) {
        let path = format!("/v1/platform/orgs/current/members?limit={MOST_PEOPLE}&offset={offset}{filters}");
        let page: Vec<Person> = get(Scope::Organization(organization.clone()), path).await?;
        let is_last = page.len() < MOST_PEOPLE;
        found.extend(page.into_iter().filter(|one| wanted.contains(&lower(&one.email))));
        if is_last {
            break;
        }
    }
    Ok(found)
}

/// Some members: enough to see which domains are usual.
pub fn some_members(organization: String) -> Answer<Vec<Member>> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/members/active?limit=100")
}

/// A few members whose address or name has this text in it.
pub fn find_members(organization: String, text: &str) -> Answer<Vec<Member>> {
    let path = format!(
        "/api/v1/orgs/current/members/active?limit=8&sort_by=email&sort_by_desc=false&q={}",
        encoded(text)
    );
    get(Scope::Organization(organization), path)
}

/// Those of some accounts that are members.
pub fn members_by_account(organization: String, accounts: &[String]) -> Answer<Vec<Member>> {
    let path = format!("/api/v1/orgs/current/members/active?limit={}", accounts.len());
    let path = accounts.iter().fold(path, |path, one| format!("{path}&ls_user_ids={}", encoded(one)));
    get(Scope::Organization(organization), path)
}

/// The oldest invitations, the oldest first.
pub fn oldest_invitations(organization: String) -> Answer<Vec<Invitation>> {
    let path = "/api/v1/orgs/current/members/pending?limit=20&sort_by=created_at&sort_by_desc=false";
    get(Scope::Organization(organization), path)
}

/// How many members and invitations there are together: the total of a page with nobody of interest on it.
pub fn count_everybody(organization: String) -> Answer<Paged<()>> {
    let path = "/v1/platform/orgs/current/members?limit=1".to_owned();
    get_page(Scope::Organization(organization), path)
}

/// What a member can enter (`orgs.OrgMemberEnriched`).
#[derive(Clone, Debug, PartialEq)]
pub struct Colleague {
    /// The address.
    pub email: String,
    /// The organization role.
    pub role_id: Option<String>,
    /// The workspaces that the member was added to, each with the role there.
    pub workspaces: Vec<ColleagueIn>,
}

/// A workspace of a [`Colleague`].
#[derive(Clone, Debug, PartialEq)]
pub struct ColleagueIn {
    /// The workspace.
    pub workspace_id: String,
    /// The role there.
    pub role_id: Option<String>,
}

impl FromJson for Colleague {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            email: json.read("email")?,
            role_id: json.read_or_default("role_id"),
            workspaces: json.read_or_default("workspace_memberships"),
        })
    }
}

impl FromJson for ColleagueIn {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { workspace_id: json.read("workspace_id")?, role_id: json.read_or_default("role_id") })
    }
}

/// The members whose address has this one in it, each with the role in each workspace.
pub fn access_of(organization: String, address: &str) -> Answer<Vec<Colleague>> {
    let path =
        format!("/v1/platform/orgs/current/members?active_is=true&limit=500&email_like={}", encoded(address));
    get(Scope::Organization(organization), path)
}

/// Invites people, all or none.
pub fn invite(organization: String, people: &[InvitationCreate]) -> Answer<Vec<Invitation>> {
    change(Method::POST, Scope::Organization(organization), "/api/v1/orgs/current/members/batch", &people)
}

/// Revokes an invitation.
pub fn revoke_invitation(organization: String, identity: &str) -> Answer<()> {
    let path = format!("/api/v1/orgs/current/members/{identity}/pending");
    command(Method::DELETE, Scope::Organization(organization), path, None)
}
