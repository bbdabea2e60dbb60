//! The list of a kind of resources: searched, sorted and paged by the server, all of it in the address.

use atrium_domain::wire::Resource;
use atrium_ui::{
    Button, CopyButton, EmptyState, Icon, SortHeader, TableFrame, all, derive, dynamic, el, memo, sentence,
    table_parts, when,
};
use atrium_words::t;
use leptos::prelude::*;

use super::{
    created_label, empty_text, empty_title, measure_label, named, permission_to_read, permits, rows,
};
use crate::api::{self, Query, query};
use crate::components::{AddressState, Link, Listing, Loaded, address_state, pager};
use crate::config;
use crate::layouts::kind_label;
use crate::paths::{self, ResourceKind};
use crate::session::Place;

/// How many resources a page has.
const PAGE: usize = 25;

/// What a list is sorted by.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Name,
    Created,
    Measure,
}

impl By {
    /// The word in the address.
    fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Created => "created",
            Self::Measure => "count",
        }
    }

    /// The API's word for it; none where that kind is not sorted so.
    fn asked(self, kind: ResourceKind) -> Option<&'static str> {
        match (self, kind) {
            // Prompts are sorted by their last change alone.
            (Self::Created, ResourceKind::Prompts) => Some("updated_at"),
            (_, ResourceKind::Prompts) => None,
            (Self::Name, _) => Some("name"),
            (Self::Created, ResourceKind::Projects) => Some("start_time"),
            (Self::Created, _) => Some("created_at"),
            (Self::Measure, ResourceKind::Projects) => Some("runs_count"),
            (Self::Measure, ResourceKind::Datasets) => Some("example_count"),
            (Self::Measure, ResourceKind::Queues) => Some("total_runs"),
        }
    }
}

/// The order that the address asks for: a column's word, with a minus before it for the falling order.
fn order(kind: ResourceKind, sort: &str) -> (By, bool) {
    let (word, falling) = sort.strip_prefix('-').map_or((sort, false), |word| (word, true));
    let named = [By::Name, By::Created, By::Measure].into_iter().find(|by| by.word() == word);
    match named.filter(|by| by.asked(kind).is_some()) {
        Some(by) => (by, falling),
        // The newest first.
        None => (By::Created, true),
    }
}

/// The query of a page: one more than it shows, to know whether another one follows.
fn asked(kind: ResourceKind, text: &str, (by, falling): (By, bool), page: usize) -> String {
    let mut query = format!("offset={}&limit={}", page * PAGE, PAGE + 1);
    let column = by.asked(kind).unwrap_or_default();
    let text = String::from(js_sys::encode_uri_component(text));
    if kind == ResourceKind::Prompts {
        query.push_str(&format!(
            "&sort_field={column}&sort_direction={}",
            if falling { "desc" } else { "asc" }
        ));
    } else {
        query.push_str(&format!("&sort_by={column}&sort_by_desc={falling}"));
    }
    if !text.is_empty() {
        let key = if kind == ResourceKind::Prompts { "query" } else { "name_contains" };
        query.push_str(&format!("&{key}={text}"));
    }
    query
}

/// The list, or why this person does not see it.
pub fn list(kind: ResourceKind) -> AnyView {
    let place = Place::current();
    let permitted = memo(move || permits(place, permission_to_read(kind)));
    dynamic(move || {
        if permitted.get() {
            return shown(kind, place);
        }
        view! {
            <EmptyState
                title=t!("Your role does not show these")
                text=t!("Ask an Admin of this workspace for a role that reads them. What else is in the workspace is as it was.")
                icon=Icon::Lock
            />
        }
        .into_any()
    })
}

fn shown(kind: ResourceKind, place: Place) -> AnyView {
    let listing = Listing::read();
    let sort = address_state("sort");
    let found = query(
        move || format!("{} {}", place.organization.get(), place.workspace.get().unwrap_or_default()),
        move || {
            let order = sort.value.with(|sort| order(kind, sort));
            let query = asked(kind, &listing.text(), order, listing.page.value.get());
            Some(api::resources(place.organization.get(), place.workspace.get()?, kind, &query))
        },
    );
    let length = memo(move || found.data.with(|list| list.as_ref().map_or(0, Vec::len)));
    let settled = move || found.data.with(Option::is_some) && !found.loading.get();
    listing.stay_inside(found.loading, move || length.get() == 0 && found.data.with(Option::is_some));
    let on_page = derive(move || length.get().min(PAGE));
    let more = derive(move || length.get() > PAGE);
    let search = match kind {
        ResourceKind::Projects => t!("Search projects"),
        ResourceKind::Datasets => t!("Search datasets"),
        ResourceKind::Queues => t!("Search annotation queues"),
        ResourceKind::Prompts => t!("Search prompts"),
    };
    let none = move || {
        let clear = Callback::new(move |()| listing.clear());
        let (text, every) = match kind {
            ResourceKind::Projects => {
                (t!("None of the projects of this workspace has this in its name."), t!("Show all projects"))
            }
            ResourceKind::Datasets => {
                (t!("None of the datasets of this workspace has this in its name."), t!("Show all datasets"))
            }
            ResourceKind::Queues => (
                t!("None of the annotation queues of this workspace has this in its name."),
                t!("Show all annotation queues"),
            ),
            ResourceKind::Prompts => {
                (t!("None of the prompts of this workspace has this in its name."), t!("Show all prompts"))
            }
        };
        view! {
            <EmptyState title=t!("Nothing matches") text icon=Icon::Search>
                <Button label=every on_press=clear />
            </EmptyState>
        }
        .into_any()
    };
    let content = move || {
        all([
            when(move || length.get() > 0, move || table(kind, found, sort, listing)),
            when(move || length.get() == 0 && !listing.is_all() && settled(), none),
            when(
                move || length.get() == 0 && listing.is_all() && listing.page.value.get() == 0 && settled(),
                move || first_one(kind, place),
            ),
        ])
    };
    // A search stays in sight for what it found, and for what it did not.
    let toolbar = when(
        move || length.get() > 0 || !listing.is_all() || listing.page.value.get() > 0,
        move || el("div").class("toolbar").with(listing.field(search)).view(),
    );
    all([
        toolbar,
        view! { <Loaded query=found what=named(kind) rows=6>{content()}</Loaded> }.into_any(),
        pager(listing.page, PAGE, on_page, derive(|| None), more),
    ])
}

fn table(kind: ResourceKind, found: Query<Vec<Resource>>, sort: AddressState, listing: Listing) -> AnyView {
    let (label, _) = kind_label(kind);
    let now = memo(move || sort.value.with(|sort| order(kind, sort)));
    let head = move |by: By, label: &'static str, class: &'static str| {
        if by.asked(kind).is_none() {
            let cell = el("th").attr("role", "columnheader").attr("scope", "col");
            return cell.attr_if("class", (!class.is_empty()).then_some(class)).with(label).view();
        }
        let sorted = derive(move || {
            let (column, falling) = now.get();
            (column == by).then_some(!falling)
        });
        let on_sort = Callback::new(move |()| {
            let (column, falling) = now.get_untracked();
            // Another column begins with what is looked for most: names from A on, the newest and the most first.
            let falling = if column == by { !falling } else { by != By::Name };
            listing.restart();
            sort.set.run(format!("{}{}", if falling { "-" } else { "" }, by.word()));
        });
        view! { <SortHeader label=label column=by.word() sorted on_sort /> }.into_any()
    };
    let parts = move || {
        let headings = el("tr")
            .attr("role", "row")
            .attr("data-sort-by", t!("Sort by"))
            .with(head(By::Name, t!("Name"), ""))
            .with(head(By::Created, created_label(kind), ""))
            .with(head(By::Measure, measure_label(kind), "num"));
        table_parts(headings, rows(kind, found, PAGE))
    };
    let row_count = derive(move || found.data.with(|list| list.as_ref().map_or(0, Vec::len).min(PAGE)) + 1);
    view! { <TableFrame label row_count busy=found.loading>{parts()}</TableFrame> }.into_any()
}

/// The lines of LangSmith's Python client that make the first one.
fn lines(kind: ResourceKind, address: &str) -> [String; 3] {
    let client = format!("client = Client(api_url=\"{address}\", api_key=\"YOUR_KEY\")");
    let import = "from langsmith import Client".to_owned();
    let make = match kind {
        ResourceKind::Projects => "client.create_project(\"my-first-project\")",
        ResourceKind::Datasets => "client.create_dataset(\"my-first-dataset\")",
        ResourceKind::Queues => "client.create_annotation_queue(name=\"my-first-queue\")",
        ResourceKind::Prompts => "client.create_prompt(\"my-first-prompt\")",
    };
    [import, client, make.to_owned()]
}

/// The address of the API, as a program elsewhere needs it.
fn api_address() -> String {
    let address = config::api_address("/api/v1");
    if address.starts_with('/') {
        format!("{}{address}", window().location().origin().unwrap_or_default())
    } else {
        address
    }
}

/// In place of an empty list: what belongs here, and how to make the first one.
fn first_one(kind: ResourceKind, place: Place) -> AnyView {
    let (_, icon) = kind_label(kind);
    let code = lines(kind, &api_address()).join("\n");
    let to = derive(move || {
        let workspace = place.workspace.get().unwrap_or_default();
        format!("{}?tab=keys", paths::workspace_settings(&place.organization.get(), &workspace))
    });
    let action = move || {
        let value = code.clone();
        let copied = derive(move || value.clone());
        let example = el("div")
            .class("first-one")
            .with(
                el("pre")
                    .attr("tabindex", "0")
                    .attr("role", "region")
                    .attr("aria-label", "Python")
                    .with(el("code").with(&code)),
            )
            .with(
                view! { <CopyButton label=t!("Copy") value=copied name=t!("Copy the lines").to_owned() /> },
            );
        let key = |_: &str| view! { <Link to class="link">{t!("a key of this workspace")}</Link> }.into_any();
        let keys = el("p")
            .class("muted small")
            .with(sentence(t!("With LangSmith’s client (pip install langsmith) and {key}."), key));
        all([example.view(), keys.view()])
    };
    view! { <EmptyState title=empty_title(kind) text=empty_text(kind) icon>{action()}</EmptyState> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn each_kind_is_asked_in_its_own_words() {
        let newest = (By::Created, true);
        assert_eq!(
            asked(ResourceKind::Projects, "", newest, 0),
            "offset=0&limit=26&sort_by=start_time&sort_by_desc=true"
        );
        assert_eq!(
            asked(ResourceKind::Queues, "a&b", (By::Name, false), 2),
            "offset=50&limit=26&sort_by=name&sort_by_desc=false&name_contains=a%26b"
        );
        assert_eq!(
            asked(ResourceKind::Prompts, "x", newest, 0),
            "offset=0&limit=26&sort_field=updated_at&sort_direction=desc&query=x"
        );
    }

    #[wasm_bindgen_test]
    fn an_order_that_is_none_is_the_newest_first() {
        assert!(order(ResourceKind::Datasets, "-count") == (By::Measure, true));
        assert!(order(ResourceKind::Datasets, "name") == (By::Name, false));
        for odd in ["", "moon", "-"] {
            assert!(order(ResourceKind::Datasets, odd) == (By::Created, true));
        }
        // Nothing sorts prompts by name.
        assert!(order(ResourceKind::Prompts, "name") == (By::Created, true));
    }

    #[wasm_bindgen_test]
    fn three_lines_make_the_first_one() {
        for kind in ResourceKind::ALL {
            let [import, client, make] = lines(kind, "https://atrium.example/api/v1");
            assert!(import.starts_with("from langsmith"));
            assert!(client.contains("https://atrium.example/api/v1"));
            assert!(make.starts_with("client."));
        }
    }
}
