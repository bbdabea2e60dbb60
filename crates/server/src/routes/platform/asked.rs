//! What can be asked of the newer list of members.

use atrium_domain::OrganizationRole;
use atrium_domain::roles::PERMISSIONS;
use sea_orm::Order;
use uuid::Uuid;

use crate::db::people::By;
use crate::error::{ApiError, Result};
use crate::validate::{FromQuery, Params};

/// The page of the list: what is given without `limit`, and the most.
const PAGE: (u64, u64) = (50, 10_000);

/// What it can be sorted by. `workspace_count` has a flag of its own, `workspace_count_sort`.
const SORTS: [&str; 6] = ["email", "name", "status", "role", "created_at", "workspace_count"];

/// How members and invitations are sorted as one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Members, then invitations, each by address; falling: invitations first.
    Status,
    /// Both together.
    By(By),
}

/// What can be asked of the list. Each text given more than once means any of its values. `q`,
/// `sort_by`, `sort_by_desc`, `organization_role` and `workspace_id` are Atrium's own; the
/// installation's flag `members_query` tells of them. So are `workspace_role_id` and `permission`,
/// which are about the roles as they work; the flag `access_query` tells of these.
pub struct Wanted {
    /// At most so many rows.
    pub limit: u64,
    /// So many come before.
    pub offset: u64,
    /// Members alone.
    pub active: bool,
    /// Invitations alone.
    pub pending: bool,
    /// In the name.
    pub name_like: Vec<String>,
    /// In the address.
    pub email_like: Vec<String>,
    /// In the name of a workspace.
    pub workspace_name_like: Vec<String>,
    /// In the name of the organization role.
    pub organization_role_like: Vec<String>,
    /// In the name of a workspace role.
    pub workspace_role_like: Vec<String>,
    /// In the address or the name.
    pub text: Option<String>,
    /// The organization role.
    pub organization_role: Option<&'static str>,
    /// The workspace.
    pub workspace: Option<Uuid>,
    /// Who has one of these roles, in that workspace or in any.
    pub workspace_roles: Vec<Uuid>,
    /// Who is permitted this, in that workspace, in any, or in the organization.
    pub permission: Option<&'static str>,
    /// How they are sorted.
    pub sort: Option<(Sort, Order)>,
}

impl FromQuery for Wanted {
    fn read(params: &Params) -> Result<Self> {
        let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
        let texts = |key| Ok::<_, ApiError>(params.texts(key)?.into_iter().map(str::to_owned).collect());
        let roles: Vec<_> = OrganizationRole::KNOWN.iter().map(OrganizationRole::as_str).collect();
        let sort = params.optional_word("sort_by", &SORTS)?;
        let sort = sort.map(|word| match word {
            "email" => Sort::By(By::Email),
            "name" => Sort::By(By::Name),
            "status" => Sort::Status,
            "role" => Sort::By(By::Role),
            "workspace_count" => Sort::By(By::Workspaces),
            _ => Sort::By(By::CreatedAt),
        });
        let order = params.direction()?;
        let permissions: Vec<_> = PERMISSIONS.iter().map(|(name, _)| *name).collect();
        Ok(Self {
            text: params.text("q")?.map(str::to_owned),
            organization_role: params.optional_word("organization_role", &roles)?,
            workspace: params.id("workspace_id")?,
            workspace_roles: params.ids("workspace_role_id")?,
            permission: params.optional_word("permission", &permissions)?,
            sort: sort.map(|sort| (sort, order)),
            limit,
            offset,
            active: params.flag("active_is", false)?,
            pending: params.flag("pending_is", false)?,
            name_like: texts("name_like")?,
            email_like: texts("email_like")?,
            workspace_name_like: texts("workspace_name_like")?,
            organization_role_like: texts("organization_role_like")?,
            workspace_role_like: texts("workspace_role_like")?,
        })
    }
}
