//! The parts of the members table.

mod columns;
mod line;
mod pages;
mod row;
mod why;
mod workspaces;

pub use columns::{Column, Columns, ColumnsMenu, headings};
pub use line::{MemberLine, line_of};
pub use pages::Pages;
pub use row::{RowContext, member_row};
pub use why::WhyAccess;
pub use workspaces::WorkspacesOf;
