//! One change to everybody who is selected: what it will do and to whom is shown first, then how far
//! it has come, then what became of each.

mod fields;
mod plan;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use atrium_ui::{
    Button, ButtonKind, DialogActions, DialogKind, Icon, InlineError, Messages, all, derive, dynamic, el,
    memo, optional, spawn, text,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use self::fields::fields;
use self::plan::{Choice, Item, Plan, plan};
use self::run::{AT_ONCE, Making};
use super::cancel_or;
use super::many::{Run, results};
use super::take_back::{TakeBack, offer, take_back, taken_back};
use crate::api::{Pace, Person};
use crate::components::dialog_about;
use crate::components::{Progress, progress_bar, some_of};
use crate::session::{Place, Session};
use crate::table::{Selection, read_chosen};

/// What can be done to everybody who is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Give an organization role.
    ChangeRole,
    /// Add to workspaces.
    AddToWorkspaces,
    /// Take out of workspaces.
    RemoveFromWorkspaces,
    /// Send invitations again.
    Resend,
    /// Revoke invitations.
    Revoke,
    /// Remove members.
    Remove,
}

impl BulkAction {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::ChangeRole,
        Self::AddToWorkspaces,
        Self::RemoveFromWorkspaces,
        Self::Resend,
        Self::Revoke,
        Self::Remove,
    ];

    /// The button that begins it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ChangeRole => t!("Change role"),
            Self::AddToWorkspaces => t!("Add to workspaces"),
            Self::RemoveFromWorkspaces => t!("Remove from workspaces"),
            Self::Resend => t!("Resend"),
            Self::Revoke => t!("Revoke"),
            Self::Remove => t!("Remove"),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::ChangeRole => t!("Change the role of those selected"),
            Self::AddToWorkspaces => t!("Add those selected to workspaces"),
            Self::RemoveFromWorkspaces => t!("Remove those selected from workspaces"),
            Self::Resend => t!("Resend the selected invitations?"),
            Self::Revoke => t!("Revoke the selected invitations?"),
            Self::Remove => t!("Remove the selected members?"),
        }
    }

    /// Whether it takes something away.
    const fn takes(self) -> bool {
        matches!(self, Self::RemoveFromWorkspaces | Self::Revoke | Self::Remove)
    }

    const fn is_about_workspaces(self) -> bool {
        matches!(self, Self::AddToWorkspaces | Self::RemoveFromWorkspaces)
    }
}

/// The dialog of a change to everybody who is selected.
#[component]
pub fn BulkChange(
    /// Which change; `None` while none is asked for.
    asked: RwSignal<Option<BulkAction>>,
    /// Who is selected.
    selection: Selection,
    /// How many Organization Admins there are; `None` while that is not known.
    admins: Memo<Option<u64>>,
) -> impl IntoView {
    let place = Place::current();
    let session = Session::current();
    let messages = Messages::expect();
    let running = RwSignal::new(None::<Run<Item>>);
    let close = Callback::new(move |()| {
        let run = running.try_get_untracked().flatten();
        // What is under way is not left without a word: it stops, and says how far it has come.
        if let Some(run) = run.filter(|run| run.running.try_get_untracked() == Some(true)) {
            run.pace.stop();
            return;
        }
        let made = run.map(backs).unwrap_or_default();
        let said = asked.get_untracked().map(|action| in_words(action, &made)).unwrap_or_default();
        asked.set(None);
        offer((place, session, messages), place.organization_id(), said, made, AT_ONCE);
    });
    let body = move |action| view! { <Body action asked selection admins close running /> }.into_any();
    dialog_about(asked, DialogKind::Alert, Some(close), |action| action.title().to_owned(), body)
}

#[component]
fn Body(
    action: BulkAction,
    asked: RwSignal<Option<BulkAction>>,
    selection: Selection,
    admins: Memo<Option<u64>>,
    close: Callback<()>,
    running: RwSignal<Option<Run<Item>>>,
) -> impl IntoView {
    let place = Place::current();
    let session = Session::current();
    let messages = Messages::expect();
    let people = RwSignal::new(None::<Arc<Vec<Person>>>);
    let error = RwSignal::new(None::<String>);
    let progress: Progress = RwSignal::new((0, None));
    let wanted = RwSignal::new(0_usize);
    let reading = Pace::new();
    on_cleanup(move || reading.stop());
    let choice = RwSignal::new(Choice::default());
    let run = Run::new();
    running.set(Some(run));
    on_cleanup(move || {
        run.pace.stop();
        let _ = running.try_set(None);
    });
    let read = Callback::new(move |()| {
        error.set(None);
        reading.begin();
        wanted.set(selection.count.get_untracked());
        let (chosen, asked) = selection.now();
        let organization = place.organization_id();
        spawn(async move {
            match read_chosen(&organization, &chosen, &asked, reading, progress).await {
                Ok((found, _)) => _ = people.try_set(Some(Arc::new(found))),
                Err(failed) if !reading.is_stopped() => _ = error.try_set(Some(failed.sentence)),
                Err(_) => {}
            }
        });
    });
    read.run(());
    let planned = memo(move || {
        let people = people.get()?;
        Some(choice.with(|choice| plan(place, action, &people, choice, admins.get())))
    });
    let begun = memo(move || run.total.get() > 0);
    let rbac = place.caller.with_untracked(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac));
    let making = Making::here(run.pace, rbac);
    let job = move || making.job(place.organization_id(), action, choice.get_untracked());
    let start = Callback::new(move |()| {
        if let Some(plan) = planned.get_untracked().filter(|plan| !plan.items.is_empty()) {
            run.begin(plan.items, &job());
        }
    });
    let again = Callback::new(move |()| run.go_on(&job()));
    let undo = Callback::new(move |()| {
        let made = backs(run);
        let organization = place.organization_id();
        asked.set(None);
        take_back((place, session, messages), organization, made, AT_ONCE);
    });
    // Once it has ended; `results` asks for it then.
    let offered = move || {
        (!backs(run).is_empty())
            .then(|| view! { <Button label=t!("Undo") icon=Icon::RotateCcw on_press=undo /> }.into_any())
    };
    let keeps = session.info.with_untracked(|info| info.instance_flags.removed_members);
    let ready = memo(move || people.with(Option::is_some));
    let view = move || {
        if begun.get() {
            return results(action.label(), run, (again, close), offered);
        }
        if !ready.get() {
            let bar = progress_bar(t!("Looking up who is selected"), progress, reading);
            let retry = optional(move || {
                error.with(Option::is_some).then(|| {
                    view! { <Button label=t!("Try again") icon=Icon::Refresh on_press=read /> }.into_any()
                })
            });
            let cancel = view! { <Button label=t!("Cancel") autofocus=true on_press=close /> };
            return all([
                bar,
                view! { <InlineError text=error /> }.into_any(),
                view! { <DialogActions>{all([cancel.into_any(), retry])}</DialogActions> }.into_any(),
            ]);
        }
        let why_not = derive(move || planned.with(|plan| why_not_begin(action, plan.as_ref(), choice)));
        let label = derive(move || planned.with(|plan| verb(action, plan.as_ref())));
        let kind = if action.takes() { ButtonKind::Danger } else { ButtonKind::Primary };
        let act = view! { <Button label kind disabled_reason=why_not on_press=start /> };
        all([
            fields(place, action, choice),
            // In one, so that the buttons stand where those were that have the focus.
            all([
                summary(action, planned, wanted, people),
                el("p").class("muted").with(way_back(session, action)).view(),
                optional(move || planned.with(|plan| for_good(action, keeps, plan.as_ref()?))),
            ]),
            cancel_or(close, action.takes(), act.into_any()),
        ])
    };
    el("div").class("bulk").with(dynamic(view)).view()
}

/// What takes back what was made.
fn backs(run: Run<Item>) -> Vec<TakeBack> {
    run.items.try_with_value(|items| taken_back(items)).unwrap_or_default()
}

/// What was made and can be taken back, as a sentence.
fn in_words(action: BulkAction, made: &[TakeBack]) -> String {
    let people: BTreeSet<&str> = made.iter().map(|one| one.email.as_str()).collect();
    let count = people.len();
    match action {
        BulkAction::ChangeRole => tn!(count, "{count} role was changed.", "{count} roles were changed."),
        BulkAction::AddToWorkspaces => {
            tn!(count, "{count} person was added to workspaces.", "{count} people were added to workspaces.")
        }
        BulkAction::RemoveFromWorkspaces => tn!(
            count,
            "{count} person was removed from workspaces.",
            "{count} people were removed from workspaces."
        ),
        BulkAction::Resend => {
            tn!(count, "{count} invitation was sent again.", "{count} invitations were sent again.")
        }
        BulkAction::Revoke => {
            tn!(count, "{count} invitation was revoked.", "{count} invitations were revoked.")
        }
        BulkAction::Remove => tn!(count, "{count} member was removed.", "{count} members were removed."),
    }
}

/// Whether it can be taken back, and what of it cannot.
fn way_back(session: Session, action: BulkAction) -> &'static str {
    let keeps = session.info.with_untracked(|info| info.instance_flags.removed_members);
    match action {
        BulkAction::ChangeRole | BulkAction::AddToWorkspaces => t!("You can undo this for ten seconds."),
        BulkAction::RemoveFromWorkspaces => {
            t!("You can undo this for ten seconds: each gets the same role there again.")
        }
        BulkAction::Resend => {
            t!("This cannot be undone: each new invitation takes the place of the old one.")
        }
        BulkAction::Revoke => {
            t!("You can undo this for ten seconds: each is invited anew, with the same access.")
        }
        BulkAction::Remove if keeps => {
            t!(
                "You can undo this for ten seconds, and bring each back for 30 days. API tokens do not come back."
            )
        }
        BulkAction::Remove => t!("This cannot be undone: whoever is removed has to be invited again."),
    }
}

/// Whom the signed-in person could not let in again, and why.
fn for_good(action: BulkAction, keeps: bool, plan: &Plan) -> Option<AnyView> {
    let can_undo = keeps || action != BulkAction::Remove;
    reasons((t!("You cannot undo it for"), t!("You cannot undo it for:")), &plan.for_good)
        .filter(|_| can_undo)
}

/// People by a reason; nothing where there are none. What they are called comes as a label and as a lead.
fn reasons(
    (label, lead): (&'static str, &'static str),
    people: &BTreeMap<String, Vec<String>>,
) -> Option<AnyView> {
    if people.is_empty() {
        return None;
    }
    let line = |(reason, addresses): (&String, &Vec<String>)| {
        let who = el("span").class("muted").with(some_of(addresses));
        let people = people_in_words(addresses.len());
        el("li").with(el("span").with(t!("{who}: {why}", who = people, why = reason))).with(who)
    };
    let list = el("ul").class("bulk-reasons").attr("aria-label", label);
    let list = list.with(people.iter().map(line).collect::<Vec<_>>());
    Some(all([el("p").class("bulk-left").with(lead).view(), list.view()]))
}

/// Why it cannot begin yet. Reads signals.
fn why_not_begin(action: BulkAction, plan: Option<&Plan>, choice: RwSignal<Choice>) -> Option<String> {
    if action == BulkAction::ChangeRole && choice.with(|choice| choice.role.is_empty()) {
        return Some(t!("Choose a role first.").to_owned());
    }
    if action.is_about_workspaces() && choice.with(|choice| choice.workspaces.is_empty()) {
        return Some(t!("Choose a workspace first.").to_owned());
    }
    let nobody = plan.is_none_or(|plan| plan.items.is_empty());
    nobody.then(|| t!("Nobody is left to do this to.").to_owned())
}

fn people_in_words(count: usize) -> String {
    tn!(count, "{count} person", "{count} people")
}

fn verb(action: BulkAction, plan: Option<&Plan>) -> String {
    let count = plan.map_or(0, |plan| plan.people);
    match action {
        BulkAction::ChangeRole => tn!(count, "Change {count} role", "Change {count} roles"),
        BulkAction::AddToWorkspaces => tn!(count, "Add {count} person", "Add {count} people"),
        BulkAction::RemoveFromWorkspaces => tn!(count, "Remove {count} person", "Remove {count} people"),
        BulkAction::Resend => tn!(count, "Resend {count} invitation", "Resend {count} invitations"),
        BulkAction::Revoke => tn!(count, "Revoke {count} invitation", "Revoke {count} invitations"),
        BulkAction::Remove => tn!(count, "Remove {count} member", "Remove {count} members"),
    }
}

/// What will happen to how many, and who is left out and why.
fn summary(
    action: BulkAction,
    planned: Memo<Option<Plan>>,
    wanted: RwSignal<usize>,
    people: RwSignal<Option<Arc<Vec<Person>>>>,
) -> AnyView {
    let what = move || {
        let count = planned.with(|plan| plan.as_ref().map_or(0, |plan| plan.people));
        match action {
            BulkAction::ChangeRole => {
                tn!(count, "{count} person will have this role.", "{count} people will have this role.")
            }
            BulkAction::AddToWorkspaces => tn!(
                count,
                "{count} person will be added, each to the chosen workspaces.",
                "{count} people will be added, each to the chosen workspaces."
            ),
            BulkAction::RemoveFromWorkspaces => tn!(
                count,
                "{count} person will lose access to the chosen workspaces. What they made there stays.",
                "{count} people will lose access to the chosen workspaces. What they made there stays."
            ),
            BulkAction::Resend => tn!(
                count,
                "{count} person will get a new invitation in place of the old one.",
                "{count} people will get a new invitation in place of the old one."
            ),
            BulkAction::Revoke => tn!(
                count,
                "{count} person can no longer accept their invitation. The seats become free.",
                "{count} people can no longer accept their invitation. The seats become free."
            ),
            BulkAction::Remove => tn!(
                count,
                "{count} person will lose access to the organization and its workspaces at once, with sessions \
                 and tokens. The seats become free; what they made stays.",
                "{count} people will lose access to the organization and its workspaces at once, with sessions \
                 and tokens. The seats become free; what they made stays."
            ),
        }
    };
    let gone = move || {
        let found = people.with(|people| people.as_ref().map_or(0, |people| people.len()));
        let gone = wanted.get().saturating_sub(found);
        (gone > 0).then(|| {
            let text = tn!(
                gone,
                "{count} of those selected is not in the list any more.",
                "{count} of those selected are not in the list any more."
            );
            el("p").class("note").with(text).view()
        })
    };
    let left_out =
        move || planned.with(|plan| reasons((t!("Left out"), t!("Left out:")), &plan.as_ref()?.left_out));
    let status = el("p").class("bulk-what").attr("role", "status").with(text(what));
    all([status.view(), optional(gone), optional(left_out)])
}
