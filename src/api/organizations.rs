//! Organizations, and invitations to them.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{OrganizationCreate, OrganizationInfo, OrganizationSlim};
use gloo_net::http::Method;

use super::transport::{Answer, Call, Scope, by_key, change, command, get, read_as};

/// The organizations of the signed-in person. The first call makes the personal one. An API key
/// has the one that it belongs to.
pub fn organizations() -> Answer<Vec<OrganizationSlim>> {
    if by_key() {
        let call = Call {
            method: Method::GET,
            path: "/api/v1/orgs/current/info".to_owned(),
            scope: Scope::Account,
            body: None,
            basic: None,
            if_match: None,
        };
        return read_as(call, |json| OrganizationInfo::from_json(json).and_then(slim).map(|one| vec![one]));
    }
    get(Scope::Account, "/api/v1/orgs?include_tier=true")
}

/// Makes a shared organization, pending until it has a plan.
pub fn create_organization(name: String) -> Answer<OrganizationSlim> {
    let body = OrganizationCreate { display_name: name, is_personal: false };
    change(Method::POST, Scope::Account, "/api/v1/orgs", &body)
}

/// The organization as its members see it.
pub fn organization_info(organization: String) -> Answer<OrganizationInfo> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/info")
}

fn slim(info: OrganizationInfo) -> Option<OrganizationSlim> {
    Some(OrganizationSlim {
        id: info.id?,
        display_name: info.display_name.unwrap_or_default(),
        tier: info.tier,
        created_at: None,
        is_personal: info.is_personal,
        disabled: info.disabled,
    })
}

/// Organizations that invite the signed-in person; none invites a key.
pub fn waiting_invitations() -> Answer<Vec<OrganizationSlim>> {
    if by_key() {
        return Answer::known(Json::List(Vec::new()));
    }
    get(Scope::Account, "/api/v1/orgs/pending")
}

/// Accepts the invitation to an organization.
pub fn accept_invitation(organization: &str) -> Answer<()> {
    command(Method::POST, Scope::Account, format!("/api/v1/orgs/pending/{organization}/claim"), None)
}

/// Declines the invitation to an organization.
pub fn decline_invitation(organization: &str) -> Answer<()> {
    command(Method::DELETE, Scope::Account, format!("/api/v1/orgs/pending/{organization}"), None)
}
