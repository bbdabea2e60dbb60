//! What an organization's billing wants, above the pages that feel it.

use atrium_domain::billing::{State, WayOut};
use atrium_ui::{Banner, Tone, memo, optional};
use atrium_words::t;
use leptos::prelude::*;

use super::{Link, day};
use crate::paths::{self, Settings};
use crate::session::Place;

/// The notice of a state with the way out of it; nothing while all is well.
#[component]
pub fn BillingBanner(
    /// How the organization stands; `None` until that is known.
    #[prop(into)]
    state: Signal<Option<State>>,
    /// The button for a way out, where the page has one. Where it has none, a link leads to the page
    /// that has it.
    #[prop(optional, into)]
    button: Option<Callback<WayOut, Option<AnyView>>>,
) -> impl IntoView {
    let place = Place::current();
    let state = memo(move || state.get());
    optional(move || {
        let state = state.get()?;
        let notice = state.notice(day)?;
        let tone =
            if matches!(state, State::PaymentFailed(..) | State::Unknown) { Tone::Bad } else { Tone::Warn };
        let own = state.way_out().zip(button).and_then(|(way, button)| untrack(|| button.run(way)));
        let action = own.or_else(|| state.way_out().and_then(|way| link(place, way)));
        let view = match action {
            Some(action) => {
                view! { <Banner tone title=notice.title text=notice.text>{action}</Banner> }.into_any()
            }
            None => view! { <Banner tone title=notice.title text=notice.text /> }.into_any(),
        };
        Some(view)
    })
}

/// Where the way out is, unless this is the page. Reads signals.
fn link(place: Place, way: WayOut) -> Option<AnyView> {
    let (page, words) = match way {
        WayOut::ChoosePlan => (Settings::Billing, t!("Set up billing")),
        WayOut::LookAtBilling | WayOut::ChangeCard | WayOut::KeepPlan => {
            (Settings::Billing, t!("Go to billing"))
        }
        WayOut::FreeSeats => (Settings::Members, t!("Go to the members")),
        WayOut::FreeWorkspaces => (Settings::Workspaces, t!("Go to the workspaces")),
    };
    let to = paths::settings(&place.organization.get(), page);
    (place.path.get() != to).then(|| view! { <Link to class="link">{words}</Link> }.into_any())
}
