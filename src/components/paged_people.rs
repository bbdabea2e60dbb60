//! People with their access, a page at a time: the server finds, sorts and counts them.

use atrium_ui::{Avatar, El, all, derive, dynamic, el, keyed, memo, text};
use atrium_words::t;
use leptos::prelude::*;

use super::{Loaded, PageState, pager};
use crate::api::{self, Having, PersonAccess, query};
use crate::session::{Place, Session};

/// How many people are on a page, where nothing else is said.
const PAGE: usize = 20;

/// A list of people, with the way to the next and the page before.
#[component]
pub fn PagedPeople(
    /// The list's name.
    label: &'static str,
    /// Who is asked for; `None` while nothing is to be asked.
    #[prop(into)]
    with: Signal<Option<Having>>,
    /// Which page.
    page: PageState,
    /// What is said of how many there are: "12 people have this role".
    words: Callback<u64, String>,
    /// What stands in place of an empty list.
    nobody: &'static str,
    /// Somebody's row; none for who is not meant after all.
    row: Callback<PersonAccess, Option<El>>,
    /// How many are on a page.
    #[prop(optional, default = PAGE)]
    size: usize,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let about = move || format!("{} {:?}", place.organization.get(), with.get());
    let flags = memo(move || {
        session.info.with(|info| (info.instance_flags.members_query, info.instance_flags.access_query))
    });
    let asked = query(about, move || {
        session.changes.members.track();
        flags.track();
        let with = with.get()?;
        let flags = session.info.with_untracked(|info| info.instance_flags.clone());
        let offset = page.value.get() * size;
        Some(api::people_with(place.organization.get(), &with, &flags, offset, size))
    });
    let total = memo(move || asked.data.with(|data| data.as_ref().and_then(|page| page.total)));
    let length = memo(move || asked.data.with(|data| data.as_ref().map_or(0, |page| page.rows.len())));
    // Somebody else made the list shorter.
    atrium_ui::effect(move || {
        let now = page.value.get();
        if now > 0 && length.get() == 0 && asked.data.with(Option::is_some) && !asked.loading.get() {
            page.set.run(now - 1);
        }
    });
    let keys = derive(move || {
        asked.data.with(|data| data.iter().flat_map(|page| &page.rows).map(key).collect::<Vec<_>>())
    });
    let item = move |wanted: String| {
        let found = asked.data.with_untracked(|data| {
            data.iter().flat_map(|page| &page.rows).find(|one| key(one) == wanted).cloned()
        });
        found.and_then(|one| row.run(one)).map_or_else(|| ().into_any(), El::view)
    };
    let list = move || {
        if length.get() == 0 {
            return el("p").class("muted").with(nobody).view();
        }
        el("ul")
            .class("lines people")
            .attr("aria-label", label)
            .live("aria-busy", derive(move || asked.loading.get().then(|| "true".to_owned())))
            .with(keyed(keys, item))
            .view()
    };
    let empty = memo(move || length.get() == 0);
    let more = derive(move || match total.get() {
        Some(total) => page.value.get() + 1 < usize::try_from(total).unwrap_or(usize::MAX).div_ceil(size),
        None => length.get() >= size,
    });
    let summary = el("p")
        .class("people-count")
        .attr("role", "status")
        .with(text(move || total.get().map(|total| words.run(total)).unwrap_or_default()));
    all([
        summary.view(),
        view! {
            <Loaded query=asked what=t!("the people") rows=4>
                {dynamic(move || {
                    // The rows follow by themselves.
                    let _ = empty.get();
                    untrack(list)
                })}
            </Loaded>
        }
        .into_any(),
        pager(page, size, length.into(), total.into(), more),
    ])
}

/// A row is built anew when anything that it shows has changed.
fn key(one: &PersonAccess) -> String {
    let inside = one.workspaces.iter().map(|one| format!("{}:{}:{}", one.id, one.name, one.role_id));
    let role = one.role_id.as_deref().unwrap_or_default();
    format!("{}\n{}\n{}\n{}", one.id, one.name, role, inside.collect::<Vec<_>>().join(" "))
}

/// Somebody by name and address.
pub fn person_cell(email: &str, name: &str) -> El {
    let shown = if name.is_empty() { email } else { name }.to_owned();
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(email))
        .with((!name.is_empty()).then(|| el("span").class("row-note").with(name)));
    el("span").class("with-avatar").with(view! { <Avatar name=shown seed=email.to_owned() /> }).with(words)
}
