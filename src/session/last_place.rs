//! Where somebody was last: of all places, and in each organization. Kept in the browser, an entry an
//! account and organization, so that two people at one computer do not lead each other astray.

use super::{recall, remember};
use crate::paths;

fn key(account: &str) -> String {
    format!("atrium.place.{account}")
}

fn key_in(account: &str, organization: &str) -> String {
    format!("atrium.place.{account}.{organization}")
}

/// Remembers where somebody is: the page, and the workspace that they are in or came from.
pub fn remember_place(account: &str, organization: &str, path: &str, workspace: Option<&str>) {
    let start = workspace.map_or_else(
        || paths::organization(organization),
        |workspace| paths::workspace(organization, workspace),
    );
    remember(&key(account), &start);
    remember(&key_in(account, organization), &format!("{path}\n{}", workspace.unwrap_or_default()));
}

/// The workspace, or the organization, that an account was in last.
pub fn last_place(account: &str) -> Option<String> {
    recall(&key(account))
}

fn kept(account: &str, organization: &str) -> Option<(String, String)> {
    let kept = recall(&key_in(account, organization))?;
    let (path, workspace) = kept.split_once('\n')?;
    Some((path.to_owned(), workspace.to_owned()))
}

/// The page that an account was on last in an organization.
pub fn last_place_in(account: &str, organization: &str) -> Option<String> {
    let (path, _) = kept(account, organization)?;
    (paths::organization_of(&path) == Some(organization)).then_some(path)
}

/// The workspace that an account was in last in an organization.
pub fn last_workspace_in(account: &str, organization: &str) -> Option<String> {
    kept(account, organization).map(|(_, workspace)| workspace).filter(|workspace| !workspace.is_empty())
}
