//! Organizations that somebody keeps on top: their ids, in the browser's storage, an entry an account.

use leptos::prelude::*;

use crate::session::{recall, remember};

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
        let kept = recall(&key(&account)).unwrap_or_default();
        let ids = kept.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
        Self { account: StoredValue::new(account), ids: RwSignal::new(ids) }
    }

    /// Whether an organization is pinned. Reads signals.
    pub fn holds(self, id: &str) -> bool {
        self.ids.with(|ids| ids.iter().any(|one| one == id))
    }

    /// Pins what is not pinned, and lets go of what is. What another tab pinned meanwhile stays.
    pub fn toggle(self, id: &str) {
        let account = self.account.get_value();
        let was = untrack(|| self.holds(id));
        let kept = Self::of(account.clone());
        let mut ids = kept.ids.get_untracked();
        ids.retain(|one| one != id);
        if !was {
            ids.push(id.to_owned());
        }
        remember(&key(&account), &ids.join(","));
        self.ids.set(ids);
    }
}
