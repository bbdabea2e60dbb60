//! The workspaces of one person, each with the role there.

use atrium_domain::roles::role_label;
use atrium_ui::{Avatar, DialogKind, el};
use atrium_words::t;
use leptos::prelude::*;

use super::MemberLine;
use crate::components::dialog_about;
use crate::session::Place;

/// The dialog that lists them.
#[component]
pub fn WorkspacesOf(
    /// Whose; `None` while nobody is asked about.
    listed: RwSignal<Option<MemberLine>>,
) -> impl IntoView {
    let place = Place::current();
    let list = move |line: MemberLine| {
        // The colour that was chosen is the workspace's, where the signed-in person can enter it.
        let seed = |id: &str| {
            let known = place
                .workspaces
                .data
                .with_untracked(|all| all.iter().flatten().find(|one| one.id == id).map(|one| one.seed()));
            known.unwrap_or_else(|| id.to_owned())
        };
        let items = line.workspaces.into_iter().map(|one| {
            let name = if one.name.is_empty() {
                t!("A workspace that you cannot enter").to_owned()
            } else {
                one.name
            };
            let role =
                (!one.role.is_empty()).then(|| el("span").class("muted").with(&*role_label(&one.role)));
            el("li")
                .class("with-avatar")
                .with(view! { <Avatar name=name.clone() seed=seed(&one.id) square=true /> })
                .with(el("span").class("spread").with(name))
                .with(role)
        });
        el("ul").class("lines").attr("aria-label", t!("Workspaces")).with(items.collect::<Vec<_>>()).view()
    };
    let title = |line: &MemberLine| t!("Workspaces of {email}", email = line.email);
    dialog_about(listed, DialogKind::Dialog, None, title, list)
}
