//! What exports share: the file in the making, the choice of its form, and the way to stop.

use atrium_ui::{Button, ButtonKind, DialogActions, Icon, all};
use atrium_words::t;
use leptos::prelude::*;

use crate::api::Pace;
use crate::components::{Progress, progress_bar};
use crate::download;

/// In which form a list is saved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// For programs: an array.
    Json,
}

/// A file in the making, row by row.
pub struct File {
    format: Format,
    name: &'static str,
    head: fn() -> String,
    text: String,
    /// How many rows are in it.
    pub rows: usize,
}

impl File {
    /// An empty one. `name` is without its ending, `head` the first line of the CSV.
    pub fn new(format: Format, name: &'static str, head: fn() -> String) -> Self {
        let mut file = Self { format, name, head, text: String::new(), rows: 0 };
        file.begin();
        file
    }

    /// Throws away what is in it.
    pub fn begin(&mut self) {
        self.rows = 0;
        self.text = match self.format {
            Format::Csv => (self.head)(),
            Format::Json => "[".to_owned(),
        };
    }

    /// Adds a row, which is written in either form.
    pub fn add(&mut self, csv: impl FnOnce(&mut String), json: impl FnOnce(&mut String)) {
        match self.format {
            Format::Csv => csv(&mut self.text),
            Format::Json => {
                self.text.push_str(if self.rows == 0 { "\n" } else { ",\n" });
                json(&mut self.text);
            }
        }
        self.rows += 1;
    }

    /// Has the browser save it, and gives its name.
    pub fn save(mut self) -> String {
        let (ending, kind) = match self.format {
            Format::Csv => ("csv", "text/csv;charset=utf-8"),
            Format::Json => ("json", "application/json"),
        };
        if self.format == Format::Json {
            self.text.push_str("\n]\n");
        }
        let name = format!("{}.{ending}", self.name);
        download::save(&name, kind, &self.text);
        name
    }
}

/// The buttons that begin: one a form, and "Cancel".
pub fn choose_format(open: RwSignal<bool>, begin: Callback<Format>) -> AnyView {
    let close = Callback::new(move |()| open.set(false));
    let button = |label: &'static str, format: Format, kind: ButtonKind| {
        let press = Callback::new(move |()| begin.run(format));
        let autofocus = format == Format::Csv;
        view! { <Button label kind icon=Icon::Download autofocus on_press=press /> }.into_any()
    };
    let buttons = all([
        view! { <Button label=t!("Cancel") on_press=close /> }.into_any(),
        button(t!("Export as JSON"), Format::Json, ButtonKind::Secondary),
        button(t!("Export as CSV"), Format::Csv, ButtonKind::Primary),
    ]);
    view! { <DialogActions>{buttons}</DialogActions> }.into_any()
}

/// How far it is, and the way to stop. `label` says what is read.
pub fn while_reading(label: &'static str, progress: Progress, pace: Pace) -> AnyView {
    let stop = Callback::new(move |()| pace.stop());
    let cancel = view! { <Button label=t!("Cancel") autofocus=true on_press=stop /> }.into_any();
    all([progress_bar(label, progress, pace), view! { <DialogActions>{cancel}</DialogActions> }.into_any()])
}
