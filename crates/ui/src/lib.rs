//! Atrium's building blocks: what can be pressed, typed into, opened and read, with the roles, names and
//! keyboard behaviour of the ARIA Authoring Practices. They know neither the app's addresses nor its API.
//!
//! Three habits keep them small once compiled: props are concrete types, so that a component is compiled once;
//! reactive attributes are all [`Signal<Option<String>>`](leptos::prelude::Signal), so that they share their code;
//! and every view is type-erased where it leaves its component.

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
mod picker;
mod select;
mod state;
mod steps;
mod table;
mod tabs;
mod toggle;
mod tooltip;

pub use avatar::Avatar;
pub use badge::{Badge, Status, Tone};
pub use button::{Button, ButtonKind};
pub use checkbox::Checkbox;
pub use chips::{Chip, ChipsField};
pub use copy::CopyButton;
pub use dialog::{Dialog, DialogActions, DialogKind};
pub use dom::focus_first_error;
pub use field::{FieldKind, TextField};
pub use group::Group;
pub use header::PageHeader;
pub use icon::{Icon, IconView};
pub use lean::{dynamic, effect, memo, optional, spawn, text, when};
pub use list::KeyedList;
pub use messages::{MessageRegion, Messages};
pub use picker::{Picker, PickerItem};
pub use select::{Select, SelectOption};
pub use state::{Banner, EmptyState, InlineError, Skeleton, Spinner};
pub use steps::Steps;
pub use table::{SortHeader, TableFrame};
pub use tabs::{Tab, Tabs};
pub use toggle::ToggleGroup;
