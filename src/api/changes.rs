//! Changing members with care: only as long as they are what was seen, with what ends told before,
//! and back again.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::MemberPatch;
use atrium_words::retold;
use gloo_net::http::Method;

use super::error::ApiError;
use super::members::people_among;
use super::own_changes::{note_removal, note_role};
use super::people::{Person, PersonWorkspace};
use super::transport::{Answer, Call, Scope, command_if, get, json, read};

/// A member as it is now; `None` where the person is a member no more. Found by the address, which
/// every backend can search for, and told apart by the identity.
///
/// # Errors
/// Where the list could not be asked for.
pub async fn member_now(
    organization: String,
    address: &str,
    identity: &str,
) -> Result<Option<Person>, ApiError> {
    let found = people_among(organization, &[address.to_owned()]).await?;
    Ok(found.into_iter().find(|one| one.id == identity && !one.invited))
}

/// Gives a member another organization role, with `etag` only as long as the member has that.
pub fn change_member_role(
    organization: String,
    identity: &str,
    role: String,
    etag: Option<String>,
) -> Answer<()> {
    let body = json(&MemberPatch { role_id: Some(role.clone()) });
    let path = format!("/api/v1/orgs/current/members/{identity}");
    let change = command_if(Method::PATCH, Scope::Organization(organization), path, body, etag);
    let identity = identity.to_owned();
    Answer::done(async move {
        change.await?;
        note_role(identity, role);
        Ok(())
    })
}

/// Removes a member, with `etag` only as long as the member has that.
pub fn remove_member(organization: String, identity: &str, etag: Option<String>) -> Answer<()> {
    let path = format!("/api/v1/orgs/current/members/{identity}");
    let removal = command_if(Method::DELETE, Scope::Organization(organization), path, None, etag);
    let identity = identity.to_owned();
    Answer::done(async move {
        removal.await?;
        note_removal(&identity, true);
        Ok(())
    })
}

/// What ends with a membership (Atrium's own).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberEnds {
    /// The workspaces that the member can enter, each with the role there.
    pub workspaces: Vec<PersonWorkspace>,
    /// The personal tokens.
    pub tokens: Vec<TokenThatEnds>,
    /// On how many browsers the account is signed in.
    pub open_sessions: u64,
    /// For how many days the member can be brought back; 0 where that is not possible at all.
    pub kept_days: u64,
    /// Why the signed-in person could not bring the member back.
    pub why_not_back: Option<String>,
}

/// A token that ends with a membership.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenThatEnds {
    /// What it is for; may be empty.
    pub description: String,
    /// What may be shown of it.
    pub short_key: String,
    /// When it was used last; none where it never was.
    pub last_used_at: Option<String>,
}

impl FromJson for MemberEnds {
    fn from_json(json: &Json) -> Option<Self> {
        json.is_object().then_some(())?;
        Some(Self {
            workspaces: json.read_or_default("workspaces"),
            tokens: json.read_or_default("tokens"),
            open_sessions: json.read_or_default("open_sessions"),
            kept_days: json.read_or_default("kept_days"),
            why_not_back: json.read_or_default("why_not_back"),
        })
    }
}

impl FromJson for TokenThatEnds {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            description: json.read_or_default("description"),
            short_key: json.read_or_default("short_key"),
            last_used_at: json.read_or_default("last_used_at"),
        })
    }
}

/// What ends with a membership.
pub fn member_ends(organization: String, identity: &str) -> Answer<MemberEnds> {
    get(Scope::Organization(organization), format!("/api/v1/orgs/current/members/{identity}/ends"))
}

/// What was not brought back with a member, each as a sentence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// The sentences.
    pub left_out: Vec<String>,
}

struct LeftOut(String);

impl FromJson for LeftOut {
    fn from_json(json: &Json) -> Option<Self> {
        json.read("reason").map(|reason: String| Self(retold(&reason).into_owned()))
    }
}

impl FromJson for Restored {
    fn from_json(json: &Json) -> Option<Self> {
        let left_out: Vec<LeftOut> = json.read_or_default("left_out");
        Some(Self { left_out: left_out.into_iter().map(|one| one.0).collect() })
    }
}

/// Brings a removed member back (Atrium's own).
pub fn restore_member(organization: String, identity: &str) -> Answer<Restored> {
    let path = format!("/api/v1/orgs/current/members/removed/{identity}/restore");
    let scope = Scope::Organization(organization);
    let call = read::<Restored>(Call {
        method: Method::POST,
        path,
        scope,
        body: None,
        basic: None,
        if_match: None,
        once: None,
    });
    let (identity, read) = (identity.to_owned(), call.read);
    let json = async move {
        let answer = call.json.await?;
        note_removal(&identity, false);
        Ok(answer)
    };
    Answer { json: Box::pin(json), read }
}
