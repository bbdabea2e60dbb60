//! "Create API key": what it is for, what it may, how long it lives. The key is shown this once.

use atrium_domain::WorkspaceRole;
use atrium_domain::keys::MAX_DESCRIPTION;
use atrium_domain::wire::Workspace;
use atrium_ui::{
    Banner, Button, ButtonKind, Checkbox, CopyButton, Dialog, DialogActions, InlineError, Messages, Select,
    SelectOption, TextField, Tone, all, derive, dynamic, el, spawn,
};
use atrium_words::{t, tn};
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

use super::{cancel_or, close_unless, keep_or_discard};
use crate::api::{self, KeyWanted, NewKey, Scope};
use crate::session::{Place, changed};

/// For how many days keys are offered; the last one is the longest that a person will remember.
const DAYS: [u32; 4] = [7, 30, 90, 365];

/// The dialog "Create API key".
#[component]
pub fn CreateKey(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The workspace that it opens.
    workspace: Memo<Workspace>,
    /// Tells that there is another key.
    made: RwSignal<u32>,
) -> impl IntoView {
    let key = RwSignal::new(None::<NewKey>);
    let busy = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let forget = Callback::new(move |()| {
        asking.set(false);
        open.set(false);
        key.set(None);
    });
    let leave = Callback::new(move |()| {
        if key.with_untracked(Option::is_some) {
            asking.set(true);
        } else if busy.with_untracked(Option::is_none) {
            open.set(false);
        }
    });
    let about = derive(move || {
        let name = workspace.with(|one| one.display_name.clone());
        t!("Programs use it to work in {name}, and nowhere else. It acts for itself, not for you.", name)
    });
    let content = move || match key.get() {
        Some(key) => shown_once(key, forget),
        None => form(open, workspace, key, busy, made),
    };
    let dialog = view! {
        <Dialog title=t!("Create API key") open on_close=leave description=about>
            {dynamic(content)}
        </Dialog>
    };
    let words = (
        t!("Close without looking again?"),
        t!("The key is not shown again. If you did not keep it, delete it and create another one."),
        t!("Go back"),
    );
    all([dialog.into_any(), keep_or_discard(asking, words, forget)])
}

fn form(
    open: RwSignal<bool>,
    workspace: Memo<Workspace>,
    key: RwSignal<Option<NewKey>>,
    busy: RwSignal<Option<String>>,
    made: RwSignal<u32>,
) -> AnyView {
    let place = Place::current();
    let messages = Messages::expect();
    let description = RwSignal::new(String::new());
    let field_error = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let read_only = RwSignal::new(false);
    let role = RwSignal::new(String::new());
    let most = untrack(|| {
        place.info.data.with(|info| {
            let info = info.as_ref()?;
            info.max_api_key_expiry_days.into_iter().chain(info.max_service_key_expiry_days).min()
        })
    });
    let first = DAYS.into_iter().rfind(|days| most.is_none_or(|most| *days <= most));
    let days = RwSignal::new(first.or(most).map(|days| days.min(90).to_string()).unwrap_or_default());
    let rbac = place.caller.with_untracked(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac));
    // An Admin by default, as the API makes it.
    let roles = derive(move || {
        place.roles.data.with(|all| {
            let inside = all.iter().flatten().filter(|role| role.workspace_role().is_some());
            inside.map(|role| SelectOption::new(role.id.clone(), role.label())).collect::<Vec<_>>()
        })
    });
    let given = derive(move || {
        let chosen = role.get();
        if !chosen.is_empty() {
            return chosen;
        }
        place.roles.data.with(|all| {
            let is_admin =
                |role: &&atrium_domain::wire::Role| role.workspace_role() == Some(WorkspaceRole::Admin);
            all.iter().flatten().find(is_admin).map(|role| role.id.clone()).unwrap_or_default()
        })
    });
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let text = description.with_untracked(|text| text.trim().to_owned());
        field_error.set(match text.chars().count() {
            0 => Some(t!("Say what the key is for, so that it can be told from others.").to_owned()),
            length if length > MAX_DESCRIPTION => Some(tn!(
                MAX_DESCRIPTION,
                "Use at most {count} character.",
                "Use at most {count} characters."
            )),
            _ => None,
        });
        if field_error.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        busy.set(Some(t!("Creating").to_owned()));
        let wanted = KeyWanted {
            description: text,
            read_only: read_only.get_untracked(),
            expires_at: days.with_untracked(|days| days.parse().ok()).map(in_days),
            role_id: rbac.then(|| given.get_untracked()).filter(|id| !id.is_empty()),
        };
        let scope = Scope::Workspace(place.organization_id(), workspace.with_untracked(|one| one.id.clone()));
        spawn(async move {
            let answer = api::create_key(scope, &wanted).await;
            let _ = busy.try_set(None);
            match answer {
                Ok(new) => {
                    messages.success(t!("The key {name} was created.", name = new.description));
                    let _ = key.try_set(Some(new));
                    changed(made);
                }
                Err(failed) => match failed.of_field("description") {
                    Some(sentence) => _ = field_error.try_set(Some(sentence)),
                    None => _ = error.try_set(Some(failed.sentence)),
                },
            }
        });
    };
    // A key that is being made is shown once: whoever goes now would never see it.
    let cancel = close_unless(busy, open);
    let lives = lives(most);
    let lives = derive(move || lives.clone());
    let on_days = Callback::new(move |new| days.set(new));
    let what = if rbac {
        let on_role = Callback::new(move |new| role.set(new));
        view! { <Select label=t!("Role of the key") value=given options=roles on_change=on_role hint=derive(|| Some(t!("What the key may do in this workspace.").to_owned())) /> }
            .into_any()
    } else {
        let on_change = Callback::new(move |on| read_only.set(on));
        view! {
            <Checkbox
                label=t!("Read only")
                checked=read_only
                on_change
                hint=derive(|| Some(t!("It can look at everything in the workspace, and change nothing.").to_owned()))
            />
        }
        .into_any()
    };
    let act = view! { <Button label=t!("Create key") kind=ButtonKind::Primary submit=true busy=busy /> };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(view! {
            <TextField
                label=t!("What it is for")
                value=description
                placeholder=t!("Nightly evaluation")
                autofocus=true
                required=true
                error=field_error
            />
        })
        .with(view! { <Select label=t!("Ends") value=days options=lives on_change=on_days /> })
        .with(what)
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, act.into_any()))
        .view()
}

/// How long a key can live, with the reason where the organization's settings do not let it.
fn lives(most: Option<u32>) -> Vec<SelectOption> {
    let words = |days: u32| match days {
        365 => t!("In a year").to_owned(),
        days => tn!(days, "In a day", "In {count} days"),
    };
    let why = most.map(|most| {
        tn!(
            most,
            "Keys of this organization live at most {count} day.",
            "Keys of this organization live at most {count} days."
        )
    });
    let mut all: Vec<u32> = DAYS.to_vec();
    all.extend(most);
    all.sort_unstable();
    all.dedup();
    let option = |days: u32| SelectOption {
        disabled_reason: why.clone().filter(|_| most.is_some_and(|most| days > most)),
        ..SelectOption::new(days.to_string(), words(days))
    };
    let mut options: Vec<_> = all.into_iter().map(option).collect();
    options.push(SelectOption { disabled_reason: why, ..SelectOption::new("", t!("Never")) });
    options
}

/// The time so many days from now, as the API reads it.
fn in_days(days: u32) -> String {
    let end = Date::now() + f64::from(days) * 86_400_000.0;
    Date::new(&JsValue::from_f64(end)).to_iso_string().into()
}

/// The key itself, with the warning that this is the only time.
fn shown_once(key: NewKey, done: Callback<()>) -> AnyView {
    let secret = key.secret.clone();
    let value = derive(move || secret.clone());
    let field = el("input")
        .class("input key-shown")
        .attr("type", "text")
        .attr("readonly", "")
        .attr("autofocus", "")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-label", t!("The new key"))
        .attr("value", &key.secret)
        .on("focus", |event| {
            if let Some(field) = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
                field.select();
            }
        });
    let node = field.node().clone();
    // The form went with the focus in it.
    request_animation_frame(move || atrium_ui::focus(&node));
    all([
        view! {
            <Banner
                tone=Tone::Warn
                title=derive(|| t!("Copy it now").to_owned())
                text=derive(|| t!("This is the only time that it is shown. Keep it where secrets are kept.").to_owned())
            />
        }
        .into_any(),
        el("div")
            .class("key-line")
            .with(field)
            .with(view! { <CopyButton label=t!("Copy key") value /> })
            .view(),
        view! { <DialogActions>{view! { <Button label=t!("Done") kind=ButtonKind::Primary on_press=done /> }.into_any()}</DialogActions> }
            .into_any(),
    ])
}
