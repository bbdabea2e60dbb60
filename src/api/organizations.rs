//! Organizations, and invitations to them.

use atrium_domain::wire::{OrganizationCreate, OrganizationInfo, OrganizationSlim};
use gloo_net::http::Method;

use super::transport::{Answer, Scope, change, command, get};

/// The organizations of the signed-in person. The first call makes the personal one.
pub fn organizations() -> Answer<Vec<OrganizationSlim>> {
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

/// Organizations that invite the signed-in person.
pub fn waiting_invitations() -> Answer<Vec<OrganizationSlim>> {
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
