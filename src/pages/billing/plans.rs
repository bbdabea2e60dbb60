//! The plans side by side.

use atrium_domain::plan::Terms;
use atrium_domain::{Action, Tier};
use atrium_ui::{
    Badge, Button, ButtonKind, El, Icon, IconView, Tone, all, derive, dynamic, el, lower, memo, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::{Known, Open};
use crate::components::money;
use crate::config;
use crate::session::{Place, Session};

/// The plans that are shown, the smallest first, whatever the present one.
const OFFERED: [Tier; 4] = [Tier::Developer, Tier::Plus, Tier::Startup, Tier::Enterprise];

/// The region "Plans": each with its price, what it has and what it adds, the present one marked.
#[component]
pub fn Plans(
    /// What billing tells.
    known: Known,
    /// What a press opens.
    open: Open,
) -> impl IntoView {
    let session = Session::current();
    let is_test = move || session.info.with(|info| info.instance_flags.billing.as_deref() == Some("test"));
    let label = memo(move || known.tier.with(|tier| tier.label().to_owned()));
    let list = move || {
        let now = label.get();
        let current = known.tier.get_untracked();
        let mut tiers = OFFERED.to_vec();
        // A plan that is not sold any more, or that this version does not know, stands with the others.
        if current != Tier::NoPlan && tiers.iter().all(|tier| tier.label() != now) {
            tiers.insert(0, current.clone());
        }
        let list = tiers.into_iter().fold(el("div").class("plan-list"), |list, tier| {
            let is_current = tier.label() == now;
            let terms = if is_current { terms_of(known, &tier) } else { tier.terms() };
            list.with(plan(&tier, terms, is_current, known, open))
        });
        list.view()
    };
    let test =
        || el("p").class("muted").with(t!("This installation uses test billing: nobody is charged.")).view();
    el("section")
        .class("plans")
        .attr("aria-labelledby", "plans")
        .with(el("h2").attr("id", "plans").with(t!("Plans")))
        .with(dynamic(list))
        .with(when(is_test, test))
        .view()
}

/// What the present plan gives here, as the backend says; another one may have other figures.
fn terms_of(known: Known, tier: &Tier) -> Terms {
    let told = known.billing.data.with_untracked(|data| data.as_ref().map(|data| data.config.clone()));
    match told {
        None => tier.terms(),
        Some(config) => Terms {
            max_identities: config.max_identities,
            max_workspaces: config.max_workspaces,
            can_use_rbac: config.can_use_rbac,
            can_use_audit_logs: config.can_use_audit_logs,
            price_per_seat: tier.terms().price_per_seat,
        },
    }
}

fn plan(tier: &Tier, terms: Terms, is_current: bool, known: Known, open: Open) -> El {
    let name = tier.label().to_owned();
    let id = format!("plan-{}", lower(&name).replace(' ', "-"));
    let point = |list: El, point: String| {
        list.with(el("li").with(view! { <IconView icon=Icon::Check /> }).with(point))
    };
    let (price, unit) = match terms.price_per_seat {
        Some(0) => (t!("Free").to_owned(), ""),
        Some(price) => (money(u64::from(price)), t!("a seat and month")),
        None => (t!("By agreement").to_owned(), ""),
    };
    let badge = is_current.then(|| view! { <Badge text=t!("Current plan") tone=Tone::Good /> });
    el("article")
        .class(if is_current { "plan is-current" } else { "plan" })
        .attr("aria-labelledby", &id)
        .with(el("div").class("plan-head").with(el("h3").attr("id", &id).with(&name)).with(badge))
        .with(
            el("p")
                .class("plan-price")
                .with(el("strong").with(price))
                .with(" ")
                .with(el("span").class("muted").with(unit)),
        )
        .with(points(tier, terms).into_iter().fold(el("ul").class("plan-points"), point))
        .with(el("div").class("plan-foot").with(act(tier, is_current, known, open)))
}

/// Whether a plan with so many of something has just that, or it is a limit that one can come to.
const fn is_plain(count: u32) -> bool {
    matches!(count, 1 | 1_000..)
}

fn seats(count: u32) -> String {
    if is_plain(count) {
        tn!(count, "{count} seat", "{count} seats")
    } else {
        tn!(count, "Up to {count} seat", "Up to {count} seats")
    }
}

fn workspaces(count: u32) -> String {
    if is_plain(count) {
        tn!(count, "{count} workspace", "{count} workspaces")
    } else {
        tn!(count, "Up to {count} workspace", "Up to {count} workspaces")
    }
}

/// What a plan has, and what it adds to the one before.
fn points(tier: &Tier, terms: Terms) -> Vec<String> {
    let mut points = vec![seats(terms.max_identities), workspaces(terms.max_workspaces)];
    let adds = match tier {
        Tier::Plus | Tier::Plus2026 | Tier::PlusLegacy => {
            vec![t!("Invite people"), t!("Organization roles that differ")]
        }
        Tier::Startup | Tier::StartupV0 | Tier::Partner => vec![t!("Everything in Plus, with more seats")],
        _ if terms.can_use_rbac => {
            vec![t!("Workspace roles that differ"), t!("Custom roles, permission by permission")]
        }
        Tier::Developer | Tier::Developer2026 | Tier::DeveloperLegacy => vec![t!("For yourself alone")],
        _ => Vec::new(),
    };
    points.extend(adds.into_iter().map(str::to_owned));
    if terms.can_use_audit_logs {
        points.push(t!("Audit log").to_owned());
    }
    points
}

/// The button of a plan, the way to people, or why there is neither.
fn act(tier: &Tier, is_current: bool, known: Known, open: Open) -> AnyView {
    let place = Place::current();
    if is_current {
        return ().into_any();
    }
    let note = |words: &str| el("span").class("plan-note muted").with(words).view();
    match tier {
        Tier::Developer => note(t!("Every personal organization is on it. A shared one cannot be.")),
        Tier::Enterprise => contact(t!("Contact sales")),
        Tier::Startup => contact(t!("Apply for it")),
        tier if tier.is_self_service() => {
            let session = Session::current();
            let reason = derive(move || {
                let unknown = session.info.with(|info| info.instance_flags.billing.is_none());
                let why = t!(
                    "This server does not say how it takes cards. Ask whoever runs it to change the plan."
                );
                place.why_not(&Action::ManageBilling).or_else(|| unknown.then(|| why.to_owned()))
            });
            let pending = known.tier.get_untracked() == Tier::NoPlan;
            let label = if pending {
                t!("Subscribe").to_owned()
            } else {
                t!("Change to {plan}", plan = tier.label())
            };
            // Without a card there is one to add first; that is what setting up is for.
            let has_card = move || {
                known
                    .billing
                    .data
                    .with_untracked(|data| data.as_ref().is_some_and(|data| data.payment_method.is_some()))
            };
            let press = Callback::new(move |()| {
                let dialog = if pending || !has_card() { open.set_up } else { open.change };
                dialog.set(true);
            });
            let kind = if pending { ButtonKind::Primary } else { ButtonKind::Secondary };
            view! { <Button label kind block=true disabled_reason=reason on_press=press /> }.into_any()
        }
        _ => ().into_any(),
    }
}

/// A link to whoever sells what people agree on.
fn contact(words: &'static str) -> AnyView {
    match config::contact() {
        Some(address) => all([el("a")
            .class("button secondary block")
            .attr("href", &address)
            .attr_if("target", address.starts_with("https").then_some("_blank"))
            .attr("rel", "noopener")
            .with(el("span").class("button-face").with(el("span").class("button-label").with(words)))
            .view()]),
        None => el("span")
            .class("plan-note muted")
            .with(t!("Sold by people. Ask the operator of this installation for it."))
            .view(),
    }
}
