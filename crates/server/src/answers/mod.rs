//! The API's answers, field for field. `defaults.json` holds every property of the contract's
//! wide schemas with its default; an answer lays what it knows over them, so nothing is missing.

pub mod people;
pub mod streamed;

use std::sync::OnceLock;

use atrium_domain::{Caller, OrganizationRole, Tier};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::auth::access::{EffectiveRole, OrgAccess};
use crate::billing::standing::Standing;
use crate::db::entity::{account, deleted_workspace, organization, workspace};

/// Lays `known` over the defaults of a schema.
pub fn complete(schema: &str, known: Value) -> Value {
    static DEFAULTS: OnceLock<Map<String, Value>> = OnceLock::new();
    let defaults =
        DEFAULTS.get_or_init(|| serde_json::from_str(include_str!("defaults.json")).unwrap_or_default());
    let mut answer = defaults.get(schema).and_then(Value::as_object).cloned().unwrap_or_default();
    if let Value::Object(known) = known {
        answer.extend(known);
    }
    Value::Object(answer)
}

/// A time as the wire has it: RFC 3339 in UTC.
pub fn time(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Lays the settings that were ever set over an answer, as far as the answer has them.
fn with_settings(mut answer: Value, organization: &organization::Model) -> Value {
    if let (Some(answer), Some(settings)) = (answer.as_object_mut(), organization.settings.as_object()) {
        for (key, value) in settings {
            if let Some(slot) = answer.get_mut(key) {
                *slot = value.clone();
            }
        }
    }
    answer
}

/// `OrganizationPGSchemaSlim`; the plan only where it was asked for.
pub fn organization_slim(organization: &organization::Model, include_tier: bool) -> Value {
    let answer = json!({
        "id": organization.id,
        "display_name": organization.display_name,
        "tier": include_tier.then_some(&organization.tier),
        "created_at": time(organization.created_at),
        "created_by_user_id": organization.created_by,
        "created_by_ls_user_id": organization.created_by,
        "modified_at": time(organization.modified_at),
        "is_personal": organization.personal_of.is_some(),
        "disabled": organization.disabled,
    });
    with_settings(complete("OrganizationPGSchemaSlim", answer), organization)
}

/// `OrganizationConfig` of a plan.
pub fn config(tier: &Tier) -> Value {
    let terms = tier.terms();
    complete(
        "OrganizationConfig",
        json!({
            "plan_tier": tier.as_str(),
            "max_identities": terms.max_identities,
            "max_workspaces": terms.max_workspaces,
            "can_use_rbac": terms.can_use_rbac,
            "can_use_audit_logs": terms.can_use_audit_logs,
            "can_add_seats": terms.max_identities > 1,
        }),
    )
}

/// What every view of the current organization tells.
fn shared(access: &OrgAccess) -> Value {
    let organization = &access.organization;
    json!({
        "id": organization.id,
        "display_name": organization.display_name,
        "config": config(access.tier()),
        "is_personal": organization.personal_of.is_some(),
        "tier": organization.tier,
        "reached_max_workspaces": access.caller.reached_max_workspaces,
    })
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

/// What a role permits in the organization (`permissions`).
fn permissions(role: &OrganizationRole) -> Value {
    json!(role.permissions())
}

/// `OrganizationInfo`.
pub fn organization_info(access: &OrgAccess) -> Value {
    let more = json!({
        "permissions": permissions(&access.caller.role),
        "disabled": access.organization.disabled,
        "ip_allowlist": [],
    });
    with_settings(complete("OrganizationInfo", merged(shared(access), more)), &access.organization)
}

/// `Organization`.
pub fn organization(access: &OrgAccess, standing: Option<&Standing>) -> Value {
    let more = json!({
        "connected_to_stripe": standing.is_some(),
        "connected_to_metronome": false,
        "payment_method": payment_method(&access.organization),
        "has_cancelled": standing.is_some_and(|standing| standing.ends),
        "end_of_billing_period": period_end(standing),
        "current_plan": current_plan(&access.organization, standing),
        "permissions": permissions(&access.caller.role),
    });
    with_settings(complete("Organization", merged(shared(access), more)), &access.organization)
}

/// `OrganizationBillingInfo`; with `payment_problem`, Atrium's own, where there is one.
pub fn billing(access: &OrgAccess, standing: Option<&Standing>) -> Value {
    let mut more = json!({
        "connected_to_stripe": standing.is_some(),
        "connected_to_metronome": false,
        "payment_method": payment_method(&access.organization),
        "end_of_billing_period": period_end(standing),
        "current_plan": current_plan(&access.organization, standing),
        "disabled": access.organization.disabled,
    });
    if let Some(problem) = standing.and_then(|standing| standing.problem) {
        more["payment_problem"] = problem.into();
    }
    complete("OrganizationBillingInfo", merged(shared(access), more))
}

fn payment_method(organization: &organization::Model) -> Value {
    match &organization.payment_method {
        Some(card) => complete("StripePaymentMethodInfo", card.clone()),
        None => Value::Null,
    }
}

fn current_plan(organization: &organization::Model, standing: Option<&Standing>) -> Value {
    let Some(since) = organization.plan_since else { return Value::Null };
    let ends_on = period_end(standing.filter(|standing| standing.ends));
    json!({ "tier": organization.tier, "started_on": time(since), "ends_on": ends_on })
}

fn period_end(standing: Option<&Standing>) -> Option<String> {
    standing.and_then(|standing| standing.period_end).map(time)
}

/// `Tenant`.
pub fn workspace(workspace: &workspace::Model, is_personal: bool) -> Value {
    complete(
        "Tenant",
        json!({
            "id": workspace.id,
            "organization_id": workspace.organization_id,
            "created_at": time(workspace.created_at),
            "display_name": workspace.display_name,
            "is_personal": is_personal,
            "is_deleted": false,
            "tenant_handle": workspace.tenant_handle,
        }),
    )
}

/// `TenantForUser`: a workspace with the caller's role in it.
pub fn workspace_for(row: &workspace::Model, caller: &Caller, role: &EffectiveRole) -> Value {
    let known = merged(
        workspace(row, caller.is_personal),
        json!({ "role_id": role.id, "role_name": role.label, "permissions": role.permissions }),
    );
    complete("TenantForUser", known)
}

/// `TenantForUser` of a workspace that was deleted: nobody has a role in it.
pub fn workspace_deleted(row: &deleted_workspace::Model) -> Value {
    complete(
        "TenantForUser",
        json!({
            "id": row.id,
            "organization_id": row.organization_id,
            "created_at": time(row.created_at),
            "display_name": row.display_name,
            // A personal organization keeps its only workspace.
            "is_personal": false,
            "is_deleted": true,
            "tenant_handle": row.tenant_handle,
            "permissions": [],
        }),
    )
}

/// `ProviderUserSlim`: the one way that an account has to sign in.
pub fn login_method(account: &account::Model) -> Value {
    complete(
        "ProviderUserSlim",
        json!({
            "id": account.id,
            "provider": "email",
            "ls_user_id": account.id,
            "created_at": time(account.created_at),
            "updated_at": time(account.created_at),
            "email": account.email,
            "full_name": account.full_name,
            "username": account.email,
            "is_disabled": account.is_disabled,
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_read() {
        let config = complete("OrganizationConfig", json!({ "max_identities": 7 }));
        assert_eq!(config["max_identities"], 7);
        assert_eq!(config["max_sandbox_memory"], "400Gi");
        assert_eq!(config.as_object().unwrap().len(), 66);
    }
}
