//! "Add workspace".

use atrium_domain::json::Json;
use atrium_domain::names::check_workspace_name;
use atrium_ui::{Dialog, Messages};
use atrium_words::t;
use leptos::prelude::*;

use super::name_form::NameForm;
use crate::api::{self, Answer};
use crate::session::{Place, Session, changed};

/// The dialog "Add workspace".
#[component]
pub fn AddWorkspace(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Gets the id of the new workspace.
    #[prop(optional)]
    on_made: Option<Callback<String>>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let save = Callback::new(move |name: String| {
        let organization = place.organization_id();
        Answer::of(async move {
            let made = api::create_workspace(organization.clone(), name).await?;
            messages.success(t!("{name} was added.", name = made.display_name));
            changed(session.changes.workspaces);
            // The plan's limit may be met now.
            changed(session.changes.organization);
            let id = made.id.clone();
            if !place.is_in(&organization) {
                return Ok(Json::Null);
            }
            // It is there before the list is asked for anew: somebody may go there at once.
            let _ = place.workspaces.data.try_update(|all| {
                if let Some(all) = all
                    && all.iter().all(|one| one.id != made.id)
                {
                    all.push(made);
                }
            });
            // Whoever closed the dialog has gone on with something else.
            if let Some(on_made) = on_made.filter(|_| open.try_get_untracked() == Some(true)) {
                on_made.run(id);
            }
            Ok(Json::Null)
        })
    });
    view! {
        <Dialog
            title=t!("Add workspace")
            open
            description=t!("Only its members see the projects, datasets, annotation queues and prompts of a workspace. You enter it as its Admin.")
        >
            <NameForm
                label=t!("Workspace name")
                hint=t!("Letters a to z, digits, spaces and - _ ' @ ( ).")
                check=check_workspace_name
                verb=t!("Add workspace")
                busy_word=t!("Adding")
                open
                save
            />
        </Dialog>
    }
    .into_any()
}
