//! "Invite members": who, with which access, for what, and what to tell them afterwards.

mod access;
mod files;
mod import;
mod people;
mod person;
mod room;
mod same_access;
mod sorted;

use atrium_domain::WorkspaceRole;
use atrium_domain::change_set::{Change, Kind};
use atrium_domain::email::{normalize, parse_list};
use atrium_domain::invitees::{MOST, Standing};
use atrium_domain::wire::InvitationCreate;
use atrium_ui::{
    Button, ButtonKind, Chip, ChipsField, Dialog, DialogKind, InlineError, Messages, Tone, all, derive,
    effect, el, focus, memo, spawn, text,
};
use atrium_words::{commas, t, tn};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, File};

use self::access::{Choices, access_fields};
use self::files::{file_choice, take_drops, text_of};
use self::import::import_csv;
use self::people::{Access, Invitees, Line, too_many};
use self::room::{Room, seats_panel};
pub use self::room::{seats_of, tier_of};
use self::sorted::{needs_a_look, to_look_at};
use super::pass_on::{MessagesToPassOn, tell};
use super::resend_invitation::CutOffResends;
use super::{cancel_or, undo};
use crate::api;
use crate::change_set::{Tray, inside, role_held};
use crate::forms::keep_or_discard;
use crate::session::{Place, Session, changed};

/// The dialog "Invite members", and what there is to pass on after it.
#[component]
pub fn InviteMembers(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let started = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let sending = RwSignal::new(None::<String>);
    // Set where somebody leaves: what waits for seats is not sent behind the question.
    let leaving = RwSignal::new(0_u32);
    let leave = Callback::new(move |()| {
        if sending.with_untracked(Option::is_some) {
            return;
        }
        leaving.update(|leaving| *leaving += 1);
        if started.get_untracked() { asking.set(true) } else { open.set(false) }
    });
    let discard = Callback::new(move |()| {
        asking.set(false);
        open.set(false);
    });
    let dialog = view! {
        <Dialog title=t!("Invite members") open kind=DialogKind::Wide on_close=leave>
            <Form open started leave sending leaving />
        </Dialog>
    };
    let words = t!("The addresses and the access that you chose are not kept.");
    let sure =
        keep_or_discard(asking, (t!("Discard these invitations?"), words, t!("Keep editing")), discard);
    all([
        dialog.into_any(),
        sure,
        view! { <CutOffResends /> }.into_any(),
        view! { <MessagesToPassOn /> }.into_any(),
    ])
}

/// Where the focus goes when a row has gone: to the one that took its place, else into the field.
fn refocus(row_of: Option<&str>) {
    let rows = || -> Vec<Element> {
        let Ok(found) = document().query_selector_all("dialog[open] .sorted-row") else { return Vec::new() };
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
    };
    let before = rows();
    let place = row_of
        .and_then(|text| before.iter().position(|row| row.get_attribute("data-of").as_deref() == Some(text)));
    request_animation_frame(move || {
        let row = place.and_then(|place| rows().into_iter().nth(place));
        let field = row.and_then(|row| row.query_selector("input").ok().flatten());
        let field = field.or_else(|| document().query_selector("dialog[open] .chips-text").ok().flatten());
        field.iter().for_each(focus);
    });
}

#[component]
fn Form(
    open: RwSignal<bool>,
    started: RwSignal<bool>,
    leave: Callback<()>,
    sending: RwSignal<Option<String>>,
    leaving: RwSignal<u32>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let people = Invitees::new(place);
    let choices = Choices::new(place);
    let room = Room::new(place, people);

    let text_typed = RwSignal::new(String::new());
    let common = RwSignal::new(Access::default());
    let resolved = memo(move || common.with(|access| choices.filled(access)));
    let editing = RwSignal::new(None::<String>);
    let field_error = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let busy = sending;
    on_cleanup(move || _ = busy.try_set(None));
    let dropping = RwSignal::new(false);

    effect(move || {
        let some = people.lines.with(|lines| !lines.is_empty());
        started.set(some || text_typed.with(|text| !text.trim().is_empty()));
    });
    on_cleanup(move || _ = started.try_set(false));
    effect(move || {
        if leaving.get() > 0 {
            room.waiting.set(false);
        }
    });
    // Somebody who went from the chips takes the panel along.
    effect(move || {
        let there = |who: &String| people.lines.with(|lines| lines.iter().any(|line| line.text() == who));
        if editing.with(|editing| editing.as_ref().is_some_and(|who| !there(who))) {
            editing.set(None);
        }
    });

    let commit = Callback::new(move |raw: String| {
        field_error.set(None);
        people.enter(&raw);
    });
    let remove = Callback::new(move |gone: String| {
        field_error.set(None);
        people.remove(&gone);
    });
    let chips = memo(move || {
        let usual = people.usual_domain();
        let chip = |line: &Line| {
            let outside = (line.standing == Standing::Outside).then(|| match &usual {
                Some(usual) => t!("outside {usual}", usual),
                None => t!("outside").to_owned(),
            });
            let own = line.entry.own.as_ref();
            let own = own.map(|own| resolved.with(|others| choices.in_words(own, others)));
            let tone = match (&outside, &own) {
                (Some(_), _) => Tone::Warn,
                (None, Some(_)) => Tone::Accent,
                (None, None) => Tone::Neutral,
            };
            let note = commas([outside, own].into_iter().flatten());
            Chip { value: line.text().to_owned(), tone, note: Some(note).filter(|note| !note.is_empty()) }
        };
        people
            .lines
            .with(|lines| lines.iter().filter(|line| !needs_a_look(line)).map(chip).collect::<Vec<_>>())
    });

    let send = Callback::new(move |()| {
        let lines = people.lines.get_untracked();
        let others = resolved.get_untracked();
        let rbac = choices.rbac.get_untracked();
        let body: Vec<InvitationCreate> =
            untrack(|| lines.iter().map(|line| invitation(choices, rbac, line, &others)).collect());
        busy.set(Some(tn!(body.len(), "Sending {count} invitation", "Sending {count} invitations")));
        let organization = place.organization_id();
        spawn(async move {
            let result = api::invite(organization.clone(), &body).await;
            busy.try_set(None);
            match result {
                Ok(sent) => {
                    open.try_set(false);
                    tell(place, session, &organization, &sent);
                    let said = match sent.as_slice() {
                        [one] => t!(
                            "{email} was invited. The invitation shows when this address signs in.",
                            email = one.email,
                        ),
                        many => tn!(
                            many.len(),
                            "{count} person was invited. Each invitation shows when that address signs in.",
                            "{count} people were invited. Each invitation shows when that address signs in.",
                        ),
                    };
                    let sent = sent.into_iter().map(|one| (one.id, one.email)).collect();
                    messages.undoable(said, undo::invitations(session, messages, organization, sent));
                }
                Err(failed) => {
                    // By address: the list may have been changed meanwhile.
                    let rows = failed.rows().into_iter();
                    let rows: Vec<_> = rows
                        .filter_map(|(index, sentence)| Some((body.get(index)?.email.clone(), sentence)))
                        .collect();
                    if rows.is_empty() {
                        error.try_set(Some(failed.sentence));
                    } else if error.try_get_untracked().is_some() {
                        people.refuse(&rows);
                        field_error.try_set(Some(match rows.as_slice() {
                            [_] => format!("{} {}", t!("Nothing was sent yet."), failed.sentence),
                            many => tn!(
                                many.len(),
                                "Nothing was sent yet: {count} of these was refused. Correct or remove it.",
                                "Nothing was sent yet: {count} of these were refused. Correct or remove them.",
                            ),
                        }));
                    }
                }
            }
            // After a refusal too: it may be news of what somebody else did.
            changed(session.changes.members);
        });
    });
    let tray = Tray::current();
    let collects = memo(move || tray.is_some_and(Tray::is_collecting));
    // Seats, too, are looked at when the changes are reviewed.
    let collect = move |tray: Tray| {
        let lines = people.lines.get_untracked();
        let others = resolved.get_untracked();
        let changes: Vec<Change> =
            untrack(|| lines.iter().map(|line| collected(choices, line, &others)).collect());
        let count = changes.len();
        tray.collect(changes);
        open.set(false);
        messages.success(tn!(
            count,
            "{count} invitation was collected. Nothing is sent before you apply it.",
            "{count} invitations were collected. Nothing is sent before you apply them.",
        ));
    };
    let submit = move |event: Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        // What was typed and not yet turned into a chip counts too.
        let rest = text_typed.get_untracked();
        if !rest.trim().is_empty() {
            text_typed.set(String::new());
            commit.run(rest);
        }
        error.set(None);
        field_error.set(people.refusal());
        if field_error.with_untracked(Option::is_some) {
            focus_emails();
            return;
        }
        if let Some(tray) = tray.filter(|_| collects.get_untracked()) {
            collect(tray);
            return;
        }
        if untrack(|| room.missing()) > 0 {
            room.wait();
            return;
        }
        send.run(());
    };
    // What waited for seats goes on by itself, unless there is something else to settle by then.
    effect(move || {
        if room.is_ready() && busy.with_untracked(Option::is_none) {
            room.waiting.set(false);
            field_error.set(people.refusal());
            if field_error.with_untracked(Option::is_none) {
                send.run(());
            }
        }
    });

    let read = Callback::new(move |files: Vec<File>| {
        field_error.set(None);
        for file in files {
            spawn(async move {
                match text_of(&file).await {
                    Ok(text) => {
                        let list = parse_list(&text);
                        if list.len() > MOST {
                            let problem = too_many(list.len());
                            let sentence = t!("{file}: {problem}", file = file.name(), problem);
                            field_error.try_set(Some(sentence));
                        } else {
                            people.add(list);
                        }
                    }
                    Err(sentence) => _ = field_error.try_set(Some(sentence)),
                }
            });
        }
    });
    take_drops(dropping, read);
    let addresses = view! {
        <ChipsField
            label=t!("Emails")
            text=text_typed
            chips
            on_commit=commit
            on_remove=remove
            on_edit=Callback::new(move |who: String| editing.set(Some(who)))
            on_back=Callback::new(move |()| people.remove_last())
            error=field_error
            hint=t!("One or many, up to {most}: typed, pasted, or dropped here as a text or CSV file.", most = MOST)
        />
    };
    let count =
        el("span").class("invitees-count").attr("role", "status").with(text(move || in_short(people)));
    let set_common = Callback::new(move |access: Access| common.set(access));
    let same = same_access::same_access(choices, set_common);
    let fields = access_fields(choices, resolved.into(), set_common, None, (None, Some(same)));
    let access = el("div").class("invite-access").with(fields);
    let send_label = derive(move || {
        if collects.get() { t!("Collect invitations") } else { t!("Send invitations") }.to_owned()
    });
    let send_button = view! { <Button label=send_label kind=ButtonKind::Primary submit=true busy=busy /> };
    el("form")
        .class("form invite")
        .attr("novalidate", "")
        .live("data-drop", derive(move || dropping.get().then(String::new)))
        .on("submit", submit)
        .with(addresses)
        .with(
            el("span")
                .class("invitees-file")
                .with(import_csv(people, choices, resolved))
                .with(file_choice(t!("Choose a file"), read)),
        )
        .with(count)
        .with(person::panel(people, choices, resolved, editing))
        .with(to_look_at(people))
        .with(access)
        .with(seats_panel(room))
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(leave, false, send_button.into_any()))
        .view()
}

/// How many there are, in a line that is read out as it changes.
fn in_short(people: Invitees) -> String {
    let usual = people.usual_domain();
    people.lines.with(|lines| {
        let count = |is: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| is(line)).count();
        let all = count(&Line::is_invitable);
        let outside = count(&|line| line.standing == Standing::Outside);
        let look = count(&needs_a_look);
        if lines.is_empty() {
            return String::new();
        }
        if lines.len() > MOST {
            return too_many(lines.len());
        }
        let invited = tn!(all, "{count} to invite", "{count} to invite");
        let outside = usual
            .filter(|_| outside > 0)
            .map(|usual| tn!(outside, "{count} outside {usual}", "{count} outside {usual}", usual));
        let look = (look > 0).then(|| tn!(look, "{count} needs a look", "{count} need a look"));
        match (outside, look) {
            (None, None) => t!("{invited}.", invited),
            (Some(outside), None) => t!("{invited}, {outside}.", invited, outside),
            (None, Some(look)) => t!("{invited}; {look}.", invited, look),
            (Some(outside), Some(look)) => t!("{invited}, {outside}; {look}.", invited, outside, look),
        }
    })
}

/// What is sent for one person. Reads signals.
fn invitation(choices: Choices, rbac: bool, line: &Line, others: &Access) -> InvitationCreate {
    let access = line.entry.own.as_ref().unwrap_or(others);
    let opened = choices.opened(access);
    // An Organization Admin is in every workspace anyway.
    let inside = !choices.is_admin(&access.role) && !opened.is_empty();
    InvitationCreate {
        email: line.text().to_owned(),
        role_id: Some(access.role.clone()).filter(|id| !id.is_empty()),
        workspace_ids: inside.then(|| opened.into_iter().collect()),
        workspace_role_id: (rbac && inside).then(|| access.workspace_role.clone()),
    }
}

/// What is collected for one person. Reads signals.
fn collected(choices: Choices, line: &Line, others: &Access) -> Change {
    let sent = invitation(choices, choices.rbac.get(), line, others);
    let place = choices.place;
    let role = sent.workspace_role_id.as_deref().map(|id| role_held(place, id).name);
    // Without RBAC everybody is Admin in a workspace.
    let role = role.unwrap_or_else(|| WorkspaceRole::Admin.label().to_owned());
    Change {
        kind: Kind::Invite,
        email: normalize(&sent.email),
        identity: String::new(),
        is_self: false,
        is_disabled: false,
        from: None,
        to: Some(role_held(place, sent.role_id.as_deref().unwrap_or_default())),
        workspaces: inside(place, sent.workspace_ids.as_deref().unwrap_or_default(), &role),
        workspace_role: sent.workspace_role_id,
    }
}

fn focus_emails() {
    if let Ok(Some(field)) = document().query_selector("dialog[open] .chips-text") {
        focus(&field);
    }
}
