//! The API keys of a workspace.

use atrium_domain::{Action, KeyReach, WorkspaceRole};
use atrium_ui::{
    Badge, Button, ButtonKind, EmptyState, Icon, TableFrame, Tone, all, cell, derive, el, heading_row, keyed,
    memo, table_parts, text, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Shown;
use crate::api::{self, ApiKey, query};
use crate::components::{Loaded, ago, day};
use crate::forms::{CreateKey, DeleteKey};

/// The list with its toolbar and its dialogs.
pub fn keys(shown: Shown) -> AnyView {
    let changes = RwSignal::new(0_u32);
    let creating = RwSignal::new(false);
    let deleting = RwSignal::new(None::<ApiKey>);
    // Only who is Admin here gives away what an Admin may.
    let reach = memo(move || {
        let held = shown.workspace.with(|one| one.role_id.clone());
        let admin = shown.place.roles.data.with(|all| {
            let role = all.iter().flatten().find(|role| Some(&role.id) == held.as_ref());
            role.is_some_and(|role| role.workspace_role() == Some(WorkspaceRole::Admin))
        });
        KeyReach { organization: false, admin_everywhere: admin }
    });
    let why_not_create = derive(move || shown.place.why_not(&Action::CreateServiceKey(reach.get())));
    let why_not_delete = derive(move || shown.place.why_not(&Action::DeleteServiceKey(reach.get())));
    let asked = query(
        move || shown.id(),
        move || {
            changes.track();
            Some(api::workspace_keys(shown.scope()))
        },
    );
    let all_keys = asked.or_default();
    let count = memo(move || all_keys.with(Vec::len));
    let create = Callback::new(move |()| creating.set(true));
    let create_button = move |kind: ButtonKind| {
        view! {
            <Button label=t!("Create API key") kind icon=Icon::Plus disabled_reason=why_not_create on_press=create />
        }
        .into_any()
    };
    let known = memo(move || asked.data.with(Option::is_some));
    let summary = move || match known.get() {
        true => tn!(count.get(), "{count} key", "{count} keys"),
        false => String::new(),
    };
    let toolbar = el("div")
        .class("toolbar")
        .with(el("span").class("toolbar-gap").attr("role", "status").with(text(summary)))
        .with(create_button(ButtonKind::Primary));
    let ids = derive(move || all_keys.with(|all| all.iter().map(key).collect::<Vec<_>>()));
    let row_of = move |wanted: String| {
        let found = all_keys.with_untracked(|all| all.iter().find(|one| key(one) == wanted).cloned());
        found.map_or_else(|| ().into_any(), |one| row(one, shown, why_not_delete, deleting))
    };
    let headings = [
        (t!("Key"), ""),
        (t!("Access"), ""),
        (t!("Created"), ""),
        (t!("Last used"), ""),
        (t!("Ends"), ""),
        (t!("Actions"), "actions"),
    ];
    let table = move || {
        view! {
            <TableFrame label=t!("API keys") row_count=derive(move || count.get() + 1)>
                {table_parts(heading_row(&headings), keyed(ids, row_of))}
            </TableFrame>
        }
        .into_any()
    };
    let none = move || {
        view! {
            <EmptyState
                title=t!("No API keys yet")
                text=t!("With a key of this workspace a program sends traces, reads datasets and runs evaluations here, whoever comes and goes.")
                icon=Icon::Key
            >
                {create_button(ButtonKind::Secondary)}
            </EmptyState>
        }
        .into_any()
    };
    let body = move || all([when(move || count.get() > 0, table), when(move || count.get() == 0, none)]);
    all([
        el("p")
            .class("lead")
            .with(t!(
                "A key of the workspace works for a program. Your own personal tokens are yours, and end when \
                 you leave the organization."
            ))
            .view(),
        toolbar.view(),
        view! { <Loaded query=asked what=t!("the keys") rows=3>{body()}</Loaded> }.into_any(),
        view! { <CreateKey open=creating workspace=shown.workspace made=changes /> }.into_any(),
        view! { <DeleteKey deleting scope=derive(move || shown.scope()) gone=changes /> }.into_any(),
    ])
}

/// A row is built anew when anything that it shows has changed.
fn key(one: &ApiKey) -> String {
    format!("{}\n{}", one.id, one.last_used_at.as_deref().unwrap_or_default())
}

fn row(
    one: ApiKey,
    shown: Shown,
    why_not: Signal<Option<String>>,
    deleting: RwSignal<Option<ApiKey>>,
) -> AnyView {
    let named = if one.description.is_empty() { &one.short_key } else { &one.description }.clone();
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(&named))
        .with(el("span").class("row-note code").with(&one.short_key));
    // Which role a key has, the API does not tell.
    let access = match (one.read_only, untrack(|| shown.rbac())) {
        (true, _) => t!("Reads only"),
        (false, true) => t!("By its role"),
        (false, false) => t!("Reads and writes"),
    };
    let others = one.workspaces.len().saturating_sub(1);
    let others = (others > 0).then(|| {
        let words = tn!(others, "and in {count} other workspace", "and in {count} other workspaces");
        el("span").class("row-note").with(words)
    });
    let access = el("span").class("two-lines").with(el("span").with(access)).with(others);
    let used = one.last_used_at.as_deref().map(ago).unwrap_or_else(|| t!("Never").to_owned());
    let ended = one.expires_at.as_deref().is_some_and(is_past);
    let ends = el("span")
        .class("row-name")
        .with(one.expires_at.as_deref().map(day).unwrap_or_else(|| t!("Never").to_owned()))
        .with(ended.then(|| view! { <Badge text=derive(|| t!("Ended").to_owned()) tone=Tone::Warn /> }));
    let created = one.created_at.as_deref().map(day).unwrap_or_default();
    let label = t!("Delete the key {named}", named);
    let label = derive(move || label.clone());
    let press = Callback::new(move |()| deleting.set(Some(one.clone())));
    el("tr")
        .attr("role", "row")
        .with(cell(t!("Key")).with(words))
        .with(cell(t!("Access")).with(access))
        .with(cell(t!("Created")).with(created))
        .with(cell(t!("Last used")).with(used))
        .with(cell(t!("Ends")).with(ends))
        .with(cell(t!("Actions")).class("actions nowrap").with(view! {
            <Button
                label
                icon=Icon::Trash
                icon_only=true
                kind=ButtonKind::Quiet
                disabled_reason=why_not
                on_press=press
            />
        }))
        .view()
}

/// Whether an RFC 3339 time is over.
fn is_past(time: &str) -> bool {
    js_sys::Date::new(&wasm_bindgen::JsValue::from_str(time)).get_time() < js_sys::Date::now()
}
