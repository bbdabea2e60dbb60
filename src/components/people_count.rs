//! How many people an organization has.

use leptos::prelude::*;

use crate::api::{self, Kind, Query, query};
use crate::session::{Place, Session};

/// How many members and how many invitations there are, as far as the server tells.
#[derive(Clone, Copy)]
pub struct PeopleCount {
    active: Query<Option<u64>>,
    invited: Query<Option<u64>>,
}

impl PeopleCount {
    /// Asks for the current organization, and again when a member changes.
    pub fn ask() -> Self {
        let session = Session::current();
        let place = Place::current();
        let count = move |kind: Kind| {
            query(
                move || place.organization.get(),
                move || {
                    session.changes.members.track();
                    Some(api::count_people(place.organization.get(), kind))
                },
            )
        };
        Self { active: count(Kind::Active), invited: count(Kind::Invited) }
    }

    /// Asks again, as when somebody else changed the list.
    pub fn reload(self) {
        self.active.reload();
        self.invited.reload();
    }

    /// All of them, once that is known. Reads signals.
    pub fn total(self) -> Option<u64> {
        Some(self.active.data.get()?? + self.invited.data.get()??)
    }
}
