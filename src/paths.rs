//! Every address of the app: built and taken apart here, nowhere else.
//!
//! Addresses are paths inside the app. Where it is deployed under a sub-path, `<base href>` of
//! `index.html` says so, and the router puts it in front.

/// The address that shows whatever place the person was in last.
pub const START: &str = "/";
/// The sign-in page.
pub const LOGIN: &str = "/login";
/// The sign-up page.
pub const SIGNUP: &str = "/signup";

/// The parameter that sends a page on an errand: to open a dialog of its own, once.
pub const ERRAND: &str = "do";
/// The members page's: inviting somebody.
pub const INVITE: &str = "invite";
/// The workspaces page's: adding a workspace.
pub const ADD_WORKSPACE: &str = "add-workspace";
/// The roles page's: making a role.
pub const CREATE_ROLE: &str = "create-role";

/// A kind of resource in a workspace, each with a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// Tracing projects.
    Projects,
    /// Datasets.
    Datasets,
    /// Annotation queues.
    Queues,
    /// Prompts.
    Prompts,
}

impl ResourceKind {
    /// All kinds, in the order of the navigation.
    pub const ALL: [Self; 4] = [Self::Projects, Self::Datasets, Self::Queues, Self::Prompts];

    /// The last part of its address.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Projects => "projects",
            Self::Datasets => "datasets",
            Self::Queues => "queues",
            Self::Prompts => "prompts",
        }
    }

    /// The kind whose address ends so.
    pub fn from_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.segment() == segment)
    }
}

/// A page of an organization's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// The organization itself.
    Organization,
    /// Workspaces.
    Workspaces,
    /// Members and roles: members.
    Members,
    /// Members and roles: roles.
    Roles,
    /// Usage and billing.
    Billing,
    /// The audit log.
    AuditLog,
}

impl Settings {
    const ALL: [Self; 6] =
        [Self::Organization, Self::Workspaces, Self::Members, Self::Roles, Self::Billing, Self::AuditLog];

    fn segment(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Workspaces => "workspaces",
            Self::Members => "members",
            Self::Roles => "roles",
            Self::Billing => "billing",
            Self::AuditLog => "audit-log",
        }
    }
}

impl Settings {
    /// All pages of the settings.
    pub fn all() -> &'static [Self] {
        &Self::ALL
    }

    /// The word that the address has for it.
    pub fn word(self) -> &'static str {
        self.segment()
    }
}

/// The sign-in page that leads back to `next` afterwards.
pub fn login(next: &str) -> String {
    with_next(LOGIN, next)
}

/// `page` with the address to lead back to.
pub fn with_next(page: &str, next: &str) -> String {
    match safe_next(next) {
        Some(next) => format!("{page}?next={}", js_sys::encode_uri_component(next)),
        None => page.to_owned(),
    }
}

/// `next` if it stays in the app and leads further than the start: an address given by a link
/// must not send a person to another site after signing in (CWE-601).
pub fn safe_next(next: &str) -> Option<&str> {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let further = next != START && !next.starts_with(LOGIN) && !next.starts_with(SIGNUP);
    (inside && further).then_some(next)
}

/// An organization: leads to its workspace, or to billing while it is pending.
pub fn organization(organization: &str) -> String {
    format!("/o/{organization}")
}

/// The home of a workspace.
pub fn workspace(organization: &str, workspace: &str) -> String {
    format!("/o/{organization}/w/{workspace}")
}

/// The resources of one kind in a workspace.
pub fn resources(organization: &str, workspace: &str, kind: ResourceKind) -> String {
    format!("/o/{organization}/w/{workspace}/{}", kind.segment())
}

/// A page of an organization's settings.
pub fn settings(organization: &str, page: Settings) -> String {
    format!("/o/{organization}/settings/{}", page.segment())
}

/// The list of members, with those alone who have this text in their name or address.
pub fn members_with(organization: &str, text: &str) -> String {
    format!("{}?q={}", settings(organization, Settings::Members), js_sys::encode_uri_component(text))
}

/// A page, sent on an errand.
pub fn with_errand(page: &str, errand: &str) -> String {
    format!("{page}?{ERRAND}={errand}")
}

/// The settings of one workspace.
pub fn workspace_settings(organization: &str, workspace: &str) -> String {
    format!("/o/{organization}/settings/workspaces/{workspace}")
}

/// The organization in a path of the app.
pub fn organization_of(path: &str) -> Option<&str> {
    part(path.strip_prefix("/o/")?)
}

/// The workspace in a path of the app (not the one whose settings are shown).
pub fn workspace_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/o/")?;
    let (_, rest) = rest.split_once('/')?;
    part(rest.strip_prefix("w/")?)
}

/// The workspace whose settings a path of the app shows.
pub fn workspace_in_settings(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once("/settings/workspaces/")?;
    part(rest)
}

/// A page of the app. Which organization and workspace it is about stands in the address as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/`
    Start,
    /// `/login`
    Login,
    /// `/signup`
    SignUp,
    /// An organization, which leads to one of its workspaces.
    Organization,
    /// The home of a workspace.
    Home,
    /// The resources of a kind in a workspace.
    Resources(ResourceKind),
    /// A page of an organization's settings.
    Settings(Settings),
    /// The settings of one workspace.
    WorkspaceSettings,
    /// No page has this address.
    Missing,
    /// No page of an organization has this address.
    MissingInOrganization,
}

impl Page {
    /// The page of a path of the app.
    pub fn of(path: &str) -> Self {
        let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Start,
            ["login"] => Self::Login,
            ["signup"] => Self::SignUp,
            ["o", _, rest @ ..] => Self::in_organization(rest),
            _ => Self::Missing,
        }
    }

    fn in_organization(parts: &[&str]) -> Self {
        match parts {
            [] => Self::Organization,
            ["w", _] => Self::Home,
            ["w", _, kind] => {
                ResourceKind::from_segment(kind).map_or(Self::MissingInOrganization, Self::Resources)
            }
            ["settings", "workspaces", _] => Self::WorkspaceSettings,
            ["settings", page] => {
                let page = Settings::ALL.into_iter().find(|one| one.segment() == *page);
                page.map_or(Self::MissingInOrganization, Self::Settings)
            }
            _ => Self::MissingInOrganization,
        }
    }

    /// Whether it is a page of the settings.
    pub fn is_settings(self) -> bool {
        matches!(self, Self::Settings(_) | Self::WorkspaceSettings)
    }

    /// Whether an organization that is pending or switched off may show it: billing, its own settings and its member list; every
    /// other page leads to billing (rule 3 of the product).
    pub fn is_open_while_pending(self) -> bool {
        matches!(self, Self::Settings(Settings::Billing | Settings::Organization | Settings::Members))
    }
}

fn part(rest: &str) -> Option<&str> {
    rest.split('/').next().filter(|id| !id.is_empty())
}

/// `path` of the browser without the sub-path of the deployment.
pub fn inside<'a>(path: &'a str, base: &str) -> &'a str {
    match path.strip_prefix(base) {
        Some("") => START,
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn addresses_are_read_back() {
        let home = workspace("o1", "w1");
        assert_eq!((organization_of(&home), workspace_of(&home)), (Some("o1"), Some("w1")));
        let list = resources("o1", "w1", ResourceKind::Queues);
        assert_eq!(workspace_of(&list), Some("w1"));
        assert!(list.ends_with("/queues"));
        let members = settings("o1", Settings::Members);
        assert_eq!((organization_of(&members), workspace_of(&members)), (Some("o1"), None));
        assert_eq!(workspace_of(&workspace_settings("o1", "w1")), None);
        assert_eq!(workspace_in_settings(&workspace_settings("o1", "w1")), Some("w1"));
        assert_eq!(workspace_in_settings(&members), None);
        assert_eq!(organization_of("/login"), None);
    }

    #[wasm_bindgen_test]
    fn every_address_has_its_page() {
        assert_eq!(Page::of(START), Page::Start);
        assert_eq!(Page::of(LOGIN), Page::Login);
        assert_eq!(Page::of(SIGNUP), Page::SignUp);
        assert_eq!(Page::of(&organization("o")), Page::Organization);
        assert_eq!(Page::of(&workspace("o", "w")), Page::Home);
        for kind in ResourceKind::ALL {
            assert_eq!(Page::of(&resources("o", "w", kind)), Page::Resources(kind));
        }
        for page in Settings::ALL {
            assert_eq!(Page::of(&settings("o", page)), Page::Settings(page));
        }
        assert_eq!(Page::of(&workspace_settings("o", "w")), Page::WorkspaceSettings);
        assert_eq!(Page::of("/nowhere"), Page::Missing);
        assert_eq!(Page::of("/o/1/nowhere"), Page::MissingInOrganization);
        assert_eq!(Page::of("/o/1/w/2/nowhere"), Page::MissingInOrganization);
    }

    #[wasm_bindgen_test]
    fn a_pending_organization_shows_billing_itself_and_members_only() {
        let open = |path: &str| Page::of(path).is_open_while_pending();
        assert!(open(&settings("o", Settings::Billing)) && open(&settings("o", Settings::Members)));
        assert!(open(&settings("o", Settings::Organization)));
        assert!(!open(&settings("o", Settings::Workspaces)) && !open(&settings("o", Settings::Roles)));
        assert!(!open(&workspace("o", "w")) && !open(&organization("o")));
    }

    #[wasm_bindgen_test]
    fn signing_in_never_leads_elsewhere() {
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/", "/login?next=/o/x"]
        {
            assert_eq!(safe_next(bad), None, "{bad}");
        }
        assert_eq!(safe_next("/o/1/settings/members?q=a"), Some("/o/1/settings/members?q=a"));
        assert_eq!(login("/o/1?a=b"), "/login?next=%2Fo%2F1%3Fa%3Db");
        assert_eq!(login("/"), "/login");
    }

    #[wasm_bindgen_test]
    fn a_sub_path_is_taken_off() {
        assert_eq!(inside("/console/o/1", "/console"), "/o/1");
        assert_eq!(inside("/console", "/console"), "/");
        assert_eq!(inside("/o/1", ""), "/o/1");
        assert_eq!(inside("/consoles/x", "/console"), "/consoles/x");
    }
}
