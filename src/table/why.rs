//! Why a member has access: a picture of the organization, the workspaces and what is permitted in
//! each, from the person on.

use atrium_domain::permissions::{Permission, groups};
use atrium_domain::roles::role_label;
use atrium_domain::ways::Way;
use atrium_domain::{OrganizationRole, WorkspaceRole};
use atrium_ui::{Avatar, Badge, DialogKind, El, dynamic, el};
use atrium_words::{commas, look, t, tn, translated};
use leptos::prelude::*;

use crate::api::{self, Having, PersonAccess, query};
use crate::components::dialog_about;
use crate::components::{Explaining, Loaded, Permissions, grouped, person_cell, role_word, way_word};
use crate::forms::UNKNOWN_ROLE;
use crate::session::{Place, Session};

/// The dialog "Why EMAIL has access".
#[component]
pub fn WhyAccess(
    /// Whose access, by the address; `None` while nobody is asked about.
    asked: RwSignal<Option<String>>,
) -> impl IntoView {
    let title = |email: &String| t!("Why {email} has access", email);
    dialog_about(asked, DialogKind::Wide, None, title, |email| view! { <Picture email /> }.into_any())
}

#[component]
fn Picture(email: String) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let permissions = Permissions::ask();
    let wanted = StoredValue::new(email);
    let found = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            let flags = session.info.with(|info| info.instance_flags.clone());
            let with = Having::Address(wanted.get_value());
            Some(api::people_with(place.organization.get(), &with, &flags, 0, 50))
        },
    );
    let picture = move || {
        let explaining = Explaining::here(place);
        let all_of = permissions.all.get();
        let person = found.data.with(|page| {
            let same = |one: &&PersonAccess| wanted.with_value(|email| one.email == *email);
            page.iter().flat_map(|page| &page.rows).find(same).cloned()
        });
        match person {
            Some(person) => draw(&person, &explaining, &all_of, place).view(),
            None => el("p").with(t!("This person is no member any more, so they have no access.")).view(),
        }
    };
    view! {
        <Loaded query=found what=t!("the access") rows=4>
            {dynamic(picture)}
        </Loaded>
    }
    .into_any()
}

/// A thing of the picture, with what leads on from it.
fn node(card: El, on: Vec<El>) -> El {
    let list = on.into_iter().fold(el("ul").class("tree-on"), El::with);
    let has_more = list.node().child_element_count() > 0;
    el("li").class("tree-node").with(card.attr("data-card", "")).with(has_more.then_some(list))
}

fn draw(person: &PersonAccess, explaining: &Explaining, all_of: &[Permission], place: Place) -> El {
    let role = explaining.organization_role(person);
    let held = explaining.permitted(&role).map(|held| permitted(&held, all_of));
    let name = explaining.role_name(person);
    let organization = card(t!("Organization"), &place.organization_name())
        .with(reason(Way::OrganizationRole, &name, t!("what they are in the organization")))
        .with(held.unwrap_or_else(|| el("p").class("muted").with(look(UNKNOWN_ROLE))));
    let inside = if role == OrganizationRole::Admin {
        vec![node(every_workspace(person, explaining, all_of, place), Vec::new())]
    } else {
        person
            .workspaces
            .iter()
            .filter_map(|one| Some(node(workspace(person, one, explaining, all_of)?, Vec::new())))
            .collect()
    };
    let lead = match (&role, inside.len()) {
        (OrganizationRole::Admin, _) => t!("An Organization Admin is Admin of every workspace.").to_owned(),
        (_, 0) => t!("Was added to no workspace, and so enters none.").to_owned(),
        (_, some) => tn!(some, "Was added to {count} workspace.", "Was added to {count} workspaces."),
    };
    let first = el("div").class("tree-card").with(person_cell(&person.email, &person.name));
    let label = t!("Access of {email}", email = person.email);
    let tree =
        el("ul").class("tree").attr("aria-label", &label).with(node(first, vec![node(organization, inside)]));
    el("div").with(el("p").class("muted").with(lead)).with(tree)
}

fn card(kind: &str, name: &str) -> El {
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("tree-kind").with(kind))
        .with(el("span").class("row-name").with(name));
    let head = el("span")
        .class("with-avatar")
        .with(view! { <Avatar name=name.to_owned() seed=name.to_owned() square=true /> })
        .with(words);
    el("div").class("tree-card").with(head)
}

/// By which role.
fn reason(way: Way, role: &str, words: &str) -> El {
    let (word, tone) = way_word(way);
    el("p")
        .class("way-line")
        .with(view! { <Badge text=word tone /> })
        .with(el("strong").with(role))
        .with(el("span").class("muted").with(words))
}

fn every_workspace(
    person: &PersonAccess,
    explaining: &Explaining,
    all_of: &[Permission],
    place: Place,
) -> El {
    let (_, role, held) = explaining
        .inside(person, "")
        .unwrap_or_else(|| (Way::OrganizationAdmin, WorkspaceRole::Admin.label().to_owned(), Vec::new()));
    let names: Vec<String> =
        place.workspaces.data.with(|all| all.iter().flatten().map(|one| one.display_name.clone()).collect());
    let names = (!names.is_empty()).then(|| el("p").class("muted").with(commas(&names)));
    card(t!("Workspaces"), t!("Every workspace"))
        .with(names)
        .with(reason(Way::OrganizationAdmin, &translated(&role), t!("without being added")))
        .with(permitted(&held, all_of))
}

fn workspace(
    person: &PersonAccess,
    one: &api::AccessIn,
    explaining: &Explaining,
    all_of: &[Permission],
) -> Option<El> {
    let name = if one.name.is_empty() { t!("A workspace that you cannot enter") } else { &one.name };
    let Some((way, role, held)) = explaining.inside(person, &one.id) else {
        // A role that this page does not know yet.
        return Some(
            card(t!("Workspace"), name).with(el("p").class("muted").with(&*role_label(&one.role_name))),
        );
    };
    let words = match way {
        Way::Plan => t!("as everybody inside on this plan"),
        _ => t!("given in this workspace"),
    };
    Some(
        card(t!("Workspace"), name)
            .with(reason(way, &role_word(way, &role), words))
            .with(permitted(&held, all_of)),
    )
}

/// What is permitted: how much of each resource, and behind it each permission in words.
fn permitted(held: &[String], all_of: &[Permission]) -> El {
    if held.is_empty() {
        return el("p").class("muted").with(t!("Permits nothing here."));
    }
    let touched = groups(all_of).into_iter().filter_map(|group| {
        let own = group.permissions.iter().filter(|one| held.contains(&one.name)).count();
        (own > 0).then(|| {
            let (count, kind) =
                (group.permissions.len(), if own == group.permissions.len() { "full" } else { "some" });
            el("li").with(el("span").class(&format!("mark {kind}")).attr("aria-hidden", "true")).with(t!(
                "{resource} {own} of {all}",
                resource = group.label,
                own,
                all = count
            ))
        })
    });
    let resources = el("ul").class("tree-resources").with(touched.collect::<Vec<_>>());
    let words = tn!(held.len(), "{count} permission", "{count} permissions");
    el("details")
        .class("tree-permitted")
        .with(el("summary").with(words))
        .with(resources)
        .with(grouped(held, all_of))
}
