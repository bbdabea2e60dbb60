//! Organizations that somebody keeps on top: their ids, in the browser's storage, an entry an account.

use leptos::prelude::*;

use crate::session::{recall_all, remember_all};

fn key(account: &str) -> String {
    format!("atrium.pins.{account}")
}

/// What an account has pinned.
#[derive(Clone, Copy)]
pub struct Pins {
    account: StoredValue<String>,
    ids: RwSignal<Vec<String>>,
}

impl Pins {
    /// What is kept for an account.
    pub fn of(account: String) -> Self {
        let ids = RwSignal::new(recall_all(&key(&account)));
        Self { account: StoredValue::new(account), ids }
    }

    /// Whether an organization is pinned. Reads signals.
    pub fn holds(self, id: &str) -> bool {
        self.ids.with(|ids| ids.iter().any(|one| one == id))
    }

    /// Pins what is not pinned, and lets go of what is. What another tab pinned meanwhile stays.
    pub fn toggle(self, id: &str) {
        let account = self.account.get_value();
        let was = untrack(|| self.holds(id));
        let mut ids = recall_all(&key(&account));
        ids.retain(|one| one != id);
        if !was {
            ids.push(id.to_owned());
        }
        remember_all(&key(&account), &ids);
        self.ids.set(ids);
    }
}
