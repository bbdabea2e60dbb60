//! Changing a member only as long as it is what the caller has seen (Atrium's own).
//!
//! The list of members gives each an `etag`, made of what a change is decided by: the organization
//! role, and the role in each workspace. A change that names it in `If-Match` is refused with 412
//! where the member is not that any more.

use atrium_domain::OrganizationRole;
use atrium_words::{t, tn};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::workspace_members::memberships_of;
use crate::db::entity::{member, workspace_member};
use crate::error::{ApiError, Result};

/// The entity tags of which the member has to have one; none where the caller does not mind.
pub struct IfMatch(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        let values = parts.headers.get_all(header::IF_MATCH).iter();
        // What is no text is no tag, and so matches nothing.
        let given: Vec<_> = values.map(|value| value.to_str().unwrap_or_default()).collect();
        Ok(Self((!given.is_empty()).then(|| given.join(","))))
    }
}

impl IfMatch {
    /// The header, for the document.
    pub fn parameter() -> Parameter {
        ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "The `etag` of the member as the list gave it (Atrium's own): 412 where the member was \
                 changed since, and nothing is changed.",
            ))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .build()
    }

    /// Whether the member is still what the caller has seen.
    ///
    /// # Errors
    /// 412 with what the member is now, where it is not.
    pub async fn check<C: ConnectionTrait>(&self, connection: &C, row: &member::Model) -> Result<()> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let held = memberships_of(connection, row.id).await?;
        let now = tag(&row.role, held.iter());
        if wanted.split(',').map(str::trim).any(|one| one == now || one == "*") {
            return Ok(());
        }
        let role = OrganizationRole::from(row.role.as_str());
        let sentence = match &role {
            OrganizationRole::Admin => t!(
                "Somebody else has changed this member since you looked: now {role}, in all workspaces. \
                 Nothing was changed. Look again, then decide.",
                role = role.label()
            ),
            role => tn!(
                held.len(),
                "Somebody else has changed this member since you looked: now {role}, in {count} workspace. \
                 Nothing was changed. Look again, then decide.",
                "Somebody else has changed this member since you looked: now {role}, in {count} workspaces. \
                 Nothing was changed. Look again, then decide.",
                role = role.label()
            ),
        };
        let refused = ApiError::new(StatusCode::PRECONDITION_FAILED, sentence).with_code("changed_meanwhile");
        let header = HeaderValue::from_str(&now).map_err(ApiError::internal)?;
        Err(refused.with_header(header::ETAG, header))
    }
}

/// The entity tag of a member with a role and these memberships of workspaces.
pub fn tag<'a>(role: &str, held: impl Iterator<Item = &'a workspace_member::Model>) -> String {
    let mut held: Vec<_> = held.map(|one| (one.workspace_id, one.role_id)).collect();
    held.sort_unstable();
    let mut hash = Sha256::new();
    hash.update(role);
    for (workspace, role) in held {
        hash.update(workspace.as_bytes());
        hash.update(role.as_bytes());
    }
    let bytes = hash.finalize();
    let words: String = bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{words}\"")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::db::now;

    fn row(workspace: u128, role: u128) -> workspace_member::Model {
        workspace_member::Model {
            id: Uuid::new_v4(),
            workspace_id: Uuid::from_u128(workspace),
            member_id: Uuid::from_u128(9),
            role_id: Uuid::from_u128(role),
            created_at: now(),
        }
    }

    #[test]
    fn a_tag_tells_roles_and_workspaces_and_no_order() {
        let (one, other) = (row(1, 5), row(2, 6));
        let both = tag("ORGANIZATION_USER", [&one, &other].into_iter());
        assert_eq!(both, tag("ORGANIZATION_USER", [&other, &one].into_iter()));
        assert!(both.starts_with('"') && both.ends_with('"') && both.len() == 34, "{both}");
        for different in [
            tag("ORGANIZATION_VIEWER", [&one, &other].into_iter()),
            tag("ORGANIZATION_USER", [&one].into_iter()),
            tag("ORGANIZATION_USER", [&one, &row(2, 5)].into_iter()),
        ] {
            assert_ne!(both, different);
        }
    }
}
