//! The names of operations in the audit log.

use axum::http::Method;

/// Every word of the contract's `AuditLogOperation`, a line each.
const CONTRACT: &str = include_str!("operations.txt");

macro_rules! operations {
    ($($name:ident = $word:literal,)*) => {
        /// An operation that changes something, by its name in the contract's `AuditLogOperation`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = concat!("`", $word, "`")] $name,)*
        }

        impl Operation {
            /// The name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// All of them.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

operations! {
    AddBasicAuthUsersToOrg = "add_basic_auth_users_to_org",
    AddMemberToWorkspace = "add_member_to_workspace",
    AddMembersToWorkspaceBatch = "add_members_to_workspace_batch",
    ClaimPendingOrganizationInvite = "claim_pending_organization_invite",
    ClaimPendingWorkspaceInvite = "claim_pending_workspace_invite",
    CreateAnnotationQueue = "create_annotation_queue",
    CreateDataset = "create_dataset",
    CreateOrganization = "create_organization",
    CreatePaymentSetupIntent = "create_payment_setup_intent",
    // The contract names no making of a prompt, only of a commit of one.
    CreatePrompt = "create_prompt",
    CreatePersonalAccessToken = "create_personal_access_token",
    CreateRole = "create_role",
    CreateServiceKey = "create_service_key",
    // The contract names no making of a project, only changing and deleting one.
    CreateTracerSession = "create_tracer_session",
    CreateWorkspace = "create_workspace",
    DeleteOrgMember = "delete_org_member",
    DeleteOrgPendingMember = "delete_org_pending_member",
    // The contract deletes no organization.
    DeleteOrganization = "delete_organization",
    DeletePendingOrganizationInvite = "delete_pending_organization_invite",
    DeletePendingWorkspaceInvite = "delete_pending_workspace_invite",
    DeletePersonalAccessToken = "delete_personal_access_token",
    DeleteRole = "delete_role",
    DeleteServiceKey = "delete_service_key",
    DeleteWorkspace = "delete_workspace",
    DeleteWorkspaceMember = "delete_workspace_member",
    DeleteWorkspacePendingMember = "delete_workspace_pending_member",
    InviteUserToOrg = "invite_user_to_org",
    InviteUsersToOrgBatch = "invite_users_to_org_batch",
    // The contract brings nobody back.
    RestoreOrgMember = "restore_org_member",
    UpdateBasicAuthUser = "update_basic_auth_user",
    UpdateBusinessInfo = "update_business_info",
    UpdateOrgMember = "update_org_member",
    UpdateOrganizationInfo = "update_organization_info",
    UpdatePaymentMethod = "update_payment_method",
    UpdatePaymentPlan = "update_payment_plan",
    UpdateRole = "update_role",
    UpdateWorkspace = "update_workspace",
    UpdateWorkspaceMember = "update_workspace_member",
}

/// The names that are not the contract's, each with the nearest that is.
const OWN: [(&str, &str); 4] = [
    ("create_prompt", "create_commit"),
    ("create_tracer_session", "update_tracer_session"),
    ("delete_organization", "update_organization_info"),
    ("restore_org_member", "invite_user_to_org"),
];

/// The contract's word for a stored name.
pub fn contract_word(stored: &str) -> &str {
    OWN.iter().find(|(own, _)| *own == stored).map_or(stored, |(_, word)| word)
}

/// The stored names that a word of the contract asks for; none for a word that is not one.
pub fn stored_words(word: &str) -> Option<Vec<&str>> {
    let known = !word.is_empty() && CONTRACT.lines().any(|line| line == word);
    known.then(|| {
        let own = OWN.iter().filter(|(_, near)| *near == word).map(|(own, _)| *own);
        std::iter::once(word).chain(own).collect()
    })
}

/// OCSF's activity of a stored name: its number and its name
/// (https://schema.ocsf.io/1.7.0/classes/api_activity).
pub fn activity(stored: &str) -> (u8, &'static str) {
    match stored.split('_').next() {
        Some("create" | "invite" | "add" | "claim" | "restore") => (1, "Create"),
        Some("update") => (3, "Update"),
        Some("delete") => (4, "Delete"),
        _ => (99, "Other"),
    }
}

impl Operation {
    /// The operation of a route, so that a refusal can be written down by its name wherever it came
    /// about. `None` for what changes nothing of an organization.
    pub fn of_route(method: &Method, template: &str) -> Option<Self> {
        let path = template.strip_prefix("/api/v1")?;
        Some(match (method.as_str(), path) {
            ("PATCH", "/orgs/current/info") => Self::UpdateOrganizationInfo,
            ("DELETE", "/orgs/current") => Self::DeleteOrganization,
            ("POST", "/orgs/current/setup") => Self::CreatePaymentSetupIntent,
            ("POST", "/orgs/current/payment-method") => Self::UpdatePaymentMethod,
            ("POST", "/orgs/current/plan") => Self::UpdatePaymentPlan,
            ("POST", "/orgs/current/business-info") => Self::UpdateBusinessInfo,
            ("POST", "/orgs/current/members") => Self::InviteUserToOrg,
            ("POST", "/orgs/current/members/batch") => Self::InviteUsersToOrgBatch,
            ("POST", "/orgs/current/members/basic/batch") => Self::AddBasicAuthUsersToOrg,
            ("PATCH", "/orgs/members/basic") => Self::UpdateBasicAuthUser,
            ("PATCH", "/orgs/current/members/{identity_id}") => Self::UpdateOrgMember,
            ("DELETE", "/orgs/current/members/{identity_id}") => Self::DeleteOrgMember,
            ("DELETE", "/orgs/current/members/{identity_id}/pending") => Self::DeleteOrgPendingMember,
            ("POST", "/orgs/current/members/removed/{identity_id}/restore") => Self::RestoreOrgMember,
            ("POST", "/orgs/current/roles") => Self::CreateRole,
            ("PATCH", "/orgs/current/roles/{role_id}") => Self::UpdateRole,
            ("DELETE", "/orgs/current/roles/{role_id}") => Self::DeleteRole,
            ("POST", "/workspaces") => Self::CreateWorkspace,
            ("PATCH", "/workspaces/{workspace_id}") => Self::UpdateWorkspace,
            ("DELETE", "/workspaces/{workspace_id}") => Self::DeleteWorkspace,
            ("POST", "/workspaces/current/members") => Self::AddMemberToWorkspace,
            ("POST", "/workspaces/current/members/batch") => Self::AddMembersToWorkspaceBatch,
            ("POST", "/workspaces/pending/{workspace_id}/claim") => Self::ClaimPendingWorkspaceInvite,
            ("POST", "/api-key") => Self::CreateServiceKey,
            ("DELETE", "/api-key/{api_key_id}") => Self::DeleteServiceKey,
            ("POST", "/api-key/current") => Self::CreatePersonalAccessToken,
            ("DELETE", "/api-key/current/{pat_id}") => Self::DeletePersonalAccessToken,
            ("PATCH", "/workspaces/current/members/{identity_id}") => Self::UpdateWorkspaceMember,
            ("DELETE", "/workspaces/current/members/{identity_id}") => Self::DeleteWorkspaceMember,
            ("DELETE", "/workspaces/current/members/{identity_id}/pending") => {
                Self::DeleteWorkspacePendingMember
            }
            ("POST", "/sessions") => Self::CreateTracerSession,
            ("POST", "/datasets") => Self::CreateDataset,
            ("POST", "/annotation-queues") => Self::CreateAnnotationQueue,
            ("POST", "/repos") => Self::CreatePrompt,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_word_of_the_contract() {
        assert!(CONTRACT.lines().count() > 300);
        for operation in Operation::ALL {
            let word = contract_word(operation.as_str());
            let stored = stored_words(word).unwrap_or_else(|| panic!("{word} is none of the contract's"));
            assert!(stored.contains(&operation.as_str()), "{operation:?}");
            assert_ne!(activity(operation.as_str()).0, 99, "{operation:?}");
        }
        for none in ["", "create_tracer_session", "CREATE_ROLE", "create_role\n"] {
            assert_eq!(stored_words(none), None, "{none:?}");
        }
    }

    #[test]
    fn reading_and_signing_in_are_no_operations() {
        assert_eq!(Operation::of_route(&Method::GET, "/api/v1/orgs/current/members"), None);
        assert_eq!(Operation::of_route(&Method::POST, "/api/v1/login"), None);
        let role = Operation::of_route(&Method::DELETE, "/api/v1/orgs/current/roles/{role_id}");
        assert_eq!(role, Some(Operation::DeleteRole));
    }
}
