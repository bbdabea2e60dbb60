//! The wire types that the app reads, field by field.

use super::{FromJson, Json};
use crate::wire::{
    AccessToken, Address, BillingInfo, BusinessInfo, CompanyInfo, Info, InstanceFlags, Invitation, Location,
    LoginMethod, Member, OrganizationConfig, OrganizationInfo, OrganizationMembers, OrganizationSlim,
    PaymentMethod, PlanInfo, Resource, Role, SetupIntent, TaxId, Usage, ValidationError, Workspace,
    WorkspaceStats,
};

/// Reads a type by its fields' names: those without which there is nothing to show, then those that have a default.
/// A field in neither list does not compile.
macro_rules! fields {
    ($type:ident { $($needed:ident),* } or default { $($default:ident),* }) => {
        impl FromJson for $type {
            fn from_json(json: &Json) -> Option<Self> {
                json.is_object().then_some(())?;
                Some(Self {
                    $($needed: json.read(stringify!($needed))?,)*
                    $($default: json.read_or_default(stringify!($default)),)*
                })
            }
        }
    };
}

fields! { Info { version } or default { instance_flags } }
fields! {
    InstanceFlags {} or default {
        sign_up, billing, members_query, member_ends, removed_members, access_query, workspace_count_sort,
        delete_organization, workspace_colors, audit_query, stripe_publishable_key, stripe_js_url
    }
}
fields! { AccessToken { access_token } or default {} }
fields! {
    OrganizationSlim { id, display_name, is_personal, disabled } or default {
        tier, created_at, has_card, has_cancelled, end_of_billing_period, payment_problem
    }
}
fields! {
    OrganizationInfo { config, is_personal } or default {
        id, display_name, tier, reached_max_workspaces, permissions, disabled, invites_enabled,
        workspace_admin_can_invite_to_org, max_api_key_expiry_days, max_service_key_expiry_days
    }
}
fields! {
    BillingInfo {
        display_name, config, connected_to_stripe, connected_to_metronome, is_personal
    } or default {
        id, tier, payment_method, reached_max_workspaces, disabled, end_of_billing_period, current_plan,
        payment_problem, usage
    }
}
fields! { PlanInfo { tier } or default { started_on, ends_on } }
fields! { Usage { members, invitations, workspaces } or default {} }
fields! { BusinessInfo {} or default { company_info, tax_id, invoice_email, is_business } }
fields! { CompanyInfo { name } or default { address } }
fields! { Address { line1, city, postal_code, country } or default { line2, state } }
fields! { PaymentMethod {} or default { brand, last4, exp_month, exp_year, email } }
fields! { SetupIntent { client_secret } or default {} }
fields! { OrganizationMembers { organization_id, members, pending } or default {} }
fields! {
    Member { id, organization_id, created_at, user_id, ls_user_id } or default {
        tenant_id, read_only, role_id, role_name, access_scope, email, full_name, is_disabled, org_role_id,
        org_role_name, tenant_ids
    }
}
fields! {
    Invitation { email, id, created_at } or default {
        read_only, role_id, workspace_ids, workspace_role_id, organization_id, role_name, org_role_id,
        org_role_name, tenant_ids
    }
}
fields! {
    Role { id, name, display_name, description, permissions } or default { organization_id, access_scope }
}
fields! {
    Workspace { id, created_at, display_name } or default {
        organization_id, is_personal, is_deleted, role_id, role_name, permissions, color
    }
}
fields! {
    WorkspaceStats {} or default {
        tenant_id, dataset_count, tracer_session_count, repo_count, annotation_queue_count, deployment_count,
        dashboards_count, evaluator_count
    }
}
fields! {
    Resource {} or default {
        id, name, repo_handle, description, created_at, updated_at, start_time, run_count, example_count,
        total_runs, num_commits
    }
}
fields! { LoginMethod { id, ls_user_id } or default { email, full_name } }

impl FromJson for TaxId {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { value: json.read("value")?, kind: json.read("type")? })
    }
}

impl FromJson for OrganizationConfig {
    fn from_json(json: &Json) -> Option<Self> {
        json.is_object().then_some(())?;
        let contract = Self::default();
        Some(Self {
            max_identities: json.read("max_identities").unwrap_or(contract.max_identities),
            max_workspaces: json.read("max_workspaces").unwrap_or(contract.max_workspaces),
            can_use_rbac: json.read("can_use_rbac").unwrap_or(contract.can_use_rbac),
            can_use_audit_logs: json.read("can_use_audit_logs").unwrap_or(contract.can_use_audit_logs),
            can_add_seats: json.read("can_add_seats").unwrap_or(contract.can_add_seats),
        })
    }
}

impl FromJson for ValidationError {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { loc: json.read("loc")?, msg: json.read("msg")?, kind: json.read("type")? })
    }
}

impl FromJson for Location {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Text(name) => Some(Self::Name(name.clone())),
            other => u64::from_json(other).map(Self::Index),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::Tier;

    /// Both readers understand the text, and alike.
    fn agree<T: FromJson + DeserializeOwned + Serialize>(text: &str) -> T {
        let by_serde: T = serde_json::from_str(text).unwrap();
        let ours = T::from_json(&Json::parse(text).unwrap()).unwrap();
        assert_eq!(serde_json::to_value(&ours).unwrap(), serde_json::to_value(&by_serde).unwrap());
        ours
    }

    #[test]
    fn sparse_answers_take_the_contracts_defaults() {
        let read: OrganizationInfo = agree(r#"{"config":{},"is_personal":true}"#);
        assert_eq!((read.config.max_identities, read.config.max_workspaces), (5, 1));
        assert!(read.config.can_add_seats && !read.disabled);
        agree::<Info>(r#"{"version":"1"}"#);
        agree::<OrganizationSlim>(r#"{"id":"1","display_name":"A","is_personal":false,"disabled":true}"#);
        agree::<BillingInfo>(
            r#"{"display_name":"A","config":{},"connected_to_stripe":false,"connected_to_metronome":false,"is_personal":false}"#,
        );
        agree::<Vec<Member>>(
            r#"[{"id":"1","organization_id":"2","created_at":"t","user_id":"3","ls_user_id":"4"}]"#,
        );
        agree::<Invitation>(r#"{"email":"a@b.c","id":"1","created_at":"t"}"#);
        agree::<Role>(r#"{"id":"1","name":"n","display_name":"d","description":"","permissions":[]}"#);
        agree::<Workspace>(r#"{"id":"1","created_at":"t","display_name":"d"}"#);
        agree::<LoginMethod>(r#"{"id":"1","ls_user_id":"2"}"#);
        agree::<WorkspaceStats>("{}");
        agree::<Resource>("{}");
        agree::<PaymentMethod>("{}");
        agree::<BusinessInfo>("{}");
    }

    #[test]
    fn full_answers_read_as_by_serde() {
        agree::<Info>(
            r#"{"version":"1","instance_flags":{"sign_up":true,"billing":"test","members_query":true,"member_ends":true,
                "removed_members":true,"access_query":true,"workspace_count_sort":true,"delete_organization":true,
                "workspace_colors":true,"audit_query":true,"stripe_publishable_key":"pk_1",
                "stripe_js_url":"https://js.example","more":{}}}"#,
        );
        agree::<AccessToken>(r#"{"access_token":"t"}"#);
        agree::<OrganizationSlim>(
            r#"{"id":"1","display_name":"A","is_personal":false,"disabled":false,"tier":"plus","created_at":"t",
                "has_card":true,"has_cancelled":true,"end_of_billing_period":"t","payment_problem":"p"}"#,
        );
        agree::<SetupIntent>(r#"{"client_secret":"seti_1_secret_2"}"#);
        agree::<OrganizationInfo>(
            r#"{"id":"1","display_name":"A","config":{"max_identities":10,"max_workspaces":3,"can_use_rbac":true,
                "can_use_audit_logs":true,"can_add_seats":false},"is_personal":false,"tier":"plus",
                "reached_max_workspaces":true,"permissions":["a","b"],"disabled":true,"invites_enabled":false,
                "workspace_admin_can_invite_to_org":true,"max_api_key_expiry_days":90,
                "max_service_key_expiry_days":30}"#,
        );
        agree::<BillingInfo>(
            r#"{"id":"1","display_name":"A","config":{},"connected_to_stripe":true,"connected_to_metronome":true,
                "end_of_billing_period":"t","current_plan":{"tier":"plus","started_on":"s","ends_on":"e"},
                "payment_problem":"p","usage":{"members":1,"invitations":2,"workspaces":3},
                "is_personal":true,"tier":null,"payment_method":{"brand":"visa","last4":"4242","exp_month":1,
                "exp_year":2030,"email":"a@b.c"},"reached_max_workspaces":true,"disabled":true}"#,
        );
        agree::<BusinessInfo>(
            r#"{"company_info":{"name":"A","address":{"line1":"1","line2":"2","city":"c","state":"s","postal_code":"p",
                "country":"DE"}},"tax_id":{"type":"eu_vat","value":"DE123456789"},"invoice_email":"a@b.c",
                "is_business":true}"#,
        );
        agree::<OrganizationMembers>(
            r#"{"organization_id":"1","members":[{"id":"1","organization_id":"2","tenant_id":"5","created_at":"t",
                "user_id":"3","ls_user_id":"4","read_only":true,"role_id":"6","role_name":"7","access_scope":"8",
                "email":"9","full_name":"10","is_disabled":true,"org_role_id":"11","org_role_name":"12",
                "tenant_ids":["13"]}],"pending":[{"email":"a@b.c","read_only":true,"role_id":"1",
                "workspace_ids":["2"],"workspace_role_id":"3","id":"4","organization_id":"5","created_at":"t",
                "role_name":"6","org_role_id":"7","org_role_name":"8","tenant_ids":["9"]}]}"#,
        );
        agree::<Role>(
            r#"{"id":"1","name":"n","display_name":"d","description":"e","organization_id":"2",
                "permissions":["p"],"access_scope":"organization"}"#,
        );
        agree::<Workspace>(
            r#"{"id":"1","organization_id":"2","created_at":"t","display_name":"d","is_personal":true,
                "is_deleted":true,"role_id":"3","role_name":"4","permissions":["p"],"color":"blue"}"#,
        );
        agree::<WorkspaceStats>(
            r#"{"tenant_id":"1","dataset_count":1,"tracer_session_count":2,"repo_count":3,
                "annotation_queue_count":4,"deployment_count":5,"dashboards_count":6,"evaluator_count":7}"#,
        );
        agree::<Resource>(
            r#"{"id":"1","name":"2","repo_handle":"3","description":"4","created_at":"5","updated_at":"5","start_time":"6",
                "run_count":1,"example_count":2,"total_runs":3,"num_commits":4}"#,
        );
        agree::<LoginMethod>(r#"{"id":"1","ls_user_id":"2","email":"3","full_name":"4"}"#);
        agree::<ValidationError>(r#"{"loc":["body",3,"email"],"msg":"m","type":"value_error","input":1.5}"#);
    }

    #[test]
    fn unknown_fields_and_values_are_no_error() {
        let read: OrganizationSlim = agree(
            r#"{"id":"1","display_name":"A","is_personal":false,"disabled":false,"tier":"moon","new":{"x":[1]}}"#,
        );
        assert_eq!(read.tier, Some(Tier::Other("moon".into())));
    }

    #[test]
    fn what_is_needed_must_be_there() {
        let read = |text| OrganizationSlim::from_json(&Json::parse(text).unwrap());
        assert_eq!(read(r#"{"display_name":"A","is_personal":false,"disabled":false}"#), None);
        assert_eq!(read(r#"{"id":7,"display_name":"A","is_personal":false,"disabled":false}"#), None);
        assert_eq!(read("[]"), None);
        assert!(Vec::<Member>::from_json(&Json::parse("[{}]").unwrap()).is_none());
    }

    /// A value of a kind that this version does not expect is left out, where it can be left out.
    #[test]
    fn an_odd_optional_value_is_left_out() {
        let text = r#"{"id":"1","ls_user_id":"2","email":7,"full_name":{"first":"Ada"}}"#;
        let read = LoginMethod::from_json(&Json::parse(text).unwrap()).unwrap();
        assert_eq!((read.email, read.full_name), (None, None));
    }
}
