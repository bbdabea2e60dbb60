//! What a plan gives an organization: `OrganizationConfig`, most of which is LangSmith's own and
//! stays at the contract's default here.

use atrium_domain::Tier;
use serde::Serialize;
use utoipa::ToSchema;

/// Makes an answer whose fields have a default.
macro_rules! with_defaults {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty = $default:expr),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct $name {
            $($field: $type,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }
    };
}

with_defaults! {
    /// What the plan gives an organization.
    OrganizationConfig {
        plan_tier: Option<Tier> = None,
        engine_default_enabled: bool = false,
        max_identities: u32 = 5,
        max_workspaces: u32 = 1,
        can_use_rbac: bool = false,
        can_use_abac: bool = false,
        can_use_audit_logs: bool = false,
        can_add_seats: bool = true,
        startup_plan_approval_date: Option<&'static str> = None,
        partner_plan_approval_date: Option<&'static str> = None,
        premier_plan_approval_date: Option<&'static str> = None,
        can_disable_public_sharing: bool = false,
        can_use_langgraph_cloud: bool = false,
        max_langgraph_cloud_deployments: i64 = 3,
        max_free_langgraph_cloud_deployments: i64 = 0,
        sandbox_enabled: bool = false,
        max_sandboxes: i64 = 10,
        max_sandbox_cpu: &'static str = "200",
        max_sandbox_memory: &'static str = "400Gi",
        can_use_saml_sso: bool = false,
        can_use_bulk_export: bool = false,
        show_updated_sidenav: bool = false,
        show_updated_resource_tags: bool = false,
        kv_dataset_message_support: bool = true,
        show_playground_prompt_canvas: bool = false,
        allow_custom_iframes: bool = false,
        byoc_enabled: bool = false,
        enable_langgraph_pricing: bool = false,
        enable_thread_view_playground: bool = false,
        enable_org_usage_charts: bool = false,
        use_exact_search_for_prompts: bool = false,
        langgraph_deploy_own_cloud_enabled: bool = false,
        prompt_optimization_jobs_enabled: bool = false,
        demo_lgp_new_graph_enabled: bool = false,
        datadog_rum_session_sample_rate: i64 = 20,
        langgraph_remote_reconciler_enabled: bool = false,
        langgraph_enterprise_enabled: bool = false,
        langsmith_alerts_poc_enabled: bool = true,
        tenant_skip_topk_facets: bool = false,
        lgp_templates_enabled: bool = false,
        enable_align_evaluators: bool = false,
        enable_run_tree_streaming: bool = false,
        enable_querying_v2_endpoints: bool = false,
        enable_threads_improvements: bool = false,
        max_prompt_webhooks: i64 = 1,
        playground_evaluator_strategy: Option<&'static str> = Some("sync"),
        can_set_api_key_max_expiry: bool = false,
        can_use_llm_auth_proxy: bool = false,
        can_restrict_browser_secrets: bool = false,
        enable_monthly_usage_charts: bool = false,
        new_rule_evaluator_creation_version: i64 = 3,
        enable_lgp_listeners_page: bool = false,
        clio_enabled: bool = false,
        enable_markdown_in_tracing: bool = false,
        enable_pricing_redesign: bool = false,
        arbitrary_cost_tracking_enabled: bool = false,
        langsmith_deployment_distributed_runtime_enabled: bool = false,
        agent_builder_enabled: bool = true,
        max_agent_builder_assistants: i64 = 1000,
        enable_granular_usage_reporting: bool = false,
        enable_burndown_vs_commit_view: bool = false,
        max_agent_builder_runs: i64 = -1,
        langsmith_deployment_dr_enabled_dev: bool = false,
        ip_allowlist_enabled: bool = false,
        llm_gateway_enabled: bool = false,
        managed_deep_agents_enabled: bool = false,
    }
}

impl OrganizationConfig {
    /// What a plan gives.
    pub fn of(tier: &Tier) -> Self {
        let terms = tier.terms();
        Self {
            plan_tier: Some(tier.clone()),
            max_identities: terms.max_identities,
            max_workspaces: terms.max_workspaces,
            can_use_rbac: terms.can_use_rbac,
            can_use_audit_logs: terms.can_use_audit_logs,
            can_add_seats: terms.max_identities > 1,
            ..Self::default()
        }
    }
}
