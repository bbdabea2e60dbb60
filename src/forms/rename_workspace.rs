//! "Rename workspace".

use atrium_domain::json::Json;
use atrium_domain::names::check_workspace_name;
use atrium_domain::wire::Workspace;
use atrium_ui::{DialogKind, Messages, effect};
use atrium_words::t;
use leptos::prelude::*;

use super::name_form::NameForm;
use crate::api::{self, Answer};
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};

/// The dialog "Rename workspace".
#[component]
pub fn RenameWorkspace(
    /// Which one; `None` while none is renamed.
    renaming: RwSignal<Option<Workspace>>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let form = move |one: Workspace| {
        let open = RwSignal::new(true);
        effect(move || {
            if !open.get() {
                renaming.set(None);
            }
        });
        let (id, before) = (one.id, one.display_name.clone());
        let save = Callback::new(move |name: String| {
            let (id, before) = (id.clone(), before.clone());
            Answer::of(async move {
                if name != before {
                    api::update_workspace(place.organization_id(), &id, name.clone(), None).await?;
                    messages.success(t!("{before} is called {name} now.", before, name));
                    changed(session.changes.workspaces);
                    changed(session.changes.members);
                }
                Ok(Json::Null)
            })
        });
        view! {
            <NameForm
                label=t!("Workspace name")
                hint=t!("Letters a to z, digits, spaces and - _ ' @ ( ). Links to the workspace go on to work.")
                check=check_workspace_name
                verb=t!("Rename")
                busy_word=t!("Renaming")
                first=one.display_name
                open
                save
            />
        }
        .into_any()
    };
    dialog_about(renaming, DialogKind::Dialog, None, |_| t!("Rename workspace").to_owned(), form)
}
