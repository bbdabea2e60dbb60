//! Tables.

use leptos::html::Div;
use leptos::prelude::*;

use crate::dom::{Words, true_while};
use crate::{Icon, IconView};

/// A table and the frame it lives in. The header sticks; below 600 px the style sheet turns rows into cards, with
/// each cell's heading taken from its `data-label`. `display` takes a table's meaning away from browsers, so rows
/// and cells name theirs: `role="rowgroup"` on thead and tbody, `row`, `columnheader` and `cell` on tr, th and td.
/// Classes on cells: `actions` (end of the row; beside the name on a card), `selection` (a leading checkbox), `num`.
#[component]
pub fn TableFrame(
    /// The table's name.
    #[prop(into)]
    label: String,
    /// How many rows there are in truth, also where only some are in the page; becomes `aria-rowcount` as it is.
    #[prop(into)]
    row_count: Signal<usize>,
    /// New rows are on their way; the old ones stay, dimmed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Scrolls inside a frame of limited height instead of with the page, as windowing wants it.
    #[prop(optional)]
    bounded: bool,
    /// The frame, for who reads its scroll position.
    #[prop(optional)]
    frame: NodeRef<Div>,
    /// `<thead role="rowgroup">` and `<tbody role="rowgroup">`.
    children: Children,
) -> impl IntoView {
    let rows: Words = Signal::derive(move || Some(row_count.get().to_string()));
    view! {
        <div class="table-frame" class:bounded=bounded node_ref=frame>
            <table
                class="table"
                role="table"
                aria-label=label
                aria-rowcount=rows
                aria-busy=true_while(move || busy.get())
            >
                {children()}
            </table>
        </div>
    }
    .into_any()
}

/// A column's heading that sorts by it.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// Sorted by this column: ascending or not; `None` while sorted by another.
    #[prop(into)]
    sorted: Signal<Option<bool>>,
    /// The user wants this column, or the other direction.
    #[prop(into)]
    on_sort: Callback<()>,
) -> impl IntoView {
    let aria_sort = Signal::derive(move || {
        let word = match sorted.get() {
            Some(true) => "ascending",
            Some(false) => "descending",
            None => "none",
        };
        Some(word.to_owned())
    });
    view! {
        <th role="columnheader" scope="col" aria-sort=aria_sort>
            <button type="button" class="sort" on:click=move |_| on_sort.run(())>
                <span>{label}</span>
                <IconView icon=Icon::ChevronDown />
            </button>
        </th>
    }
    .into_any()
}
