//! "+ New": a shared organization, which then goes straight to billing.

use atrium_domain::json::Json;
use atrium_domain::names::{MAX_NAME, check_organization_name};
use atrium_ui::Messages;
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::name_form::NameForm;
use crate::api::{self, Answer};
use crate::paths::{self, Settings};
use crate::session::{Session, changed};

/// The form in the dialog "New organization".
#[component]
pub fn CreateOrganization(
    /// The dialog around it.
    open: RwSignal<bool>,
) -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let save = Callback::new(move |name: String| {
        let navigate = navigate.clone();
        Answer::of(async move {
            let made = api::create_organization(name).await?;
            messages.success(t!("{name} was created.", name = made.display_name));
            changed(session.changes.organizations);
            // Whoever closed the dialog has gone on with something else; the drawer has it.
            if open.try_get_untracked() == Some(true) {
                navigate(&paths::settings(&made.id, Settings::Billing), NavigateOptions::default());
            }
            Ok(Json::Null)
        })
    });
    let hint = t!(
        "Letters a to z, digits, spaces, hyphens and underscores; up to {most} characters.",
        most = MAX_NAME
    );
    view! {
        <NameForm
            label=t!("Organization name")
            hint=Signal::stored(Some(hint))
            check=check_organization_name
            verb=t!("Create organization")
            busy_word=t!("Creating")
            open
            save
        />
    }
    .into_any()
}
