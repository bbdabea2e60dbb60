//! Organizations, as their members and their billing see them.

use atrium_domain::Tier;
use atrium_domain::wire::{BusinessInfo, PaymentMethod, Usage};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use super::config::OrganizationConfig;
use super::settings::Settings;
use crate::auth::access::OrgAccess;
use crate::billing::standing::Standing;
use crate::db::entity::organization;

/// An organization in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationPGSchemaSlim)]
pub struct OrganizationSlim {
    id: Uuid,
    display_name: String,
    /// The plan, where it was asked for.
    tier: Option<Tier>,
    created_at: Option<Time>,
    created_by_user_id: Option<Uuid>,
    created_by_ls_user_id: Option<Uuid>,
    modified_at: Option<Time>,
    is_personal: bool,
    disabled: bool,
    sso_login_slug: Option<String>,
    sso_only: bool,
    jit_provisioning_enabled: bool,
    invites_enabled: bool,
    public_sharing_disabled: bool,
    pat_creation_disabled: bool,
    workspace_admin_can_invite_to_org: bool,
    default_sso_provision: bool,
    max_api_key_expiry_days: Option<u32>,
    security_contact: Option<String>,
    max_pat_expiry_days: Option<u32>,
    max_service_key_expiry_days: Option<u32>,
    scim_group_name_separator: String,
    llm_auth_proxy_enabled: Option<bool>,
    llm_auth_proxy_jwt_audience: Option<String>,
    ip_allowlist: Option<Vec<String>>,
    restrict_browser_secrets: Option<bool>,
    llm_auth_proxy_allowed_urls: Option<Vec<String>>,
    engine_enabled: Option<bool>,
    /// Whether a card is on file (Atrium's own, as the next three), where the plan was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_card: Option<bool>,
    /// Whether the plan ends with the paid period.
    #[serde(skip_serializing_if = "Option::is_none")]
    has_cancelled: Option<bool>,
    /// When the paid period ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_billing_period: Option<Time>,
    /// What somebody should do about the payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_problem: Option<&'static str>,
}

/// The separator of an organization that never chose one.
fn separator(settings: &mut Settings) -> String {
    settings.scim_group_name_separator.take().unwrap_or_else(|| ":".to_owned())
}

impl OrganizationSlim {
    /// An organization; the plan only where it was asked for.
    pub fn new(organization: &organization::Model, include_tier: bool) -> Self {
        let mut settings = Settings::of(organization);
        Self {
            id: organization.id,
            display_name: organization.display_name.clone(),
            tier: include_tier.then(|| organization.tier.as_str().into()),
            created_at: Some(Time(organization.created_at)),
            created_by_user_id: organization.created_by,
            created_by_ls_user_id: organization.created_by,
            modified_at: Some(Time(organization.modified_at)),
            is_personal: organization.personal_of.is_some(),
            disabled: organization.disabled,
            sso_login_slug: None,
            sso_only: false,
            jit_provisioning_enabled: settings.jit_provisioning_enabled.unwrap_or(true),
            invites_enabled: settings.invites_enabled.unwrap_or(true),
            public_sharing_disabled: settings.public_sharing_disabled.unwrap_or(false),
            pat_creation_disabled: settings.pat_creation_disabled.unwrap_or(false),
            workspace_admin_can_invite_to_org: settings.workspace_admin_can_invite_to_org.unwrap_or(false),
            default_sso_provision: false,
            scim_group_name_separator: separator(&mut settings),
            max_api_key_expiry_days: settings.max_api_key_expiry_days,
            security_contact: settings.security_contact,
            max_pat_expiry_days: settings.max_pat_expiry_days,
            max_service_key_expiry_days: settings.max_service_key_expiry_days,
            llm_auth_proxy_enabled: settings.llm_auth_proxy_enabled,
            llm_auth_proxy_jwt_audience: settings.llm_auth_proxy_jwt_audience,
            ip_allowlist: settings.ip_allowlist,
            restrict_browser_secrets: settings.restrict_browser_secrets,
            llm_auth_proxy_allowed_urls: settings.llm_auth_proxy_allowed_urls,
            engine_enabled: settings.engine_enabled,
            has_card: None,
            has_cancelled: None,
            end_of_billing_period: None,
            payment_problem: None,
        }
    }

    /// With how it stands: for its members alone.
    pub fn standing(self, organization: &organization::Model, standing: Option<&Standing>) -> Self {
        Self {
            has_card: Some(organization.payment_method.is_some()),
            has_cancelled: Some(standing.is_some_and(|standing| standing.ends)),
            end_of_billing_period: period_end(standing),
            payment_problem: standing.and_then(|standing| standing.problem),
            ..self
        }
    }
}

/// The current organization for its members.
#[derive(Serialize, ToSchema)]
pub struct OrganizationInfo {
    id: Option<Uuid>,
    display_name: Option<String>,
    config: OrganizationConfig,
    engine_enabled: Option<bool>,
    is_personal: bool,
    tier: Option<Tier>,
    reached_max_workspaces: bool,
    /// What the caller may do in it.
    permissions: Vec<&'static str>,
    disabled: bool,
    member_disabled: bool,
    sso_only: bool,
    jit_provisioning_enabled: bool,
    invites_enabled: bool,
    sso_login_slug: Option<String>,
    public_sharing_disabled: bool,
    pat_creation_disabled: bool,
    workspace_admin_can_invite_to_org: bool,
    marketplace_payouts_enabled: bool,
    default_sso_provision: bool,
    max_api_key_expiry_days: Option<u32>,
    security_contact: Option<String>,
    max_pat_expiry_days: Option<u32>,
    max_service_key_expiry_days: Option<u32>,
    scim_group_name_separator: String,
    can_export_usage_backfill: bool,
    llm_auth_proxy_enabled: Option<bool>,
    llm_auth_proxy_jwt_audience: Option<String>,
    ip_allowlist: Vec<String>,
    ip_allowlist_enabled: bool,
    restrict_browser_secrets: Option<bool>,
    llm_auth_proxy_allowed_urls: Option<Vec<String>>,
}

impl OrganizationInfo {
    /// The organization as the caller sees it.
    pub fn new(access: &OrgAccess) -> Self {
        let organization = &access.organization;
        let mut settings = Settings::of(organization);
        Self {
            id: Some(organization.id),
            display_name: Some(organization.display_name.clone()),
            config: OrganizationConfig::of(access.tier()),
            engine_enabled: settings.engine_enabled,
            is_personal: organization.personal_of.is_some(),
            tier: Some(access.tier().clone()),
            reached_max_workspaces: access.caller.reached_max_workspaces,
            permissions: access.caller.role.permissions().to_vec(),
            disabled: organization.disabled,
            member_disabled: false,
            sso_only: false,
            jit_provisioning_enabled: settings.jit_provisioning_enabled.unwrap_or(true),
            invites_enabled: settings.invites_enabled.unwrap_or(true),
            sso_login_slug: None,
            public_sharing_disabled: settings.public_sharing_disabled.unwrap_or(false),
            pat_creation_disabled: settings.pat_creation_disabled.unwrap_or(false),
            workspace_admin_can_invite_to_org: settings.workspace_admin_can_invite_to_org.unwrap_or(false),
            marketplace_payouts_enabled: false,
            default_sso_provision: false,
            scim_group_name_separator: separator(&mut settings),
            max_api_key_expiry_days: settings.max_api_key_expiry_days,
            security_contact: settings.security_contact,
            max_pat_expiry_days: settings.max_pat_expiry_days,
            max_service_key_expiry_days: settings.max_service_key_expiry_days,
            can_export_usage_backfill: false,
            llm_auth_proxy_enabled: settings.llm_auth_proxy_enabled,
            llm_auth_proxy_jwt_audience: settings.llm_auth_proxy_jwt_audience,
            ip_allowlist: settings.ip_allowlist.unwrap_or_default(),
            ip_allowlist_enabled: false,
            restrict_browser_secrets: settings.restrict_browser_secrets,
            llm_auth_proxy_allowed_urls: settings.llm_auth_proxy_allowed_urls,
        }
    }
}

/// A plan that an organization is, or will be, on.
#[derive(Serialize, ToSchema)]
#[schema(as = CustomerVisiblePlanInfo)]
struct PlanInfo {
    tier: Tier,
    started_on: Time,
    ends_on: Option<Time>,
}

impl PlanInfo {
    fn current(organization: &organization::Model, standing: Option<&Standing>) -> Option<Self> {
        let since = organization.plan_since?;
        let ends_on = period_end(standing.filter(|standing| standing.ends));
        Some(Self { tier: organization.tier.as_str().into(), started_on: Time(since), ends_on })
    }
}

/// When the paid period ends.
fn period_end(standing: Option<&Standing>) -> Option<Time> {
    standing.and_then(|standing| standing.period_end).map(Time)
}

/// The card on file; one that cannot be read is none.
fn card(organization: &organization::Model) -> Option<PaymentMethod> {
    serde_json::from_value(organization.payment_method.clone()?).ok()
}

/// The current organization.
#[derive(Serialize, ToSchema)]
pub struct Organization {
    id: Option<Uuid>,
    display_name: Option<String>,
    config: OrganizationConfig,
    connected_to_stripe: bool,
    connected_to_metronome: bool,
    is_personal: bool,
    tier: Option<Tier>,
    payment_method: Option<PaymentMethod>,
    has_cancelled: bool,
    end_of_billing_period: Option<Time>,
    current_plan: Option<PlanInfo>,
    upcoming_plan: Option<PlanInfo>,
    reached_max_workspaces: bool,
    /// What the caller may do in it.
    permissions: Vec<&'static str>,
    marketplace_payouts_enabled: bool,
    default_sso_provision: bool,
    security_contact: Option<String>,
    scim_group_name_separator: String,
}

impl Organization {
    /// The organization as the caller sees it.
    pub fn new(access: &OrgAccess, standing: Option<&Standing>) -> Self {
        let organization = &access.organization;
        let mut settings = Settings::of(organization);
        Self {
            id: Some(organization.id),
            display_name: Some(organization.display_name.clone()),
            config: OrganizationConfig::of(access.tier()),
            connected_to_stripe: standing.is_some_and(|standing| standing.stripe),
            connected_to_metronome: false,
            is_personal: organization.personal_of.is_some(),
            tier: Some(access.tier().clone()),
            payment_method: card(organization),
            has_cancelled: standing.is_some_and(|standing| standing.ends),
            end_of_billing_period: period_end(standing),
            current_plan: PlanInfo::current(organization, standing),
            upcoming_plan: None,
            reached_max_workspaces: access.caller.reached_max_workspaces,
            permissions: access.caller.role.permissions().to_vec(),
            marketplace_payouts_enabled: false,
            default_sso_provision: false,
            scim_group_name_separator: separator(&mut settings),
            security_contact: settings.security_contact,
        }
    }
}

/// A change of plans that is under way.
#[derive(Serialize, ToSchema)]
#[schema(as = PlusPlanTransitionInfo)]
struct PlanTransition {
    transition_date: Time,
    plan_tier_before: String,
    transitioned: bool,
}

/// Billing of the current organization.
#[derive(Serialize, ToSchema)]
#[schema(as = OrganizationBillingInfo)]
pub struct Billing {
    id: Option<Uuid>,
    display_name: String,
    config: OrganizationConfig,
    connected_to_stripe: bool,
    connected_to_metronome: bool,
    is_personal: bool,
    tier: Option<Tier>,
    payment_method: Option<PaymentMethod>,
    end_of_billing_period: Option<Time>,
    current_plan: Option<PlanInfo>,
    upcoming_plan: Option<PlanInfo>,
    reached_max_workspaces: bool,
    disabled: bool,
    default_sso_provision: bool,
    plus_plan_transition: Option<PlanTransition>,
    /// What somebody should do about the payments (Atrium's own).
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_problem: Option<&'static str>,
    /// What of the plan is used (Atrium's own).
    usage: Usage,
}

impl Billing {
    /// Billing of the caller's organization.
    pub fn new(access: &OrgAccess, standing: Option<&Standing>, usage: Usage) -> Self {
        let organization = &access.organization;
        Self {
            id: Some(organization.id),
            display_name: organization.display_name.clone(),
            config: OrganizationConfig::of(access.tier()),
            connected_to_stripe: standing.is_some_and(|standing| standing.stripe),
            connected_to_metronome: false,
            is_personal: organization.personal_of.is_some(),
            tier: Some(access.tier().clone()),
            payment_method: card(organization),
            end_of_billing_period: period_end(standing),
            current_plan: PlanInfo::current(organization, standing),
            upcoming_plan: None,
            reached_max_workspaces: access.caller.reached_max_workspaces,
            disabled: organization.disabled,
            default_sso_provision: false,
            plus_plan_transition: None,
            payment_problem: standing.and_then(|standing| standing.problem),
            usage,
        }
    }
}

/// The business behind an organization; an empty one where none was given.
pub fn business(organization: &organization::Model) -> BusinessInfo {
    let known = organization.business_info.clone();
    known.and_then(|known| serde_json::from_value(known).ok()).unwrap_or_default()
}
