//! A line of the audit log.

use atrium_domain::OrganizationRole;
use atrium_domain::audit::{Difference, Entry, operation_words};
use atrium_domain::roles::role_label;
use atrium_ui::{El, Status, Tone, cell, derive, dynamic, el, text};
use atrium_words::{t, tn};
use leptos::prelude::*;

use crate::components::{Actors, moment};
use crate::session::Place;

/// Up to so many differences show at once; the others when they are asked for.
const AT_ONCE: usize = 3;

/// What a line knows of beside its entry.
#[derive(Clone, Copy)]
pub struct Context {
    /// Where the person is.
    pub place: Place,
    /// Who did it.
    pub actors: Actors,
    /// Whether a press on somebody can show only what they did.
    pub only: bool,
    /// Shows only what this account or key did.
    pub choose: Callback<String>,
}

/// The row of an entry.
pub fn row(entry: Entry, context: Context) -> AnyView {
    let Context { place, actors, .. } = context;
    let when = el("time").attr("datetime", &entry.time).class("nowrap").with(moment(&entry.time));
    let what = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(operation_words(&entry.operation)))
        .with(entry.subject().map(|subject| el("span").class("row-note").with(subject)))
        .with((!entry.succeeded).then(|| {
            let words = match entry.status {
                Some(status) => t!("Refused ({status})", status),
                None => t!("Refused").to_owned(),
            };
            view! { <Status text=words tone=Tone::Bad /> }
        }));
    let workspace = entry.workspace.clone();
    let location = text(move || match &workspace {
        None => t!("Organization").to_owned(),
        Some(id) => workspace_name(place, id),
    });
    el("tr")
        .attr("role", "row")
        .with(cell(t!("When")).with(when))
        .with(cell(t!("Who")).with(who(&entry, context)))
        .with(cell(t!("What")).with(what))
        .with(cell(t!("Where")).with(el("span").with(location)))
        .with(cell(t!("Before and after")).with(change(entry, place, actors)))
        .view()
}

/// The name of a workspace. Reads signals.
fn workspace_name(place: Place, id: &str) -> String {
    let known = place
        .workspaces
        .data
        .with(|all| all.iter().flatten().find(|one| one.id == id).map(|one| one.display_name.clone()));
    known.unwrap_or_else(|| t!("A workspace that was deleted, or that you cannot enter").to_owned())
}

fn who(entry: &Entry, context: Context) -> El {
    let actors = context.actors;
    let id = entry.account.clone().or_else(|| entry.key.clone());
    let (named, noted) = (entry.clone(), entry.clone());
    let name = move || actors.name(&named).0;
    let name = match id.filter(|_| context.only) {
        Some(id) => {
            let said = name.clone();
            el("button")
                .attr("type", "button")
                .class("cell-link")
                .live("aria-label", derive(move || Some(t!("Only what {name} did", name = said()))))
                .attr("title", t!("Only what they did"))
                .on("click", move |_| context.choose.run(id.clone()))
                .with(text(name))
        }
        None => el("span").with(text(name)),
    };
    let note = text(move || actors.name(&noted).1.unwrap_or_default().to_owned());
    el("span")
        .class("two-lines")
        .with(name)
        .with(el("span").class("row-note").with(note))
        .with(entry.address.as_ref().map(|address| el("span").class("row-note").with(address)))
}

/// What differs, and the request behind it.
fn change(entry: Entry, place: Place, actors: Actors) -> El {
    let request = request(&entry);
    let shown = dynamic(move || {
        // Names for ids, where they are known.
        let names = |id: &str| {
            let role = OrganizationRole::KNOWN.iter().find(|role| role.as_str() == id);
            let of_role = || {
                place.roles.data.with(|all| {
                    let found = all.iter().flatten().find(|role| role.id == id);
                    found.map(|role| role.label().into_owned())
                })
            };
            let of_workspace = || {
                place.workspaces.data.with(|all| {
                    all.iter().flatten().find(|one| one.id == id).map(|one| one.display_name.clone())
                })
            };
            role.map(|role| role_label(role.label()).into_owned())
                .or_else(of_role)
                .or_else(of_workspace)
                .or_else(|| actors.of_account(id))
        };
        let all = entry.differences(&names);
        let words = match (&entry.change, entry.succeeded) {
            _ if !all.is_empty() => return differences(all).view(),
            (_, false) => t!("Nothing was changed."),
            (None, true) => t!("This server does not tell."),
            (Some(_), true) => t!("Nothing that shows here."),
        };
        el("span").class("muted").with(words).view()
    });
    el("div").class("audit-change").with(shown).with(request)
}

fn differences(all: Vec<Difference>) -> El {
    let hidden = all.len().saturating_sub(AT_ONCE);
    let mut items = all.into_iter().map(difference);
    let first: Vec<El> = items.by_ref().take(AT_ONCE).collect();
    let list = el("ul").class("audit-diff").with(first);
    let rest = (hidden > 0).then(|| {
        el("details")
            .with(el("summary").with(tn!(hidden, "{count} more", "{count} more")))
            .with(el("ul").class("audit-diff").with(items.collect::<Vec<_>>()))
    });
    el("div").with(list).with(rest)
}

/// A field: what was there is struck out, what is there stands after it. The words for those who do not
/// see that.
fn difference(one: Difference) -> El {
    let side = |tag: &str, word: &str, value: Option<String>| {
        value.map(|value| el(tag).with(el("span").class("visually-hidden").with(word).with(" ")).with(value))
    };
    let name = (!one.name.is_empty()).then(|| el("span").class("audit-field").with(one.name));
    el("li").with(name).with(side("del", t!("before:"), one.before)).with(side(
        "ins",
        t!("after:"),
        one.after,
    ))
}

/// The request behind an entry, for whoever looks it up in the server's log.
fn request(entry: &Entry) -> Option<El> {
    let status = entry.status.map(|status| status.to_string());
    let line = format!("{} {}", entry.method, entry.path);
    let facts = [
        (t!("Request"), (line.len() > 1).then_some(line)),
        (t!("Status"), status),
        (t!("Request ID"), entry.request.clone()),
        (t!("Entry ID"), Some(entry.id.clone()).filter(|id| !id.is_empty())),
    ];
    let facts: Vec<El> = facts
        .into_iter()
        .filter_map(|(name, value)| Some(el("div").with(el("dt").with(name)).with(el("dd").with(value?))))
        .collect();
    (!facts.is_empty()).then(|| {
        el("details").with(el("summary").with(t!("Request"))).with(el("dl").class("audit-facts").with(facts))
    })
}
