//! "Add members" to a workspace: people of the organization, many at once, and new ones by invitation.

mod sending;

use std::collections::BTreeMap;

use atrium_domain::access::{INVITES_OFF, gives_no_more};
use atrium_domain::email::{Pasted, normalize, parse_addresses};
use atrium_domain::wire::{Member, Role, Workspace};
use atrium_domain::{Action, OrganizationRole, WorkspaceRole};
use atrium_ui::{
    Button, ButtonKind, Checkbox, Dialog, DialogKind, FieldKind, Icon, InlineError, Messages, Select,
    SelectOption, TextField, all, derive, dynamic, el, keyed, memo, spawn, text, when,
};
use atrium_words::{look, t, tn};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{cancel_or, keep_or_discard};
use crate::api::{self, MOST_ADDRESSES, query};
use crate::components::Loaded;
use crate::session::{Place, Session, organization_role_of};

/// How many people of the organization show at once.
const SHOWN: usize = 20;

/// The workspace roles that the signed-in person can give in a workspace, each with the reason where they
/// cannot: nobody gives what they do not have. Reads signals.
pub fn roles_to_give(place: Place, workspace: &Workspace) -> Vec<SelectOption> {
    let why_not = |role: &Role| {
        let own = workspace.permissions.as_deref()?;
        gives_no_more(own, &role.permissions).err().map(|denied| look(denied.0).to_owned())
    };
    let option = |role: &Role| SelectOption {
        disabled_reason: why_not(role),
        ..SelectOption::new(role.id.clone(), role.label())
    };
    place
        .roles
        .data
        .with(|all| all.iter().flatten().filter(|role| role.workspace_role().is_some()).map(option).collect())
}

/// Somebody who was chosen, and why they could not be added so far.
#[derive(Clone, Debug, PartialEq)]
struct Chosen {
    /// The membership of the organization; none for who is invited.
    identity: Option<String>,
    refused: Option<String>,
}

/// What was entered. Cheap to copy.
#[derive(Clone, Copy)]
struct Entered {
    session: Session,
    place: Place,
    messages: Messages,
    workspace: Memo<Workspace>,
    /// What is typed into the search.
    typed: RwSignal<String>,
    /// Who was chosen, by the address.
    chosen: RwSignal<BTreeMap<String, Chosen>>,
    /// The role for all of them.
    role: RwSignal<String>,
    /// What is said of an address that was entered.
    said: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
    busy: RwSignal<Option<String>>,
}

/// The dialog "Add members".
#[component]
pub fn AddToWorkspace(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The workspace.
    workspace: Memo<Workspace>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let entered = Entered {
        session: Session::current(),
        place: Place::current(),
        messages: Messages::expect(),
        workspace,
        typed: RwSignal::new(String::new()),
        chosen: RwSignal::new(BTreeMap::new()),
        role: RwSignal::new(String::new()),
        said: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(None),
    };
    let leave = Callback::new(move |()| {
        if entered.busy.with_untracked(Option::is_some) {
            return;
        }
        if entered.chosen.with_untracked(BTreeMap::is_empty) {
            entered.forget();
            open.set(false);
        } else {
            asking.set(true);
        }
    });
    let discard = Callback::new(move |()| {
        asking.set(false);
        entered.forget();
        open.set(false);
    });
    let about = derive(move || {
        let name = workspace.with(|one| one.display_name.clone());
        t!("They see and use what is in {name} at once.", name)
    });
    let words = (
        t!("Discard who was chosen?"),
        t!("Nobody was added yet. Who was chosen is lost."),
        t!("Go on choosing"),
    );
    let dialog = view! {
        <Dialog title=t!("Add members") kind=DialogKind::Wide open on_close=leave description=about>
            {entered.form(open, leave)}
        </Dialog>
    };
    all([dialog.into_any(), keep_or_discard(asking, words, discard)])
}

impl Entered {
    fn forget(self) {
        self.typed.set(String::new());
        self.chosen.set(BTreeMap::new());
        self.said.set(None);
        self.error.set(None);
    }

    /// Whether workspace roles differ. Reads a signal.
    fn rbac(self) -> bool {
        self.place.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.can_use_rbac))
    }

    /// The role that is given: the chosen one, else Editor, else the first that can be given. Reads signals.
    fn given_role(self) -> String {
        let chosen = self.role.get();
        if !chosen.is_empty() {
            return chosen;
        }
        let options = self.workspace.with(|one| roles_to_give(self.place, one));
        let editor = self.place.roles.data.with(|all| {
            let found =
                all.iter().flatten().find(|role| role.workspace_role() == Some(WorkspaceRole::Editor));
            found.map(|role| role.id.clone())
        });
        let mut offered = options.into_iter().filter(|option| option.disabled_reason.is_none());
        let first = offered.next();
        let by_id = editor
            .filter(|id| first.iter().any(|one| one.value == *id) || offered.any(|one| one.value == *id));
        by_id.or(first.map(|one| one.value)).unwrap_or_default()
    }

    /// Why nobody new can be invited to the organization from here; `None` where somebody can. Reads signals.
    fn why_not_invite(self) -> Option<String> {
        let (setting, off) = self.place.info.data.with(|info| {
            let info = info.as_ref();
            (
                info.is_some_and(|info| info.workspace_admin_can_invite_to_org),
                info.is_some_and(|info| info.invites_enabled == Some(false)),
            )
        });
        if off {
            return Some(look(INVITES_OFF.0).to_owned());
        }
        // Where the plan has a single workspace, there is the one role only.
        let role = self.place.caller.with(|caller| {
            let offered = caller.as_ref().map(|caller| caller.offered_roles()).unwrap_or_default();
            if offered.contains(&OrganizationRole::User) {
                OrganizationRole::User
            } else {
                OrganizationRole::Admin
            }
        });
        self.place.why_not(&Action::InviteToWorkspace(&role, setting))
    }

    fn choose(self, email: String, identity: Option<String>) {
        self.chosen.update(|all| _ = all.insert(email, Chosen { identity, refused: None }));
    }

    /// Why a member of the organization cannot be added; `None` where they can. Reads signals.
    fn why_not_add(self, one: &Member) -> Option<String> {
        let (id, name) = self.workspace.with(|it| (it.id.clone(), it.display_name.clone()));
        let role = self.place.roles.data.with(|roles| {
            let roles = roles.as_deref().unwrap_or_default();
            organization_role_of(roles, one.org_role_id.as_ref(), one.org_role_name.as_ref())
        });
        if role == Some(OrganizationRole::Admin) {
            return Some(t!("An Organization Admin is Admin of {name} already.", name));
        }
        one.tenant_ids.contains(&id).then(|| t!("Already a member of {name}.", name))
    }

    fn form(self, open: RwSignal<bool>, leave: Callback<()>) -> AnyView {
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            self.send(open);
        };
        let count = memo(move || self.chosen.with(BTreeMap::len));
        let label = derive(move || match count.get() {
            0 => t!("Add members").to_owned(),
            count => tn!(count, "Add {count} person", "Add {count} people"),
        });
        let reason = derive(move || (count.get() == 0).then(|| t!("Choose somebody first.").to_owned()));
        let busy = self.busy;
        let act = view! {
            <Button label kind=ButtonKind::Primary submit=true busy=busy disabled_reason=reason />
        };
        el("form")
            .class("form")
            .attr("novalidate", "")
            .on("submit", submit)
            .with(self.search())
            .with(self.found())
            .with(self.list())
            .with(self.role_field())
            .with(view! { <InlineError text=self.error /> })
            .with(cancel_or(leave, false, act.into_any()))
            .view()
    }

    fn search(self) -> AnyView {
        let field = view! {
            <TextField
                label=t!("Find people")
                hint=t!("Type a name or an address. Whole addresses, with spaces or commas between them, can be pasted; Enter takes them.")
                kind=FieldKind::Search
                value=self.typed
                autofocus=true
            />
        };
        let on_key = move |event: web_sys::Event| {
            let enter = event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Enter");
            if enter && self.typed.with_untracked(|typed| !typed.trim().is_empty()) {
                // It takes who is named, and does not send the form.
                event.prevent_default();
                self.take();
            }
        };
        el("div").on("keydown", on_key).with(field).view()
    }

    /// The people of the organization who fit what is typed.
    fn found(self) -> AnyView {
        let asked = query(
            move || self.place.organization.get(),
            move || {
                self.session.changes.members.track();
                let wanted = self.typed.with(|typed| typed.trim().to_owned());
                // Several addresses are no text to search for.
                if addresses(&wanted).len() > 1 {
                    return None;
                }
                // One more than shows, to know whether there are others.
                Some(api::colleagues(self.place.organization.get(), &wanted, 0, SHOWN + 1))
            },
        );
        let rows = asked.or_default();
        // A row is built anew when somebody was added meanwhile.
        let key = |one: &Member| format!("{}\n{}", one.id, one.tenant_ids.len());
        let keys = derive(move || rows.with(|all| all.iter().take(SHOWN).map(key).collect::<Vec<_>>()));
        let row = move |wanted: String| {
            let one = rows.with_untracked(|all| all.iter().find(|one| key(one) == wanted).cloned());
            one.map_or_else(|| ().into_any(), |one| self.candidate(one))
        };
        let more = when(
            move || rows.with(|all| all.len() > SHOWN),
            || el("p").class("muted small").with(t!("There are more. Type on to find others.")).view(),
        );
        let none = when(
            move || {
                rows.with(Vec::is_empty)
                    && asked.data.with(Option::is_some)
                    && self.typed.with(|typed| addresses(typed).is_empty())
            },
            || {
                el("p")
                    .class("muted")
                    .with(t!("No member of the organization has this name or address."))
                    .view()
            },
        );
        let invite = dynamic(move || {
            let wanted = self.typed.with(|typed| addresses(typed));
            match wanted.as_slice() {
                [] => ().into_any(),
                [one] => {
                    let known =
                        rows.with(|all| all.iter().any(|it| it.email.as_deref() == Some(one.as_str())));
                    if known { ().into_any() } else { self.take_button(t!("Take {address}", address = one)) }
                }
                several => {
                    let count = several.len();
                    self.take_button(tn!(count, "Take {count} address", "Take {count} addresses"))
                }
            }
        });
        let list = move || {
            el("fieldset")
                .class("group candidates")
                .with(
                    el("legend")
                        .class("field-label")
                        .with(text(move || t!("Members of {name}", name = self.place.organization_name()))),
                )
                .with(el("div").class("group-body").with(keyed(keys, row)))
                .view()
        };
        let some = move || keys.with(|keys| !keys.is_empty());
        all([
            view! { <Loaded query=asked what=t!("the people") rows=3>{when(some, list)}</Loaded> }.into_any(),
            more,
            none,
            invite,
            el("p")
                .class("field-hint")
                .attr("role", "status")
                .with(Signal::<Option<String>>::from(self.said))
                .view(),
        ])
    }

    fn take_button(self, label: String) -> AnyView {
        let label = derive(move || label.clone());
        let press = Callback::new(move |()| self.take());
        view! { <Button label icon=Icon::Plus on_press=press /> }.into_any()
    }

    fn candidate(self, one: Member) -> AnyView {
        let email = one.email.clone().unwrap_or_default();
        let name = one.full_name.clone().filter(|name| !name.is_empty());
        let key = normalize(&email);
        let checked = {
            let key = key.clone();
            derive(move || self.chosen.with(|all| all.contains_key(&key)))
        };
        let identity = one.id.clone();
        let reason = derive(move || self.why_not_add(&one));
        let on_change = Callback::new(move |on: bool| {
            if on {
                self.choose(key.clone(), Some(identity.clone()));
            } else {
                self.chosen.update(|all| _ = all.remove(&key));
            }
        });
        let hint = derive(move || name.clone());
        view! { <Checkbox label=email checked hint disabled_reason=reason on_change /> }.into_any()
    }

    /// Takes the addresses that are typed: members of the organization are chosen, others invited where
    /// that is allowed, and of the rest it is said why not.
    fn take(self) {
        let wanted = self.typed.with_untracked(|typed| addresses(typed));
        if wanted.is_empty() {
            let sentence =
                t!("Choose somebody from the list, or type a whole address such as ada@example.com.");
            self.said.set(Some(sentence.to_owned()));
            return;
        }
        self.said.set(Some(t!("Looking who that is.").to_owned()));
        let (taken, organization) = (self.typed.get_untracked(), self.place.organization_id());
        spawn(async move {
            let mut left_out = Vec::new();
            for some in wanted.chunks(MOST_ADDRESSES) {
                let found = api::who_is_there(organization.clone(), some).await;
                // The dialog, or its page, may be gone.
                if self.typed.try_get_untracked().is_none() || self.workspace.try_get_untracked().is_none() {
                    return;
                }
                match found {
                    Ok((members, _)) => untrack(|| self.sort(some, &members, &mut left_out)),
                    Err(failed) => {
                        let _ = self.said.try_set(Some(failed.sentence));
                        return;
                    }
                }
            }
            let said = (!left_out.is_empty()).then(|| left_out.join(" "));
            let _ = self.said.try_set(said);
            // What was typed meanwhile, and what is no address, stays.
            if self.typed.try_get_untracked().as_deref() == Some(taken.as_str()) {
                let _ = self.typed.try_set(no_addresses(&taken));
            }
        });
    }

    fn sort(self, wanted: &[String], members: &[Member], left_out: &mut Vec<String>) {
        for address in wanted {
            let member =
                members.iter().find(|one| one.email.as_deref().is_some_and(|own| normalize(own) == *address));
            let why = match member {
                Some(one) => self.why_not_add(one),
                None => self.why_not_invite(),
            };
            match (why, member) {
                (None, member) => self.choose(address.clone(), member.map(|one| one.id.clone())),
                (Some(why), Some(_)) => left_out.push(t!("{who}: {why}", who = address, why)),
                (Some(why), None) => {
                    left_out.push(t!("{address} is no member of the organization. {why}", address, why))
                }
            }
        }
    }

    /// Who was chosen, with the way to leave them out.
    fn list(self) -> AnyView {
        let keys = derive(move || self.chosen.with(|all| all.keys().cloned().collect::<Vec<_>>()));
        let row = move |email: String| {
            let of = {
                let email = email.clone();
                memo(move || self.chosen.with(|all| all.get(&email).cloned()))
            };
            let note = text(move || match of.get() {
                Some(Chosen { refused: Some(why), .. }) => why,
                Some(Chosen { identity: None, .. }) => t!("is invited to the organization").to_owned(),
                _ => String::new(),
            });
            let label = t!("Leave out {email}", email);
            let label = derive(move || label.clone());
            let out = email.clone();
            let press = Callback::new(move |()| self.chosen.update(|all| _ = all.remove(&out)));
            el("li")
                .with(
                    el("span")
                        .class("spread")
                        .with(&email)
                        .with(" ")
                        .with(el("span").class("muted small").with(note)),
                )
                .with(view! {
                    <Button label icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=press />
                })
                .view()
        };
        let some = move || self.chosen.with(|all| !all.is_empty());
        when(some, move || {
            el("div")
                .with(el("p").class("field-label").attr("role", "status").with(text(move || {
                    tn!(self.chosen.with(BTreeMap::len), "{count} person chosen", "{count} people chosen")
                })))
                .with(el("ul").class("chosen-people").attr("aria-label", t!("Chosen")).with(keyed(keys, row)))
                .view()
        })
    }

    fn role_field(self) -> AnyView {
        dynamic(move || {
            if !self.rbac() {
                let why = self.place.why_not(&Action::AssignWorkspaceRoles).unwrap_or_default();
                return el("p").class("note").with(why).view();
            }
            let options = derive(move || self.workspace.with(|one| roles_to_give(self.place, one)));
            let value = derive(move || self.given_role());
            let on_change = Callback::new(move |new| self.role.set(new));
            view! { <Select label=t!("Workspace role") value options on_change /> }.into_any()
        })
    }
}

/// What of a text is no address.
fn no_addresses(text: &str) -> String {
    let rest = |one| match one {
        Pasted::Address(_) => None,
        Pasted::NotAnAddress(rest) => Some(rest),
    };
    parse_addresses(text).into_iter().filter_map(rest).collect::<Vec<_>>().join(" ")
}

/// The addresses in a text, normalized and without doubles.
fn addresses(text: &str) -> Vec<String> {
    let address = |one| match one {
        Pasted::Address(address) => Some(address),
        Pasted::NotAnAddress(_) => None,
    };
    parse_addresses(text).into_iter().filter_map(address).collect()
}
