//! The shell of an organization: side bar, top bar, and the page.

use atrium_domain::Tier;
use atrium_ui::{
    Badge, Button, ButtonKind, Dialog, DialogKind, Icon, Skeleton, Tone, derive, dynamic, effect, el, memo,
    optional, text,
};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::navigation::Navigation;
use super::workspace_picker::WorkspacePicker;
use super::{WorkspaceFrame, shortcuts};
use crate::api::Failure;
use crate::components::{Drawer, FailurePage, OrganizationsDrawer, Shown, WaitingInvitations};
use crate::pages::{MissingPage, NotMemberPage, OrganizationStart, SettingsFrame};
use crate::palette::{CommandPalette, Palette, PaletteButton};
use crate::paths::{self, Page, Settings};
use crate::session::{Place, Session, remember_place};

/// Everything below `/o/{organization}`.
#[component]
pub fn OrganizationFrame() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let navigate = use_navigate();

    // Rule 3: every page of a pending organization but billing and members leads to billing. So does every
    // page of one that is switched off, whose workspaces nobody gets either.
    // While the organization is asked for anew, as right after subscribing, what is known may be old.
    effect(move || {
        let shut = !place.info.loading.get()
            && place.info.data.with(|info| info.as_ref().is_some_and(|info| !info.is_usable()));
        if shut && !place.path.with(|path| Page::of(path).is_open_while_pending()) {
            let billing = paths::settings(&place.organization.get_untracked(), Settings::Billing);
            navigate(&billing, NavigateOptions { replace: true, ..Default::default() });
        }
    });
    let latest = super::latest_workspace(place);
    // A place is remembered once it has turned out to be one that the person can be in.
    effect(move || {
        let workspace = place.current_workspace();
        let account = session.account.get();
        let is_page = match place.page.get() {
            Page::Home | Page::Resources(_) => workspace.is_some(),
            Page::Settings(_) => place.info.data.with(Option::is_some),
            _ => false,
        };
        if is_page && !account.is_empty() {
            let workspace = workspace.or_else(|| latest.get()).map(|one| one.id);
            let (organization, path) = (place.organization.get(), place.path.get());
            remember_place(&account, &organization, &path, workspace.as_deref());
            // From here on it was asked for.
            if session.chosen.with_untracked(|chosen| *chosen == path) {
                session.chosen.set(String::new());
            }
        }
    });

    let drawer = Drawer::new(session);
    shortcuts::listen(drawer);
    let palette = Palette::new(drawer.creating);
    let menu = RwSignal::new(false);
    effect(move || {
        place.path.track();
        menu.set(false);
    });
    let page = el("main")
        .class("shell-main")
        .attr("id", "content")
        .attr("tabindex", "-1")
        .with(view! { <WaitingInvitations /> })
        .with(view! { <Content /> });
    let menu_dialog = view! {
        <Dialog title=t!("Menu") kind=DialogKind::Drawer open=menu>
            <Navigation drawer label=t!("Menu") />
        </Dialog>
    };
    el("div")
        .class("shell")
        .with(el("div").class("shell-side").with(view! { <Navigation drawer label=t!("Main") /> }))
        .with(view! { <TopBar menu palette /> })
        .with(page)
        .with(menu_dialog)
        .with(view! { <OrganizationsDrawer drawer /> })
        .with(view! { <CommandPalette palette /> })
        .view()
}

/// The page, once it is known that the person is a member and what they may do.
#[component]
fn Content() -> impl IntoView {
    let place = Place::current();
    let shown = memo(move || {
        let failure = place.info.error.with(|error| error.as_ref().map(|error| error.failure.clone()));
        match failure {
            // Also when it is said later: somebody who was removed sees nothing more of it.
            Some(Failure::Refused | Failure::Missing | Failure::Invalid) => Shown::Missing,
            Some(_) if place.info.data.with(Option::is_none) => Shown::Failed,
            _ if place.caller.with(Option::is_some) => Shown::Ready,
            _ => Shown::Waiting,
        }
    });
    let sentence = derive(move || place.info.error.get().map(|error| error.sentence).unwrap_or_default());
    let session = Session::current();
    effect(move || {
        // Another tab may still show what this one may not any more.
        if shown.get() == Shown::Missing {
            session.tell_lost(&place.organization_id());
        }
    });
    dynamic(move || match shown.get() {
        Shown::Waiting => view! { <Skeleton rows=6 label=t!("Loading the organization") /> }.into_any(),
        Shown::Missing => view! { <NotMemberPage /> }.into_any(),
        Shown::Failed => {
            let retry = Callback::new(move |()| place.info.reload());
            view! { <FailurePage title=t!("This organization could not be loaded") text=sentence retry /> }
                .into_any()
        }
        Shown::Ready => page_of(place),
    })
}

/// What is shown for an address. Of pages that share a frame, one stands for all, so that the frame
/// stays when one goes from the one to the other.
fn page_of(place: Place) -> AnyView {
    let framed = memo(move || match place.page.get() {
        Page::Resources(_) => Page::Home,
        Page::Settings(Settings::Roles) => Page::Settings(Settings::Members),
        page => page,
    });
    dynamic(move || match framed.get() {
        Page::Organization => view! { <OrganizationStart /> }.into_any(),
        Page::Home => view! { <WorkspaceFrame /> }.into_any(),
        page @ (Page::Settings(_) | Page::WorkspaceSettings) => view! { <SettingsFrame page /> }.into_any(),
        _ => view! { <MissingPage /> }.into_any(),
    })
}

/// The bar above the page: the organization, the workspace picker, and the plan.
#[component]
fn TopBar(menu: RwSignal<bool>, palette: Palette) -> impl IntoView {
    let place = Place::current();
    let plan = derive(move || {
        place.info.data.with(|info| {
            let tier = info.as_ref().and_then(|info| info.tier.as_ref());
            tier.map(|tier| tier.label().to_owned()).unwrap_or_default()
        })
    });
    let pending = memo(move || {
        place.info.data.with(|info| info.as_ref().is_some_and(|info| info.tier == Some(Tier::NoPlan)))
    });
    let badge = optional(move || {
        let tone = if pending.get() { Tone::Warn } else { Tone::Neutral };
        let known = plan.with(|plan| !plan.is_empty());
        known.then(|| view! { <Badge text=plan tone /> }.into_any())
    });
    let open_menu = Callback::new(move |()| menu.set(true));
    let menu_button = view! {
        <Button label=t!("Menu") kind=ButtonKind::Quiet icon=Icon::Menu icon_only=true on_press=open_menu />
    };
    let organization = el("span")
        .class("shell-org")
        .live("title", derive(move || Some(place.organization_name())))
        .with(text(move || place.organization_name()));
    el("header")
        .class("shell-top")
        .with(el("span").class("shell-menu").with(menu_button))
        .with(organization)
        .with(view! { <WorkspacePicker /> })
        .with(el("span").class("shell-gap"))
        .with(badge)
        .with(view! { <PaletteButton palette /> })
        .view()
}
