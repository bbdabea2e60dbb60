//! Who did what the audit log tells of, by name.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::audit::Entry;
use atrium_words::{look, mark};
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::session::Place;

/// So many accounts are asked for at once.
const AT_ONCE: usize = 50;

/// Names of accounts, as far as they were asked for. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Actors {
    place: Place,
    /// By account; `None` for one that is no member, or no member any more.
    known: RwSignal<BTreeMap<String, Option<String>>>,
}

impl Actors {
    /// Nobody is known yet.
    pub fn new(place: Place) -> Self {
        Self { place, known: RwSignal::new(BTreeMap::new()) }
    }

    /// Asks for the names of those accounts of some entries that are not known yet.
    ///
    /// # Errors
    /// Where a call got no answer.
    pub async fn learn(self, entries: &[Entry]) -> Result<(), ApiError> {
        let wanted: BTreeSet<&String> = entries.iter().filter_map(|one| one.account.as_ref()).collect();
        let unknown = self.known.try_with_untracked(|known| {
            wanted.into_iter().filter(|id| !known.contains_key(*id)).cloned().collect::<Vec<_>>()
        });
        let unknown = unknown.unwrap_or_default();
        let Some(organization) = self.place.organization.try_get_untracked() else { return Ok(()) };
        for some in unknown.chunks(AT_ONCE) {
            let found = api::members_by_account(organization.clone(), some).await?;
            self.known.try_update(|known| {
                known.extend(some.iter().map(|id| (id.clone(), None)));
                known.extend(found.into_iter().map(|one| (one.ls_user_id, one.email.or(one.full_name))));
            });
        }
        Ok(())
    }

    /// The name that goes for an account; nothing where it is not known. Reads signals.
    pub fn of_account(self, account: &str) -> Option<String> {
        self.known.with(|known| known.get(account).cloned().flatten())
    }

    /// Keeps a name that was found elsewhere.
    pub fn keep(self, account: String, name: String) {
        self.known.update(|known| _ = known.insert(account, Some(name)));
    }

    /// Who did it, and by which way, where that is not the page. Reads signals.
    pub fn name(self, entry: &Entry) -> (String, Option<&'static str>) {
        let (name, way) = self.told(entry);
        (name.unwrap_or_else(|words| look(words).to_owned()), way.map(look))
    }

    /// As [`Self::name`], in English whatever language is in use: for a file.
    pub fn english(self, entry: &Entry) -> (String, Option<&'static str>) {
        let (name, way) = self.told(entry);
        (name.unwrap_or_else(str::to_owned), way)
    }

    /// The name, or English words for who has none here, and the way in English.
    fn told(self, entry: &Entry) -> (Result<String, &'static str>, Option<&'static str>) {
        let key = entry.key.is_some();
        match &entry.account {
            Some(account) => {
                let name = self.known.with(|known| match known.get(account) {
                    Some(Some(name)) => Ok(name.clone()),
                    Some(None) => Err(mark!("Somebody who is no member any more")),
                    None => Err(mark!("A member")),
                });
                (name, key.then_some(mark!("by an API key")))
            }
            None if key => (Err(mark!("A service key")), None),
            None => (Err(mark!("Whoever runs this installation")), Some(mark!("by a command of the server"))),
        }
    }
}
