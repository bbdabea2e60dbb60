//! What a list is searched for and which page of it shows, both in the address.

use atrium_ui::{El, FieldKind, TextField, effect, el};
use leptos::prelude::*;

use super::{AddressState, PageState, address_state};

/// Search and page of a list.
#[derive(Clone, Copy)]
pub struct Listing {
    /// What is typed into the search; the address follows.
    pub typed: RwSignal<String>,
    /// The page.
    pub page: PageState,
    search: AddressState,
    page_in_address: AddressState,
}

impl Listing {
    /// What the address asks for: `q` and `page`.
    pub fn read() -> Self {
        let (search, page_in_address) = (address_state("q"), address_state("page"));
        let typed = RwSignal::new(search.value.get_untracked());
        // Back and a link set the field; typing sets the address.
        effect(move || {
            let value = search.value.get();
            if typed.with_untracked(|typed| typed.trim() != value) {
                typed.set(value);
            }
        });
        Self { typed, page: PageState::of_address(page_in_address), search, page_in_address }
    }

    /// What is searched for. Reads a signal.
    pub fn text(self) -> String {
        self.typed.with(|typed| typed.trim().to_owned())
    }

    /// Whether everything is wanted. Reads a signal.
    pub fn is_all(self) -> bool {
        self.typed.with(|typed| typed.trim().is_empty())
    }

    /// Back to the first page.
    pub fn restart(self) {
        self.page_in_address.set.run(String::new());
    }

    /// Searches for something else, from the first page on.
    pub fn search(self, text: &str) {
        self.restart();
        self.search.set.run(text.trim().to_owned());
    }

    /// Shows everything again.
    pub fn clear(self) {
        self.typed.set(String::new());
        self.search("");
    }

    /// The field "Search …".
    pub fn field(self, label: &'static str) -> El {
        let on_input = Callback::new(move |text: String| self.search(&text));
        el("span").class("toolbar-search").with(view! {
            <TextField
                label
                hide_label=true
                placeholder=label
                kind=FieldKind::Search
                value=self.typed
                on_input
            />
        })
    }

    /// Goes back from a page that is there no more, as when somebody else made the list shorter: to the last
    /// one, by its number from 0, where that is known.
    pub fn stay_within(self, last: impl Fn() -> Option<usize> + 'static) {
        effect(move || {
            let now = self.page.value.get();
            if let Some(last) = last()
                && now > last
            {
                self.page.set.run(last);
            }
        });
    }

    /// The same where only the answer tells that a page has nobody on it: a page back at a time.
    pub fn stay_inside(self, loading: RwSignal<bool>, is_past_the_end: impl Fn() -> bool + 'static) {
        // An answer is about the page that was asked for. Until the next question is on its way, it is about
        // the page before, and says nothing of this one.
        let asked = StoredValue::new(false);
        effect(move || {
            let now = self.page.value.get();
            if loading.get() {
                asked.set_value(true);
            } else if now > 0 && asked.get_value() && is_past_the_end() {
                asked.set_value(false);
                self.page.set.run(now - 1);
            }
        });
    }
}

/// The last page, from 0, of a list of so many rows.
pub fn last_page(rows: usize, size: usize) -> usize {
    rows.saturating_sub(1) / size
}
