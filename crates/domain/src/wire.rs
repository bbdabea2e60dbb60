//! The JSON of the API, as far as the product uses it.
//!
//! Names are those of LangSmith's OpenAPI document. Every type reads answers that have more
//! fields than it names, and fields that the contract lets a server leave out have defaults, so
//! an older or newer backend never breaks a page. Ids are UUIDs and travel as text: the app only
//! hands them back, and the server checks them at its border. Times are RFC 3339 text in UTC.

use std::borrow::Cow;

use atrium_words::translated;
use serde::{Deserialize, Serialize};

use crate::colors::color_of;
use crate::plan::{Tier, monthly_cost};
use crate::roles::{OrganizationRole, WorkspaceRole};

/// `{"detail": …}`: a failure, as a sentence or as a list of invalid fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = HTTPValidationError))]
pub struct ValidationErrors {
    /// The fields that were refused.
    pub detail: Vec<ValidationError>,
}

/// One refused field (`ValidationError`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ValidationError {
    /// Where it is: `body` or `query`, then names; a row number in a list travels as text here.
    pub loc: Vec<Location>,
    /// What is wrong, as a sentence.
    pub msg: String,
    /// A word for programs, such as `value_error`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A step of the way to a refused field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub enum Location {
    /// A place in a list, from 0.
    Index(u64),
    /// A name.
    Name(String),
}

/// What an installation offers (`GET /api/v1/info`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Info {
    /// The version of the backend.
    pub version: String,
    /// What this installation offers.
    #[serde(default)]
    pub instance_flags: InstanceFlags,
}

/// Flags of an installation. LangSmith leaves the form open; these are read by the app, and a
/// backend without them offers none of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InstanceFlags {
    /// Whether people can make an account by themselves.
    #[serde(default)]
    pub sign_up: bool,
    /// Which billing: `test` (charges nobody), `stripe`, or nothing.
    #[serde(default)]
    pub billing: Option<String>,
    /// Whether the list of members and invitations can be searched, filtered and sorted as one: its
    /// parameters `q`, `sort_by`, `sort_by_desc`, `organization_role` and `workspace_id`.
    #[serde(default)]
    pub members_query: bool,
    /// Whether it tells what ends with a membership (`GET …/members/{identity_id}/ends`).
    #[serde(default)]
    pub member_ends: bool,
    /// Whether removed members are kept for a while, listed, and brought back.
    #[serde(default)]
    pub removed_members: bool,
    /// The key with which a browser talks to Stripe.
    #[serde(default)]
    pub stripe_publishable_key: Option<String>,
    /// Where Stripe's script of the card field is.
    #[serde(default)]
    pub stripe_js_url: Option<String>,
    /// Whether that list can be asked who has a role and who is permitted something, as the roles
    /// work: its parameters `workspace_role_id` and `permission`.
    #[serde(default)]
    pub access_query: bool,
    /// Whether that list can be sorted by `workspace_count`: in how many workspaces everybody is.
    #[serde(default)]
    pub workspace_count_sort: bool,
    /// Whether an organization can be deleted (`DELETE /api/v1/orgs/current`), and what ends with it is told.
    #[serde(default)]
    pub delete_organization: bool,
    /// Whether a colour chosen for a workspace is kept.
    #[serde(default)]
    pub workspace_colors: bool,
    /// Whether the audit log can be asked for an actor and for an outcome: its parameters `actor` and
    /// `succeeded`.
    #[serde(default)]
    pub audit_query: bool,
}

/// An account to make (`POST /api/v1/signup`, Atrium's own).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SignUp {
    /// The address that signs in.
    #[cfg_attr(feature = "utoipa", schema(format = Email))]
    pub email: String,
    /// The password, 8 to 256 characters.
    #[cfg_attr(feature = "utoipa", schema(min_length = 8, max_length = 256))]
    pub password: String,
    /// The person's name.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub full_name: String,
}

/// The answer to signing in (`BasicAuthResponse`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = BasicAuthResponse))]
pub struct AccessToken {
    /// A bearer token, short-lived.
    pub access_token: String,
}

/// An organization in a list (`OrganizationPGSchemaSlim`, and how it stands, which is Atrium's own).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrganizationSlim {
    /// Its id.
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// Its plan, where the list was asked for with `include_tier`.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// When it was made.
    #[serde(default)]
    pub created_at: Option<String>,
    /// Whether it is somebody's personal organization.
    pub is_personal: bool,
    /// Whether it is switched off, as while pending.
    pub disabled: bool,
    /// Whether a card is on file, where the backend tells.
    #[serde(default)]
    pub has_card: Option<bool>,
    /// Whether its plan ends with the paid period.
    #[serde(default)]
    pub has_cancelled: bool,
    /// When the paid period ends.
    #[serde(default)]
    pub end_of_billing_period: Option<String>,
    /// What somebody should do about the payments, as a sentence.
    #[serde(default)]
    pub payment_problem: Option<String>,
}

impl OrganizationSlim {
    /// Whether it waits for a plan. A backend that gives no plan says so by `disabled` alone.
    pub fn is_pending(&self) -> bool {
        match &self.tier {
            Some(tier) => *tier == Tier::NoPlan,
            None => self.disabled,
        }
    }
}

/// An organization to make (`OrganizationCreate`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrganizationCreate {
    /// Its name.
    pub display_name: String,
    /// Always false from people; the server makes personal organizations by itself.
    pub is_personal: bool,
}

/// What the plan gives an organization (`OrganizationConfig`, the part that pages use). The
/// defaults are the contract's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationConfig {
    /// Most members and open invitations together.
    pub max_identities: u32,
    /// Most workspaces.
    pub max_workspaces: u32,
    /// Whether workspace roles may differ between members.
    pub can_use_rbac: bool,
    /// Whether the audit log can be read.
    pub can_use_audit_logs: bool,
    /// Whether seats can be added.
    pub can_add_seats: bool,
}

impl Default for OrganizationConfig {
    fn default() -> Self {
        Self {
            max_identities: 5,
            max_workspaces: 1,
            can_use_rbac: false,
            can_use_audit_logs: false,
            can_add_seats: true,
        }
    }
}

/// The current organization for its members (`OrganizationInfo`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrganizationInfo {
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What the plan gives.
    pub config: OrganizationConfig,
    /// Whether it is somebody's personal organization.
    pub is_personal: bool,
    /// Its plan.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Whether the plan's limit of workspaces is met.
    #[serde(default)]
    pub reached_max_workspaces: bool,
    /// What the caller may do in it.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Whether it is switched off, as while pending.
    #[serde(default)]
    pub disabled: bool,
    /// Whether anybody can be invited at all; where the server does not tell, it is asked by trying.
    #[serde(default)]
    pub invites_enabled: Option<bool>,
    /// Whether the Admin of a workspace invites people to the organization.
    #[serde(default)]
    pub workspace_admin_can_invite_to_org: bool,
    /// How long a key may live, in days.
    #[serde(default)]
    pub max_api_key_expiry_days: Option<u32>,
    /// How long a service key may live, in days.
    #[serde(default)]
    pub max_service_key_expiry_days: Option<u32>,
}

impl OrganizationInfo {
    /// Whether people can work in it: it is neither pending nor switched off.
    pub fn is_usable(&self) -> bool {
        !self.disabled && self.tier != Some(Tier::NoPlan)
    }
}

/// Billing of the current organization (`OrganizationBillingInfo`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BillingInfo {
    /// The organization's id.
    #[serde(default)]
    pub id: Option<String>,
    /// The organization's name.
    pub display_name: String,
    /// What the plan gives.
    pub config: OrganizationConfig,
    /// Whether a Stripe customer stands behind it.
    pub connected_to_stripe: bool,
    /// Whether usage goes to Metronome.
    pub connected_to_metronome: bool,
    /// Whether it is somebody's personal organization.
    pub is_personal: bool,
    /// Its plan.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// The card on file.
    #[serde(default)]
    pub payment_method: Option<PaymentMethod>,
    /// Whether the plan's limit of workspaces is met.
    #[serde(default)]
    pub reached_max_workspaces: bool,
    /// Whether the organization is switched off.
    #[serde(default)]
    pub disabled: bool,
    /// When the paid period ends.
    #[serde(default)]
    pub end_of_billing_period: Option<String>,
    /// The plan with its times.
    #[serde(default)]
    pub current_plan: Option<PlanInfo>,
    /// What somebody should do about the payments (Atrium's own).
    #[serde(default)]
    pub payment_problem: Option<String>,
    /// What of the plan is used (Atrium's own).
    #[serde(default)]
    pub usage: Option<Usage>,
}

/// A plan with its times (`CustomerVisiblePlanInfo`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanInfo {
    /// The plan.
    pub tier: Tier,
    /// Since when.
    #[serde(default)]
    pub started_on: Option<String>,
    /// When it ends, where it does.
    #[serde(default)]
    pub ends_on: Option<String>,
}

/// What of a plan is used (Atrium's own).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = PlanUsage))]
pub struct Usage {
    /// Seats taken by members.
    pub members: u32,
    /// Seats kept for open invitations.
    pub invitations: u32,
    /// Workspaces.
    pub workspaces: u32,
}

/// A card on file (`StripePaymentMethodInfo`). Never a number, only what may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripePaymentMethodInfo))]
pub struct PaymentMethod {
    /// The brand, such as `visa`.
    #[serde(default)]
    pub brand: Option<String>,
    /// The last four digits.
    #[serde(default)]
    pub last4: Option<String>,
    /// The month of expiry, 1 to 12.
    #[serde(default)]
    pub exp_month: Option<u32>,
    /// The year of expiry, four digits.
    #[serde(default)]
    pub exp_year: Option<u32>,
    /// The address of the account behind it.
    #[serde(default)]
    pub email: Option<String>,
}

/// The answer to a setup intent (`StripeSetupIntentResponse`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeSetupIntentResponse))]
pub struct SetupIntent {
    /// The secret with which the browser confirms a card; its id is the part before `_secret_`.
    pub client_secret: String,
}

impl SetupIntent {
    /// The id of the intent (Stripe's form: `seti_…_secret_…`); the whole text where there is no
    /// secret part.
    pub fn id(&self) -> &str {
        self.client_secret.split_once("_secret_").map_or(self.client_secret.as_str(), |(id, _)| id)
    }
}

/// A confirmed card to keep (`StripePaymentInformation`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripePaymentInformation))]
pub struct PaymentInformation {
    /// Who pays.
    pub billing_info: CustomerBillingInfo,
    /// The id of the confirmed setup intent.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub setup_intent: String,
}

/// Who pays (`StripeCustomerBillingInfo`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeCustomerBillingInfo))]
pub struct CustomerBillingInfo {
    /// The name on the card.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub name: String,
    /// The address of the card.
    pub address: Address,
}

/// A postal address (`StripeCustomerAddress`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeCustomerAddress))]
pub struct Address {
    /// Street and number.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub line1: String,
    /// A second line.
    #[serde(default)]
    pub line2: Option<String>,
    /// The city.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub city: String,
    /// State, province or region.
    #[serde(default)]
    pub state: Option<String>,
    /// The postal code.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub postal_code: String,
    /// The country, as two letters of ISO 3166-1.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub country: String,
}

/// The business behind an organization (`StripeBusinessInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeBusinessInfo))]
pub struct BusinessInfo {
    /// Its name and address.
    #[serde(default)]
    pub company_info: Option<CompanyInfo>,
    /// Its tax id.
    #[serde(default)]
    pub tax_id: Option<TaxId>,
    /// Where invoices go.
    #[serde(default)]
    pub invoice_email: Option<String>,
    /// Whether the payer is a business.
    #[serde(default)]
    pub is_business: bool,
}

/// Name and address of a business (`StripeBusinessBillingInfo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeBusinessBillingInfo))]
pub struct CompanyInfo {
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub name: String,
    /// Its address.
    #[serde(default)]
    pub address: Option<Address>,
}

/// A tax id (`StripeTaxId`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = StripeTaxId))]
pub struct TaxId {
    /// The number.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub value: String,
    /// Stripe's word for its kind, such as `eu_vat`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "utoipa", schema(min_length = 1))]
    pub kind: String,
}

/// A plan to change to (`ChangePaymentPlanSchema`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = ChangePaymentPlanSchema))]
pub struct ChangePlan {
    /// The plan, one of [`crate::plan::CHANGEABLE`].
    #[cfg_attr(feature = "utoipa", schema(schema_with = crate::plan::changeable))]
    pub tier: Tier,
}

/// All members of an organization (`OrganizationMembers`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrganizationMembers {
    /// The organization.
    pub organization_id: String,
    /// Those who have joined.
    pub members: Vec<Member>,
    /// Those who are invited.
    pub pending: Vec<Invitation>,
}

/// A member of an organization or workspace (`OrgMemberIdentity`, `MemberIdentity`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The identity: the `identity_id` of the calls that change it.
    pub id: String,
    /// The organization.
    pub organization_id: String,
    /// The workspace, for a membership of a workspace.
    #[serde(default)]
    pub tenant_id: Option<String>,
    /// When the person joined.
    pub created_at: String,
    /// The account at the provider.
    pub user_id: String,
    /// The account here.
    pub ls_user_id: String,
    /// Whether the membership reads only.
    #[serde(default)]
    pub read_only: bool,
    /// The role, in the scope of the identity.
    #[serde(default)]
    pub role_id: Option<String>,
    /// The role's name for people.
    #[serde(default)]
    pub role_name: Option<String>,
    /// `organization` or `workspace`.
    #[serde(default)]
    pub access_scope: Option<String>,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// The name.
    #[serde(default)]
    pub full_name: Option<String>,
    /// Whether the account is switched off.
    #[serde(default)]
    pub is_disabled: bool,
    /// The role in the organization.
    #[serde(default)]
    pub org_role_id: Option<String>,
    /// The name of that role for people.
    #[serde(default)]
    pub org_role_name: Option<String>,
    /// The workspaces that the person can enter (organization memberships only).
    #[serde(default)]
    pub tenant_ids: Vec<String>,
}

/// An invitation that waits (`OrgPendingIdentity`, `PendingIdentity`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// The invited address.
    pub email: String,
    /// Whether the membership will read only.
    #[serde(default)]
    pub read_only: bool,
    /// The organization role that it gives.
    #[serde(default)]
    pub role_id: Option<String>,
    /// The workspaces that it opens.
    #[serde(default)]
    pub workspace_ids: Option<Vec<String>>,
    /// The role in these workspaces.
    #[serde(default)]
    pub workspace_role_id: Option<String>,
    /// The identity: the `identity_id` of the call that revokes it.
    pub id: String,
    /// The organization.
    #[serde(default)]
    pub organization_id: Option<String>,
    /// When it was sent.
    pub created_at: String,
    /// The name of the role for people.
    #[serde(default)]
    pub role_name: Option<String>,
    /// The organization role that it gives.
    #[serde(default)]
    pub org_role_id: Option<String>,
    /// The name of that role for people.
    #[serde(default)]
    pub org_role_name: Option<String>,
    /// The workspaces that it opens.
    #[serde(default)]
    pub tenant_ids: Vec<String>,
}

/// Somebody to invite (`PendingIdentityCreate`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct InvitationCreate {
    /// The address.
    pub email: String,
    /// The organization role; the server takes Organization User where it is missing, or Admin
    /// where the plan has a single workspace.
    #[serde(default)]
    pub role_id: Option<String>,
    /// The workspaces to open.
    #[serde(default)]
    pub workspace_ids: Option<Vec<String>>,
    /// The role in these workspaces (RBAC).
    #[serde(default)]
    pub workspace_role_id: Option<String>,
}

/// A change of a member (`OrgIdentityPatch`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MemberPatch {
    /// The new organization role.
    #[serde(default)]
    pub role_id: Option<String>,
}

/// A role (`Role`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Role {
    /// Its id.
    #[cfg_attr(feature = "utoipa", schema(format = Uuid))]
    pub id: String,
    /// The word of a system role, or `CUSTOM`.
    pub name: String,
    /// The name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// The organization that made it; none for system roles.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(format = Uuid))]
    pub organization_id: Option<String>,
    /// What it permits.
    pub permissions: Vec<String>,
    /// `organization` or `workspace`.
    #[serde(default)]
    pub access_scope: Option<String>,
}

impl Role {
    /// The organization role that it is; `None` for a workspace role.
    pub fn organization_role(&self) -> Option<OrganizationRole> {
        let by_scope = self.access_scope.as_deref() == Some("organization");
        (by_scope || self.name.starts_with("ORGANIZATION_"))
            .then(|| OrganizationRole::from(self.name.as_str()))
    }

    /// The workspace role that it is; `None` for an organization role.
    pub fn workspace_role(&self) -> Option<WorkspaceRole> {
        self.organization_role().is_none().then(|| WorkspaceRole::from(self.name.as_str()))
    }

    /// Whether an organization made it.
    pub fn is_custom(&self) -> bool {
        self.name == WorkspaceRole::Custom.as_str()
    }

    /// Its name as it is read: that of a system role in the language in use.
    pub fn label(&self) -> Cow<'_, str> {
        self.said(&self.display_name)
    }

    /// What it is for, as it is read: likewise.
    pub fn about(&self) -> Cow<'_, str> {
        self.said(&self.description)
    }

    fn said<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.is_custom() { Cow::Borrowed(text) } else { translated(text) }
    }
}

/// A role to make, or as it is to be (`RoleDefinition`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleDefinition {
    /// The name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// What it permits in a workspace.
    pub permissions: Vec<String>,
}

/// A workspace role to give (`IdentityPatch`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkspaceMemberPatch {
    /// The new role.
    pub role_id: String,
}

/// A workspace that the caller can enter (`TenantForUser`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id.
    pub id: String,
    /// The organization.
    #[serde(default)]
    pub organization_id: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// Its name.
    pub display_name: String,
    /// Whether it belongs to a personal organization.
    #[serde(default)]
    pub is_personal: bool,
    /// Whether it was deleted.
    #[serde(default)]
    pub is_deleted: bool,
    /// The caller's role in it.
    #[serde(default)]
    pub role_id: Option<String>,
    /// The name of that role for people.
    #[serde(default)]
    pub role_name: Option<String>,
    /// What the caller may do in it; none told where the server does not say.
    #[serde(default)]
    pub permissions: Option<Vec<String>>,
    /// The colour that was chosen for it (Atrium's own); none where it follows from the id.
    #[serde(default)]
    pub color: Option<String>,
}

impl Workspace {
    /// What its picture's colour follows from: the chosen one by its place, else the id.
    pub fn seed(&self) -> String {
        match self.color.as_deref().and_then(color_of) {
            Some(color) => format!("#{}", color.place),
            None => self.id.clone(),
        }
    }

    /// Whether the caller holds a permission in it. A server that does not tell is asked by trying.
    pub fn permits(&self, name: &str) -> bool {
        self.permissions.as_ref().is_none_or(|held| held.iter().any(|own| own == name))
    }
}

/// A workspace to make or rename (`WorkspaceCreate`, `WorkspacePatch`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = WorkspacePatch))]
pub struct WorkspaceName {
    /// Its name.
    #[cfg_attr(feature = "utoipa", schema(min_length = 1, pattern = r"^[a-zA-Z0-9\-_ '@()]+$"))]
    pub display_name: String,
    /// The colour to have from now on, one of [`crate::colors::COLORS`], or nothing for that which
    /// follows from the id (Atrium's own); left out, it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// Counts of a workspace (`TenantStats`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkspaceStats {
    /// The workspace.
    pub tenant_id: String,
    /// Datasets.
    pub dataset_count: u64,
    /// Tracing projects.
    pub tracer_session_count: u64,
    /// Prompts.
    pub repo_count: u64,
    /// Annotation queues.
    pub annotation_queue_count: u64,
    /// Deployments.
    pub deployment_count: u64,
    /// Dashboards.
    pub dashboards_count: u64,
    /// Evaluators.
    pub evaluator_count: u64,
}

/// A resource of a workspace, as the lists show it: one shape for tracing projects
/// (`TracerSession`), datasets (`Dataset`), annotation queues (`AnnotationQueueSchemaWithSize`)
/// and prompts (`RepoWithLookups`), each of which gives some of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resource {
    /// Its id.
    pub id: String,
    /// Its name (not for prompts).
    pub name: Option<String>,
    /// A prompt's name.
    pub repo_handle: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made (not for projects).
    pub created_at: Option<String>,
    /// When a prompt was changed last.
    pub updated_at: Option<String>,
    /// When a project was made.
    pub start_time: Option<String>,
    /// Runs of a project.
    pub run_count: Option<u64>,
    /// Examples of a dataset.
    pub example_count: Option<u64>,
    /// Runs in an annotation queue.
    pub total_runs: Option<u64>,
    /// Commits of a prompt.
    pub num_commits: Option<u64>,
}

/// Prompts (`ListReposResponse`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Prompts {
    /// The prompts of this page.
    pub repos: Vec<Resource>,
    /// How many there are in all.
    #[serde(default)]
    pub total: u64,
}

/// An account behind the signed-in person (`ProviderUserSlim`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoginMethod {
    /// The id of this way to sign in.
    pub id: String,
    /// The account.
    pub ls_user_id: String,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// The name.
    #[serde(default)]
    pub full_name: Option<String>,
}

/// US dollars a month for the people of an organization on `tier`: members and invitations.
pub fn team_cost(tier: &Tier, members: usize, invitations: usize) -> Option<u64> {
    let seats = u32::try_from(members.saturating_add(invitations)).unwrap_or(u32::MAX);
    monthly_cost(tier, seats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_and_values_are_no_error() {
        let json = r#"{"id":"1","display_name":"A","is_personal":false,"disabled":false,"tier":"moon","new":{"x":[1]}}"#;
        let read: OrganizationSlim = serde_json::from_str(json).unwrap();
        assert_eq!(read.tier, Some(Tier::Other("moon".into())));
        assert!(!read.is_pending());
    }

    #[test]
    fn a_sparse_answer_takes_the_contracts_defaults() {
        let read: OrganizationInfo = serde_json::from_str(r#"{"config":{},"is_personal":true}"#).unwrap();
        assert_eq!((read.config.max_identities, read.config.max_workspaces), (5, 1));
        assert!(read.config.can_add_seats && !read.disabled);
    }

    #[test]
    fn nobody_works_in_what_is_pending_or_switched_off() {
        for (json, usable) in [
            (r#"{"tier":"plus","config":{},"is_personal":false}"#, true),
            (r#"{"config":{},"is_personal":false}"#, true),
            (r#"{"tier":"no_plan","config":{},"is_personal":false}"#, false),
            (r#"{"tier":"plus","disabled":true,"config":{},"is_personal":false}"#, false),
        ] {
            let read: OrganizationInfo = serde_json::from_str(json).unwrap();
            assert_eq!(read.is_usable(), usable, "{json}");
        }
    }

    #[test]
    fn a_setup_intent_has_an_id() {
        let id = |text: &str| SetupIntent { client_secret: text.into() }.id().to_owned();
        assert_eq!(id("seti_1_secret_2"), "seti_1");
        assert_eq!(id("bare"), "bare");
    }

    #[test]
    fn invitations_cost_a_seat() {
        assert_eq!(team_cost(&Tier::Plus, 1, 1), Some(78));
    }

    #[test]
    fn a_role_knows_its_scope() {
        let role = |name: &str, scope: Option<&str>| Role {
            id: String::new(),
            name: name.into(),
            display_name: String::new(),
            description: String::new(),
            organization_id: None,
            permissions: vec![],
            access_scope: scope.map(str::to_owned),
        };
        assert_eq!(role("ORGANIZATION_ADMIN", None).organization_role(), Some(OrganizationRole::Admin));
        assert_eq!(role("WORKSPACE_USER", Some("workspace")).workspace_role(), Some(WorkspaceRole::Editor));
        assert!(role("CUSTOM", Some("workspace")).is_custom());
        assert_eq!(role("NEW", Some("organization")).workspace_role(), None);
    }
}
