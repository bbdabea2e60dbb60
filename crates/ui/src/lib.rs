//! Atrium's building blocks: what can be pressed, typed into, opened and read, with the roles, names and
//! keyboard behaviour of the ARIA Authoring Practices. They know neither the app's addresses nor its API.
//!
//! Three habits keep them small once compiled: props are concrete types, so that a component is compiled once;
//! what changes in an attribute is always [`Signal<Option<String>>`](leptos::prelude::Signal); and views are made
//! with [`el`], behind one type.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod avatar;
mod badge;
mod button;
mod checkbox;
mod chips;
mod copy;
mod dialog;
mod dom;
mod field;
mod group;
mod header;
mod icon;
mod lean;
mod list;
mod messages;
mod node;
mod picker;
mod popover;
mod select;
mod sentence;
mod state;
mod steps;
mod table;
mod tabs;
mod toggle;
mod tooltip;
mod windowed;

pub use avatar::Avatar;
pub use badge::{Badge, Status, Tone};
pub use button::{Button, ButtonKind};
pub use checkbox::Checkbox;
pub use chips::{Chip, ChipsField};
pub use copy::{CopyButton, copy_text};
pub use dialog::{Dialog, DialogActions, DialogKind, is_dialog_open, start_dialog};
pub use dom::{
    HEADING, focus, focus_first_error, is_focus_lost, is_right_to_left, key_along, lower, mend_focus, next_id,
};
pub use field::{FieldKind, TextField};
pub use group::Group;
pub use header::PageHeader;
pub use icon::{Icon, IconView};
pub use lean::{derive, dynamic, effect, memo, optional, spawn, when};
pub use list::keyed;
pub use messages::{MessageRegion, Messages};
pub use node::{El, Part, Text, all, el, text};
pub use picker::{Picker, PickerItem};
pub use popover::PopoverButton;
pub use select::{Select, SelectOption};
pub use sentence::sentence;
pub use state::{Banner, EmptyState, InlineError, Skeleton, Spinner};
pub use steps::Steps;
pub use table::{SortHeader, TableFrame, cell, heading_row, table_parts};
pub use tabs::{Tab, Tabs};
pub use toggle::ToggleGroup;
pub use windowed::{Pick, Rows, WindowedTable};
