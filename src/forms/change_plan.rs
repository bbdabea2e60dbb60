//! Another plan: what it costs from now and by the month, what ends, and what would not fit it.

use atrium_domain::Tier;
use atrium_domain::billing::{Facts, Holdings, Part, misfits};
use atrium_domain::plan::monthly_cost;
use atrium_ui::{
    Button, ButtonKind, Dialog, El, InlineError, Messages, all, derive, dynamic, el, memo, optional, spawn,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::{cancel_or, close_unless};
use crate::api::{self, is_lost, not_known_yet, query, surely};
use crate::components::{Link, money, some_of};
use crate::paths::{self, Settings};
use crate::session::{Place, Session, changed};

/// The dialog "Change to PLAN".
#[component]
pub fn ChangePlan(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The present plan.
    from: Memo<Tier>,
    /// The plan that was chosen.
    to: Tier,
    /// What the organization uses.
    facts: Memo<Facts>,
) -> impl IntoView {
    let busy = RwSignal::new(None::<String>);
    let close = close_unless(busy, open);
    let title = t!("Change to {plan}", plan = to.label());
    view! {
        <Dialog title open on_close=close>
            <Question open busy from to=to.clone() facts />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Question(
    open: RwSignal<bool>,
    busy: RwSignal<Option<String>>,
    from: Memo<Tier>,
    to: Tier,
    facts: Memo<Facts>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let error = RwSignal::new(None::<String>);
    let key = StoredValue::new(api::new_key());
    on_cleanup(move || _ = busy.try_set(None));
    let tier = StoredValue::new(to);
    let rbac =
        memo(move || place.info.data.with(|info| info.as_ref().is_some_and(|info| info.config.can_use_rbac)));
    let custom_roles = memo(move || {
        let roles = place.roles.data.get().unwrap_or_default();
        let own = roles.into_iter().filter(|role| rbac.get() && role.is_custom());
        own.map(|role| role.display_name).collect::<Vec<_>>()
    });
    let unfit = memo(move || {
        let used = |used: Option<atrium_domain::billing::Used>| used.map_or(0, |used| u64::from(used.used));
        let has = facts.with(|facts| Holdings {
            seats: used(facts.seats),
            workspaces: used(facts.workspaces),
            custom_roles: custom_roles.get(),
        });
        tier.with_value(|tier| misfits(tier, &has))
    });
    let oldest = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            let over = unfit.with(|unfit| unfit.iter().any(|(part, _)| *part == Part::Seats));
            over.then(|| api::oldest_invitations(place.organization.get()))
        },
    );
    let waiting = memo(move || {
        let open = oldest.data.get().unwrap_or_default();
        open.into_iter().map(|one| one.email).collect::<Vec<_>>()
    });
    let workspaces = memo(move || {
        let all = place.workspaces.data.get().unwrap_or_default();
        all.into_iter().map(|one| one.display_name).collect::<Vec<_>>()
    });
    let too_much = optional(move || {
        let unfit = unfit.get();
        if unfit.is_empty() {
            return None;
        }
        let item = |list: El, (part, sentence): (Part, String)| {
            let (page, words, named) = match part {
                Part::Seats => (
                    Settings::Members,
                    t!("Go to the members"),
                    match waiting.get().as_slice() {
                        [] => String::new(),
                        some => t!("Invitations that wait: {names}.", names = some_of(some)),
                    },
                ),
                Part::Workspaces => (
                    Settings::Workspaces,
                    t!("Go to the workspaces"),
                    t!("They are {names}.", names = some_of(&workspaces.get())),
                ),
                Part::Roles => (Settings::Roles, t!("Go to the roles"), String::new()),
            };
            let to = paths::settings(&place.organization.get(), page);
            list.with(
                el("li")
                    .with(el("p").with(sentence))
                    .with((!named.is_empty()).then(|| el("p").class("muted").with(named)))
                    .with(view! { <Link to class="link">{words}</Link> }),
            )
        };
        let list = unfit.into_iter().fold(el("ul").class("misfits"), item);
        let what = el("h3").attr("id", "misfits").with(t!("What does not fit"));
        Some(el("section").attr("aria-labelledby", "misfits").with(what).with(list).view())
    });
    let ends = optional(move || {
        let terms = tier.with_value(Tier::terms);
        let has = place.info.data.with(|info| info.as_ref().map(|info| info.config.clone()))?;
        let mut lost = Vec::new();
        if has.can_use_rbac && !terms.can_use_rbac {
            lost.push(t!(
                "Everybody in a workspace becomes its Admin: workspace roles do not differ any more."
            ));
        }
        if has.can_use_audit_logs && !terms.can_use_audit_logs {
            lost.push(t!("The audit log goes on, and nobody can read it."));
        }
        if lost.is_empty() {
            return None;
        }
        let list =
            lost.into_iter().fold(el("ul").class("losses"), |list, line| list.with(el("li").with(line)));
        Some(all([el("p").with(t!("What ends:")).view(), list.view()]))
    });
    let cost = dynamic(move || {
        let used = facts.with(|facts| facts.seats.map_or(0, |used| used.used));
        let (to, from) = (tier.get_value(), from.get());
        let fact = |name: &str, value: String| el("div").with(el("dt").with(name)).with(el("dd").with(value));
        let cost = match monthly_cost(&to, used) {
            Some(0) => t!("nothing").to_owned(),
            Some(cost) => money(cost),
            None => t!("as agreed").to_owned(),
        };
        let now = match monthly_cost(&from, used) {
            Some(0) => t!("nothing a month").to_owned(),
            Some(cost) => t!("{sum} a month", sum = money(cost)),
            None => t!("as agreed").to_owned(),
        };
        let seats = tn!(used, "{count} seat", "{count} seats");
        let price = to.terms().price_per_seat.map(|price| money(u64::from(price))).unwrap_or_default();
        el("dl")
            .class("facts cost")
            .with(fact(t!("Today"), t!("{cost}, for the first month", cost)))
            .with(fact(t!("Then, each month"), t!("{cost} ({seats} × {price})", cost, seats, price)))
            .with(fact(&t!("Now, on {plan}", plan = from.label()), now))
            .view()
    });
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        busy.set(Some(t!("Changing the plan").to_owned()));
        let (organization, to) = (place.organization_id(), tier.get_value());
        let name = untrack(|| place.organization_name());
        spawn(async move {
            let sent = key.try_get_value().unwrap_or_default();
            let done = surely(|| api::change_plan(organization.clone(), to.clone(), &sent)).await;
            busy.try_set(None);
            match done {
                Ok(()) => {
                    open.try_set(false);
                    messages.success(t!("{name} is on {plan} now.", name, plan = to.label()));
                    changed(session.changes.organizations);
                    changed(session.changes.organization);
                }
                Err(failed) if is_lost(&failed) => {
                    error.try_set(Some(not_known_yet(t!("the plan was changed"))));
                }
                Err(failed) => {
                    let _ = key.try_set_value(api::new_key());
                    let stays = t!("The plan is what it was.");
                    error.try_set(Some(format!("{} {stays}", failed.sentence)));
                    // Somebody else may have added what does not fit.
                    changed(session.changes.organization);
                }
            }
        });
    });
    let reason = derive(move || {
        let count = unfit.with(Vec::len);
        (count > 0).then(|| {
            tn!(
                count,
                "{count} thing does not fit this plan yet.",
                "{count} things do not fit this plan yet."
            )
        })
    });
    let cancel = close_unless(busy, open);
    let act = view! {
        <Button label=t!("Change plan") kind=ButtonKind::Primary disabled_reason=reason busy=busy on_press=act />
    };
    all([
        cost,
        ends,
        too_much,
        view! { <InlineError text=error /> }.into_any(),
        cancel_or(cancel, true, act.into_any()),
    ])
}
