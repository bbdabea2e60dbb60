//! The page where the plan has no audit log: what it would show.

use atrium_domain::Action;
use atrium_domain::audit::Entry;
use atrium_domain::json::Json;
use atrium_ui::{Badge, Banner, TableFrame, Tone, all, el, heading_row, keyed, table_parts};
use atrium_words::t;
use leptos::prelude::*;

use super::headings;
use super::line::{Context, row};
use crate::components::Actors;
use crate::session::Place;

/// Why it is not here, what would be, and an example of it.
pub fn not_in_plan(place: Place, reason: String) -> AnyView {
    let plan = untrack(|| {
        place.info.data.with(|info| {
            info.as_ref().and_then(|info| info.tier.as_ref()).map(|tier| tier.label().to_owned())
        })
    });
    let name = untrack(|| place.organization_name());
    let here = plan.map(|plan| t!("{name} is on {plan}.", name, plan));
    // Whoever could not read it on another plan either is told that; the plan is told of below.
    let managing = Action::UpdateOrganization;
    let reason = untrack(|| place.why_not(&managing)).map(|_| reason);
    let words =
        t!("Enterprise adds the audit log: every change with who made it, where, when, and what was there \
         before and after, to filter and to export. What happens until then is kept. Ask whoever runs this \
         installation for it.");
    let text = here.into_iter().chain(reason).chain([words.to_owned()]).collect::<Vec<_>>().join(" ");
    let banner = view! { <Banner tone=Tone::Accent title=t!("The audit log is part of Enterprise") text /> };
    let actors = Actors::new(place);
    for (account, email) in [("ada", "ada@example.com"), ("grace", "grace@example.com")] {
        actors.keep(account.to_owned(), email.to_owned());
    }
    let context = Context { place, actors, only: false, choose: Callback::new(|_| ()) };
    let entries = entries();
    let keys: Vec<String> = entries.iter().map(|one| one.id.clone()).collect();
    let rows = keys.len() + 1;
    let line = move |key: String| {
        let one = entries.iter().find(|one| one.id == key).cloned();
        one.map_or_else(|| ().into_any(), |one| row(one, context))
    };
    let table = view! {
        <TableFrame label=t!("Example of an audit log") row_count=Signal::stored(rows)>
            {table_parts(heading_row(&headings()), keyed(Signal::stored(keys), line))}
        </TableFrame>
    };
    let heading = el("h2")
        .class("audit-example")
        .with(t!("What it would show"))
        .with(" ")
        .with(view! { <Badge text=t!("Example") tone=Tone::Warn /> });
    let note = el("p").class("lead").with(t!("These people and changes are made up."));
    all([banner.into_any(), heading.view(), note.view(), table.into_any()])
}

fn entries() -> Vec<Entry> {
    let made = |id: &str, time: &str, account: &str, operation: &str, before: &str, after: &str| {
        let read = |text: &str| Json::parse(text).unwrap_or(Json::Null);
        Entry {
            id: id.to_owned(),
            time: time.to_owned(),
            operation: operation.to_owned(),
            succeeded: true,
            account: Some(account.to_owned()),
            address: Some("203.0.113.7".to_owned()),
            change: Some((read(before), read(after))),
            ..Entry::default()
        }
    };
    vec![
        made(
            "example-1",
            "2026-03-02T16:20:00Z",
            "ada",
            "update_role",
            r#"{"permissions":["datasets:delete"]}"#,
            r#"{"permissions":["datasets:read","projects:read"]}"#,
        ),
        made(
            "example-2",
            "2026-03-02T09:05:00Z",
            "grace",
            "update_org_member",
            r#"{"role":"ORGANIZATION_USER"}"#,
            r#"{"role":"ORGANIZATION_ADMIN"}"#,
        ),
        made(
            "example-3",
            "2026-02-27T11:41:00Z",
            "ada",
            "invite_user_to_org",
            "null",
            r#"{"email":"linus@example.com","role":"ORGANIZATION_USER"}"#,
        ),
        Entry {
            succeeded: false,
            status: Some(403),
            ..made("example-4", "2026-02-27T11:39:00Z", "grace", "delete_workspace", "null", "null")
        },
    ]
}
