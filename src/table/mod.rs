//! The parts of the members table.

mod columns;
mod line;
mod pages;
mod reading;
mod row;
mod selected;
mod selection;
mod why;
mod workspaces;

pub use columns::{Column, Columns, ColumnsMenu, headings};
pub use line::{MemberLine, line_of};
pub use pages::Pages;
pub use reading::{Step, read_all, read_chosen};
pub use row::{RowContext, member_row};
pub use selected::{SelectedMembers, select_all, select_one};
pub use selection::{Chosen, Ids, Selection};
pub use why::WhyAccess;
pub use workspaces::WorkspacesOf;
