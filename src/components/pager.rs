//! Which page of a list shows, and the way to the others.

use atrium_ui::{Button, ButtonKind, Icon, derive, el, text, when};
use atrium_words::t;
use leptos::prelude::*;

use super::{AddressState, number};

/// Which page shows, from 0.
#[derive(Clone, Copy)]
pub struct PageState {
    /// The page.
    pub value: Signal<usize>,
    /// Shows another one.
    pub set: Callback<usize>,
}

impl PageState {
    /// A page that is kept as long as it is shown.
    pub fn local() -> Self {
        let page = RwSignal::new(0);
        Self { value: page.into(), set: Callback::new(move |new| page.set(new)) }
    }

    /// A page that is kept in the address, where people count from 1 and the first is not named.
    pub fn of_address(page: AddressState) -> Self {
        Self {
            value: derive(move || {
                page.value.with(|page| page.parse::<usize>().unwrap_or(1).saturating_sub(1))
            }),
            set: Callback::new(move |new: usize| {
                page.set.run(if new == 0 { String::new() } else { (new + 1).to_string() });
            }),
        }
    }
}

/// The way to the next page and to the one before, where there are several: `size` is how many rows a
/// page has, `length` how many are on this one, `total` how many there are where that is known, `more`
/// whether another page follows.
pub fn pager(
    page: PageState,
    size: usize,
    length: Signal<usize>,
    total: Signal<Option<u64>>,
    more: Signal<bool>,
) -> AnyView {
    let several = move || page.value.get() > 0 || more.get();
    let back = Callback::new(move |()| page.set.run(page.value.get_untracked().saturating_sub(1)));
    let on = Callback::new(move |()| page.set.run(page.value.get_untracked() + 1));
    let first = derive(move || (page.value.get() == 0).then(|| t!("This is the first page.").to_owned()));
    let final_one = derive(move || (!more.get()).then(|| t!("This is the last page.").to_owned()));
    let range = move || {
        let from = page.value.get() * size;
        let to = from + length.get();
        let (from, to) = (number(from as u64 + 1), number(to as u64));
        match total.get() {
            Some(total) => t!("{from}–{to} of {total}", from, to, total = number(total)),
            None => format!("{from}–{to}"),
        }
    };
    when(several, move || {
        el("nav")
            .class("pager")
            .attr("aria-label", t!("Pages"))
            .with(view! {
                <Button label=t!("Previous") icon=Icon::ChevronLeft kind=ButtonKind::Quiet disabled_reason=first on_press=back />
            })
            .with(el("span").class("pager-range").with(text(range)))
            .with(view! {
                <Button label=t!("Next") icon=Icon::ChevronRight kind=ButtonKind::Quiet disabled_reason=final_one on_press=on />
            })
            .view()
    })
}
