//! The columns of the members table: which there are, how wide, and which of them are shown.

use atrium_ui::{Checkbox, El, Group, Icon, PopoverButton, SortHeader, all, derive, dynamic, el, memo};
use atrium_words::t;
use leptos::prelude::*;

use super::{Selection, select_all};
use crate::api::SortBy;
use crate::language;
use crate::session::{recall, remember};

/// Where the hidden columns are kept.
const KEY: &str = "atrium.members.hidden";

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Address, name and avatar.
    Email,
    /// Active, invited or disabled.
    Status,
    /// The organization role.
    Role,
    /// The workspaces.
    Workspaces,
    /// When the person joined or was invited.
    Joined,
    /// What can be done.
    Actions,
}

impl Column {
    const ALL: [Self; 6] =
        [Self::Email, Self::Status, Self::Role, Self::Workspaces, Self::Joined, Self::Actions];
    /// Those that can be hidden.
    const OPTIONAL: [Self; 4] = [Self::Status, Self::Role, Self::Workspaces, Self::Joined];

    /// Its heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Email => t!("Email"),
            Self::Status => t!("Status"),
            Self::Role => t!("Role"),
            Self::Workspaces => t!("Workspaces"),
            Self::Joined => t!("Joined"),
            Self::Actions => t!("Actions"),
        }
    }

    /// Its word in what is kept, and in `data-column`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Status => "status",
            Self::Role => "role",
            Self::Workspaces => "workspaces",
            Self::Joined => "joined",
            Self::Actions => "actions",
        }
    }

    /// What the table is sorted by where its heading is pressed.
    const fn sort(self) -> Option<SortBy> {
        match self {
            Self::Email => Some(SortBy::Email),
            Self::Status => Some(SortBy::Status),
            Self::Role => Some(SortBy::Role),
            Self::Joined => Some(SortBy::CreatedAt),
            Self::Workspaces => Some(SortBy::Workspaces),
            Self::Actions => None,
        }
    }

    /// Its part of `grid-template-columns`. English is short, above all for roles.
    fn width(self) -> &'static str {
        let short = language::current() == "en";
        match self {
            Self::Email => "minmax(0, 2.4fr)",
            Self::Status => "6.5rem",
            Self::Role if short => "minmax(0, 1.7fr)",
            Self::Role => "minmax(0, 2.3fr)",
            Self::Workspaces => "minmax(0, 1.3fr)",
            Self::Joined if short => "8.25rem",
            Self::Joined => "9.25rem",
            Self::Actions => "var(--row-end)",
        }
    }
}

/// Which columns are hidden.
#[derive(Clone, Copy)]
pub struct Columns {
    hidden: RwSignal<Vec<Column>>,
}

impl Columns {
    /// Those that were chosen in this browser.
    pub fn recalled() -> Self {
        let kept = recall(KEY).unwrap_or_default();
        let hidden =
            Column::OPTIONAL.into_iter().filter(|one| kept.split(' ').any(|word| word == one.word()));
        Self { hidden: RwSignal::new(hidden.collect()) }
    }

    fn shows(self, column: Column) -> bool {
        self.hidden.with(|hidden| !hidden.contains(&column))
    }

    fn show(self, column: Column, on: bool) {
        self.hidden.update(|hidden| {
            hidden.retain(|one| *one != column);
            if !on {
                hidden.push(column);
            }
        });
        remember(KEY, &untrack(|| self.words()));
    }

    /// The words of those that are hidden.
    fn words(self) -> String {
        self.hidden.with(|hidden| hidden.iter().map(|one| one.word()).collect::<Vec<_>>().join(" "))
    }

    /// The words of those that are hidden, as a signal.
    pub fn hidden(self) -> Signal<String> {
        memo(move || self.words()).into()
    }

    /// How wide those are that show.
    pub fn widths(self) -> Signal<String> {
        let widths = move || {
            let shown = Column::ALL.into_iter().filter(|one| self.shows(*one));
            // The selection comes first and is never hidden.
            std::iter::once("var(--row-start)").chain(shown.map(Column::width)).collect::<Vec<_>>().join(" ")
        };
        memo(widths).into()
    }
}

/// The row of headings. Those that the table can be sorted by are buttons.
pub fn headings(
    sort: Memo<Option<(SortBy, bool)>>,
    can_sort: Callback<SortBy, bool>,
    on_sort: Callback<SortBy>,
    selection: Selection,
) -> El {
    let heading = move |column: Column| {
        let plain = move || {
            el("th")
                .attr("role", "columnheader")
                .attr("scope", "col")
                .attr("data-column", column.word())
                .with(el("span").class("cell-text").with(column.label()))
                .view()
        };
        let Some(by) = column.sort() else { return plain() };
        let sortable = memo(move || can_sort.run(by));
        let sorted = derive(move || {
            sort.get().filter(|(current, _)| *current == by).map(|(_, descending)| !descending)
        });
        let press = Callback::new(move |()| on_sort.run(by));
        dynamic(move || {
            if !sortable.get() {
                return plain();
            }
            view! { <SortHeader label=column.label() column=column.word() sorted on_sort=press /> }.into_any()
        })
    };
    let row = el("tr").attr("role", "row").attr("data-sort-by", t!("Sort by")).with(select_all(selection));
    Column::ALL.into_iter().fold(row, |row, column| row.with(heading(column)))
}

/// The button "Columns", with a checkbox for each that can be hidden.
#[component]
pub fn ColumnsMenu(columns: Columns) -> impl IntoView {
    let boxes = move || {
        let one = move |column: Column| {
            let checked = derive(move || columns.shows(column));
            let on_change = Callback::new(move |on| columns.show(column, on));
            view! { <Checkbox label=column.label() checked on_change /> }.into_any()
        };
        view! { <Group legend=t!("Columns")>{all(Column::OPTIONAL.map(one))}</Group> }
    };
    view! { <PopoverButton label=t!("Columns") icon=Icon::Columns>{boxes()}</PopoverButton> }.into_any()
}
