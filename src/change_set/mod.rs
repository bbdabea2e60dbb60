//! Changes of members that are collected instead of made at once: the tray, its review, and the
//! making of them.

mod apply;
mod bar;
mod difference;
mod outlook;
mod review;

use std::collections::BTreeMap;

use atrium_domain::change_set::{Change, ChangeSet, Inside, RoleHeld};
use atrium_domain::json::{FromJson, Json};
use atrium_ui::{Messages, derive, effect, lower, memo};
use leptos::prelude::*;

pub use bar::{ChangesBar, CollectButton};

use crate::session::{Place, Session};

/// The collected changes of the organization in the address. They are kept in this tab, through
/// reloads, until they are made or discarded: addresses of other people have no business in a
/// browser after its tab is closed, and two tabs do not mix theirs.
#[derive(Clone, Copy)]
pub struct Tray {
    /// The changes.
    set: RwSignal<ChangeSet>,
    /// Whether changes are collected from now on.
    collecting: RwSignal<bool>,
    /// Why some could not be made, by the address.
    failed: RwSignal<BTreeMap<String, String>>,
    /// The messages that take a change out again.
    told: StoredValue<Vec<usize>>,
    key: Memo<String>,
}

impl Tray {
    /// The tray of the organization in the address, for everything below.
    pub fn provide(place: Place, session: Session) -> Self {
        let key =
            memo(move || format!("atrium.changes {} {}", session.account.get(), place.organization.get()));
        let tray = Self {
            set: RwSignal::new(ChangeSet::default()),
            collecting: RwSignal::new(false),
            failed: RwSignal::new(BTreeMap::new()),
            told: StoredValue::new(Vec::new()),
            key,
        };
        effect(move || {
            let kept = key.with(|key| kept(key));
            tray.collecting.set(!kept.is_empty());
            tray.failed.set(BTreeMap::new());
            tray.set.set(kept);
        });
        provide_context(tray);
        tray
    }

    /// The tray, where there is one.
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Whether changes are collected. Reads a signal.
    pub fn is_collecting(self) -> bool {
        self.collecting.get()
    }

    /// The change that is collected for an address.
    pub fn of(self, email: &str) -> Signal<Option<Change>> {
        let email = lower(email);
        derive(move || self.set.with(|set| set.of(&email).cloned()))
    }

    /// Collects changes.
    pub fn collect(self, changes: impl IntoIterator<Item = Change>) {
        let changes: Vec<Change> = changes.into_iter().collect();
        self.failed.update(|failed| changes.iter().for_each(|change| _ = failed.remove(&change.email)));
        self.update(|set| changes.into_iter().for_each(|change| set.add(change)));
    }

    /// How many Organization Admins there are more after what is collected of everybody else. Reads a
    /// signal.
    pub fn admins_but(self, email: String) -> i64 {
        let email = lower(&email);
        self.set.with(|set| set.admins() - set.of(&email).map_or(0, Change::admins))
    }

    /// Takes the change of a person out.
    pub fn remove(self, email: &str) {
        self.update(|set| set.remove(email));
    }

    /// Takes all of them out, and collects no more.
    fn clear(self) {
        self.update(|set| *set = ChangeSet::default());
        self.collecting.set(false);
    }

    /// Says what was collected of a person, in a message that takes it out again, also where it outlives
    /// this page.
    pub fn say(self, messages: Messages, said: String, email: String) {
        let key = self.key.get_untracked();
        let undo = Callback::new(move |()| self.change_kept(&key, |set| set.remove(&email)));
        let id = messages.undoable(said, undo);
        let _ = self.told.try_update_value(|told| told.push(id));
    }

    /// Takes these messages away: what is being made cannot be taken out any more.
    fn unsay(self, messages: Messages) {
        let told = self.told.try_update_value(std::mem::take).unwrap_or_default();
        told.into_iter().for_each(|id| messages.dismiss(id));
    }

    fn update(self, change: impl FnOnce(&mut ChangeSet)) {
        let key = self.key.get_untracked();
        self.change_kept(&key, change);
    }

    /// Changes what is kept under a key, whether or not the tray still is, or still is about that.
    fn change_kept(self, key: &str, change: impl FnOnce(&mut ChangeSet)) {
        let mut set = kept(key);
        if self.is_about(key) {
            // A browser that keeps nothing has them here alone.
            set = self.set.get_untracked();
        }
        change(&mut set);
        keep(key, &set);
        if self.is_about(key) {
            self.failed.update(|failed| failed.retain(|email, _| set.of(email).is_some()));
            self.set.set(set);
        }
    }

    /// Notes why a change that is kept under a key could not be made.
    fn fail(self, key: &str, email: &str, sentence: String) {
        if self.is_about(key) {
            self.failed.update(|failed| _ = failed.insert(email.to_owned(), sentence));
        }
    }

    fn is_about(self, key: &str) -> bool {
        self.key.try_get_untracked().as_deref() == Some(key)
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn kept(key: &str) -> ChangeSet {
    let text = storage().and_then(|storage| storage.get_item(key).ok().flatten());
    text.and_then(|text| ChangeSet::from_json(&Json::parse(&text)?)).unwrap_or_default()
}

/// A browser that keeps nothing loses them with a reload; they are there until then.
fn keep(key: &str, set: &ChangeSet) {
    let Some(storage) = storage() else { return };
    let text = if set.is_empty() { None } else { serde_json::to_string(set).ok() };
    let _ = match text {
        Some(text) => storage.set_item(key, &text),
        None => storage.remove_item(key),
    };
}

/// A role as a change holds it. Reads signals.
pub fn role_held(place: Place, id: &str) -> RoleHeld {
    place.roles.data.with(|roles| {
        let found = roles.iter().flatten().find(|role| role.id == id);
        RoleHeld {
            id: id.to_owned(),
            name: found.map(|role| role.display_name.clone()).unwrap_or_default(),
            is_admin: found.and_then(|role| role.organization_role())
                == Some(atrium_domain::OrganizationRole::Admin),
        }
    })
}

/// Workspaces as a change holds them, each with the name of the role in it. Reads signals.
pub fn inside(place: Place, ids: &[String], role: &str) -> Vec<Inside> {
    place.workspaces.data.with(|all| {
        let opened = all.iter().flatten().filter(|one| ids.contains(&one.id));
        let inside = |one: &atrium_domain::wire::Workspace| Inside {
            id: one.id.clone(),
            name: one.display_name.clone(),
            role: role.to_owned(),
        };
        opened.map(inside).collect()
    })
}
