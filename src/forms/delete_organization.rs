//! Deleting an organization by typing its name, with what ends listed first.

use atrium_domain::Action;
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogKind, El, InlineError, Messages, TextField, derive, dynamic, el, memo,
    spawn,
};
use atrium_words::{commas, mark, t, tn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::cancel_or;
use crate::api::{self, OrganizationEnds, WorkspaceThatEnds, query};
use crate::components::day;
use crate::paths;
use crate::session::{Place, Session, changed};

/// Why nothing is deleted where the backend has no operation for it.
pub const CANNOT_DELETE: &str = mark!(
    "This server does not delete organizations. Ask the people who run it. You can leave the organization."
);

/// Up to so many workspaces are listed; the others are counted.
const LISTED: usize = 20;

/// A deletion that is asked for, or on its way. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Deleting {
    /// What it is doing right now.
    pub busy: RwSignal<Option<String>>,
    /// Why it came to nothing.
    pub error: RwSignal<Option<String>>,
    run: Callback<(String, String)>,
}

impl Deleting {
    /// `done` is what has become of the organization: "deleted", or "discarded" where it never had a plan.
    /// `after` closes the question.
    pub fn new(done: &'static str, after: Callback<()>) -> Self {
        let session = Session::current();
        let place = Place::current();
        let messages = Messages::expect();
        let navigate = use_navigate();
        let busy = RwSignal::new(None::<String>);
        let error = RwSignal::new(None::<String>);
        let run = Callback::new(move |(id, name): (String, String)| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(t!("Deleting").to_owned()));
            error.set(None);
            let navigate = navigate.clone();
            spawn(async move {
                let result = api::delete_organization(id.clone(), &name).await;
                busy.try_set(None);
                match result {
                    Ok(()) => {
                        messages.success(match done {
                            "deleted" => t!("{name} was deleted.", name),
                            _ => t!("{name} was discarded.", name),
                        });
                        // The question may have been left meanwhile.
                        let _ = after.try_run(());
                        if place.is_in(&id) {
                            navigate(paths::START, NavigateOptions::default());
                        }
                        changed(session.changes.organizations);
                        session.tell_lost(&id);
                    }
                    Err(failed) => _ = error.try_set(Some(failed.sentence)),
                }
            });
        });
        Self { busy, error, run }
    }

    /// Deletes the organization of this id, by its name.
    pub fn run(self, id: String, name: String) {
        self.run.run((id, name));
    }
}

/// What ends with an organization, as a list that fills itself.
pub fn ends_of_organization(organization: &str) -> AnyView {
    let tells = Session::current().info.with_untracked(|info| info.instance_flags.delete_organization);
    let (about, asked) = (organization.to_owned(), organization.to_owned());
    let told = query(move || about.clone(), move || tells.then(|| api::organization_ends(asked.clone())));
    dynamic(move || {
        if let Some(ends) = told.data.get() {
            return lines(&ends).view();
        }
        let words = match told.error.get() {
            Some(error) => t!(
                "Its workspaces with all that is in them, its members' access, invitations, roles and keys. \
                 How many, could not be found out. {reason}",
                reason = error.sentence
            ),
            None if tells => t!("Still being looked up.").to_owned(),
            None => t!(
                "Its workspaces with all that is in them, its members' access, invitations, roles and keys."
            )
            .to_owned(),
        };
        el("ul").class("losses").with(el("li").with(words)).view()
    })
}

fn lines(ends: &OrganizationEnds) -> El {
    let members = tn!(
        ends.members,
        "The access of its only member: you.",
        "The access of {count} members, you among them."
    );
    let invitations = (ends.invitations > 0).then(|| {
        el("li").with(tn!(ends.invitations, "{count} open invitation.", "{count} open invitations."))
    });
    let more = ends.workspaces.len().saturating_sub(LISTED);
    let inside =
        ends.workspaces.iter().take(LISTED).map(|one| el("li").with(workspace(one))).collect::<Vec<_>>();
    let more = (more > 0).then(|| el("li").with(tn!(more, "and {count} more", "and {count} more")));
    let workspaces = el("li")
        .with(tn!(
            ends.workspaces.len(),
            "{count} workspace with everything in it:",
            "{count} workspaces with everything in them:"
        ))
        .with(el("ul").with(inside).with(more));
    let (tokens, keys, roles) = (ends.personal_tokens, ends.service_keys, ends.custom_roles);
    let keys = [
        (tokens, tn!(tokens, "{count} personal API token.", "{count} personal API tokens.")),
        (keys, tn!(keys, "{count} service key.", "{count} service keys.")),
        (roles, tn!(roles, "{count} role of its own.", "{count} roles of its own.")),
    ];
    let keys = keys
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(_, words)| el("li").with(words))
        .collect::<Vec<_>>();
    let paid = match (&ends.subscription, ends.end_of_billing_period.as_deref().map(day)) {
        (None, _) => t!("No subscription: nothing is paid.").to_owned(),
        (Some(plan), Some(until)) if !until.is_empty() => t!(
            "The subscription to {plan}: it ends at once, nothing more is charged, and what is paid until {until} \
             is not given back.",
            plan = plan.label(),
            until
        ),
        (Some(plan), _) => t!(
            "The subscription to {plan}: it ends at once, and nothing more is charged.",
            plan = plan.label()
        ),
    };
    el("ul")
        .class("losses")
        .attr("aria-label", t!("What ends"))
        .with(el("li").with(members))
        .with(invitations)
        .with((!ends.workspaces.is_empty()).then_some(workspaces))
        .with(keys)
        .with(el("li").with(paid))
}

/// A workspace with what it holds.
fn workspace(one: &WorkspaceThatEnds) -> String {
    let held: Vec<_> = [
        (one.projects, tn!(one.projects, "{count} project", "{count} projects")),
        (one.datasets, tn!(one.datasets, "{count} dataset", "{count} datasets")),
        (one.queues, tn!(one.queues, "{count} annotation queue", "{count} annotation queues")),
        (one.prompts, tn!(one.prompts, "{count} prompt", "{count} prompts")),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(_, words)| words)
    .collect();
    if held.is_empty() {
        return t!("{workspace}: nothing in it", workspace = one.name);
    }
    t!("{workspace}: {contents}", workspace = one.name, contents = commas(&held))
}

/// The dialog that asks before an organization is deleted.
#[component]
pub fn DeleteOrganization(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let place = Place::current();
    let title = derive(move || t!("Delete {name}?", name = place.organization_name()));
    view! {
        <Dialog title kind=DialogKind::Alert open>
            <Question open />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Question(open: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let (id, name) = (place.organization_id(), untrack(|| place.organization_name()));
    let typed = RwSignal::new(String::new());
    let deleting = Deleting::new("deleted", Callback::new(move |()| open.set(false)));
    let fits = {
        let name = name.clone();
        memo(move || typed.with(|typed| typed.trim() == name.trim()))
    };
    let refused = derive(move || place.why_not(&Action::DeleteOrganization));
    let reason = derive(move || {
        refused
            .get()
            .or_else(|| (!fits.get()).then(|| t!("Type the name first, just as it is written.").to_owned()))
    });
    let lead = t!("This cannot be undone. With {name} ends at once:", name);
    let label = t!("Type {name} to confirm", name);
    let ends = ends_of_organization(&id);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if reason.with_untracked(Option::is_none) {
            deleting.run(id.clone(), name.clone());
        }
    };
    let cancel = Callback::new(move |()| open.set(false));
    let act = view! {
        <Button label=t!("Delete") kind=ButtonKind::Danger submit=true busy=deleting.busy disabled_reason=reason />
    };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(el("p").with(lead))
        .with(ends)
        .with(view! { <TextField label value=typed autocomplete="off" /> })
        .with(view! { <InlineError text=deleting.error /> })
        .with(cancel_or(cancel, false, act.into_any()))
        .view()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_a_workspace_holds_is_counted() {
        let one =
            WorkspaceThatEnds { name: "Research".into(), projects: 2, datasets: 1, ..Default::default() };
        assert_eq!(workspace(&one), "Research: 2 projects, 1 dataset");
        let empty = WorkspaceThatEnds { name: "New".into(), ..Default::default() };
        assert_eq!(workspace(&empty), "New: nothing in it");
    }

    #[wasm_bindgen_test]
    fn an_end_is_told_in_full() {
        let ends = OrganizationEnds {
            members: 3,
            invitations: 1,
            personal_tokens: 2,
            subscription: Some(atrium_domain::Tier::Plus),
            ..Default::default()
        };
        let text = lines(&ends).node().text_content().unwrap_or_default();
        for part in ["3 members", "1 open invitation.", "2 personal API tokens.", "subscription to Plus"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("workspace") && !text.contains("service key"), "{text}");
    }
}
