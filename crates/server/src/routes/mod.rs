//! The operations of the API, a file a subject, and the list of all of them.

mod api_keys;
mod audit_logs;
mod auth;
mod basic;
mod billing;
mod ends;
pub mod entity_tag;
mod info;
mod invitations;
mod members;
mod organization_end;
mod orgs;
mod pending;
mod platform;
pub mod removed;
mod resources;
mod roles;
mod webhooks;
mod workspace_invitations;
mod workspace_members;
mod workspaces;

use atrium_domain::roles::permission;
use atrium_domain::{Action, KeyReach};
use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware;

use crate::answers::Done;
use crate::audit::refusals;
use crate::error::{ApiError, Result};
use crate::operations::Operations;
use crate::operations::describe::List;
use crate::operations::need::Need;
use crate::request::idempotency;
use crate::serve::AppState;

#[cfg(any(test, fuzzing))]
pub use audit_logs::read_cursor;
#[cfg(any(test, fuzzing))]
pub use auth::credentials;
pub use info::ready;
#[cfg(any(test, fuzzing))]
pub use invitations::Invitee;
pub use orgs::organization_row;
#[cfg(any(test, fuzzing))]
pub use resources::language;

/// What a handler answers.
type Answer<T = Done> = Result<Json<T>>;
/// What a handler answers that gives a list.
type Answers<T> = Result<List<T>>;

/// The answer of an operation whose contract says nothing about it.
fn done() -> Done {
    Done {}
}

/// The answer to an address that is none.
pub async fn not_found() -> ApiError {
    ApiError::not_found("Not Found")
}

async fn wrong_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

/// Every operation: where it is, what it needs, what it does, who answers it.
///
/// # Errors
/// A sentence where the list contradicts itself; see [`Operations::finish`].
pub fn router(state: AppState) -> std::result::Result<Router, String> {
    let mut list = Operations::new(state.clone());
    installation(&mut list);
    organizations(&mut list);
    members(&mut list);
    workspaces(&mut list);
    keys(&mut list);
    Ok(list
        .finish()?
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::layer))
        .layer(middleware::from_fn_with_state(state.clone(), refusals::layer))
        .with_state(state))
}

fn installation(list: &mut Operations) {
    list.subject("Installation");
    list.get("/api/v1/info", Need::Nobody, "What the installation offers", info::info);
    list.get("/api/v1/info/health", Need::Nobody, "Whether this server is up", info::health);
    list.get("/api/v1/info/ready", Need::Nobody, "Whether to send it requests (Atrium's own)", info::ready);

    list.subject("Signing in");
    list.post("/api/v1/signup", Need::Nobody, "Sign up (Atrium's own)", auth::sign_up);
    list.post("/api/v1/login", Need::Nobody, "Sign in, with HTTP Basic", auth::sign_in);
    list.post("/api/v1/session", Need::Nobody, "Renew the access token (Atrium's own)", auth::renew);
    list.delete("/api/v1/session", Need::Nobody, "Sign out (Atrium's own)", auth::sign_out);
    list.post(
        "/api/v1/webhooks/stripe",
        Need::Nobody,
        "Messages of Stripe, signed (Atrium's own)",
        webhooks::stripe,
    );
    list.get("/api/v1/me/ls_user_id", Need::SignedIn, "Your account's id", auth::me);
}

#[rustfmt::skip]
fn organizations(list: &mut Operations) {
    let read = || Need::Organization(Action::ReadOrganization);
    let bill = || Need::Organization(Action::ManageBilling);

    list.subject("Organizations");
    list.get("/api/v1/orgs", Need::SignedIn, "Your organizations", orgs::list);
    list.post("/api/v1/orgs", Need::SignedIn, "Make a shared organization", orgs::create);
    list.get("/api/v1/orgs/current", read(), "The organization", orgs::current);
    // Who may is asked again by the handler: an Organization Admin alone.
    list.delete("/api/v1/orgs/current", Need::Organization(Action::UpdateOrganization), "Delete the organization with everything in it (Atrium's own)", organization_end::delete);
    list.get("/api/v1/orgs/current/ends", Need::Organization(Action::UpdateOrganization), "What ends with the organization (Atrium's own)", organization_end::ends);
    list.get("/api/v1/orgs/current/info", read(), "The organization for its members", orgs::info);
    list.patch("/api/v1/orgs/current/info", Need::Organization(Action::UpdateOrganization), "Change its name and settings", orgs::update);
    list.get("/api/v1/orgs/current/user/login-methods", read(), "How you sign in", orgs::login_methods);

    list.get("/api/v1/audit-logs", Need::Organization(Action::ReadAuditLog), "The audit log, newest first", audit_logs::list);

    list.subject("Billing");
    list.get("/api/v1/orgs/current/billing", read(), "Plan and card", billing::billing);
    list.post("/api/v1/orgs/current/setup", bill(), "Begin to add a card", billing::setup);
    list.post("/api/v1/orgs/current/payment-method", bill(), "Keep a confirmed card", billing::payment_method);
    list.post("/api/v1/orgs/current/plan", bill(), "Change the plan", billing::plan);
    list.get("/api/v1/orgs/current/business-info", read(), "The business that pays", billing::business_info);
    list.post("/api/v1/orgs/current/business-info", bill(), "Set the business that pays", billing::set_business_info);

    list.subject("Roles");
    list.get("/api/v1/orgs/permissions", Need::SignedIn, "What roles can permit", roles::permissions);
    list.get("/api/v1/orgs/current/roles", read(), "The organization's roles", roles::list);
    list.post("/api/v1/orgs/current/roles", Need::Organization(Action::ManageRoles), "Make a custom role", roles::create);
    list.patch("/api/v1/orgs/current/roles/{role_id}", Need::Organization(Action::ManageRoles), "Change a custom role", roles::update);
    list.delete("/api/v1/orgs/current/roles/{role_id}", Need::Organization(Action::ManageRoles), "Delete a custom role", roles::remove);
}

#[rustfmt::skip]
fn members(list: &mut Operations) {
    let read = || Need::Organization(Action::ReadOrganization);
    // Whom somebody may invite, change or remove is asked again when it is known who it is.
    let manage = || Need::Organization(Action::ManageMembers);

    list.subject("Members");
    list.get("/api/v1/orgs/current/members", read(), "Members and invitations", members::all);
    list.post("/api/v1/orgs/current/members", manage(), "Invite somebody", invitations::invite);
    list.get("/api/v1/orgs/current/members/active", read(), "A page of the members", members::active);
    list.get("/api/v1/orgs/current/members/pending", read(), "A page of the invitations", invitations::pending);
    list.post("/api/v1/orgs/current/members/batch", manage(), "Invite up to 500 people, all or nobody", invitations::invite_many);
    list.post("/api/v1/orgs/current/members/basic/batch", manage(), "Make accounts for up to 500 people, all or nobody", basic::add_many);
    list.patch("/api/v1/orgs/members/basic", Need::Account, "Change your name or password", basic::update_own);
    list.patch("/api/v1/orgs/current/members/{identity_id}", manage(), "Change a member's role", members::update);
    // Everybody may leave.
    list.delete("/api/v1/orgs/current/members/{identity_id}", Need::OrganizationMember, "Remove a member, or leave", members::remove);
    list.delete("/api/v1/orgs/current/members/{identity_id}/pending", manage(), "Revoke an invitation", invitations::revoke);
    list.get("/api/v1/orgs/current/members/{identity_id}/ends", Need::OrganizationMember, "What ends with a membership (Atrium's own)", ends::ends);
    list.get("/api/v1/orgs/current/members/removed", manage(), "Members who were removed in the last 30 days (Atrium's own)", removed::list);
    list.post("/api/v1/orgs/current/members/removed/{identity_id}/restore", manage(), "Bring a removed member back (Atrium's own)", removed::restore);
    list.get("/v1/platform/orgs/current/members", read(), "Members and invitations with their workspaces", platform::members);

    list.subject("Invitations to you");
    list.get("/api/v1/orgs/pending", Need::SignedIn, "Organizations that invite you", pending::list);
    list.delete("/api/v1/orgs/pending/{organization_id}", Need::SignedIn, "Decline", pending::decline);
    list.post("/api/v1/orgs/pending/{organization_id}/claim", Need::SignedIn, "Accept", pending::claim);
    list.get("/api/v1/workspaces/pending", Need::SignedIn, "Workspaces that invite you", workspace_invitations::list);
    list.delete("/api/v1/workspaces/pending/{id}", Need::SignedIn, "Decline", workspace_invitations::decline);
    list.post("/api/v1/workspaces/pending/{workspace_id}/claim", Need::SignedIn, "Accept", workspace_invitations::claim);
}

#[rustfmt::skip]
fn workspaces(list: &mut Operations) {
    let read = || Need::Workspace(permission::WORKSPACES_READ);
    let manage = || Need::Workspace(permission::WORKSPACES_MANAGE_MEMBERS);

    list.subject("Workspaces");
    list.get("/api/v1/workspaces", Need::Organization(Action::UseWorkspaces), "Those that you can enter", workspaces::list);
    list.post("/api/v1/workspaces", Need::Organization(Action::CreateWorkspace), "Make one", workspaces::create);
    list.patch("/api/v1/workspaces/{workspace_id}", Need::WorkspaceInPath(permission::WORKSPACES_MANAGE), "Rename one", workspaces::rename);
    list.delete("/api/v1/workspaces/{workspace_id}", Need::WorkspaceInPath(permission::WORKSPACES_MANAGE), "Delete one with everything in it", workspaces::remove);
    list.get("/api/v1/workspaces/current/stats", read(), "How much it holds", workspaces::stats);
    list.get("/api/v1/settings", Need::WorkspaceMember, "The workspace, as LangSmith's clients ask for it (Atrium's own)", workspaces::settings);

    list.subject("Members of a workspace");
    list.get("/api/v1/workspaces/current/members", read(), "Members and invitations", workspace_members::all);
    list.post("/api/v1/workspaces/current/members", manage(), "Add a member of the organization", workspace_members::add);
    list.get("/api/v1/workspaces/current/members/active", read(), "A page of the members", workspace_members::active);
    list.get("/api/v1/workspaces/current/members/pending", read(), "A page of the invitations", workspace_members::pending);
    list.patch("/api/v1/workspaces/current/members/{identity_id}", manage(), "Change a member's role", workspace_members::update);
    // Everybody may leave.
    list.delete("/api/v1/workspaces/current/members/{identity_id}", Need::WorkspaceMember, "Remove a member, or leave", workspace_members::remove);
    list.delete("/api/v1/workspaces/current/members/{identity_id}/pending", manage(), "Take the workspace out of an invitation", workspace_members::revoke);

    list.post("/api/v1/workspaces/current/members/batch", manage(), "Invite up to 500 people, all or nobody", workspace_invitations::invite_many);

    list.subject("Resources");
    list.get("/api/v1/sessions", Need::Workspace(permission::PROJECTS_READ), "Tracing projects", resources::projects);
    list.post("/api/v1/sessions", Need::Workspace(permission::PROJECTS_CREATE), "Make a tracing project", resources::create_project);
    list.get("/api/v1/datasets", Need::Workspace(permission::DATASETS_READ), "Datasets", resources::datasets);
    list.post("/api/v1/datasets", Need::Workspace(permission::DATASETS_CREATE), "Make a dataset", resources::create_dataset);
    list.get("/api/v1/annotation-queues", Need::Workspace(permission::QUEUES_READ), "Annotation queues", resources::queues);
    list.post("/api/v1/annotation-queues", Need::Workspace(permission::QUEUES_CREATE), "Make an annotation queue", resources::create_queue);
    list.get("/api/v1/repos", Need::Workspace(permission::PROMPTS_READ), "Prompts", resources::prompts);
    list.post("/api/v1/repos", Need::Workspace(permission::PROMPTS_CREATE), "Make a prompt, empty (Atrium's own)", resources::create_prompt);
}

#[rustfmt::skip]
fn keys(list: &mut Operations) {
    // What a key reaches is asked again when it is known; this much it takes for any.
    let least = KeyReach { organization: false, admin_everywhere: true };

    list.subject("API keys");
    list.get("/api/v1/api-key", Need::Place(Action::ReadServiceKeys), "Service keys", api_keys::list);
    list.post("/api/v1/api-key", Need::Place(Action::CreateServiceKey(least)), "Make a service key", api_keys::create);
    list.delete("/api/v1/api-key/{api_key_id}", Need::Place(Action::DeleteServiceKey(least)), "Delete a service key", api_keys::remove);
    list.get("/api/v1/api-key/current", Need::Place(Action::ReadTokens), "Your personal tokens", api_keys::tokens);
    list.post("/api/v1/api-key/current", Need::Place(Action::CreateToken), "Make a personal token", api_keys::create_token);
    list.delete("/api/v1/api-key/current/{pat_id}", Need::Place(Action::DeleteToken), "Delete a personal token", api_keys::remove_token);
}
