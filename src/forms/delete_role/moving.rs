//! Giving everybody who has a role another one, by the API's own calls: one for each membership.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::wire::Role;
use leptos::prelude::*;

use crate::api::{self, ApiError, Having, Pace, PersonAccess};
use crate::forms::resend_invitation::Resend;
use crate::session::{Place, Session};

/// How many people are looked up at once.
const PAGE: usize = 50;

/// Somebody who still has the role.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmoved {
    /// The address.
    pub email: String,
    /// The workspace's name; empty for an invitation.
    pub workspace: String,
    /// Why, as a sentence.
    pub reason: String,
}

/// Which role for which.
pub struct Move {
    /// Where.
    pub place: Place,
    /// Who asks.
    pub session: Session,
    /// The role that they have.
    pub from: Role,
    /// The id of the one that they get.
    pub to: String,
    /// How fast, and whether it goes on.
    pub pace: Pace,
    /// Makes invitations anew.
    pub resend: Resend,
    /// Called with how many people were moved so far.
    pub said: Callback<u64>,
}

impl Move {
    /// Moves everybody; gives back who could not be.
    ///
    /// # Errors
    /// Where the server does not tell who they are.
    pub async fn run(&self) -> Result<Vec<Unmoved>, ApiError> {
        let organization = self.place.organization_id();
        let flags = self.session.info.with_untracked(|info| info.instance_flags.clone());
        let name = self.from.display_name.clone();
        let with = Having::WorkspaceRole { id: self.from.id.clone(), name, invited: true };
        let (mut left, mut moved, mut skipped) = (Vec::new(), 0, 0);
        let mut seen = BTreeSet::new();
        loop {
            // Who was moved is in the list no more; who was not comes first in it again.
            let call = || api::people_with(organization.clone(), &with, &flags, skipped, PAGE);
            let page = self.pace.run(call).await?;
            if page.rows.is_empty() {
                return Ok(left);
            }
            // Nobody is tried twice, whatever the list says.
            let (again, new): (Vec<_>, Vec<_>) =
                page.rows.into_iter().partition(|person| !seen.insert(person.id.clone()));
            skipped += again.len();
            let before = left.len();
            self.move_members(&organization, &new, &mut left).await;
            self.move_invited(&new, &mut left).await;
            for person in &new {
                let meant = person.invited || person.workspaces.iter().any(|one| one.role_id == self.from.id);
                let stays = left[before..].iter().any(|one| one.email == person.email);
                if stays || !meant {
                    skipped += 1;
                } else {
                    moved += 1;
                }
            }
            if self.said.try_run(moved).is_none() {
                // The page is gone, and with it whoever could see what comes of it.
                return Ok(left);
            }
        }
    }

    /// Moves the members among some people, one workspace after the other.
    async fn move_members(&self, organization: &str, people: &[PersonAccess], left: &mut Vec<Unmoved>) {
        let mut by_workspace: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for person in people.iter().filter(|person| !person.invited) {
            for one in person.workspaces.iter().filter(|one| one.role_id == self.from.id) {
                by_workspace.entry((&one.id, &one.name)).or_default().push(person.email.clone());
            }
        }
        for ((id, name), emails) in by_workspace {
            let stays = |email: &String, reason: &str| Unmoved {
                email: email.clone(),
                workspace: name.to_owned(),
                reason: reason.to_owned(),
            };
            let of = || organization.to_owned();
            let call = || api::workspace_members_among(of(), id.to_owned(), &emails);
            let found = self.pace.run(call).await;
            let found = match found {
                Ok(found) => found,
                Err(error) => {
                    left.extend(emails.iter().map(|email| stays(email, &error.sentence)));
                    continue;
                }
            };
            for member in found {
                // Somebody else may have changed it meanwhile: then it is not this role any more.
                if member.role_id.as_deref() != Some(self.from.id.as_str()) {
                    continue;
                }
                let call = || api::change_workspace_role(of(), id.to_owned(), &member.id, self.to.clone());
                if let Err(error) = self.pace.run(call).await {
                    left.push(stays(&member.email.unwrap_or_default(), &error.sentence));
                }
            }
        }
    }

    /// Makes the invitations among some people anew.
    async fn move_invited(&self, people: &[PersonAccess], left: &mut Vec<Unmoved>) {
        for person in people.iter().filter(|person| person.invited) {
            if let Err(reason) = self.resend.with_role(&person.email, self.to.clone()).await {
                left.push(Unmoved { email: person.email.clone(), workspace: String::new(), reason });
            }
        }
    }
}
