//! The settings as a part of their own (`src/parts.rs`): their code loads when they are first opened, so
//! that somebody who only switches workspaces never downloads it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use super::audit_log::AuditLogPage;
use super::billing::BillingPage;
use super::members_and_roles::MembersAndRoles;
use super::organization::OrganizationPage;
use super::workspaces::{WorkspaceSettingsPage, WorkspacesPage};
use crate::parts::{Build, Coming, Frame, part, prepare};
use crate::paths::{Page, Settings};

/// Makes the settings page of an address.
type Make = fn(Page) -> AnyView;

fn make(page: Page) -> AnyView {
    match page {
        Page::Settings(Settings::Members | Settings::Roles) => view! { <MembersAndRoles /> }.into_any(),
        Page::Settings(Settings::Organization) => view! { <OrganizationPage /> }.into_any(),
        Page::Settings(Settings::Workspaces) => view! { <WorkspacesPage /> }.into_any(),
        Page::Settings(Settings::AuditLog) => view! { <AuditLogPage /> }.into_any(),
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
fn settings_part() -> Result<Make, SplitLoaderError> {
    Ok(make)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn settings_part() -> Result<Make, SplitLoaderError> {
    Ok(make)
}

fn load(page: Page) -> Coming {
    Box::pin(async move {
        let make = settings_part().await.ok()?;
        Some(Rc::new(move || make(page)) as Build)
    })
}

/// Begins to load the settings, as when somebody reaches for their link.
pub fn prepare_settings() {
    prepare(load(Page::Settings(Settings::Members)));
}

/// A page of the settings, once their part is here.
#[component]
pub fn SettingsFrame(
    /// Which of them.
    page: Page,
) -> impl IntoView {
    part(Frame::Page, "the settings", move || load(page))
}
