//! Sending an invitation again, without ever losing the old one.
//!
//! The API has no call for it. So a new one is made first; where a server refuses that because the
//! address is invited already (the reference backend does), the old one is revoked and made anew at
//! once. What it gave is kept in this browser until the new one stands, whatever happens in between.

use atrium_domain::WorkspaceRole;
use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Invitation, InvitationCreate};
use atrium_ui::{Banner, Button, ButtonKind, Icon, Messages, Tone, derive, keyed, spawn};
use atrium_words::t;
use leptos::prelude::*;

use super::pass_on::tell;
use crate::api::{self, ApiError, Failure, Pace};
use crate::session::{Place, Session, changed, recall, remember};

/// How often a call is tried that may work the next time.
const TRIES: u32 = 3;

/// The button "Resend invitation to EMAIL". The invitation itself is looked up when it is pressed,
/// so that nothing is made anew from an old picture of it.
#[component]
pub fn ResendInvitation(
    /// The invited address.
    email: String,
    /// Called when it was sent again, or not.
    #[prop(optional, into)]
    done: Option<Callback<()>>,
    /// Shows an icon only, as in a row of a table.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    let resend = Resend::here();
    let busy = RwSignal::new(None::<String>);
    let name = t!("Resend invitation to {email}", email);
    let press = Callback::new(move |()| {
        busy.set(Some(t!("Resending").to_owned()));
        let email = email.clone();
        spawn(async move {
            resend.run(&email).await;
            busy.try_set(None);
            if let Some(done) = done {
                done.try_run(());
            }
        });
    });
    let kind = ButtonKind::Quiet;
    let about = derive(|| Some(t!("It takes the place of the old one, which cannot be undone.").to_owned()));
    if icon_only {
        view! { <Button label=name icon=Icon::Refresh icon_only kind about busy=busy on_press=press /> }
            .into_any()
    } else {
        view! { <Button label=t!("Resend") name kind about busy=busy on_press=press /> }.into_any()
    }
}

/// Sends invitations again. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Resend {
    place: Place,
    session: Session,
    messages: Messages,
}

impl Resend {
    /// For the organization of the address.
    pub fn here() -> Self {
        Self { place: Place::current(), session: Session::current(), messages: Messages::expect() }
    }

    /// Sends the invitation to an address again, and says what came of it. Whether the new one stands.
    pub async fn run(self, email: &str) -> bool {
        let result = self.attempt(email).await;
        let stands = self.say(email, result);
        changed(self.session.changes.members);
        stands
    }

    /// Sends the invitation to an address again, for who says what came of it.
    ///
    /// # Errors
    /// How it failed; of a lost one is known what it gave.
    pub async fn attempt(self, email: &str) -> Result<(), Failed> {
        let organization = self.place.organization_id();
        let found = api::invitations_among(organization.clone(), &[email.to_owned()]).await;
        let old = found.map_err(Failed::Stands)?.pop().ok_or(Failed::Gone)?;
        let (rbac, limit) = untrack(|| {
            let rbac = self.place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac));
            let limit =
                self.place.info.data.with(|info| info.as_ref().map(|info| info.config.max_identities));
            (rbac, limit)
        });
        let again = the_same(&old, rbac);
        // A server may look at the address before it looks at what is given: the old one would be
        // revoked, and the new one refused.
        if let Some(reason) = untrack(|| why_not_again(self.place, &again)) {
            return Err(Failed::Stands(ApiError::new(Failure::Refused, reason)));
        }
        keep(&organization, &again);
        let result = replace(&organization, &old, &again, limit).await;
        self.note(&organization, again, result)
    }

    /// Keeps or forgets what an invitation gave, by what came of sending it.
    fn note(
        self,
        organization: &str,
        again: InvitationCreate,
        result: Result<Invitation, Failed>,
    ) -> Result<(), Failed> {
        match &result {
            Ok(new) => {
                forget(organization, &again.email);
                tell(self.place, self.session, organization, std::slice::from_ref(new));
            }
            Err(Failed::Lost(..)) => lose(organization, &again.email),
            Err(_) => forget(organization, &again.email),
        }
        result.map(|_| ()).map_err(|failed| match failed {
            Failed::Lost(error, _) => Failed::Lost(error, Some(Box::new(again))),
            other => other,
        })
    }

    /// Makes the invitation to an address anew with another workspace role, and says nothing.
    ///
    /// # Errors
    /// Why it was not, as a sentence.
    pub async fn with_role(self, email: &str, role: String) -> Result<(), String> {
        let organization = self.place.organization_id();
        let there = api::invitations_among(organization.clone(), &[email.to_owned()]).await;
        let Some(old) = there.map_err(|error| error.sentence)?.pop() else {
            return Err(
                t!("The invitation is not there any more: it was accepted, declined or revoked.").to_owned()
            );
        };
        let again = InvitationCreate { workspace_role_id: Some(role), ..the_same(&old, true) };
        if let Some(reason) = untrack(|| why_not_again(self.place, &again)) {
            return Err(reason);
        }
        let limit =
            self.place.info.data.with_untracked(|info| info.as_ref().map(|info| info.config.max_identities));
        keep(&organization, &again);
        let result = replace(&organization, &old, &again, limit).await;
        self.note(&organization, again, result).map_err(|failed| match &failed {
            Failed::Lost(..) => {
                let offered = t!("The page of the members offers to send it.");
                format!("{} {offered}", failed.sentence(email))
            }
            _ => failed.sentence(email),
        })
    }

    /// Makes an invitation whose old one is gone.
    async fn restore(self, again: InvitationCreate) -> bool {
        let organization = self.place.organization_id();
        let email = again.email.clone();
        let result = create(&organization, &again).await.map_err(|error| Failed::Lost(error, None));
        let result = self.note(&organization, again, result);
        let stands = self.say(&email, result);
        changed(self.session.changes.members);
        stands
    }

    fn say(self, email: &str, result: Result<(), Failed>) -> bool {
        let Err(failed) = result else {
            self.messages.success(t!(
                "The invitation to {email} was sent again. This cannot be undone: it took the place of the old one.",
                email,
            ));
            return true;
        };
        let sentence = failed.sentence(email);
        let retry = match failed {
            Failed::Lost(_, Some(again)) => Some(Callback::new(move |()| {
                let again = (*again).clone();
                spawn(async move { _ = self.restore(again).await });
            })),
            _ => None,
        };
        self.messages.failure(sentence, retry);
        false
    }
}

/// How sending again can fail.
pub enum Failed {
    /// There is none to send again.
    Gone,
    /// The old invitation is untouched.
    Stands(ApiError),
    /// The old one is gone, and the new one is not there; with what makes it.
    Lost(ApiError, Option<Box<InvitationCreate>>),
}

impl Failed {
    /// What happened, and what is with the invitation now.
    pub fn sentence(&self, email: &str) -> String {
        match self {
            Self::Gone => t!(
                "The invitation to {email} is not there any more: it was accepted, declined or revoked.",
                email,
            ),
            Self::Stands(error) => {
                let stands = t!("The invitation to {email} was not sent again; the old one stands.", email);
                format!("{stands} {}", error.sentence)
            }
            Self::Lost(error, _) => {
                let lost =
                    t!("The old invitation to {email} was revoked, and the new one was not made.", email);
                format!("{lost} {} {}", error.sentence, t!("What it gave is kept here."))
            }
        }
    }
}

/// What makes the same invitation. A workspace role that the plan has no more would be refused.
pub fn the_same(old: &Invitation, rbac: bool) -> InvitationCreate {
    InvitationCreate {
        email: old.email.clone(),
        role_id: old.org_role_id.clone().or(old.role_id.clone()),
        workspace_ids: old.workspace_ids.clone().filter(|ids| !ids.is_empty()),
        workspace_role_id: old.workspace_role_id.clone().filter(|_| rbac),
    }
}

/// Why the person may not make this invitation; `None` where they may. Reads signals.
pub(super) fn why_not_again(place: Place, again: &InvitationCreate) -> Option<String> {
    let role = again.workspace_role_id.clone().or_else(|| {
        // Who was given no role is an Editor.
        place.roles.data.with(|all| {
            let editor =
                all.iter().flatten().find(|role| role.workspace_role() == Some(WorkspaceRole::Editor));
            editor.map(|role| role.id.clone())
        })
    });
    let role = role.unwrap_or_default();
    again.workspace_ids.iter().flatten().find_map(|id| place.why_not_open(id, &role))
}

async fn replace(
    organization: &str,
    old: &Invitation,
    again: &InvitationCreate,
    limit: Option<u32>,
) -> Result<Invitation, Failed> {
    match invite(organization, again).await {
        Ok(new) => {
            // A server that keeps both is left with the new one; that it is not gone harms nobody.
            if new.id != old.id {
                let _ = api::revoke_invitation(organization.to_owned(), &old.id).await;
            }
            return Ok(new);
        }
        Err(error) if error.failure == Failure::Conflict => {}
        Err(error) => return Err(Failed::Stands(error)),
    }
    // Over the limit of seats a revoked invitation could not be made anew.
    let count = api::count_everybody(organization.to_owned()).await.ok().and_then(|page| page.total);
    if count.zip(limit).is_some_and(|(count, limit)| count > u64::from(limit)) {
        let sentence = t!("There are more members and invitations than the plan has seats. Free some first.");
        return Err(Failed::Stands(ApiError::new(Failure::Conflict, sentence)));
    }
    let revoked = api::revoke_invitation(organization.to_owned(), &old.id).await;
    revoked.map_err(Failed::Stands)?;
    create(organization, again).await.map_err(|error| Failed::Lost(error, None))
}

/// Makes an invitation, more than once where that can help. A lost answer may have been a success:
/// then the server says that the address is invited, and the list has it.
async fn create(organization: &str, again: &InvitationCreate) -> Result<Invitation, ApiError> {
    let (mut tried, pace) = (0, Pace::new());
    loop {
        tried += 1;
        // The old one is gone: where the server asks to wait, that is waited for.
        match pace.run(|| invite(organization, again)).await {
            Ok(new) => return Ok(new),
            Err(error) if error.failure == Failure::Conflict => {
                let address = [again.email.clone()];
                let there = api::invitations_among(organization.to_owned(), &address).await;
                return there.ok().and_then(|mut there| there.pop()).ok_or(error);
            }
            Err(error) if error.can_retry() && tried < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

async fn invite(organization: &str, again: &InvitationCreate) -> Result<Invitation, ApiError> {
    let mut made = api::invite(organization.to_owned(), std::slice::from_ref(again)).await?;
    made.pop().ok_or_else(|| ApiError::new(Failure::Server, t!("The server did not say what it made.")))
}

thread_local! {
    /// Those who are known to be without an invitation, by organization and address.
    static LOST: ArcRwSignal<Vec<(String, String)>> = ArcRwSignal::new(Vec::new());
}

fn lost() -> ArcRwSignal<Vec<(String, String)>> {
    LOST.with(Clone::clone)
}

fn lose(organization: &str, email: &str) {
    let one = (organization.to_owned(), email.to_owned());
    lost().update(|all| {
        if !all.contains(&one) {
            all.push(one);
        }
    });
}

fn key(organization: &str) -> String {
    format!("atrium.resending.{organization}")
}

/// The invitations of an organization whose new one is not known to stand.
fn kept(organization: &str) -> Vec<InvitationCreate> {
    let json = recall(&key(organization)).and_then(|text| Json::parse(&text)).unwrap_or(Json::Null);
    Vec::<Kept>::from_json(&json).unwrap_or_default().into_iter().map(|kept| kept.0).collect()
}

fn store(organization: &str, list: &[InvitationCreate]) {
    remember(&key(organization), &serde_json::to_string(list).unwrap_or_default());
}

fn keep(organization: &str, one: &InvitationCreate) {
    let mut list = kept(organization);
    list.retain(|old| old.email != one.email);
    list.push(one.clone());
    store(organization, &list);
}

fn forget(organization: &str, email: &str) {
    let mut list = kept(organization);
    list.retain(|old| old.email != email);
    store(organization, &list);
    lost().update(|all| all.retain(|(own, address)| own != organization || address != email));
}

struct Kept(InvitationCreate);

impl FromJson for Kept {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self(InvitationCreate {
            email: json.read("email")?,
            role_id: json.read_or_default("role_id"),
            workspace_ids: json.read_or_default("workspace_ids"),
            workspace_role_id: json.read_or_default("workspace_role_id"),
        }))
    }
}

/// What is left of a resending that a closed page or a lost connection cut off: each can be sent or
/// let go. One whose invitation stands after all is forgotten.
#[component]
pub fn CutOffResends() -> impl IntoView {
    let resend = Resend::here();
    let lost = RwSignal::from(lost());
    // Looked at when the page opens: one that is under way now is not meant.
    let organization = resend.place.organization_id();
    let kept_ones = kept(&organization).into_iter().map(|one| one.email);
    let addresses: Vec<String> = kept_ones.take(api::MOST_ADDRESSES).collect();
    if !addresses.is_empty() {
        spawn(async move {
            let Ok(there) = api::invitations_among(organization.clone(), &addresses).await else { return };
            for address in addresses {
                if there.iter().any(|one| one.email == address) {
                    forget(&organization, &address);
                } else {
                    lose(&organization, &address);
                }
            }
        });
    }
    let keys = derive(move || {
        let organization = resend.place.organization.get();
        let of_here = |(own, _): &&(String, String)| *own == organization;
        lost.with(|all| all.iter().filter(of_here).map(|(_, email)| email.clone()).collect::<Vec<_>>())
    });
    let row = move |email: String| {
        let (of_send, of_drop) = (email.clone(), email.clone());
        let send = Callback::new(move |()| {
            let organization = resend.place.organization_id();
            if let Some(one) = kept(&organization).into_iter().find(|one| one.email == of_send) {
                spawn(async move { _ = resend.restore(one).await });
            }
        });
        let let_go = Callback::new(move |()| forget(&resend.place.organization_id(), &of_drop));
        view! {
            <Banner
                tone=Tone::Warn
                title=t!("The invitation to {email} is not there any more", email)
                text=t!("It was being sent again when the connection was lost. What it gave is kept in this browser.")
            >
                <Button label=t!("Send it") on_press=send />
                <Button label=t!("Let it go") kind=ButtonKind::Quiet on_press=let_go />
            </Banner>
        }
        .into_any()
    };
    keyed(keys, row)
}
