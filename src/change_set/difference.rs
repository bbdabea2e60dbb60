//! People by workspaces: what becomes of each.

use std::collections::BTreeMap;

use atrium_domain::change_set::{Effect, Kind, RoleHeld};
use atrium_domain::roles::role_label;
use atrium_ui::{
    Button, ButtonKind, El, Icon, TableFrame, cell, derive, dynamic, el, heading_row, keyed, lower, memo,
    optional, table_parts, text,
};
use atrium_words::t;
use leptos::prelude::*;

use super::outlook::Outlook;

/// Up to so many workspaces have a column each; more stand in one, as words.
const MOST_COLUMNS: usize = 5;

/// People by workspaces.
pub fn difference(outlook: Outlook, busy: RwSignal<bool>) -> AnyView {
    let tray = outlook.tray;
    let touched = memo(move || {
        let mut names = BTreeMap::new();
        tray.set.with(|set| {
            for effect in set.changes().iter().flat_map(|change| outlook.all.with(|all| change.effects(all)))
            {
                names.insert((lower(&effect.name), effect.workspace), effect.name);
            }
        });
        names.into_iter().map(|((_, id), name)| (id, name)).collect::<Vec<_>>()
    });
    let table = move || {
        let columns = touched.get();
        let columns = (columns.len() <= MOST_COLUMNS).then_some(columns);
        let mut names = vec![t!("Person").to_owned(), t!("Organization role").to_owned()];
        match &columns {
            Some(columns) => names.extend(columns.iter().map(|(_, name)| name.clone())),
            None => names.push(t!("Workspaces").to_owned()),
        }
        let headings = move || {
            let mut all: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
            all.push((t!("Actions"), "actions"));
            heading_row(&all)
        };
        let columns = StoredValue::new(columns);
        let emails = derive(move || {
            tray.set.with(|set| set.changes().iter().map(|one| one.email.clone()).collect::<Vec<_>>())
        });
        let count = derive(move || emails.with(|emails| emails.len() + 1));
        let row = move |email: String| row(outlook, email, columns.get_value(), busy);
        view! {
            <TableFrame label=t!("Changes") row_count=count>
                {table_parts(headings(), keyed(emails, row))}
            </TableFrame>
        }
        .into_any()
    };
    dynamic(move || {
        touched.track();
        table()
    })
}

fn row(
    outlook: Outlook,
    email: String,
    columns: Option<Vec<(String, String)>>,
    busy: RwSignal<bool>,
) -> AnyView {
    let tray = outlook.tray;
    let change = tray.of(&email);
    let role = optional(move || {
        let change = change.get()?;
        let of = |role: &Option<RoleHeld>| role.as_ref().map(|role| role.name.clone());
        let before = of(&change.from).filter(|_| change.kind != Kind::Revoke);
        Some(step(before, of(&change.to)))
    });
    let what = text(move || {
        change.with(|change| {
            let kind = change.as_ref().map(|change| (change.kind, change.is_self));
            let words = match kind {
                Some((Kind::Invite, _)) => t!("Is invited"),
                Some((Kind::Role, true)) => t!("You: the role changes"),
                Some((Kind::Role, false)) => t!("The role changes"),
                Some((Kind::Remove, true)) => t!("You: you leave"),
                Some((Kind::Remove, false)) => t!("Is removed"),
                Some((Kind::Revoke, _)) => t!("The invitation is revoked"),
                None => "",
            };
            words.to_owned()
        })
    });
    let failed_of = email.clone();
    let problem = derive(move || {
        let failed = tray.failed.with(|failed| failed.get(&failed_of).cloned());
        failed.or_else(|| change.with(|change| change.as_ref().and_then(|change| outlook.why_not(change))))
    });
    let note = optional(move || {
        problem.get().map(|sentence| el("span").class("changes-problem").with(sentence).view())
    });
    let effects = memo(move || {
        change.with(|change| {
            let effects = change.as_ref().map(|change| outlook.all.with(|all| change.effects(all)));
            effects.unwrap_or_default()
        })
    });
    let out = {
        let email = email.clone();
        Callback::new(move |()| {
            if !busy.get_untracked() {
                tray.remove(&email);
            }
        })
    };
    let locked = derive(move || busy.get().then(|| t!("The changes are being applied.").to_owned()));
    let row = el("tr")
        .attr("role", "row")
        .class("changes-row")
        .with(
            cell(t!("Person")).with(
                el("span")
                    .class("two-lines")
                    .with(el("span").class("row-name").with(&email))
                    .with(el("span").class("row-note").with(what))
                    .with(note),
            ),
        )
        .with(cell(t!("Organization role")).with(role));
    let row = match columns {
        Some(columns) => columns.into_iter().fold(row, |row, (id, name)| {
            row.with(cell(&name).with(optional(move || {
                let effect = effects.with(|all| all.iter().find(|one| one.workspace == id).cloned());
                Some(match effect {
                    Some(Effect { before, after, .. }) => step(before, after),
                    None => el("span").class("muted").with(t!("no change")).view(),
                })
            })))
        }),
        None => row.with(cell(t!("Workspaces")).with(optional(move || {
            let list = effects.with(|all| {
                all.iter().fold(el("ul").class("changes-effects"), |list, one| {
                    let words = el("li").with(&one.name).with(": ");
                    list.with(words.with(step(one.before.clone(), one.after.clone())))
                })
            });
            Some(list.view())
        }))),
    };
    row.with(actions(&email, out, locked)).view()
}

fn actions(email: &str, out: Callback<()>, locked: Signal<Option<String>>) -> El {
    el("td").attr("role", "cell").class("actions").with(view! {
        <Button
            label=t!("Take out {email}", email)
            icon=Icon::X
            icon_only=true
            kind=ButtonKind::Quiet
            disabled_reason=locked
            on_press=out
        />
    })
}

/// What was and what comes, told by words, and not by colour alone.
fn step(before: Option<String>, after: Option<String>) -> AnyView {
    let name = |role: Option<String>| role.map(|role| role_label(&role).into_owned());
    let (class, words) = match (name(before), name(after)) {
        (None, Some(after)) => ("added", format!("+ {after}")),
        (Some(before), None) => ("taken", format!("− {before}")),
        (Some(before), Some(after)) if before != after => ("changed", format!("{before} → {after}")),
        (Some(same), _) => ("muted", same),
        (None, None) => ("muted", String::new()),
    };
    el("span").class(&format!("changes-step {class}")).with(words).view()
}
