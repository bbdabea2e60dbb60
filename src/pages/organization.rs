//! Settings > Organization: its name and contact, who may invite, what may be shared, leaving and
//! deleting it.

use atrium_domain::names::{MAX_NAME, check_organization_name};
use atrium_domain::{Action, email};
use atrium_ui::{
    Button, ButtonKind, Checkbox, Dialog, DialogActions, DialogKind, El, FieldKind, Icon, InlineError,
    Messages, Select, SelectOption, TextField, all, derive, el, memo, spawn,
};
use atrium_words::{look, t, tn};
use leptos::prelude::*;

use crate::api::{self, OrganizationChange, OrganizationSettings, Query, query};
use crate::components::{Loaded, OrganizationIdButton, PageTitle};
use crate::forms::{CANNOT_DELETE, DeleteOrganization, RemoveMember};
use crate::session::{Place, Session, changed};
use crate::table::line_of;

/// `/o/{organization}/settings/organization`
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let settings = query(
        move || place.organization.get(),
        move || {
            session.changes.organization.track();
            Some(api::organization_settings(place.organization.get()))
        },
    );
    let title = view! {
        <PageTitle title=t!("Organization")>
            <OrganizationIdButton />
        </PageTitle>
    };
    let body = view! {
        <Loaded query=settings what=t!("the organization") rows=4>
            {all([
                view! { <NameAndContact settings /> }.into_any(),
                view! { <Inviting settings /> }.into_any(),
                view! { <Sharing settings /> }.into_any(),
                view! { <Ending /> }.into_any(),
            ])}
        </Loaded>
    };
    all([title.into_any(), body.into_any()])
}

fn section(id: &str, title: &str) -> El {
    el("section")
        .class("panel settings-panel")
        .attr("aria-labelledby", id)
        .with(el("h2").attr("id", id).with(title))
}

/// A change of one setting, as it is chosen. Cheap to copy.
#[derive(Clone, Copy)]
struct Saving {
    /// What the page shows: what is kept, with what was chosen and is being saved.
    shown: Signal<OrganizationSettings>,
    wanted: RwSignal<Option<OrganizationChange>>,
    error: RwSignal<Option<String>>,
    save: Callback<(OrganizationChange, &'static str)>,
}

impl Saving {
    /// Saves into what a page shows; says `told` when that was done.
    fn new(settings: Query<OrganizationSettings>) -> Self {
        let session = Session::current();
        let place = Place::current();
        let messages = Messages::expect();
        let wanted = RwSignal::new(None::<OrganizationChange>);
        let error = RwSignal::new(None::<String>);
        let shown = derive(move || {
            let mut shown = settings.data.get().unwrap_or_default();
            if let Some(change) = wanted.get() {
                shown.invites_enabled = change.invites_enabled.or(shown.invites_enabled);
                shown.workspace_admin_can_invite =
                    change.workspace_admin_can_invite_to_org.or(shown.workspace_admin_can_invite);
                shown.sharing_disabled = change.public_sharing_disabled.or(shown.sharing_disabled);
                shown.tokens_disabled = change.pat_creation_disabled.or(shown.tokens_disabled);
            }
            shown
        });
        let save = Callback::new(move |(change, told): (OrganizationChange, &'static str)| {
            if wanted.with_untracked(Option::is_some) {
                return;
            }
            wanted.set(Some(change.clone()));
            error.set(None);
            spawn(async move {
                let result = api::change_organization(place.organization_id(), &change).await;
                if let Ok(now) = &result {
                    settings.data.try_set(Some(now.clone()));
                }
                wanted.try_set(None);
                match result {
                    Ok(_) => {
                        messages.success(told.to_owned());
                        changed(session.changes.organization);
                    }
                    Err(failed) => _ = error.try_set(Some(failed.sentence)),
                }
            });
        });
        Self { shown, wanted, error, save }
    }

    fn run(self, change: OrganizationChange, told: &'static str) {
        self.save.run((change, told));
    }
}

/// Why the settings cannot be changed; while one is saved, that. Reads signals.
fn why_not(place: Place, saving: Saving) -> Option<String> {
    let saves =
        || saving.wanted.with(Option::is_some).then(|| t!("Your last change is being saved.").to_owned());
    place.why_not(&Action::UpdateOrganization).or_else(saves)
}

#[component]
fn NameAndContact(settings: Query<OrganizationSettings>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let known = settings.data.get_untracked().unwrap_or_default();
    let name = RwSignal::new(known.name.clone());
    let contact = RwSignal::new(known.security_contact.clone().unwrap_or_default());
    // What is saved: what was typed beyond that is a change.
    let saved = RwSignal::new(known);
    let refused = RwSignal::new(None::<api::ApiError>);
    let busy = RwSignal::new(None::<String>);
    let of_field = move |field: &'static str| {
        refused.with(|refused| refused.as_ref().and_then(|refused| refused.of_field(field)))
    };
    let name_error = derive(move || {
        of_field("display_name").or_else(|| name.with(|name| check_organization_name(name.trim()).err()))
    });
    let contact_error = derive(move || {
        of_field("security_contact").or_else(|| {
            contact.with(|contact| {
                let contact = contact.trim();
                let had =
                    saved.with(|saved| saved.security_contact.as_ref().is_some_and(|it| !it.is_empty()));
                match contact {
                    "" if had => Some(
                        t!("Enter another address: a security contact can be replaced, but not taken away.")
                            .to_owned(),
                    ),
                    "" => None,
                    some if email::is_address(some) => None,
                    _ => Some(t!("Enter an address like security@example.com.").to_owned()),
                }
            })
        })
    });
    let other = derive(move || {
        let fields = name_error.with(Option::is_some) || contact_error.with(Option::is_some);
        refused.with(|refused| refused.as_ref().filter(|_| !fields).map(|refused| refused.sentence.clone()))
    });
    let change = memo(move || {
        saved.with(|saved| {
            let name = name.with(|name| name.trim().to_owned());
            let contact = contact.with(|contact| contact.trim().to_owned());
            let before = saved.security_contact.clone().unwrap_or_default();
            (Some(name).filter(|name| *name != saved.name), Some(contact).filter(|it| *it != before))
        })
    });
    let reason = derive(move || {
        place.why_not(&Action::UpdateOrganization).or_else(|| {
            change.with(|change| *change == (None, None)).then(|| t!("Nothing is changed yet.").to_owned())
        })
    });
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let wrong =
            name_error.with_untracked(Option::is_some) || contact_error.with_untracked(Option::is_some);
        if wrong || reason.with_untracked(Option::is_some) || busy.with_untracked(Option::is_some) {
            return;
        }
        let (display_name, security_contact) = change.get_untracked();
        let change = OrganizationChange { display_name, security_contact, ..OrganizationChange::default() };
        busy.set(Some(t!("Saving").to_owned()));
        refused.set(None);
        spawn(async move {
            let result = api::change_organization(place.organization_id(), &change).await;
            busy.try_set(None);
            match result {
                Ok(now) => {
                    saved.try_set(now);
                    messages.success(t!("The organization was saved.").to_owned());
                    changed(session.changes.organization);
                }
                Err(failed) => _ = refused.try_set(Some(failed)),
            }
        });
    };
    let typed = Callback::new(move |_: String| refused.set(None));
    let hint = tn!(
        MAX_NAME,
        "Letters a to z, digits, spaces, hyphens and underscores; up to {count} character.",
        "Letters a to z, digits, spaces, hyphens and underscores; up to {count} characters."
    );
    let form = el("form")
        .class("form settings-form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(view! {
            <TextField
                label=t!("Organization name")
                value=name
                required=true
                hint=Signal::stored(Some(hint))
                error=name_error
                on_input=typed
            />
        })
        .with(view! {
            <TextField
                label=t!("Security contact")
                value=contact
                kind=FieldKind::Email
                hint=t!("Whom to tell about a security problem. Every member sees this address.")
                error=contact_error
                on_input=typed
            />
        })
        .with(view! { <InlineError text=other /> })
        .with(el("div").class("settings-actions").with(view! {
            <Button label=t!("Save") kind=ButtonKind::Primary submit=true busy disabled_reason=reason />
        }));
    section("organization-name", t!("Name and contact")).with(form).view()
}

const MANAGERS: &str = "managers";
const WORKSPACES: &str = "workspaces";
const NOBODY: &str = "nobody";

/// Who may invite, of settings; the contract's defaults where nothing is told.
fn who_invites(settings: &OrganizationSettings) -> &'static str {
    match (settings.invites_enabled, settings.workspace_admin_can_invite) {
        (Some(false), _) => NOBODY,
        (_, Some(true)) => WORKSPACES,
        _ => MANAGERS,
    }
}

#[component]
fn Inviting(settings: Query<OrganizationSettings>) -> impl IntoView {
    let place = Place::current();
    let saving = Saving::new(settings);
    let value = derive(move || saving.shown.with(who_invites).to_owned());
    let options = vec![
        SelectOption::new(MANAGERS, t!("Organization Admins and Operators")),
        SelectOption::new(WORKSPACES, t!("They, and Admins of a workspace for that workspace")),
        SelectOption::new(NOBODY, t!("Nobody")),
    ];
    let personal = move || place.info.data.with(|info| info.as_ref().is_some_and(|info| info.is_personal));
    let reason = derive(move || {
        let alone = || personal().then(|| t!("A personal organization is for you alone.").to_owned());
        alone().or_else(|| why_not(place, saving))
    });
    let on_change = Callback::new(move |wanted: String| {
        let change = OrganizationChange {
            invites_enabled: Some(wanted != NOBODY),
            workspace_admin_can_invite_to_org: (wanted != NOBODY).then_some(wanted == WORKSPACES),
            ..OrganizationChange::default()
        };
        saving.run(change, t!("Who may invite was saved."));
    });
    section("organization-inviting", t!("Invitations"))
        .with(view! {
            <Select
                label=t!("Who may invite people")
                value
                options
                on_change
                disabled_reason=reason
                hint=t!("Invitations that are open stay open, whatever you choose.")
            />
        })
        .with(view! { <InlineError text=saving.error /> })
        .view()
}

#[component]
fn Sharing(settings: Query<OrganizationSettings>) -> impl IntoView {
    let place = Place::current();
    let saving = Saving::new(settings);
    let asking = RwSignal::new(false);
    let reason = derive(move || why_not(place, saving));
    let is = move |read: fn(&OrganizationSettings) -> Option<bool>| {
        derive(move || saving.shown.with(read).unwrap_or(false))
    };
    let (closed, no_tokens) = (is(|it| it.sharing_disabled), is(|it| it.tokens_disabled));
    let close = Callback::new(move |wanted: bool| {
        let change =
            OrganizationChange { public_sharing_disabled: Some(wanted), ..OrganizationChange::default() };
        saving.run(change, t!("Sharing was saved."));
    });
    let tokens = Callback::new(move |wanted: bool| {
        let change =
            OrganizationChange { pat_creation_disabled: Some(wanted), ..OrganizationChange::default() };
        saving.run(change, t!("Personal API tokens were saved."));
    });
    let ask = Callback::new(move |()| asking.set(true));
    let unshare = Callback::new(move |()| {
        asking.set(false);
        let change = OrganizationChange { unshare_all: Some(true), ..OrganizationChange::default() };
        saving.run(change, t!("Nothing is shared with the public any more."));
    });
    let keep = Callback::new(move |()| asking.set(false));
    let question = move || {
        let buttons = all([
            view! { <Button label=t!("Cancel") autofocus=true on_press=keep /> }.into_any(),
            view! { <Button label=t!("Stop sharing") kind=ButtonKind::Danger on_press=unshare /> }.into_any(),
        ]);
        all([
            el("p").with(t!("Every public link to something in this organization stops working, and does not come back.")).view(),
            view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
        ])
    };
    let panel = section("organization-sharing", t!("Sharing"))
        .with(view! {
            <Checkbox
                label=t!("Nothing can be shared with the public")
                checked=closed
                on_change=close
                disabled_reason=reason
                hint=t!("What is shared already stays so until you stop it.")
            />
        })
        .with(view! {
            <Checkbox
                label=t!("Nobody makes personal API tokens")
                checked=no_tokens
                on_change=tokens
                disabled_reason=reason
                hint=t!("Those that there are go on working.")
            />
        })
        .with(view! { <InlineError text=saving.error /> })
        .with(el("div").class("settings-actions").with(view! {
            <Button label=t!("Stop sharing everything") disabled_reason=reason on_press=ask />
        }));
    let dialog = view! {
        <Dialog title=t!("Stop sharing everything?") kind=DialogKind::Alert open=asking on_close=keep>
            {question()}
        </Dialog>
    };
    all([panel.view(), dialog.into_any()])
}

#[component]
fn Ending() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let leaving = RwSignal::new(None);
    let deleting = RwSignal::new(false);
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let admins = RwSignal::new(None::<u64>);
    let personal = move || place.info.data.with(|info| info.as_ref().is_some_and(|info| info.is_personal));
    let why_stay = derive(move || {
        if personal() {
            Some(t!("A personal organization comes with your account.").to_owned())
        } else if api::by_key() {
            Some(t!("An API key is no member. Sign in with your email address to leave.").to_owned())
        } else {
            None
        }
    });
    let leave = Callback::new(move |()| {
        let own = place.own.data.with_untracked(|own| own.as_ref().and_then(|own| own.first().cloned()));
        let Some(own) = own.filter(|_| busy.with_untracked(Option::is_none)) else { return };
        busy.set(Some(t!("Looking up what ends").to_owned()));
        error.set(None);
        spawn(async move {
            let organization = place.organization_id();
            let address = own.email.unwrap_or_default();
            let extended = session.info.with_untracked(|info| info.instance_flags.members_query);
            let found = api::member_now(organization.clone(), &address, &own.id).await;
            admins.try_set(api::count_admins(organization, extended).await.ok());
            busy.try_set(None);
            match found {
                Ok(Some(person)) => {
                    let roles = place.roles.data.get_untracked().unwrap_or_default();
                    let workspaces = place.workspaces.data.get_untracked().unwrap_or_default();
                    leaving.try_set(Some(line_of(person, &roles, &workspaces, Some(&own.id))));
                }
                Ok(None) => changed(session.changes.organization),
                Err(failed) => _ = error.try_set(Some(failed.sentence)),
            }
        });
    });
    let can_delete = session.info.with_untracked(|info| info.instance_flags.delete_organization);
    let why_keep = derive(move || {
        let missing = || (!can_delete).then(|| look(CANNOT_DELETE).to_owned());
        place.why_not(&Action::DeleteOrganization).or_else(missing)
    });
    let delete = Callback::new(move |()| deleting.set(true));
    let leave_words = t!("You lose your access at once. What you made in its workspaces stays.");
    let delete_words = t!("Everything in it goes, for everybody. What that is, you see before.");
    let line = |words: &'static str, button: AnyView| {
        el("div").class("settings-end").with(el("p").class("muted").with(words)).with(button)
    };
    let panel = section("organization-end", t!("Leaving and deleting"))
        .with(line(
            leave_words,
            view! {
                <Button
                    label=t!("Leave this organization")
                    icon=Icon::LogOut
                    busy
                    disabled_reason=why_stay
                    on_press=leave
                />
            }
            .into_any(),
        ))
        .with(view! { <InlineError text=error /> })
        .with(line(
            delete_words,
            view! {
                <Button
                    label=t!("Delete this organization")
                    kind=ButtonKind::Danger
                    icon=Icon::Trash
                    disabled_reason=why_keep
                    on_press=delete
                />
            }
            .into_any(),
        ));
    all([
        panel.view(),
        view! { <RemoveMember leaving admins=admins.into() /> }.into_any(),
        view! { <DeleteOrganization open=deleting /> }.into_any(),
    ])
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn who_may_invite_is_read_from_two_settings() {
        let of = |enabled, workspaces| {
            who_invites(&OrganizationSettings {
                invites_enabled: enabled,
                workspace_admin_can_invite: workspaces,
                ..OrganizationSettings::default()
            })
        };
        assert_eq!(of(None, None), MANAGERS);
        assert_eq!(of(Some(true), Some(true)), WORKSPACES);
        assert_eq!(of(Some(false), Some(true)), NOBODY);
    }
}
