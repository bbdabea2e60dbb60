//! Whom to ask, for those who do not manage billing.

use atrium_domain::OrganizationRole;
use atrium_ui::{El, derive, el, keyed, memo, text};
use atrium_words::{t, tn};
use leptos::prelude::*;

use crate::api::{self, Having, PersonAccess, query};
use crate::components::{Loaded, person_cell};
use crate::session::{Place, Session};

/// So many are named.
const SOME: usize = 10;

/// The region "Who to ask": the Organization Admins by name.
#[component]
pub fn WhoToAsk() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let flags = memo(move || session.info.with(|info| info.instance_flags.members_query));
    let admins = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            flags.track();
            let flags = session.info.with_untracked(|info| info.instance_flags.clone());
            let with = Having::OrganizationRole(OrganizationRole::Admin);
            Some(api::people_with(place.organization.get(), &with, &flags, 0, SOME))
        },
    );
    let found = move |id: &str| {
        admins
            .data
            .with_untracked(|data| data.iter().flat_map(|page| &page.rows).find(|one| one.id == id).cloned())
    };
    let ids = derive(move || {
        admins.data.with(|data| {
            data.iter().flat_map(|page| &page.rows).map(|one| one.id.clone()).collect::<Vec<_>>()
        })
    });
    let row = move |id: String| found(&id).map_or_else(|| ().into_any(), |one| person(&one).view());
    let more = move || {
        let all = admins.data.with(|data| data.as_ref().map(|page| (page.total, page.rows.len())));
        match all {
            Some((Some(total), shown)) if total > shown as u64 => {
                tn!(total - shown as u64, "And {count} more.", "And {count} more.")
            }
            _ => String::new(),
        }
    };
    let list = move || {
        el("ul")
            .class("lines people")
            .attr("aria-label", t!("Organization Admins"))
            .with(keyed(ids, row))
            .view()
    };
    el("section")
        .class("panel")
        .attr("aria-label", t!("Who to ask"))
        .with(el("h2").with(t!("Who to ask")))
        .with(
            el("p").with(t!(
                "Organization Admins and Operators manage billing. Ask one of them to change the plan or the card."
            )),
        )
        .with(view! {
            <Loaded query=admins what=t!("the Organization Admins") rows=2>
                {list()}
            </Loaded>
        })
        .with(el("p").class("muted").with(text(more)))
        .view()
}

/// Somebody with a way to write to them.
fn person(one: &PersonAccess) -> El {
    let write = el("a").class("link").attr("href", &format!("mailto:{}", one.email)).with(t!("Write"));
    el("li")
        .with(person_cell(&one.email, &one.name))
        .with(write.attr("aria-label", &t!("Write to {email}", email = one.email)))
}
