//! The plan and what of it is used, in figures and as a picture.

use atrium_domain::billing::{Facts, Used};
use atrium_ui::{El, derive, el, text, when};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Known;
use crate::components::{day, number};

/// The plan, the seats and the workspaces.
#[component]
pub fn Usage(
    /// What billing tells.
    known: Known,
) -> impl IntoView {
    let plan = move || known.tier.with(|tier| tier.label().to_owned());
    let since = move || {
        let time = known.billing.data.with(|data| {
            let plan = data.as_ref().and_then(|data| data.current_plan.clone());
            plan.map(|plan| (plan.started_on, plan.ends_on))
        });
        match time {
            Some((_, Some(end))) => t!("ends on {day}", day = day(&end)),
            Some((Some(start), None)) => t!("since {day}", day = day(&start)),
            _ => String::new(),
        }
    };
    let count = el("div")
        .class("count")
        .with(el("dt").with(t!("Plan")))
        .with(el("dd").with(text(plan)).with(el("span").class("of").with(" ").with(text(since))));
    el("dl")
        .class("counts")
        .with(count)
        .with(meter(
            [t!("Seats"), t!("Members and open invitations"), t!("Seats used")],
            known.facts,
            |facts| facts.seats,
        ))
        .with(meter(
            [t!("Workspaces"), t!("Everybody's, not only yours"), t!("Workspaces used")],
            known.facts,
            |facts| facts.workspaces,
        ))
        .view()
}

/// What is used of something: the figures, and a bar that is as full. The words are its name, what counts
/// as it, and what the bar is called.
fn meter([name, what, label]: [&'static str; 3], facts: Memo<Facts>, of: fn(&Facts) -> Option<Used>) -> El {
    let used = move || facts.with(of);
    let count = |number_of: u32| number(u64::from(number_of));
    let figure = move || used().map_or_else(|| "–".to_owned(), |used| count(used.used));
    let limit = move || {
        used().map(|used| format!(" {}", t!("of {limit}", limit = count(used.limit)))).unwrap_or_default()
    };
    let words = move || match used() {
        None => String::new(),
        Some(used) if used.is_over() => {
            tn!(used.used - used.limit, "{count} too many", "{count} too many")
        }
        Some(used) => tn!(used.free(), "{count} free", "{count} free"),
    };
    let bar = move || {
        let max = derive(move || used().map(|used| used.limit.max(1).to_string()));
        let value = derive(move || used().map(|used| used.used.min(used.limit.max(1)).to_string()));
        let said = derive(move || {
            let limit = count(used()?.limit);
            Some(t!("{used} of {limit}, {rest}", used = figure(), limit, rest = words()))
        });
        let level = derive(move || {
            let used = used()?;
            let level = if used.is_over() {
                "over"
            } else if used.free() == 0 {
                "full"
            } else {
                "free"
            };
            Some(level.to_owned())
        });
        el("progress")
            .class("meter")
            .attr("aria-label", label)
            .live("max", max)
            .live("value", value)
            .live("aria-valuetext", said)
            .live("data-level", level)
            .view()
    };
    el("div")
        .class("count")
        .with(el("dt").with(name).with(el("span").class("visually-hidden").with(", ").with(what)))
        .with(el("dd").with(text(figure)).with(el("span").class("of").with(text(limit))))
        .with(
            el("dd")
                .class("count-more")
                .with(when(move || used().is_some(), bar))
                .with(el("span").class("muted").with(text(words))),
        )
}
