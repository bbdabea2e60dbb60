//! The Organizations drawer, opened by the profile button or by `g` and `o`: a part of its own
//! (`src/parts.rs`), since a page shows without it. Here are its frame and the way to it.

mod content;
mod discard;
mod list;
mod pins;
mod shortcuts;

use std::rc::Rc;

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{Dialog, DialogKind, all};
use atrium_words::t;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use self::content::Content;
use crate::api::{self, Query, query};
use crate::forms::CreateOrganization;
use crate::parts::{Build, Coming, Frame, part, prepare};
use crate::session::{Session, changed};

pub use discard::Discard;

/// The drawer and what opens from it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Drawer {
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// Whether "New organization" is open.
    pub creating: RwSignal<bool>,
    /// Whether "Keyboard shortcuts" is open.
    pub shortcuts: RwSignal<bool>,
    /// The person's organizations: asked for when somebody reaches for the drawer, and each time it opens.
    all: Query<Vec<OrganizationSlim>>,
    asked: RwSignal<u32>,
}

impl Drawer {
    /// A closed one.
    pub fn new(session: Session) -> Self {
        let asked = RwSignal::new(0);
        let all = query(
            move || session.account.get(),
            move || {
                session.changes.organizations.track();
                session.changes.organization.track();
                (asked.get() > 0).then(api::organizations)
            },
        );
        let closed = || RwSignal::new(false);
        Self { open: closed(), creating: closed(), shortcuts: closed(), all, asked }
    }

    /// Somebody reaches for it: what it takes to show it comes meanwhile.
    pub fn prepare(self) {
        if self.asked.get_untracked() == 0 {
            changed(self.asked);
        }
        prepare(load(self, Piece::Organizations));
    }

    /// Opens it.
    pub fn show(self) {
        changed(self.asked);
        self.open.set(true);
    }
}

/// What the part can show.
#[derive(Clone, Copy)]
enum Piece {
    /// The drawer.
    Organizations,
    /// The form that makes another organization.
    New,
    /// What keys there are.
    Shortcuts,
}

/// Makes what is shown.
type Make = fn(Drawer, Piece) -> AnyView;

fn make(drawer: Drawer, piece: Piece) -> AnyView {
    match piece {
        Piece::Organizations => view! { <Content drawer /> }.into_any(),
        Piece::New => view! { <CreateOrganization open=drawer.creating /> }.into_any(),
        Piece::Shortcuts => shortcuts::shortcuts(),
    }
}

/// The way into the part.
///
/// # Errors
/// Where its file could not be loaded; the next call tries again.
#[cfg(not(test))]
#[allow(unsafe_code)] // what the macro writes: an import that only the loader calls
#[leptos::wasm_split::wasm_split(organizations, wasm_split_path = leptos::wasm_split, fallible)]
fn organizations_part() -> Result<Make, SplitLoaderError> {
    Ok(make)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn organizations_part() -> Result<Make, SplitLoaderError> {
    Ok(make)
}

fn load(drawer: Drawer, piece: Piece) -> Coming {
    Box::pin(async move {
        let make = organizations_part().await.ok()?;
        Some(Rc::new(move || make(drawer, piece)) as Build)
    })
}

/// The dialog "Organizations", and those that it leads to.
#[component]
pub fn OrganizationsDrawer(
    /// Whether they are open.
    drawer: Drawer,
) -> impl IntoView {
    let show = move |what: &'static str, piece: Piece| part(Frame::Dialog, what, move || load(drawer, piece));
    let organizations = view! {
        <Dialog title=t!("Organizations") kind=DialogKind::Drawer open=drawer.open>
            {show(t!("your organizations"), Piece::Organizations)}
        </Dialog>
    };
    let making = view! {
        <Dialog
            title=t!("New organization")
            open=drawer.creating
            description=t!("An organization for you and others. It waits until you choose a plan; nothing is charged before.")
        >
            {show(t!("the form"), Piece::New)}
        </Dialog>
    };
    let keys = view! {
        <Dialog title=t!("Keyboard shortcuts") open=drawer.shortcuts>
            {show(t!("the keyboard shortcuts"), Piece::Shortcuts)}
        </Dialog>
    };
    all([organizations.into_any(), making.into_any(), keys.into_any()])
}
