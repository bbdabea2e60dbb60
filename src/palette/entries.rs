//! What the palette can find: the places that the person can go to, and what they can do.

use std::collections::BTreeSet;

use atrium_domain::roles::role_label;
use atrium_domain::wire::{Member, OrganizationSlim, Workspace};
use atrium_domain::{Action, Credential};
use atrium_ui::{Icon, lower};
use atrium_words::{look, t};
use leptos::prelude::*;

use super::Palette;
use super::acts::Act;
use super::recent::recent;
use crate::api::{self, Query, query};
use crate::components::theme;
use crate::language::{self, LANGUAGES};
use crate::paths::{self, Page, Settings};
use crate::session::{Place, Session};

/// What an entry is, in the order of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An organization of the person's.
    Organization,
    /// A workspace of this organization.
    Workspace,
    /// A page of this organization's settings.
    Settings,
    /// A member of this organization.
    Member,
    /// Something to do.
    Action,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Organization, Self::Workspace, Self::Settings, Self::Member, Self::Action];

    /// The group's name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Organization => t!("Organizations"),
            Self::Workspace => t!("Workspaces"),
            Self::Settings => t!("Settings"),
            Self::Member => t!("Members"),
            Self::Action => t!("Actions"),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Workspace => "workspace",
            Self::Settings => "settings",
            Self::Member => "member",
            Self::Action => "action",
        }
    }
}

/// A question to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Which organizations there are.
    Organizations,
    /// Who the members are that were chosen before.
    Recent,
    /// Which members have what was typed in their name or address.
    Members,
}

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Goes to this address.
    Go(String),
    /// Goes to this organization, to where the person was last in it.
    Enter(String),
    /// Goes to a page, which then opens a dialog of its own.
    Errand(String, &'static str),
    /// Does it where the person is.
    Act(Act),
    /// Asks the server once more.
    Retry(Question),
}

/// What stands before the name.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// A picture of what it is.
    Icon(Icon),
    /// The square of an organization or a workspace; the colour follows from this.
    Square(String),
    /// Somebody's initials; the colour follows from this.
    Person(String),
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it is known by, among those of its kind.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What else to know; it can be searched for as well.
    pub note: String,
    /// Other words that people may type for it.
    pub words: &'static str,
    /// What stands before the name.
    pub picture: Picture,
    /// Why it cannot be chosen.
    pub reason: Option<String>,
    /// What choosing it does.
    pub does: Does,
    /// Whether it shows only when it was searched for.
    pub quiet: bool,
    /// Whether it shows although it does not have the letters that were typed.
    pub sure: bool,
}

impl Entry {
    fn new(
        kind: Kind,
        id: impl Into<String>,
        label: impl Into<String>,
        picture: Picture,
        does: Does,
    ) -> Self {
        Self {
            kind,
            id: id.into(),
            label: label.into(),
            note: String::new(),
            words: "",
            picture,
            reason: None,
            does,
            quiet: false,
            sure: false,
        }
    }

    /// Kind and id: what is kept of it when it was chosen.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.word(), self.id)
    }
}

/// What the palette asked the server, and what was chosen before.
#[derive(Clone, Copy)]
pub struct Asked {
    /// The person's organizations.
    pub organizations: Query<Vec<OrganizationSlim>>,
    /// The members of this organization among those chosen last.
    pub members: Query<Vec<Member>>,
    /// The keys of what was chosen last, the newest first.
    pub recent: RwSignal<Vec<String>>,
}

impl Asked {
    /// What it asked; the first time it begins to ask. It asks each time that it opens, and shows what it
    /// knows meanwhile.
    pub fn of(palette: Palette, session: Session, place: Place) -> Self {
        let kept = palette.asked.get_value().unwrap_or_else(|| {
            let made = palette.keeper.get_value().with(|| Self::ask(palette, session, place));
            palette.asked.set_value(Some(made));
            made
        });
        kept.recent.set(recent(&session.account.get_untracked()));
        kept
    }

    fn ask(palette: Palette, session: Session, place: Place) -> Self {
        let recent = RwSignal::new(Vec::new());
        let organizations = query(
            move || session.account.get(),
            move || {
                session.changes.organizations.track();
                session.changes.organization.track();
                palette.open.get().then(api::organizations)
            },
        );
        let members = query(
            move || format!("{} {}", place.organization.get(), session.account.get()),
            move || {
                session.changes.members.track();
                let chosen = recent.with(|all: &Vec<String>| {
                    let ids = all.iter().filter_map(|key| key.strip_prefix("member:"));
                    ids.map(str::to_owned).collect::<Vec<_>>()
                });
                let asks = palette.open.get() && !chosen.is_empty();
                asks.then(|| api::members_by_account(place.organization.get(), &chosen))
            },
        );
        Self { organizations, members, recent }
    }
}

/// Everything that can be chosen, whatever was typed. Reads signals.
pub fn entries(place: Place, asked: Asked, found: Query<Vec<Member>>) -> Vec<Entry> {
    let mut all = Vec::new();
    let here = place.organization.get();
    asked.organizations.data.with(|known| {
        let mut known: Vec<_> = known.iter().flatten().collect();
        known.sort_by_cached_key(|one| (!one.is_personal, lower(&one.display_name)));
        all.extend(known.into_iter().map(|one| organization(one, &here)));
    });
    all.extend(failed(asked.organizations, Kind::Organization, Question::Organizations));
    // Somebody who cannot enter this organization has nothing to do in it.
    let enters = place.info.error.with(Option::is_none);
    if enters {
        place.workspaces.data.with(|known| {
            let known = known.as_deref().unwrap_or_default();
            all.extend(known.iter().map(|one| workspace(one, &here)));
            all.extend(pages(place, &here));
            all.extend(known.iter().map(|one| workspace_settings(one, &here)));
        });
        all.extend(members(asked.members, found, &here));
        all.extend(failed(asked.members, Kind::Member, Question::Recent));
        all.extend(failed(found, Kind::Member, Question::Members));
        all.extend(errands(place, &here));
    }
    all.extend(acts(enters));
    all
}

fn organization(one: &OrganizationSlim, here: &str) -> Entry {
    let does = Does::Enter(one.id.clone());
    let picture = Picture::Square(one.id.clone());
    let mut entry = Entry::new(Kind::Organization, &one.id, &one.display_name, picture, does);
    entry.note = match &one.tier {
        _ if one.id == here => t!("You are here").to_owned(),
        _ if one.is_pending() => t!("Pending").to_owned(),
        _ if one.is_personal && one.display_name != "Personal" => t!("Personal").to_owned(),
        _ if one.is_personal => String::new(),
        Some(tier) => tier.label().to_owned(),
        None => String::new(),
    };
    entry.words = t!("organization switch");
    entry
}

fn workspace(one: &Workspace, here: &str) -> Entry {
    let does = Does::Go(paths::workspace(here, &one.id));
    let picture = Picture::Square(one.seed());
    let mut entry = Entry::new(Kind::Workspace, &one.id, &one.display_name, picture, does);
    entry.note = one.role_name.as_deref().map(|name| role_label(name).into_owned()).unwrap_or_default();
    entry.words = t!("workspace switch");
    entry
}

fn workspace_settings(one: &Workspace, here: &str) -> Entry {
    let does = Does::Go(paths::workspace_settings(here, &one.id));
    let mut entry =
        Entry::new(Kind::Settings, &one.id, &one.display_name, Picture::Icon(Icon::Settings), does);
    entry.note = t!("Workspace settings").to_owned();
    entry.quiet = true;
    entry
}

fn pages(place: Place, here: &str) -> Vec<Entry> {
    let usable = place.caller.with(|caller| caller.as_ref().map(|caller| caller.usable()));
    let closed = usable.and_then(Result::err).map(|denied| look(denied.0).to_owned());
    let entry = |page: &Settings| {
        let (label, icon, words) = named(*page);
        let does = Does::Go(paths::settings(here, *page));
        let mut entry = Entry::new(Kind::Settings, page.word(), label, Picture::Icon(icon), does);
        entry.words = words;
        // The others lead to billing while the organization is pending.
        entry.reason = closed.clone().filter(|_| !Page::Settings(*page).is_open_while_pending());
        entry
    };
    Settings::all().iter().map(entry).collect()
}

/// How a page of the settings is called, and what else people may call it. A page that is not known here
/// goes by its address, so that none is missing.
fn named(page: Settings) -> (String, Icon, &'static str) {
    let (label, icon, words) = match page.word() {
        "organization" => (t!("Organization"), Icon::Building, t!("settings name security leave delete")),
        "workspaces" => (t!("Workspaces"), Icon::Layers, t!("settings")),
        "members" => (t!("Members"), Icon::Users, t!("settings people users invitations")),
        "roles" => (t!("Roles"), Icon::Shield, t!("settings permissions access")),
        "billing" => {
            (t!("Usage and billing"), Icon::CreditCard, t!("settings plan seats card invoice upgrade"))
        }
        "audit-log" => (t!("Audit log"), Icon::Clock, t!("settings history changes")),
        other => {
            let mut label = other.replace('-', " ");
            if let Some(first) = label.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            return (label, Icon::Settings, t!("settings"));
        }
    };
    (label.to_owned(), icon, words)
}

/// The members that were chosen before, and those that the server found, nobody twice.
fn members(before: Query<Vec<Member>>, found: Query<Vec<Member>>, here: &str) -> Vec<Entry> {
    // While a newer answer is on its way, the letters decide who of the old one stays.
    let answered = !found.loading.get() && found.error.with(Option::is_none);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut add = |members: &Option<Vec<Member>>, sure: bool| {
        for one in members.iter().flatten().filter(|one| seen.insert(one.ls_user_id.clone())) {
            all.push(Entry { sure, ..member(one, here) });
        }
    };
    found.data.with(|members| add(members, answered));
    before.data.with(|members| add(members, false));
    all
}

fn member(one: &Member, here: &str) -> Entry {
    let address = one.email.clone().unwrap_or_default();
    let name = one.full_name.clone().filter(|name| !name.is_empty());
    let note = if name.is_some() { address.clone() } else { String::new() };
    let label = name.unwrap_or_else(|| address.clone());
    let does = Does::Go(paths::members_with(here, &address));
    let mut entry = Entry::new(Kind::Member, &one.ls_user_id, label, Picture::Person(address), does);
    entry.note = note;
    entry.quiet = true;
    entry
}

/// What opens a dialog of some page.
fn errands(place: Place, here: &str) -> [Entry; 3] {
    let errand = |id: &str, label: &str, icon, page, word, words, reason| {
        let does = Does::Errand(paths::settings(here, page), word);
        let entry = Entry::new(Kind::Action, id, label, Picture::Icon(icon), does);
        Entry { words, reason, ..entry }
    };
    let invite = match place.caller.get() {
        Some(caller) => caller.may_invite_anybody().err().map(|denied| look(denied.0).to_owned()),
        None => place.why_not(&Action::ManageMembers),
    };
    let workspace = place.why_not(&Action::CreateWorkspace);
    let role = place.why_not(&Action::ManageRoles);
    [
        errand(
            "invite",
            t!("Invite members"),
            Icon::UserPlus,
            Settings::Members,
            paths::INVITE,
            t!("add people users"),
            invite,
        ),
        errand(
            "workspace",
            t!("Add workspace"),
            Icon::Layers,
            Settings::Workspaces,
            paths::ADD_WORKSPACE,
            t!("create new"),
            workspace,
        ),
        errand(
            "role",
            t!("Create role"),
            Icon::Shield,
            Settings::Roles,
            paths::CREATE_ROLE,
            t!("new custom permissions"),
            role,
        ),
    ]
}

/// What is done where the person is.
fn acts(in_organization: bool) -> Vec<Entry> {
    let act = |act: Act, label: &str, icon, words| {
        let entry = Entry::new(Kind::Action, act.word(), label, Picture::Icon(icon), Does::Act(act));
        Entry { words, ..entry }
    };
    let mut all = Vec::new();
    let in_person = if api::by_key() { Credential::PersonalToken } else { Credential::Session }.in_person();
    let create = act(Act::NewOrganization, t!("New organization"), Icon::Building, t!("create add"));
    all.push(Entry { reason: in_person.err().map(|denied| look(denied.0).to_owned()), ..create });
    if in_organization {
        all.push(act(Act::CopyId, t!("Copy the organization’s ID"), Icon::Copy, t!("clipboard")));
    }
    let themes = [
        (Act::Light, t!("Use the light theme"), Icon::Sun),
        (Act::Dark, t!("Use the dark theme"), Icon::Moon),
        (Act::System, t!("Use the system’s theme"), Icon::Monitor),
    ];
    let now = theme();
    let others = themes.into_iter().filter(|(one, _, _)| one.theme() != Some(now.as_str()));
    all.extend(others.map(|(one, label, icon)| act(one, label, icon, t!("switch appearance mode colours"))));
    let here = language::current();
    let others = LANGUAGES.into_iter().filter(|(code, _)| *code != here);
    // Whoever does not read the language that is in use finds the others in English as well.
    all.extend(others.map(|(code, name)| {
        act(Act::Language(code), &t!("Language: {name}", name), Icon::Globe, "language")
    }));
    all.push(act(Act::SignOut, t!("Sign out"), Icon::LogOut, t!("log out leave")));
    all
}

/// A question that got no answer: it says so, and choosing it asks once more.
fn failed<T: Send + Sync + 'static>(query: Query<T>, kind: Kind, question: Question) -> Option<Entry> {
    let sentence = query.error.with(|error| error.as_ref().map(|error| error.sentence.clone()))?;
    let label = match question {
        Question::Organizations => t!("Your organizations could not be loaded: try again"),
        Question::Recent => t!("Members that you chose before could not be loaded: try again"),
        Question::Members => t!("Members could not be searched: try again"),
    };
    let id = format!("{question:?}");
    let picture = Picture::Icon(Icon::Refresh);
    let entry = Entry::new(kind, id, label, picture, Does::Retry(question));
    Some(Entry { note: sentence, sure: true, ..entry })
}
