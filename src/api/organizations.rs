//! Organizations, and invitations to them and to workspaces.

use atrium_domain::Tier;
use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{OrganizationCreate, OrganizationInfo, OrganizationSlim};
use gloo_net::http::Method;
use serde::Serialize;

use super::transport::{Answer, Call, Scope, by_key, change, command, get, read_as};

/// The organizations of the signed-in person. The first call makes the personal one. An API key
/// has the one that it belongs to.
pub fn organizations() -> Answer<Vec<OrganizationSlim>> {
    if by_key() {
        let call = Call {
            method: Method::GET,
            path: "/api/v1/orgs/current/info".to_owned(),
            scope: Scope::Account,
            body: None,
            basic: None,
            if_match: None,
            once: None,
        };
        return read_as(call, |json| OrganizationInfo::from_json(json).and_then(slim).map(|one| vec![one]));
    }
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

fn slim(info: OrganizationInfo) -> Option<OrganizationSlim> {
    Some(OrganizationSlim {
        id: info.id?,
        display_name: info.display_name.unwrap_or_default(),
        tier: info.tier,
        is_personal: info.is_personal,
        disabled: info.disabled,
        ..OrganizationSlim::default()
    })
}

/// An invitation that waits for the signed-in person (rule 15 of the product).
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Of what it is to.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the organization, where it is to a workspace.
    pub within: Option<String>,
}

impl Waiting {
    fn path(&self) -> String {
        let kind = if self.within.is_some() { WORKSPACES } else { ORGANIZATIONS };
        format!("{kind}/{}", self.id)
    }

    /// Accepts it.
    pub fn accept(&self) -> Answer<()> {
        command(Method::POST, Scope::Account, self.path() + "/claim", None)
    }

    /// Declines it.
    pub fn decline(&self) -> Answer<()> {
        command(Method::DELETE, Scope::Account, self.path(), None)
    }
}

impl FromJson for Waiting {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("id")?,
            name: json.read_or_default("display_name"),
            within: json.read("organization_id"),
        })
    }
}

const ORGANIZATIONS: &str = "/api/v1/orgs/pending";
const WORKSPACES: &str = "/api/v1/workspaces/pending";

/// The invitations to organizations; none invites a key.
pub fn invited_to_organizations() -> Answer<Vec<Waiting>> {
    let read = |json: &Json| {
        let mut all = Vec::<Waiting>::from_json(json)?;
        all.iter_mut().for_each(|one| one.within = None);
        Some(all)
    };
    Answer { read, ..waiting(ORGANIZATIONS) }
}

/// The invitations to workspaces; none invites a key.
pub fn invited_to_workspaces() -> Answer<Vec<Waiting>> {
    let read = |json: &Json| {
        let mut all = Vec::<Waiting>::from_json(json)?;
        all.retain(|one| one.within.is_some());
        Some(all)
    };
    Answer { read, ..waiting(WORKSPACES) }
}

fn waiting(path: &str) -> Answer<Vec<Waiting>> {
    if by_key() { Answer::known(Json::List(Vec::new())) } else { get(Scope::Account, path) }
}

/// What ends with an organization (Atrium's own).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationEnds {
    /// How many members it has.
    pub members: u64,
    /// How many invitations are open.
    pub invitations: u64,
    /// Every workspace with what it holds.
    pub workspaces: Vec<WorkspaceThatEnds>,
    /// How many personal tokens work in it.
    pub personal_tokens: u64,
    /// How many service keys it has.
    pub service_keys: u64,
    /// How many roles of its own it has.
    pub custom_roles: u64,
    /// The plan that is paid for; none where none is.
    pub subscription: Option<Tier>,
    /// Until when it is paid for, where that is known.
    pub end_of_billing_period: Option<String>,
}

/// A workspace that ends, with how much it holds of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkspaceThatEnds {
    /// Its name.
    pub name: String,
    /// Tracing projects.
    pub projects: u64,
    /// Datasets.
    pub datasets: u64,
    /// Annotation queues.
    pub queues: u64,
    /// Prompts.
    pub prompts: u64,
}

impl FromJson for OrganizationEnds {
    fn from_json(json: &Json) -> Option<Self> {
        json.is_object().then_some(())?;
        Some(Self {
            members: json.read_or_default("members"),
            invitations: json.read_or_default("invitations"),
            workspaces: json.read_or_default("workspaces"),
            personal_tokens: json.read_or_default("personal_tokens"),
            service_keys: json.read_or_default("service_keys"),
            custom_roles: json.read_or_default("custom_roles"),
            subscription: json.read_or_default("subscription"),
            end_of_billing_period: json.read_or_default("end_of_billing_period"),
        })
    }
}

impl FromJson for WorkspaceThatEnds {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            name: json.read("display_name")?,
            projects: json.read_or_default("tracer_session_count"),
            datasets: json.read_or_default("dataset_count"),
            queues: json.read_or_default("annotation_queue_count"),
            prompts: json.read_or_default("repo_count"),
        })
    }
}

/// What ends with an organization.
pub fn organization_ends(organization: String) -> Answer<OrganizationEnds> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/ends")
}

/// Deletes an organization with everything in it; `name` has to be its name.
pub fn delete_organization(organization: String, name: &str) -> Answer<()> {
    let path = format!("/api/v1/orgs/current?name={}", js_sys::encode_uri_component(name));
    command(Method::DELETE, Scope::Organization(organization), path, None)
}

/// The settings of an organization, as its members see them. What a backend does not tell is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrganizationSettings {
    /// The name.
    pub name: String,
    /// Whom to tell about security.
    pub security_contact: Option<String>,
    /// Whether people can be invited.
    pub invites_enabled: Option<bool>,
    /// Whether the Admin of a workspace may invite to the organization.
    pub workspace_admin_can_invite: Option<bool>,
    /// Whether nothing can be shared with the public.
    pub sharing_disabled: Option<bool>,
    /// Whether nobody makes personal API tokens.
    pub tokens_disabled: Option<bool>,
}

impl FromJson for OrganizationSettings {
    fn from_json(json: &Json) -> Option<Self> {
        json.is_object().then_some(())?;
        Some(Self {
            name: json.read_or_default("display_name"),
            security_contact: json.read_or_default("security_contact"),
            invites_enabled: json.read_or_default("invites_enabled"),
            workspace_admin_can_invite: json.read_or_default("workspace_admin_can_invite_to_org"),
            sharing_disabled: json.read_or_default("public_sharing_disabled"),
            tokens_disabled: json.read_or_default("pat_creation_disabled"),
        })
    }
}

/// The settings of an organization.
pub fn organization_settings(organization: String) -> Answer<OrganizationSettings> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/info")
}

/// A change of settings: what is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OrganizationChange {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whom to tell about security.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_contact: Option<String>,
    /// Whether people can be invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invites_enabled: Option<bool>,
    /// Whether the Admin of a workspace may invite to the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_admin_can_invite_to_org: Option<bool>,
    /// Whether nothing can be shared with the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_sharing_disabled: Option<bool>,
    /// Ends what is shared with the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unshare_all: Option<bool>,
    /// Whether nobody makes personal API tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pat_creation_disabled: Option<bool>,
}

/// Changes an organization's settings.
pub fn change_organization(
    organization: String,
    change: &OrganizationChange,
) -> Answer<OrganizationSettings> {
    super::transport::change(
        Method::PATCH,
        Scope::Organization(organization),
        "/api/v1/orgs/current/info",
        change,
    )
}
