//! The settings as two parts of their own (`src/parts.rs`): members and roles, and the rest. Their code loads
//! when they are first opened, so that somebody who only switches workspaces never downloads it, and whoever
//! manages members nothing of billing.

use std::rc::Rc;

use atrium_words::t;
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

fn make_members(_: Page) -> AnyView {
    view! { <MembersAndRoles /> }.into_any()
}

fn make_others(page: Page) -> AnyView {
    match page {
        Page::Settings(Settings::Organization) => view! { <OrganizationPage /> }.into_any(),
        Page::Settings(Settings::Workspaces) => view! { <WorkspacesPage /> }.into_any(),
        Page::Settings(Settings::AuditLog) => view! { <AuditLogPage /> }.into_any(),
        Page::Settings(Settings::Billing) => view! { <BillingPage /> }.into_any(),
        _ => view! { <WorkspaceSettingsPage /> }.into_any(),
    }
}

/// The way into members and roles: waits for their part, then gives what is in it.
///
/// # Errors
/// Where its file could not be loaded; the next call tries again.
#[cfg(not(test))]
#[allow(unsafe_code)] // what the macro writes: an import that only the loader calls
#[leptos::wasm_split::wasm_split(members, wasm_split_path = leptos::wasm_split, fallible)]
fn members_part() -> Result<Make, SplitLoaderError> {
    Ok(make_members)
}

/// The way into the other pages.
///
/// # Errors
/// As for members and roles.
#[cfg(not(test))]
#[allow(unsafe_code)] // as above
#[leptos::wasm_split::wasm_split(settings, wasm_split_path = leptos::wasm_split, fallible)]
fn others_part() -> Result<Make, SplitLoaderError> {
    Ok(make_others)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn members_part() -> Result<Make, SplitLoaderError> {
    Ok(make_members)
}

#[cfg(test)]
async fn others_part() -> Result<Make, SplitLoaderError> {
    Ok(make_others)
}

fn load(page: Page) -> Coming {
    Box::pin(async move {
        let make = match page {
            Page::Settings(Settings::Members | Settings::Roles) => members_part().await,
            _ => others_part().await,
        };
        let make = make.ok()?;
        Some(Rc::new(move || make(page)) as Build)
    })
}

/// Begins to load the part of a page, as when somebody reaches for its link.
pub fn prepare_settings(page: Settings) {
    prepare(load(Page::Settings(page)));
}

/// A page of the settings, once their part is here.
#[component]
pub fn SettingsFrame(
    /// Which of them.
    page: Page,
) -> impl IntoView {
    part(Frame::Page, t!("the settings"), move || load(page))
}
