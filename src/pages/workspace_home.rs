//! The home of a workspace: counts, and the latest of each kind of resource.

use atrium_domain::wire::WorkspaceStats;
use atrium_ui::{IconView, memo};
use leptos::prelude::*;

use super::resources::{ResourceTable, permission_to_read};
use crate::api::{self, query};
use crate::components::{Link, Loaded, PageTitle, number};
use crate::layouts::kind_label;
use crate::paths::{self, ResourceKind};
use crate::session::Place;

/// How many of each kind the home shows.
const LATEST: usize = 5;

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
    let name =
        Signal::derive(move || place.current_workspace().map(|one| one.display_name).unwrap_or_default());
    let stats = query(
        move || place.path.get(),
        move || Some(api::workspace_stats(place.organization.get(), place.workspace.get()?)),
    );
    let newest = stats.or_default();
    view! {
        <PageTitle title=name />
        <Loaded query=stats what="the counts" rows=1>
            <dl class="counts">
                {ResourceKind::ALL
                    .map(|kind| {
                        let (label, icon) = kind_label(kind);
                        let href = Signal::derive(move || {
                            paths::resources(&place.organization.get(), &place.workspace.get().unwrap_or_default(), kind)
                        });
                        view! {
                            <div class="count">
                                <dt>
                                    <IconView icon />
                                    <Link to=href class="count-link">
                                        {label}
                                    </Link>
                                </dt>
                                <dd>{atrium_ui::text(move || number(count_of(&newest.get(), kind)))}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </Loaded>
        <div class="latest">{ResourceKind::ALL.map(|kind| view! { <Latest kind /> }).collect_view()}</div>
    }
    .into_any()
}

#[component]
fn Latest(kind: ResourceKind) -> impl IntoView {
    let place = Place::current();
    let (label, _) = kind_label(kind);
    let permitted = memo(move || {
        place.current_workspace().is_none_or(|workspace| workspace.permits(permission_to_read(kind)))
    });
    let list = query(
        move || place.path.get(),
        move || {
            if !permitted.get() {
                return None;
            }
            Some(api::resources(place.organization.get(), place.workspace.get()?, kind, 0, LATEST))
        },
    );
    view! {
        <section class="latest-kind">
            <h2>{label}</h2>
            {atrium_ui::dynamic(move || {
                if permitted.get() {
                    view! { <ResourceTable kind list /> }.into_any()
                } else {
                    view! { <p class="muted">"Your role in this workspace does not show these."</p> }.into_any()
                }
            })}
        </section>
    }
    .into_any()
}
