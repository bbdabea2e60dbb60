//! The settings as a part of their own: their code loads when they are first opened, so that
//! somebody who only switches workspaces never downloads it (`scripts/finish.mjs` takes the wasm apart).

use atrium_ui::{Skeleton, derive, dynamic, spawn};
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::billing::BillingPage;
use super::members_and_roles::MembersAndRoles;
use super::workspaces::{WorkspaceSettingsPage, WorkspacesPage};
use crate::components::{FailurePage, Shown};
use crate::paths::{Page, Settings};

/// Makes the settings page of an address.
type Build = fn(Page) -> AnyView;

fn build(page: Page) -> AnyView {
    match page {
        Page::Settings(Settings::Members | Settings::Roles) => view! { <MembersAndRoles /> }.into_any(),
        Page::Settings(Settings::Workspaces) => view! { <WorkspacesPage /> }.into_any(),
        Page::Settings(Settings::Billing) => view! { <BillingPage /> }.into_any(),
        _ => view! { <WorkspaceSettingsPage /> }.into_any(),
    }
}

/// The way into the other part: waits for it, then gives what is in it.
///
/// # Errors
/// Where its file could not be loaded; the next call tries again.
#[cfg(not(test))]
#[allow(unsafe_code)] // what the macro writes: an import that only the loader calls
#[leptos::wasm_split::wasm_split(settings, wasm_split_path = leptos::wasm_split, fallible)]
fn settings_part() -> Result<Build, SplitLoaderError> {
    Ok(build)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn settings_part() -> Result<Build, SplitLoaderError> {
    Ok(build)
}

/// Begins to load the settings, as when somebody reaches for their link. Whether that works shows
/// when they are opened.
pub fn prepare_settings() {
    spawn(async {
        let _ = settings_part().await;
    });
}

/// A page of the settings, once their part is here.
#[component]
pub fn SettingsFrame(
    /// Which of them.
    page: Page,
) -> impl IntoView {
    let shown = RwSignal::new(Shown::Waiting);
    let part = StoredValue::new(None::<Build>);
    let load = Callback::new(move |()| {
        spawn(async move {
            let loaded = settings_part().await;
            let now = if loaded.is_ok() { Shown::Ready } else { Shown::Failed };
            let _ = part.try_set_value(loaded.ok());
            let _ = shown.try_set(now);
        });
    });
    load.run(());
    let retry = Callback::new(move |()| {
        shown.set(Shown::Waiting);
        load.run(());
    });
    let sentence = derive(|| {
        "This part of Atrium could not be downloaded. Nothing is lost. Check your connection, then try again. \
         If it stays so, reload the page: a new version may have been put in place."
            .to_owned()
    });
    dynamic(move || match (shown.get(), part.get_value()) {
        (Shown::Ready, Some(build)) => build(page),
        (Shown::Failed, _) => {
            view! { <FailurePage title="The settings could not be loaded" text=sentence retry /> }.into_any()
        }
        _ => view! { <Skeleton rows=6 label="Loading the settings" /> }.into_any(),
    })
}
