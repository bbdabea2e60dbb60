//! The id of the organization, to copy.

use atrium_ui::CopyButton;
use atrium_words::t;
use leptos::prelude::*;

use crate::session::Place;

/// The button that copies the id of the current organization.
#[component]
pub fn OrganizationIdButton() -> impl IntoView {
    let place = Place::current();
    view! { <CopyButton label=t!("Organization ID") value=place.organization /> }.into_any()
}
