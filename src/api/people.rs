//! The members of an organization and the invitations to it as one list, asked for in pages.
//!
//! A backend says by the flag `members_query` that this list can be searched, filtered and sorted
//! as a whole. Another one gets what LangSmith's contract has: the list takes filters that are texts
//! to be found in a field, and only the separate lists of members and of invitations are sorted.

use atrium_domain::OrganizationRole;
use atrium_domain::json::{FromJson, Json};

use super::own_changes::ReadAt;
use super::transport::{Answer, Paged, Scope, get_page};

/// What a list of people can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The address.
    Email,
    /// The name.
    Name,
    /// Members or invitations first, each by address.
    Status,
    /// The organization role.
    Role,
    /// When the person joined or was invited.
    CreatedAt,
    /// In how many workspaces the person is.
    Workspaces,
}

impl SortBy {
    const ALL: [Self; 6] =
        [Self::Email, Self::Name, Self::Status, Self::Role, Self::CreatedAt, Self::Workspaces];

    /// Its word in a query.
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Status => "status",
            Self::Role => "role",
            Self::CreatedAt => "created_at",
            Self::Workspaces => "workspace_count",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Which of the two kinds of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Both.
    #[default]
    All,
    /// Those who have joined.
    Active,
    /// Those who are invited.
    Invited,
    /// Those who were removed and can be brought back; only where the backend keeps them.
    Removed,
}

impl Kind {
    /// The one with this word; any other word means both.
    pub fn from_word(word: &str) -> Self {
        match word {
            "active" => Self::Active,
            "invited" => Self::Invited,
            "removed" => Self::Removed,
            _ => Self::All,
        }
    }
}

/// Which people, and in which order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeopleQuery {
    /// Part of the address or the name; empty for everybody.
    pub text: String,
    /// Of this kind.
    pub kind: Kind,
    /// With this organization role.
    pub role: Option<OrganizationRole>,
    /// In the workspace with this id and name.
    pub workspace: Option<(String, String)>,
    /// Sorted by this, downwards or not.
    pub sort: Option<(SortBy, bool)>,
    /// Whether the backend sorts and filters the one list of all.
    pub extended: bool,
    /// Whether it sorts that by the number of workspaces as well.
    pub counts_workspaces: bool,
}

/// Up to this many in one answer: the most that LangSmith's lists give.
pub const MOST_PEOPLE: usize = 500;

impl PeopleQuery {
    /// Whether these people can be sorted by this. Without a list that sorts both kinds, only one
    /// kind can be, and those lists know no filters.
    pub fn can_sort(&self, by: SortBy) -> bool {
        if by == SortBy::Workspaces {
            return self.extended && self.counts_workspaces && self.kind != Kind::Removed;
        }
        if self.kind == Kind::Removed {
            return by != SortBy::Status;
        }
        let one_list = self.kind != Kind::All && self.role.is_none() && self.workspace.is_none();
        self.extended || (one_list && by != SortBy::Status)
    }

    /// The path of a page of them, and whether it gives invitations alone, which then do not say
    /// that they are some.
    fn path(&self, offset: usize, limit: usize) -> (String, bool) {
        let mut query = format!("limit={limit}&offset={offset}");
        let mut add = |key: &str, value: &str| {
            let value = String::from(js_sys::encode_uri_component(value));
            query.push_str(&format!("&{key}={value}"));
        };
        let sort = self.sort.filter(|(by, _)| self.can_sort(*by));
        if let Some((by, descending)) = sort {
            let when_removed = self.kind == Kind::Removed && by == SortBy::CreatedAt;
            add("sort_by", if when_removed { "removed_at" } else { by.word() });
            add("sort_by_desc", if descending { "true" } else { "false" });
        }
        let separate = !self.extended && sort.is_some();
        if !self.text.is_empty() {
            add(if self.extended || separate { "q" } else { "email_like" }, &self.text);
        }
        if let Some(role) = &self.role {
            match self.extended {
                true => add("organization_role", role.as_str()),
                false => add("organization_role_like", role.label()),
            }
        }
        if let Some((id, name)) = &self.workspace {
            if self.extended { add("workspace_id", id) } else { add("workspace_name_like", name) }
        }
        if separate {
            let invited = self.kind == Kind::Invited;
            let list = if invited { "pending" } else { "active" };
            return (format!("/api/v1/orgs/current/members/{list}?{query}"), invited);
        }
        match self.kind {
            Kind::All => {}
            Kind::Removed => return (format!("/api/v1/orgs/current/members/removed?{query}"), false),
            Kind::Active => add("active_is", "true"),
            Kind::Invited => add("pending_is", "true"),
        }
        (format!("/v1/platform/orgs/current/members?{query}"), false)
    }
}

/// A member or an invitation (`orgs.OrgMemberEnriched`, `OrgMemberIdentity`, `OrgPendingIdentity`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// The identity: the `identity_id` of the calls that change it.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name; empty where it is not known.
    pub name: String,
    /// Whether this is an invitation.
    pub invited: bool,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// The organization role.
    pub role_id: Option<String>,
    /// Its name for people.
    pub role_name: Option<String>,
    /// When the person joined or was invited.
    pub created_at: String,
    /// When the person was removed; none while they are not.
    pub removed_at: Option<String>,
    /// What a change of this member names, so that it overwrites nothing that was not seen; none where
    /// the backend gives none.
    pub etag: Option<String>,
    /// The workspaces that the person was added to, or will be.
    pub workspaces: Vec<PersonWorkspace>,
    /// When this was read.
    pub read_at: ReadAt,
}

/// A workspace that a person is in (`orgs.WorkspaceMembership`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonWorkspace {
    /// The workspace.
    pub id: String,
    /// Its name; empty where the answer does not tell.
    pub name: String,
    /// The name of the role in it; empty where the answer does not tell.
    pub role: String,
    /// The role that was given in it, where the answer tells. For an Organization Admin the name is
    /// that of the role that counts instead.
    pub role_id: Option<String>,
}

impl FromJson for PersonWorkspace {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("workspace_id")?,
            name: json.read_or_default("workspace_name"),
            role: json.read_or_default("role_name"),
            role_id: json.read("assigned_role_id").or_else(|| json.read_or_default("role_id")),
        })
    }
}

impl FromJson for Person {
    fn from_json(json: &Json) -> Option<Self> {
        let first = |names: [&str; 2]| -> Option<String> {
            names.into_iter().find_map(|name| json.read::<String>(name)).filter(|text| !text.is_empty())
        };
        let mut workspaces: Vec<PersonWorkspace> = json.read_or_default("workspace_memberships");
        if workspaces.is_empty() {
            let ids: Vec<String> = json.read_or_default("tenant_ids");
            let ids = if ids.is_empty() { json.read_or_default("workspace_ids") } else { ids };
            workspaces.extend(ids.into_iter().map(|id| PersonWorkspace { id, ..Default::default() }));
        }
        Some(Self {
            id: json.read("id")?,
            email: json.read_or_default("email"),
            name: first(["display_name", "full_name"]).unwrap_or_default(),
            invited: json.read_or_default("is_pending"),
            is_disabled: json.read_or_default("is_disabled"),
            role_id: first(["org_role_id", "role_id"]),
            role_name: first(["org_role_name", "role_name"]),
            created_at: json.read_or_default("created_at"),
            removed_at: json.read_or_default("removed_at"),
            etag: json.read_or_default("etag"),
            workspaces,
            read_at: ReadAt::now(),
        })
    }
}

/// A page of people: up to `limit` after the first `offset`.
pub fn people(
    organization: String,
    asked: &PeopleQuery,
    offset: usize,
    limit: usize,
) -> Answer<Paged<Person>> {
    let (path, invited) = asked.path(offset, limit);
    let answer = get_page(Scope::Organization(organization), path);
    if !invited {
        return answer;
    }
    let read = |json: &Json| {
        let mut page = Paged::<Person>::from_json(json)?;
        page.rows.iter_mut().for_each(|person| person.invited = true);
        Some(page)
    };
    Answer { read, ..answer }
}

/// How many people of a kind there are; `None` where the server does not tell.
pub fn count_people(organization: String, kind: Kind) -> Answer<Option<u64>> {
    let asked = PeopleQuery { kind, ..Default::default() };
    let answer = people(organization, &asked, 0, 1);
    Answer { json: answer.json, read: |json| Some(json.read("total")) }
}

/// So many Organization Admins are looked at, to see whose accounts are switched off.
const SOME_ADMINS: usize = 100;

/// How many Organization Admins there are who can sign in: one whose account is switched off manages
/// nothing. Where there are more than a hundred, those among the first hundred are left out of the
/// count; where the server does not tell how many there are, a hundred are counted at most.
pub fn count_admins(organization: String, extended: bool) -> Answer<u64> {
    let role = Some(OrganizationRole::Admin);
    let asked = PeopleQuery { kind: Kind::Active, role, extended, ..Default::default() };
    let answer = people(organization, &asked, 0, SOME_ADMINS);
    Answer {
        json: answer.json,
        read: |json| {
            let page = Paged::<Person>::from_json(json)?;
            let disabled = page.rows.iter().filter(|person| person.is_disabled).count() as u64;
            Some(page.total.unwrap_or(page.rows.len() as u64).saturating_sub(disabled))
        },
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn path(asked: &PeopleQuery) -> String {
        asked.path(100, 50).0
    }

    #[wasm_bindgen_test]
    fn a_backend_that_sorts_and_filters_is_asked_to() {
        let asked = PeopleQuery {
            text: "a&b".into(),
            kind: Kind::Active,
            role: Some(OrganizationRole::User),
            workspace: Some(("w1".into(), "Research".into())),
            sort: Some((SortBy::Status, true)),
            extended: true,
            counts_workspaces: false,
        };
        assert!(!asked.can_sort(SortBy::Workspaces));
        assert!(PeopleQuery { counts_workspaces: true, ..asked.clone() }.can_sort(SortBy::Workspaces));
        assert_eq!(
            path(&asked),
            "/v1/platform/orgs/current/members?limit=50&offset=100&sort_by=status&sort_by_desc=true\
             &q=a%26b&organization_role=ORGANIZATION_USER&workspace_id=w1&active_is=true"
        );
    }

    #[wasm_bindgen_test]
    fn another_one_gets_what_the_contract_has() {
        let mut asked = PeopleQuery {
            text: "ada".into(),
            role: Some(OrganizationRole::User),
            workspace: Some(("w1".into(), "R&D".into())),
            sort: Some((SortBy::Email, false)),
            ..Default::default()
        };
        assert!(!asked.can_sort(SortBy::Email));
        assert_eq!(
            path(&asked),
            "/v1/platform/orgs/current/members?limit=50&offset=100&email_like=ada\
             &organization_role_like=Organization%20User&workspace_name_like=R%26D"
        );
        (asked.role, asked.workspace, asked.kind) = (None, None, Kind::Invited);
        assert!(asked.can_sort(SortBy::Email) && !asked.can_sort(SortBy::Status));
        assert_eq!(
            asked.path(0, 50),
            (
                "/api/v1/orgs/current/members/pending?limit=50&offset=0&sort_by=email\
                 &sort_by_desc=false&q=ada"
                    .to_owned(),
                true
            )
        );
    }

    #[wasm_bindgen_test]
    fn people_of_each_list_are_read() {
        let read = |text: &str| Person::from_json(&Json::parse(text).unwrap()).unwrap();
        let one = read(
            r#"{"id":"1","email":"a@b.co","display_name":"Ada","role_id":"r","role_name":"Organization User",
            "is_pending":true,"workspace_memberships":[{"workspace_id":"w","workspace_name":"R","role_name":"Viewer"}]}"#,
        );
        assert!(one.invited && one.name == "Ada" && one.workspaces[0].role == "Viewer");
        let other = read(
            r#"{"id":"2","email":"a@b.co","full_name":"Ada","role_id":null,"org_role_id":"r","tenant_ids":["w"]}"#,
        );
        assert_eq!((other.role_id.as_deref(), other.workspaces[0].id.as_str()), (Some("r"), "w"));
    }
}
