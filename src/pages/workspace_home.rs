//! The home of a workspace: counts, and the latest of each kind of resource.

use atrium_domain::roles::permission;
use atrium_domain::wire::WorkspaceStats;
use atrium_ui::{El, IconView, all, derive, dynamic, el, memo, text};
use atrium_words::t;
use leptos::prelude::*;

use super::resources::{ResourceTable, permission_to_read, permits};
use crate::api::{self, query};
use crate::components::{Link, Loaded, PageTitle, number};
use crate::layouts::kind_label;
use crate::paths::{self, ResourceKind};
use crate::session::Place;

/// The newest few of a kind.
const LATEST: &str = "offset=0&limit=5";

fn count_of(stats: &WorkspaceStats, kind: ResourceKind) -> u64 {
    match kind {
        ResourceKind::Projects => stats.tracer_session_count,
        ResourceKind::Datasets => stats.dataset_count,
        ResourceKind::Queues => stats.annotation_queue_count,
        ResourceKind::Prompts => stats.repo_count,
    }
}

/// `/o/{organization}/w/{workspace}`
#[component]
pub fn WorkspaceHome() -> impl IntoView {
    let place = Place::current();
    let name = derive(move || place.current_workspace().map(|one| one.display_name).unwrap_or_default());
    let counted = memo(move || permits(place, permission::WORKSPACES_READ));
    let stats = query(
        move || place.path.get(),
        move || {
            if !counted.get() {
                return None;
            }
            Some(api::workspace_stats(place.organization.get(), place.workspace.get()?))
        },
    );
    let newest = stats.or_default();
    let counts = move || {
        el("dl").class("counts").with(ResourceKind::ALL.map(|kind| count(place, newest, kind))).view()
    };
    all([
        view! { <PageTitle title=name /> }.into_any(),
        dynamic(move || {
            if counted.get() {
                view! { <Loaded query=stats what=t!("the counts") rows=1>{counts()}</Loaded> }.into_any()
            } else {
                el("p")
                    .class("muted")
                    .with(t!("Your role in this workspace does not show how much is in it."))
                    .view()
            }
        }),
        el("div").class("latest").with(ResourceKind::ALL.map(|kind| view! { <Latest kind /> })).view(),
    ])
}

/// How many there are of a kind, and the way to them.
fn count(place: Place, newest: Signal<WorkspaceStats>, kind: ResourceKind) -> El {
    let (label, icon) = kind_label(kind);
    let to = derive(move || {
        let workspace = place.workspace.get().unwrap_or_default();
        paths::resources(&place.organization.get(), &workspace, kind)
    });
    let term =
        el("dt").with(view! { <IconView icon /> }).with(view! { <Link to class="count-link">{label}</Link> });
    // What somebody may not see is not counted for them either.
    let value = text(move || match permits(place, permission_to_read(kind)) {
        true => number(newest.with(|stats| count_of(stats, kind))),
        false => t!("Not shown").to_owned(),
    });
    el("div").class("count").with(term).with(el("dd").with(value))
}

#[component]
fn Latest(kind: ResourceKind) -> impl IntoView {
    let place = Place::current();
    let (label, _) = kind_label(kind);
    let permitted = memo(move || permits(place, permission_to_read(kind)));
    let list = query(
        move || place.path.get(),
        move || {
            if !permitted.get() {
                return None;
            }
            Some(api::resources(place.organization.get(), place.workspace.get()?, kind, LATEST))
        },
    );
    let table = dynamic(move || {
        if permitted.get() {
            view! { <ResourceTable kind list /> }.into_any()
        } else {
            el("p").class("muted").with(t!("Your role in this workspace does not show these.")).view()
        }
    });
    el("section").class("latest-kind").attr("aria-label", label).with(el("h2").with(label)).with(table).view()
}
