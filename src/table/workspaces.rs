//! The workspaces of one person, each with the role there.

use atrium_ui::{Avatar, Dialog, derive, el, optional};
use leptos::prelude::*;

use super::MemberLine;

/// The dialog that lists them.
#[component]
pub fn WorkspacesOf(
    /// Whose; `None` while nobody is asked about.
    listed: RwSignal<Option<MemberLine>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    atrium_ui::effect(move || open.set(listed.with(Option::is_some)));
    let close = Callback::new(move |()| listed.set(None));
    let title = derive(move || {
        listed.with(|line| {
            line.as_ref().map(|line| format!("Workspaces of {}", line.email)).unwrap_or_default()
        })
    });
    let list = move || {
        let line = listed.get()?;
        let items = line.workspaces.into_iter().map(|one| {
            let name =
                if one.name.is_empty() { "A workspace that you cannot enter".to_owned() } else { one.name };
            let role = (!one.role.is_empty()).then(|| el("span").class("muted").with(&one.role));
            el("li")
                .class("with-avatar")
                .with(view! { <Avatar name=name.clone() seed=one.id square=true /> })
                .with(el("span").class("spread").with(name))
                .with(role)
        });
        Some(el("ul").class("lines").attr("aria-label", "Workspaces").with(items.collect::<Vec<_>>()).view())
    };
    view! {
        <Dialog title open on_close=close>
            {optional(list)}
        </Dialog>
    }
    .into_any()
}
