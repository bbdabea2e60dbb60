//! Who is signed in, where they are, and what they may do there.

mod last_place;
mod place;

use atrium_domain::wire::Info;
use atrium_ui::spawn;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::api::{self, ApiError, Failure, Scope};
use crate::config;

pub use last_place::{last_place, last_place_in, last_workspace_in, remember_place};
pub use place::{Place, organization_role_of, permitted_by};

/// The channel on which tabs tell each other that the person signed out, or is no longer in a place.
const CHANNEL: &str = "atrium.session";
const SIGNED_OUT: &str = "signed-out";
const LOST: &str = "lost";

/// Whether somebody is signed in.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Not known yet: the page shows its static skeleton.
    Starting,
    /// The server could not be asked.
    Failed(ApiError),
    /// Nobody.
    SignedOut,
    /// Somebody.
    SignedIn,
    /// Somebody, whose session ended while the page was open. The page stays as it is, with what
    /// was typed, and asks to sign in again.
    Expired,
}

/// Counters that pages read so that a change reloads what it touched.
#[derive(Clone, Copy)]
pub struct Changes {
    /// The list of organizations and waiting invitations.
    pub organizations: RwSignal<u32>,
    /// The current organization itself: name, plan, card.
    pub organization: RwSignal<u32>,
    /// Its members and invitations.
    pub members: RwSignal<u32>,
    /// Its workspaces.
    pub workspaces: RwSignal<u32>,
}

impl Changes {
    fn new() -> Self {
        Self {
            organizations: RwSignal::new(0),
            organization: RwSignal::new(0),
            members: RwSignal::new(0),
            workspaces: RwSignal::new(0),
        }
    }
}

/// Tells every reader of a counter that its things have changed.
pub fn changed(counter: RwSignal<u32>) {
    counter.update(|count| *count = count.wrapping_add(1));
}

/// The session of this tab.
#[derive(Clone, Copy)]
pub struct Session {
    /// Whether somebody is signed in.
    pub state: RwSignal<State>,
    /// The account that is signed in.
    pub account: RwSignal<String>,
    /// What the installation offers.
    pub info: RwSignal<Info>,
    /// Whether its sessions outlive the page. Where they do not, a reload asks to sign in again.
    pub lasting: RwSignal<bool>,
    /// What has changed.
    pub changes: Changes,
    /// The address that choosing an organization led to: the last place in it, which may not be open to
    /// the person any more.
    pub chosen: RwSignal<String>,
    /// Whether it is being looked up if the person is still where they are.
    looking: RwSignal<bool>,
}

impl Session {
    /// Makes the session and gives it to everything below.
    pub fn provide() -> Self {
        let session = Self {
            state: RwSignal::new(State::Starting),
            account: RwSignal::new(String::new()),
            info: RwSignal::new(Info::default()),
            lasting: RwSignal::new(true),
            changes: Changes::new(),
            chosen: RwSignal::new(String::new()),
            looking: RwSignal::new(false),
        };
        provide_context(session);
        api::on_refused(Callback::new(move |scope| session.look_again(scope)));
        api::on_session_lost(Callback::new(move |()| {
            if session.state.get_untracked() == State::SignedIn {
                session.state.set(State::Expired);
            }
        }));
        session.listen();
        session.start();
        session
    }

    /// The session of this tab.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Finds out who is signed in, from the cookie of the session.
    pub fn start(self) {
        self.state.set(State::Starting);
        spawn(async move {
            config::load().await;
            // A backend that tells nothing about itself offers sign-in alone.
            self.info.set(api::info().await.unwrap_or_default());
            let state = match api::restore_session().await {
                Ok(()) => self.enter().await,
                Err(error) => match error.failure {
                    // A backend without this operation, such as LangSmith.
                    Failure::Missing => {
                        self.lasting.set(false);
                        State::SignedOut
                    }
                    Failure::Unreachable | Failure::TimedOut | Failure::Server | Failure::TooMany => {
                        State::Failed(error)
                    }
                    _ => State::SignedOut,
                },
            };
            self.state.set(state);
        });
    }

    /// Goes on as the account whose token was just received.
    pub async fn enter(self) -> State {
        match api::own_id().await {
            Ok(account) => {
                self.account.set(account);
                State::SignedIn
            }
            Err(error) if error.failure == Failure::SignedOut => State::SignedOut,
            Err(error) => State::Failed(error),
        }
    }

    /// Signs out here and in every other tab.
    ///
    /// # Errors
    /// Where the server could not be told; the person is then still signed in, and the page says so.
    pub async fn sign_out(self) -> Result<(), ApiError> {
        match api::sign_out().await {
            // A session that is over already is what was asked for.
            Err(error) if error.failure != Failure::SignedOut => return Err(error),
            _ => {}
        }
        tell(SIGNED_OUT);
        self.leave();
        Ok(())
    }

    /// Tells every other tab that the person is no longer in an organization or in a workspace of it:
    /// each then looks where it is.
    pub fn tell_lost(self, organization: &str) {
        tell(&format!("{LOST} {organization}"));
    }

    /// A call about a place was refused. Where the person is not in that place any more, every tab shows
    /// it, this one as well; where it was only not theirs to do, nothing happens.
    fn look_again(self, scope: Scope) {
        if self.looking.get_untracked() {
            return;
        }
        self.looking.set(true);
        spawn(async move {
            let (organization, workspace) = match scope {
                Scope::Account => (String::new(), None),
                Scope::Organization(organization) => (organization, None),
                Scope::Workspace(organization, workspace) => (organization, Some(workspace)),
            };
            let info = api::organization_info(organization.clone()).await;
            let mut lost = matches!(&info, Err(error) if error.failure == Failure::Refused);
            if let (Ok(_), Some(workspace)) = (info, workspace) {
                let all = api::workspaces(organization.clone()).await;
                lost = all.is_ok_and(|all| all.iter().all(|one| one.id != workspace));
            }
            self.looking.set(false);
            if lost {
                self.tell_lost(&organization);
                self.ask_anew();
            }
        });
    }

    /// Asks anew where the person is and may be.
    fn ask_anew(self) {
        changed(self.changes.organizations);
        changed(self.changes.organization);
        changed(self.changes.workspaces);
    }

    fn leave(self) {
        api::forget_token();
        self.account.set(String::new());
        self.state.set(State::SignedOut);
    }

    /// Signs out when another tab did, and looks where the person is when another tab lost a place.
    fn listen(self) {
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
        let heard =
            Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| match event.data().as_string() {
                Some(told) if told == SIGNED_OUT => self.leave(),
                Some(told) if told.starts_with(LOST) => self.ask_anew(),
                _ => {}
            });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // Both live as long as the page.
        heard.forget();
        std::mem::forget(channel);
    }
}

/// Tells the other tabs. One that does not hear it finds out at its next call.
fn tell(what: &str) {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        let _ = channel.post_message(&what.into());
        channel.close();
    }
}

/// Keeps a value of no secrecy in the browser; a browser that refuses storage forgets it.
pub fn remember(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Keeps a list of short words, such as ids, as [`remember`] keeps a value.
pub fn remember_all(key: &str, all: &[String]) {
    remember(key, &all.join("\n"));
}

/// The list that was kept under a key.
pub fn recall_all(key: &str) -> Vec<String> {
    let kept = recall(key).unwrap_or_default();
    kept.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A list of what was used last, the newest first, with one more; so many are kept.
pub fn newest_first(mut all: Vec<String>, newest: &str, most: usize) -> Vec<String> {
    all.retain(|other| other != newest);
    all.insert(0, newest.to_owned());
    all.truncate(most);
    all
}

/// What was kept under a key.
pub fn recall(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}
