//! Who is asking: passwords, sessions, and what a caller may do where.

pub mod access;
pub mod admission;
pub mod attempts;
pub mod keys;
pub mod passwords;
pub mod sessions;
mod window;
