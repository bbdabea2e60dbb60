//! State of a page that is kept in the query string: reloaded, shared by link, restored by Back.

use atrium_ui::memo;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::params::ParamsMap;

use crate::{config, paths};

/// One parameter of the query string. Empty is the same as absent.
#[derive(Clone, Copy)]
pub struct AddressState {
    /// The value.
    pub value: Memo<String>,
    /// Replaces the value, without a new entry in the history and without scrolling.
    pub set: Callback<String>,
}

/// The parameter `key` of the current page's address.
pub fn address_state(key: &'static str) -> AddressState {
    let location = use_location();
    // Not use_query_map: below one route for all pages it stays as it was when the route began.
    let map = location.query;
    let navigate = use_navigate();
    let base = config::base_path();
    let value = memo(move || map.with(|map| map.get(key).unwrap_or_default()));
    let set = Callback::new(move |new: String| {
        if value.get_untracked() == new {
            return;
        }
        let mut params: ParamsMap = map.get_untracked();
        if new.is_empty() {
            params.remove(key);
        } else {
            params.replace(key, new);
        }
        let path = location.pathname.get_untracked();
        let target = format!("{}{}", paths::inside(&path, &base), params.to_query_string());
        navigate(&target, NavigateOptions { replace: true, scroll: false, ..Default::default() });
    });
    AddressState { value, set }
}
