//! Parts that know the app's data.

mod address;
mod dialog_about;
mod failure;
mod invitations;
mod link;
mod organization_id;
mod organizations_drawer;
mod page_title;
mod paged_people;
mod people_count;
mod permissions;
mod progress;
mod sign_in_again;
mod sign_in_form;
mod some_of;
mod time;
mod ways;

pub use address::{AddressState, address_state};
pub use dialog_about::dialog_about;
pub use failure::{FailurePage, Loaded, Shown};
pub use invitations::WaitingInvitations;
pub use link::{Link, current_path};
pub use organization_id::OrganizationIdButton;
pub use organizations_drawer::{Discard, Drawer, OrganizationsDrawer};
pub use page_title::PageTitle;
pub use paged_people::{PageState, PagedPeople, person_cell};
pub use people_count::PeopleCount;
pub use permissions::{Permissions, count_of, grouped};
pub use progress::{Progress, progress_bar};
pub use sign_in_again::SignInAgain;
pub use sign_in_form::SignInForm;
pub use some_of::some_of;
pub use time::{ago, day, money, number};
pub use ways::{Explaining, way_of, way_word};
