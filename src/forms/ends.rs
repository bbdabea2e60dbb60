//! What ends with a membership, as far as the backend tells it.

use atrium_domain::OrganizationRole;
use atrium_domain::roles::role_label;
use atrium_ui::{El, dynamic, el};
use atrium_words::{t, tn, translated};
use leptos::prelude::*;

use crate::api::{self, MemberEnds, PersonWorkspace, Query, TokenThatEnds, query};
use crate::components::ago;
use crate::session::{Place, Session};
use crate::table::MemberLine;

/// Up to so many workspaces or tokens are listed; the others are counted.
const LISTED: usize = 20;

/// What ends with one membership. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Ends {
    /// What the backend tells; nothing where it does not.
    told: Query<MemberEnds>,
    /// Whether the backend tells it.
    tells: bool,
    /// Whether the backend keeps removed members for a while.
    keeps: bool,
}

/// Asks what ends with a membership, where the backend tells that.
pub fn ends_of(session: Session, place: Place, identity: &str) -> Ends {
    let flags = session.info.with_untracked(|info| info.instance_flags.clone());
    let (organization, identity) = (place.organization_id(), identity.to_owned());
    let tells = flags.member_ends;
    let about = identity.clone();
    let told = query(
        move || about.clone(),
        move || tells.then(|| api::member_ends(organization.clone(), &identity)),
    );
    Ends { told, tells, keeps: flags.removed_members }
}

impl Ends {
    /// Whether the signed-in person could bring the member back.
    pub fn can_come_back(self) -> bool {
        let denied =
            |told: &Option<MemberEnds>| told.as_ref().is_some_and(|told| told.why_not_back.is_some());
        self.keeps && !self.told.data.with_untracked(denied)
    }

    /// The workspaces: those that the backend tells, else those of the table.
    pub fn workspaces(self, line: &MemberLine) -> El {
        let line = line.clone();
        el("li").with(dynamic(move || {
            let told = self.told.data.with(|told| told.as_ref().map(|told| told.workspaces.clone()));
            let all = line.role == OrganizationRole::Admin;
            let some = told.unwrap_or_else(|| if all { Vec::new() } else { line.workspaces.clone() });
            match some.as_slice() {
                [] if all => el("span").with(t!("Access to all of its workspaces.")).view(),
                [] => el("span").with(t!("Access to its workspaces: None.")).view(),
                [one] => el("span")
                    .with(t!("Access to its workspaces: {workspace}.", workspace = in_it(one)))
                    .view(),
                many => {
                    let count = many.len();
                    let lead = tn!(count, "Access to {count} workspace:", "Access to {count} workspaces:");
                    el("div").with(lead).with(listed(many.iter().map(in_it).collect())).view()
                }
            }
        }))
    }

    /// The personal tokens, with their last use.
    pub fn tokens(self, organization: &str) -> El {
        let organization = organization.to_owned();
        el("li").with(dynamic(move || {
            let Some(told) = self.told.data.get() else {
                return self.untold([
                    t!("API tokens for {organization}.", organization),
                    t!("API tokens for {organization}: still being looked up.", organization),
                    t!("API tokens for {organization}. How many, could not be found out.", organization),
                ]);
            };
            match told.tokens.as_slice() {
                [] => el("span").with(t!("No API token: there is none.")).view(),
                some => {
                    let lead = tn!(
                        some.len(),
                        "{count} API token, which stops working and does not come back:",
                        "{count} API tokens, which stop working and do not come back:"
                    );
                    el("div").with(lead).with(listed(some.iter().map(token).collect())).view()
                }
            }
        }))
    }

    /// The open sessions.
    pub fn sessions(self, organization: &str) -> El {
        let organization = organization.to_owned();
        el("li").with(dynamic(move || {
            let Some(told) = self.told.data.get() else {
                return self.untold([
                    t!("Sessions for {organization}.", organization),
                    t!("Sessions for {organization}: still being looked up.", organization),
                    t!("Sessions for {organization}. How many, could not be found out.", organization),
                ]);
            };
            let words = match told.open_sessions {
                0 => t!("No open session: there is none.").to_owned(),
                some => tn!(
                    some,
                    "{count} open session: it can do nothing in {organization} any more.",
                    "{count} open sessions: they can do nothing in {organization} any more.",
                    organization
                ),
            };
            el("span").with(words).view()
        }))
    }

    /// What is said of something that is not told: not at all, not yet, or because of a failure.
    fn untold(self, [never, not_yet, failed]: [String; 3]) -> AnyView {
        let words = match (self.tells, self.told.error.get()) {
            (false, _) => never,
            (true, None) => not_yet,
            (true, Some(error)) => format!("{failed} {}", error.sentence),
        };
        el("span").with(words).view()
    }

    /// What can be taken back, and for how long. Reads signals.
    pub fn way_back(self, is_self: bool) -> String {
        let told = self.told.data.get();
        let why_not = told.as_ref().and_then(|told| told.why_not_back.as_deref());
        match (self.keeps, why_not.map(|why| translated(why).into_owned())) {
            (false, _) | (true, None) if is_self => t!("Somebody has to invite you to come back.").to_owned(),
            (false, _) => t!("This cannot be undone: the person has to be invited again.").to_owned(),
            (true, Some(why)) if is_self => why,
            (true, Some(why)) => format!("{} {why}", t!("You cannot undo this.")),
            (true, None) => {
                let days = told.map(|told| told.kept_days).filter(|days| *days > 0).unwrap_or(30);
                tn!(
                    days,
                    "You can undo this for ten seconds, and bring this person back with the same access for {count} days.",
                    "You can undo this for ten seconds, and bring this person back with the same access for {count} days."
                )
            }
        }
    }
}

/// A workspace with the role there.
fn in_it(one: &PersonWorkspace) -> String {
    let name = if one.name.is_empty() { t!("a workspace that you cannot enter") } else { &one.name };
    if one.role.is_empty() {
        name.to_owned()
    } else {
        t!("{name} ({role})", name, role = role_label(&one.role))
    }
}

/// A token with its last use.
fn token(one: &TokenThatEnds) -> String {
    let name = if one.description.is_empty() { &one.short_key } else { &one.description };
    match one.last_used_at.as_deref().map(ago) {
        Some(ago) if !ago.is_empty() => t!("{name}, last used {ago}", name, ago),
        _ => t!("{name}, never used", name),
    }
}

/// The first of some lines, and how many more there are.
fn listed(lines: Vec<String>) -> El {
    let more = lines.len().saturating_sub(LISTED);
    let items = lines.into_iter().take(LISTED).map(|line| el("li").with(line)).collect::<Vec<_>>();
    let more = (more > 0).then(|| el("li").with(tn!(more, "and {count} more", "and {count} more")));
    el("ul").with(items).with(more)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_token_is_told_by_what_it_is_for_and_its_last_use() {
        let one = TokenThatEnds { description: "nightly".into(), ..Default::default() };
        assert_eq!(token(&one), "nightly, never used");
        let used = String::from(js_sys::Date::new_0().to_iso_string());
        let short_key = "lsv2_pt_1…9".to_owned();
        let one = TokenThatEnds { last_used_at: Some(used), short_key, ..Default::default() };
        assert_eq!(token(&one), "lsv2_pt_1…9, last used today");
    }
}
