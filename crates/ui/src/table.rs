//! Tables.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::node_ref::NodeRefContainer;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::dom::{find, focus, heading, is_focus_lost, true_while};
use crate::icon::draw;
use crate::{El, Icon, all, derive, effect, el};

/// A table and the frame it lives in. The header sticks; below 720 px the style sheet turns rows into cards, with
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
    busy: Option<Signal<bool>>,
    /// Scrolls inside a frame of limited height instead of with the page, as windowing wants it.
    #[prop(optional)]
    bounded: bool,
    /// The frame, for who reads its scroll position.
    #[prop(optional)]
    frame: Option<NodeRef<Div>>,
    /// `<thead role="rowgroup">` and `<tbody role="rowgroup">`, as [`table_parts`] makes them.
    children: Children,
) -> impl IntoView {
    let table = el("table")
        .class("table")
        .attr("role", "table")
        .attr("aria-label", &label)
        .live("aria-rowcount", derive(move || Some(row_count.get().to_string())))
        .live_if("aria-busy", busy.map(|busy| true_while(move || busy.get())))
        .with(children());
    let table = keep_focus(table, row_count);
    let view = el("div").class(if bounded { "table-frame bounded" } else { "table-frame" }).with(table);
    if let Some(frame) = frame {
        frame.load(view.node());
    }
    view.view()
}

/// A row that goes with the focus in it hands it on: to the row that takes its place, else to the page's heading.
/// Left alone the focus would be nowhere, and the keyboard would begin at the top of the page again.
fn keep_focus(table: El, row_count: Signal<usize>) -> El {
    let row_with_focus = StoredValue::new_local(None::<usize>);
    let element = table.node().clone();
    let table = table.on("focusin", move |event| row_with_focus.set_value(row_of(&event))).on(
        "focusout",
        move |event| {
            // Of an element that is on its way out of the page nothing is to be forgotten.
            let left: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
            request_animation_frame(move || {
                if left.is_some_and(|left| left.is_connected() && !has_focus(&left)) {
                    let _ = row_with_focus.try_set_value(None);
                }
            });
        },
    );
    effect(move || {
        row_count.track();
        let element = element.clone();
        request_animation_frame(move || {
            let lost = is_focus_lost();
            let Some(index) = row_with_focus.try_get_value().flatten().filter(|_| lost) else { return };
            let rows = element.query_selector_all("tbody > tr").ok();
            let row = rows
                .and_then(|rows| rows.item(u32::try_from(index).ok()?.min(rows.length().checked_sub(1)?)));
            let row = row.and_then(|row| row.dyn_into::<Element>().ok());
            let next = row.and_then(|row| find(&row, ".actions button, button, a[href]"));
            next.or_else(heading).iter().for_each(focus);
        });
    });
    table
}

fn has_focus(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

/// The place among the rows of the one that an event happened in.
fn row_of(event: &Event) -> Option<usize> {
    let element: Element = event.target()?.dyn_into().ok()?;
    let mut row = element.closest("tbody > tr").ok().flatten()?;
    let mut index = 0;
    while let Some(before) = row.previous_element_sibling() {
        row = before;
        index += 1;
    }
    Some(index)
}

/// What a [`TableFrame`] holds: the row of headings, and below it the others.
pub fn table_parts(headings: El, rows: AnyView) -> AnyView {
    let group = |tag: &str| el(tag).attr("role", "rowgroup");
    all([group("thead").with(headings).view(), group("tbody").with(rows).view()])
}

/// The row of a table's headings. With each name comes the class of its column, empty where it has none.
pub fn heading_row(columns: &[(&str, &str)]) -> El {
    columns.iter().fold(el("tr").attr("role", "row"), |row, (name, class)| {
        let class = (!class.is_empty()).then_some(*class);
        row.with(
            el("th").attr("role", "columnheader").attr("scope", "col").attr_if("class", class).with(*name),
        )
    })
}

/// A cell of a row; on a card its heading stands beside it.
pub fn cell(heading: &str) -> El {
    el("td").attr("role", "cell").attr("data-label", heading)
}

/// A column's heading that sorts by it.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// The column's word, for `data-column`.
    column: &'static str,
    /// Sorted by this column: ascending or not; `None` while sorted by another.
    #[prop(into)]
    sorted: Signal<Option<bool>>,
    /// The user wants this column, or the other direction.
    #[prop(into)]
    on_sort: Callback<()>,
) -> impl IntoView {
    let aria_sort = derive(move || {
        let word = match sorted.get() {
            Some(true) => "ascending",
            Some(false) => "descending",
            None => "none",
        };
        Some(word.to_owned())
    });
    el("th")
        .attr("role", "columnheader")
        .attr("scope", "col")
        .attr("data-column", column)
        .live("aria-sort", aria_sort)
        .with(
            el("button")
                .attr("type", "button")
                .class("sort")
                .on("click", move |_| on_sort.run(()))
                .with(el("span").with(&label))
                .with(draw(Icon::ChevronDown)),
        )
        .view()
}
