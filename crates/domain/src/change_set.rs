//! Changes of members that are collected, to be looked at together and made in one go.

use std::collections::BTreeMap;

use atrium_words::{commas, mark, tn};
use serde::Serialize;

use crate::json::{FromJson, Json};

/// An organization role that somebody has or is to get.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoleHeld {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is the role of Organization Admins, who are in every workspace.
    pub is_admin: bool,
}

/// A workspace that somebody is in or is to get into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inside {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of the role in it.
    pub role: String,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Invite somebody.
    Invite,
    /// Give a member another organization role.
    Role,
    /// Remove a member.
    Remove,
    /// Revoke an invitation.
    Revoke,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Invite, Self::Role, Self::Remove, Self::Revoke];

    fn word(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Role => "role",
            Self::Remove => "remove",
            Self::Revoke => "revoke",
        }
    }
}

/// One collected change: of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What is to be done.
    pub kind: Kind,
    /// The address, in small letters: whom it is about.
    pub email: String,
    /// The identity; empty for somebody who is to be invited.
    pub identity: String,
    /// Whether it is the person who collects.
    pub is_self: bool,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// The role that the person has; none for somebody who is to be invited.
    pub from: Option<RoleHeld>,
    /// The role that the person is to get; none for somebody who is to go.
    pub to: Option<RoleHeld>,
    /// The workspaces that were opened one by one: those that the person is in, or that the
    /// invitation opens.
    pub workspaces: Vec<Inside>,
    /// The id of the role in the workspaces that the invitation opens, with RBAC.
    pub workspace_role: Option<String>,
}

/// What a change does to a person in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The id of the workspace.
    pub workspace: String,
    /// Its name.
    pub name: String,
    /// The role before; none where the person was not in it.
    pub before: Option<String>,
    /// The role after; none where the person will not be in it.
    pub after: Option<String>,
}

/// The role of Organization Admins in every workspace.
const ADMIN_INSIDE: &str = mark!("Admin");

impl Change {
    /// How many seats more it takes; less than 0 where it frees one.
    pub fn seats(&self) -> i64 {
        match self.kind {
            Kind::Invite => 1,
            Kind::Role => 0,
            Kind::Remove | Kind::Revoke => -1,
        }
    }

    /// How many Organization Admins who can sign in there are more after it. An invitation makes none
    /// before it is accepted.
    pub fn admins(&self) -> i64 {
        let is_admin = |role: &Option<RoleHeld>| i64::from(role.as_ref().is_some_and(|role| role.is_admin));
        match self.kind {
            Kind::Role | Kind::Remove if !self.is_disabled => is_admin(&self.to) - is_admin(&self.from),
            _ => 0,
        }
    }

    /// The workspaces in which something changes for the person. `all` are those of the organization
    /// with their names: an Organization Admin is in each of them.
    pub fn effects(&self, all: &[(String, String)]) -> Vec<Effect> {
        let inside = |role: &Option<RoleHeld>| -> BTreeMap<&str, (&str, &str)> {
            match role {
                None => BTreeMap::new(),
                Some(role) if role.is_admin => {
                    all.iter().map(|(id, name)| (id.as_str(), (name.as_str(), ADMIN_INSIDE))).collect()
                }
                Some(_) => {
                    let opened = self.workspaces.iter();
                    opened.map(|one| (one.id.as_str(), (one.name.as_str(), one.role.as_str()))).collect()
                }
            }
        };
        // Who waits for an invitation is nowhere yet.
        let before = if self.kind == Kind::Revoke { BTreeMap::new() } else { inside(&self.from) };
        let after = inside(&self.to);
        let mut touched: BTreeMap<&str, Effect> = BTreeMap::new();
        for (map, is_after) in [(&before, false), (&after, true)] {
            for (id, (name, role)) in map {
                let effect = touched.entry(id).or_insert_with(|| Effect {
                    workspace: (*id).to_owned(),
                    name: (*name).to_owned(),
                    before: None,
                    after: None,
                });
                let place = if is_after { &mut effect.after } else { &mut effect.before };
                *place = Some((*role).to_owned());
            }
        }
        let mut effects: Vec<_> =
            touched.into_values().filter(|effect| effect.before != effect.after).collect();
        effects.sort_by(|one, other| one.name.cmp(&other.name));
        effects
    }

    /// Where it stands in the order of making: whoever goes frees a seat first; an Organization
    /// Admin is made before another one stops being one; what takes from oneself the right to do the
    /// rest comes last.
    fn turn(&self) -> u8 {
        match (self.kind, self.is_self) {
            (Kind::Role, false) if self.admins() >= 0 => 0,
            (Kind::Revoke | Kind::Remove, false) => 1,
            (Kind::Role, false) => 2,
            (Kind::Invite, _) => 3,
            (Kind::Role | Kind::Revoke, true) => 4,
            (Kind::Remove, true) => 5,
        }
    }
}

/// The collected changes: of each person at most one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ChangeSet {
    changes: Vec<Change>,
}

impl ChangeSet {
    /// The changes, in the order in which they are to be made.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// The change of a person.
    pub fn of(&self, email: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.email == email)
    }

    /// Adds a change in the place of an older one of the same person. A role that the person has
    /// already is none.
    pub fn add(&mut self, change: Change) {
        self.remove(&change.email);
        if change.kind == Kind::Role && change.from == change.to {
            return;
        }
        self.changes.push(change);
        self.changes.sort_by_key(Change::turn);
    }

    /// Takes the change of a person out.
    pub fn remove(&mut self, email: &str) {
        self.changes.retain(|change| change.email != email);
    }

    /// How many seats more they take together; less than 0 where they free some.
    pub fn seats(&self) -> i64 {
        self.changes.iter().map(Change::seats).sum()
    }

    /// How many Organization Admins there are more after them.
    pub fn admins(&self) -> i64 {
        self.changes.iter().map(Change::admins).sum()
    }

    /// What they are, in a few words: "2 invitations, 1 role".
    pub fn in_words(&self) -> String {
        let parts = Kind::ALL.into_iter().filter_map(|kind| {
            let count = self.changes.iter().filter(|change| change.kind == kind).count();
            (count > 0).then(|| match kind {
                Kind::Invite => tn!(count, "{count} invitation", "{count} invitations"),
                Kind::Role => tn!(count, "{count} change of a role", "{count} changes of roles"),
                Kind::Remove => tn!(count, "{count} removal", "{count} removals"),
                Kind::Revoke => tn!(count, "{count} revoked invitation", "{count} revoked invitations"),
            })
        });
        commas(parts)
    }
}

impl FromJson for RoleHeld {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { id: json.read("id")?, name: json.read("name")?, is_admin: json.read("is_admin")? })
    }
}

impl FromJson for Inside {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { id: json.read("id")?, name: json.read("name")?, role: json.read("role")? })
    }
}

impl FromJson for Change {
    fn from_json(json: &Json) -> Option<Self> {
        let word: String = json.read("kind")?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word)?;
        let change = Self {
            kind,
            email: json.read("email")?,
            identity: json.read("identity")?,
            is_self: json.read("is_self")?,
            is_disabled: json.read_or_default("is_disabled"),
            from: json.read_or_default("from"),
            to: json.read_or_default("to"),
            workspaces: json.read("workspaces")?,
            workspace_role: json.read_or_default("workspace_role"),
        };
        // What was kept by another version, or changed by hand, may lack what the change needs.
        let whole = match kind {
            Kind::Invite => change.to.is_some() && !change.email.is_empty(),
            Kind::Role => change.from.is_some() && change.to.is_some() && !change.identity.is_empty(),
            Kind::Remove | Kind::Revoke => change.to.is_none() && !change.identity.is_empty(),
        };
        whole.then_some(change)
    }
}

/// A change that cannot be read is left out, and the others stay.
impl FromJson for ChangeSet {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::List(items) = json else { return None };
        let mut set = Self::default();
        items.iter().filter_map(Change::from_json).for_each(|change| set.add(change));
        Some(set)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn role(name: &str) -> RoleHeld {
        RoleHeld { id: name.to_lowercase(), name: name.to_owned(), is_admin: name == "Admin" }
    }

    fn change(
        kind: Kind,
        email: &str,
        from: Option<&str>,
        to: Option<&str>,
        inside: &[(&str, &str)],
    ) -> Change {
        let inside = inside.iter().map(|(id, role)| Inside {
            id: (*id).to_owned(),
            name: id.to_uppercase(),
            role: (*role).to_owned(),
        });
        Change {
            kind,
            email: email.to_owned(),
            identity: if kind == Kind::Invite { String::new() } else { format!("id of {email}") },
            is_self: false,
            is_disabled: false,
            from: from.map(role),
            to: to.map(role),
            workspaces: inside.collect(),
            workspace_role: None,
        }
    }

    fn all() -> Vec<(String, String)> {
        ["a", "b"].map(|id| (id.to_owned(), id.to_uppercase())).to_vec()
    }

    fn words(change: &Change) -> Vec<String> {
        let word = |role: Option<String>| role.unwrap_or("-".to_owned());
        let effects = change.effects(&all()).into_iter();
        effects.map(|one| format!("{}: {} > {}", one.name, word(one.before), word(one.after))).collect()
    }

    #[test]
    fn effects_are_what_differs() {
        let user = [("b", "Editor")];
        assert_eq!(words(&change(Kind::Invite, "e", None, Some("User"), &user)), ["B: - > Editor"]);
        assert_eq!(
            words(&change(Kind::Invite, "e", None, Some("Admin"), &[])),
            ["A: - > Admin", "B: - > Admin"]
        );
        assert_eq!(
            words(&change(Kind::Role, "e", Some("User"), Some("Admin"), &user)),
            ["A: - > Admin", "B: Editor > Admin"]
        );
        assert_eq!(
            words(&change(Kind::Role, "e", Some("Admin"), Some("User"), &user)),
            ["A: Admin > -", "B: Admin > Editor"]
        );
        assert_eq!(words(&change(Kind::Remove, "e", Some("User"), None, &user)), ["B: Editor > -"]);
        assert!(words(&change(Kind::Role, "e", Some("User"), Some("Viewer"), &user)).is_empty());
        assert!(words(&change(Kind::Revoke, "e", Some("User"), None, &user)).is_empty());
    }

    #[test]
    fn one_change_a_person_and_none_that_changes_nothing() {
        let mut set = ChangeSet::default();
        set.add(change(Kind::Role, "e", Some("User"), Some("Admin"), &[]));
        assert_eq!((set.len(), set.admins(), set.seats()), (1, 1, 0));
        let mut switched_off = change(Kind::Remove, "off", Some("Admin"), None, &[]);
        assert_eq!(switched_off.admins(), -1);
        switched_off.is_disabled = true;
        assert_eq!((switched_off.admins(), switched_off.seats()), (0, -1));
        set.add(change(Kind::Remove, "e", Some("User"), None, &[]));
        assert_eq!((set.len(), set.admins(), set.seats()), (1, 0, -1));
        set.add(change(Kind::Role, "e", Some("User"), Some("User"), &[]));
        assert!(set.is_empty());
    }

    #[test]
    fn admins_are_made_before_others_stop_being_some_and_oneself_is_last() {
        let mut set = ChangeSet::default();
        let mut own = change(Kind::Role, "own", Some("Admin"), Some("User"), &[]);
        own.is_self = true;
        set.add(own);
        set.add(change(Kind::Invite, "new", None, Some("User"), &[]));
        set.add(change(Kind::Role, "down", Some("Admin"), Some("User"), &[]));
        set.add(change(Kind::Remove, "gone", Some("User"), None, &[]));
        set.add(change(Kind::Role, "up", Some("User"), Some("Admin"), &[]));
        let order: Vec<_> = set.changes().iter().map(|change| change.email.as_str()).collect();
        assert_eq!(order, ["up", "gone", "down", "new", "own"]);
        assert_eq!((set.admins(), set.seats()), (-1, 0));
        assert_eq!(set.in_words(), "1 invitation, 3 changes of roles, 1 removal");
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let good = serde_json::to_string(&change(Kind::Remove, "e", Some("User"), None, &[])).unwrap();
        let text = format!(r#"[{{"kind":"paint"}},{{"kind":"role","email":"x"}},7,{good}]"#);
        let set = ChangeSet::from_json(&Json::parse(&text).unwrap()).unwrap();
        assert_eq!(set.len(), 1);
        assert!(ChangeSet::from_json(&Json::Null).is_none());
    }

    fn any_change() -> impl Strategy<Value = Change> {
        let kind = prop::sample::select(Kind::ALL.to_vec());
        let name = || prop::sample::select(vec!["Admin", "User", "Viewer"]);
        let inside = prop::collection::vec(("[a-c]", "Admin|Editor"), 0..3);
        (kind, "[a-f]", name(), name(), inside).prop_map(|(kind, email, from, to, inside)| {
            let inside: Vec<_> = inside.iter().map(|(id, role)| (id.as_str(), role.as_str())).collect();
            let from = (kind != Kind::Invite).then_some(from);
            let to = matches!(kind, Kind::Invite | Kind::Role).then_some(to);
            change(kind, &email, from, to, &inside)
        })
    }

    proptest! {
        #[test]
        fn a_set_is_kept_as_it_is(changes in prop::collection::vec(any_change(), 0..12)) {
            let mut set = ChangeSet::default();
            changes.into_iter().for_each(|change| set.add(change));
            let text = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(ChangeSet::from_json(&Json::parse(&text).unwrap()), Some(set.clone()));
            for change in set.changes() {
                prop_assert_eq!(set.of(&change.email), Some(change));
                for effect in change.effects(&all()) {
                    prop_assert!(effect.before != effect.after);
                }
            }
        }
    }
}
